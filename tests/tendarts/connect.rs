//! connect messenger with a Page token.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::darts::{CANARY, Darts, KEY, PAGE_TOKEN, World};
use crate::graph::{APP_SECRET, Graph, PAGE_ID, PAGE_NAME, VERIFY_TOKEN, hook};
use crate::support::{Home, Reply, Run, until};

const CONNECT: [&str; 5] = ["--json", "connect", "messenger", "--name", "shop"];

fn connect(darts: &Darts, graph: &Graph, further: &[&str]) -> Run {
    let home = Home::new();
    Run::of(graph.with_page(darts.command(&home, &[&CONNECT[..], further].concat())))
}

/// Runs it with something on stdin.
fn piped(mut command: Command, stdin: &str) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

fn nothing() -> World {
    World::with(&[])
}

#[test]
fn an_application_is_created_for_the_page_and_proven_by_the_list() {
    for created in [(200, true), (201, true), (200, false), (201, false)] {
        let darts = Darts::start(World { created, ..nothing() });
        let run = connect(&darts, &Graph::start(), &[]).exits(0);
        assert_eq!(
            run.json(),
            json!({
                "kind": "messenger",
                "results": [{ "_id": "101", "channelId": PAGE_ID, "name": "shop", "action": "connected", "error": null }],
                "summary": { "connected": 1 }, "lost": [], "next": null,
            })
        );
        assert_eq!(
            darts.requests(),
            ["GET /api/v1/applications/", "POST /api/v1/applications/", "GET /api/v1/applications/"],
            "looked, created once, looked again"
        );
        assert!(run.stderr.contains(&format!("the Page {PAGE_NAME} ({PAGE_ID})")), "{}", run.stderr);
    }
}

#[test]
fn a_token_that_meta_refuses_stops_before_10darts_is_asked_anything() {
    for (which, code, says) in [("person", 3, "token of a person"), ("expired", 3, "expired")] {
        let (darts, graph, home) = (Darts::start(nothing()), Graph::start(), Home::new());
        let run = Run::of(graph.with_token(which, darts.command(&home, &CONNECT))).exits(code);
        assert!(run.stderr.contains(says) && run.error()["hint"].is_string(), "{}", run.stderr);
        assert!(darts.requests().is_empty());
    }
    let (darts, graph, home) = (Darts::start(nothing()), Graph::start(), Home::new());
    graph.set().scopes = vec!["pages_show_list"];
    let run = Run::of(graph.with_app(darts.command(&home, &CONNECT))).exits(1);
    assert!(run.stderr.contains("lacks pages_messaging"), "{}", run.stderr);
    assert!(darts.requests().is_empty());
}

#[test]
fn a_name_that_the_form_does_not_take_is_refused_before_anything_is_asked() {
    let (darts, graph) = (Darts::start(nothing()), Graph::start());
    for name in ["my shop", "tokö", "a/b", ""] {
        let home = Home::new();
        let command = darts.command(&home, &["--json", "connect", "messenger", "--name", name]);
        let run = Run::of(graph.with_page(command)).exits(2);
        assert_eq!(run.error()["code"], "usage", "{}", run.stderr);
    }
    let home = Home::new();
    let run = Run::of(graph.with_page(darts.command(&home, &["--json", "connect", "messenger"]))).exits(2);
    assert!(run.error()["message"].as_str().unwrap().contains("--name NAME"), "{}", run.stderr);
    assert!(darts.requests().is_empty() && graph.api.asked().is_empty());
}

#[test]
fn an_existing_name_is_refused_skipped_or_replaced_and_nothing_is_done_twice() {
    let (darts, graph) = (Darts::start(nothing()), Graph::start());
    connect(&darts, &graph, &[]).exits(0);
    let run = connect(&darts, &graph, &[]).exits(1);
    assert_eq!(
        (&run.json()["results"][0]["_id"], &run.json()["results"][0]["action"]),
        (&json!("101"), &json!("failed"))
    );
    assert!(run.error()["hint"].as_str().unwrap().contains("reconnect messenger 101"), "{}", run.stderr);
    let run = connect(&darts, &graph, &["--if-connected", "skip"]).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "skipped");
    assert_eq!(darts.changes(), ["POST /api/v1/applications/"]);
}

