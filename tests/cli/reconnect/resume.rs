//! A bulk run that is interrupted, and goes on with --resume.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::estate::{Estate, YEARS};
use crate::fake::{Deal, Fake, id};
use crate::partner::refusal;
use crate::support::{Home, Run, Served, until};

const RESUME: [&str; 4] = ["--json", "reconnect", "messenger", "--resume"];

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

fn pid(child: &Child) -> i32 {
    i32::try_from(child.id()).unwrap()
}

/// An estate that sends a signal to the program when the given POST arrives, before it is carried out.
fn interrupted_at(point: usize, count: usize, with: Signal) -> (Fake, Arc<AtomicI32>) {
    let target = Arc::new(AtomicI32::new(0));
    let shared = target.clone();
    let fake = Fake::start(count, count, move |post| {
        if post.number == point {
            until("the program's id is known", || shared.load(Ordering::SeqCst) != 0);
            signal(shared.load(Ordering::SeqCst), with);
        }
        thread::sleep(Duration::from_millis(10));
        Deal::Do
    });
    (fake, target)
}

#[test]
fn interrupted_at_twenty_points_and_resumed_every_channel_is_reconnected_exactly_once() {
    const CHANNELS: usize = 24;
    let next = AtomicUsize::new(1);
    let points = || {
        loop {
            let point = next.fetch_add(1, Ordering::SeqCst);
            if point > 20 {
                return;
            }
            let with = if point.is_multiple_of(2) { Signal::INT } else { Signal::KILL };
            let (fake, target) = interrupted_at(point, CHANNELS, with);
            let home = Home::new();
            let arguments = ["reconnect", "messenger", "--disconnected", "--concurrency", "3"];
            let child = start(fake.command(&home, "t", &arguments));
            target.store(pid(&child), Ordering::SeqCst);
            let run = Run::from(child.wait_with_output().unwrap());
            fake.settle();
            let done = fake.done().len();
            assert!((point.saturating_sub(1)..CHANNELS).contains(&done), "{point}: {done} done");
            if with == Signal::INT {
                let run = run.exits(130);
                let told = format!("{done} of {CHANNELS} finished");
                assert!(run.stderr.contains(&told), "{point}: {told}: {}", run.stderr);
                let last = run.stderr.lines().last().unwrap();
                assert_eq!(last, "try: `socialchat-cli reconnect messenger --resume`", "{}", run.stderr);
            } else {
                assert_eq!(run.code, None, "killed");
            }
            let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
            let resumed = run.json()["results"].as_array().unwrap().len();
            assert!(resumed >= CHANNELS - done, "{point}: {resumed} results for {} left", CHANNELS - done);
            let done = fake.done();
            assert_eq!(done.len(), CHANNELS, "{point}: all are done");
            assert!(done.values().all(|times| *times == 1), "{point} {with:?}: exactly once: {done:?}");
            let run = Run::of(fake.command(&home, "t", &RESUME)).exits(2);
            assert!(run.stderr.contains("no unfinished run"), "{}", run.stderr);
        }
    };
    thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(points))));
}

#[test]
fn a_killed_run_on_the_sandbox_goes_on_in_both_generations() {
    for year in YEARS {
        let estate = Estate::new(year, 16, 16, 16, &["--latency", "60"]);
        let mut command = estate.command(&["reconnect", "messenger", "--all", "--concurrency", "2"]);
        let token = estate.token();
        command.env("SOCIALCHAT_TOKEN", &token);
        let mut child = start(command);
        until("a few are done", || estate.requests("POST").len() >= 4);
        signal(pid(&child), Signal::KILL);
        child.wait().unwrap();
        let mut command = estate.command(&RESUME);
        command.env("SOCIALCHAT_TOKEN", &token);
        let run = Run::of(command).exits(0);
        assert!(run.stderr.contains("Going on with the run of"), "{}", run.stderr);
        let posts = estate.requests("POST");
        assert!(posts.len() == 16 && posts.values().all(|times| *times == 1), "{year}: {posts:?}");
        assert!(estate.channels().iter().all(|channel| channel["isConnected"] == true));
    }
}

#[test]
fn half_failed_goes_on_with_those_that_failed() {
    let broken = Arc::new(Mutex::new(true));
    let switch = broken.clone();
    let fake = Fake::start(10, 10, move |post| {
        let broken = *switch.lock().unwrap();
        if broken && post.channel % 2 == 0 {
            Deal::Answer(refusal(500, "Internal server error"))
        } else {
            Deal::Do
        }
    });
    let home = Home::new();
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--all"])).exits(5);
    *broken.lock().unwrap() = false;
    let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
    let results = run.json()["results"].as_array().unwrap().clone();
    let ids: Vec<&str> = results.iter().map(|result| result["_id"].as_str().unwrap()).collect();
    assert_eq!(ids, [0, 2, 4, 6, 8].map(id), "those, and no others, in their order");
    assert!(fake.done().values().all(|times| *times == 1));
}

