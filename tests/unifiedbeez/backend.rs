//! The back end as the contract describes it: `connect` redirects to Facebook's dialog, and what a person does there the
//! tests do themselves.

use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::support::{Answer, Asked, FakeApi, Home, Reply, Run, Waiting, http};

/// The session, which no output may hold.
pub const SESSION: &str = "s%3Acanary-session-0123456789";
/// What the listing leaks, and no output may hold either.
pub const CANARY: &str = "canary-EAAB";
/// Where the dialog is.
pub const DIALOG: &str = "https://www.facebook.com/v26.0/dialog/oauth?client_id=1&state=dialog-state";

/// Which guide's back end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guide {
    /// January 2026: `type`, and no `origin`.
    One,
    /// April 2026: `origin`, and no `type`; Instagram has a controller of its own.
    Two,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: u64,
    pub instagram: bool,
    pub page: &'static str,
    pub name: &'static str,
    /// As `isActive`; not told where null.
    pub active: Value,
    pub updated: u32,
}

#[derive(Debug)]
pub struct World {
    pub guide: Guide,
    pub accounts: Vec<Account>,
    /// The last sign-in that was begun: its path and the base of the way back.
    pub begun: Option<(String, Option<String>)>,
}

/// The ids of the two channels. Those of accounts begin at 11: 12 is both.
pub const MESSENGER: u64 = 12;
pub const INSTAGRAM: u64 = 13;

pub fn page(id: u64, page: &'static str, name: &'static str, active: bool) -> Account {
    Account { id, instagram: false, page, name, active: active.into(), updated: 1 }
}

pub fn instagram(id: u64, page: &'static str, name: &'static str, active: bool) -> Account {
    Account { instagram: true, ..page_of(id, page, name, active) }
}

fn page_of(id: u64, name_id: &'static str, name: &'static str, active: bool) -> Account {
    page(id, name_id, name, active)
}

pub fn refusal(status: u16, message: impl Into<Value>) -> Reply {
    let message: Value = message.into();
    Reply::Json(status, json!({ "statusCode": status, "message": message, "error": "X" }).to_string())
}

/// Redirects, with further header lines.
pub fn redirect(location: &str, more: &str) -> Reply {
    Reply::With(302, format!("Location: {location}\r\n{more}"), String::new())
}

type Meddle = dyn Fn(&Asked, &mut World) -> Option<Reply> + Send + Sync;

pub struct Backend {
    api: FakeApi,
    world: Arc<Mutex<World>>,
}

impl Backend {
    /// With these accounts.
    pub fn start(guide: Guide, accounts: &[Account]) -> Backend {
        Backend::meddled(guide, accounts, |_, _| None)
    }

    /// Likewise; `meddle` may answer in its place.
    pub fn meddled(
        guide: Guide,
        accounts: &[Account],
        meddle: impl Fn(&Asked, &mut World) -> Option<Reply> + Send + Sync + 'static,
    ) -> Backend {
        let world = World { guide, accounts: accounts.to_vec(), begun: None };
        let world = Arc::new(Mutex::new(world));
        let shared = world.clone();
        let meddle: Box<Meddle> = Box::new(meddle);
        let api = FakeApi::start(move |asked| {
            let mut world = shared.lock().unwrap();
            meddle(asked, &mut world).unwrap_or_else(|| world.answer(asked))
        });
        Backend { api, world }
    }

    pub fn url(&self) -> String {
        format!("{}/api/v1", self.api.url.trim_end_matches("/partner"))
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// The program on it.
    pub fn command(&self, home: &Home, arguments: &[&str]) -> Command {
        let mut command = home.command(arguments);
        command.env("SOCIALCHAT_API_URL", self.url());
        command.env("SOCIALCHAT_PLATFORM", "unifiedbeez");
        command.env("UNIFIEDBEEZ_SESSION", SESSION);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(&Home::new(), arguments)).clean()
    }

    /// The program waiting for a sign-in that nobody opens by itself.
    pub fn waiting(&self, arguments: &[&str]) -> Waiting {
        let arguments = [arguments, &["--no-browser"]].concat();
        Waiting::start(self.command(&Home::new(), &arguments))
    }

