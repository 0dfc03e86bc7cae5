//! A sandbox on a state of its own, and the plainest of HTTP clients.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::sandbox::{
    API_KEY, APP_ID, Generation, LogLine, Options, SECRET_KEY, Sandbox, Seed, parse_faults, reset,
};

/// A sandbox and what it logged.
pub struct Bench {
    pub sandbox: Sandbox,
    pub log: Arc<Mutex<Vec<LogLine>>>,
    pub state: PathBuf,
    key: String,
    _folder: Option<tempfile::TempDir>,
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
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

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
    pub fn new() -> Bench {
        Bench::with(|_| {})
    }

    pub fn faulty(faults: &str) -> Bench {
        Bench::with(|options| options.faults = parse_faults(faults).unwrap())
    }

    pub fn with(change: impl FnOnce(&mut Options)) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = Bench::on(folder.path().join("new/state.jsonl"), change);
        bench._folder = Some(folder);
        bench
    }

    pub fn seeded(seed: &Seed, change: impl FnOnce(&mut Options)) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.jsonl");
        reset(&state, seed).unwrap();
        let mut bench = Bench::on(state, change);
        bench._folder = Some(folder);
        bench
    }

    pub fn on(state: PathBuf, change: impl FnOnce(&mut Options)) -> Bench {
        let mut options = Options::new(&state);
        change(&mut options);
        let key = match options.generation {
            Generation::V2026 => API_KEY.to_owned(),
            Generation::V2024 => pair(),
        };
        let log = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&log);
        let sandbox = Sandbox::start(options, move |line| into.lock().unwrap().push(line.clone())).unwrap();
        Bench { sandbox, log, state, key, _folder: None }
    }

    pub fn port(&self) -> u16 {
        url::Url::parse(&self.sandbox.api_url()).unwrap().port().unwrap()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
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

    pub fn try_send(&self, method: &str, path: &str, headers: &str, body: &str) -> Option<Reply> {
        let answer = self.raw(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
                self.port(),
                body.len(),
            )
            .as_bytes(),
        );
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Reply { status, head: head.to_owned(), body: body.to_owned() })
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        self.try_send(method, path, headers, body).expect("an answer")
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

    pub fn try_post(&self, path: &str, body: Value) -> Option<Reply> {
        self.try_send("POST", path, &self.bearer(), &body.to_string())
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
        self.get("/partner/channel?page=1&limit=1000").json()["docs"].as_array().unwrap().clone()
    }

    pub fn channel_of(&self, channel_id: &str) -> Value {
        self.channels().into_iter().find(|channel| channel["channelId"] == channel_id).unwrap_or(Value::Null)
    }
}

/// The 2024 credentials, as they are sent.
pub fn pair() -> String {
    STANDARD.encode(format!("{APP_ID}_{SECRET_KEY}"))
}

/// An `_id`.
pub fn id(channel: &Value) -> &str {
    channel["_id"].as_str().unwrap()
}
