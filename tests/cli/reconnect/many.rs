//! reconnect of many.

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::estate::{Estate, YEARS};
use crate::fake::{Deal, Fake, id, page_id};
use crate::partner::refusal;
use crate::support::{Home, Run, until};

#[test]
fn those_that_have_come_loose_are_mended_in_both_generations_and_no_other_is_touched() {
    for year in YEARS {
        let estate = Estate::new(year, 40, 30, 12, &[]);
        let before = estate.channels();
        let run = estate.run_signed_in(&["--json", "reconnect", "messenger", "--disconnected"]).exits(0);
        let results = run.json()["results"].as_array().unwrap().clone();
        let ids: Vec<&str> = results.iter().map(|result| result["_id"].as_str().unwrap()).collect();
        let loose: Vec<&str> = before
            .iter()
            .filter(|channel| channel["isConnected"] == false)
            .map(|channel| channel["_id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, loose, "{year}: a result for each, in their order");
        assert!(results.iter().all(|result| result["action"] == "reconnected" && result["error"].is_null()));
        let posts = estate.requests("POST");
        assert_eq!(posts.len(), 12, "{year}: {posts:?}");
        assert!(posts.values().all(|count| *count == 1), "{year}: {posts:?}");
        let after = estate.channels();
        assert!(after.iter().all(|channel| channel["isConnected"] == true));
        assert_eq!(after[20..], before[20..], "{year}: connected ones are as they were");

        estate.run_signed_in(&["reconnect", "messenger", "--all"]).exits(0);
        assert_eq!(estate.requests("POST").len(), 30);
        let nothing = estate.run_signed_in(&["--json", "reconnect", "messenger", "--disconnected"]).exits(0);
        assert_eq!(nothing.json()["results"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn what_the_token_does_not_cover_is_said_before_anything_is_sent() {
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let fake = Fake::start(6, 4, move |post| {
        if post.number == 1 {
            let _ = held.lock().unwrap().recv_timeout(Duration::from_secs(20));
        }
        Deal::Do
    });
    let home = Home::new();
    let mut command =
        fake.command(&home, "t", &["--json", "reconnect", "messenger", "--all", "--concurrency", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let said = std::sync::Arc::new(Mutex::new(String::new()));
    let (sink, mut pipe) = (said.clone(), child.stderr.take().unwrap());
    let reader = thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = std::io::Read::read(&mut pipe, &mut buffer) {
            sink.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    });
    // The first is on its way, and not answered: what is said by now was said before.
    until("the first POST", || !fake.arrivals().is_empty());
    until("the warning", || said.lock().unwrap().contains("doesn't cover 2 of 6 channels"));
    assert!(said.lock().unwrap().contains("all Pages"));
    assert_eq!(fake.arrivals().len(), 1);
    release.send(()).unwrap();
    let output = child.wait_with_output().unwrap();
    reader.join().unwrap();
    let run = Run { stderr: said.lock().unwrap().clone(), ..Run::from(output) }.exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    for (number, result) in results.iter().enumerate() {
        assert_eq!(result["_id"], id(number), "in their order");
        assert_eq!(result["channelId"], page_id(number));
        assert_eq!(result["action"], if number < 4 { "reconnected" } else { "failed" });
    }
    let hint = results[5]["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("all Pages and accounts ticked"), "{hint}");
    assert_eq!(run.error()["code"], "partial");
    assert_eq!(fake.done().len(), 4, "nothing was sent for the others");
}

#[test]
fn so_many_at_a_time_on_as_many_connections_and_the_results_in_order() {
    for at_once in [1, 4, 16] {
        let fake = Fake::start(64, 64, |post| {
            thread::sleep(Duration::from_millis(20 + 7 * (post.channel as u64 % 5)));
            Deal::Do
        });
        let home = Home::new();
        let count = at_once.to_string();
        let arguments = ["--json", "reconnect", "messenger", "--all", "--concurrency", &count];
        let run = Run::of(fake.command(&home, "t", &arguments)).exits(0);
        let results = run.json()["results"].as_array().unwrap().clone();
        assert!(results.iter().enumerate().all(|(number, result)| result["_id"] == id(number)));
        assert_eq!(fake.crowd().into_iter().max(), Some(at_once));
        let connections = fake.partner.api.connections();
        assert!(connections <= at_once + 2, "{connections} connections for {at_once} at a time");
    }
    for wrong in ["0", "65", "-1", "many"] {
        let arguments = ["--sandbox", "reconnect", "messenger", "--all", "--concurrency", wrong];
        Home::new().run(&arguments).exits(2);
    }
}

#[test]
fn refusals_of_single_channels_are_explained_and_the_others_are_done() {
    let fake = Fake::start(5, 5, |post| match post.channel {
        1 => Deal::Answer(refusal(403, "account not same")),
        3 => Deal::Answer(refusal(403, "channel not found")),
        _ => Deal::Do,
    });
    let home = Home::new();
    let run = Run::of(fake.command(&home, "t", &["--json", "reconnect", "messenger", "--all"])).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    let error = |number: usize| results[number]["error"].clone();
    assert_eq!(error(1)["originalMessage"], "account not same");
    assert!(error(1)["hint"].as_str().unwrap().contains("another Page or account"), "{}", error(1));
    assert_eq!(error(3)["originalMessage"], "channel not found");
    assert!(error(3)["hint"].as_str().unwrap().contains("channels list"), "{}", error(3));
    assert_eq!(fake.done().len(), 3);

    let run = Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--all"])).exits(5);
    assert!(run.stdout.lines().any(|line| line.starts_with("failed") && line.contains("Toko 1")));
    assert!(run.stderr.contains("1 × account not same: "), "{}", run.stderr);
}

#[test]
fn when_all_fail_it_failed() {
    let fake = Fake::start(3, 0, |_| Deal::Do);
    let home = Home::new();
    let run = Run::of(fake.command(&home, "t", &["--json", "reconnect", "messenger", "--all"])).exits(1);
    assert_eq!(run.json()["results"].as_array().unwrap().len(), 3);
    assert!(fake.arrivals().is_empty(), "nothing was sent");
}

#[test]
fn lost_answers_are_looked_up_and_no_channel_is_done_twice() {
    for year in YEARS {
        for fault in ["lost @every 2", "reset @every 3"] {
            let fault = format!("POST /partner/channel/messenger/*={fault}");
            let estate = Estate::new(year, 12, 12, 12, &["--fault", &fault]);
            let run = estate.run_signed_in(&["--json", "reconnect", "messenger", "--disconnected"]).exits(0);
            assert_eq!(run.json()["results"].as_array().unwrap().len(), 12);
            let posts = estate.requests("POST");
            assert!(posts.len() == 12 && posts.values().all(|count| *count == 1), "{year}: {posts:?}");
        }
    }
}

#[test]
fn a_dry_run_says_what_would_be_done_and_sends_nothing() {
    let fake = Fake::start(4, 3, |_| Deal::Do);
    let home = Home::new();
    let arguments = ["--json", "reconnect", "messenger", "--all", "--dry-run"];
    let run = Run::of(fake.command(&home, "t", &arguments)).exits(5);
    let document = run.json();
    assert_eq!(document["dryRun"], true);
    let actions: Vec<&str> =
        document["results"].as_array().unwrap().iter().map(|r| r["action"].as_str().unwrap()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "would-reconnect").count(), 3, "{actions:?}");
    assert!(fake.arrivals().is_empty());
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--resume"])).exits(2);
}

#[test]
fn ids_of_another_kind_or_of_none_are_refused_before_anybody_signs_in() {
    let estate = Estate::small("2026", &[]);
    let telegram = estate.channels().iter().find(|c| c["channelType"] == "telegram").unwrap()["_id"].clone();
    let run =
        estate.run_signed_in(&["--json", "reconnect", "messenger", telegram.as_str().unwrap()]).exits(2);
    assert!(run.error()["message"].as_str().unwrap().contains("is a Telegram channel"), "{}", run.stderr);
    estate.run_signed_in(&["reconnect", "messenger", &id(404)]).exits(1);
    estate.run_signed_in(&["reconnect", "messenger", "--all", "--disconnected"]).exits(2);
    assert!(estate.requests("POST").is_empty());
    assert!(!estate.requests("GET").contains_key("/partner/channel/messenger/account"));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_bar_shows_counts_and_the_time_left() {
    let fake = Fake::start(30, 30, |_| {
        thread::sleep(Duration::from_millis(100));
        Deal::Do
    });
    let home = Home::new();
    let command = fake.command(&home, "t", &["reconnect", "messenger", "--all", "--concurrency", "2"]);
    let terminal = crate::tty::Terminal::of_size(60, 100, &command);
    let mut bars: Vec<String> = Vec::new();
    until("the bar has moved", || {
        let text = terminal.screen();
        let bar = text.lines().find(|line| line.contains("/30") && line.contains(" left"));
        if let Some(bar) = bar.filter(|bar| bars.last().is_none_or(|last| last != bar)) {
            bars.push(bar.to_owned());
        }
        bars.len() >= 3
    });
    assert!(bars.iter().all(|bar| bar.contains("Reconnecting")), "{bars:?}");
    let terminal = terminal.end().exits(0);
    assert!(!terminal.text.contains("/30"), "it goes when all are done: {}", terminal.text);
    assert_eq!(terminal.text.lines().filter(|line| line.starts_with("reconnected ")).count(), 30);
    assert!(terminal.text.contains("\n30 reconnected"), "{}", terminal.text);
}
