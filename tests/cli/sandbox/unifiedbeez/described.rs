//! Every operation of the contract, called well and badly: each answer is as the file says.

use serde_json::{Value, json};

use super::super::contract::Contract;
use super::Beez;
use crate::support::{Answer, http};

const CARRIED: &str = include_str!("../../../../src/sandbox/unifiedbeez/openapi.yaml");

/// Calls and checks.
struct Checked<'a> {
    beez: &'a Beez,
    contract: Contract,
}

impl Checked<'_> {
    fn of(beez: &Beez) -> Checked<'_> {
        let contract = Contract::served(&beez.served.origin(), &beez.served.api_url, CARRIED);
        Checked { beez, contract }
    }

    fn hold(&self, method: &str, described: &str, answer: Answer) -> Answer {
        self.contract.check(method, described, &answer);
        answer
    }

    /// With a session, and then without.
    fn ask(&self, method: &str, described: &str, path: &str) -> Answer {
        let without = self.hold(method, described, self.beez.plain(method, path, ""));
        assert_eq!(without.status, 401, "{path}");
        self.hold(method, described, self.beez.ask(method, path))
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.hold("POST", path, self.beez.plain("POST", path, &body.to_string()))
    }

    fn sessions(&self) {
        let password = "sandbox-password";
        self.post("/auth/login", &json!({ "email": "demo@example.com", "password": password }));
        self.post("/auth/login", &json!({ "email": "demo@example.com", "password": "x" }));
        self.post("/auth/login", &json!({ "username": "x" }));
        let demand = self.post("/auth/login", &json!({ "email": "2fa@example.com", "password": password }));
        let demand: Value = serde_json::from_str(&demand.body).unwrap();
        let token = &demand["tempToken"];
        self.post("/auth/2fa/backup-email", &json!({ "tempToken": token }));
        self.post("/auth/2fa/backup-email", &json!({ "tempToken": "x" }));
        for (temporary, code) in [(token, "0"), (token, "123456"), (&json!("x"), "123456")] {
            self.post("/auth/2fa/verify", &json!({ "tempToken": temporary, "token": code, "type": "totp" }));
        }
        self.ask("GET", "/auth/profile", "/auth/profile");
        self.ask("POST", "/auth/logout", "/auth/logout");
    }

    fn lists(&self) {
        for path in ["/channels/selected", "/channel-accounts", "/channels/available/all"] {
            assert_eq!(self.ask("GET", path, path).status, 200, "{path}");
        }
        let bad = self.beez.ask("GET", "/channel-accounts?limit=1000");
        assert_eq!(self.hold("GET", "/channel-accounts", bad).status, 400);
    }

    /// The callback of a sign-in that begins here, well and badly.
    fn callback(&self, described: &str, connect: &str) {
        for form in ["decision=allow&scope=all", "decision=deny"] {
            let dialog = self.beez.dialog(connect);
            let sent = http("POST", &dialog, "Content-Type: application/x-www-form-urlencoded\r\n", form);
            let callback = sent.header("location").unwrap().trim_end_matches("#_=_");
            assert!(callback.contains(&format!("{described}?")), "{callback}");
            self.hold("GET", described, http("GET", callback, "", ""));
        }
        self.hold("GET", described, self.beez.plain("GET", &format!("{described}?state=x"), ""));
    }

    fn delete(&self, described: &str, id: u64, status: u16) {
        let at = |id: &str| format!("{}/{id}", described.rsplit_once('/').unwrap().0);
        assert_eq!(self.ask("DELETE", described, &at(&id.to_string())).status, status);
        assert_eq!(self.ask("DELETE", described, &at(&id.to_string())).status, 404);
        assert_eq!(self.ask("DELETE", described, &at("x")).status, 400);
    }
}

#[test]
fn every_answer_of_the_newer_generation_is_as_described() {
    let beez = Beez::new();
    let checked = Checked::of(&beez);
    checked.sessions();
    checked.lists();
    for kind in ["facebook", "instagram"] {
        let path = format!("/auth/{kind}/connect");
        let connect = format!("{path}?redirect_path=%2Fcb&origin=http%3A%2F%2Flocalhost%3A1");
        assert_eq!(checked.ask("GET", &path, &connect).status, 302);
        assert_eq!(checked.ask("GET", &path, &path).status, 400);
        checked.callback(&format!("/auth/{kind}/callback"), &connect);
    }
    for path in ["/auth/facebook/pages", "/auth/instagram/accounts"] {
        assert_eq!(checked.ask("GET", path, path).status, 200);
    }
    let id = |slug: &str| beez.accounts().into_iter().find(|(own, ..)| own == slug).unwrap().1;
    checked.delete("/auth/facebook/account/{accountId}", id("facebook_messenger"), 200);
    checked.delete("/auth/instagram/account/{accountId}", id("instagram_direct"), 204);
    checked.delete("/auth/facebook/channel/{channelId}", beez.channel("facebook_messenger").unwrap(), 200);
    checked.contract.is_all_met(&["/auth/facebook/callback", "/auth/instagram/callback"]);
}

#[test]
fn every_answer_of_the_older_generation_is_as_described() {
    let beez = Beez::older();
    let checked = Checked::of(&beez);
    checked.sessions();
    checked.lists();
    let path = "/auth/facebook/connect";
    for kind in ["messenger", "instagram"] {
        let connect = format!("{path}?redirect_path=%2Fcb&type={kind}");
        assert_eq!(checked.ask("GET", path, &connect).status, 302);
        checked.callback("/auth/facebook/callback", &connect);
    }
    assert_eq!(checked.ask("GET", path, &format!("{path}?redirect_path=%2Fcb&type=fax")).status, 400);
    for path in ["/auth/instagram/connect", "/auth/facebook/pages", "/auth/instagram/accounts"] {
        assert_eq!(checked.hold("GET", path, beez.ask("GET", path)).status, 404, "{path}");
    }
    let (_, id, ..) = beez.accounts()[0];
    checked.delete("/auth/facebook/account/{accountId}", id, 200);
}
