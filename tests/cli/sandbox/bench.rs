//! A sandbox on a state of its own, served by the program, and the plainest of HTTP clients.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};
use url::form_urlencoded;

use crate::support::{Home, Served};

pub const KEY: &str = "sandbox-api-key";
/// base64 of `sandbox-app-id_sandbox-secret-key`
pub const PAIR: &str = "c2FuZGJveC1hcHAtaWRfc2FuZGJveC1zZWNyZXQta2V5";

/// A sandbox, and the state that it may share with others.
pub struct Bench {
    pub home: Rc<Home>,
    pub served: Served,
    key: &'static str,
}

/// What came back.
#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status and original message of an error, which must have both languages.
    #[track_caller]
    pub fn error(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(body["statusCode"], self.status);
        assert!(body["message"].is_string(), "{body}");
        (self.status, body["originalMessage"].as_str().unwrap().to_owned())
    }
}

impl Bench {
    /// The small business that every sandbox begins with.
    pub fn new() -> Bench {
        Bench::with(&[])
    }

    /// Served with these options.
    pub fn with(options: &[&str]) -> Bench {
        Bench::beside(&Rc::new(Home::new()), options)
    }

    /// One that shares the state of others.
    pub fn beside(home: &Rc<Home>, options: &[&str]) -> Bench {
        let key = if options.contains(&"2024") { PAIR } else { KEY };
        Bench { home: Rc::clone(home), served: Served::start(home, options), key }
    }

    /// The state file.
    pub fn state(&self) -> PathBuf {
        self.home.config().join("state/sandbox.jsonl")
    }

    pub fn host(&self) -> &str {
        self.served.api_url.trim_start_matches("http://").trim_end_matches("/partner")
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// Bytes there, bytes back until the sandbox closes.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        let answer = self.raw(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
                self.host(),
                body.len(),
            )
            .as_bytes(),
        );
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn bearer(&self) -> String {
        format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", self.key)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &self.bearer(), "")
    }

    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &self.bearer(), "")
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &self.bearer(), &body.to_string())
    }

    pub fn put(&self, body: Value) -> Reply {
        self.send("PUT", "/partner", &self.bearer(), &body.to_string())
    }

    /// The path of a new consent page.
    pub fn consent_page(&self, kind: &str) -> String {
        let url = self.get(&format!("/partner/channel/{kind}/authorize")).json()["url"].clone();
        url::Url::parse(url.as_str().unwrap()).unwrap().path().to_owned()
    }

    pub fn submit(&self, page: &str, form: &str) -> Reply {
        self.send("POST", page, "Content-Type: application/x-www-form-urlencoded\r\n", form)
    }

    /// A token for what the form ticks, through the consent page.
    pub fn token(&self, kind: &str, form: &str) -> String {
        let name = if kind == "messenger" { "callbackMessengerUrl" } else { "callbackInstagramUrl" };
        assert_eq!(self.put(json!({ name: "https://app.example/cb?keep=1%202" })).status, 200);
        let reply = self.submit(&self.consent_page(kind), &format!("decision=allow&{form}"));
        assert_eq!(reply.status, 303);
        let location = url::Url::parse(reply.header("Location").unwrap()).unwrap();
        let mut pairs = location.query_pairs();
        pairs.find(|(name, _)| name == "token").unwrap().1.into_owned()
    }

    pub fn accounts(&self, kind: &str, token: &str, offset: Option<&str>) -> Reply {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("token", token);
        if let Some(offset) = offset {
            query.append_pair("nextOffset", offset);
        }
        self.get(&format!("/partner/channel/{kind}/account?{}", query.finish()))
    }

    /// Every account that a token covers, batch by batch.
    pub fn all_accounts(&self, kind: &str, token: &str) -> (Vec<Value>, Vec<usize>) {
        let (mut all, mut batches, mut offset) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let body = self.accounts(kind, token, offset.as_deref()).json();
            let docs = body["docs"].as_array().unwrap();
            batches.push(docs.len());
            all.extend(docs.iter().cloned());
            if body["hasNextPage"] == false {
                return (all, batches);
            }
            offset = Some(body["nextOffset"].as_str().unwrap().to_owned());
        }
    }

    pub fn channels(&self) -> Vec<Value> {
        self.get("/partner/channel?page=1&limit=100000").json()["docs"].as_array().unwrap().clone()
    }

    pub fn channel_of(&self, channel_id: &str) -> Value {
        self.channels().into_iter().find(|channel| channel["channelId"] == channel_id).unwrap_or(Value::Null)
    }
}

/// An `_id`.
pub fn id(channel: &Value) -> &str {
    channel["_id"].as_str().unwrap()
}
