//! `meta subscribe`: the handshake first, then what is set already, the app, the Page, and both read back.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::check::states;
use crate::graph::{APP, Graph, NEEDED, PAGE, SECRET, World};
use crate::hook::{VERIFY, address, hook};
use crate::support::{Asked, FakeApi, Reply, Run};
use crate::terminal::Terminal;

/// With the verify token on stdin.
pub fn piped(mut command: Command) -> Run {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may fail before it reads.
    let _ = child.stdin.take().unwrap().write_all(VERIFY.as_bytes());
    Run::from(child.wait_with_output().unwrap())
}

pub fn set_up(graph: &Graph, hook: &FakeApi, more: &[&str]) -> Run {
    let address = address(hook);
    let arguments =
        [&["meta", "subscribe", "--callback-url", &address, "--verify-token-stdin"], more].concat();
    piped(graph.command(&graph.home, &arguments))
}

fn fields(joined: &str) -> Vec<String> {
    joined.split(',').map(str::to_owned).collect()
}

#[test]
fn both_halves_are_set_in_their_order_and_read_back() {
    let (graph, hook) = (Graph::start(), hook());
    let run = set_up(&graph, &hook, &["--json"]).exits(0);
    let app = format!("/{APP}/subscriptions");
    let page = format!("/{PAGE}/subscribed_apps");
    assert_eq!(
        graph.calls(),
        [
            "GET /me".to_owned(),
            "POST /debug_token".to_owned(),
            format!("GET {app}"),
            format!("GET {page}"),
            format!("POST {app}"),
            format!("GET {app}"),
            format!("POST {page}"),
            format!("GET {page}"),
        ]
    );
    let asked = hook.asked();
    assert_eq!(asked.len(), 2, "once by ourselves, once by Meta");
    assert!(
        asked[0].target.starts_with("/hook?tenant=7&hub.mode=subscribe&hub.challenge="),
        "{}",
        asked[0].target
    );
    assert_eq!(asked[0].authorization, "", "no token goes there");
    let (callback, set) = graph.world().app.clone().unwrap();
    assert_eq!((callback, set), (address(&hook), fields(NEEDED)));
    assert_eq!(graph.world().page, Some(fields(NEEDED)));
    assert_eq!(
        run.json(),
        json!({
            "page": { "id": PAGE, "name": "Shop" },
            "app": { "action": "subscribed", "fields": fields(NEEDED), "callbackUrl": address(&hook) },
            "subscription": { "action": "subscribed", "fields": fields(NEEDED) },
            "lacks": [],
        })
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let (graph, hook) = (Graph::start(), hook());
    set_up(&graph, &hook, &[]).exits(0);
    let before = graph.changes().len();
    let shown = set_up(&graph, &hook, &[]).exits(0).stdout;
    let app = format!("App's half   subscribed before, to {}: messages, ", address(&hook));
    assert!(shown.contains(&app) && shown.contains("Page's half  subscribed before: messages, "), "{shown}");
    let run = set_up(&graph, &hook, &["--json"]).exits(0);
    assert_eq!(graph.changes().len(), before);
    assert_eq!(run.json()["app"]["action"], "unchanged");
    assert_eq!(run.json()["subscription"]["action"], "unchanged");
}

#[test]
fn fields_that_are_set_stay() {
    let (graph, hook) = (Graph::start(), hook());
    graph.world().app = Some((address(&hook), fields("feed,messages")));
    graph.world().page = Some(fields("mention"));
    set_up(&graph, &hook, &["--fields", "messages,message_echoes"]).exits(0);
    assert_eq!(graph.world().app.clone().unwrap().1, fields("feed,messages,message_echoes"));
    assert_eq!(graph.world().page, Some(fields("mention,messages,message_echoes")));
}

#[test]
fn another_callback_is_shown_and_stays_without_a_yes() {
    let other = "https://other.example.com/hook?api_key=canary-other-key";
    let (graph, hook) = (Graph::start(), hook());
    graph.world().app = Some((other.to_owned(), fields("feed")));
    let error = set_up(&graph, &hook, &["--json"]).exits(2).error();
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("https://other.example.com/hook") && message.contains(&address(&hook)),
        "{message}"
    );
    assert!(!message.contains("canary"), "{message}");
    assert!(graph.changes().is_empty());

    let run = set_up(&graph, &hook, &["--yes"]).exits(0);
    assert!(run.stderr.contains("goes to https://other.example.com/hook\n"), "{}", run.stderr);
    let (callback, set) = graph.world().app.clone().unwrap();
    assert_eq!(callback, address(&hook));
    assert_eq!(set[0], "feed", "its fields are other Pages', too");
}

