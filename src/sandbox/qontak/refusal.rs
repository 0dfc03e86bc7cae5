//! The errors of the application, and those of the gateway before it.

use serde_json::json;

use super::super::http::Answer;

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    said: Said,
    headers: Vec<(&'static str, String)>,
}

/// Whose words they are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Application(Vec<String>),
    Gateway(String),
}

impl Refusal {
    /// The application's: `{"status": "error", "error": {"code", "messages"}}`.
    pub fn application(status: u16, message: impl Into<String>) -> Refusal {
        Refusal::several(status, vec![message.into()])
    }

    /// The same with several messages.
    pub fn several(status: u16, messages: Vec<String>) -> Refusal {
        Refusal { status, said: Said::Application(messages), headers: Vec::new() }
    }

    /// The gateway's, which looks at credentials and routes: `{"message"}`.
    pub fn gateway(status: u16, message: &str) -> Refusal {
        Refusal { status, said: Said::Gateway(message.to_owned()), headers: Vec::new() }
    }

    /// What a status means when nothing else is said.
    pub fn ordered(status: u16, message: Option<&str>) -> Refusal {
        let usual = match status {
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not found",
            413 => "Request entity too large",
            429 => "Too many requests",
            500 => "Internal server error",
            503 => "Under maintenance",
            _ => "Fault on order",
        };
        Refusal::application(status, message.unwrap_or(usual))
    }

    /// 422: a field or parameter that isn't as documented.
    pub fn invalid(name: &str) -> Refusal {
        Refusal::application(422, format!("{name} is invalid"))
    }

    /// 405: the endpoint exists, the method doesn't.
    pub fn method(allow: &'static str) -> Refusal {
        let mut refusal = Refusal::application(405, "Method not allowed");
        refusal.headers.push(("Allow", allow.to_owned()));
        refusal
    }

    /// As it is sent.
    pub fn answer(&self) -> Answer {
        let body = match &self.said {
            Said::Application(messages) => {
                json!({ "status": "error", "error": { "code": self.status, "messages": messages } })
            }
            Said::Gateway(message) => json!({ "message": message }),
        };
        let answer = Answer::json(self.status, &body);
        self.headers.iter().fold(answer, |answer, (name, value)| answer.with(name, value.clone()))
    }
}
