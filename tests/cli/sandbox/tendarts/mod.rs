//! 10darts' sandbox and Meta's beside it, held to the contracts by a client of the tests' own.

mod described;
mod graph;
mod pages;
mod served;

use serde_json::Value;

use crate::support::{Answer, Home, Served, http};

const TOKEN: &str = "Token sandbox-api-token";
const APP: &str = "1000000000000001|sandbox-app-secret";
const PAGE: &str = "104872913558201";

/// A sandbox that serves 10darts.
struct Tendarts {
    home: Home,
    served: Served,
}

impl Tendarts {
    fn new() -> Tendarts {
        Tendarts::with(&[])
    }

    fn with(options: &[&str]) -> Tendarts {
        let home = Home::new();
        let served = Served::start(&home, &[&["--platform", "10darts"], options].concat());
        Tendarts { home, served }
    }

    fn origin(&self) -> &str {
        &self.served.api_url
    }

    fn send(&self, method: &str, target: &str, headers: &str, body: &str) -> Answer {
        http(method, &format!("{}{target}", self.origin()), headers, body)
    }

    /// With the account's key, and JSON.
    fn api(&self, method: &str, path: &str, body: &str) -> Answer {
        let headers = format!("Authorization: {TOKEN}\r\nContent-Type: application/json\r\n");
        self.send(method, path, &headers, body)
    }

    /// A call to Graph with a token, and a form.
    fn graph(&self, method: &str, path: &str, token: &str, form: &str) -> Answer {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let headers = format!("Authorization: Bearer {token}\r\n{kind}\r\n");
        self.send(method, &format!("/graph/v26.0{path}"), &headers, form)
    }
}

#[track_caller]
fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}