#[test]
fn what_is_replaced_goes_after_another_application_has_shown_that_the_token_is_taken() {
    let darts = Darts::start(World::with(&[(1, "shop", "MESSENGER"), (2, "shop-2", "WEB")]));
    let run = connect(&darts, &Graph::start(), &["--replace", "--yes"]).exits(0);
    assert_eq!(
        darts.changes(),
        [
            "POST /api/v1/applications/",
            "DELETE /api/v1/applications/1/",
            "POST /api/v1/applications/",
            "DELETE /api/v1/applications/101/"
        ]
    );
    assert_eq!(darts.world().names(), ["shop-2", "shop"]);
    assert_eq!(run.json()["results"][0]["_id"], "102");
    assert!(run.stderr.contains("for good") && run.stderr.contains("webhook address"), "{}", run.stderr);
    let spare = run.stderr.find("shop-3 is created first").unwrap();
    assert!(spare < run.stderr.find("Deleted shop").unwrap(), "said before it is done: {}", run.stderr);
}

#[test]
fn nothing_is_deleted_for_a_token_that_is_not_taken() {
    let darts = Darts::meddled(World::with(&[(1, "shop", "MESSENGER")]), |asked, _, _| {
        let refused = || Reply::Json(400, json!({ "page_access_token": ["(not accepted)"] }).to_string());
        (asked.method == "POST").then(refused)
    });
    let run = connect(&darts, &Graph::start(), &["--replace", "--yes"]).exits(1);
    assert!(
        run.error()["message"].as_str().unwrap().contains("page_access_token: (not accepted)"),
        "{}",
        run.stderr
    );
    assert_eq!(darts.world().names(), ["shop"]);
}

#[test]
fn a_replacement_that_fails_amid_leaves_the_page_with_an_application_and_names_it() {
    let darts = Darts::meddled(World::with(&[(1, "shop", "MESSENGER")]), |asked, number, _| {
        let refused = || Reply::Json(400, json!({ "non_field_errors": ["no more today"] }).to_string());
        (asked.method == "POST" && number > 3).then(refused)
    });
    let run = connect(&darts, &Graph::start(), &["--replace", "--yes"]).exits(1);
    assert_eq!(darts.world().names(), ["shop-2"]);
    assert!(run.stderr.contains("application shop-2 (101) stays"), "{}", run.stderr);
    assert!(run.stderr.contains("no more today"), "{}", run.stderr);
}

#[test]
fn a_replacement_that_is_interrupted_names_the_application_that_stays() {
    let darts = Darts::meddled(World::with(&[(1, "shop", "MESSENGER")]), |asked, number, _| {
        (asked.method == "POST" && number > 3).then_some(Reply::Hang)
    });
    let (graph, home) = (Graph::start(), Home::new());
    let mut command =
        graph.with_page(darts.command(&home, &[&CONNECT[..], &["--replace", "--yes"]].concat()));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the second one is being created", || {
        darts.changes().iter().filter(|change| change.starts_with("POST")).count() == 2
    });
    Run::of(kill(child.id()));
    let run = Run::from(child.wait_with_output().unwrap()).exits(130);
    assert!(run.stderr.contains("application shop-2 (101) stays"), "{}", run.stderr);
    assert!(run.stderr.contains("the old shop (1) is deleted"), "{}", run.stderr);
    let error = &run.json()["results"][0]["error"];
    assert!(error["hint"].as_str().unwrap().contains("channels list"), "{error}");
    assert_eq!(darts.world().names(), ["shop-2"]);
}

