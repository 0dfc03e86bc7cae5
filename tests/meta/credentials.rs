//! Where tokens and the app's credentials come from, how they are sent, and what is said where they are wrong.

use crate::check::{ready, states};
use crate::graph::{APP, Graph, PAGE_TOKEN, SECRET, params, proof_of, query, refused};
use crate::support::{Home, Run};

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
fn a_token_of_another_app_is_told() {
    let graph = Graph::start();
    graph.world().info["app_id"] = serde_json::json!("42");
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
    assert_eq!(states(&run)["app"], "fail");
    let error = graph.run(&["--json", "meta", "subscribe"]).exits(2).error();
    assert_eq!(error["message"], format!("the Page token is of app 42, and META_APP_ID is {APP}"));
    assert!(graph.changes().is_empty());
}

#[test]
fn an_app_that_meta_does_not_accept_is_no_fault_of_the_pages_token() {
    let graph = Graph::with(|asked, _| {
        let by_app = asked.authorization.contains('|');
        by_app.then(|| refused(190, "Invalid OAuth access token signature."))
    });
    let run = graph.run(&["--json", "meta", "check"]).exits(1);
    for check in run.json()["checks"].as_array().unwrap() {
        if ["valid", "webhook.app"].contains(&check["id"].as_str().unwrap()) {
            assert_eq!(check["evidence"], "Meta doesn't accept META_APP_ID with META_APP_SECRET");
            assert!(check["hint"].as_str().unwrap().contains("App settings, Basic"), "{check}");
        }
    }
    assert_eq!(states(&run)["owner"], "ok");
}
