//! 429 slows all workers down, and the pace recovers.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::fake::{Deal, Fake};
use crate::support::{Home, Reply, Run};

#[test]
fn one_refusal_makes_all_wait_and_then_the_pace_recovers() {
    const REFUSED: usize = 20;
    let refused_at = std::sync::Arc::new(Mutex::new(None));
    let sink = refused_at.clone();
    let fake = Fake::start(80, 80, move |post| {
        thread::sleep(Duration::from_millis(50));
        if post.number == REFUSED {
            *sink.lock().unwrap() = Some(Instant::now());
            return Deal::Answer(Reply::With(429, "Retry-After: 1\r\n".into(), String::new()));
        }
        Deal::Do
    });
    let home = Home::new();
    let arguments = ["reconnect", "messenger", "--all", "--concurrency", "8"];
    let run = Run::of(fake.command(&home, "t", &arguments)).exits(0);
    assert!(run.stderr.contains("in 1.0 s (1 of 3)"), "{}", run.stderr);
    let refused_at = refused_at.lock().unwrap().unwrap();
    // What was on its way already may still arrive; then nobody does, for a second.
    let arrivals = fake.arrivals();
    let since = |at: &Instant| at.checked_duration_since(refused_at).unwrap_or_default().as_millis();
    let during: Vec<u128> =
        arrivals.iter().map(|(_, at)| since(at)).filter(|after| (100..980).contains(after)).collect();
    assert_eq!(during, [] as [u128; 0], "milliseconds after the refusal");
    // At first one after another, in the end as many at a time as were asked for.
    let crowd = fake.crowd();
    let after = arrivals.iter().position(|(_, at)| since(at) >= 980).unwrap();
    assert!(crowd[after..after + 4].iter().all(|count| *count <= 5), "{:?}", &crowd[after..]);
    assert!(crowd[70..].iter().any(|count| *count >= 7), "{:?}", &crowd[after..]);
    let done = fake.done();
    assert!(done.len() == 80 && done.values().all(|times| *times == 1), "{done:?}");
}

#[test]
fn an_api_with_a_strict_limit_is_kept_to_and_nothing_fails() {
    // 20 in each 200 ms, as gateways count.
    let window = Mutex::new((Instant::now(), 0));
    let refusals = std::sync::Arc::new(Mutex::new(0));
    let sink = refusals.clone();
    let fake = Fake::start(120, 120, move |_| {
        let mut window = window.lock().unwrap();
        if window.0.elapsed() > Duration::from_millis(200) {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        if window.1 > 20 {
            *sink.lock().unwrap() += 1;
            return Deal::Answer(Reply::With(429, "Retry-After: 1\r\n".into(), String::new()));
        }
        Deal::Do
    });
    let home = Home::new();
    let arguments = ["--quiet", "reconnect", "messenger", "--all", "--concurrency", "16"];
    Run::of(fake.command(&home, "t", &arguments)).exits(0);
    assert_eq!(fake.done().len(), 120);
    let refusals = *refusals.lock().unwrap();
    assert!(refusals > 0 && refusals < 60, "{refusals} refusals for 120 requests");
}
