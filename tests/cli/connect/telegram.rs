//! connect telegram, reconnect telegram.

use serde_json::json;

use crate::estate::{Estate, YEARS};
use crate::support::Run;

const TOKEN: &str = "7111222333:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";
const SAME_BOT: &str = "7111222333:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2";
const OTHER_BOT: &str = "7999999999:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";

fn run(estate: &Estate, arguments: &[&str], stdin: &str) -> Run {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = estate.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    Run::from(child.wait_with_output().unwrap())
}

const CONNECT: [&str; 4] = ["--json", "connect", "telegram", "--bot-token-stdin"];

#[test]
fn a_bot_is_connected_and_reconnected_with_a_token_of_its_own_only() {
    for year in YEARS {
        let estate = Estate::small(year, &[]);
        let document = run(&estate, &CONNECT, &format!("{TOKEN}\n")).exits(0).json();
        let id = document["results"][0]["_id"].as_str().unwrap().to_owned();
        assert_eq!(
            document,
            json!({ "kind": "telegram", "results": [{ "_id": id, "channelId": "7111222333",
                "name": "sandbox_7111222333_bot", "action": "connected", "error": null }] })
        );
        let again = ["--json", "reconnect", "telegram", &id, "--bot-token-stdin"];
        let document = run(&estate, &again, SAME_BOT).exits(0).json();
        assert_eq!(document["results"][0]["action"], "reconnected");
        let other = run(&estate, &again, OTHER_BOT).exits(1);
        assert_eq!(other.error()["originalMessage"], "account not same");
        assert!(other.error()["hint"].is_string());
        for output in [&other.stdout, &other.stderr] {
            assert!(!output.contains("AAHdqTcv"), "the token is not shown: {output}");
        }
    }
}

#[test]
fn nothing_is_sent_with_a_token_of_the_wrong_shape() {
    let estate = Estate::small("2026", &[]);
    for wrong in
        ["", "7111222333", "7111222333:short", "bot7111222333:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "\n\n"]
    {
        let run = run(&estate, &CONNECT, wrong).exits(2);
        assert!(run.stderr.contains("token"), "{}", run.stderr);
        assert!(wrong.trim().is_empty() || !run.stderr.contains(wrong), "not shown: {}", run.stderr);
    }
    assert!(estate.requests("POST").is_empty());
    estate.run(&["connect", "telegram"]).exits(2);
    estate.run(&["connect", "telegram", "--bot-token", TOKEN]).exits(2);
}

#[test]
fn only_a_telegram_channel_is_reconnected_so() {
    let estate = Estate::small("2026", &[]);
    let instagram =
        estate.channels().iter().find(|channel| channel["channelType"] == "instagram").unwrap()["_id"]
            .clone();
    let instagram = instagram.as_str().unwrap();
    let run =
        run(&estate, &["--json", "reconnect", "telegram", instagram, "--bot-token-stdin"], TOKEN).exits(2);
    let hint = run.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains(&format!("reconnect instagram {instagram}")), "{hint}");
}

#[test]
fn a_lost_answer_makes_no_second_channel() {
    for (fault, code) in [("lost", 0), ("reset", 0), ("502", 1)] {
        let fault = format!("POST /partner/channel/telegram={fault}");
        let estate = Estate::small("2026", &["--fault", &fault]);
        let before = estate.channels().len();
        let run = run(&estate, &CONNECT, TOKEN).exits(code);
        assert_eq!(estate.requests("POST").values().sum::<usize>(), 1, "{fault}: sent once");
        if code == 0 {
            assert!(run.json()["results"][0]["_id"].is_string());
            assert_eq!(estate.channels().len(), before + 1, "{fault}");
        }
    }
    let estate = Estate::small("2026", &["--fault", "POST /partner/channel/telegram/*=lost"]);
    let id = run(&estate, &CONNECT, TOKEN).exits(0).json()["results"][0]["_id"].as_str().unwrap().to_owned();
    // What shows that it was done is when it was changed, to the millisecond.
    std::thread::sleep(std::time::Duration::from_millis(5));
    run(&estate, &["reconnect", "telegram", &id, "--bot-token-stdin"], SAME_BOT).exits(0);
    assert_eq!(estate.requests("POST")[&format!("/partner/channel/telegram/{id}")], 1);
}

#[cfg(unix)]
#[test]
fn on_a_terminal_botfather_is_explained_and_the_token_stays_hidden() {
    let estate = Estate::small("2026", &[]);
    let mut terminal = crate::tty::Terminal::of_size(30, 100, &estate.command(&["connect", "telegram"]));
    terminal.wait_for("Bot token");
    let text = terminal.screen();
    assert!(text.contains("@BotFather") && text.contains("/newbot"), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.trim_start().starts_with(['1', '2', '3', '4'])).count(),
        4,
        "{text}"
    );
    terminal.send(&format!("{TOKEN}\r"));
    let terminal = terminal.end().exits(0);
    assert!(!terminal.bytes.contains("AAHdqTcv"), "{}", terminal.bytes);
    assert!(terminal.text.contains("sandbox_7111222333_bot"), "{}", terminal.text);
}

#[test]
fn a_business_bot_is_connected_as_one() {
    let estate = Estate::small("2026", &[]);
    for (arguments, is_business) in [(&["--business"][..], true), (&[], false)] {
        let token = if is_business { TOKEN } else { OTHER_BOT };
        let document = run(&estate, &[&CONNECT[..], arguments].concat(), token).exits(0).json();
        let id = document["results"][0]["_id"].as_str().unwrap().to_owned();
        let channel = estate.run(&["--json", "channels", "show", &id]).exits(0).json();
        assert_eq!(channel["additionalData"]["isBusiness"], is_business);
    }
    // The guides of 2024 don't know the word: it is sent where it is asked for alone.
    let older = Estate::small("2024", &[]);
    run(&older, &CONNECT, TOKEN).exits(0);
    let refused = run(&older, &[&CONNECT[..], &["--business"]].concat(), OTHER_BOT).exits(1).error();
    assert!(refused["originalMessage"].as_str().unwrap().contains("isBusiness"), "{refused}");
}

#[test]
fn a_dry_run_of_a_reconnect_needs_no_token_and_sends_none() {
    let estate = Estate::small("2026", &[]);
    let reconnect = ["reconnect", "telegram", "kopi_senja_sandbox_bot", "--dry-run"];
    let run = estate.run(&reconnect).exits(0);
    assert!(run.stdout.contains("would reconnect") && run.stdout.contains("7012345678"), "{}", run.stdout);
    assert!(estate.requests("POST").is_empty());
}
