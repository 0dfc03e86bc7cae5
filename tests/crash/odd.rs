//! Answers with status 200 that are not the documented ones, and refusals on the way back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Reply, Run, Waiting};
use crate::{command, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
const REAL: &str = "https://app.example/callback/messenger";

const ODD: [&str; 8] = [
    "",
    "null",
    "{}",
    "[]",
    r#"{"_id":"65b37833afe781e84afa001f"}"#,
    r#"{"statusCode":200,"message":"OK","originalMessage":"OK"}"#,
    r#"{"data":{"callbackMessengerUrl":"https://app.example/callback/messenger"}}"#,
    r#"{"webhookUrl":"https://app.example/hook","callbackMessengerUrl":5}"#,
];

#[test]
fn settings_that_are_not_the_documented_ones_are_never_taken_for_unset() {
    for body in ODD {
        let home = Home::new();
        let partner = Partner::meddled(World { replaces: true, ..World::new() }, move |asked, _, _| {
            (asked.method == "GET" && asked.target == "/partner").then(|| Reply::Json(200, body.to_owned()))
        });
        for arguments in [
            &AUTHORIZE[..],
            &["authorize", "messenger", "--no-browser"],
            &["callback", "set", "--instagram", "https://new.example/i"],
            &["callback", "show"],
        ] {
            let run = Run::of(command(&home, &partner, arguments)).exits(1);
            assert!(run.stderr.contains("can't read the partner settings"), "{body}: {}", run.stderr);
        }
        assert_eq!(partner.count("PUT /partner"), 0, "{body}");
        assert_eq!(partner.settings(), World::new().settings);
        assert!(journals(&home).is_empty());
    }
}

/// Answers so to one of the requests that read the settings.
fn odd_once(at: usize, body: &'static str) -> Partner {
    let reads = AtomicUsize::new(0);
    Partner::meddled(World::new(), move |asked, _, _| {
        let is_read = asked.method == "GET" && asked.target == "/partner";
        (is_read && reads.fetch_add(1, Ordering::SeqCst) + 1 == at).then(|| Reply::Json(200, body.to_owned()))
    })
}

#[test]
fn one_odd_answer_at_any_moment_loses_no_callback() {
    for body in ["", "{}", r#"{"data":{}}"#] {
        // Before the question and after it, and beside the request for the authorize URL.
        for at in 1..=3 {
            let home = Home::new();
            let partner = odd_once(at, body);
            Run::of(command(&home, &partner, &AUTHORIZE)).exits(1);
            assert_eq!(partner.settings(), World::new().settings, "{body}, read {at}");
            assert!(journals(&home).is_empty(), "{body}, read {at}");
        }
        // On the way back it is asked again.
        for at in 4..=5 {
            let home = Home::new();
            let partner = odd_once(at, body);
            let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
            partner.bring("messenger", TOKEN);
            let run = waiting.end().exits(0);
            assert_eq!(partner.settings(), World::new().settings, "{body}, read {at}");
            assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
            assert!(journals(&home).is_empty(), "{body}, read {at}");
        }
    }
}

#[test]
fn a_call_that_is_gone_for_a_moment_makes_no_api_of_2024() {
    for status in [404, 405] {
        let home = Home::new();
        let reads = AtomicUsize::new(0);
        let partner = Partner::meddled(World::new(), move |asked, _, _| {
            let is_read = asked.method == "GET" && asked.target == "/partner";
            (is_read && reads.fetch_add(1, Ordering::SeqCst) < 2)
                .then(|| crate::partner::refusal(status, "not found"))
        });
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", TOKEN);
        let run = waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
        assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
    }
}

/// The settings of the contract without these fields.
fn without(fields: &[&str]) -> String {
    let world = fields.iter().fold(World::new(), |world, field| world.without(field));
    Value::Object(world.settings).to_string()
}

#[test]
fn half_an_answer_is_not_taken_for_the_whole_one() {
    // Once, at each of the requests that read; a real value is asked about, so there are five.
    for fields in [&["callbackMessengerUrl"][..], &["webhookUrl", "webhookSecondaryUrls"]] {
        for at in 1..=5 {
            let (home, half, reads) = (Home::new(), without(fields), AtomicUsize::new(0));
            let world = World { replaces: true, ..World::new() };
            let partner = Partner::meddled(world, move |asked, _, _| {
                let is_read = asked.method == "GET" && asked.target == "/partner";
                (is_read && reads.fetch_add(1, Ordering::SeqCst) + 1 == at)
                    .then(|| Reply::Json(200, half.clone()))
            });
            if fields.len() == 2 && at < 3 {
                // What is missing before it is borrowed, nobody can know to be there.
                continue;
            }
            let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
            partner.bring("messenger", TOKEN);
            let run = waiting.end().exits(0);
            assert_eq!(partner.settings(), World::new().settings, "{fields:?}, read {at}: {}", run.stderr);
            assert!(run.stderr.contains("it points to this computer"), "{}", run.stderr);
            assert!(journals(&home).is_empty());
        }
    }
}

#[test]
fn two_readings_that_differ_before_it_is_borrowed_are_read_again() {
    let unset = || World::new().with("callbackMessengerUrl", Value::Null).settings;
    let empty = || {
        World::new()
            .with("callbackMessengerUrl", json!(""))
            .with("callbackInstagramUrl", json!(""))
            .with("webhookUrl", json!(""))
            .with("webhookSecondaryUrls", json!([]))
            .settings
    };
    for wrong in [unset(), empty()] {
        let (home, reads) = (Home::new(), AtomicUsize::new(0));
        let partner = Partner::meddled(World { replaces: true, ..World::new() }, move |asked, _, _| {
            let is_read = asked.method == "GET" && asked.target == "/partner";
            (is_read && reads.fetch_add(1, Ordering::SeqCst) == 1)
                .then(|| Reply::Json(200, Value::Object(wrong.clone()).to_string()))
        });
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", TOKEN);
        let run = waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
        assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
    }
}

#[test]
fn one_refusal_on_the_way_back_is_tried_again() {
    for (method, status) in
        [("GET", 403), ("PUT", 401), ("PUT", 404), ("PUT", 408), ("GET", 520), ("PUT", 524)]
    {
        let home = Home::new();
        let partner = refusing(method, status, 1);
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", TOKEN);
        let run = waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings, "{method} {status}");
        assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn an_answer_that_goes_on_without_the_callback_url_keeps_the_journal() {
    let (home, half) = (Home::new(), Arc::new(AtomicBool::new(false)));
    let halved = half.clone();
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        (asked.method == "GET" && asked.target == "/partner" && halved.load(Ordering::SeqCst))
            .then(|| Reply::Json(200, without(&["callbackMessengerUrl"])))
    });
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    half.store(true, Ordering::SeqCst);
    partner.bring("messenger", TOKEN);
    let run = waiting.end().exits(6);
    assert!(run.stderr.contains("the API shows the settings without callbackMessengerUrl"), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1);
    half.store(false, Ordering::SeqCst);
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn an_old_answer_before_and_after_a_write_that_got_none_proves_nothing() {
    let (home, old) = (Home::new(), Arc::new(AtomicBool::new(false)));
    let stale = old.clone();
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        if asked.target != "/partner" || !stale.load(Ordering::SeqCst) {
            return None;
        }
        Some(match asked.method.as_str() {
            "GET" => Reply::Json(200, Value::Object(World::new().settings).to_string()),
            _ => Reply::Json(502, String::new()),
        })
    });
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    old.store(true, Ordering::SeqCst);
    partner.bring("messenger", TOKEN);
    let run = waiting.end().exits(6);
    assert!(!run.stderr.contains('✓'), "{}", run.stderr);
    assert_eq!(journals(&home).len(), 1);
    old.store(false, Ordering::SeqCst);
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn a_write_that_was_done_and_refused_when_it_was_repeated_is_put_back() {
    let (home, puts, reads) = (Home::new(), AtomicUsize::new(0), AtomicUsize::new(0));
    let partner = Partner::meddled(World::new(), move |asked, _, world| {
        match (asked.method.as_str(), asked.target.as_str()) {
            ("PUT", "/partner") => match puts.fetch_add(1, Ordering::SeqCst) {
                0 => {
                    let _ = world.lock().unwrap().answer(asked);
                    Some(Reply::Json(502, String::new()))
                }
                1 => Some(crate::partner::refusal(403, "invalid body request")),
                _ => None,
            },
            // The first look after it is old.
            ("GET", "/partner") if reads.fetch_add(1, Ordering::SeqCst) == 2 => {
                Some(Reply::Json(200, Value::Object(World::new().settings).to_string()))
            }
            _ => None,
        }
    });
    let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(1);
    assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("restored: {REAL}")), "{}", run.stderr);
    assert!(journals(&home).is_empty());
}