#[test]
fn an_application_that_was_there_before_or_is_no_pages_is_taken_for_no_new_one() {
    // The answer is about somebody's: nothing of it is believed, and nothing is deleted for it.
    let there = World::with(&[(1, "shop", "MESSENGER"), (7, "another", "MESSENGER")]);
    let darts = Darts::meddled(there, |asked, _, _| {
        let record = json!({ "id": 7, "name": "", "platform": "MESSENGER" });
        (asked.method == "POST").then(|| Reply::Json(200, record.to_string()))
    });
    let run = connect(&darts, &Graph::start(), &["--replace", "--yes"]).exits(1);
    assert_eq!(darts.changes(), ["POST /api/v1/applications/"], "{}", run.stderr);
    for answer in [Some("MESSENGER"), Some("WEB"), None] {
        let darts = Darts::meddled(nothing(), move |asked, _, world| {
            (asked.method == "POST").then(|| {
                world.lock().unwrap().applications.push(crate::darts::record(7, "shop", "WEB"));
                let record = answer.map(|platform| crate::darts::record(7, "shop", platform).to_string());
                record.map_or(Reply::Close, |record| Reply::Json(200, record))
            })
        });
        let run = connect(&darts, &Graph::start(), &[]).exits(1);
        assert!(run.stderr.contains("is for WEB, not for Messenger"), "{}", run.stderr);
    }
}

/// Ctrl-C for that process.
fn kill(pid: u32) -> Command {
    let mut kill = Command::new("kill");
    kill.args(["-INT", &pid.to_string()]);
    kill
}

#[test]
fn what_is_no_pages_application_is_never_replaced_and_a_yes_is_needed() {
    let darts = Darts::start(World::with(&[(1, "shop", "APNS")]));
    let run = connect(&darts, &Graph::start(), &["--replace", "--yes"]).exits(1);
    assert!(run.stderr.contains("is for APNS, not for Messenger"), "{}", run.stderr);
    assert!(darts.changes().is_empty());
    let darts = Darts::start(World::with(&[(1, "shop", "MESSENGER")]));
    let run = connect(&darts, &Graph::start(), &["--replace"]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--yes"), "{}", run.stderr);
    assert!(darts.changes().is_empty());
}

#[test]
fn a_creation_that_lost_its_answer_is_looked_for_by_its_name_and_not_repeated() {
    type Lost = fn() -> Reply;
    let lost: [Lost; 6] = [
        || Reply::Raw(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"id\":7,".to_vec()),
        || Reply::Json(200, crate::darts::record(3, "another", "MESSENGER").to_string()),
        || Reply::Close,
        || Reply::Json(502, "<html>Bad Gateway</html>".to_owned()),
        || Reply::Json(200, format!("<html>{CANARY}</html>")),
        || Reply::Json(200, json!({ "name": ["odd"], "token": CANARY }).to_string()),
    ];
    for reply in lost {
        for is_done in [true, false] {
            let darts = Darts::meddled(nothing(), move |asked, _, world| {
                (asked.method == "POST").then(|| {
                    if is_done {
                        world.lock().unwrap().applications.push(crate::darts::record(7, "shop", "MESSENGER"));
                    }
                    reply()
                })
            });
            let run = connect(&darts, &Graph::start(), &[]).exits(if is_done { 0 } else { 1 });
            assert_eq!(darts.changes(), ["POST /api/v1/applications/"], "{}", run.stderr);
            assert!(!run.stderr.contains(CANARY), "{}", run.stderr);
            match is_done {
                true => assert_eq!(run.json()["results"][0]["_id"], "7"),
                false => assert!(run.stderr.contains("the list shows no application shop"), "{}", run.stderr),
            }
        }
    }
}

#[test]
fn a_creation_is_not_repeated_where_the_service_asks_to_wait() {
    for status in [429, 503] {
        let darts = Darts::meddled(nothing(), move |asked, _, _| {
            let wait =
                || Reply::With(status, "Retry-After: 0\r\n".to_owned(), "{\"detail\":\"later\"}".to_owned());
            (asked.method == "POST").then(wait)
        });
        let run = connect(&darts, &Graph::start(), &[]).exits(1);
        assert!(run.error()["message"].as_str().unwrap().ends_with("later"), "{}", run.stderr);
        assert_eq!(darts.changes().len(), 1);
    }
}

#[test]
fn refusals_of_every_shape_are_told_as_field_and_text() {
    for (body, says) in [
        (json!({ "name": ["(already exists)"] }), "name: (already exists)"),
        (json!({ "detail": "no\u{1b}[31m" }), "no [31m"),
        (json!({ "non_field_errors": [["a"], ["b"]] }), "a; b"),
        (json!(["plain"]), "plain"),
    ] {
        let darts = Darts::meddled(nothing(), move |asked, _, _| {
            (asked.method == "POST").then(|| Reply::Json(400, body.to_string()))
        });
        let run = connect(&darts, &Graph::start(), &[]).exits(1);
        let message = run.error()["message"].as_str().unwrap().to_owned();
        assert_eq!(message, format!("can't create application shop: {says}"));
    }
    // Under a status of success, and with somebody's token in it.
    let text = "Invalid token EAAGm0PX4ZCpsBAKZCx7z0ZAp9 given";
    let darts = Darts::meddled(nothing(), move |asked, _, _| {
        (asked.method == "POST").then(|| Reply::Json(200, json!({ "page_access_token": [text] }).to_string()))
    });
    let run = connect(&darts, &Graph::start(), &[]).exits(1);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("page_access_token: Invalid token [secret] given"), "{message}");
    assert!(!run.stderr.contains("EAAG"), "{}", run.stderr);
}

