//! `meta check`: whose a token is, until when, what it may do, and both halves of the webhook.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::graph::{
    APP, Graph, NEEDED, PAGE, PAGE_TOKEN, SECRET, USER_TOKEN, error, info, params, proof_of, query, refused,
};
use crate::support::{Home, Reply, Run};

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

fn ready(graph: &Graph) {
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
fn no_token_stands_in_an_address_and_each_call_has_its_proof() {
    let graph = Graph::start();
    graph.world().demands_proof = true;
    graph.run(&["-v", "meta", "check"]).exits(1);
    let app_token = format!("{APP}|{SECRET}");
    for asked in graph.asked() {
        let (token, query) = (asked.authorization.strip_prefix("Bearer ").unwrap(), query(&asked));
        assert_eq!(query["appsecret_proof"], proof_of(SECRET, token), "{}", asked.target);
        let by_app = asked.target.contains("debug_token") || asked.target.contains("/subscriptions");
        assert_eq!(token, if by_app { &*app_token } else { PAGE_TOKEN }, "{}", asked.target);
        for secret in [PAGE_TOKEN, SECRET] {
            assert!(!asked.target.contains(secret), "{}", asked.target);
        }
    }
}

#[test]
fn the_proof_is_the_one_of_the_contract() {
    let graph = Graph::with(|_, _| Some(refused(190, "no")));
    let mut command = graph.command(&graph.home, &["meta", "check"]);
    command.env("META_PAGE_TOKEN", "demo-page-token").env("META_APP_SECRET", "demo-app-secret");
    Run::of(command).exits(3);
    let proof = "ca014e1c2f82017b71f98ff4ffd96c868398c4491affc0b4ec8644c870a4ef59";
    assert_eq!(query(&graph.asked()[0])["appsecret_proof"], proof);
}

#[test]
fn an_app_that_demands_its_proof_is_said_where_there_is_no_secret() {
    let graph = Graph::start();
    graph.world().demands_proof = true;
    let run = Run::of(graph.without_app(&graph.home, &["--json", "meta", "check"])).exits(1);
    assert_eq!(states(&run)["appsecret-proof"], "fail");
    let error = run.error();
    assert!(error["message"].as_str().unwrap().contains("demands the proof of its secret"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("META_APP_SECRET"), "{error}");
}

#[test]
fn the_token_is_looked_at_by_a_query_where_no_form_is_taken_and_no_log_shows_it() {
    let graph = Graph::start();
    graph.world().takes_form = false;
    ready(&graph);
    let run = graph.run(&["-v", "meta", "check"]).exits(0);
    let debug: Vec<_> =
        graph.asked().into_iter().filter(|asked| asked.target.contains("debug_token")).collect();
    assert_eq!(debug.len(), 2);
    assert_eq!(params(&debug[0].body)["method"], "GET");
    assert_eq!(query(&debug[1])["input_token"], PAGE_TOKEN);
    assert!(!run.stderr.contains(PAGE_TOKEN) && !run.stdout.contains(PAGE_TOKEN), "{}", run.stderr);
}

#[test]
fn an_invalid_token_is_no_good_although_meta_answers_200() {
    let graph = Graph::start();
    graph.world().info = json!({
        "app_id": APP, "type": "PAGE", "is_valid": false, "scopes": [],
        "error": { "code": 190, "subcode": 460, "message": "…" },
    });
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
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
fn a_list_that_goes_round_in_circles_ends() {
    let graph = Graph::with(|asked, _| {
        let list = json!({ "data": [], "paging": { "cursors": { "after": "x" }, "next": "https://…" } });
        asked.target.contains("subscribed_apps").then(|| Reply::Json(200, list.to_string()))
    });
    let error = graph.run(&["--json", "meta", "check"]).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("the same page twice"), "{error}");
    assert_eq!(graph.calls().iter().filter(|call| call.contains("subscribed_apps")).count(), 2);
}

#[test]
fn metas_own_trouble_is_asked_again_by_its_code_whatever_the_status() {
    for (status, body) in [
        (400, error(2, None, "An unexpected error has occurred")),
        (500, error(2, None, "An unexpected error has occurred")),
        (400, error(1, None, "An unknown error occurred")),
        (400, json!({ "error": { "code": 77, "message": "x", "is_transient": true } }).to_string()),
    ] {
        let tries = AtomicUsize::new(0);
        let graph = Graph::with(move |asked, _| {
            let first = asked.target.contains("/me?") && tries.fetch_add(1, Ordering::Relaxed) == 0;
            first.then(|| Reply::Json(status, body.clone()))
        });
        ready(&graph);
        graph.run(&["meta", "check"]).exits(0);
        assert_eq!(graph.calls().iter().filter(|call| *call == "GET /me").count(), 2, "{status}");
    }
}

#[test]
fn too_many_calls_are_waited_out_and_more_than_minutes_are_not() {
    let tries = AtomicUsize::new(0);
    let graph = Graph::with(move |asked, _| {
        let first = asked.target.contains("/me?") && tries.fetch_add(1, Ordering::Relaxed) == 0;
        first.then(|| refused(4, "(#4) Application request limit reached"))
    });
    ready(&graph);
    let begun = Instant::now();
    let run = graph.run(&["meta", "check"]).exits(0);
    assert!(begun.elapsed() >= Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(run.stderr.contains("too many calls (Meta's code 4"), "{}", run.stderr);

    let usage = r#"{"1":[{"type":"pages","call_count":120,"estimated_time_to_regain_access":30}]}"#;
    let headers = format!("X-Business-Use-Case-Usage: {usage}\r\n");
    let graph =
        Graph::with(move |_, _| Some(Reply::With(400, headers.clone(), error(80001, None, "too many"))));
    let begun = Instant::now();
    let told = Run::of(graph.without_app(&graph.home, &["--json", "meta", "subscribe"])).exits(1).error();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(told["hint"], "try again in 30 minutes");
}

#[test]
fn requests_slow_down_where_most_of_the_allowance_is_used_up() {
    let timed = |percent: u32| {
        let graph = Graph::with(move |asked, _| {
            let headers =
                format!("X-App-Usage: {{\"call_count\":{percent},\"total_time\":1,\"total_cputime\":1}}\r\n");
            let me = format!(r#"{{"id":"{PAGE}","name":"Shop","category":"Shopping"}}"#);
            asked.target.contains("/me?").then_some(Reply::With(200, headers, me))
        });
        let begun = Instant::now();
        Run::of(graph.without_app(&graph.home, &["meta", "check"])).exits(0);
        begun.elapsed()
    };
    let (calm, busy) = (timed(79), timed(92));
    assert!(
        busy >= Duration::from_millis(3250),
        "thirteen percent beyond 79, a quarter of a second each: {busy:?}"
    );
    assert!(calm < busy, "{calm:?}");
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
fn what_is_no_answer_of_graph_is_no_good_token() {
    for reply in [
        || Reply::With(200, String::new(), "<html>Log in</html>".to_owned()),
        || Reply::With(200, String::new(), String::new()),
        || Reply::Json(200, "[]".to_owned()),
        || Reply::Json(200, r#"{"name":"Shop","category":"x"}"#.to_owned()),
    ] {
        let graph = Graph::with(move |_, _| Some(reply()));
        let error = graph.run(&["--json", "meta", "subscribe"]).exits(1).error();
        assert_eq!(error["code"], "api");
        assert!(error["hint"].as_str().unwrap().contains("SOCIALCHAT_GRAPH_URL"), "{error}");
        assert!(graph.changes().is_empty());
    }
}

#[test]
fn a_token_can_be_piped_in_or_asked_for_and_is_named_where_it_is_missing() {
    let graph = Graph::start();
    ready(&graph);
    let home = Home::new();
    let run = home.run(&["--json", "meta", "check"]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--page-token-stdin"), "{}", run.stderr);

    let mut command = graph.command(&home, &["meta", "check", "--page-token-stdin"]);
    command.env_remove("META_PAGE_TOKEN").stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PAGE_TOKEN.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap()).exits(0);

    let mut command = graph.command(&home, &["meta", "check"]);
    command.env_remove("META_PAGE_TOKEN");
    let mut terminal = crate::terminal::Terminal::start(&command);
    terminal.wait_for("Page token (input hidden)");
    terminal.send(&format!("{PAGE_TOKEN}\r"));
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains(PAGE_TOKEN));
}

#[test]
fn graphs_address_is_https_or_this_computers() {
    let home = Home::new();
    let mut command = home.command(&["--json", "meta", "check"]);
    command.env("META_PAGE_TOKEN", PAGE_TOKEN).env("SOCIALCHAT_GRAPH_URL", "http://graph.example.com");
    let error = Run::of(command).exits(2).error();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("can't use SOCIALCHAT_GRAPH_URL: http:// is allowed only"),
        "{error}"
    );
}

#[test]
fn the_apps_credentials_are_told_from_the_pages_token() {
    let graph = Graph::start();
    let mut command = graph.command(&graph.home, &["--json", "meta", "subscribe"]);
    command.env("META_APP_SECRET", "another-secret-0123456789");
    // The proof of another secret is refused first.
    let error = Run::of(command).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("demands the proof of its secret"), "{error}");

    let graph = Graph::with(|asked, _| {
        asked.target.contains("debug_token").then(|| refused(190, "Invalid OAuth access token signature."))
    });
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(3).error();
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("Meta doesn't accept META_APP_ID with META_APP_SECRET"),
        "{error}"
    );
    let mut command = graph.command(&graph.home, &["--json", "meta", "check"]);
    command.env_remove("META_APP_SECRET");
    assert_eq!(
        Run::of(command).exits(2).error()["message"],
        "META_APP_ID is set, but META_APP_SECRET is not"
    );
    let mut command = graph.command(&graph.home, &["--json", "meta", "check"]);
    command.env("META_APP_ID", "../me");
    Run::of(command).exits(2);
}

#[test]
fn a_meta_that_cannot_be_reached_is_an_error_and_no_verdict() {
    let home = Home::new();
    let (_socket, port) = crate::support::refusing_port();
    let run = |arguments: &[&str]| {
        let mut command = home.command(&[&["--json", "meta"], arguments].concat());
        command
            .env("SOCIALCHAT_GRAPH_URL", format!("http://127.0.0.1:{port}"))
            .env("META_PAGE_TOKEN", PAGE_TOKEN);
        Run::of(command)
    };
    let check = run(&["check"]).exits(1);
    assert_eq!((check.error()["code"].as_str(), &*check.stdout), (Some("network"), ""));
    let review = run(&["review"]).exits(0);
    assert!(review.stderr.contains("warning: can't ask Meta whose the Page token is"), "{}", review.stderr);
    assert!(review.json()["items"].is_array());
}
