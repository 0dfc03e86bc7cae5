//! reconnect: one sign-in, a fresh token for each channel that is meant.

#[cfg(unix)]
mod all_kinds;
mod many;
#[cfg(unix)]
mod pace;
#[cfg(unix)]
mod records;
#[cfg(unix)]
mod resume;
mod shard;
mod token_dies;

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::person::{BATIK, ROTI, SENJA, names, requests, token, token_of_pages, with_token};
use crate::support::{Home, Run, Served};

/// Ten Pages, of which the first six are connected, and the first two of those loose.
fn estate(home: &Home) -> Served {
    home.run(&["sandbox", "reset", "--pages", "10", "--channels", "6", "--disconnected", "2"]).exits(0);
    Served::start(home, &[])
}

fn reconnect(home: &Home, sandbox: &Served, token: &str, arguments: &[&str]) -> Run {
    Run::of(with_token(home, sandbox, token, &[&["--json", "reconnect", "messenger"], arguments].concat()))
}

fn channels(home: &Home, sandbox: &Served, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["--json", "channels", "list"], arguments].concat();
    Run::of(home.against(&sandbox.api_url, &arguments)).exits(0).json()["channels"]
        .as_array()
        .unwrap()
        .clone()
}

fn ids(channels: &[Value]) -> Vec<String> {
    channels.iter().map(|channel| channel["_id"].as_str().unwrap().to_owned()).collect()
}

fn sent(sandbox: &Served) -> usize {
    sandbox.log().iter().filter(|line| line.contains(" POST /partner/channel/")).count()
}

#[test]
fn those_that_came_loose_are_mended_and_no_others() {
    let home = Home::new();
    let sandbox = estate(&home);
    let token = token(&sandbox, "messenger");
    let loose = channels(&home, &sandbox, &["--disconnected"]);
    assert_eq!(loose.len(), 2);
    let run = reconnect(&home, &sandbox, &token, &["--disconnected"]).exits(0);
    let document = run.json();
    assert_eq!(names(&document), ["kind", "results", "summary", "lost", "next"]);
    assert_eq!(document["summary"], json!({ "reconnected": 2 }));
    for (result, channel) in document["results"].as_array().unwrap().iter().zip(&loose) {
        let expected = json!({
            "_id": channel["_id"], "channelId": channel["channelId"], "name": channel["name"],
            "action": "reconnected", "error": null,
        });
        assert_eq!(*result, expected);
        assert_eq!(names(result), ["_id", "channelId", "name", "action", "error"]);
    }
    assert_eq!(sent(&sandbox), 2);
    assert!(channels(&home, &sandbox, &["--disconnected"]).is_empty());
    // And when there is nothing left to mend, that is no failure.
    let run = reconnect(&home, &sandbox, &token, &["--disconnected"]).exits(0);
    let nothing = json!({ "kind": "messenger", "results": [], "summary": {}, "lost": null, "next": null });
    assert_eq!(run.json(), nothing);
    assert!(run.stderr.contains("No Messenger channel is disconnected."), "{}", run.stderr);
    // Nobody has to sign in for it, and no token is needed.
    for arguments in [&["reconnect", "messenger", "--disconnected"][..], &["reconnect", "instagram", "--all"]]
    {
        let arguments = [arguments, &["--json"]].concat();
        Run::of(home.against(&sandbox.api_url, &arguments)).exits(0);
    }
}

#[test]
fn all_or_some_of_them_by_id_each_once() {
    let home = Home::new();
    let sandbox = estate(&home);
    let token = token(&sandbox, "messenger");
    let all = ids(&channels(&home, &sandbox, &[]));
    let run = reconnect(&home, &sandbox, &token, &["--all"]).exits(0);
    assert_eq!(ids(run.json()["results"].as_array().unwrap()), all);
    let run =
        reconnect(&home, &sandbox, &token, &[&all[3], &all[1], &all[3], &all[1].to_uppercase()]).exits(0);
    assert_eq!(ids(run.json()["results"].as_array().unwrap()), [all[3].clone(), all[1].clone()]);
    assert_eq!(sent(&sandbox), 6 + 2);
    for conflict in [
        vec!["--all", "--disconnected"],
        vec![all[0].as_str(), "--all"],
        vec![all[0].as_str(), "--disconnected"],
    ] {
        reconnect(&home, &sandbox, &token, &conflict).exits(2);
    }
    // More ids than are read one by one.
    let twelve: Vec<&str> = all.iter().chain(&all).map(String::as_str).collect();
    let run = reconnect(&home, &sandbox, &token, &twelve).exits(0);
    assert_eq!(ids(run.json()["results"].as_array().unwrap()), all);
}