#[test]
fn what_the_list_does_not_show_is_not_created() {
    let darts = Darts::meddled(nothing(), |asked, _, world| {
        let made = |_| Reply::Json(201, crate::darts::record(9, "shop", "MESSENGER").to_string());
        (asked.method == "POST").then_some(world).map(made)
    });
    let run = connect(&darts, &Graph::start(), &[]).exits(1);
    assert!(run.stderr.contains("with the ID 9, but its list doesn't show it"), "{}", run.stderr);
    assert_eq!(run.json()["results"][0]["_id"], "9");
    assert!(run.error()["hint"].as_str().unwrap().contains("channels show 9"), "{}", run.stderr);
}

#[test]
fn a_service_without_that_call_is_not_the_documented_one() {
    let darts = Darts::meddled(nothing(), |asked, _, _| {
        (asked.method == "POST").then(|| Reply::Json(404, json!({ "detail": "Not found." }).to_string()))
    });
    let run = connect(&darts, &Graph::start(), &[]).exits(1);
    assert!(run.error()["hint"].as_str().unwrap().contains("2018"), "{}", run.stderr);
}

#[test]
fn where_messages_are_passed_on_to_is_an_absolute_https_address() {
    let (darts, graph) = (Darts::start(nothing()), Graph::start());
    for odd in ["https:///bot.example.com/hook", "bot.example.com", "http://bot.example.com/", "/hook"] {
        let run = connect(&darts, &graph, &["--redirect-to", odd]).exits(2);
        assert!(run.error()["message"].as_str().unwrap().contains("--redirect-to"), "{}", run.stderr);
    }
    assert!(darts.requests().is_empty());
}

#[test]
fn without_the_apps_credentials_the_five_steps_follow_with_the_values_to_copy() {
    let darts = Darts::start(nothing());
    let target = "https://bot.example.com/hook?x=1";
    let run = connect(&darts, &Graph::start(), &["--redirect-to", target]).exits(0);
    for says in [
        "1. Add the product Messenger",
        "https://10darts.com/app/applications",
        "Webhook verification token",
        "messages, messaging_postbacks, messaging_optins, message_deliveries, message_reads, messaging_referrals",
        "5. Add Kopi Senja",
        "?redirect_to=https%3A%2F%2Fbot.example.com%2Fhook%3Fx%3D1",
        "don't count",
    ] {
        assert!(run.stderr.replace("\n", " ").contains(says), "{says}: {}", run.stderr);
    }
    // Where the record has the address, that is the one to copy.
    let further = json!({ "webhook_url": "https://10darts.com/hook/101/?v=1", "webhook_token": CANARY });
    let darts = Darts::start(World { further, ..nothing() });
    let run = connect(&darts, &Graph::start(), &["--redirect-to", "https://bot.example.com/hook"]).exits(0);
    let joined = "https://10darts.com/hook/101/?v=1&redirect_to=https%3A%2F%2Fbot.example.com%2Fhook";
    assert!(run.stderr.contains(joined) && !run.stderr.contains(CANARY), "{}", run.stderr);
}

