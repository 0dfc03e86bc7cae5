//! `GET .../authorize` and `GET .../account`: where a sign-in begins, and what its token covers.

use serde_json::json;

use super::api::Api;
use super::http::{Answer, Request};
use super::refusal::{Refusal, Stop};
use super::token;
use crate::types::SignInKind;

/// As many accounts as one call lists.
const BATCH: usize = 25;

/// The URL of a new consent page. It stays good for as long as the sandbox runs.
pub fn authorize(api: &Api, kind: SignInKind) -> Result<Answer, Stop> {
    let nonce = token::nonce()?;
    let url = format!("{}/consent/{kind}/{nonce}", api.origin);
    api.begin_sign_in(nonce, kind);
    Ok(Answer::json(200, &json!({ "url": url })))
}

/// One batch of the accounts that a token covers. `nextOffset` is always given, as in the documented example;
/// whether there is more is for `hasNextPage` to say.
pub fn accounts(api: &Api, request: &Request, kind: SignInKind) -> Result<Answer, Stop> {
    let given = request.param("token").filter(|token| !token.is_empty());
    let given = given.ok_or_else(|| Refusal::invalid("token", "is required", "wajib diisi"))?;
    let offset = request.param("nextOffset").filter(|offset| !offset.is_empty());
    api.turn(|turn| {
        let world = turn.world();
        let grant = world.grant(kind, given).ok_or_else(|| Refusal::of(403, "invalid token callback"))?;
        let from = match offset {
            Some(offset) => token::place(given, offset)
                .ok_or_else(|| Refusal::invalid("nextOffset", "is invalid", "tidak valid"))?,
            None => 0,
        };
        let mut covered = world.covered(kind, grant, from);
        let mut docs = Vec::with_capacity(BATCH);
        let mut end = from;
        for (at, account) in covered.by_ref().take(BATCH) {
            end = at + 1;
            let picture = format!("{}/picture/{}.svg", api.origin, account.id);
            docs.push(json!({ "name": account.name, "channelId": account.id, "picture": picture }));
        }
        let more = covered.next().is_some();
        let next = token::offset(given, end);
        Ok(Answer::json(200, &json!({ "docs": docs, "hasNextPage": more, "nextOffset": next })))
    })
}
