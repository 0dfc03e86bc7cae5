//! disconnect.

use serde_json::json;

use crate::estate::{Estate, YEARS};
use crate::fake::{channel, id};
use crate::partner::listing;
use crate::support::{FakeApi, Home, Reply, Run};

/// A channel of each kind that can be had.
fn of_every_kind(year: &'static str, options: &[&str]) -> Estate {
    let estate = Estate::small(year, options);
    for (kind, body) in [
        ("whatsapp-unofficial", json!({ "name": "Nomor", "phone": "081234567890" })),
        ("linkchat", json!({ "name": "Tautan", "isActivePreChat": false })),
    ] {
        let (status, answer) = estate.api("POST", &format!("/partner/channel/{kind}"), &body.to_string());
        assert_eq!(status, 201, "{answer}");
    }
    estate.run_signed_in(&["connect", "messenger", "--page", "104872913558201"]).exits(0);
    estate
}

#[test]
fn the_kind_is_looked_up_and_the_right_endpoint_used() {
    for year in YEARS {
        let estate = of_every_kind(year, &[]);
        let channels = estate.channels();
        assert_eq!(channels.len(), 6, "{channels:?}");
        for channel in &channels {
            let (id, kind) = (channel["_id"].as_str().unwrap(), channel["channelType"].as_str().unwrap());
            if year == "2024" {
                // That generation has no call for it.
                let run = estate.run(&["--json", "--yes", "disconnect", id]).exits(1);
                let message = run.error()["message"].as_str().unwrap().to_owned();
                assert!(message.contains("can't delete"), "{message}");
                assert_eq!(run.error()["status"], 404);
                assert!(run.error()["hint"].as_str().unwrap().contains("in Socialchat itself"));
                continue;
            }
            let run = estate.run(&["--json", "--yes", "disconnect", id]).exits(0);
            assert_eq!(
                run.json(),
                json!({ "results": [{ "_id": id, "name": channel["name"], "action": "disconnected", "error": null }],
                    "summary": { "disconnected": 1 } })
            );
            let path = format!("/partner/channel/{kind}/{id}");
            assert_eq!(estate.requests("DELETE").get(&path), Some(&1), "{year}");
        }
        assert_eq!(estate.channels().len(), if year == "2024" { 6 } else { 0 });
    }
}

#[test]
fn where_none_of_several_is_there_the_error_says_not_found() {
    let estate = Estate::new("2026", 3, 1, 0, &[]);
    let error = estate.run(&["--json", "--yes", "disconnect", &id(7), &id(8)]).exits(1).error();
    assert_eq!(error["code"], "not-found", "{error}");
    assert!(error["hint"].as_str().unwrap().contains("channels list"), "{error}");
    let error = estate.run(&["--json", "--yes", "disconnect", &id(7), &estate.id(0)]).exits(5).error();
    assert_eq!(error["code"], "partial");
}

#[test]
fn what_would_go_is_shown_with_a_warning_and_nobody_to_ask_means_no() {
    let estate = Estate::new("2026", 4, 3, 1, &[]);
    let ids = [estate.id(0), estate.id(1)];
    let run = estate.run(&["disconnect", &ids[0], &ids[1]]).exits(2);
    let names: Vec<String> =
        estate.channels()[..2].iter().map(|channel| channel["name"].as_str().unwrap().to_owned()).collect();
    for part in [&ids[0], &ids[1], &names[0], &names[1], "messenger", "permanently deletes", "--yes"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(estate.channels().len(), 3);

    let run = estate.run(&["--json", "disconnect", "--dry-run", &ids[0], &ids[1]]).exits(0);
    assert_eq!(run.json()["dryRun"], true);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert!(results.len() == 2 && results.iter().all(|result| result["action"] == "would-disconnect"));
    assert!(estate.requests("DELETE").is_empty());
}

#[test]
fn a_second_time_it_is_already_gone() {
    {
        let estate = Estate::new("2026", 3, 3, 0, &[]);
        let (first, second) = (estate.id(0), estate.id(1));
        estate.run(&["--yes", "disconnect", &first, &first]).exits(0);
        assert_eq!(estate.requests("DELETE").values().sum::<usize>(), 1, "named twice, deleted once");
        let run = estate.run(&["--json", "--yes", "disconnect", &first]).exits(1);
        assert!(run.error()["message"].as_str().unwrap().contains("no such channel"), "{}", run.stderr);
        let run = estate.run(&["--json", "--yes", "disconnect", &first, &second]).exits(5);
        let actions: Vec<_> =
            run.json()["results"].as_array().unwrap().iter().map(|result| result["action"].clone()).collect();
        assert!(
            actions.contains(&json!("disconnected")) && actions.contains(&json!("failed")),
            "{actions:?}"
        );
        assert_eq!(estate.channels().len(), 1);
    }
}

#[test]
fn a_name_is_not_enough() {
    let estate = Estate::small("2026", &[]);
    let name = estate.channels()[0]["name"].as_str().unwrap().to_owned();
    let run = estate.run(&["--json", "--yes", "disconnect", &name]).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains(&estate.id(0)), "{}", run.stderr);
    estate.run(&["disconnect"]).exits(2);
    assert!(estate.requests("DELETE").is_empty());
}