#[test]
fn a_borrowing_that_is_refused_has_borrowed_nothing() {
    for (status, original, code) in [
        (401, "invalid app id or secret key", 3),
        (403, "Unauthorized", 3),
        (403, "invalid body request", 1),
        (402, "limit", 1),
    ] {
        for field in [None, Some("callbackMessengerUrl")] {
            let home = Home::new();
            let world = field.map_or(World::new(), |field| World::new().with(field, Value::Null));
            let expected = world.settings.clone();
            let partner = Partner::meddled(world, move |asked, _, _| {
                (asked.method == "PUT").then(|| crate::partner::refusal(status, original))
            });
            let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(code);
            assert!(!run.stderr.contains("can't restore"), "{}", run.stderr);
            assert!(!run.stderr.contains('✓'), "{}", run.stderr);
            assert_eq!(partner.settings(), expected);
            assert!(journals(&home).is_empty(), "{status} {original}");
        }
    }
}

/// Answers so to every request of that method for the settings that comes after ours was set and seen.
fn refusing(method: &'static str, status: u16, times: usize) -> Partner {
    let (puts, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Partner::meddled(World::new(), move |asked, _, world| {
        if asked.target != "/partner" {
            return None;
        }
        let borrowed =
            world.lock().unwrap().settings["callbackMessengerUrl"].to_string().contains("127.0.0.1");
        let seen = borrowed && puts.fetch_add(1, Ordering::SeqCst) > 0;
        let is_it = seen && asked.method == method && refused.load(Ordering::SeqCst) < times;
        is_it.then(|| {
            refused.fetch_add(1, Ordering::SeqCst);
            Reply::Json(status, json!({ "statusCode": status, "message": "Maaf" }).to_string())
        })
    })
}

#[test]
fn one_500_on_the_way_back_is_tried_again() {
    for method in ["GET", "PUT"] {
        let home = Home::new();
        let partner = refusing(method, 500, 1);
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", TOKEN);
        let run = waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings, "{method}");
        assert!(run.stderr.contains(&format!("✓ Messenger callback URL restored: {REAL}")), "{}", run.stderr);
    }
}

