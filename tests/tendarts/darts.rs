//! A 10darts of the test's own: its applications, and how it refuses.

use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::support::{Asked, FakeApi, Home, Reply};

pub const KEY: &str = "darts-account-key-0123456789";
pub const PAGE_TOKEN: &str = "EAAB-page-token-of-the-test-0123456789";
/// Stands in every secret that an answer holds: no output may have it.
pub const CANARY: &str = "canary-of-an-answer";

/// What the account has, and how its server takes things.
pub struct World {
    pub applications: Vec<Value>,
    /// So many applications a page.
    pub page_size: usize,
    /// The status of a creation, and whether it has a body.
    pub created: (u16, bool),
    /// Further fields of each record.
    pub further: Value,
    next_id: u64,
}

impl World {
    pub fn with(applications: &[(u64, &str, &str)]) -> Self {
        let applications =
            applications.iter().map(|(id, name, platform)| record(*id, name, platform)).collect();
        World { applications, page_size: 100, created: (200, true), further: json!({}), next_id: 100 }
    }

    pub fn names(&self) -> Vec<String> {
        self.applications.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        if !path.ends_with('/') {
            return Reply::With(301, format!("Location: {path}/\r\n"), String::new());
        }
        if asked.header("authorization") != Some(&format!("Token {KEY}")) {
            return Reply::Json(401, json!({ "detail": "Invalid token." }).to_string());
        }
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match (asked.method.as_str(), segments.as_slice()) {
            ("GET", ["api", "v1", "applications"]) => {
                let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok());
                self.page(page.unwrap_or(1), asked.header("host").unwrap())
            }
            ("POST", ["api", "v1", "applications"]) => self.create(&asked.body),
            ("DELETE", ["api", "v1", "applications", id]) => {
                let before = self.applications.len();
                self.applications.retain(|one| one["id"].to_string() != **id);
                match self.applications.len() < before {
                    true => Reply::Json(204, String::new()),
                    false => Reply::Json(404, json!({ "detail": "Not found." }).to_string()),
                }
            }
            _ => Reply::Json(404, "<html>Not Found</html>".to_owned()),
        }
    }

    fn page(&self, page: usize, host: &str) -> Reply {
        let results: Vec<&Value> =
            self.applications.iter().skip((page - 1) * self.page_size).take(self.page_size).collect();
        let has_more = page * self.page_size < self.applications.len();
        let next = has_more.then(|| format!("http://{host}/api/v1/applications/?page={}", page + 1));
        let document =
            json!({ "count": self.applications.len(), "next": next, "previous": null, "results": results });
        Reply::Json(200, document.to_string())
    }

    fn create(&mut self, body: &str) -> Reply {
        let refused = |field: &str, text: &str| Reply::Json(400, json!({ field: [text] }).to_string());
        let body: Value = serde_json::from_str(body).unwrap();
        let known = ["name", "platform", "page_access_token"];
        assert!(body.as_object().unwrap().keys().all(|name| known.contains(&name.as_str())), "{body}");
        let name = body["name"].as_str().unwrap().to_owned();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)), "{name}");
        if self.names().contains(&name) {
            return refused("name", "(already exists)");
        }
        if body["platform"] != "MESSENGER" || body["page_access_token"] != PAGE_TOKEN {
            return refused("page_access_token", "(not accepted)");
        }
        self.next_id += 1;
        let mut made = record(self.next_id, &name, "MESSENGER");
        for (name, value) in self.further.as_object().unwrap() {
            made[name] = value.clone();
        }
        self.applications.push(made.clone());
        let (status, has_body) = self.created;
        Reply::Json(status, if has_body { made.to_string() } else { String::new() })
    }
}

/// A record as documented, with what answers echo.
pub fn record(id: u64, name: &str, platform: &str) -> Value {
    json!({
        "id": id, "name": name, "platform": platform, "platform_principal": CANARY,
        "platform_credential": CANARY, "page_access_token": CANARY, "platform_application_arn": null,
    })
}

pub struct Darts {
    pub api: FakeApi,
    world: Arc<Mutex<World>>,
}

impl Darts {
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
        Darts { api, world }
    }

    pub fn url(&self) -> &str {
        self.api.url.trim_end_matches("/partner")
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// `METHOD /path` of each request so far, with the query.
    pub fn requests(&self) -> Vec<String> {
        self.api.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect()
    }

    /// Those that change something.
    pub fn changes(&self) -> Vec<String> {
        self.requests().into_iter().filter(|request| !request.starts_with("GET ")).collect()
    }

    /// The program on it, with the account's key.
    pub fn command(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = home.command(arguments);
        command
            .env("SOCIALCHAT_PLATFORM", "10darts")
            .env("SOCIALCHAT_API_URL", self.url())
            .env("TENDARTS_API_TOKEN", KEY);
        command
    }
}
