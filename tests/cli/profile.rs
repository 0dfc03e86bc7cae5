//! profile list, use, remove, and what whoami says of an account.

use serde_json::{Value, json};

use crate::estate::{Estate, YEARS};
use crate::support::{FakeApi, Home, Reply, Run, Served, Waiting};

/// An API that takes everything, and has no channels.
fn welcoming() -> FakeApi {
    FakeApi::start(|_| Reply::Json(200, r#"{"docs":[],"hasNextPage":false}"#.to_owned()))
}

fn log_in(home: &Home, api: &FakeApi, profile: &str) {
    let arguments = ["--profile", profile, "--api-url", &api.url, "login", "--api-key-stdin"];
    home.run_with(&arguments, &format!("canary-key-of-{profile}")).exits(0);
}

fn config(home: &Home) -> String {
    std::fs::read_to_string(home.config().join("config.toml")).unwrap_or_default()
}

#[test]
fn the_list_shows_each_account_where_its_credentials_are_and_which_is_the_default() {
    let home = Home::new();
    assert_eq!(home.run(&["--json", "profile", "list"]).exits(0).json(), json!({ "profiles": [] }));
    assert!(home.run(&["profile", "list"]).exits(0).stderr.contains("no saved accounts"));
    let (first, second) = (welcoming(), welcoming());
    log_in(&home, &first, "default");
    log_in(&home, &second, "agency-b");
    let text = config(&home) + "\n[profile.planned]\n";
    std::fs::write(home.config().join("config.toml"), text).unwrap();
    let asked = (first.asked().len(), second.asked().len());
    let profile = |name: &str, url: &str, source: Value, default: bool| json!({ "profile": name, "platform": "socialchat", "apiUrl": url, "credentials": source, "default": default });
    let file = json!({ "source": "file" });
    let run = home.run(&["--json", "profile", "list"]).exits(0);
    assert_eq!(
        run.json()["profiles"],
        json!([
            profile("agency-b", &second.url, file.clone(), false),
            profile("default", &first.url, file, true),
            profile("planned", "https://api.socialchat.id/partner", Value::Null, false),
        ])
    );
    let shown = home.run(&["profile", "list"]).exits(0);
    assert!(!format!("{}{}{}", shown.stdout, shown.stderr, run.stdout).contains("canary"), "{shown:?}");
    let line = shown.stdout.lines().find(|line| line.starts_with("default ")).unwrap();
    assert!(line.contains(&first.url) && line.matches("default").count() == 2, "{line}");
    assert_eq!((first.asked().len(), second.asked().len()), asked, "no API is asked");
}

#[test]
fn the_chosen_one_is_used_where_none_is_named() {
    let home = Home::new();
    let (first, second) = (welcoming(), welcoming());
    log_in(&home, &first, "default");
    log_in(&home, &second, "agency-b");
    let chosen = home.run(&["--json", "profile", "use", "agency-b"]).exits(0);
    assert_eq!(chosen.json(), json!({ "profile": "agency-b", "default": true }));
    let who = |arguments: &[&str], variable: &str| {
        let mut command = home.command(&[arguments, &["--json", "whoami"]].concat());
        command.env("SOCIALCHAT_PROFILE", variable);
        Run::of(command).exits(0).json()["profile"].as_str().unwrap().to_owned()
    };
    assert_eq!(who(&[], ""), "agency-b");
    assert_eq!(who(&["--profile", "default"], ""), "default", "the option wins");
    assert_eq!(who(&[], "default"), "default", "so does the variable");
    assert_eq!(who(&["--sandbox"], ""), "sandbox");
    home.run(&["profile", "use", "default"]).exits(0);
    assert_eq!(who(&[], ""), "default");
}

#[test]
fn an_unknown_one_is_not_found_and_the_near_one_is_named() {
    let home = Home::new();
    log_in(&home, &welcoming(), "agency-b");
    let before = config(&home);
    for command in ["use", "remove"] {
        let error = home.run(&["--json", "--yes", "profile", command, "agenci-b"]).exits(1).error();
        assert_eq!(error["code"], "not-found");
        assert!(error["hint"].as_str().unwrap().starts_with("did you mean agency-b?"), "{error}");
    }
    assert_eq!(config(&home), before);
}

#[test]
fn a_configuration_that_cannot_be_read_sends_nobodys_stored_key_anywhere() {
    let home = Home::new();
    let api = welcoming();
    log_in(&home, &api, "default");
    let asked = api.asked().len();
    std::fs::write(home.config().join("config.toml"), "default-profile = \"agency-b\n").unwrap();
    // The address is given, and so the file is needed for nothing else than who is meant.
    let error = home.run(&["--json", "--api-url", &api.url, "whoami"]).exits(2).error();
    assert!(error["message"].as_str().unwrap().contains("config.toml"), "{error}");
    home.run(&["--api-url", &api.url, "--profile", "default", "whoami"]).exits(0);
    assert_eq!(api.asked().len(), asked + 1);
}

#[test]
fn removing_one_takes_its_credentials_and_its_entry_after_a_yes() {
    let home = Home::new();
    let (first, second) = (welcoming(), welcoming());
    log_in(&home, &first, "default");
    log_in(&home, &second, "agency-b");
    home.run(&["profile", "use", "agency-b"]).exits(0);
    let error = home.run(&["--json", "profile", "remove", "agency-b"]).exits(2).error();
    assert_eq!(error["hint"], "pass --yes");
    let planned = home.run(&["--json", "profile", "remove", "agency-b", "--dry-run"]).exits(0);
    assert_eq!(planned.json(), json!({ "profile": "agency-b", "dryRun": true, "removed": false }));
    home.run(&["--profile", "agency-b", "whoami"]).exits(0);

    let removed = home.run(&["--json", "--yes", "profile", "remove", "agency-b"]).exits(0);
    assert_eq!(removed.json(), json!({ "profile": "agency-b", "removed": true }));
    let left = home.files().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(left.into_iter().all(|text| !text.contains("agency-b")), "nothing of it is left in any file");
    // It was the default.
    assert_eq!(home.run(&["--json", "whoami"]).exits(0).json()["profile"], "default");
}

#[cfg(unix)]
#[test]
fn one_that_has_something_borrowed_stays() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let arguments = ["--profile", "b", "--api-url", &sandbox.api_url, "login", "--api-key-stdin"];
    home.run_with(&arguments, "sandbox-api-key").exits(0);
    let mut waiting =
        Waiting::start(home.command(&["--profile", "b", "--yes", "authorize", "messenger", "--no-browser"]));
    let remove = || home.run(&["--json", "--yes", "profile", "remove", "b"]).exits(1).error();
    assert!(remove()["message"].as_str().unwrap().contains("messenger callback URL"), "while it lives");
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    assert!(remove()["hint"].as_str().unwrap().contains("--profile b callback restore"), "left behind");
    home.run(&["--profile", "b", "callback", "restore"]).exits(0);
    home.run(&["--yes", "profile", "remove", "b"]).exits(0);
}

#[test]
fn whoami_counts_the_channels_with_one_request() {
    for year in YEARS {
        let estate = Estate::new(year, 7, 5, 2, &[]);
        let before = estate.served.log().len();
        let who = estate.run(&["--json", "whoami"]).exits(0).json();
        assert_eq!(who["platform"], "socialchat");
        assert_eq!(who["channels"], json!({ "total": 5, "disconnected": 2 }));
        assert_eq!(estate.served.log().len() - before, 1, "{:?}", estate.served.log());
        let shown = estate.run(&["whoami"]).exits(0);
        assert!(shown.stdout.contains("5, 2 disconnected"), "{}", shown.stdout);
        assert!(shown.stdout.contains("socialchat"), "{}", shown.stdout);
    }
    // Of many, what the API tells beside the first.
    let estate = Estate::new("2026", 130, 130, 7, &[]);
    let before = estate.served.log().len();
    let who = estate.run(&["--json", "whoami"]).exits(0).json();
    assert_eq!(who["channels"], json!({ "total": 130, "disconnected": null }));
    assert_eq!(estate.served.log().len() - before, 1);
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::tty::Terminal;

    #[test]
    fn enter_alone_removes_nothing() {
        let home = Home::new();
        log_in(&home, &welcoming(), "agency-b");
        for (typed, code) in [("\r", 130), ("y\r", 0)] {
            let mut terminal = Terminal::of_size(24, 80, &home.command(&["profile", "remove", "agency-b"]));
            terminal.wait_for("Remove profile agency-b and its credentials (in the file)? [y/N]");
            terminal.send(typed);
            terminal.end().exits(code);
            let left = config(&home).contains("agency-b");
            assert_eq!(left, code == 130);
        }
    }
}