#[test]
fn enter_leaves_another_callback_where_it_is() {
    let (graph, hook) = (Graph::start(), hook());
    graph.world().app = Some(("https://other.example.com/hook".to_owned(), fields("feed")));
    let mut terminal = on_a_terminal(&graph, &hook);
    terminal.wait_for("Move it there?");
    terminal.send("\r");
    terminal.end().exits(130);
    assert!(graph.changes().is_empty());
}

fn on_a_terminal(graph: &Graph, hook: &FakeApi) -> Terminal {
    let command = graph.command(&graph.home, &["meta", "subscribe", "--callback-url", &address(hook)]);
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("Verify token (input hidden)");
    terminal.send(&format!("{VERIFY}\r"));
    terminal
}

#[test]
fn success_may_be_text_or_missing_since_what_is_read_back_counts() {
    for success in [r#"{"success":"true"}"#, "{}", "", r#"{"success":true}"#] {
        let (graph, hook) = (Graph::start(), hook());
        graph.world().success = success.to_owned();
        set_up(&graph, &hook, &[]).exits(0);
        assert_eq!(graph.changes().len(), 2, "{success}");
    }
}

#[test]
fn without_the_app_the_page_is_subscribed_and_the_rest_is_printed_as_steps() {
    let graph = Graph::start();
    let run = Run::of(graph.without_app(&graph.home, &["meta", "subscribe"])).exits(0);
    assert_eq!(graph.world().page, Some(fields(NEEDED)));
    assert_eq!(graph.changes(), [format!("POST /{PAGE}/subscribed_apps")]);
    for step in [
        "1. Add the product Messenger",
        "2. Open",
        "3. Enter the callback URL and the verify token",
        "4. Tick",
        "5. Add Shop",
    ] {
        assert!(run.stderr.contains(step), "{step}: {}", run.stderr);
    }
    assert!(run.stderr.contains("meta review"), "{}", run.stderr);
}

#[test]
fn a_callback_without_the_app_is_shaken_hands_with_and_stands_in_the_steps() {
    let (graph, hook) = (Graph::start(), hook());
    let url = address(&hook);
    let arguments = ["meta", "subscribe", "--callback-url", &url, "--verify-token-stdin"];
    let run = piped(graph.without_app(&graph.home, &arguments)).exits(0);
    assert_eq!(hook.asked().len(), 1);
    assert_eq!(graph.world().page, Some(fields(NEEDED)));
    assert!(graph.world().app.is_none());
    assert!(run.stderr.contains("3. Enter this callback URL") && run.stderr.contains(&url), "{}", run.stderr);
    assert!(!run.stderr.contains(VERIFY), "{}", run.stderr);

    // Without the verify token nobody can do the handshake; the steps are the same.
    let run = Run::of(graph.without_app(&graph.home, &arguments[..4])).exits(0);
    assert_eq!(hook.asked().len(), 1);
    assert!(run.stderr.contains(&url), "{}", run.stderr);

    let silent = ["meta", "subscribe", "--callback-url", "http://127.0.0.1:9/hook", "--verify-token-stdin"];
    piped(graph.without_app(&Graph::start().home, &silent)).exits(1);
}

