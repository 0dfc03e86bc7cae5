//! A Partner API written for the tests, from the contract alone: settings that are merged or replaced, both
//! generations, and a place to interfere with each request.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Map, Value, json};

use crate::support::{Asked, FakeApi, Reply, http};

pub const AUTHORIZE_URL: &str =
    "https://www.facebook.example/v19/dialog/oauth?client_id=1&state=a%7Cb&scope=c,d";
pub const TOKEN: &str = "callback-token-0123456789";

/// What the account holds, and how its server takes things.
#[derive(Clone, Debug)]
pub struct World {
    pub settings: Map<String, Value>,
    /// Whether a PUT replaces the settings as a whole.
    pub replaces: bool,
    /// Whether a PUT with a field that no documentation knows is refused.
    pub strict: bool,
    /// The status of `GET /partner`, where there is no such call (2024).
    pub unreadable: Option<u16>,
    /// Whether a callback may be set to the empty string.
    pub unsets: bool,
    pub authorize_url: String,
    pub pages: Vec<Value>,
    pub channels: Vec<Value>,
}

impl World {
    pub fn new() -> Self {
        let settings = json!({
            "webhookUrl": "https://app.example/hook",
            "webhookSecondaryUrls": ["https://a.example/1", "https://b.example/2?x=1&y=%20"],
            "callbackMessengerUrl": "https://app.example/callback/messenger",
            "callbackInstagramUrl": "https://app.example/callback/instagram?keep=1",
        });
        World {
            settings: settings.as_object().unwrap().clone(),
            replaces: false,
            strict: false,
            unreadable: None,
            unsets: true,
            authorize_url: AUTHORIZE_URL.to_owned(),
            pages: vec![page("p1", "Toko Bunga"), page("p2", "Toko Roti")],
            channels: Vec::new(),
        }
    }

    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.settings.insert(field.to_owned(), value);
        self
    }

    pub fn without(mut self, field: &str) -> Self {
        self.settings.shift_remove(field);
        self
    }

    /// What the contract says to this request.
    pub fn answer(&mut self, asked: &Asked) -> Reply {
        let path = asked.target.split('?').next().unwrap();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).skip(1).collect();
        let body: Value = serde_json::from_str(&asked.body).unwrap_or(Value::Null);
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        match (asked.method.as_str(), segments.as_slice()) {
            ("GET", []) => match self.unreadable {
                Some(status) => Reply::Json(status, String::new()),
                None => Reply::Json(200, Value::Object(self.settings.clone()).to_string()),
            },
            ("PUT", []) => self.put(body.as_object().unwrap()),
            ("GET", ["channel", _, "authorize"]) => {
                Reply::Json(200, json!({ "url": self.authorize_url }).to_string())
            }
            ("GET", ["channel", _, "account"]) => {
                Reply::Json(200, json!({ "docs": self.pages, "hasNextPage": false }).to_string())
            }
            ("GET", ["channel"]) => listing(asked, &self.channels),
            ("GET", ["channel", id]) => {
                let found = self.channels.iter().find(|channel| channel["_id"] == **id);
                Reply::Json(200, found.map(Value::to_string).unwrap_or_default())
            }
            ("POST", ["channel", kind]) => {
                let id = format!("{:024x}", self.channels.len() + 1);
                let name = body["name"].as_str().unwrap_or("connected");
                let mut made = channel(&id, kind, &text("channelId"), name);
                made["token"] = json!({ "accessToken": format!("access-{}", text("token")) });
                if *kind == "telegram" {
                    made["channelId"] = json!(text("token").split(':').next());
                }
                self.channels.push(made);
                match *kind {
                    "messenger" | "instagram" => Reply::Json(200, String::new()),
                    _ => Reply::Json(201, json!({ "_id": id }).to_string()),
                }
            }
            ("DELETE", ["channel", _, id]) => {
                let before = self.channels.len();
                self.channels.retain(|channel| channel["_id"] != **id);
                match self.channels.len() < before {
                    true => Reply::Json(200, String::new()),
                    false => refusal(403, "channel not found"),
                }
            }
            ("POST", ["channel", _, id]) => {
                let Some(found) = self.channels.iter_mut().find(|channel| channel["_id"] == **id) else {
                    return refusal(403, "channel not found");
                };
                found["isConnected"] = json!(true);
                found["updatedAt"] = json!(format!("{}'", found["updatedAt"].as_str().unwrap_or_default()));
                Reply::Json(200, String::new())
            }
            _ => refusal(404, "no such path"),
        }
    }

    fn put(&mut self, fields: &Map<String, Value>) -> Reply {
        const KNOWN: [&str; 5] = [
            "webhookUrl",
            "webhookChatUrl",
            "webhookSecondaryUrls",
            "callbackMessengerUrl",
            "callbackInstagramUrl",
        ];
        if self.strict && fields.keys().any(|name| !KNOWN.contains(&name.as_str())) {
            return refusal(403, "invalid body request");
        }
        let unset = fields.iter().any(|(name, value)| name.starts_with("callback") && value == "");
        if !self.unsets && unset {
            return refusal(403, "invalid body request");
        }
        if self.replaces {
            // What a server doesn't know as a setting it can't lose either.
            self.settings.retain(|name, _| !KNOWN.contains(&name.as_str()));
        }
        for (name, value) in fields {
            self.settings.insert(name.clone(), value.clone());
        }
        Reply::Json(200, String::new())
    }
}

