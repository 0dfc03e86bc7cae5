//! Nothing that makes other requests wait makes the callback URL wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::killed::sign_in_soon;
use crate::partner::{Partner, World};
use crate::support::{Home, Reply, Run, Waiting, until};
use crate::{command, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
const SECOND: Duration = Duration::from_secs(1);

/// Asks to wait 20 s whenever that path is asked for; a person signs in before.
fn asks_to_wait(path: &'static str) -> Partner {
    Partner::meddled(World::new(), move |asked, _, world| {
        if asked.target.ends_with("/authorize") && path != "authorize" {
            sign_in_soon(world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap());
        }
        let is_it = asked.target.contains(&format!("/{path}"));
        is_it.then(|| Reply::With(429, "Retry-After: 20\r\n".to_owned(), String::new()))
    })
}

#[test]
fn retry_after_on_another_call_does_not_hold_back_the_way_back() {
    let home = Home::new();
    let partner = asks_to_wait("authorize");
    let mut run = command(&home, &partner, &AUTHORIZE);
    let child = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut child = child.unwrap();
    until("it is asked to wait", || partner.count("GET /partner/channel/messenger/authorize") == 1);
    until("its own value was looked at", || partner.count("GET /partner") == 3);
    let sent = Instant::now();
    send(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert!(sent.elapsed() < SECOND, "{:?}", sent.elapsed());
    assert_eq!(partner.settings(), World::new().settings);

    let partner = asks_to_wait("account");
    let mut run = command(&home, &partner, &["pages", "messenger", "--yes", "--no-browser"]);
    let child = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut child = child.unwrap();
    until("it is asked to wait", || partner.count("GET /partner/channel/messenger/account") == 1);
    let asked = Instant::now();
    until("the callback is back", || partner.settings() == World::new().settings);
    assert!(asked.elapsed() < SECOND, "{:?}", asked.elapsed());
    until("nothing is left to be put back", || journals(&home).is_empty());
    send(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// Hangs in every PUT from now on.
fn hanging() -> (Partner, Arc<AtomicBool>) {
    let hangs = Arc::new(AtomicBool::new(false));
    let flag = hangs.clone();
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        (asked.method == "PUT" && flag.load(Ordering::SeqCst)).then_some(Reply::Hang)
    });
    (partner, hangs)
}

#[test]
fn an_api_that_hangs_keeps_no_other_callback_from_being_put_back() {
    let home = Home::new();
    let (hung, hangs) = hanging();
    hangs.store(true, Ordering::SeqCst);
    let mut run = command(&home, &hung, &AUTHORIZE);
    let child = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut child = child.unwrap();
    until("it hangs", || hung.count("PUT /partner") == 1);

    let partner = Partner::start(World::new());
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    let sent = Instant::now();
    send(&waiting.child, Signal::INT);
    waiting.end().exits(130);
    assert!(sent.elapsed() < SECOND, "{:?}", sent.elapsed());
    assert_eq!(partner.settings(), World::new().settings);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn who_waits_for_the_settings_of_the_same_account_says_for_whom() {
    let home = Home::new();
    let (partner, hangs) = hanging();
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    hangs.store(true, Ordering::SeqCst);
    // It hangs while it holds the settings.
    let mut holder = command(&home, &partner, &["callback", "set", "--instagram", "https://new.example/i"]);
    let holder = holder.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut holder = holder.unwrap();
    until("the other run hangs", || partner.count("PUT /partner") == 2);
    let pid = holder.id();
    send(&waiting.child, Signal::INT);
    let run = waiting.end().exits(6);
    assert!(run.stderr.contains("another run is changing the settings of this account"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("process {pid}")), "{}", run.stderr);
    assert!(run.stderr.contains("https://app.example/callback/messenger"), "{}", run.stderr);
    holder.kill().unwrap();
    holder.wait().unwrap();
    hangs.store(false, Ordering::SeqCst);
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn a_signal_in_the_middle_of_a_restore_lets_it_come_to_its_end() {
    let home = Home::new();
    let (hangs, slow) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (hanging, slowed) = (hangs.clone(), slow.clone());
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        if asked.method != "PUT" {
            return None;
        }
        if slowed.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(300));
        }
        hanging.load(Ordering::SeqCst).then_some(Reply::Hang)
    });
    let mut waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    let interrupted = |arguments: &[&str], code| {
        let puts = partner.count("PUT /partner");
        let mut run = command(&home, &partner, arguments);
        let run = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        let child = run.spawn().unwrap();
        until("it is putting it back", || partner.count("PUT /partner") > puts);
        send(&child, Signal::INT);
        Run::from(child.wait_with_output().unwrap()).exits(code)
    };
    hangs.store(true, Ordering::SeqCst);
    let run = interrupted(&["channels", "list"], 6);
    let left = "callback URL to https://app.example/callback/messenger";
    assert!(run.stderr.contains(left), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1);
    hangs.store(false, Ordering::SeqCst);
    slow.store(true, Ordering::SeqCst);
    interrupted(&["callback", "restore"], 130);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

/// On the way back one request hangs for good: the reading before it is written, or the writing. The next is answered.
#[test]
fn one_request_that_hangs_on_the_way_back_is_sent_again() {
    std::thread::scope(|scope| {
        for method in ["GET", "PUT"] {
            scope.spawn(move || {
                let back = Arc::new(AtomicBool::new(false));
                let hangs = back.clone();
                let partner = Partner::meddled(World::new(), move |asked, _, _| {
                    let is_it = asked.method == method && !asked.target.contains("/channel");
                    (is_it && hangs.swap(false, Ordering::SeqCst)).then_some(Reply::Hang)
                });
                let home = Home::new();
                let waiting = Waiting::start(command(
                    &home,
                    &partner,
                    &["authorize", "messenger", "--yes", "--no-browser"],
                ));
                back.store(true, Ordering::SeqCst);
                send(&waiting.child, Signal::INT);
                waiting.end().exits(130);
                assert_eq!(partner.settings(), World::new().settings, "{method}");
                assert!(journals(&home).is_empty(), "{method}");
                assert!(!back.load(Ordering::SeqCst), "{method}: none hung");
            });
        }
    });
}
