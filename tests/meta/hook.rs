//! The receiving end of a webhook, right and wrong.

use crate::graph::query;
use crate::support::{Asked, FakeApi, Reply};

pub const VERIFY: &str = "canaryVERIFY0123456789abc";

/// An endpoint that answers the handshake as it should.
pub fn hook() -> FakeApi {
    hook_that(|challenge| text(200, challenge))
}

/// One that answers who knows the verify token in its own way.
pub fn hook_that(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> FakeApi {
    FakeApi::start(move |asked: &Asked| {
        let query = query(asked);
        let agrees = query.get("hub.verify_token").is_some_and(|token| token == VERIFY);
        match query.get("hub.challenge") {
            Some(challenge) if agrees && query["hub.mode"] == "subscribe" => answer(challenge),
            _ => text(403, "no"),
        }
    })
}

pub fn text(status: u16, body: &str) -> Reply {
    Reply::With(status, "X-Hook: yes\r\n".to_owned(), body.to_owned())
}

/// Its address, with a query of its own.
pub fn address(hook: &FakeApi) -> String {
    format!("{}/hook?tenant=7", hook.url.trim_end_matches("/partner"))
}
