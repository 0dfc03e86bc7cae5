//! What 10darts refuses, as Django REST Framework says it: a `detail`, or a list of texts for each field.

use serde_json::{Map, Value, json};

use crate::sandbox::http::Answer;

/// An answer that is an error.
pub struct Refusal {
    status: u16,
    body: Value,
    header: Option<(&'static str, &'static str)>,
}

impl Refusal {
    fn detail(status: u16, detail: impl Into<String>) -> Refusal {
        Refusal { status, body: json!({ "detail": detail.into() }), header: None }
    }

    /// 401, and why.
    pub fn unauthorized(detail: &str) -> Refusal {
        Refusal { header: Some(("WWW-Authenticate", "Token")), ..Refusal::detail(401, detail) }
    }

    /// 403: one application's key opens less than the account's.
    pub fn forbidden() -> Refusal {
        Refusal::detail(403, "You do not have permission to perform this action.")
    }

    /// 404.
    pub fn not_found() -> Refusal {
        Refusal::detail(404, "Not found.")
    }

    /// 404: behind the last page of a list, or before the first.
    pub fn no_page() -> Refusal {
        Refusal::detail(404, "Invalid page.")
    }

    /// 405: with what may be done instead.
    pub fn method(method: &str, allow: &'static str) -> Refusal {
        let header = Some(("Allow", allow));
        Refusal { header, ..Refusal::detail(405, format!("Method \"{method}\" not allowed.")) }
    }

    /// 415.
    pub fn media_type(given: &str) -> Refusal {
        Refusal::detail(415, format!("Unsupported media type \"{given}\" in request."))
    }

    /// 400: no JSON.
    pub fn parse(error: &serde_json::Error) -> Refusal {
        Refusal::detail(400, format!("JSON parse error - {error}"))
    }

    /// 400: what is wrong with each of several fields.
    pub fn fields(wrong: Vec<(&str, String)>) -> Refusal {
        let wrong = wrong.into_iter().map(|(name, text)| (name.to_owned(), json!([text])));
        Refusal { status: 400, body: Value::Object(Map::from_iter(wrong)), header: None }
    }

    /// What a status means when nothing else is said: for faults on order.
    pub fn by_status(status: u16, detail: Option<&str>) -> Refusal {
        let usual = match status {
            401 => "Invalid token.",
            403 => "You do not have permission to perform this action.",
            404 => "Not found.",
            429 => "Request was throttled.",
            503 => "Service unavailable.",
            500 => "A server error occurred.",
            _ => "Fault on order.",
        };
        Refusal::detail(status, detail.unwrap_or(usual))
    }

    /// As it is sent.
    pub fn answer(&self) -> Answer {
        let answer = Answer::json(self.status, &self.body);
        match self.header {
            Some((name, value)) => answer.with(name, value),
            None => answer,
        }
    }
}
