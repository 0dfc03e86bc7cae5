//! Journals and accounts: what was borrowed of one account is never put back into another one's settings.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Run, Waiting};
use crate::{command, journals};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
const REAL: &str = "https://app.example/callback/messenger";
const THEIRS: &str = "https://account-b.example/cb";

/// An API with two accounts, and the settings of the one that `other-key` opens.
fn two_accounts() -> (Partner, Arc<Mutex<World>>) {
    let other = Arc::new(Mutex::new(World::new().with("callbackMessengerUrl", json!(THEIRS))));
    let theirs = other.clone();
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        (asked.authorization == "Bearer other-key").then(|| theirs.lock().unwrap().answer(asked))
    });
    (partner, other)
}

fn kill(home: &Home, partner: &Partner, options: &[&str]) {
    let mut waiting = Waiting::start(command(home, partner, &[options, &AUTHORIZE].concat()));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
}

#[test]
fn another_account_of_the_same_profile_and_api_is_left_alone_and_told_the_value() {
    let home = Home::new();
    let (partner, other) = two_accounts();
    kill(&home, &partner, &[]);
    let left = journals(&home);
    let with_other = |arguments: &[&str]| {
        let mut command = command(&home, &partner, arguments);
        command.env("SOCIALCHAT_API_KEY", "other-key");
        command
    };
    let untouched = || {
        assert_eq!(other.lock().unwrap().settings["callbackMessengerUrl"], THEIRS);
        assert_eq!(journals(&home), left);
        assert!(partner.callback("messenger").contains("127.0.0.1"), "the other's is still borrowed");
    };
    for arguments in [&["channels", "list"][..], &["whoami"], &["callback", "show"], &["callback", "restore"]]
    {
        let run = Run::of(with_other(arguments)).exits(0);
        assert!(run.stderr.contains("of another account of this API"), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stderr.matches(REAL).count(), 1, "named once: {}", run.stderr);
        untouched();
    }
    assert_eq!(Run::of(with_other(&["--json", "callback", "restore"])).exits(0).json()["restored"], 0);
    // A sign-in of the other account goes its own way.
    let waiting = Waiting::start(with_other(&AUTHORIZE));
    let ours = other.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
    crate::support::http("GET", &format!("{ours}?token={TOKEN}"), "", "");
    waiting.end().exits(0);
    untouched();
    // Its own credentials put it back.
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn a_login_with_another_key_leaves_what_the_first_one_borrowed() {
    let home = Home::new();
    let (partner, other) = two_accounts();
    kill(&home, &partner, &[]);
    let run = home.run_with(&["--api-url", partner.url(), "login", "--api-key-stdin"], "other-key").exits(0);
    assert!(run.stderr.contains(REAL), "{}", run.stderr);
    assert_eq!(other.lock().unwrap().settings["callbackMessengerUrl"], THEIRS);
    assert_eq!(journals(&home).len(), 1);
}

#[test]
fn a_new_key_of_the_same_account_puts_back_where_the_api_shows_our_address() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    kill(&home, &partner, &[]);
    let mut renewed = command(&home, &partner, &["--json", "callback", "restore"]);
    renewed.env("SOCIALCHAT_API_KEY", "renewed-key");
    assert_eq!(Run::of(renewed).exits(0).json()["restored"], 1);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn another_profile_of_the_same_account_puts_back_what_the_first_one_left() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    kill(&home, &partner, &["--profile", "first"]);
    let run = Run::of(command(&home, &partner, &["--profile", "second", "channels", "list"])).exits(0);
    assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn sign_ins_of_two_folders_that_were_killed_are_undone_one_after_the_other() {
    // In whichever order: the journal with the only copy of the real value stays until it is back.
    for first in ["one", "two"] {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let folder = |name: &str| home.dir.path().join(name).to_str().unwrap().to_owned();
        kill(&home, &partner, &["--config-dir", &folder("one")]);
        kill(&home, &partner, &["--config-dir", &folder("two")]);
        let list = |name: &str| {
            let arguments = ["--config-dir", &folder(name), "channels", "list"];
            Run::of(command(&home, &partner, &arguments)).exits(0)
        };
        if first == "one" {
            let run = list("one");
            assert!(run.stderr.contains("the temporary address of another sign-in"), "{}", run.stderr);
            assert!(run.stderr.contains(REAL), "{}", run.stderr);
            assert_eq!(journals(&home).len(), 2);
        }
        list("two");
        list("one");
        assert_eq!(partner.settings(), World::new().settings, "{first}");
        assert!(journals(&home).is_empty(), "{first}");
    }
}