#[test]
fn only_an_https_address_is_passed_on_to() {
    let (darts, graph) = (Darts::start(nothing()), Graph::start());
    for bad in ["http://bot.example.com/", "/hook", "http://127.0.0.1:8/", "https://u:p@bot.example.com/"] {
        connect(&darts, &graph, &["--redirect-to", bad]).exits(2);
    }
    assert!(darts.requests().is_empty());
}

#[test]
fn with_the_apps_credentials_both_halves_are_set_and_read_back() {
    let (darts, graph, hook, home) = (Darts::start(nothing()), Graph::start(), hook(), Home::new());
    let callback = format!("{}/?v=1", hook.url.trim_end_matches("/partner"));
    let further = [
        "--callback-url",
        &callback,
        "--verify-token-stdin",
        "--redirect-to",
        "https://bot.example.com/hook",
    ];
    let command = graph.with_app(darts.command(&home, &[&CONNECT[..], &further].concat()));
    let run = piped(command, &format!("{VERIFY_TOKEN}\n")).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "connected");
    let (set, fields) = graph.set().callback.clone().unwrap();
    assert_eq!(set, format!("{callback}&redirect_to=https%3A%2F%2Fbot.example.com%2Fhook"));
    assert_eq!((fields.len(), graph.set().page.as_ref().unwrap().len()), (6, 6));
    assert_eq!(
        graph.changes(),
        ["POST /v26.0/5566778899/subscriptions", "POST /v26.0/1002003004005006/subscribed_apps"]
    );
    assert!(hook.asked()[0].target.contains("hub.mode=subscribe"), "the handshake comes first");
}

#[test]
fn the_webhook_of_the_record_is_used_and_its_token_is_shown_nowhere() {
    let (graph, hook, home) = (Graph::start(), hook(), Home::new());
    let address = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = json!({ "webhook_url": address, "webhook_verification_token": VERIFY_TOKEN });
    let darts = Darts::start(World { further, ..nothing() });
    let run = Run::of(graph.with_app(darts.command(&home, &[&["-v"], &CONNECT[..]].concat()))).exits(0);
    assert_eq!(graph.set().callback.as_ref().unwrap().0, address);
    assert!(!run.stderr.contains(VERIFY_TOKEN) && !run.stdout.contains(VERIFY_TOKEN), "{}", run.stderr);
}

#[test]
fn another_callback_is_shown_with_the_new_one_and_not_moved_without_a_yes() {
    let (graph, hook) = (Graph::start(), hook());
    graph.set().callback = Some(("https://elsewhere.example/hook".to_owned(), vec!["feed".to_owned()]));
    let address = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = json!({ "webhook_url": address, "webhook_token": VERIFY_TOKEN });
    let darts = Darts::start(World { further, ..nothing() });
    let home = Home::new();
    let run = Run::of(graph.with_app(darts.command(&home, &CONNECT))).exits(2);
    assert!(
        run.stderr.contains("https://elsewhere.example/hook") && run.stderr.contains(&address),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("is there, but its webhook isn't set"), "{}", run.stderr);
    assert_eq!(run.json()["results"][0]["action"], "connected", "the application is there");
    assert_eq!(run.json()["next"], "socialchat-cli meta subscribe --callback-url URL");
    assert!(graph.changes().is_empty());
}

#[test]
fn a_callback_that_nobody_may_move_is_noticed_before_an_application_is_created() {
    let (darts, graph, home) = (Darts::start(nothing()), Graph::start(), Home::new());
    graph.set().callback = Some(("https://elsewhere.example/hook".to_owned(), vec!["feed".to_owned()]));
    let further = ["--verify-token-stdin", "--callback-url", "https://hook.example/h"];
    let connect = [&CONNECT[..], &further].concat();
    let run = piped(graph.with_app(darts.command(&home, &connect)), VERIFY_TOKEN).exits(2);
    assert!(
        run.error()["message"].as_str().unwrap().contains("https://elsewhere.example/hook"),
        "{}",
        run.stderr
    );
    assert!(darts.changes().is_empty());
    let dry = [&connect[..], &["--dry-run"]].concat();
    let run = piped(graph.with_app(darts.command(&home, &dry)), VERIFY_TOKEN).exits(0);
    assert!(run.stderr.contains("goes to https://elsewhere.example/hook"), "{}", run.stderr);
    assert!(run.stderr.contains("would go to https://hook.example/h"), "{}", run.stderr);
    assert!(run.stderr.contains("the Page isn't subscribed"), "{}", run.stderr);
    assert!(darts.changes().is_empty() && graph.changes().is_empty());
}

