//! Meta's Graph API, as far as a Page token and the webhook of a Page need it: one app, one person, their Pages.
//!
//! ```text
//! version        which version serves a call
//! call           one call, however it was written
//! token          which tokens there are, and what each is
//! nodes fields   who a token belongs to, and the Pages of a person
//! subscriptions  the two halves of a webhook
//!   handshake    the call that Meta makes to a callback
//! refusal        errors: code, subcode, trace
//! world          what is remembered
//! ```

mod call;
mod fields;
mod handshake;
mod nodes;
mod refusal;
mod subscriptions;
#[cfg(test)]
mod tests;
mod token;
mod version;
mod world;

use serde_json::json;
use url::Url;

use self::call::Call;
pub use self::handshake::Met;
use self::refusal::Refusal;
pub use self::token::{Owner, PAGE_TOKEN, Token};
pub use self::world::{APP_ID, APP_NAME, APP_SECRET, World};
use super::description::described;
use super::http::{Answer, Request};
use super::site::Site;
use crate::types::time;

/// What answers a callback at this sandbox itself.
pub type Own<'a> = &'a dyn Fn(&Url) -> Met;

/// Where a call came in.
struct Here<'a> {
    origin: &'a str,
    /// Which version serves it.
    version: String,
    /// Behind the version: `/me/accounts`.
    path: String,
    own: Own<'a>,
    /// Whether a rate limit is ordered.
    is_limited: bool,
}

impl Here<'_> {
    /// Its address, without a query.
    fn address(&self) -> String {
        format!("{}/graph/{}{}", self.origin, self.version, self.path)
    }

    /// The port of the sandbox.
    fn port(&self) -> Option<u16> {
        Url::parse(self.origin).ok()?.port_or_known_default()
    }
}

/// Whether a path is Graph's.
pub fn has(path: &str) -> bool {
    path == "/graph" || path.starts_with("/graph/")
}

/// Answers one request below `/graph`. What it changes, it changes in `world`.
pub fn answer(world: &mut World, request: &Request, site: &Site<'_>, own: Own<'_>) -> Answer {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).skip(1).collect();
    if segments == ["openapi.yaml"] {
        let served = described(include_str!("openapi.yaml"), &format!("{}/graph/v26.0", site.origin));
        return Answer::typed(200, "application/yaml; charset=utf-8", served);
    }
    let (named, below) = match segments.as_slice() {
        [version, below @ ..] if version::is_version(version) => (Some(*version), below),
        below => (None, below),
    };
    let path: String = below.iter().map(|segment| format!("/{segment}")).collect();
    let Some(version) = version::serving(named, time::now()) else {
        return Refusal::path(&path).answer();
    };
    let here = Here { origin: site.origin, version, path, own, is_limited: site.options.throttle };
    let answer = Call::of(request).and_then(|call| route(world, &call, &here, below));
    let answer = answer.unwrap_or_else(|refusal| refusal.answer());
    answer.with("facebook-api-version", here.version)
}

/// What a fault on order answers.
pub fn error(status: u16, message: Option<&str>) -> Answer {
    let answer = Refusal::by_status(status, message).with_status(status);
    if status == 429 { answer.with(USAGE, usage(100)) } else { answer }
}

fn route(world: &mut World, call: &Call, here: &Here<'_>, below: &[&str]) -> Result<Answer, Refusal> {
    if below == ["oauth", "access_token"] {
        return Ok(Answer::json(200, &nodes::exchange(world, call)?));
    }
    let is_known = matches!(
        below,
        ["debug_token" | "me"]
            | ["me", "accounts" | "businesses"]
            | [_, "owned_pages" | "client_pages" | "subscribed_apps" | "subscriptions"]
    ) || matches!(below, [id] if is_id(id));
    if !is_known {
        return Err(Refusal::path(&here.path));
    }
    let caller = call.caller(world)?;
    let percent = if here.is_limited { world.used(time::now() / 1000) } else { 1 };
    let used = |answer: Answer| match &caller.owner {
        Owner::Page(page) => answer.with(BUSINESS_USAGE, business_usage(&page.id, percent)),
        _ => answer.with(USAGE, usage(percent)),
    };
    if percent >= 100 {
        return Ok(used(Refusal::too_many(matches!(caller.owner, Owner::Page(_))).answer()));
    }
    let result = match below {
        [id, "subscribed_apps"] => subscriptions::of_page(world, call, &caller, id),
        [id, "subscriptions"] => subscriptions::of_app(world, call, &caller, here, id),
        [id, ..] if !call.is_get() => Err(Refusal::object(&call.method, id)),
        ["debug_token"] => nodes::debug(world, call, &caller),
        ["me"] => nodes::me(call, &caller),
        ["me", "accounts"] => nodes::accounts(world, call, &caller, here),
        ["me", "businesses"] => nodes::businesses(call, &caller, here),
        [id, edge] => nodes::of_portfolio(world, call, &caller, here, (id, edge)),
        [id] => nodes::page(world, call, &caller, id),
        _ => Err(Refusal::path(&here.path)),
    };
    Ok(used(result.map_or_else(|refusal| refusal.answer(), |shown| Answer::json(200, &shown))))
}

const USAGE: &str = "X-App-Usage";
const BUSINESS_USAGE: &str = "X-Business-Use-Case-Usage";

/// How much of the allowance is used, in percent.
fn usage(percent: u32) -> String {
    json!({ "call_count": percent, "total_time": 1, "total_cputime": 1 }).to_string()
}

fn business_usage(page: &str, percent: u32) -> String {
    let usage = json!([{
        "type": "pages",
        "call_count": percent,
        "total_cputime": 1,
        "total_time": 1,
        // Minutes.
        "estimated_time_to_regain_access": u32::from(percent >= 100),
    }]);
    json!({ page: usage }).to_string()
}

fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