/// One page of the listing of these channels, as the query asks.
pub fn listing(asked: &Asked, channels: &[Value]) -> Reply {
    let number = |name: &str| {
        let number = parameter(asked, name).and_then(|text| text.parse::<usize>().ok());
        number.expect("page and limit are required")
    };
    let (page, limit) = (number("page"), number("limit"));
    let docs: Vec<&Value> = channels.iter().skip((page - 1) * limit).take(limit).collect();
    let pages = channels.len().div_ceil(limit).max(1);
    let next = (page < pages).then_some(page + 1);
    let document = json!({
        "docs": docs, "totalDocs": channels.len(), "limit": limit, "totalPages": pages, "page": page,
        "hasNextPage": next.is_some(), "nextPage": next,
    });
    Reply::Json(200, document.to_string())
}

/// What the query says under that name.
pub fn parameter(asked: &Asked, name: &str) -> Option<String> {
    let url = url::Url::parse(&format!("http://host{}", asked.target)).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub fn page(id: &str, name: &str) -> Value {
    json!({ "channelId": id, "name": name, "picture": "https://x.example/p.png" })
}

pub fn channel(id: &str, kind: &str, channel_id: &str, name: &str) -> Value {
    json!({ "_id": id, "name": name, "channelId": channel_id, "channelType": kind, "isConnected": true,
            "updatedAt": "2026-01-01T00:00:00.000Z" })
}

pub fn refusal(status: u16, original: &str) -> Reply {
    let body =
        json!({ "statusCode": status, "message": format!("Maaf: {original}"), "originalMessage": original });
    Reply::Json(status, body.to_string())
}

/// The server, and what it holds.
pub struct Partner {
    pub api: FakeApi,
    world: Arc<Mutex<World>>,
}

impl Partner {
    /// Answers as the contract says.
    pub fn start(world: World) -> Self {
        Self::meddled(world, |_, _, _| None)
    }

    /// Asks `meddle` first, with the number of the request (from 1): its answer counts, if it gives one.
    pub fn meddled(
        world: World,
        meddle: impl Fn(&Asked, usize, &Mutex<World>) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let world = Arc::new(Mutex::new(world));
        let (held, count) = (world.clone(), Mutex::new(0));
        let api = FakeApi::start(move |asked| {
            let number = {
                let mut count = count.lock().unwrap();
                *count += 1;
                *count
            };
            meddle(asked, number, &held).unwrap_or_else(|| held.lock().unwrap().answer(asked))
        });
        Partner { api, world }
    }

    pub fn url(&self) -> &str {
        &self.api.url
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub fn settings(&self) -> Map<String, Value> {
        self.world().settings.clone()
    }

    pub fn callback(&self, kind: &str) -> String {
        let field = if kind == "messenger" { "callbackMessengerUrl" } else { "callbackInstagramUrl" };
        self.world().settings.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Requests so far that match, by `METHOD /path` without a query.
    pub fn count(&self, request: &str) -> usize {
        let is_it = |asked: &&Asked| {
            format!("{} {}", asked.method, asked.target.split('?').next().unwrap_or_default()) == request
        };
        self.api.asked().iter().filter(is_it).count()
    }

    /// The browser comes back with a token to whatever callback is set.
    pub fn bring(&self, kind: &str, token: &str) -> u16 {
        http("GET", &format!("{}?token={token}", self.callback(kind)), "", "").status
    }
}
