//! `meta check`: whose a token is, until when, what it may do, and both halves of the webhook.

use serde_json::{Value, json};

use crate::graph::{APP, Graph, NEEDED, PAGE, PAGE_TOKEN, USER_TOKEN, info, query};
use crate::support::{Reply, Run};
use crate::terminal::Terminal;

/// The state of each check by its id.
pub fn states(run: &Run) -> Value {
    let document = run.json();
    let checks = document["checks"].as_array().unwrap().iter();
    checks.map(|check| (check["id"].as_str().unwrap().to_owned(), check["state"].clone())).collect()
}

fn evidence(run: &Run, id: &str) -> String {
    let document = run.json();
    let check = document["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap();
    check["evidence"].as_str().unwrap().to_owned()
}

/// Both halves of the webhook are set.
pub fn ready(graph: &Graph) {
    let fields = || NEEDED.split(',').map(str::to_owned).collect::<Vec<_>>();
    graph.world().app = Some(("https://bot.example.com/hook".to_owned(), fields()));
    graph.world().page = Some(fields());
}

#[test]
fn a_page_token_with_both_halves_of_its_webhook_is_good_in_every_fact() {
    let graph = Graph::start();
    ready(&graph);
    let run = graph.run(&["--json", "meta", "check"]).exits(0);
    let all = states(&run);
    assert!(all.as_object().unwrap().values().all(|state| state == "ok"), "{all}");
    assert_eq!(run.json()["page"], json!({ "id": PAGE, "name": "Shop", "category": "Shopping" }));
    assert_eq!(run.json()["token"]["expiresAt"], Value::Null);
    assert_eq!(run.json()["summary"], json!({ "ok": 11, "warn": 0, "fail": 0, "unknown": 0 }));
    let shown = graph.run(&["meta", "check"]).exits(0).stdout;
    for line in [
        "Page Shop (1002003004005006007)",
        "never",
        "https://bot.example.com/hook",
        "app Shop hooks is subscribed",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(graph.changes().is_empty(), "a check changes nothing");
}

#[test]
fn without_the_apps_credentials_it_asks_what_the_token_itself_may_see() {
    let graph = Graph::start();
    ready(&graph);
    let run = Run::of(graph.without_app(&graph.home, &["--json", "meta", "check"])).exits(0);
    let all = states(&run);
    // Two apps are on the Page, and nobody knows which is the token's own.
    for unknown in [
        "valid",
        "expiry",
        "data-access",
        "permission.pages_messaging",
        "webhook.app",
        "webhook.page",
        "appsecret-proof",
    ] {
        assert_eq!(all[unknown], "unknown", "{unknown}");
    }
    assert_eq!(all["owner"], "ok");
    assert_eq!(graph.calls(), ["GET /me".to_owned(), format!("GET /{PAGE}/subscribed_apps")]);
    assert!(graph.asked().iter().all(|asked| !asked.target.contains("appsecret_proof")));
}

#[test]
fn an_invalid_token_is_no_good_although_meta_answers_200() {
    let graph = Graph::start();
    graph.world().info = json!({
        "app_id": APP, "type": "PAGE", "is_valid": false, "scopes": [],
        "error": { "code": 190, "subcode": 460, "message": "…" },
    });
    let run = graph.run(&["--json", "meta", "check"]).exits(3);
    assert_eq!(run.error()["code"], "unauthorized");
    assert_eq!(states(&run)["valid"], "fail");
    assert_eq!(evidence(&run, "valid"), "no: the person has changed the password, which ends the tokens");
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(3).error();
    assert_eq!(error["code"], "unauthorized");
    assert!(error["message"].as_str().unwrap().contains("changed the password"), "{error}");
    assert!(graph.changes().is_empty());
}

#[test]
fn what_ends_soon_or_has_ended_is_told() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for (at, state, says) in [
        (now + 5 * 86_400 + 60, "warn", "in 5 days"),
        (now - 60, "fail", "which is past"),
        (now + 60 * 86_400 + 3600, "ok", "in 60 days"),
    ] {
        for (field, id) in [("expires_at", "expiry"), ("data_access_expires_at", "data-access")] {
            let graph = Graph::start();
            graph.world().info[field] = json!(at);
            let run = graph.run(&["--json", "meta", "check"]).exits(1);
            assert_eq!(states(&run)[id], state, "{field} {at}");
            assert!(evidence(&run, id).contains(says), "{}", evidence(&run, id));
        }
    }
    let graph = Graph::start();
    graph.world().info["expires_at"] = json!(1_700_000_000);
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(3).error();
    assert_eq!(error["message"], "the Page token expired at 2023-11-14T22:13:20Z");
}

#[test]
fn a_permission_that_is_missing_or_for_other_pages_or_retired_is_told() {
    let graph = Graph::start();
    graph.world().info = info(&["pages_manage_metadata", "pages_messaging_subscriptions"]);
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
    let all = states(&run);
    assert_eq!(all["permission.pages_messaging"], "fail");
    assert_eq!(all["permission.pages_show_list"], "fail");
    assert_eq!(all["permission.pages_manage_metadata"], "ok");
    assert_eq!(all["permission.pages_messaging_subscriptions"], "warn");
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(1).error();
    assert_eq!(error["message"], "the Page token lacks pages_messaging");

    let graph = Graph::start();
    graph.world().info["granular_scopes"][0]["target_ids"] = json!(["1", "2"]);
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
    assert_eq!(evidence(&run, "permission.pages_messaging"), "granted for other Pages only: 1, 2");
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(1).error();
    assert_eq!(error["message"], "the token has pages_messaging for other Pages, not for Shop");
    assert!(graph.changes().is_empty());
}

#[test]
fn a_persons_token_is_told_from_a_pages_and_its_pages_are_listed_to_the_end() {
    let graph = Graph::start();
    let page = |id: &str, name: &str| json!({ "id": id, "name": name, "tasks": ["MODERATE"], "access_token": PAGE_TOKEN });
    graph.world().batches = vec![vec![page("1", "One")], vec![], vec![page("2", "Two")]];
    graph.world().info["granular_scopes"][0]["target_ids"] = json!(["1", "2", "3"]);
    let mut command = graph.command(&graph.home, &["--json", "meta", "check"]);
    command.env("META_PAGE_TOKEN", USER_TOKEN);
    let run = Run::of(command).exits(1);
    assert_eq!(states(&run)["owner"], "fail");
    assert_eq!(evidence(&run, "owner"), "a person, Sari");
    // An empty page in the middle is no end, and what a portfolio holds is missing.
    let pages = json!([
        { "id": "1", "name": "One", "tasks": ["MODERATE"] },
        { "id": "2", "name": "Two", "tasks": ["MODERATE"] },
    ]);
    assert_eq!(run.json()["covers"], json!({ "pages": pages, "unlisted": ["3"] }));
    let listed = graph.asked().into_iter().filter(|asked| asked.target.contains("/me/accounts"));
    let after: Vec<_> = listed.map(|asked| query(&asked).get("after").cloned()).collect();
    assert_eq!(after, [None, Some("1".to_owned()), Some("2".to_owned())], "the cursor, not what `next` has");

    let mut command = graph.command(&graph.home, &["meta", "check"]);
    command.env("META_PAGE_TOKEN", USER_TOKEN);
    let told = Run::of(command).exits(1).stderr;
    assert!(told.contains("  2  Two (without the task MESSAGING on it)"), "{told}");

    let mut command = graph.command(&graph.home, &["--json", "meta", "subscribe"]);
    command.env("META_PAGE_TOKEN", USER_TOKEN);
    let error = Run::of(command).exits(3).error();
    assert_eq!(error["message"], "this is the token of a person (Sari), not of a Page");
}

#[test]
fn a_person_whom_meta_answers_without_a_category_is_none_of_a_page() {
    let graph = Graph::with(|asked, _| {
        let is_me = asked.target.contains("/me?");
        is_me.then(|| Reply::Json(200, r#"{"id":"55","name":"Sari"}"#.to_owned()))
    });
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
    assert_eq!(evidence(&run, "owner"), "a person, Sari");
}

#[test]
fn the_end_of_a_version_is_told_and_another_can_be_named() {
    let graph = Graph::with(|asked, _| {
        let me = format!(r#"{{"id":"{PAGE}","name":"Shop","category":"Shopping"}}"#);
        asked.target.starts_with("/v19.0/me?").then_some(Reply::Json(200, me))
    });
    let run = graph.run(&["--json", "meta", "check", "--graph-version", "v19.0"]).exits(1);
    assert_eq!(states(&run)["graph-version"], "fail");
    assert!(run.stderr.contains("Graph API v19.0 ended on 2026-05-21"), "{}", run.stderr);
    let run = graph.run(&["meta", "check", "--graph-version", "newest"]).exits(2);
    assert!(run.stderr.contains("write it like v26.0"), "{}", run.stderr);
    assert!(graph.asked().iter().all(|asked| asked.target.starts_with("/v19.0/")));
}

#[test]
fn a_narrow_terminal_cuts_no_evidence_and_shows_its_own_time() {
    let graph = Graph::start();
    ready(&graph);
    let (callback, _) = graph.world().app.take().unwrap();
    graph.world().app = Some((callback, vec!["messages".to_owned()]));
    graph.world().info["expires_at"] = json!(4_000_000_000u64);
    let mut command = graph.command(&graph.home, &["meta", "check"]);
    command.env("TZ", "Asia/Jakarta");
    let ended = Terminal::of_size(50, 60, &command).end().exits(0);
    let words = ended.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("2096-10-02 14:06, in"), "{words}");
    assert!(words.contains("without messaging_postbacks, messaging_optins"), "{words}");
    // Who can be asked for it needs no pipe.
    assert!(words.contains("--callback-url URL") && !words.contains("--verify-token-stdin"), "{words}");
}
