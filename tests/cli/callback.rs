//! callback show, set, restore: the account-wide settings.

use serde_json::json;

use crate::person::{requests, with_pair};
use crate::support::{FakeApi, Home, Reply, Run, Served};

#[test]
fn show_gives_the_settings_as_the_api_holds_them() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let settings = json!({
        "webhookUrl": "https://app.example.com/hook",
        "webhookSecondaryUrls": ["https://b.example/1", "https://b.example/2"],
        "callbackMessengerUrl": "https://app.example.com/m",
    });
    sandbox.api("PUT", "/partner", &settings.to_string());
    let run = Run::of(home.against(&sandbox.api_url, &["callback", "show", "--json"])).exits(0);
    let mut expected = settings;
    expected["callbackInstagramUrl"] = json!(null);
    assert_eq!(run.json(), expected);
    let run = Run::of(home.against(&sandbox.api_url, &["callback", "show"])).exits(0);
    for text in [
        "https://app.example.com/hook",
        "https://b.example/1",
        "https://b.example/2",
        "https://app.example.com/m",
    ] {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
    assert!(run.stdout.contains("Instagram callback  not set"), "{}", run.stdout);
}

#[test]
fn set_changes_what_is_named_and_shows_all() {
    let home = Home::new();
    // A server that replaces: what isn't written back would be gone.
    let sandbox = Served::start(&home, &["--put", "replace"]);
    let set = |arguments: &[&str]| {
        Run::of(home.against(&sandbox.api_url, &[&["--json", "callback", "set"], arguments].concat()))
            .exits(0)
            .json()
    };
    assert_eq!(
        set(&["--messenger", "https://a.example/m"]),
        json!({
            "webhookUrl": null,
            "webhookSecondaryUrls": null,
            "callbackMessengerUrl": "https://a.example/m",
            "callbackInstagramUrl": null,
        })
    );
    assert_eq!(
        set(&["--instagram", "https://a.example/i", "--webhook", "https://a.example/w"]),
        json!({
            "webhookUrl": "https://a.example/w",
            "webhookSecondaryUrls": null,
            "callbackMessengerUrl": "https://a.example/m",
            "callbackInstagramUrl": "https://a.example/i",
        })
    );
    let after = set(&["--messenger", ""]);
    assert_eq!(after["callbackMessengerUrl"].as_str().unwrap_or(""), "", "unset: {after}");
    assert_eq!(after["webhookUrl"], "https://a.example/w");
    let run =
        Run::of(home.against(&sandbox.api_url, &["callback", "set", "--messenger", "https://a.example/2"]))
            .exits(0);
    assert!(run.stdout.contains("Messenger callback  https://a.example/2"), "{}", run.stdout);
}

#[test]
fn set_refuses_what_is_no_address_before_it_asks_the_api() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    for arguments in [
        vec![],
        vec!["--messenger", "nonsense"],
        vec!["--instagram", "http://app.example.com/i"],
        vec!["--webhook", "ftp://app.example.com/"],
        vec!["--messenger", "https://user:pass@app.example.com/"],
    ] {
        let arguments = [vec!["--json", "callback", "set"], arguments].concat();
        let run = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2);
        assert_eq!(run.error()["code"], "usage");
    }
    assert_eq!(requests(&sandbox, "GET", "/partner") + requests(&sandbox, "PUT", "/partner"), 0);
}

#[test]
fn a_refusal_of_the_api_is_told_in_its_words() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--fault", "PUT /partner=403;message=invalid body request"]);
    let arguments = ["--json", "callback", "set", "--messenger", "https://a.example/m"];
    let error = Run::of(home.against(&sandbox.api_url, &arguments)).exits(1).error();
    assert_eq!((&error["code"], &error["status"]), (&json!("api"), &json!(403)));
    assert!(error["hint"].as_str().unwrap().contains("callback show"), "{error}");
    // What was refused isn't remembered as set.
    let config = std::fs::read_to_string(home.config().join("config.toml")).unwrap_or_default();
    assert!(!config.contains("a.example"), "{config}");
}

#[test]
fn restore_says_when_there_is_nothing_to_put_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let run = Run::of(home.against(&sandbox.api_url, &["callback", "restore"])).exits(0);
    assert!(run.stderr.contains("nothing to restore"), "{}", run.stderr);
    let run = Run::of(home.against(&sandbox.api_url, &["callback", "restore", "--json"])).exits(0);
    assert_eq!(run.json(), json!({ "restored": 0, "changedByOthers": [], "notRestored": [] }));
}

#[cfg(unix)]
#[test]
fn restore_puts_back_what_a_killed_sign_in_left_behind() {
    use crate::support::Waiting;
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let before = "https://app.example.com/callback/messenger";
    sandbox.api("PUT", "/partner", &json!({ "callbackMessengerUrl": before }).to_string());
    let mut waiting =
        Waiting::start(home.against(&sandbox.api_url, &["--yes", "authorize", "messenger", "--no-browser"]));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    let (_, left) = sandbox.api("GET", "/partner", "");
    assert!(left.contains("http://127.0.0.1:"), "{left}");
    let run = Run::of(home.against(&sandbox.api_url, &["callback", "restore", "--json"])).exits(0);
    assert_eq!(run.json(), json!({ "restored": 1, "changedByOthers": [], "notRestored": [] }));
    assert!(run.stderr.contains(before), "{}", run.stderr);
    let (_, now) = sandbox.api("GET", "/partner", "");
    assert!(now.contains(before), "{now}");
}

#[test]
fn in_2024_show_says_that_it_cannot_be_read_and_what_was_set_last() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--generation", "2024"]);
    let run = Run::of(with_pair(&home, &sandbox.api_url, &["callback", "show", "--json"])).exits(1);
    assert_eq!(run.error()["code"], "api");
    assert!(run.error()["message"].as_str().unwrap().contains("nothing"), "{}", run.error());
    let set = ["callback", "set", "--messenger", "https://a.example/m", "--webhook", "https://a.example/w"];
    let run = Run::of(with_pair(&home, &sandbox.api_url, &set)).exits(0);
    assert!(run.stderr.contains("remembers"), "{}", run.stderr);
    let run = Run::of(with_pair(&home, &sandbox.api_url, &["callback", "show"])).exits(1);
    assert!(run.stderr.contains("messenger: https://a.example/m"), "{}", run.stderr);
}

#[test]
fn a_web_page_in_the_place_of_the_settings_is_a_wrong_url_and_no_api_of_2024() {
    for status in [404, 405] {
        let home = Home::new();
        let page = "<!doctype html><title>Not found</title>";
        let api = FakeApi::start(move |_| Reply::Json(status, page.to_owned()));
        for arguments in [
            &["callback", "show"][..],
            &["callback", "set", "--messenger", "https://a.example/m"],
            &["--yes", "authorize", "messenger", "--no-browser"],
        ] {
            let run = Run::of(home.against(&api.url, arguments)).exits(1);
            assert!(run.stderr.contains("check the API URL"), "{}", run.stderr);
        }
        assert!(api.asked().iter().all(|asked| asked.method == "GET"), "nothing is written");
    }
}