#[test]
fn an_app_whose_half_lacks_something_is_told() {
    let graph = Graph::start();
    let run = graph.run(&["--json", "meta", "subscribe"]).exits(0);
    assert_eq!(run.json()["app"]["action"], "not-set");
    assert!(run.stderr.contains("the app's half of the webhook is not set"), "{}", run.stderr);
    graph.world().app = Some(("https://bot.example.com/".to_owned(), fields("messages")));
    let run = graph.run(&["--json", "meta", "subscribe", "--fields", "messages,standby"]).exits(0);
    assert_eq!(run.json()["lacks"], json!(["standby"]));
    assert!(run.stderr.contains("the app's half lacks standby"), "{}", run.stderr);
}

#[test]
fn a_dry_run_does_the_handshake_and_changes_nothing() {
    let (graph, hook) = (Graph::start(), hook());
    graph.world().app = Some(("https://other.example.com/hook".to_owned(), fields("feed")));
    let run = set_up(&graph, &hook, &["--json", "--dry-run"]).exits(0);
    assert_eq!(run.json()["app"]["action"], "would-subscribe");
    assert_eq!(run.json()["subscription"]["action"], "would-subscribe");
    assert!(run.stderr.contains("https://other.example.com/hook"), "{}", run.stderr);
    assert!(graph.changes().is_empty());
    assert_eq!(hook.asked().len(), 1);
}

#[test]
fn a_field_is_a_word() {
    let graph = Graph::start();
    for odd in ["", "messages;feed", "a b", "messages,"] {
        graph.run(&["meta", "subscribe", "--fields", odd]).exits(2);
    }
    assert!(graph.asked().is_empty());
}

/// The first half is set, and Meta refuses the second.
fn refuses_the_page() -> Graph {
    Graph::with(|asked, _| {
        let is_page = asked.method == "POST" && asked.target.contains("subscribed_apps");
        is_page
            .then(|| Reply::Json(403, crate::graph::error(200, None, "(#200) needs pages_manage_metadata")))
    })
}

