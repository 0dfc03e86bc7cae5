//! How the back end says no: `{"statusCode", "message", "error"}`, where `message` is a text, several, or an object.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::http::{Explained, Refusal, Refusals};
use crate::types::Known;

pub const REFUSALS: Refusals = Refusals { hidden, known, explained, ..Refusals::PLAIN };

/// A third of the window of the back end's throttle, which says by itself how long it is only in some versions.
const THROTTLED: Duration = Duration::from_secs(20);

/// An error with a status of success: its body names another one, or the answer to a write says that it failed.
fn hidden(fields: &Map<String, Value>, status: u16, is_write: bool) -> Option<u16> {
    let said = fields.get("statusCode").and_then(Value::as_u64).filter(|code| (400..600).contains(code));
    let failed = is_write && fields.get("success") == Some(&Value::Bool(false));
    said.and_then(|code| u16::try_from(code).ok()).or_else(|| failed.then_some(status))
}

/// 429 in the back end's own words comes before anything is done. A gateway's may come after it.
fn explained(refusal: &Refusal<'_>) -> Explained {
    let said = refusal.body.and_then(|body| body.get("statusCode")).and_then(Value::as_u64);
    let wait = (refusal.status == 429 && said == Some(429)).then_some(THROTTLED);
    Explained { wait, ..Explained::default() }
}

/// 401 is a session that is none, or is over.
fn known(status: u16, _: &str) -> Option<Known> {
    (status == 401).then_some(Known::BadCredentials)
}