#[test]
fn what_is_not_put_back_is_an_exit_status_and_a_field_of_its_own_whatever_ended_the_run() {
    let refusals = [("PUT", 500), ("PUT", 502), ("PUT", 403), ("PUT", 401), ("GET", 500), ("GET", 401)];
    let ends = [None, Some(Signal::INT), Some(Signal::TERM)];
    let of_both = |(method, status)| ends.map(|signal| (method, status, signal));
    // Each waits and asks again: all at once.
    std::thread::scope(|scope| {
        for (method, status, signal) in refusals.into_iter().flat_map(of_both) {
            scope.spawn(move || {
                let home = Home::new();
                let partner = refusing(method, status, usize::MAX);
                let waiting =
                    Waiting::start(command(&home, &partner, &[&["--json"], &AUTHORIZE[..]].concat()));
                match signal {
                    Some(signal) => send(&waiting.child, signal),
                    None => drop(partner.bring("messenger", TOKEN)),
                }
                let run = waiting.end().exits(6);
                let error = run.error();
                assert_eq!(error["code"], "not-restored", "{method} {status} {signal:?}");
                assert_eq!(error["notRestored"]["value"], REAL);
                assert!(error["message"].as_str().unwrap().contains(REAL), "{error}");
                assert!(error["hint"].as_str().unwrap().contains("callback restore"), "{error}");
                if signal.is_none() {
                    assert_eq!(run.json()["token"], TOKEN, "the result is there all the same");
                }
                assert_eq!(journals(&home).len(), 1);
            });
        }
    });
}

#[test]
fn restore_counts_only_what_is_back() {
    let kill = |world: World, arguments: &[&str]| {
        let (home, partner) = (Home::new(), Partner::start(world));
        let mut waiting = Waiting::start(command(&home, &partner, arguments));
        waiting.child.kill().unwrap();
        waiting.child.wait().unwrap();
        (home, partner)
    };
    let restore = ["--json", "callback", "restore"];

    let (home, partner) = kill(World::new(), &AUTHORIZE);
    partner.world().settings =
        World::new().with("callbackMessengerUrl", json!("https://new.example/cb")).settings;
    let document = Run::of(command(&home, &partner, &restore)).exits(0).json();
    assert_eq!(document["restored"], 0);
    let changed = json!([{ "kind": "messenger", "value": REAL, "now": "https://new.example/cb" }]);
    assert_eq!(document["changedByOthers"], changed);

    let world = World { unsets: false, ..World::new().without("callbackMessengerUrl") };
    let (home, partner) = kill(world, &["authorize", "messenger", "--no-browser"]);
    let run = Run::of(command(&home, &partner, &restore)).exits(6);
    assert_eq!(run.json()["restored"], 0);
    assert_eq!(run.json()["notRestored"][0]["value"], Value::Null);
    assert_eq!(run.error()["code"], "not-restored");
}