#[test]
fn where_the_second_half_fails_the_undo_of_the_first_is_told_and_not_done() {
    for more in [&[][..], &["--yes"]] {
        let (graph, hook) = (refuses_the_page(), hook());
        let run = set_up(&graph, &hook, more).exits(1);
        assert!(
            run.stderr.contains("the app's half of the webhook is set, and the Page's is not"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("To undo it"), "{}", run.stderr);
        assert!(run.stderr.contains("a permission is missing"), "{}", run.stderr);
        assert!(graph.world().app.is_some());
        assert!(graph.calls().iter().all(|call| !call.starts_with("DELETE")));
    }
}

#[test]
fn the_undo_is_done_where_a_person_says_so() {
    for (key, is_set) in [("\r", true), ("y\r", false)] {
        let (graph, hook) = (refuses_the_page(), hook());
        let mut terminal = on_a_terminal(&graph, &hook);
        terminal.wait_for("Remove it now?");
        terminal.send(key);
        terminal.end().exits(1);
        assert_eq!(graph.world().app.is_some(), is_set, "{key:?}");
    }
}

#[test]
fn the_app_is_asked_for_on_a_terminal_and_its_secret_is_hidden() {
    let (graph, hook) = (Graph::start(), hook());
    let command = graph.without_app(&graph.home, &["meta", "subscribe", "--callback-url", &address(&hook)]);
    let mut terminal = Terminal::start(&command);
    terminal.wait_for("App ID");
    terminal.send(&format!("{APP}\r"));
    terminal.wait_for("App secret (input hidden)");
    terminal.send(&format!("{SECRET}\r"));
    terminal.wait_for("Verify token (input hidden)");
    terminal.send(&format!("{VERIFY}\r"));
    let ended = terminal.end().exits(0);
    assert!(!ended.bytes.contains(SECRET) && !ended.bytes.contains(VERIFY));
    assert!(graph.world().app.is_some());
}

#[test]
fn no_account_of_a_platform_is_needed_and_any_profile_will_do() {
    let graph = Graph::start();
    for platform in ["socialchat", "unifiedbeez", "qontak", "10darts"] {
        let mut command =
            graph.command(&graph.home, &["--json", "--platform", platform, "meta", "subscribe"]);
        command.env("SOCIALCHAT_API_URL", "http://127.0.0.1:9/nowhere");
        let run = Run::of(command).exits(0);
        assert_ne!(run.json()["page"], Value::Null, "{platform}");
    }
}

/// One other app is on the Page, with all that a channel needs.
fn with_another_app(asked: &Asked, world: &World) -> Option<Reply> {
    let is_look = asked.method == "GET" && asked.target.contains("/subscribed_apps");
    let other = json!({ "id": "77", "name": "Another app", "subscribed_fields": fields(NEEDED) });
    (is_look && world.page.is_none()).then(|| Reply::Json(200, json!({ "data": [other] }).to_string()))
}

#[test]
fn the_only_app_on_a_page_is_not_taken_for_the_tokens_own() {
    let graph = Graph::with(|asked, world| with_another_app(asked, world));
    let run = |arguments: &[&str]| Run::of(graph.without_app(&graph.home, arguments));
    assert_eq!(states(&run(&["--json", "meta", "check"]).exits(0))["webhook.page"], "unknown");
    let run = |arguments: &[&str]| run(&[&["--json", "meta", "subscribe"], arguments].concat());
    assert_eq!(run(&["--dry-run"]).exits(0).json()["subscription"]["action"], "would-subscribe");
    assert!(graph.changes().is_empty());
    assert_eq!(run(&[]).exits(0).json()["subscription"]["action"], "subscribed");
    assert_eq!(graph.changes(), [format!("POST /{PAGE}/subscribed_apps")]);
}

#[test]
fn what_another_app_has_proves_nothing_of_a_lost_answer() {
    let graph = Graph::with(|asked, world| match asked.method == "POST" {
        true => Some(Reply::Close),
        false => with_another_app(asked, world),
    });
    Run::of(graph.without_app(&graph.home, &["meta", "subscribe"])).exits(1);
    assert_eq!(graph.changes().len(), 1);
}

#[test]
fn access_to_data_that_has_ended_is_warned_of() {
    let graph = Graph::start();
    graph.world().info["data_access_expires_at"] = json!(1_700_000_000);
    let run = graph.run(&["meta", "subscribe"]).exits(0);
    assert!(run.stderr.contains("access to the person's data ended"), "{}", run.stderr);
}

#[test]
fn fields_may_be_written_large_and_with_blanks() {
    let graph = Graph::start();
    graph.run(&["meta", "subscribe", "--fields", "MESSAGES, messaging_postbacks"]).exits(0);
    assert_eq!(graph.world().page, Some(fields("messages,messaging_postbacks")));
    for odd in ["messages;feed", "Messages,x-y-z-0123"] {
        let run = graph.run(&["meta", "subscribe", "--fields", odd]).exits(2);
        assert!(!run.stderr.contains("secrets are never arguments"), "{}", run.stderr);
    }
}

#[test]
fn a_signal_tells_of_the_half_that_is_set_or_may_be() {
    for (half, waits, says) in [
        ("/subscriptions", "Setting the app's webhook", "the app's half of the webhook may be set"),
        (
            "/subscribed_apps",
            "Subscribing the Page",
            "the app's half of the webhook is set, and the Page's may not",
        ),
    ] {
        let hangs = move |asked: &Asked, _: &mut World| {
            (asked.method == "POST" && asked.target.contains(half)).then_some(Reply::Hang)
        };
        let (graph, hook) = (Graph::with(hangs), hook());
        let mut terminal = on_a_terminal(&graph, &hook);
        terminal.wait_for(waits);
        terminal.send("\u{3}");
        let ended = terminal.end().exits(130);
        let words = ended.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(says), "{words}");
    }
}