#[test]
fn a_signal_does_not_wait_for_ever_for_those_under_way() {
    let fake = Fake::start(6, 6, |post| match post.number {
        // Later than the program's patience, sooner than its request's.
        1..=2 => {
            thread::sleep(Duration::from_secs(15));
            Deal::Do
        }
        _ => Deal::Do,
    });
    let home = Home::new();
    let arguments = ["reconnect", "messenger", "--all", "--concurrency", "2"];
    let child = start(fake.command(&home, "t", &arguments));
    until("both are under way", || fake.arrivals().len() == 2);
    let begun = Instant::now();
    signal(pid(&child), Signal::INT);
    let run = Run::from(child.wait_with_output().unwrap()).exits(130);
    let took = begun.elapsed();
    assert!((7..=10).contains(&took.as_secs()), "{took:?}");
    assert!(run.stderr.contains("0 of 6 finished, 2 got no answer in time"), "{}", run.stderr);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let fake = Fake::start(2, 2, |_| {
        thread::sleep(Duration::from_secs(12));
        Deal::Do
    });
    let home = Home::new();
    let mut child = start(fake.command(&home, "t", &["reconnect", "messenger", "--all"]));
    until("both are under way", || fake.arrivals().len() == 2);
    signal(pid(&child), Signal::INT);
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    while !said.contains("Press Ctrl-C again to stop now") {
        let mut buffer = [0; 1024];
        let read = std::io::Read::read(&mut stderr, &mut buffer).unwrap();
        assert!(read > 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    let begun = Instant::now();
    signal(pid(&child), Signal::INT);
    let status = child.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(status.code(), Some(130));
}

/// A run of which half is left.
fn half_done(home: &Home) -> Fake {
    let (fake, target) = interrupted_at(4, 8, Signal::KILL);
    let child = start(fake.command(home, "t", &["reconnect", "messenger", "--all", "--concurrency", "1"]));
    target.store(pid(&child), Ordering::SeqCst);
    drop(child.wait_with_output());
    fake.settle();
    fake
}

#[test]
fn channels_named_meanwhile_do_not_cost_the_unfinished_run() {
    let home = Home::new();
    let fake = half_done(&home);
    let run = Run::of(fake.command(&home, "t", &["reconnect", "messenger", &id(6)])).exits(0);
    assert!(run.stderr.contains("--resume goes on with it"), "{}", run.stderr);
    let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
    assert!(run.json()["results"].as_array().unwrap().iter().all(|result| result["_id"] != id(6).as_str()));
    let done = fake.done();
    assert!(done.len() == 8 && done.values().all(|times| *times == 1), "{done:?}");
}

#[test]
fn channels_that_are_gone_when_it_goes_on_are_reported() {
    let home = Home::new();
    let estate = Estate::new("2026", 6, 6, 6, &["--fault", "POST /partner/channel/messenger/*=500*6"]);
    estate.run_signed_in(&["reconnect", "messenger", "--all"]).exits(1);
    let gone = estate.id(2);
    estate.api("DELETE", &format!("/partner/channel/messenger/{gone}"), "");
    let run = estate.run_signed_in(&RESUME).exits(5);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 6);
    let failed: Vec<&Value> = results.iter().filter(|result| result["action"] == "failed").collect();
    assert_eq!((failed.len(), &failed[0]["_id"]), (1, &Value::from(gone)));
    drop(home);
}

#[test]
fn going_on_needs_the_same_api_and_a_record_that_can_be_read() {
    let home = Home::new();
    home.run(&["--sandbox", "--yes", "reconnect", "messenger", "--resume"]).exits(2);
    let fake = half_done(&home);
    let other = Served::start(&Home::new(), &[]);
    let mut command = home.against(&other.api_url, &RESUME);
    command.env("SOCIALCHAT_TOKEN", "t");
    let run = Run::of(command).exits(2);
    assert!(run.error()["message"].as_str().unwrap().contains(fake.partner.url()), "{}", run.stderr);
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--resume", "--all"])).exits(2);

    let files = home.files();
    let (record, content) = files
        .iter()
        .find(|(path, _)| path.to_string_lossy().ends_with("reconnect.messenger.jsonl"))
        .expect("a record");
    assert!(!String::from_utf8_lossy(content).contains("EAAB"), "no token in it");
    std::fs::write(record, b"nonsense\n").unwrap();
    let run = Run::of(fake.command(&home, "t", &RESUME));
    assert_ne!(run.code, Some(0));
    assert!(run.stderr.contains("reconnect.messenger.jsonl"), "{}", run.stderr);
    assert_eq!(std::fs::read(record).unwrap(), b"nonsense\n", "left as it is");
}

#[test]
fn two_runs_of_the_same_job_do_not_meet() {
    let fake = Fake::start(4, 4, |_| {
        thread::sleep(Duration::from_millis(700));
        Deal::Do
    });
    let home = Home::new();
    let first = start(fake.command(&home, "t", &["reconnect", "messenger", "--all"]));
    until("the first is under way", || !fake.arrivals().is_empty());
    let second = Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--all"]));
    assert!(!matches!(second.code, Some(0 | 5)), "{second:?}");
    assert!(Run::from(first.wait_with_output().unwrap()).code == Some(0));
    assert!(fake.done().values().all(|times| *times == 1));
}
