//! A sandbox with so many channels, served by a process of its own.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::HashMap;
use std::process::Command;

use serde_json::Value;

use crate::support::{Home, Run, Served, consent};

pub struct Estate {
    pub home: Home,
    pub served: Served,
    year: &'static str,
}

/// Both generations of the API, to hold a promise in each.
pub const YEARS: [&str; 2] = ["2024", "2026"];

impl Estate {
    /// `pages` Pages, of which the first `channels` are connected and the first `loose` have come loose.
    pub fn new(year: &'static str, pages: u32, channels: u32, loose: u32, options: &[&str]) -> Self {
        let home = Home::new();
        let counts = [pages, channels, loose].map(|count| count.to_string());
        let [pages, channels, loose] = &counts;
        let reset = ["sandbox", "reset", "--pages", pages, "--channels", channels, "--disconnected", loose];
        home.run(&reset).exits(0);
        Estate::served(home, year, options)
    }

    /// The sandbox's own small business.
    pub fn small(year: &'static str, options: &[&str]) -> Self {
        Estate::served(Home::new(), year, options)
    }

    fn served(home: Home, year: &'static str, options: &[&str]) -> Self {
        let served = Served::start(&home, &[&["--generation", year], options].concat());
        Estate { home, served, year }
    }

    /// The program on this estate.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        command.env("SOCIALCHAT_API_URL", &self.served.api_url);
        match self.year {
            "2024" => command
                .env("SOCIALCHAT_APP_ID", "sandbox-app-id")
                .env("SOCIALCHAT_SECRET_KEY", "sandbox-secret-key"),
            _ => command.env("SOCIALCHAT_API_KEY", "sandbox-api-key"),
        };
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments))
    }

    /// Likewise, with a token that covers every Page.
    pub fn run_signed_in(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.env("SOCIALCHAT_TOKEN", self.token());
        Run::of(command)
    }

    /// Asks the API directly.
    pub fn api(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let bearer = match self.year {
            // base64 of sandbox-app-id_sandbox-secret-key
            "2024" => "c2FuZGJveC1hcHAtaWRfc2FuZGJveC1zZWNyZXQta2V5",
            _ => "sandbox-api-key",
        };
        let url = format!("{}{path}", self.served.api_url.trim_end_matches("/partner"));
        let headers = format!("Authorization: Bearer {bearer}\r\nContent-Type: application/json\r\n");
        let answer = crate::support::http(method, &url, &headers, body);
        (answer.status, answer.body)
    }

    /// Signs in as a person does, and gives the token.
    pub fn token(&self) -> String {
        self.api("PUT", "/partner", r#"{"callbackMessengerUrl":"http://127.0.0.1:9/callback"}"#);
        let (status, body) = self.api("GET", "/partner/channel/messenger/authorize", "");
        assert_eq!(status, 200, "{body}");
        let url: Value = serde_json::from_str(&body).unwrap();
        let callback = consent(url["url"].as_str().unwrap(), "scope=all&decision=allow");
        let callback = url::Url::parse(&callback).unwrap();
        callback.query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned()
    }

    /// All channels, as the API lists them.
    pub fn channels(&self) -> Vec<Value> {
        let (status, body) = self.api("GET", "/partner/channel?page=1&limit=1000", "");
        assert_eq!(status, 200, "{body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        body["docs"].as_array().unwrap().clone()
    }

    /// The `_id` of the channel with that place in the list.
    pub fn id(&self, place: usize) -> String {
        self.channels()[place]["_id"].as_str().unwrap().to_owned()
    }

    /// How many requests of this method went to each channel path, as the server's log has it.
    pub fn requests(&self, method: &str) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for line in self.served.log() {
            let mut words = line.split(' ').skip(1);
            let method_is = words.next() == Some(method);
            let path = words.next().unwrap_or_default();
            if method_is && path.starts_with("/partner/channel") {
                *counts.entry(path.to_owned()).or_default() += 1;
            }
        }
        counts
    }
}
