//! How the Partner API says no.

use serde_json::{Map, Value};

use super::answer::number;
use crate::http::Refusals;
use crate::types::Known;

/// Said with a status of success too, and explained in two languages.
pub const REFUSALS: Refusals = Refusals { hidden: refused, original: "originalMessage", known };

/// The status of the refusal that this is, whatever the answer's own status says: an error body names it
/// (`{"statusCode", "message", "originalMessage"}`), as a number or as text. None where this is no refusal.
fn refused(fields: &Map<String, Value>, status: u16) -> Option<u16> {
    match fields.get("statusCode").and_then(number) {
        Some(said @ 400..=599) => u16::try_from(said).ok(),
        Some(600..) => Some(500),
        _ => (fields.get("success") == Some(&Value::Bool(false))).then_some(status),
    }
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
    use crate::http::{ApiError, refusal};

    fn error(status: u16, body: &str) -> ApiError {
        ApiError {
            attempted: "try".into(),
            reason: refusal(status, body.as_bytes(), false, &REFUSALS),
            unsure: false,
        }
    }

    #[test]
    fn a_status_in_the_body_is_a_refusal_from_400_on() {
        let of = |body: &str| refused(&serde_json::from_str(body).unwrap(), 201);
        let refused = |status: &str| of(&format!("{{\"statusCode\":{status}}}"));
        for (status, is) in [("401", 401), ("\"403\"", 403), ("503.0", 503), ("1000", 500)] {
            assert_eq!(refused(status), Some(is), "{status}");
        }
        for fine in ["200", "201", "\"200\"", "null", "true", "-401", "\"x\""] {
            assert_eq!(refused(fine), None, "{fine}");
        }
        assert_eq!(of("{\"success\":false}"), Some(201));
        assert_eq!(of("{\"success\":false,\"statusCode\":401}"), Some(401));
        assert_eq!(of("{\"success\":true}"), None);
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
