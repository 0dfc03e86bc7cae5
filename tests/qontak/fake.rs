//! Qontak's API as its contract has it, and as odd as the contract allows.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use crate::support::{Asked, FakeApi, Home, Reply, Run};

pub const CLIENT_ID: &str = "client-7f3a";
pub const CLIENT_SECRET: &str = "the-secret-of-that-client-0123456789";
pub const ACCESS_TOKEN: &str = "an-access-token-of-the-older-kind";
/// Stands in every record, wherever the contract has a secret: no output may hold it.
pub const CANARY: &str = "canary-5f0c9a";

/// What `offset` counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Offset {
    Pages,
    /// From 1.
    Records,
    /// How many are left out.
    LeftOut,
    /// Nothing.
    Ignored,
}

/// What the server knows, and how odd it is.
pub struct World {
    pub integrations: Vec<Value>,
    pub offset: Offset,
    /// The most that a page holds.
    pub cap: usize,
    /// Whether `pagination` is there, and what it says of the total.
    pub pagination: Option<Total>,
    pub ignores_target_channel: bool,
    /// Whether `GET /integrations/{id}` is known.
    pub reads_one: bool,
    /// By how many seconds its clock is before ours.
    pub clock: i64,
    /// The refresh token that holds, and how many were given.
    pub refresh_token: String,
    pub refreshed: usize,
    pub access_token: String,
    /// When each request came.
    pub times: Vec<Instant>,
}

#[derive(Clone, Copy, Debug)]
pub enum Total {
    Right,
    Wrong(u64),
    /// It and the cursors are null.
    Null,
}

impl Default for World {
    fn default() -> Self {
        World {
            integrations: Vec::new(),
            offset: Offset::Pages,
            cap: 1000,
            pagination: Some(Total::Right),
            ignores_target_channel: false,
            reads_one: true,
            clock: 0,
            refresh_token: "a-refresh-token-that-holds-once-0".to_owned(),
            refreshed: 0,
            access_token: ACCESS_TOKEN.to_owned(),
            times: Vec::new(),
        }
    }
}

/// The id of an integration by its number.
pub fn id(number: usize) -> String {
    format!("3b241101-e2bb-4255-8caf-{number:012x}")
}

/// A record with everything that the contract names.
pub fn integration(number: usize, target_channel: &str) -> Value {
    json!({
        "id": id(number),
        "target_channel": target_channel,
        "webhook": format!("{CANARY}-webhook"),
        "settings": {
            "account_name": format!("Toko {number}"),
            "server_wa_id": "wa-1",
            "phone_number": format!("+62 812 {number:04}"),
            "phone_number_id": "1048",
            "domain_server": "wa.example",
            "authorization": format!("{CANARY}-authorization"),
            "pin": format!("{CANARY}-pin"),
        },
        "organization_id": "5c2a8d3e-0000-4000-8000-000000000001",
        "created_at": "2025-05-01T02:03:04.000Z",
        "is_active": true,
    })
}

/// One whose token doesn't work any more.
pub fn inactive(number: usize, target_channel: &str) -> Value {
    let mut integration = integration(number, target_channel);
    integration["is_active"] = json!(false);
    integration
}

pub struct Qontak {
    pub api: FakeApi,
    pub world: Arc<Mutex<World>>,
    is_newer: bool,
}

impl Qontak {
    pub fn newer(world: World) -> Qontak {
        Qontak::meddled(true, world, |_, _| None)
    }

    pub fn older(world: World) -> Qontak {
        Qontak::meddled(false, world, |_, _| None)
    }

