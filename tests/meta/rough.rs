//! Graph in trouble, busy, out of reach, or not Graph at all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::check::ready;
use crate::graph::{Graph, PAGE, PAGE_TOKEN, error, refused};
use crate::support::{Home, Reply, Run};

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
