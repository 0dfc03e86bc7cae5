//! Who may pass: the credentials of the generation, and how many requests it allows.

use std::time::SystemTime;

use super::super::http::{Answer, Request};
use super::super::options::Generation;
use super::super::site::Site;
use super::rate::{Left, MINUTE};
use super::refusal::Refusal;
use super::world::World;
use super::{signature, token};
use crate::types::time;

/// Whether the sandbox speaks the newer generation.
pub fn is_newer(site: &Site<'_>) -> bool {
    site.options.generation != Generation::Token
}

/// Answers as `inside` does, if the credentials are good and there are not too many requests. The newer generation says
/// on every answer how many are left, the older one only when none is.
pub fn pass(
    world: &World,
    request: &Request,
    site: &Site<'_>,
    inside: impl FnOnce() -> Result<Answer, Refusal>,
) -> Result<Answer, Refusal> {
    let is_newer = is_newer(site);
    if is_newer {
        signature::verify(request, SystemTime::now())?;
    } else {
        token::check(world, request)?;
    }
    let left = if site.options.throttle { world.rate.take(time::now()) } else { Left::ENOUGH };
    let result = if left.is_allowed { inside() } else { Err(too_many(&left, is_newer)) };
    match is_newer {
        true => Ok(counted(result.unwrap_or_else(|refusal| refusal.answer()), &left)),
        false => result,
    }
}

fn too_many(left: &Left, is_newer: bool) -> Refusal {
    if is_newer {
        return Refusal::application(429, "API rate limit exceeded");
    }
    let messages = [
        format!("rate_limit_limit: {MINUTE}"),
        format!("rate_limit_remaining: {}", left.remaining),
        format!("rate_limit_reset: {}", left.reset),
    ];
    Refusal::several(429, messages.into())
}

fn counted(answer: Answer, left: &Left) -> Answer {
    answer
        .with("X-RateLimit-Limit", MINUTE.to_string())
        .with("X-RateLimit-Remaining", left.remaining.to_string())
        .with("X-RateLimit-Reset", left.reset.to_string())
}
