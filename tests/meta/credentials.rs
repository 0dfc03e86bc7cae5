//! Where tokens and the app's credentials come from, how they are sent, and what is said where they are wrong.

use crate::check::{ready, states};
use crate::graph::{APP, Graph, PAGE, PAGE_TOKEN, SECRET, error, params, proof_of, query, refused};
use crate::hook::hook;
use crate::subscribe::set_up;
use crate::support::{Home, Reply, Run};

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

/// What Meta says where the app that asks is not the one that the token is of.
fn no_match() -> Reply {
    refused(100, "(#100) The App_id in the input_token did not match the Viewing App")
}

#[test]
fn the_callback_of_an_app_that_the_token_may_not_be_of_stays_where_it_is() {
    let told: [fn() -> Reply; 5] = [
        no_match,
        || Reply::Json(500, error(2, None, "Service temporarily unavailable")),
        || Reply::With(200, String::new(), "<html>Log in</html>".to_owned()),
        || refused(200, "(#200) no"),
        || Reply::Json(200, r#"{"data":{"is_valid":true,"scopes":["pages_messaging"]}}"#.to_owned()),
    ];
    for (case, reply) in told.into_iter().enumerate() {
        let (graph, hook) =
            (Graph::with(move |asked, _| asked.target.contains("debug_token").then(reply)), hook());
        ready(&graph);
        let before = graph.world().app.clone();
        let error = set_up(&graph, &hook, &["--json", "--yes"]).exits(1).error();
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with(&format!("Meta doesn't confirm that the Page token is of app {APP}")),
            "{case}: {message}"
        );
        assert!(error["hint"].as_str().unwrap().contains("App settings, Basic"), "{case}: {error}");
        assert!(graph.changes().is_empty() && hook.asked().is_empty(), "{case}");
        assert_eq!(graph.world().app, before, "{case}");
        if case < 4 {
            assert_eq!(states(&graph.run(&["--json", "meta", "check"]).exits(1))["valid"], "fail", "{case}");
        }
    }
}

#[test]
fn a_token_that_meta_says_is_no_pages_or_another_pages_is_refused() {
    for (field, value) in [("type", "USER"), ("profile_id", "42")] {
        let (graph, hook) = (Graph::start(), hook());
        ready(&graph);
        graph.world().info[field] = value.into();
        let run = graph.run(&["--json", "meta", "check"]).exits(1);
        assert_eq!(states(&run)["kind"], "fail", "{field}");
        let error = set_up(&graph, &hook, &["--json", "--yes"]).exits(1).error();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(value) && message.contains(PAGE), "{message}");
        assert!(graph.changes().is_empty(), "{field}");
    }
}

#[test]
fn the_token_stands_in_no_address_where_a_form_is_refused_for_something_else() {
    for (status, body) in [
        (200, "<html>Log in</html>".to_owned()),
        (500, error(2, None, "Service temporarily unavailable")),
        (502, "<html>bad gateway</html>".to_owned()),
        (400, error(2, None, "Service temporarily unavailable")),
        (400, error(4, None, "(#4) Application request limit reached")),
        (403, error(200, None, "(#200) no")),
    ] {
        let graph = Graph::with(move |asked, _| {
            let is_form = asked.method == "POST" && asked.target.contains("debug_token");
            is_form.then(|| Reply::With(status, String::new(), body.clone()))
        });
        graph.run(&["--json", "meta", "check"]).exits(1);
        assert!(
            graph.asked().iter().all(|asked| !asked.target.contains("input_token")),
            "{status}: {:?}",
            graph.calls()
        );
    }
}

#[test]
fn an_id_is_digits_alone() {
    for id in ["../138", "12a", "me", "1/subscribed_apps?x="] {
        let me = serde_json::json!({ "id": id, "name": "Shop", "category": "Shopping" }).to_string();
        let graph =
            Graph::with(move |asked, _| asked.target.contains("/me?").then(|| Reply::Json(200, me.clone())));
        Run::of(graph.without_app(&graph.home, &["--json", "meta", "subscribe"])).exits(1);
        Run::of(graph.without_app(&graph.home, &["--json", "meta", "check"])).exits(1);
        assert!(graph.calls().iter().all(|call| call == "GET /me"), "{:?}", graph.calls());
    }
}

#[test]
fn a_secret_that_is_typed_for_a_pipe_is_not_shown() {
    let graph = Graph::start();
    ready(&graph);
    let mut terminal = crate::terminal::Terminal::start(
        &graph.command(&graph.home, &["meta", "check", "--page-token-stdin"]),
    );
    terminal.wait_until_hidden();
    terminal.send(&format!("{PAGE_TOKEN}\r"));
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains(PAGE_TOKEN), "{}", ended.bytes);
}
