//! How the Partner API says no.

use serde_json::{Map, Value};

use super::answer::number;
use crate::http::Refusals;
use crate::types::{Known, as_yes_or_no};

/// Said with a status of success too, and explained in two languages.
pub const REFUSALS: Refusals =
    Refusals { hidden: refused, original: "originalMessage", known, ..Refusals::PLAIN };

/// The status of the refusal that this is, whatever the answer's own status says: an error body names it
/// (`{"statusCode", "message", "originalMessage"}`), as a number or as text. None where this is no refusal.
///
/// The answer to a write is one also where it says so in other words; what is read may have fields of those names.
fn refused(fields: &Map<String, Value>, status: u16, is_write: bool) -> Option<u16> {
    let code = |name: &str| fields.get(name).and_then(number).filter(|code| *code >= 400);
    let other = || if is_write && !fields.contains_key("_id") { code("status") } else { None };
    match code("statusCode").or_else(other) {
        Some(said @ ..600) => u16::try_from(said).ok(),
        Some(_) => Some(500),
        None if fields.get("success") == Some(&Value::Bool(false)) => Some(status),
        None => (is_write && says_failure(fields)).then_some(status),
    }
}

/// Whether an object that names no channel says that something went wrong.
fn says_failure(fields: &Map<String, Value>) -> bool {
    let is_something = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    };
    let is_bad = |text: &str| ["error", "fail"].iter().any(|bad| text.to_ascii_lowercase().contains(bad));
    !fields.contains_key("_id")
        && (["error", "errors"].iter().any(|name| fields.get(*name).is_some_and(is_something))
            || ["success", "ok"].iter().any(|name| fields.get(*name).and_then(as_yes_or_no) == Some(false))
            || fields.get("status").and_then(Value::as_str).is_some_and(is_bad))
}

/// Decides by status and `originalMessage`, as the contract asks.
fn known(status: u16, original: &str) -> Option<Known> {
    let original = original.to_lowercase();
    let says = |words: &str| original.contains(words);
    match status {
        401 => Some(Known::BadCredentials),
        402 => Some(Known::LimitReached),
        403 if says("invalid token callback") => Some(Known::InvalidCallbackToken),
        403 if says("invalid token") => Some(Known::InvalidBotToken),
        403 if says("already connected with another") => Some(Known::ConnectedElsewhere),
        403 if says("channel not found") => Some(Known::ChannelNotFound),
        403 if says("account not same") => Some(Known::AccountNotSame),
        403 if says("virtual machine full") => Some(Known::VirtualMachineFull),
        403 if says("invalid body") => Some(Known::InvalidBody),
        403 if says("unauthorized") || says("invalid app id") => Some(Known::BadCredentials),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ApiError, Explained, refusal};
    use crate::platform::socialchat::answer::acknowledged;
    use crate::types::Request;

    fn error(status: u16, body: &str) -> ApiError {
        ApiError {
            request: Request::ListChannels,
            reason: refusal(status, body.as_bytes(), false, Explained::default(), &REFUSALS),
            unsure: false,
        }
    }

    fn of(body: &str, status: u16, is_write: bool) -> Option<u16> {
        refused(&serde_json::from_str(body).unwrap(), status, is_write)
    }

    #[test]
    fn a_status_in_the_body_is_a_refusal_from_400_on() {
        let refused = |status: &str| of(&format!("{{\"statusCode\":{status}}}"), 201, false);
        for (status, is) in [("401", 401), ("\"403\"", 403), ("503.0", 503), ("1000", 500)] {
            assert_eq!(refused(status), Some(is), "{status}");
        }
        for fine in ["200", "201", "\"200\"", "null", "true", "-401", "\"x\""] {
            assert_eq!(refused(fine), None, "{fine}");
        }
        assert_eq!(of("{\"success\":false}", 201, false), Some(201));
        assert_eq!(of("{\"success\":false,\"statusCode\":401}", 201, false), Some(401));
        assert_eq!(of("{\"success\":true}", 201, true), None);
    }

    #[test]
    fn the_answer_to_a_write_is_yes_no_or_nothing_known() {
        let judged = |body: &str| match of(body, 200, true) {
            Some(_) => "no",
            None if acknowledged(&serde_json::from_str(body).unwrap()).is_ok() => "yes",
            None => "unknown",
        };
        for (body, is) in [
            ("{}", "yes"),
            (r#"{"_id":"x","status":"error","errors":["x"]}"#, "yes"),
            (r#"{"success":"true","error":null,"errors":[]}"#, "yes"),
            (r#"{"ok":1,"error":""}"#, "yes"),
            (r#"{"status":"Success"}"#, "yes"),
            (r#"{"status":200,"message":"x"}"#, "yes"),
            (r#"{"statusCode":"201"}"#, "yes"),
            (r#"{"error":"x","success":true}"#, "no"),
            (r#"{"errors":{"a":1}}"#, "no"),
            (r#"{"error":7}"#, "no"),
            (r#"{"status":"failure"}"#, "no"),
            (r#"{"status":"500"}"#, "no"),
            (r#"{"success":"false"}"#, "no"),
            (r#"{"message":"x"}"#, "unknown"),
            (r#"{"status":"pending"}"#, "unknown"),
            (r#"{"status":302}"#, "unknown"),
            (r#"{"data":{"_id":"x"},"error":false}"#, "unknown"),
        ] {
            assert_eq!(judged(body), is, "{body}");
        }
        // A channel that is read may have fields of those names.
        assert_eq!(of(r#"{"error":"x","status":"failed"}"#, 200, false), None);
    }

    #[test]
    fn documented_refusals_are_known_in_any_language() {
        let body = |original: &str| {
            format!(r#"{{"statusCode":403,"message":"Maaf","originalMessage":"{original}"}}"#)
        };
        let cases = [
            (401, "invalid app id or secret key", Known::BadCredentials),
            (403, "Unauthorized", Known::BadCredentials),
            (402, "limit integration reached", Known::LimitReached),
            (403, "invalid token callback", Known::InvalidCallbackToken),
            (403, "invalid token", Known::InvalidBotToken),
            (403, "channel already connected with another account", Known::ConnectedElsewhere),
            (403, "channel not found", Known::ChannelNotFound),
            (403, "account not same", Known::AccountNotSame),
            (403, "virtual machine full, please contact technical", Known::VirtualMachineFull),
            (403, "invalid body request", Known::InvalidBody),
        ];
        for (status, original, known) in cases {
            assert_eq!(error(status, &body(original)).known(), Some(known), "{original}");
        }
        assert_eq!(error(403, &body("something new")).known(), None);
    }
}
