//! --dry-run: nothing is sent that changes anything, and nobody is signed in.

use serde_json::{Value, json};

use crate::estate::Estate;
use crate::fake::{Deal, Fake};
use crate::person::{BATIK, ROTI, SENJA, token, with_token};
use crate::support::{Home, Run, Served};

/// Five Pages, of which one is connected.
fn one_connected(home: &Home) -> Served {
    let sandbox = Served::start(home, &[]);
    let token = token(&sandbox, "messenger");
    Run::of(with_token(home, &sandbox, &token, &["connect", "messenger", "--page", SENJA])).exits(0);
    sandbox
}

/// Requests that change something, or begin a sign-in.
fn changes(sandbox: &Served) -> Vec<String> {
    let is_one = |line: &String| !line.contains(" GET ") || line.contains("/authorize");
    sandbox.log().into_iter().filter(|line| line.contains(" /partner") && is_one(line)).collect()
}

fn told(document: &Value) -> Vec<(Value, Value, Value)> {
    let results = document["results"].as_array().unwrap().iter();
    results.map(|row| (row["channelId"].clone(), row["name"].clone(), row["action"].clone())).collect()
}

#[test]
fn without_a_token_connect_tells_what_can_be_known_and_what_can_not() {
    let home = Home::new();
    let sandbox = one_connected(&home);
    let before = changes(&sandbox);
    let dry = |arguments: &[&str]| {
        let arguments = [&["--json", "connect", "messenger", "--dry-run"], arguments].concat();
        let run = Run::of(home.against(&sandbox.api_url, &arguments)).exits(0);
        assert!(run.stderr.contains("it can't tell which Pages a sign-in covers"), "{}", run.stderr);
        run.json()
    };
    let document = dry(&["--page", SENJA, "--page", BATIK, "--page", "Toko Baru"]);
    assert_eq!(document["dryRun"], true);
    assert_eq!(
        told(&document),
        [
            (json!(SENJA), json!("Kopi Senja Bandung"), json!("would-reconnect")),
            (json!(BATIK), json!(null), json!("would-connect")),
            (json!(null), json!("Toko Baru"), json!("would-connect")),
        ]
    );
    assert_eq!(document["summary"], json!({ "would-reconnect": 1, "would-connect": 2 }));
    assert_eq!((&document["lost"], &document["next"]), (&json!(null), &json!(null)));
    for all in [&["--all", "--if-connected", "skip"][..], &["--if-connected", "skip"]] {
        assert_eq!(told(&dry(all)), [(json!(SENJA), json!("Kopi Senja Bandung"), json!("would-skip"))]);
    }
    assert_eq!(changes(&sandbox), before);
}

#[test]
fn without_a_token_reconnect_tells_its_targets_and_signs_nobody_in() {
    let estate = Estate::new("2026", 6, 5, 2, &[]);
    for arguments in [&["--disconnected"][..], &["--all"], &["--all", "--no-browser"], &["--all", "--paste"]]
    {
        let arguments = [&["--json", "--yes", "reconnect", "messenger", "--dry-run"], arguments].concat();
        let run = estate.run(&arguments).exits(0);
        assert!(run.stderr.contains("it can't tell which of these a sign-in covers"), "{}", run.stderr);
        let count = if arguments.contains(&"--all") { 5 } else { 2 };
        assert_eq!(run.json()["summary"], json!({ "would-reconnect": count }));
    }
    let run = estate.run(&["reconnect", "messenger", "--all", "--dry-run"]).exits(0);
    assert_eq!(run.stdout.matches("\nwould reconnect ").count(), 5, "{}", run.stdout);
    assert!(changes(&estate.served).is_empty(), "{:?}", changes(&estate.served));
}

#[test]
fn the_sandbox_consents_to_no_dry_run() {
    let home = Home::new();
    let run =
        home.run(&["--sandbox", "--yes", "--json", "connect", "instagram", "--all", "--dry-run"]).exits(0);
    assert_eq!(run.json()["summary"], json!({ "would-reconnect": 1 }), "that is connected: {}", run.stdout);
    assert!(!run.stderr.contains("consents"), "{}", run.stderr);
}

#[test]
fn one_that_would_fail_is_said_to() {
    for (covered, message) in [(3, "1 of 4 channels would fail"), (0, "all 4 channels would fail")] {
        let fake = Fake::start(4, covered, |_| Deal::Do);
        let home = Home::new();
        let dry = ["--json", "reconnect", "messenger", "--all", "--dry-run"];
        let run = Run::of(fake.command(&home, "t", &dry));
        assert_eq!(run.json()["summary"]["would-fail"], 4 - covered);
        assert_eq!((run.error()["message"].as_str(), &run.json()["next"]), (Some(message), &Value::Null));
        assert!(fake.arrivals().is_empty());
    }
}

#[test]
fn a_channel_is_not_deleted_either() {
    let estate = Estate::small("2026", &[]);
    let id = estate.id(0);
    let run = estate.run(&["--json", "disconnect", &id, "--dry-run"]).exits(0);
    assert_eq!(run.json()["summary"], json!({ "would-disconnect": 1 }));
    let run = estate.run(&["disconnect", &id, "--dry-run"]).exits(0);
    assert!(run.stdout.contains("\nwould disconnect "), "{}", run.stdout);
    assert!(changes(&estate.served).is_empty(), "{:?}", changes(&estate.served));
}

/// A sign-in that was killed leaves its address in the settings, and the next command puts the own one back.
#[cfg(unix)]
#[test]
fn nothing_is_put_back_either() {
    use crate::support::Waiting;
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    sandbox.api("PUT", "/partner", r#"{"callbackMessengerUrl":"https://app.example.com/callback"}"#);
    let sign_in = ["--yes", "connect", "messenger", "--all", "--no-browser"];
    let mut waiting = Waiting::start(home.against(&sandbox.api_url, &sign_in));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    let before = changes(&sandbox);
    for arguments in [
        &["connect", "messenger", "--page", ROTI, "--dry-run"][..],
        &["reconnect", "messenger", "--all", "--dry-run"],
    ] {
        Run::of(home.against(&sandbox.api_url, arguments)).exits(0);
    }
    assert_eq!(changes(&sandbox), before);
    Run::of(home.against(&sandbox.api_url, &["reconnect", "messenger", "--all"]));
    assert_ne!(changes(&sandbox), before, "where it isn't dry, it is put back");
}
