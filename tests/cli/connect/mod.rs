//! connect: from the sign-in to the result.

mod all;
mod chats;
mod official;
mod telegram;
#[cfg(unix)]
mod whatsapp;

use serde_json::{Value, json};

use crate::person::{
    BATIK, BATIK_TOO, BENGKEL, ROTI, SENJA, names, requests, token, token_of_pages, with_token,
};
use crate::support::{Home, Run, Served, Waiting, consent, http};

#[test]
fn the_main_job_runs_on_the_sandbox_alone() {
    let home = Home::new();
    let run = home.run(&["--sandbox", "--yes", "--json", "connect", "messenger", "--all"]).exits(0);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 5);
    assert!(
        results.iter().all(|result| result["action"] == "connected" && result["_id"].is_string()),
        "{results:?}"
    );
    let listed = home.run(&["--sandbox", "--json", "channels", "list", "--kind", "messenger"]).exits(0);
    assert_eq!(listed.json()["total"], 5);
}

#[test]
fn a_person_elsewhere_signs_in_and_the_callback_is_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let before = "https://app.example.com/callback/messenger";
    sandbox.api("PUT", "/partner", &format!(r#"{{"callbackMessengerUrl":"{before}"}}"#));
    let waiting = Waiting::start(
        home.against(&sandbox.api_url, &["--yes", "--json", "connect", "messenger", "--all", "--no-browser"]),
    );
    let callback = consent(&waiting.authorize_url, "scope=all&decision=allow");
    assert_eq!(http("GET", &callback, "", "").status, 200);
    let run = waiting.end().exits(0);
    assert_eq!(run.json()["results"].as_array().unwrap().len(), 5);
    let (_, settings) = sandbox.api("GET", "/partner", "");
    assert!(settings.contains(before), "{settings}");
}

/// `connect messenger` with a token for everything, as JSON.
fn connect(home: &Home, sandbox: &Served, token: &str, arguments: &[&str]) -> Run {
    Run::of(with_token(home, sandbox, token, &[&["--json", "connect", "messenger"], arguments].concat()))
}

fn actions(run: &Run) -> Vec<(String, String)> {
    let field = |result: &Value, name: &str| result[name].as_str().unwrap_or_default().to_owned();
    let results = run.json()["results"].as_array().unwrap().clone();
    results.iter().map(|result| (field(result, "channelId"), field(result, "action"))).collect()
}

fn channels(home: &Home, sandbox: &Served) -> Vec<Value> {
    let run = Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list", "--kind", "messenger"]))
        .exits(0);
    run.json()["channels"].as_array().unwrap().clone()
}

fn pair(id: &str, action: &str) -> (String, String) {
    (id.to_owned(), action.to_owned())
}

#[test]
fn the_document_has_the_promised_fields() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let run = connect(&home, &sandbox, &token, &["--page", SENJA]).exits(0);
    let document = run.json();
    assert_eq!(names(&document), ["kind", "results"]);
    assert_eq!(document["kind"], "messenger");
    let result = &document["results"][0];
    assert_eq!(names(result), ["_id", "channelId", "name", "action", "error"]);
    let id = channels(&home, &sandbox)[0]["_id"].clone();
    assert_eq!(
        *result,
        json!({ "_id": id, "channelId": SENJA, "name": "Kopi Senja Bandung", "action": "connected", "error": null })
    );
}

#[test]
fn for_people_it_is_a_table() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let run =
        Run::of(with_token(&home, &sandbox, &token, &["connect", "messenger", "--page", BENGKEL])).exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("RESULT"), "{}", run.stdout);
    assert!(
        lines[1].starts_with("connected")
            && lines[1].contains("Bengkel Jaya Motor")
            && lines[1].contains(BENGKEL)
    );
}

#[test]
fn pages_are_chosen_by_id_by_name_and_several_times() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let arguments = [
        "--page",
        BATIK_TOO,
        "--page",
        "Kopi Senja Bandung",
        "--page",
        SENJA,
        "--page",
        "Toko Roti Mawar 🌹",
    ];
    let run = connect(&home, &sandbox, &token, &arguments).exits(0);
    assert_eq!(
        actions(&run),
        [pair(BATIK_TOO, "connected"), pair(SENJA, "connected"), pair(ROTI, "connected")],
        "each once"
    );
    assert_eq!(channels(&home, &sandbox).len(), 3);
}

