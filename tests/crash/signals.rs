//! Ctrl-C, SIGTERM, SIGHUP and a terminal that closes: put back first, within a second.

use std::io::Read as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::killed::sign_in_soon;
use crate::partner::{Partner, World};
use crate::support::{Home, Reply, Waiting, until};
use crate::{command, handles_interrupt, journals, send};

const SECOND: Duration = Duration::from_secs(1);
const SIGNALS: [(Signal, i32); 4] =
    [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131)];

/// Interrupts a connect at that request; false when it has fewer.
fn interrupted_at(step: usize, signal: Signal, code: i32) -> bool {
    let (home, reached) = (Home::new(), Arc::new(AtomicBool::new(false)));
    let flag = reached.clone();
    let partner = Partner::meddled(World::new(), move |asked, number, world| {
        if asked.target.ends_with("/authorize") {
            sign_in_soon(world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap());
        }
        if number == step {
            flag.store(true, Ordering::SeqCst);
            // It is interrupted meanwhile; the API carries out the request and answers.
            thread::sleep(Duration::from_millis(80));
        }
        None
    });
    let before = partner.settings();
    let mut run =
        command(&home, &partner, &["connect", "messenger", "--all", "--yes", "--no-browser", "--json"]);
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !reached.load(Ordering::SeqCst) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(begun.elapsed() < 20 * SECOND);
        thread::sleep(Duration::from_millis(2));
    }
    let sent = Instant::now();
    send(&child, signal);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let status = child.wait().unwrap();
    let took = sent.elapsed();
    assert_eq!(status.code(), Some(code), "step {step}\n{stderr}");
    assert!(took < SECOND, "step {step}: {took:?}\n{stderr}");
    assert_eq!(partner.settings(), before, "step {step}\n{stderr}");
    assert!(journals(&home).is_empty(), "step {step}\n{stderr}");
    let last = stderr.lines().last().unwrap_or_default();
    assert!(last.contains(r#""code":"interrupted""#), "step {step}: {stderr}");
    true
}

fn interrupted_at_every_step(signal: Signal, code: i32) {
    let mut steps = 0;
    while interrupted_at(steps + 1, signal, code) {
        steps += 1;
    }
    assert!(steps >= 9, "{steps} steps");
}

#[test]
fn ctrl_c_at_every_step_puts_the_callback_back_within_a_second() {
    interrupted_at_every_step(Signal::INT, 130);
}

#[test]
fn sigterm_at_every_step_puts_the_callback_back_within_a_second() {
    interrupted_at_every_step(Signal::TERM, 143);
}

#[test]
fn sighup_at_every_step_puts_the_callback_back_within_a_second() {
    interrupted_at_every_step(Signal::HUP, 129);
}

#[test]
fn every_signal_while_it_waits_for_the_browser_puts_the_callback_back_within_a_second() {
    for (signal, code) in SIGNALS {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let waiting =
            Waiting::start(command(&home, &partner, &["authorize", "instagram", "--yes", "--no-browser"]));
        assert_ne!(partner.settings(), World::new().settings);
        let sent = Instant::now();
        send(&waiting.child, signal);
        let run = waiting.end();
        assert!(sent.elapsed() < SECOND, "{:?}", sent.elapsed());
        let run = run.exits(code);
        assert_eq!(partner.settings(), World::new().settings);
        assert!(
            run.stderr
                .contains("Instagram callback URL restored: https://app.example/callback/instagram?keep=1"),
            "{}",
            run.stderr
        );
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn refusal_and_timeout_put_the_callback_back_too() {
    for (refused, code) in [(true, 4), (false, 4)] {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let patience = if refused { "60" } else { "1" };
        let arguments = ["authorize", "messenger", "--yes", "--no-browser", "--timeout", patience];
        let waiting = Waiting::start(command(&home, &partner, &arguments));
        if refused {
            let url = format!("{}?error=access_denied&error_description=no", partner.callback("messenger"));
            crate::support::http("GET", &url, "", "");
        }
        let run = waiting.end().exits(code);
        assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
        assert!(journals(&home).is_empty());
    }
}

/// Answers nothing any more once told so.
fn falls_silent() -> (Partner, Arc<AtomicBool>) {
    let silent = Arc::new(AtomicBool::new(false));
    let flag = silent.clone();
    let partner =
        Partner::meddled(World::new(), move |_, _, _| flag.load(Ordering::SeqCst).then_some(Reply::Hang));
    (partner, silent)
}

#[test]
fn when_the_api_does_not_answer_it_says_so_and_a_second_ctrl_c_does_not_wait() {
    let home = Home::new();
    let (partner, silent) = falls_silent();
    let waiting =
        Waiting::start(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"]));
    silent.store(true, Ordering::SeqCst);
    let sent = Instant::now();
    send(&waiting.child, Signal::INT);
    until("it says that it takes longer", || waiting.stderr().contains("still restoring the messenger"));
    assert!(sent.elapsed() < Duration::from_millis(1500), "{:?}", sent.elapsed());
    assert!(waiting.stderr().contains("callback restore"), "{}", waiting.stderr());
    let again = Instant::now();
    send(&waiting.child, Signal::INT);
    // Not the 130 that says that all is back.
    let run = waiting.end().exits(6);
    assert!(again.elapsed() < Duration::from_millis(300), "{:?}", again.elapsed());
    let left = "callback URL to https://app.example/callback/messenger";
    assert!(run.stderr.contains(left), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1, "what is left is noted");

    silent.store(false, Ordering::SeqCst);
    crate::support::Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn when_the_api_never_answers_it_ends_all_the_same_and_says_what_restore_will_do() {
    let home = Home::new();
    let (partner, silent) = falls_silent();
    let waiting =
        Waiting::start(command(&home, &partner, &["authorize", "messenger", "--yes", "--no-browser"]));
    silent.store(true, Ordering::SeqCst);
    let sent = Instant::now();
    send(&waiting.child, Signal::TERM);
    // Not the 143 that says that all is back.
    let run = waiting.end().exits(6);
    assert!(sent.elapsed() < Duration::from_secs(12), "{:?}", sent.elapsed());
    let left = "callback URL to https://app.example/callback/messenger: the API didn't answer in time";
    assert!(run.stderr.contains(left), "{}", run.stderr);
    assert!(run.stderr.contains("`socialchat-cli callback restore` tries again"), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1);
}

#[test]
fn ctrl_c_ends_a_program_that_reads_a_secret_from_stdin() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    for arguments in [&["login", "--api-key-stdin"][..], &["pages", "messenger", "--token-stdin"]] {
        let mut run = command(&home, &partner, arguments);
        let mut child =
            run.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Kept open: its end would be an answer.
        let _stdin = child.stdin.take();
        // Until its handlers stand, a signal would simply end it: as good, but not what is tested.
        until("it handles signals", || handles_interrupt(child.id()));
        let sent = Instant::now();
        send(&child, Signal::INT);
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert!(sent.elapsed() < SECOND);
    }
}