#[test]
fn lost_answers_are_looked_up() {
    for fault in ["lost", "lost*1", "reset", "502*1"] {
        let fault = format!("DELETE /partner/channel/*/*={fault}");
        let estate = Estate::new("2026", 6, 6, 0, &["--fault", &fault]);
        let ids: Vec<String> = (0..6).map(|place| estate.id(place)).collect();
        let mut arguments = vec!["--json", "--yes", "disconnect"];
        arguments.extend(ids.iter().map(String::as_str));
        let run = estate.run(&arguments).exits(0);
        assert_eq!(run.json()["results"].as_array().unwrap().len(), 6);
        assert!(estate.channels().is_empty(), "{fault}");
    }
}

/// An API with a thousand channels that counts how many requests are under way at once.
fn counting() -> (FakeApi, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (under_way, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let all: Vec<_> = (0..1000).map(|number| channel(number, true)).collect();
    let api = FakeApi::start(move |asked| {
        seen.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(5));
        let reply = if asked.target.contains("/account?") {
            Reply::Json(200, json!({ "docs": [] }).to_string())
        } else if asked.target.contains("/channel?") {
            listing(asked, &all)
        } else if asked.method == "GET" {
            let number = usize::from_str_radix(&asked.target[asked.target.len() - 8..], 16).unwrap();
            Reply::Json(200, all[number].to_string())
        } else {
            Reply::Json(200, String::new())
        };
        under_way.fetch_sub(1, Ordering::SeqCst);
        reply
    });
    (api, most)
}

#[test]
fn of_any_number_of_ids_and_names_eight_are_looked_up_at_a_time() {
    let names = |from: usize, to| (from..to).map(|number| format!("Toko {number}"));
    let ids: Vec<String> = (0..100).map(id).collect();
    let few: Vec<String> = (0..8).map(id).collect();
    let mixed: Vec<String> = (0..100).map(id).chain(names(100, 200)).collect();
    let few_mixed: Vec<String> = (0..4).map(id).chain(names(4, 8)).collect();
    for (command, wanted, code) in [
        (&["--yes", "disconnect"][..], &ids, 0),
        (&["--yes", "disconnect"], &few, 0),
        // All are found; the token covers none of them.
        (&["reconnect", "messenger"], &mixed, 1),
        (&["reconnect", "messenger"], &few_mixed, 1),
    ] {
        let (api, most) = counting();
        let home = Home::new();
        let arguments: Vec<&str> = command.iter().copied().chain(wanted.iter().map(String::as_str)).collect();
        let mut command = home.against(&api.url, &arguments);
        command.env("SOCIALCHAT_TOKEN", "token");
        let run = Run::of(command).exits(code);
        let found = format!("{}{}", run.stdout, run.stderr).matches("65b37833afe781e8").count();
        assert!(found >= wanted.len(), "{run:?}");
        let most = most.load(std::sync::atomic::Ordering::SeqCst);
        assert!(most <= 8, "{most} at a time for {} {arguments:?}", wanted.len());
    }
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::tty::Terminal;

    /// Who mistyped an id sees it before anything is deleted.
    #[test]
    fn an_id_that_is_nowhere_is_named_before_the_question() {
        let estate = Estate::new("2026", 3, 3, 0, &[]);
        let mut terminal =
            Terminal::of_size(24, 100, &estate.command(&["disconnect", &estate.id(0), "nope"]));
        terminal.wait_for("Delete it?");
        assert!(terminal.screen().contains("no such channel: nope"), "{}", terminal.screen());
        terminal.send("n\r");
        terminal.end().exits(130);
        assert_eq!(estate.channels().len(), 3);
    }

    #[test]
    fn one_is_agreed_to_with_yes() {
        let estate = Estate::new("2026", 3, 3, 0, &[]);
        let id = estate.id(0);
        let mut terminal = Terminal::of_size(24, 100, &estate.command(&["disconnect", &id]));
        terminal.wait_for("Delete it?");
        assert!(terminal.screen().contains("permanently deletes"), "{}", terminal.screen());
        // A word with a y in it is none either.
        terminal.send("today\r");
        terminal.wait_for("Please type yes or no");
        terminal.send("n\r");
        terminal.end().exits(130);
        assert_eq!(estate.channels().len(), 3);
        let mut terminal = Terminal::of_size(24, 100, &estate.command(&["disconnect", &id]));
        terminal.wait_for("Delete it?");
        // Enter alone is no agreement.
        terminal.send("\r");
        terminal.end().exits(130);
        let mut terminal = Terminal::of_size(24, 100, &estate.command(&["disconnect", &id]));
        terminal.wait_for("Delete it?");
        terminal.send("y\r");
        terminal.end().exits(0);
        assert_eq!(estate.channels().len(), 2);
    }

    #[test]
    fn several_are_agreed_to_by_typing_their_number() {
        let estate = Estate::new("2026", 3, 3, 0, &[]);
        let ids = [estate.id(0), estate.id(1), estate.id(2)];
        let arguments = ["disconnect", &ids[0], &ids[1], &ids[2]];
        for (typed, code, left) in [("yes\r", 130, 3), ("2\r", 130, 3), ("3\r", 0, 0)] {
            let mut terminal = Terminal::of_size(24, 100, &estate.command(&arguments));
            terminal.wait_for("Type 3 to delete all 3");
            terminal.send(typed);
            terminal.end().exits(code);
            assert_eq!(estate.channels().len(), left, "{typed:?}");
        }
    }
}