#[test]
fn for_people_it_is_a_table() {
    let home = Home::new();
    let sandbox = estate(&home);
    let token = token(&sandbox, "messenger");
    let run =
        Run::of(with_token(&home, &sandbox, &token, &["reconnect", "messenger", "--disconnected"])).exits(0);
    assert_eq!(run.stdout.matches("\nreconnected").count(), 2, "{}", run.stdout);
    assert!(run.stderr.contains("2 reconnected\n"), "{}", run.stderr);
}

#[test]
fn a_dry_run_tells_and_sends_nothing() {
    let home = Home::new();
    let sandbox = estate(&home);
    // With Pages of the sandbox's own making, the first has the same id as the first of the default's.
    let token = token_of_pages(&sandbox, "messenger", &[SENJA]);
    let run = reconnect(&home, &sandbox, &token, &["--all", "--dry-run"]).exits(5);
    assert_eq!(run.json()["dryRun"], true);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 6);
    for result in results {
        let expected = if result["channelId"] == SENJA { "would-reconnect" } else { "would-fail" };
        assert_eq!(result["action"], expected, "only one is covered: {result}");
    }
    let run = Run::of(with_token(&home, &sandbox, &token, &["reconnect", "messenger", "--all", "--dry-run"]))
        .exits(5);
    assert!(run.stdout.contains("would reconnect") && run.stdout.contains("would fail"), "{}", run.stdout);
    assert!(
        run.stderr.contains("1 would reconnect, 5 would fail\nerror: 5 of 6 channels would fail\n"),
        "{}",
        run.stderr
    );
    assert_eq!(sent(&sandbox), 0);
}

#[test]
fn a_channel_of_another_kind_is_named_before_anybody_signs_in() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let all = channels(&home, &sandbox, &[]);
    let instagram = all[0]["_id"].as_str().unwrap();
    let arguments = ["--json", "--yes", "reconnect", "messenger", instagram, "--no-browser"];
    let error = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2).error();
    assert_eq!(error["code"], "usage");
    assert!(error["message"].as_str().unwrap().contains("is an Instagram channel"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(&format!("reconnect instagram {instagram}")), "{error}");
    assert_eq!(requests(&sandbox, "GET", "/partner/channel/messenger/authorize"), 0);
}

#[test]
fn an_unknown_id_is_told_before_anybody_signs_in_and_a_name_gets_near_ones() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let reconnect = |what: &str| {
        let arguments = ["--json", "--yes", "reconnect", "instagram", what, "--no-browser"];
        Run::of(home.against(&sandbox.api_url, &arguments)).exits(1).error()
    };
    let error = reconnect("000000000000000000000000");
    assert!(
        error["message"].as_str().unwrap().contains("no such channel: 000000000000000000000000"),
        "{error}"
    );
    let error = reconnect("Batik");
    assert!(error["hint"].as_str().unwrap().contains("Batik Sekar Arum"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("6a1cd9cc5a4db00000000001"), "{error}");
    assert_eq!(requests(&sandbox, "PUT", "/partner"), 0);
    assert_eq!(requests(&sandbox, "GET", "/partner/channel/instagram/authorize"), 0);
    // An exact name of only one is as good as its id.
    let token = token(&sandbox, "instagram");
    let arguments = ["--json", "reconnect", "instagram", "Batik Sekar Arum"];
    let run = Run::of(with_token(&home, &sandbox, &token, &arguments)).exits(0);
    assert_eq!(run.json()["results"][0]["_id"], "6a1cd9cc5a4db00000000001");
}