    /// One that answers some requests in another way, by their numbers from 1.
    pub fn meddled(
        is_newer: bool,
        world: World,
        meddle: impl Fn(&Asked, usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> Qontak {
        let world = Arc::new(Mutex::new(world));
        let shared = world.clone();
        let api = FakeApi::start(move |asked| {
            let number = {
                let mut world = shared.lock().unwrap();
                world.times.push(Instant::now());
                world.times.len()
            };
            meddle(asked, number).unwrap_or_else(|| shared.lock().unwrap().answer(asked, is_newer))
        });
        Qontak { api, world, is_newer }
    }

    /// With the path that stands under `servers`.
    pub fn url(&self) -> String {
        let path = if self.is_newer { "/qontak/chat/v1" } else { "/api/open/v1" };
        format!("{}{path}", self.origin())
    }

    pub fn origin(&self) -> String {
        self.api.url.trim_end_matches("/partner").to_owned()
    }

    /// The program on it, with good credentials from the environment.
    pub fn command(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = self.without_credentials(home, arguments);
        match self.is_newer {
            true => command.env("QONTAK_CLIENT_ID", CLIENT_ID).env("QONTAK_CLIENT_SECRET", CLIENT_SECRET),
            false => command.env("QONTAK_ACCESS_TOKEN", ACCESS_TOKEN),
        };
        command
    }

    pub fn without_credentials(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = home.command(arguments);
        command.env("SOCIALCHAT_PLATFORM", "qontak").env("SOCIALCHAT_API_URL", self.url());
        command
    }

    /// Runs it to its end. Whatever it is, no secret of any record is anywhere afterwards.
    pub fn run(&self, home: &Home, arguments: &[&str]) -> Run {
        clean(home, Run::of(self.command(home, arguments)))
    }

    /// What was asked for so far: `METHOD target`.
    pub fn asked(&self) -> Vec<String> {
        self.api.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect()
    }

    /// Asserts that nothing but reading was done.
    #[track_caller]
    pub fn only_read(&self) {
        assert!(self.api.asked().iter().all(|asked| asked.method == "GET"), "{:?}", self.asked());
    }

    pub fn add(&self, integration: Value) {
        self.world.lock().unwrap().integrations.push(integration);
    }
}

/// Asserts that no secret of a record is in what was printed or written.
#[track_caller]
pub fn clean(home: &Home, run: Run) -> Run {
    let printed = format!("{}{}", run.stdout, run.stderr);
    for secret in [CANARY, CLIENT_SECRET, ACCESS_TOKEN, "signature="] {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
    for (path, bytes) in home.files() {
        assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{path:?}");
    }
    run
}

impl World {
    pub fn of(integrations: Vec<Value>) -> World {
        World { integrations, ..World::default() }
    }

    fn answer(&mut self, asked: &Asked, is_newer: bool) -> Reply {
        let target = asked.target.as_str();
        assert!(!target.contains(['%', '+']), "nothing has to be encoded: {target}");
        if target == "/oauth/token" && !is_newer {
            return self.token(asked);
        }
        let may = if is_newer {
            self.is_signed(asked)
        } else {
            asked.authorization == format!("Bearer {}", self.access_token)
        };
        if !may {
            let body = match is_newer {
                true => json!({ "message": "Unauthorized" }),
                false => error(401, "Unauthorized"),
            };
            return self.reply(401, &body);
        }
        let base = if is_newer { "/qontak/chat/v1/integrations" } else { "/api/open/v1/integrations" };
        let Some(below) = target.strip_prefix(base).filter(|_| asked.method == "GET") else {
            return self.reply(404, &error(404, "Not found"));
        };
        match below.strip_prefix('/') {
            Some(id) => {
                let found = self.integrations.iter().find(|own| self.reads_one && own["id"] == id);
                match found {
                    Some(found) => self.reply(200, &json!({ "status": "success", "data": found })),
                    None => self.reply(404, &error(404, "Integration not found")),
                }
            }
            None => {
                let (status, body) = self.list(below.trim_start_matches('?'));
                self.reply(status, &body)
            }
        }
    }

    fn reply(&self, status: u16, body: &Value) -> Reply {
        let date = format!("Date: {}\r\n", httpdate::fmt_http_date(self.now()));
        Reply::With(status, date, body.to_string())
    }

    fn now(&self) -> SystemTime {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        UNIX_EPOCH + Duration::from_secs(now.checked_add_signed(self.clock).unwrap())
    }

    /// As the developer centre describes it, over the request line as it came.
    fn is_signed(&self, asked: &Asked) -> bool {
        let date = asked.header("date").unwrap_or_default();
        let Ok(at) = httpdate::parse_http_date(date) else { return false };
        let skew = match at.duration_since(self.now()) {
            Ok(ahead) => ahead,
            Err(behind) => behind.duration(),
        };
        let text = format!("date: {date}\n{} {} HTTP/1.1", asked.method, asked.target);
        let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
        let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        let wanted = format!(
            "hmac username=\"{CLIENT_ID}\", algorithm=\"hmac-sha256\", headers=\"date request-line\", signature=\"{signature}\""
        );
        skew <= Duration::from_secs(300) && asked.authorization == wanted
    }

    fn list(&self, query: &str) -> (u16, Value) {
        let (mut limit, mut offset, mut target_channel) = (20, None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').unwrap() {
                ("limit", value) => limit = value.parse::<usize>().unwrap(),
                ("offset", value) => offset = Some(value.parse::<usize>().unwrap()),
                ("target_channel", value) => target_channel = Some(value.to_owned()),
                (name, _) => return (422, error(422, &format!("{name} is invalid"))),
            }
        }
        assert!(offset != Some(0) && limit > 0, "{query}");
        let wanted = target_channel.filter(|_| !self.ignores_target_channel);
        let all: Vec<&Value> = self
            .integrations
            .iter()
            .filter(|own| wanted.as_ref().is_none_or(|wanted| own["target_channel"] == **wanted))
            .collect();
        let limit = limit.min(self.cap);
        let begin = match (offset, self.offset) {
            (None, _) | (_, Offset::Ignored) => 0,
            (Some(offset), Offset::Pages) => (offset - 1) * limit,
            (Some(offset), Offset::Records) => offset - 1,
            (Some(offset), Offset::LeftOut) => offset,
        };
        let page: Vec<&Value> = all.iter().skip(begin).take(limit).copied().collect();
        let mut body = json!({ "status": "success", "data": page });
        if let Some(total) = self.pagination {
            let total = match total {
                Total::Right => json!(all.len()),
                Total::Wrong(total) => json!(total),
                Total::Null => Value::Null,
            };
            let cursor = json!({ "next": null, "prev": null });
            body["meta"] = json!({ "pagination": { "cursor": cursor, "offset": offset, "limit": limit, "total": total } });
        }
        (200, body)
    }

    /// A refresh token holds once.
    fn token(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(
            (body["client_id"].as_str(), body["client_secret"].as_str()),
            (Some(CLIENT_ID), Some(CLIENT_SECRET))
        );
        let is_good = match body["grant_type"].as_str().unwrap() {
            "password" => body["username"] == "sari@example.com" && body["password"] == "a password of hers",
            "refresh_token" => body["refresh_token"] == *self.refresh_token,
            other => panic!("{other}"),
        };
        if !is_good {
            return self.reply(401, &error(401, "invalid_grant"));
        }
        self.refreshed += 1;
        self.access_token = format!("{ACCESS_TOKEN}-{}", self.refreshed);
        self.refresh_token = format!("a-refresh-token-that-holds-once-{}", self.refreshed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        self.reply(
            200,
            &json!({ "access_token": self.access_token, "token_type": "Bearer", "expires_in": 29_802_000,
                     "refresh_token": self.refresh_token, "created_at": now }),
        )
    }
}

/// In the application's shape.
pub fn error(code: u16, message: &str) -> Value {
    json!({ "status": "error", "error": { "code": code, "messages": [message] } })
}