#[test]
fn a_skipped_application_gets_its_webhook_and_is_a_pages() {
    let darts = Darts::start(World::with(&[(1, "shop", "APNS")]));
    let run = connect(&darts, &Graph::start(), &["--if-connected", "skip"]).exits(1);
    assert!(run.stderr.contains("is for APNS, not for Messenger"), "{}", run.stderr);
    let (darts, graph, hook, home) =
        (Darts::start(World::with(&[(1, "shop", "MESSENGER")])), Graph::start(), hook(), Home::new());
    let callback = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = ["--if-connected", "skip", "--verify-token-stdin", "--callback-url", &callback];
    let command = graph.with_app(darts.command(&home, &[&CONNECT[..], &further].concat()));
    let run = piped(command, VERIFY_TOKEN).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "skipped");
    assert_eq!(graph.set().callback.as_ref().unwrap().0, callback);
    assert!(darts.changes().is_empty());
}

#[test]
fn what_the_webhook_lacks_is_said_before_an_application_is_created() {
    let (darts, graph, home) = (Darts::start(nothing()), Graph::start(), Home::new());
    let further = ["--callback-url", "https://hook.example/h"];
    let command = darts.command(&home, &[&CONNECT[..], &further].concat());
    let run = Run::of(graph.with_app(command)).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--verify-token-stdin"), "{}", run.stderr);
    let command = darts.command(&home, &[&CONNECT[..], &further].concat());
    let run = Run::of(graph.with_page(command)).exits(2);
    assert!(run.error()["message"].as_str().unwrap().contains("META_APP_ID"), "{}", run.stderr);
    assert!(darts.requests().is_empty());
}

#[test]
fn a_dry_run_changes_nothing_and_asks_for_no_token() {
    let (darts, graph, home) =
        (Darts::start(World::with(&[(1, "shop", "MESSENGER")])), Graph::start(), Home::new());
    let other = ["--json", "connect", "messenger", "--name", "toko", "--dry-run"];
    let run = Run::of(graph.with_page(darts.command(&home, &other))).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "would-connect");
    let mut command = graph.with_page(darts.command(&home, &other));
    command.env_remove("META_PAGE_TOKEN");
    let run = Run::of(command).exits(0);
    assert!(run.stderr.contains("asks for no token"), "{}", run.stderr);
    connect(&darts, &graph, &["--dry-run", "--replace"]).exits(0);
    let run = connect(&darts, &graph, &["--dry-run"]).exits(1);
    assert_eq!(run.json()["results"][0]["action"], "would-fail");
    assert!(darts.changes().is_empty() && graph.changes().is_empty());
}

#[test]
fn a_page_token_comes_from_stdin_and_never_as_an_argument() {
    let (darts, graph, home) = (Darts::start(nothing()), Graph::start(), Home::new());
    let mut command =
        graph.with_page(darts.command(&home, &[&CONNECT[..], &["--page-token-stdin"]].concat()));
    command.env("META_PAGE_TOKEN", "EAAB-another-that-is-not-used");
    piped(command, &format!("{PAGE_TOKEN}\n")).exits(0);
    let mut command = graph.with_page(darts.command(&home, &CONNECT));
    command.env_remove("META_PAGE_TOKEN");
    let run = Run::of(command).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--page-token-stdin"), "{}", run.stderr);
}

