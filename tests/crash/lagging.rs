//! An API whose reads lag behind its writes: a replica, a cache.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Map, Value};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Reply, Run, Waiting, http, until};
use crate::{command, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
const REAL: &str = "https://app.example/callback/messenger";

/// Shows the settings as they were so long ago.
fn lagging(lag: Duration) -> Partner {
    let history: Mutex<Vec<(Instant, Map<String, Value>)>> = Mutex::default();
    Partner::meddled(World::new(), move |asked, _, world| {
        let mut history = history.lock().unwrap();
        match (asked.method.as_str(), asked.target.as_str()) {
            ("PUT", "/partner") => {
                let before = world.lock().unwrap().settings.clone();
                let answer = world.lock().unwrap().answer(asked);
                if history.is_empty() {
                    history.push((Instant::now() - Duration::from_secs(60), before));
                }
                history.push((Instant::now(), world.lock().unwrap().settings.clone()));
                Some(answer)
            }
            ("GET", "/partner") => {
                let then = Instant::now() - lag;
                let shown = history.iter().rev().find(|(at, _)| *at <= then)?;
                Some(Reply::Json(200, Value::Object(shown.1.clone()).to_string()))
            }
            _ => None,
        }
    })
}

#[test]
fn a_stale_read_is_not_taken_for_the_value_that_is_back() {
    for lag in [Duration::from_millis(250), Duration::from_millis(1500)] {
        for end in ["consent", "refusal", "ctrl-c"] {
            let home = Home::new();
            let partner = lagging(lag);
            let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
            let ours = partner.callback("messenger");
            let code = match end {
                "consent" => {
                    http("GET", &format!("{ours}?token={TOKEN}"), "", "");
                    0
                }
                "refusal" => {
                    http("GET", &format!("{ours}?error=access_denied"), "", "");
                    4
                }
                _ => {
                    send(&waiting.child, Signal::INT);
                    130
                }
            };
            let run = waiting.end().exits(code);
            assert_eq!(partner.settings(), World::new().settings, "{lag:?}, {end}: {}", run.stderr);
            assert_eq!(partner.count("PUT /partner"), 2, "{lag:?}, {end}");
            assert!(
                run.stderr.contains(&format!("✓ Messenger callback URL restored: {REAL}")),
                "{}",
                run.stderr
            );
            assert!(journals(&home).is_empty(), "{lag:?}, {end}");
        }
    }
}

#[test]
fn behind_the_back_of_a_killed_run_the_value_is_written_even_where_it_seems_to_be_there() {
    let home = Home::new();
    let partner = lagging(Duration::from_millis(1200));
    // Killed before the API showed what it was told.
    let mut run = command(&home, &partner, &AUTHORIZE);
    let mut child =
        run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    until("it is borrowed", || partner.callback("messenger").contains("127.0.0.1"));
    child.kill().unwrap();
    child.wait().unwrap();
    let run = Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
    assert_eq!(partner.count("PUT /partner"), 2);
    assert!(journals(&home).is_empty());
}

#[test]
fn what_is_not_shown_after_2_s_sends_nobody_to_the_browser_and_is_not_called_put_back() {
    let home = Home::new();
    let partner = lagging(Duration::from_secs(20));
    let run = Run::of(command(&home, &partner, &[&["--json"], &AUTHORIZE[..]].concat())).exits(6);
    assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
    assert!(!run.stderr.contains("Tick all"), "nobody is sent anywhere: {}", run.stderr);
    assert!(!run.stderr.contains("again\n"), "{}", run.stderr);
    let lines: Vec<Value> = run.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let [first, last] = lines.as_slice() else { panic!("{}", run.stderr) };
    assert!(
        first["error"]["message"].as_str().unwrap().contains("still shows https://app.example"),
        "{first}"
    );
    assert_eq!(last["error"]["code"], "not-restored");
    assert_eq!(last["error"]["notRestored"]["value"], REAL);
    // The next command looks again.
    assert_eq!(journals(&home).len(), 1);
    let journal = std::fs::File::options().write(true).open(&journals(&home)[0]).unwrap();
    journal.set_modified(std::time::SystemTime::now() - Duration::from_secs(61)).unwrap();
    Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert!(journals(&home).is_empty());
    assert_eq!(partner.settings(), World::new().settings);
}

#[test]
fn what_an_api_makes_of_our_address_is_nobody_elses_value() {
    for make in [|_: &str| Value::Null, |_: &str| Value::from(""), |url: &str| Value::from(&url[..40])] {
        let home = Home::new();
        let partner = Partner::meddled(World::new(), move |asked, _, world| {
            if asked.method != "PUT" {
                return None;
            }
            let answer = world.lock().unwrap().answer(asked);
            let mut world = world.lock().unwrap();
            let url = world.settings["callbackMessengerUrl"].as_str().unwrap().to_owned();
            if url.contains("127.0.0.1") {
                world.settings["callbackMessengerUrl"] = make(&url);
            }
            Some(answer)
        });
        let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(6);
        assert_eq!(partner.settings(), World::new().settings, "{}", run.stderr);
        assert!(!run.stderr.contains("somebody else"), "{}", run.stderr);
        assert!(run.stderr.contains(REAL), "{}", run.stderr);
        assert_eq!(journals(&home).len(), 1);
    }
}

#[test]
fn an_api_that_does_not_lag_costs_nobody_a_wait() {
    let home = Home::new();
    let partner = Partner::start(World::new());
    let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
    let begun = Instant::now();
    partner.bring("messenger", TOKEN);
    waiting.end().exits(0);
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    // Before and after the question, and the look at ours; the comparison, and the look at the earlier value.
    assert_eq!((partner.count("GET /partner"), partner.count("PUT /partner")), (5, 2));
}

#[test]
fn a_put_without_effect_is_noticed_before_the_browser_opens() {
    let home = Home::new();
    let partner = Partner::meddled(World::new(), |asked, _, _| {
        (asked.method == "PUT").then(|| Reply::Json(200, String::new()))
    });
    let run = Run::of(command(&home, &partner, &AUTHORIZE)).exits(6);
    assert!(run.stderr.contains("still shows https://app.example/callback/messenger"), "{}", run.stderr);
    assert!(run.stderr.contains("--paste"), "{}", run.stderr);
    assert!(!run.stderr.contains("Tick all"), "{}", run.stderr);
    let run = Run::of(command(&home, &partner, &["callback", "set", "--messenger", "https://new.example/m"]));
    let run = run.exits(1);
    assert!(run.stderr.contains("still shows https://app.example/callback/messenger"), "{}", run.stderr);
}
