//! What the Partner API answered when it refused, and what kept it from answering.

use serde::Deserialize;

/// A call that did not succeed: what was attempted, and why it came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("could not {attempted}: {reason}")]
pub struct ApiError {
    /// In words that follow "could not": `list the channels`.
    pub attempted: String,
    /// Why.
    pub reason: Reason,
}

/// Why a call failed. Nothing in here holds a URL, and so nothing holds a token.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The API answered with an error. `message` is for people, `original` is the English one.
    #[error("{message}")]
    Refused { status: u16, message: String, original: Option<String> },
    /// No connection came about: the request was surely not carried out.
    #[error("no connection to {host} ({cause})")]
    Unreachable { host: String, cause: String },
    /// The connection broke, or time ran out, after the request may have been read.
    #[error("{host} gave no answer ({cause})")]
    Unanswered { host: String, cause: String },
    /// An answer came, and is not what is documented.
    #[error("the answer (status {status}) can't be read: {cause}")]
    Unreadable { status: u16, cause: String },
    /// The client could not be set up: a proxy or certificate setting.
    #[error("the HTTPS client can't start ({0})")]
    Setup(String),
}

/// Refusals that the documentation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// 401 `invalid app id or secret key` (2026), 403 `Unauthorized` (2024).
    BadCredentials,
    /// 402 `limit integration reached`.
    LimitReached,
    /// 403 `invalid token callback`.
    InvalidCallbackToken,
    /// 403 `channel already connected with another account`.
    ConnectedElsewhere,
    /// 403 `channel not found`.
    ChannelNotFound,
    /// 403 `account not same`.
    AccountNotSame,
    /// 403 `invalid token`: a bot token.
    InvalidBotToken,
    /// 403 `virtual machine full, please contact technical`.
    VirtualMachineFull,
    /// 403 `invalid body request`.
    InvalidBody,
}

impl ApiError {
    /// The documented refusal that this is, if it is one.
    pub fn known(&self) -> Option<Known> {
        let Reason::Refused { status, message, original } = &self.reason else { return None };
        known(*status, original.as_deref().unwrap_or(message))
    }

    /// The status of the API's answer, when there was one.
    pub fn status(&self) -> Option<u16> {
        match self.reason {
            Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Whether the API refused what the body says, as far as it can be told: not credentials, not a fault.
    pub fn is_about_the_body(&self) -> bool {
        let refused = matches!(self.reason, Reason::Refused { status: 400 | 403 | 422, .. });
        refused && self.known() != Some(Known::BadCredentials)
    }

    /// Whether the request may have been carried out although no answer came.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.reason, Reason::Unanswered { .. })
            // A gateway in front of the API gave up on it.
            || matches!(self.reason, Reason::Refused { status: 502 | 504, .. })
            || matches!(self.reason, Reason::Unreadable { status: 200..=299, .. })
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

/// Reads the body of an error. Gateways answer without the documented shape: then the status speaks.
pub(super) fn refusal(status: u16, body: &[u8]) -> Reason {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        message: Option<serde_json::Value>,
        original_message: Option<String>,
    }
    let body: Option<Body> = serde_json::from_slice(body).ok();
    let (message, original) = body.map_or((None, None), |b| (b.message, b.original_message));
    let message = match message {
        Some(serde_json::Value::String(text)) if !text.trim().is_empty() => text,
        Some(serde_json::Value::Array(items)) if !items.is_empty() => items
            .iter()
            .map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("; "),
        _ => original.clone().unwrap_or_else(|| format!("status {status} ({})", status_words(status))),
    };
    Reason::Refused { status, message, original }
}

fn status_words(status: u16) -> &'static str {
    match status {
        300..=399 => "a redirect, which is not followed: check the API URL",
        404 => "not found: check the API URL",
        405 => "method not allowed",
        407 => "the proxy asks for authentication",
        413 => "request too large",
        429 => "too many requests",
        500 => "internal error of the API",
        502 => "bad gateway",
        503 => "the API is unavailable",
        504 => "gateway timeout",
        _ => "no explanation given",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> ApiError {
        ApiError { attempted: "try".into(), reason: refusal(status, body.as_bytes()) }
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

    #[test]
    fn an_error_without_the_documented_shape_is_still_an_error() {
        for (body, says) in [
            ("", "status 503 (the API is unavailable)"),
            ("<html>Bad</html>", "status 503 (the API is unavailable)"),
            ("[]", "status 503 (the API is unavailable)"),
            (r#"{"message":["name must be a string","x"]}"#, "name must be a string; x"),
            (r#"{"originalMessage":"down"}"#, "down"),
        ] {
            assert_eq!(error(503, body).reason.to_string(), says);
        }
    }
}
