//! sandbox serve --platform unifiedbeez, as others use it.

mod channels;
mod described;
mod session;
mod sign_in;

use serde_json::Value;

use crate::support::{Answer, Home, Served, http};

const SESSION: &str = "sandbox-session";

/// A sandbox on a state of its own.
struct Beez {
    home: Home,
    served: Served,
}

impl Beez {
    fn new() -> Beez {
        Beez::with(&[])
    }

    fn with(options: &[&str]) -> Beez {
        let home = Home::new();
        let served = Served::start(&home, &[&["--platform", "unifiedbeez"], options].concat());
        Beez { home, served }
    }

    /// The generation of January 2026.
    fn older() -> Beez {
        Beez::with(&["--generation", "guide-1"])
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.served.api_url)
    }

    /// A request without a session.
    fn plain(&self, method: &str, path: &str, body: &str) -> Answer {
        http(method, &self.url(path), "Content-Type: application/json\r\n", body)
    }

    /// A request with the Bearer session.
    fn ask(&self, method: &str, path: &str) -> Answer {
        self.ask_as(SESSION, method, path)
    }

    fn ask_as(&self, session: &str, method: &str, path: &str) -> Answer {
        http(method, &self.url(path), &format!("Authorization: Bearer {session}\r\n"), "")
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// All accounts of `/channels/selected`, as slug, id, Page's or account's own id, and whether its token works.
    fn accounts(&self) -> Vec<(String, u64, String, bool)> {
        let selected = self.get("/channels/selected");
        let mut all = Vec::new();
        for channel in selected["channels"].as_array().unwrap() {
            let slug = channel["availableChannel"]["name"].as_str().unwrap();
            for account in channel["facebookAccounts"].as_array().unwrap() {
                let own = account["pageId"].as_str().or(account["instagramAccountId"].as_str()).unwrap();
                let (id, is_active) =
                    (account["id"].as_u64().unwrap(), account["isActive"].as_bool().unwrap());
                all.push((slug.to_owned(), id, own.to_owned(), is_active));
            }
        }
        all
    }

    /// The id of the channel with this slug.
    fn channel(&self, slug: &str) -> Option<u64> {
        let selected = self.get("/channels/selected");
        let mut channels = selected["channels"].as_array().unwrap().iter();
        let found = channels.find(|channel| channel["availableChannel"]["name"] == slug)?;
        found["id"].as_u64()
    }

    /// The dialog that a connect address leads to.
    fn dialog(&self, path: &str) -> String {
        let answer = self.ask("GET", path);
        assert_eq!(answer.status, 302, "{path}: {}", answer.body);
        answer.header("location").unwrap().to_owned()
    }

    /// Through the dialog and the callback, as a browser goes: where it ends.
    fn allow(&self, dialog: &str, form: &str) -> String {
        let sent = http("POST", dialog, "Content-Type: application/x-www-form-urlencoded\r\n", form);
        assert_eq!(sent.status, 303, "{}", sent.body);
        let callback = sent.header("location").unwrap();
        let (address, fragment) = callback.split_once('#').unwrap();
        assert_eq!(fragment, "_=_");
        let back = http("GET", address, "", "");
        assert_eq!(back.status, 302);
        back.header("location").unwrap().to_owned()
    }
}

/// The status and the messages of an error.
#[track_caller]
fn error(answer: &Answer) -> (u16, String) {
    let body: Value =
        serde_json::from_str(&answer.body).unwrap_or_else(|why| panic!("{why}: {}", answer.body));
    assert_eq!(body["statusCode"], answer.status);
    assert!(body["error"].is_string(), "{body}");
    let message = match &body["message"] {
        Value::Array(all) => all.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("; "),
        one => one.as_str().unwrap().to_owned(),
    };
    (answer.status, message)
}