#[test]
fn options_that_mean_nothing_here_are_refused_by_name() {
    let (darts, graph) = (Darts::start(nothing()), Graph::start());
    for further in [
        &["--page", "1"][..],
        &["--all"],
        &["--concurrency", "2"],
        &["--token-stdin"],
        &["--paste"],
        &["--no-browser"],
        &["--port", "8080"],
        &["--timeout", "10"],
        &["--origin", "https://a.example"],
    ] {
        let run = connect(&darts, &graph, further).exits(2);
        assert!(run.error()["message"].as_str().unwrap().contains(further[0]), "{further:?}: {}", run.stderr);
    }
    let home = Home::new();
    let run = Run::of(graph.with_page(darts.command(&home, &["--json", "connect", "instagram"]))).exits(2);
    assert_eq!(run.error()["code"], "unsupported");
    assert!(darts.requests().is_empty() && graph.api.asked().is_empty());
}

#[test]
fn no_secret_of_any_answer_or_of_ours_is_shown_or_kept() {
    let (graph, hook, home) = (Graph::start(), hook(), Home::new());
    let address = format!("{}/hook/", hook.url.trim_end_matches("/partner"));
    let further = json!({
        "webhook_url": address, "webhook_token": VERIFY_TOKEN, "settings": { "secret": CANARY }, "apiKey": CANARY,
    });
    let quoting = World { further, ..World::with(&[(1, "old", "MESSENGER")]) };
    let darts = Darts::meddled(quoting, |asked, _, _| {
        // An error that quotes what it was sent.
        let quoted = || Reply::Json(400, json!({ "detail": format!("{} {CANARY}", asked.body) }).to_string());
        (asked.body.contains("\"quoted\"")).then(quoted)
    });
    let runs = [
        &["-v", "--yes", "connect", "messenger", "--name", "shop"][..],
        &["-v", "--yes", "--json", "connect", "messenger", "--name", "old", "--replace"],
        &["-v", "--yes", "--json", "reconnect", "messenger", "shop"],
        &["-v", "--json", "channels", "list"],
        &["-v", "channels", "list"],
        &["-v", "--json", "channels", "show", "old"],
        &["-v", "--json", "whoami"],
        &["-v", "--yes", "--json", "connect", "messenger", "--name", "quoted"],
    ];
    let last = runs.len() - 1;
    for (number, arguments) in runs.into_iter().enumerate() {
        let run = Run::of(graph.with_app(darts.command(&home, arguments)));
        let is_quoting = number == last;
        assert_eq!(run.code, Some(if is_quoting { 1 } else { 0 }), "{arguments:?} {}", run.stderr);
        let said = run.stdout.clone() + &run.stderr;
        let mut secrets = vec![PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN, KEY];
        if !is_quoting {
            secrets.push(CANARY);
        }
        for secret in secrets {
            assert!(!said.contains(secret), "{secret} after {arguments:?}: {said}");
        }
    }
    for (path, bytes) in home.files() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [PAGE_TOKEN, APP_SECRET, VERIFY_TOKEN, KEY, CANARY] {
            assert!(!text.contains(secret), "{secret} in {}", path.display());
        }
    }
    assert!(graph.api.asked().iter().all(|asked| !asked.target.contains(PAGE_TOKEN)), "in no address");
}

#[test]
fn the_sandbox_connects_on_a_fresh_machine() {
    let home = Home::new();
    let sandbox = ["--sandbox", "--platform", "10darts", "--yes", "--json"];
    let connect = ["connect", "messenger", "--name", "shop"];
    let run = home.run(&[&sandbox[..], &connect].concat()).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "connected");
    assert!(run.stderr.contains("the sandbox's own Page token"), "{}", run.stderr);
    assert!(run.stderr.contains("Meta sends messages"), "{}", run.stderr);
    let id = run.json()["results"][0]["_id"].as_str().unwrap().to_owned();
    let listed =
        home.run(&["--sandbox", "--platform", "10darts", "--json", "channels", "show", &id]).exits(0);
    assert_eq!(listed.json()["name"], "shop");
    home.run(&[&sandbox[..], &["reconnect", "messenger", &id]].concat()).exits(0);
    let run = home.run(&[&sandbox[..], &["disconnect", &id]].concat()).exits(1);
    assert_eq!(run.error()["code"], "not-found", "the old one is gone");
}
