//! A Graph API of the test's own: one Page, one app, and their two halves of a webhook; and an endpoint that Meta would call.

use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::darts::{CANARY, PAGE_TOKEN};
use crate::support::{Asked, FakeApi, Reply};

pub const PAGE_ID: &str = "1002003004005006";
pub const PAGE_NAME: &str = "Kopi Senja";
pub const APP_ID: &str = "5566778899";
pub const APP_SECRET: &str = "app-secret-of-the-test-0123456789";
pub const VERIFY_TOKEN: &str = "verifytokenofthetest0123456789";
const PERSON_TOKEN: &str = "EAAB-person-token-0123456789";
const EXPIRED_TOKEN: &str = "EAAB-expired-token-0123456789";

/// What is set at Meta.
#[derive(Default)]
pub struct Set {
    /// Of the app: the callback and its fields.
    pub callback: Option<(String, Vec<String>)>,
    /// Of the Page: the fields.
    pub page: Option<Vec<String>>,
    /// What `debug_token` says that the Page token may do.
    pub scopes: Vec<&'static str>,
}

pub struct Graph {
    pub api: FakeApi,
    set: Arc<Mutex<Set>>,
}

impl Graph {
    pub fn start() -> Self {
        Self::meddled(|_| None)
    }

    /// Asks `meddle` first: its answer counts, if it gives one.
    pub fn meddled(meddle: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let scopes = vec!["pages_messaging", "pages_manage_metadata", "pages_show_list"];
        let set = Arc::new(Mutex::new(Set { scopes, ..Set::default() }));
        let held = set.clone();
        let api = FakeApi::start(move |asked| {
            meddle(asked).unwrap_or_else(|| answer(&mut held.lock().unwrap(), asked))
        });
        Graph { api, set }
    }

    pub fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap()
    }

    /// Those that change something.
    pub fn changes(&self) -> Vec<String> {
        let asked = self.api.asked();
        let path = |asked: &Asked| asked.target.split('?').next().unwrap().to_owned();
        let changes =
            asked.iter().filter(|asked| asked.method != "GET" && !path(asked).ends_with("/debug_token"));
        changes.map(|asked| format!("{} {}", asked.method, path(asked))).collect()
    }

    /// The command with this Graph API and the Page's token.
    pub fn with_page(&self, mut command: Command) -> Command {
        command.env("SOCIALCHAT_GRAPH_URL", self.api.url.trim_end_matches("/partner"));
        command.env("META_PAGE_TOKEN", PAGE_TOKEN);
        command
    }

    /// Likewise with the app's credentials.
    pub fn with_app(&self, command: Command) -> Command {
        let mut command = self.with_page(command);
        command.env("META_APP_ID", APP_ID).env("META_APP_SECRET", APP_SECRET);
        command
    }

    /// Likewise with the token of a person, or one that has expired.
    pub fn with_token(&self, which: &str, command: Command) -> Command {
        let mut command = self.with_page(command);
        let token = if which == "person" { PERSON_TOKEN } else { EXPIRED_TOKEN };
        command.env("META_PAGE_TOKEN", token);
        command
    }
}

fn error(status: u16, code: i64, subcode: i64) -> Reply {
    let error = json!({ "message": format!("(#{code}) no, {CANARY}"), "type": "OAuthException", "code": code,
                        "error_subcode": subcode, "fbtrace_id": "A" });
    Reply::Json(status, json!({ "error": error }).to_string())
}

fn answer(set: &mut Set, asked: &Asked) -> Reply {
    let path = asked.target.split('?').next().unwrap();
    let Some(path) = path.strip_prefix("/v26.0/") else { return error(400, 2500, 0) };
    let bearer = asked.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let is_app = bearer == Some(&format!("{APP_ID}|{APP_SECRET}"));
    let is_page = bearer == Some(PAGE_TOKEN);
    let form = |name: &str| {
        let found = url::form_urlencoded::parse(asked.body.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let fields = |name: &str| -> Vec<String> {
        form(name).unwrap_or_default().split(',').map(str::to_owned).collect()
    };
    let success = || Reply::Json(200, json!({ "success": true, "token": CANARY }).to_string());
    match (asked.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["me"]) if is_page => {
            let page =
                json!({ "id": PAGE_ID, "name": PAGE_NAME, "category": "Cafe", "access_token": CANARY });
            Reply::Json(200, page.to_string())
        }
        ("GET", ["me"]) if bearer == Some(PERSON_TOKEN) => match asked.target.contains("category") {
            true => error(400, 100, 0),
            false => Reply::Json(200, json!({ "id": "77", "name": "Budi" }).to_string()),
        },
        ("POST", ["debug_token"]) if is_app => {
            let data = json!({ "app_id": APP_ID, "type": "PAGE", "application": "Shop app", "is_valid": true,
                "expires_at": 0, "scopes": set.scopes, "profile_id": PAGE_ID });
            Reply::Json(200, json!({ "data": data }).to_string())
        }
        ("GET", [APP_ID, "subscriptions"]) if is_app => {
            let data = set.callback.as_ref().map(|(url, fields)| {
                let fields: Vec<Value> =
                    fields.iter().map(|name| json!({ "name": name, "version": "v26.0" })).collect();
                json!({ "object": "page", "callback_url": url, "active": true, "fields": fields })
            });
            Reply::Json(200, json!({ "data": data.into_iter().collect::<Vec<_>>() }).to_string())
        }
        ("POST", [APP_ID, "subscriptions"]) if is_app => {
            assert_eq!(
                (form("object").as_deref(), form("verify_token").as_deref()),
                (Some("page"), Some(VERIFY_TOKEN))
            );
            set.callback = Some((form("callback_url").unwrap(), fields("fields")));
            success()
        }
        ("GET", [PAGE_ID, "subscribed_apps"]) if is_page => {
            let data = set
                .page
                .as_ref()
                .map(|fields| json!({ "id": APP_ID, "name": "Shop app", "subscribed_fields": fields }));
            Reply::Json(200, json!({ "data": data.into_iter().collect::<Vec<_>>() }).to_string())
        }
        ("POST", [PAGE_ID, "subscribed_apps"]) if is_page => {
            set.page = Some(fields("subscribed_fields"));
            success()
        }
        ("DELETE", [PAGE_ID, "subscribed_apps"]) if is_page => {
            set.page = None;
            success()
        }
        _ if bearer == Some(EXPIRED_TOKEN) => error(400, 190, 463),
        _ => error(400, 100, 0),
    }
}

/// An endpoint that answers the handshake of that verify token. Gives its address.
pub fn hook() -> FakeApi {
    FakeApi::start(|asked| {
        let url = url::Url::parse(&format!("http://host{}", asked.target)).unwrap();
        let says =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        match says("hub.verify_token").as_deref() == Some(VERIFY_TOKEN) {
            true => Reply::Json(200, says("hub.challenge").unwrap()),
            false => Reply::Json(403, "no".to_owned()),
        }
    })
}
