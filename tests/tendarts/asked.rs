//! What a person is asked on a terminal.

use crate::darts::{Darts, PAGE_TOKEN, World};
use crate::graph::{APP_ID, APP_SECRET, Graph, VERIFY_TOKEN, hook};
use crate::support::{Home, Run};
use crate::terminal::{CTRL_C, ENTER, Terminal};

/// Waits for the question, and answers it.
fn answer(terminal: &mut Terminal, question: &str, typed: &str) {
    terminal.wait_for(question);
    terminal.send(&format!("{typed}{ENTER}"));
}

#[test]
fn everything_is_asked_for_on_a_terminal_and_no_secret_is_seen() {
    let (darts, graph, hook, home) = (Darts::start(World::with(&[])), Graph::start(), hook(), Home::new());
    let mut command = graph.with_page(darts.command(&home, &["connect", "messenger"]));
    command.env_remove("META_PAGE_TOKEN");
    let mut terminal = Terminal::of_size(60, 200, &command);
    answer(&mut terminal, "Name of the application", "my shop");
    terminal.wait_for("ASCII letters");
    answer(&mut terminal, "Name of the application", "shop");
    answer(&mut terminal, "Page token (input hidden)", PAGE_TOKEN);
    answer(&mut terminal, "Set up the webhook at Meta now?", "y");
    answer(&mut terminal, "App ID", APP_ID);
    answer(&mut terminal, "App secret (input hidden)", APP_SECRET);
    terminal.wait_for("https://10darts.com/app/applications");
    let address = hook.url.trim_end_matches("/partner");
    answer(&mut terminal, "Webhook URL", &format!("{address}/hook/?v=1"));
    answer(&mut terminal, "Verify token (input hidden)", VERIFY_TOKEN);
    let ended = terminal.end().exits(0);
    assert_eq!(darts.world().names(), ["shop"]);
    assert_eq!(graph.set().callback.as_ref().unwrap().0, format!("{address}/hook/?v=1"));
    for secret in [PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN] {
        assert!(!ended.bytes.contains(secret), "{}", ended.text);
    }
}

#[test]
fn one_of_several_applications_is_asked_for_by_its_id() {
    let darts = Darts::start(World::with(&[(1, "a", "MESSENGER"), (2, "b", "MESSENGER"), (3, "c", "WEB")]));
    let (graph, home) = (Graph::start(), Home::new());
    let command = graph.with_page(darts.command(&home, &["reconnect", "messenger", "--dry-run"]));
    let mut terminal = Terminal::of_size(60, 120, &command);
    terminal.wait_for("2  b");
    answer(&mut terminal, "ID of the application", "7");
    terminal.wait_for("no such channel");
    answer(&mut terminal, "ID of the application", "2");
    let ended = terminal.end().exits(0);
    assert!(ended.text.contains("b-2") && !ended.text.contains("3  c"), "{}", ended.text);
}

#[test]
fn who_leaves_amid_the_webhook_is_told_what_is_there() {
    for quiet in [&[][..], &["-q"]] {
        let (darts, graph, home) = (Darts::start(World::with(&[])), Graph::start(), Home::new());
        let connect = [quiet, &["connect", "messenger", "--name", "shop"]].concat();
        let mut terminal = Terminal::of_size(60, 200, &graph.with_page(darts.command(&home, &connect)));
        answer(&mut terminal, "Set up the webhook at Meta now?", "y");
        terminal.wait_for("App ID");
        terminal.send(CTRL_C);
        let ended = terminal.end().exits(130);
        assert!(
            ended.text.contains("application shop (101) is there, but its webhook isn't set"),
            "{}",
            ended.text
        );
        assert!(!ended.text.contains("nothing changed"), "{}", ended.text);
    }
}

#[test]
fn a_webhook_that_nobody_wants_moved_leaves_the_application_and_says_so() {
    let (darts, graph, hook, home) = (Darts::start(World::with(&[])), Graph::start(), hook(), Home::new());
    graph.set().callback = Some(("https://elsewhere.example/hook".to_owned(), vec!["feed".to_owned()]));
    let callback = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let connect = ["connect", "messenger", "--name", "shop", "--callback-url", &callback];
    let mut terminal = Terminal::of_size(60, 200, &graph.with_app(darts.command(&home, &connect)));
    answer(&mut terminal, "Verify token (input hidden)", VERIFY_TOKEN);
    answer(&mut terminal, "Move it there?", "n");
    let ended = terminal.end().exits(130);
    assert!(!ended.text.contains("nothing changed"), "{}", ended.text);
    assert!(ended.text.contains("application shop (101) is there"), "{}", ended.text);
}

#[test]
fn what_is_disconnected_is_reconnected_by_its_id() {
    let darts = Darts::start(World::with(&[(1, "a", "MESSENGER")]));
    darts.world().applications[0]["is_connected"] = serde_json::json!(false);
    let run = Run::of(darts.command(&Home::new(), &["--json", "channels", "watch", "--once"])).exits(5);
    let hint = run.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains("reconnect messenger ID") && !hint.contains("messenger --disconnected"), "{hint}");
}
