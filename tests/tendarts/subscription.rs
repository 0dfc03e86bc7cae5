//! disconnect: the Page's subscription at Meta, which goes only where somebody says so.

use std::process::Command;

use crate::darts::{Darts, PAGE_TOKEN, World};
use crate::graph::Graph;
use crate::support::{Home, Reply, Run};
use crate::terminal::{ENTER, Terminal};

fn shop() -> World {
    World::with(&[(1, "shop", "MESSENGER"), (2, "ios", "APNS")])
}

fn subscribed() -> Graph {
    let graph = Graph::start();
    graph.set().page = Some(vec!["messages".to_owned()]);
    graph
}

fn piped(mut command: Command, stdin: &str) -> Run {
    use std::io::Write as _;
    use std::process::Stdio;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

#[test]
fn a_yes_for_the_application_is_none_for_the_subscription() {
    let (darts, graph, home) = (Darts::start(shop()), subscribed(), Home::new());
    let run = Run::of(graph.with_app(darts.command(&home, &["--yes", "disconnect", "1"]))).exits(0);
    assert!(run.stderr.contains("--page-token-stdin"), "{}", run.stderr);
    assert!(graph.api.asked().is_empty());
    let run = Run::of(graph.with_app(darts.command(&home, &["--yes", "disconnect", "2"]))).exits(0);
    assert!(!run.stderr.contains("Meta"), "no Page's: {}", run.stderr);
}

#[test]
fn with_the_page_token_it_goes_after_a_warning_about_instagram() {
    let (darts, graph, home) = (Darts::start(shop()), subscribed(), Home::new());
    let disconnect = ["--yes", "--json", "disconnect", "--page-token-stdin", "1"];
    let run = piped(graph.with_app(darts.command(&home, &disconnect)), PAGE_TOKEN).exits(0);
    assert_eq!(graph.changes(), ["DELETE /v26.0/1002003004005006/subscribed_apps"]);
    assert!(run.stderr.contains("Instagram account on the same Page"), "{}", run.stderr);
    assert!(graph.set().page.is_none() && darts.world().names() == ["ios"]);
    assert!(!(run.stdout + &run.stderr).contains(PAGE_TOKEN));
}

#[test]
fn what_was_left_half_done_is_finished_by_the_same_command() {
    let (darts, home) = (Darts::start(shop()), Home::new());
    let disconnect = ["--yes", "--json", "disconnect", "--page-token-stdin", "1"];
    let graph = Graph::meddled(|asked| {
        let stays = || Reply::Json(200, serde_json::json!({ "success": true }).to_string());
        (asked.method == "DELETE").then(stays)
    });
    graph.set().page = Some(vec!["messages".to_owned()]);
    let run = piped(graph.with_app(darts.command(&home, &disconnect)), PAGE_TOKEN).exits(1);
    assert!(
        run.error()["message"].as_str().unwrap().contains("still lists the subscription"),
        "{}",
        run.stderr
    );
    assert!(darts.changes().is_empty());
    let refusing = Darts::meddled(shop(), |asked, number, _| {
        let refused = || Reply::Json(400, serde_json::json!({ "detail": "not today" }).to_string());
        (asked.method == "DELETE" && number < 4).then(refused)
    });
    let graph = subscribed();
    let run = piped(graph.with_app(refusing.command(&home, &disconnect)), PAGE_TOKEN).exits(1);
    assert!(run.stderr.contains("is taken away already"), "{}", run.stderr);
    assert!(graph.set().page.is_none());
    piped(graph.with_app(refusing.command(&home, &disconnect)), PAGE_TOKEN).exits(0);
    assert_eq!(refusing.world().names(), ["ios"]);
    assert_eq!(graph.changes().len(), 1, "nothing is taken away twice");
}

#[test]
fn a_bad_page_token_stops_before_anything_is_deleted() {
    let (darts, graph, home) = (Darts::start(shop()), subscribed(), Home::new());
    let disconnect = ["--yes", "--json", "disconnect", "--page-token-stdin", "1"];
    piped(graph.with_app(darts.command(&home, &disconnect)), "EAAB-expired-token-0123456789").exits(3);
    assert!(darts.changes().is_empty() && graph.changes().is_empty());
}

#[test]
fn a_dry_run_says_what_would_become_of_it() {
    let (darts, graph, home) = (Darts::start(shop()), subscribed(), Home::new());
    let disconnect = ["--json", "disconnect", "--dry-run", "--page-token-stdin", "1"];
    let run = piped(graph.with_app(darts.command(&home, &disconnect)), PAGE_TOKEN).exits(0);
    assert!(run.stderr.contains("would be told to send nothing of Kopi Senja"), "{}", run.stderr);
    assert!(darts.changes().is_empty() && graph.changes().is_empty());
}

#[test]
fn on_a_terminal_it_is_offered_and_asked_twice() {
    for (answers, goes) in [(["y", "y"], true), (["y", "n"], false), (["n", ""], false)] {
        let (darts, graph, home) = (Darts::start(shop()), subscribed(), Home::new());
        let mut terminal = Terminal::start(&graph.with_app(darts.command(&home, &["disconnect", "1"])));
        terminal.wait_for("Delete it?");
        terminal.send(&format!("y{ENTER}"));
        terminal.wait_for("Needs the Page token");
        terminal.send(&format!("{}{ENTER}", answers[0]));
        if answers[0] == "y" {
            terminal.wait_for("Instagram");
            terminal.wait_for("Take it away?");
            terminal.send(&format!("{}{ENTER}", answers[1]));
        }
        terminal.end();
        assert_eq!(graph.set().page.is_none(), goes, "{answers:?}");
        assert_eq!(darts.world().names(), ["ios"]);
    }
}

#[test]
fn on_a_terminal_the_old_application_stays_where_nobody_says_yes() {
    let (darts, graph, home) = (Darts::start(shop()), Graph::start(), Home::new());
    let command = graph.with_page(darts.command(&home, &["reconnect", "messenger"]));
    let mut terminal = Terminal::of_size(60, 100, &command);
    terminal.wait_for("Reconnect application shop (1)?");
    terminal.send(ENTER);
    terminal.end().exits(130);
    assert!(darts.changes().is_empty(), "nothing before somebody says which");
    let mut terminal = Terminal::of_size(60, 100, &command);
    terminal.wait_for("Reconnect application shop (1)?");
    terminal.send(&format!("y{ENTER}"));
    terminal.wait_for("Set up the webhook at Meta now?");
    terminal.send(ENTER);
    terminal.wait_for("Delete the old application shop (1) before Meta is told of the new one?");
    terminal.send(ENTER);
    assert_eq!(terminal.end().code, 0);
    assert_eq!(darts.world().names(), ["shop", "ios", "shop-2"]);
}
