//! The handshake, done by ourselves before Meta does it.

use std::io::Write as _;
use std::process::Stdio;

use crate::graph::Graph;
use crate::hook::{VERIFY, address, hook, hook_that, text};
use crate::subscribe::{piped, set_up};
use crate::support::{Reply, Run, refusing_port};

/// What an endpoint answers to a challenge.
type Answers = dyn Fn(&str) -> Reply + Send + Sync;

#[test]
fn what_meta_would_not_take_is_told_with_address_and_status_and_nothing_is_set() {
    let other = |_: &str| text(200, "1158201444");
    let cases: [(Box<Answers>, &str, &str); 13] = [
        (
            Box::new(|_| Reply::With(302, "Location: /other\r\n".to_owned(), String::new())),
            "status 302",
            "a redirect",
        ),
        (Box::new(|challenge| text(200, &format!("<html>{challenge}</html>"))), "status 200", "a web page"),
        (Box::new(|challenge| text(200, &format!("\"{challenge}\""))), "status 200", "in quotes"),
        (Box::new(other), "status 200", "another number"),
        (Box::new(|_| text(200, "EVENT_RECEIVED")), "status 200", "something else"),
        (Box::new(|_| text(200, "")), "status 200", "an empty answer"),
        (
            Box::new(|challenge| text(200, &format!("\u{feff}{challenge}"))),
            "status 200",
            "around the challenge",
        ),
        (Box::new(|challenge| text(200, &format!(" {challenge}"))), "status 200", "around the challenge"),
        (Box::new(|challenge| text(200, &format!("{challenge}\n"))), "status 200", "around the challenge"),
        (Box::new(|_| text(200, r#"{"error":{"code":190}}"#)), "status 200", "something else"),
        (Box::new(|challenge| text(201, challenge)), "status 201", "Meta wants 200"),
        (Box::new(|_| text(404, "no")), "status 404", "Meta wants 200"),
        (Box::new(|_| text(403, "no")), "status 403", "refuses the verify token"),
    ];
    for (answer, status, why) in cases {
        let (graph, hook) = (Graph::start(), hook_that(answer));
        let error = set_up(&graph, &hook, &["--json"]).exits(1).error();
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&address(&hook)), "{message}");
        assert!(message.contains(status) && message.contains(why), "{message}");
        assert!(!message.contains(VERIFY) && error["hint"].is_string(), "{error}");
        assert_eq!(hook.asked().len(), 1, "{why}");
        assert_eq!(graph.calls(), ["GET /me", "POST /debug_token"], "{why}");
    }
}

#[test]
fn an_address_where_nobody_answers_is_told() {
    let graph = Graph::start();
    let (_socket, port) = refusing_port();
    let url = format!("http://127.0.0.1:{port}/hook");
    let arguments = ["--json", "meta", "subscribe", "--callback-url", &url, "--verify-token-stdin"];
    let error = piped(graph.command(&graph.home, &arguments)).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("can't reach 127.0.0.1"), "{error}");
    assert!(graph.changes().is_empty());
}

#[test]
fn a_callback_is_https_or_this_computers_and_holds_no_secret() {
    let graph = Graph::start();
    for url in [
        "http://bot.example.com/hook",
        "https://u:p@bot.example.com/",
        "https://h.example/?token=x",
        "https://h.example/#x",
    ] {
        let arguments = ["meta", "subscribe", "--callback-url", url, "--verify-token-stdin"];
        piped(graph.command(&graph.home, &arguments)).exits(2);
    }
    assert!(graph.asked().is_empty());
}

#[test]
fn a_verify_token_that_meta_may_mangle_is_warned_of() {
    let (graph, hook) = (Graph::start(), hook());
    let arguments = ["meta", "subscribe", "--callback-url", &address(&hook), "--verify-token-stdin"];
    let mut command = graph.command(&graph.home, &arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"canary&odd+token=1").unwrap();
    let run = Run::from(child.wait_with_output().unwrap()).exits(1);
    assert!(run.stderr.contains("other characters than letters and digits"), "{}", run.stderr);
    assert!(!run.stderr.contains("canary&odd"), "{}", run.stderr);
}

#[test]
fn a_callback_has_no_more_time_than_meta_gives_it() {
    let (graph, hook) = (Graph::start(), hook_that(|_| Reply::Hang));
    let error = set_up(&graph, &hook, &["--json"]).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("20 s"), "{error}");
    assert!(graph.changes().is_empty());
}
