//! What Graph refuses, and in which words: a code, at times a subcode, and a trace that differs each time.

use serde_json::{Map, Value, json};

use crate::sandbox::http::Answer;
use crate::sandbox::token;

/// An error of Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: u32,
    pub subcode: Option<u32>,
    kind: &'static str,
    message: String,
    is_transient: bool,
}

const OAUTH: &str = "OAuthException";
const METHOD: &str = "GraphMethodException";

impl Refusal {
    /// An error with this code.
    pub fn new(code: u32, message: impl Into<String>) -> Refusal {
        Refusal { code, subcode: None, kind: OAUTH, message: message.into(), is_transient: false }
    }

    /// The same with a subcode.
    pub fn below(mut self, subcode: u32) -> Refusal {
        self.subcode = Some(subcode);
        self
    }

    /// 100: a parameter is wrong or missing.
    pub fn parameter(message: &str) -> Refusal {
        Refusal::new(100, format!("(#100) {message}"))
    }

    /// 100: a compulsory parameter is missing.
    pub fn missing(name: &str) -> Refusal {
        Refusal::parameter(&format!("The parameter {name} is required"))
    }

    /// 100: of the app's secret, by which the client must tell it from other bad parameters.
    pub fn proof(message: &str) -> Refusal {
        Refusal { kind: METHOD, ..Refusal::new(100, message) }
    }

    /// 100/33: nothing with that id, or not with that method, or not for this token.
    pub fn object(method: &str, id: &str) -> Refusal {
        let method = method.to_ascii_lowercase();
        let message = format!(
            "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation"
        );
        Refusal { kind: METHOD, ..Refusal::new(100, message).below(33) }
    }

    /// 2500: no such path, or no such version.
    pub fn path(path: &str) -> Refusal {
        Refusal::new(2500, format!("Unknown path components: {path}"))
    }

    /// 190: a token that isn't one, or not any more.
    pub fn token(message: &str) -> Refusal {
        Refusal::new(190, message)
    }

    /// 200: a permission is missing.
    pub fn permission(message: &str) -> Refusal {
        Refusal::new(200, format!("(#200) {message}"))
    }

    /// 4 for the app and the person, 80001 for a Page: the allowance is used up.
    pub fn too_many(is_of_a_page: bool) -> Refusal {
        if is_of_a_page {
            let wait = "Wait a bit and try again.";
            return Refusal::new(
                80001,
                format!("(#80001) There have been too many calls to this Page. {wait}"),
            );
        }
        Refusal::new(4, "(#4) Application request limit reached")
    }

    /// What a status means when nothing else is said: for faults on order.
    pub fn by_status(status: u16, message: Option<&str>) -> Refusal {
        let (code, usual) = match status {
            401 => (190, "Error validating access token: Session has expired"),
            403 => (200, "(#200) Permissions error"),
            429 => (4, "(#4) Application request limit reached"),
            500.. => (2, "An unexpected error has occurred. Please retry your request later."),
            _ => (100, "(#100) Invalid parameter"),
        };
        Refusal { is_transient: status >= 500, ..Refusal::new(code, message.unwrap_or(usual)) }
    }

    /// Which status goes with it: 400 but for what misses a permission.
    pub fn answer(&self) -> Answer {
        self.with_status(if matches!(self.code, 10 | 200..=299) { 403 } else { 400 })
    }

    /// With a status on order.
    pub fn with_status(&self, status: u16) -> Answer {
        let mut error = Map::new();
        error.insert("message".to_owned(), json!(self.message));
        error.insert("type".to_owned(), json!(self.kind));
        error.insert("code".to_owned(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".to_owned(), json!(subcode));
        }
        if self.is_transient {
            error.insert("is_transient".to_owned(), json!(true));
        }
        error.insert("fbtrace_id".to_owned(), Value::String(trace()));
        Answer::json(status, &json!({ "error": error }))
    }

    /// As `debug_token` tells of it.
    pub fn told(&self) -> Value {
        let mut told = json!({ "code": self.code, "message": self.message });
        if let Some(subcode) = self.subcode {
            told["subcode"] = json!(subcode);
        }
        told
    }
}

/// Without random numbers, one that is always the same does as well.
fn trace() -> String {
    let nonce = token::nonce().unwrap_or_default();
    format!("A{}", nonce.get(..22).unwrap_or("sandbox"))
}
