//! A person at the terminal while a sign-in is waited for, and the sandbox in their place.

use serde_json::json;

use crate::backend::{Backend, Clean, DIALOG, Guide, page, refusal};
use crate::support::{Home, Reply, Run, until};
use crate::terminal::{CTRL_C, ESCAPE, Terminal};

const SUCCESS: &str = "?facebook_connected=true&type=messenger";

/// The program in a terminal, waiting for a sign-in.
fn waiting(backend: &Backend, home: &Home, arguments: &[&str]) -> Terminal {
    let arguments = [&["connect", "messenger", "--no-browser"], arguments].concat();
    let mut terminal = Terminal::of_size(24, 120, &backend.command(home, &arguments));
    terminal.wait_for("Tick all Pages and Instagram accounts there");
    terminal.wait_until_hidden();
    terminal
}

#[test]
fn an_address_that_is_pasted_meanwhile_ends_the_waiting_and_is_never_shown() {
    for arguments in [&[][..], &["--paste"]] {
        let (backend, home) = (Backend::start(Guide::Two, &[]), Home::new());
        let mut terminal = waiting(&backend, &home, arguments);
        terminal.send("https://app.unifiedbeez.com/cb/of-another?facebook_connected=true\r");
        terminal.wait_for("that URL is of another sign-in than this one");
        terminal.send("https://app.unifiedbeez.com/canary-place\r");
        terminal.wait_for("that URL has no result yet");
        backend.world().consent(page(34, "1002", "Shop", true));
        terminal.send(&format!("https://app.unifiedbeez.com/canary-place{SUCCESS}#_=_\r"));
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{}", ended.text);
        assert!(ended.text.contains("connected") && ended.text.contains("Shop"), "{}", ended.text);
        assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
    }
}

#[test]
fn the_browser_counts_while_a_paste_is_waited_for() {
    let (backend, home) = (Backend::start(Guide::Two, &[]), Home::new());
    let mut terminal = waiting(&backend, &home, &[]);
    terminal.send("https://app.unifiedbeez.com/half");
    backend.world().consent(page(34, "1002", "Shop", true));
    assert_eq!(backend.come_back(SUCCESS).status, 303);
    let ended = terminal.end();
    assert_eq!(ended.code, 0, "{}", ended.text);
    assert!(ended.text.contains("Shop"), "{}", ended.text);
}

#[test]
fn escape_and_ctrl_c_end_it_and_nothing_is_changed() {
    for key in [ESCAPE, CTRL_C] {
        let (backend, home) = (Backend::start(Guide::Two, &[]), Home::new());
        let mut terminal = waiting(&backend, &home, &[]);
        terminal.send(key);
        let ended = terminal.end();
        assert_eq!(ended.code, 130, "{}", ended.text);
        assert!(ended.text.contains(DIALOG.split('?').next().unwrap()), "{}", ended.text);
        assert!(backend.asked().iter().all(|line| line.starts_with("GET ")), "{:?}", backend.asked());
    }
}

#[test]
fn too_many_requests_are_waited_for_and_sent_again() {
    for body in ["{\"statusCode\":429,\"message\":\"ThrottlerException: Too Many Requests\"}", ""] {
        let told = std::sync::atomic::AtomicBool::new(false);
        let backend = Backend::meddled(Guide::Two, &[page(11, "1001", "Kopi", true)], move |_, _| {
            let is_first = !told.swap(true, std::sync::atomic::Ordering::SeqCst);
            is_first.then(|| Reply::With(429, "Retry-After: 1\r\n".to_owned(), body.to_owned()))
        });
        let listed = backend.run(&["--json", "channels", "list"]).exits(0);
        assert_eq!(listed.json()["total"], 1);
        assert_eq!(backend.requests().len(), 2);
    }
}

#[test]
fn a_throttle_that_does_not_say_how_long_is_given_a_part_of_its_window() {
    use std::io::BufRead as _;
    let body = "{\"statusCode\":429,\"message\":\"ThrottlerException: Too Many Requests\"}";
    let backend = Backend::meddled(Guide::Two, &[], move |_, _| Some(Reply::Json(429, body.to_owned())));
    let home = Home::new();
    let mut command = backend.command(&home, &["channels", "list"]);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains("in 20.0 s (1 of 3)"), "{line}");
}

#[test]
fn a_list_that_fails_after_the_return_is_no_success() {
    let fails = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let shared = fails.clone();
    let backend = Backend::meddled(Guide::Two, &[], move |_, _| {
        shared.load(std::sync::atomic::Ordering::SeqCst).then(|| refusal(403, "Not now"))
    });
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    fails.store(true, std::sync::atomic::Ordering::SeqCst);
    backend.come_back(SUCCESS);
    let failed = waiting.end().clean().exits(1);
    assert!(
        failed.error()["message"].as_str().unwrap().contains("can't list the channels"),
        "{}",
        failed.stderr
    );
}

#[test]
fn on_a_fresh_machine_the_sandbox_consents_by_itself() {
    let home = Home::new();
    let run = |arguments: &[&str]| -> Run {
        let all = [&["--sandbox", "--platform", "unifiedbeez", "--yes", "--json"], arguments].concat();
        home.run(&all).exits(0)
    };
    let count = |run: Run, word: &str| run.json()["summary"][word].as_u64().unwrap_or(0);
    assert_eq!(count(run(&["connect", "messenger"]), "connected"), 4);
    assert_eq!(count(run(&["connect", "messenger"]), "connected"), 0, "running twice connects nothing");
    assert_eq!(count(run(&["reconnect", "instagram", "--disconnected"]), "reconnected"), 1);
    let listed = run(&["channels", "list", "--kind", "messenger"]).json();
    let ids: Vec<&str> = listed["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 5);
    assert_eq!(count(run(&["disconnect", ids[4]]), "disconnected"), 1);
    let whole = listed["channels"][0]["additionalData"]["connectedChannelId"].to_string();
    assert_eq!(count(run(&["disconnect", "--whole-channel", &whole]), "disconnected"), 4);
    let left = run(&["channels", "list"]).json();
    assert!(left["channels"].as_array().unwrap().iter().all(|channel| channel["channelType"] == "instagram"));
    assert_eq!(run(&["whoami"]).json()["accepted"], json!(true));
    until("nothing is left behind", || {
        home.files().keys().all(|path| !path.to_string_lossy().contains("journal"))
    });
}
