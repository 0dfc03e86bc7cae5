//! Servers that merge and servers that replace, of both generations; answers that are lost, and requests that are
//! carried out late: nothing but our one field ever changes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Map, Value, json};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Reply, Run, Waiting, until};
use crate::{command, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];

/// Settings as each generation has them, with fields that no documentation knows.
fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for replaces in [false, true] {
        for strict in [false, true] {
            let base = World { replaces, strict, ..World::new() };
            let of_2024 = base
                .clone()
                .without("webhookUrl")
                .without("webhookSecondaryUrls")
                .with("webhookChatUrl", json!("https://app.example/chat"));
            for world in [base, of_2024] {
                worlds.push(world.clone());
                worlds.push(
                    world
                        .with("_id", json!("65b37833afe781e84afa001f"))
                        .with("locale", json!("id"))
                        .with("limits", json!({ "channels": 10, "deep": [1, null, "x"] }))
                        .with("updatedAt", json!("2026-01-01T00:00:00.000Z")),
                );
            }
        }
    }
    worlds
}

/// Without what a database notes about its own record.
fn settings_of(mut settings: Map<String, Value>) -> Map<String, Value> {
    settings.shift_remove("_id");
    settings.shift_remove("updatedAt");
    settings
}

#[test]
fn nothing_but_our_one_field_changes_whether_the_server_merges_or_replaces() {
    for world in worlds() {
        let home = Home::new();
        let partner = Partner::start(world.clone());
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        let ours = partner.callback("messenger");
        let expected = world.clone().with("callbackMessengerUrl", json!(ours)).settings;
        assert_eq!(settings_of(partner.settings()), settings_of(expected), "while it is borrowed");
        // What an API shows of a field that no documentation knows can be a mask.
        for unknown in ["locale", "limits", "_id", "updatedAt"] {
            let sent = partner.api.asked().iter().any(|asked| asked.body.contains(unknown));
            assert!(!sent, "{unknown} was written back");
        }
        partner.bring("messenger", TOKEN);
        waiting.end().exits(0);
        assert_eq!(settings_of(partner.settings()), settings_of(world.settings), "afterwards");
    }
}

#[test]
fn callback_set_changes_one_field_and_no_other() {
    for world in worlds() {
        let home = Home::new();
        let partner = Partner::start(world.clone());
        Run::of(command(&home, &partner, &["callback", "set", "--instagram", "https://x.example/i"]))
            .exits(0);
        let expected = world.with("callbackInstagramUrl", json!("https://x.example/i")).settings;
        assert_eq!(settings_of(partner.settings()), settings_of(expected));
    }
}

#[test]
fn where_settings_cannot_be_read_one_field_is_written_and_goes_back_to_what_was_last_set() {
    for status in [404, 405] {
        let home = Home::new();
        let partner = Partner::start(World { unreadable: Some(status), ..World::new() });
        let ours = |partner: &Partner, at: usize| -> Map<String, Value> {
            let puts: Vec<_> =
                partner.api.asked().into_iter().filter(|asked| asked.method == "PUT").collect();
            serde_json::from_str(&puts[at].body).unwrap()
        };
        let run = Run::of(command(&home, &partner, &["authorize", "messenger", "--no-browser"])).exits(2);
        assert!(run.stderr.contains("can't show the messenger callback URL"), "{}", run.stderr);
        assert_eq!(partner.count("PUT /partner"), 0);

        let set = ["callback", "set", "--messenger", "https://app.example/callback/messenger"];
        Run::of(command(&home, &partner, &set)).exits(0);
        assert_eq!(ours(&partner, 0).keys().collect::<Vec<_>>(), ["callbackMessengerUrl"]);
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        assert!(waiting.stderr().contains("can't show the messenger callback URL"), "{}", waiting.stderr());
        assert_eq!(ours(&partner, 1).keys().collect::<Vec<_>>(), ["callbackMessengerUrl"]);
        partner.bring("messenger", TOKEN);
        waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings);
        assert!(journals(&home).is_empty());

        let mut waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        waiting.child.kill().unwrap();
        waiting.child.wait().unwrap();
        Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
        assert_eq!(partner.settings(), World::new().settings);
    }
}

