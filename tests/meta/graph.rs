//! A Graph API as the contract has it: one app, one Page, one person. Each token is refused where it doesn't belong, each
//! call without its proof, and every address that holds a token.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use ring::hmac;
use serde_json::{Value, json};

use crate::support::{Asked, FakeApi, Home, Reply, Run};

pub const APP: &str = "138000000000000001";
pub const SECRET: &str = "canary-app-secret-0123456789abcdef";
/// The id of the Page, beyond what a number holds.
pub const PAGE: &str = "1002003004005006007";
pub const PAGE_TOKEN: &str = "EAABcanaryPAGEtoken0123456789abcdefghij";
pub const USER_TOKEN: &str = "EAABcanaryUSERtoken0123456789abcdefghij";
/// What a Messenger channel needs.
pub const NEEDED: &str =
    "messages,messaging_postbacks,messaging_optins,message_deliveries,message_reads,messaging_referrals";

/// What Meta remembers, and how it answers.
pub struct World {
    /// Of the object `page`: callback and fields.
    pub app: Option<(String, Vec<String>)>,
    /// What the app is sent of the Page.
    pub page: Option<Vec<String>>,
    /// What `debug_token` says of the Page's token.
    pub info: Value,
    /// Whether it takes a POST for the GET that it says it is.
    pub takes_form: bool,
    /// The app's "Require App Secret".
    pub demands_proof: bool,
    /// What a POST that has done its work answers.
    pub success: String,
    /// Of the person: the batches of Pages, each with whether more is announced.
    pub batches: Vec<Vec<Value>>,
}

pub struct Graph {
    /// Of whoever runs the program against it.
    pub home: Home,
    api: FakeApi,
    world: Arc<Mutex<World>>,
}

/// What a test has answered in the world's place; nothing where the world does.
type Instead = dyn Fn(&Asked, &mut World) -> Option<Reply> + Send + Sync;

impl Graph {
    pub fn start() -> Graph {
        Graph::with(|_, _| None)
    }

    pub fn with(instead: impl Fn(&Asked, &mut World) -> Option<Reply> + Send + Sync + 'static) -> Graph {
        let world = Arc::new(Mutex::new(World {
            app: None,
            page: None,
            info: info(&["pages_messaging", "pages_manage_metadata", "pages_show_list"]),
            takes_form: true,
            demands_proof: false,
            success: r#"{"success":true}"#.to_owned(),
            batches: vec![vec![json!({ "id": PAGE, "name": "Shop", "access_token": PAGE_TOKEN })]],
        }));
        let (shared, instead): (_, Box<Instead>) = (world.clone(), Box::new(instead));
        let api = FakeApi::start(move |asked| {
            let mut world = shared.lock().unwrap();
            instead(asked, &mut world).unwrap_or_else(|| answer(asked, &mut world))
        });
        Graph { home: Home::new(), api, world }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Its address, without a version.
    pub fn url(&self) -> &str {
        self.api.url.trim_end_matches("/partner")
    }

    /// Everything it was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.api.asked()
    }

    /// `METHOD /path` of each, without the version and the query.
    pub fn calls(&self) -> Vec<String> {
        let call = |asked: &Asked| {
            let path = asked.target.split('?').next().unwrap();
            format!("{} {}", asked.method, path.strip_prefix("/v26.0").unwrap_or(path))
        };
        self.asked().iter().map(call).collect()
    }

    /// The calls that change something.
    pub fn changes(&self) -> Vec<String> {
        let changes = self.calls().into_iter();
        changes.filter(|call| !call.starts_with("GET ") && !call.ends_with("/debug_token")).collect()
    }

    /// The program with that Page's token and the app's credentials.
    pub fn command(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = self.without_app(home, arguments);
        command.env("META_APP_ID", APP).env("META_APP_SECRET", SECRET);
        command
    }

    /// With the Page's token alone.
    pub fn without_app(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = home.command(arguments);
        command.env("SOCIALCHAT_GRAPH_URL", self.url()).env("META_PAGE_TOKEN", PAGE_TOKEN);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(&self.home, arguments))
    }
}

/// What `debug_token` says of a good Page token with these permissions.
pub fn info(scopes: &[&str]) -> Value {
    json!({
        "app_id": APP, "type": "PAGE", "application": "Shop hooks", "is_valid": true, "expires_at": 0,
        "data_access_expires_at": 4_000_000_000u64, "scopes": scopes,
        "granular_scopes": [{ "scope": "pages_messaging", "target_ids": [PAGE] }],
        "profile_id": PAGE, "user_id": "55", "metadata": { "access_token": "canary-metadata-0123456789" },
    })
}

/// An error as Graph writes it.
pub fn error(code: i64, subcode: Option<i64>, message: &str) -> String {
    let mut error =
        json!({ "message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Axx" });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    json!({ "error": error }).to_string()
}

pub fn refused(code: i64, message: &str) -> Reply {
    Reply::Json(400, error(code, None, message))
}

fn ok(value: &Value) -> Reply {
    Reply::Json(200, value.to_string())
}