#[test]
fn nothing_is_guessed() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let error = connect(&home, &sandbox, &token, &["--page", "Batik Sekar Arum"]).exits(2).error();
    assert_eq!(error["code"], "usage");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains(BATIK) && hint.contains(BATIK_TOO) && !hint.contains(SENJA), "{hint}");
    assert!(hint.starts_with("--page with one of these: "), "{hint}");
    for unknown in ["kopi senja bandung", "Kopi", "104872913558", " ", ""] {
        let error = connect(&home, &sandbox, &token, &["--page", unknown]).exits(2).error();
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.starts_with("--page with one of these: ") && hint.contains(SENJA), "{error}");
    }
    // One that is unknown stops the others too, before anything is sent.
    connect(&home, &sandbox, &token, &["--page", SENJA, "--page", "unknown"]).exits(2);
    assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), 0);
    home.run(&["--sandbox", "connect", "messenger", "--all", "--page", "x"]).exits(2);
    // Of many, as many as can be read; and where all are.
    home.run(&["sandbox", "reset", "--pages", "40"]).exits(0);
    let token = crate::person::token(&sandbox, "messenger");
    let error = connect(&home, &sandbox, &token, &["--page", "unknown"]).exits(2).error();
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.ends_with(" and 10 more (`socialchat-cli pages messenger` lists all)"), "{hint}");
}

#[test]
fn without_a_choice_and_a_terminal_it_lists_what_there_is() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    for option in ["--no-input", "--yes"] {
        let error = connect(&home, &sandbox, &token, &[option]).exits(2).error();
        assert_eq!(error["code"], "usage");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("--all") && hint.contains("--page"), "{hint}");
        for page in [SENJA, BATIK, ROTI, BENGKEL, BATIK_TOO, "Kopi Senja Bandung"] {
            assert!(hint.contains(page), "{page}: {hint}");
        }
    }
    assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), 0);
}

#[test]
fn nothing_to_choose_from_is_explained() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--pages", "0"]);
    let token = token(&sandbox, "messenger");
    for arguments in [vec!["--all"], vec![], vec!["--page", "x"]] {
        let error = connect(&home, &sandbox, &token, &arguments).exits(1).error();
        let hint = error["hint"].as_str().unwrap();
        assert!(error["message"].as_str().unwrap().contains("covers no Messenger Page"), "{error}");
        assert!(hint.contains("tick") && hint.contains("admin") && hint.contains("portfolio"), "{hint}");
    }
}

#[test]
fn twice_never_makes_a_second_channel() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let first = connect(&home, &sandbox, &token, &["--all"]).exits(0);
    let second = connect(&home, &sandbox, &token, &["--all"]).exits(0);
    assert!(actions(&second).iter().all(|(_, action)| action == "reconnected"), "{second:?}");
    let ids = |run: &Run| {
        run.json()["results"].as_array().unwrap().iter().map(|r| r["_id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ids(&second));
    assert_eq!(channels(&home, &sandbox).len(), 5);
    assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), 5, "only the first time");
}

#[test]
fn what_happens_to_connected_ones_is_chosen() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    connect(&home, &sandbox, &token, &["--page", SENJA]).exits(0);
    let id = channels(&home, &sandbox)[0]["_id"].as_str().unwrap().to_owned();
    let reconnects = || requests(&sandbox, "POST", &format!("/partner/channel/messenger/{id}"));

    let run = connect(&home, &sandbox, &token, &["--page", SENJA, "--if-connected", "skip"]).exits(0);
    assert_eq!((actions(&run), reconnects()), (vec![pair(SENJA, "skipped")], 0));
    assert_eq!(run.json()["results"][0]["_id"], id.as_str());

    let run = connect(&home, &sandbox, &token, &["--page", SENJA, "--if-connected", "fail"]).exits(1);
    assert_eq!((actions(&run), reconnects()), (vec![pair(SENJA, "failed")], 0));
    assert!(run.error()["hint"].as_str().unwrap().contains("--if-connected"), "{}", run.error());

    let arguments = ["--page", SENJA, "--page", ROTI, "--if-connected", "fail"];
    let run = connect(&home, &sandbox, &token, &arguments).exits(5);
    assert_eq!(actions(&run), [pair(SENJA, "failed"), pair(ROTI, "connected")]);

    let run = connect(&home, &sandbox, &token, &["--page", SENJA, "--if-connected", "reconnect"]).exits(0);
    assert_eq!((actions(&run), reconnects()), (vec![pair(SENJA, "reconnected")], 1));
    home.run(&["--sandbox", "connect", "messenger", "--all", "--if-connected", "ask"]).exits(2);
}