    /// What it was asked beside the lists: `METHOD /path?query`, below the base.
    pub fn asked(&self) -> Vec<String> {
        let all = self.api.asked().into_iter();
        let line = |asked: Asked| format!("{} {}", asked.method, asked.target.trim_start_matches("/api/v1"));
        all.map(line).filter(|line| line != "GET /channels/selected").collect()
    }

    /// Everything it was asked, whole.
    pub fn requests(&self) -> Vec<Asked> {
        self.api.asked()
    }

    /// Where the browser is to come back to.
    pub fn way_back(&self) -> String {
        let (path, origin) = self.world().begun.clone().expect("a sign-in was begun");
        format!("{}{path}", origin.expect("it said where to return to"))
    }

    /// Comes back there as a browser does, with this behind the path.
    pub fn come_back(&self, result: &str) -> Answer {
        visit(&format!("{}{result}", self.way_back()))
    }
}

/// What a browser does that goes to an address of ours.
pub fn visit(url: &str) -> Answer {
    http("GET", url, "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", "")
}

impl World {
    /// The account is connected, as by a consent: anew where it is there.
    pub fn consent(&mut self, account: Account) {
        match self.accounts.iter_mut().find(|old| old.page == account.page) {
            Some(old) => (old.active, old.updated) = (true.into(), old.updated + 1),
            None => self.accounts.push(account),
        }
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let Some(path) = path.strip_prefix("/api/v1/") else { return refusal(404, "Cannot find it") };
        if asked.authorization != format!("Bearer {SESSION}") {
            return refusal(401, "Session expired");
        }
        let segments: Vec<&str> = path.split('/').collect();
        let newer = self.guide == Guide::Two;
        match (asked.method.as_str(), segments.as_slice()) {
            ("GET", ["auth", "profile"]) => {
                Reply::Json(200, json!({"id": 7, "email": "sari@example.com"}).to_string())
            }
            ("GET", ["channels", "selected"]) => Reply::Json(200, self.selected().to_string()),
            ("GET", ["channels", "available", "all"]) => Reply::Json(200, available().to_string()),
            ("GET", ["auth", "facebook", "pages"]) if newer => self.of_kind(false),
            ("GET", ["auth", "instagram", "accounts"]) if newer => self.of_kind(true),
            ("GET", ["auth", "facebook", "connect"]) => self.connect(asked, query, false),
            ("GET", ["auth", "instagram", "connect"]) if newer => self.connect(asked, query, true),
            ("DELETE", ["auth", "facebook", "account", id]) => self.remove(id, !newer),
            ("DELETE", ["auth", "instagram", "account", id]) if newer => self.remove_instagram(id),
            ("DELETE", ["auth", "facebook", "channel", id]) if *id == MESSENGER.to_string() => {
                self.accounts.retain(|account| account.instagram);
                Reply::Json(200, json!({"success": true, "message": "Channel disconnected"}).to_string())
            }
            _ => refusal(404, format!("Cannot {} {}", asked.method, asked.target)),
        }
    }

    /// Strict: what the guide doesn't have is refused.
    fn connect(&mut self, asked: &Asked, query: &str, is_instagram: bool) -> Reply {
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let known: &[&str] = match self.guide {
            Guide::One => &["redirect_path", "type"],
            Guide::Two => &["redirect_path", "origin"],
        };
        let odd: Vec<Value> = pairs
            .iter()
            .filter(|(name, _)| !known.contains(name))
            .map(|(name, _)| format!("property {name} should not exist").into())
            .collect();
        if !odd.is_empty() {
            return refusal(400, odd);
        }
        let get = |wanted: &str| {
            let (_, value) = pairs.iter().find(|(name, _)| *name == wanted)?;
            Some(value.replace("%2F", "/").replace("%3A", ":"))
        };
        if self.guide == Guide::One && !matches!(get("type").as_deref(), Some("messenger" | "instagram")) {
            return refusal(
                400,
                vec![Value::from("type must be one of the following values: messenger, instagram")],
            );
        }
        let origin = get("origin").or_else(|| asked.header("origin").map(str::to_owned));
        self.begun = Some((get("redirect_path").unwrap(), origin));
        let host =
            if is_instagram { "https://www.instagram.com/oauth/authorize?client_id=1" } else { DIALOG };
        redirect(host, "Set-Cookie: session_id=renewed; HttpOnly\r\n")
    }