/// The parameters of a query or a form.
pub fn params(text: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

pub fn query(asked: &Asked) -> HashMap<String, String> {
    params(asked.target.split_once('?').map_or("", |(_, query)| query))
}

pub fn proof_of(secret: &str, token: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, token.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What Graph answers.
pub fn answer(asked: &Asked, world: &mut World) -> Reply {
    let path = asked.target.split('?').next().unwrap();
    let Some(path) = path.strip_prefix("/v26.0/") else { return refused(2500, "no version, or another") };
    let query = query(asked);
    let Some(token) = asked.authorization.strip_prefix("Bearer ") else {
        return refused(104, "An access token is required");
    };
    if let Some(proof) = query.get("appsecret_proof") {
        if *proof != proof_of(SECRET, token) {
            return refused(100, "Invalid appsecret_proof provided in the API argument");
        }
    } else if world.demands_proof {
        return refused(100, "API calls from the server require an appsecret_proof argument");
    }
    let app_token = format!("{APP}|{SECRET}");
    let form = params(&asked.body);
    let method = asked.method.as_str();
    match path {
        _ if !["debug_token", &format!("{APP}/subscriptions")].contains(&path)
            && token != PAGE_TOKEN
            && token != USER_TOKEN =>
        {
            Reply::Json(400, error(190, Some(467), "Invalid OAuth access token"))
        }
        "me" => {
            let fields = query.get("fields").cloned().unwrap_or_default();
            match token {
                PAGE_TOKEN => ok(&json!({ "id": PAGE, "name": "Shop", "category": "Shopping" })),
                _ if fields.contains("category") => {
                    refused(100, "(#100) Tried accessing nonexisting field (category)")
                }
                _ => ok(&json!({ "id": "55", "name": "Sari" })),
            }
        }
        "me/accounts" if token == USER_TOKEN => {
            let at: usize = query.get("after").map_or(0, |after| after.parse().unwrap());
            let mut list = json!({ "data": world.batches[at], "paging": { "cursors": { "before": "b" } } });
            if at + 1 < world.batches.len() {
                list["paging"]["cursors"]["after"] = json!((at + 1).to_string());
                list["paging"]["next"] =
                    json!(format!("https://other.example/?access_token={token}&after=9"));
            }
            ok(&list)
        }
        "debug_token" if token != app_token => refused(190, "Invalid OAuth access token signature."),
        "debug_token" if method == "GET" && query.contains_key("input_token") => {
            ok(&json!({ "data": world.info }))
        }
        "debug_token" if world.takes_form && form.get("method").is_some_and(|method| method == "GET") => {
            assert!(form.contains_key("input_token"));
            ok(&json!({ "data": world.info }))
        }
        "debug_token" => refused(100, "Unsupported post request."),
        path if path == format!("{PAGE}/subscribed_apps") => match method {
            _ if token != PAGE_TOKEN => refused(210, "(#210) A page access token is required"),
            "POST" => match form.get("subscribed_fields") {
                Some(fields) => {
                    world.page = Some(list(fields));
                    Reply::Json(200, world.success.clone())
                }
                None => refused(100, "(#100) The parameter subscribed_fields is required"),
            },
            "DELETE" => {
                world.page = None;
                Reply::Json(200, world.success.clone())
            }
            _ => {
                let other = json!({ "id": "77", "name": "Another app", "subscribed_fields": ["messages"] });
                let own = world
                    .page
                    .as_ref()
                    .map(|fields| json!({ "id": APP, "name": "Shop hooks", "subscribed_fields": fields }));
                let all: Vec<Value> = [other].into_iter().chain(own).collect();
                ok(&json!({ "data": all }))
            }
        },
        path if path == format!("{APP}/subscriptions") => match method {
            _ if token != app_token => refused(190, "Invalid OAuth access token signature."),
            "POST" => set_app(world, &form),
            "DELETE" if query.get("object").is_some_and(|object| object == "page") => {
                world.app = None;
                Reply::Json(200, world.success.clone())
            }
            "DELETE" => panic!("a DELETE without its object takes every subscription of the app"),
            _ => {
                let set = world.app.as_ref().map(|(url, fields)| {
                    let fields: Vec<Value> =
                        fields.iter().map(|name| json!({ "name": name, "version": "v26.0" })).collect();
                    json!({ "object": "page", "callback_url": url, "active": true, "fields": fields })
                });
                ok(&json!({ "data": set.into_iter().collect::<Vec<_>>() }))
            }
        },
        _ => refused(100, "Unsupported request. No such object"),
    }
}

fn list(joined: &str) -> Vec<String> {
    joined.split(',').map(str::to_owned).collect()
}

/// Meta asks the callback for a challenge of its own before it takes it.
fn set_app(world: &mut World, form: &HashMap<String, String>) -> Reply {
    assert_eq!(form.get("object").map(String::as_str), Some("page"));
    let (url, verify) = (&form["callback_url"], &form["verify_token"]);
    let joint = if url.contains('?') { '&' } else { '?' };
    let asked = format!("{url}{joint}hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={verify}");
    let (status, body) = met(&asked);
    if status != "200" {
        return refused(2200, "(#2200) callback verification failed");
    }
    if body != "1158201444" {
        return refused(2201, "(#2201) response does not match challenge");
    }
    world.app = Some((url.clone(), list(&form["fields"])));
    Reply::Json(200, world.success.clone())
}

/// One GET whose end is told by closing: the answer is closed then, too.
fn met(url: &str) -> (String, String) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
}