#[test]
fn a_dry_run_tells_and_sends_nothing() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    connect(&home, &sandbox, &token, &["--page", SENJA]).exits(0);
    let posts = || sandbox.log().iter().filter(|line| line.contains(" POST /partner/")).count();
    let before = posts();
    let run = connect(&home, &sandbox, &token, &["--all", "--dry-run"]).exits(0);
    let expected = [SENJA, BATIK, ROTI, BENGKEL, BATIK_TOO]
        .map(|id| pair(id, if id == SENJA { "reconnected" } else { "connected" }));
    assert_eq!(actions(&run), expected);
    assert_eq!(run.json()["dryRun"], true, "so that nobody takes it for done");
    let arguments = ["connect", "messenger", "--all", "--dry-run", "--if-connected", "skip"];
    let run = Run::of(with_token(&home, &sandbox, &token, &arguments)).exits(0);
    assert!(run.stdout.contains("would skip") && run.stdout.contains("would connect"), "{}", run.stdout);
    assert_eq!(posts(), before);
    assert_eq!(channels(&home, &sandbox).len(), 1);
}

#[test]
fn when_one_fails_the_others_are_done_and_it_says_which_and_why() {
    for json in [true, false] {
        let home = Home::new();
        let sandbox = Served::start(&home, &["--fault", "POST /partner/channel/messenger=402*1"]);
        let token = token(&sandbox, "messenger");
        // One after another, so that it is the first which meets the fault.
        let arguments = ["connect", "messenger", "--all", "--concurrency", "1"];
        if json {
            let run = connect(&home, &sandbox, &token, &arguments[2..]).exits(5);
            let results = run.json()["results"].as_array().unwrap().clone();
            assert_eq!(results.len(), 5);
            assert_eq!((&results[0]["action"], &results[0]["_id"]), (&json!("failed"), &json!(null)));
            let error = &results[0]["error"];
            assert_eq!(names(error), ["code", "message", "originalMessage", "status", "hint"]);
            assert_eq!((&error["code"], &error["status"]), (&json!("api"), &json!(402)));
            assert!(
                results[1..]
                    .iter()
                    .all(|result| result["action"] == "connected" && result["error"].is_null())
            );
            assert_eq!(run.error()["code"], "partial");
            assert!(run.error()["message"].as_str().unwrap().contains("1 of 5"), "{}", run.error());
        } else {
            let run = Run::of(with_token(&home, &sandbox, &token, &arguments)).exits(5);
            assert!(run.stdout.lines().nth(1).unwrap().starts_with("failed"), "{}", run.stdout);
            assert_eq!(run.stdout.matches("\nconnected").count(), 4, "{}", run.stdout);
            assert!(
                run.stderr.contains("Kopi Senja Bandung") && run.stderr.contains("limit integration reached")
            );
        }
        assert_eq!(channels(&home, &sandbox).len(), 4);
        connect(&home, &sandbox, &token, &["--all", "--if-connected", "skip"]).exits(0);
        assert_eq!(channels(&home, &sandbox).len(), 5, "run again, those done stay done");
    }
}

#[test]
fn when_the_only_one_or_all_fail_the_exit_code_is_1() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--fault", "POST /partner/channel/messenger=402"]);
    let token = token(&sandbox, "messenger");
    let run = connect(&home, &sandbox, &token, &["--page", SENJA]).exits(1);
    assert_eq!((&run.error()["code"], &run.error()["status"]), (&json!("api"), &json!(402)));
    assert!(run.error()["hint"].as_str().unwrap().contains("plan"), "{}", run.error());
    connect(&home, &sandbox, &token, &["--all"]).exits(1);
}

#[test]
fn a_page_of_another_account_is_explained() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "3", "--foreign", "1"]).exits(0);
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let run = connect(&home, &sandbox, &token, &["--all"]).exits(5);
    let failed = run.json()["results"][2].clone();
    assert_eq!(failed["action"], "failed");
    let english =
        failed["error"]["originalMessage"].as_str().or(failed["error"]["message"].as_str()).unwrap();
    assert!(english.contains("already connected with another account"), "{failed}");
    assert!(failed["error"]["hint"].as_str().unwrap().contains("another Socialchat account"), "{failed}");
}

#[test]
fn the_answer_that_is_lost_makes_no_second_channel_and_no_failure() {
    let home = Home::new();
    for fault in ["lost*2", "reset*2", "504*2"] {
        home.run(&["sandbox", "reset"]).exits(0);
        let sandbox = Served::start(&home, &["--fault", &format!("POST /partner/channel/messenger={fault}")]);
        let token = token(&sandbox, "messenger");
        let run = connect(&home, &sandbox, &token, &["--all"]).exits(0);
        assert!(actions(&run).iter().all(|(_, action)| action == "connected"), "{fault}: {run:?}");
        assert!(run.json()["results"].as_array().unwrap().iter().all(|result| result["_id"].is_string()));
        assert_eq!(channels(&home, &sandbox).len(), 5, "{fault}");
    }
}