#[test]
fn two_kinds_at_once_on_one_machine_do_not_undo_each_other() {
    for replaces in [false, true] {
        let home = Home::new();
        // Slow enough that reading and writing of two runs would cross.
        let partner = Partner::meddled(World { replaces, ..World::new() }, |asked, _, world| {
            if asked.target != "/partner" {
                return None;
            }
            let answer = world.lock().unwrap().answer(asked);
            thread::sleep(Duration::from_millis(60));
            Some(answer)
        });
        let kinds = ["messenger", "instagram"];
        let mut children = kinds.map(|kind| {
            let mut run = command(&home, &partner, &["authorize", kind, "--yes", "--no-browser"]);
            run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
        });
        for kind in kinds {
            until("both wait", || {
                partner.callback(kind).contains("127.0.0.1")
                    && partner.count(&format!("GET /partner/channel/{kind}/authorize")) == 1
            });
        }
        thread::scope(|scope| {
            for kind in kinds {
                scope.spawn(|| partner.bring(kind, TOKEN));
            }
        });
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(partner.settings(), World::new().settings);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn a_put_whose_answer_is_lost_is_survived_on_the_way_there_and_back() {
    for lost in 1..=2 {
        let home = Home::new();
        let puts = AtomicUsize::new(0);
        let partner = Partner::meddled(World::new(), move |asked, _, world| {
            if asked.method != "PUT" || puts.fetch_add(1, Ordering::SeqCst) + 1 != lost {
                return None;
            }
            let _ = world.lock().unwrap().answer(asked);
            Some(Reply::Close)
        });
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", TOKEN);
        waiting.end().exits(0);
        assert_eq!(partner.settings(), World::new().settings);
        assert!(journals(&home).is_empty());
    }
}

#[test]
fn when_every_answer_to_a_put_is_lost_what_counts_is_what_the_api_holds() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, world| {
        (asked.method == "PUT").then(|| {
            let _ = world.lock().unwrap().answer(asked);
            Reply::Close
        })
    });
    let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(1);
    assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
    assert!(journals(&home).is_empty(), "{}", run.stderr);
}

#[test]
fn a_put_that_is_carried_out_only_after_ctrl_c_does_not_stay() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, number, _| {
        if number == 2 {
            assert_eq!(asked.method, "PUT");
            thread::sleep(Duration::from_millis(500));
        }
        None
    });
    let mut run = command(&home, &partner, &AUTHORIZE);
    let mut child =
        run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    until("the PUT is under way", || partner.count("PUT /partner") == 1);
    send(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(partner.count("PUT /partner"), 2);
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(&home).is_empty());
}

#[test]
fn errors_at_every_call_of_the_sign_in_leave_the_settings_as_they_were() {
    for (what, status) in [("authorize", 500), ("authorize", 402), ("PUT", 400), ("account", 403)] {
        let home = Home::new();
        let failed = AtomicUsize::new(0);
        let partner = Partner::meddled(World::new(), move |asked, _, world| {
            if asked.target.ends_with("/authorize") {
                crate::killed::sign_in_soon(
                    world.lock().unwrap().settings["callbackMessengerUrl"].as_str().unwrap(),
                );
            }
            let is_it = asked.method == what || asked.target.contains(&format!("/{what}"));
            let once = what != "PUT" || failed.fetch_add(usize::from(is_it), Ordering::SeqCst) == 0;
            (is_it && once).then(|| Reply::Json(status, r#"{"message":"gagal"}"#.to_owned()))
        });
        let run =
            Run::of(command(&home, &partner, &["pages", "messenger", "--yes", "--no-browser"])).exits(1);
        assert!(run.stderr.contains("gagal"), "{}", run.stderr);
        assert_eq!(partner.settings(), World::new().settings, "{what} {status}");
        assert!(journals(&home).is_empty(), "{what} {status}");
    }
}
