//! What a person is asked on a terminal.

use crate::darts::{Darts, PAGE_TOKEN, World};
use crate::graph::{APP_ID, APP_SECRET, Graph, VERIFY_TOKEN, hook};
use crate::support::Home;
use crate::terminal::{ENTER, Terminal};

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