    /// One account of the kind; the older back end knows both by the one call.
    fn remove(&mut self, id: &str, both: bool) -> Reply {
        let is_it = |account: &Account| account.id.to_string() == id && (both || !account.instagram);
        self.remove_that(is_it)
    }

    fn remove_instagram(&mut self, id: &str) -> Reply {
        self.remove_that(|account| account.id.to_string() == id && account.instagram)
    }

    fn remove_that(&mut self, is_it: impl Fn(&Account) -> bool) -> Reply {
        match self.accounts.iter().position(is_it) {
            Some(place) => {
                self.accounts.remove(place);
                Reply::Json(200, String::new())
            }
            None => refusal(404, "Account not found"),
        }
    }

    fn of_kind(&self, is_instagram: bool) -> Reply {
        let of_kind = self.accounts.iter().filter(|account| account.instagram == is_instagram);
        Reply::Json(200, json!({ "data": of_kind.map(Account::listed).collect::<Vec<_>>() }).to_string())
    }

    /// Both channels have the same `channelType`, as it is documented, and secrets at every depth.
    pub fn selected(&self) -> Value {
        let channel = |id: u64, slug: &str, is_instagram: bool| {
            let accounts = self.accounts.iter().filter(|account| account.instagram == is_instagram);
            json!({
                "id": id, "userId": 7, "availableChannelId": 3, "channelName": "Ours", "isActive": true,
                "isConnected": true, "canSend": true, "connectedAt": "2026-06-01T01:00:00.000Z",
                "credentials": { "pageAccessToken": CANARY, "anything": CANARY },
                "availableChannel": { "id": 3, "name": slug, "displayName": "Ours", "channelType": "FACEBOOK_MESSENGER" },
                "facebookAccounts": accounts.map(Account::listed).collect::<Vec<_>>(),
            })
        };
        let mut channels = Vec::new();
        for (id, slug, is_instagram) in
            [(MESSENGER, "facebook_messenger", false), (INSTAGRAM, "instagram_direct", true)]
        {
            if self.accounts.iter().any(|account| account.instagram == is_instagram) {
                channels.push(channel(id, slug, is_instagram));
            }
        }
        json!({ "channels": channels, "grouped": { "social": [{ "pageAccessToken": CANARY }] } })
    }
}

impl Account {
    fn listed(&self) -> Value {
        let mut listed = json!({
            "id": self.id, "connectedChannelId": if self.instagram { INSTAGRAM } else { MESSENGER },
            "pageId": self.page, "pageName": self.name, "isActive": self.active,
            "pageAccessToken": CANARY, "credentials": { "x": CANARY },
            "verificationStatus": "VERIFIED", "updatedAt": format!("2026-07-01T00:00:{:02}.000Z", self.updated),
        });
        if self.instagram {
            listed["pageId"] = format!("9{}", self.page).into();
            listed["instagramAccountId"] = self.page.into();
        }
        listed
    }
}

fn available() -> Value {
    let access =
        json!({ "allowed": false, "blockedBy": "plan", "reason": "Upgrade to Business to use Messenger" });
    json!({ "userPlan": "free", "categories": { "social": { "channels": [
        { "id": 3, "name": "facebook_messenger", "access": access },
        { "id": 4, "name": "instagram_direct", "access": { "allowed": true, "reason": null } },
    ] } } })
}

/// Nothing secret may be in what is printed, whatever is run.
pub trait Clean {
    fn clean(self) -> Self;
}

impl Clean for Run {
    #[track_caller]
    fn clean(self) -> Run {
        for secret in ["canary", "dialog-state-secret"] {
            assert!(!self.stdout.contains(secret) && !self.stderr.contains(secret), "{self:?}");
        }
        self
    }
}