#[test]
fn what_the_sign_in_does_not_cover_is_reported_and_nothing_is_sent_for_it() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let all = token(&sandbox, "messenger");
    let connect = ["connect", "messenger", "--page", SENJA, "--page", BATIK, "--page", ROTI];
    Run::of(with_token(&home, &sandbox, &all, &connect)).exits(0);
    let before = sent(&sandbox);
    let some = token_of_pages(&sandbox, "messenger", &[SENJA]);
    let run = reconnect(&home, &sandbox, &some, &["--all"]).exits(5);
    assert!(run.stderr.contains("doesn't cover 2 of 3"), "{}", run.stderr);
    let results = run.json()["results"].as_array().unwrap().clone();
    let of = |id: &str| results.iter().find(|result| result["channelId"] == id).unwrap().clone();
    assert_eq!(of(SENJA)["action"], "reconnected");
    for id in [BATIK, ROTI] {
        assert_eq!(of(id)["action"], "failed");
        assert!(of(id)["error"]["hint"].as_str().unwrap().contains("ticked"), "{}", of(id));
        assert_eq!(
            requests(
                &sandbox,
                "POST",
                &format!("/partner/channel/messenger/{}", of(id)["_id"].as_str().unwrap())
            ),
            0
        );
    }
    assert_eq!(sent(&sandbox), before + 1);
    // The warning comes before anything is sent; people see it above the table.
    let run = Run::of(with_token(&home, &sandbox, &some, &["reconnect", "messenger", "--all"])).exits(5);
    assert!(run.stdout.contains("failed") && run.stdout.contains("reconnected"), "{}", run.stdout);
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "10", "--channels", "6"]).exits(0);
    let fault = "POST /partner/channel/messenger/*=403*1;message=account not same";
    let sandbox = Served::start(&home, &["--fault", fault]);
    let token = token(&sandbox, "messenger");
    let run = reconnect(&home, &sandbox, &token, &["--all", "--concurrency", "1"]).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.iter().filter(|result| result["action"] == "reconnected").count(), 5);
    assert!(
        results[0]["error"]["hint"].as_str().unwrap().contains("sign in with the one that owns it"),
        "{}",
        results[0]
    );
    assert_eq!(run.error()["code"], "partial");
}

#[test]
fn without_a_choice_and_a_terminal_it_names_the_options() {
    let home = Home::new();
    let sandbox = estate(&home);
    let arguments = ["--json", "--yes", "reconnect", "messenger", "--no-browser"];
    let error = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2).error();
    assert_eq!(error["code"], "usage");
    for option in ["--all", "--disconnected"] {
        assert!(error["hint"].as_str().unwrap().contains(option), "{error}");
    }
    assert_eq!(requests(&sandbox, "GET", "/partner/channel/messenger/authorize"), 0);
    // Nor is a person with a browser missed before.
    let error =
        Run::of(home.against(&sandbox.api_url, &["--json", "reconnect", "messenger"])).exits(2).error();
    assert!(error["hint"].as_str().unwrap().contains("--disconnected"), "{error}");
    // With a choice it is that person who is missing, and nothing is begun.
    let arguments = ["--json", "reconnect", "messenger", "--disconnected"];
    let error = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2).error();
    assert!(error["message"].as_str().unwrap().contains("browser"), "{error}");
    let error = Run::of(home.against(&sandbox.api_url, &["--json", "reconnect", "messenger", "--resume"]));
    assert!(error.exits(2).error()["message"].as_str().unwrap().contains("no unfinished run"));
}

#[test]
fn the_token_is_read_from_stdin_once_the_channels_are_known() {
    let home = Home::new();
    let sandbox = estate(&home);
    let token = token(&sandbox, "messenger");
    let with_token = |arguments: &[&str]| {
        let arguments = [&["--json", "reconnect", "messenger", "--token-stdin"], arguments].concat();
        let mut command = home.against(&sandbox.api_url, &arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Where nothing is to be done it may be gone already.
        let _ = child.stdin.take().unwrap().write_all(token.as_bytes());
        Run::from(child.wait_with_output().unwrap())
    };
    let run = with_token(&["--disconnected"]).exits(0);
    assert_eq!(run.json()["results"].as_array().unwrap().len(), 2);
    assert_eq!(with_token(&["--disconnected"]).exits(0).json()["results"], json!([]));
    with_token(&["--all", "--dry-run"]).exits(0);
}

#[test]
fn the_answer_that_is_lost_is_looked_up() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "4", "--channels", "4", "--disconnected", "4"]).exits(0);
    let sandbox = Served::start(&home, &["--fault", "POST /partner/channel/messenger/*=lost*2"]);
    let token = token(&sandbox, "messenger");
    let run = reconnect(&home, &sandbox, &token, &["--all"]).exits(0);
    assert!(run.json()["results"].as_array().unwrap().iter().all(|result| result["action"] == "reconnected"));
    assert_eq!(sent(&sandbox), 4, "what was done is not sent again");
}