#[test]
fn any_number_of_pages_is_connected_and_the_ids_are_learnt_once_for_all() {
    for count in [1, 25, 26] {
        let home = Home::new();
        let sandbox = Served::start(&home, &["--pages", &count.to_string()]);
        let token = token(&sandbox, "messenger");
        let run = connect(&home, &sandbox, &token, &["--all"]).exits(0);
        assert_eq!(actions(&run).len(), count);
        assert!(run.json()["results"].as_array().unwrap().iter().all(|result| result["_id"].is_string()));
        assert_eq!(requests(&sandbox, "GET", "/partner/channel"), 2, "before and after, of {count}");
        assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), count);
    }
}

#[test]
fn a_thousand_pages_are_connected() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--pages", "1000"]);
    let token = token(&sandbox, "messenger");
    let run = connect(&home, &sandbox, &token, &["--all", "--concurrency", "16"]).exits(0);
    let results = actions(&run);
    assert_eq!(results.len(), 1000);
    assert!(results.iter().all(|(_, action)| action == "connected"));
    assert_eq!(channels(&home, &sandbox).len(), 1000);
}

#[test]
fn instagram_reconnects_the_one_that_is_connected_already() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "instagram");
    let run =
        Run::of(with_token(&home, &sandbox, &token, &["--json", "connect", "instagram", "--all"])).exits(0);
    assert_eq!(run.json()["kind"], "instagram");
    let mut actions = actions(&run);
    actions.sort_by(|a, b| a.1.cmp(&b.1));
    assert_eq!(
        actions.iter().map(|(_, action)| action.as_str()).collect::<Vec<_>>(),
        ["connected", "connected", "reconnected"]
    );
}

#[test]
fn only_what_is_covered_can_be_chosen() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token_of_pages(&sandbox, "messenger", &[SENJA]);
    let error = connect(&home, &sandbox, &token, &["--page", ROTI]).exits(2).error();
    assert!(error["message"].as_str().unwrap().contains(ROTI), "{error}");
    let run = connect(&home, &sandbox, &token, &["--all"]).exits(0);
    assert_eq!(actions(&run), [pair(SENJA, "connected")]);
}

#[test]
fn one_connect_asks_for_nothing_twice() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let arguments = ["--yes", "connect", "messenger", "--page", SENJA, "--no-browser"];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    http("GET", &consent(&waiting.authorize_url, "scope=all&decision=allow"), "", "");
    waiting.end().exits(0);
    for (method, path, count) in [
        ("GET", "/partner/channel/messenger/authorize", 1),
        ("GET", "/partner/channel/messenger/account", 1),
        ("POST", "/partner/channel/messenger", 1),
        // What was connected before, and the new _id.
        ("GET", "/partner/channel", 2),
        // The callback: borrowed, and put back.
        ("PUT", "/partner", 2),
        // Before it is borrowed and after (beside the authorize URL), before it is put back and after.
        ("GET", "/partner", 4),
    ] {
        assert_eq!(requests(&sandbox, method, path), count, "{method} {path}");
    }
    assert_eq!(
        sandbox.log().iter().filter(|line| line.contains(" /partner")).count(),
        11,
        "and nothing else"
    );
}

#[test]
fn a_connect_is_sent_again_only_when_it_was_not_done_as_far_as_anybody_can_know() {
    // Each answer stands for a connect that was not carried out: where it doesn't say so, the list is looked at first.
    for (fault, sent, looks, code) in [
        ("503*1;retry-after=0", 2, 2, 0),
        ("429*1;retry-after=0", 2, 2, 0),
        ("503*1", 2, 5, 0),
        ("429*1", 2, 5, 0),
        ("502*1", 2, 5, 0),
        ("500*1", 1, 4, 1),
        ("400*1", 1, 1, 1),
    ] {
        let home = Home::new();
        let sandbox = Served::start(&home, &["--fault", &format!("POST /partner/channel/messenger={fault}")]);
        let token = token(&sandbox, "messenger");
        let run = connect(&home, &sandbox, &token, &["--page", SENJA]).exits(code);
        assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), sent, "{fault}: {run:?}");
        assert_eq!(requests(&sandbox, "GET", "/partner/channel"), looks, "{fault}: {run:?}");
        assert_eq!(channels(&home, &sandbox).len(), usize::from(code == 0));
    }
}
