//! Faults on order, as a client meets them.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::Bench;
use crate::sandbox::API_KEY;

fn get(bench: &Bench, close: bool) -> std::net::TcpStream {
    let mut stream = bench.connect();
    let close = if close { "Connection: close\r\n" } else { "" };
    write!(
        stream,
        "GET /partner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {API_KEY}\r\n{close}\r\n"
    )
    .unwrap();
    stream
}

#[test]
fn a_status_on_order_is_answered_and_nothing_is_done() {
    let bench = Bench::faulty(
        "PUT /partner=429*1;retry-after=7\nPUT /partner=403*1;message=virtual machine full, please contact technical\nGET /partner/channel/*/authorize=200",
    );
    let body = json!({ "webhookUrl": "https://a.example" });
    let refused = bench.put(body.clone());
    assert_eq!(refused.error(), (429, "too many requests".to_owned()));
    assert_eq!(refused.header("Retry-After"), Some("7"));
    let refused = bench.put(body.clone());
    assert_eq!(refused.json()["message"], "Server penuh, silahkan hubungi tim teknis");
    assert_eq!(bench.get("/partner").json()["webhookUrl"], json!(null));
    assert_eq!(bench.put(body).status, 200);
    assert_eq!(bench.get("/partner/channel/messenger/authorize").body, "");
    let log = bench.log.lock().unwrap();
    assert_eq!(log[0].fault.as_deref(), Some("PUT /partner=429*1;retry-after=7"));
    assert!(log[0].to_string().contains("PUT /partner 429 "), "{}", log[0]);
}

#[test]
fn a_lost_answer_leaves_the_work_done() {
    let bench = Bench::faulty("POST /partner/channel/messenger=lost*1");
    let token = bench.token("messenger", "scope=all");
    let body = json!({ "channelId": "104872913558201", "token": token });
    assert_eq!(bench.try_post("/partner/channel/messenger", body.clone()), None);
    assert_eq!(bench.channel_of("104872913558201")["isConnected"], true);
    assert!(bench.try_post("/partner/channel/messenger", body).is_some());
}

#[test]
fn a_lost_answer_closes_a_kept_connection_too() {
    let bench = Bench::faulty("GET /partner=lost");
    let mut stream = get(&bench, false);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"");
}

#[test]
fn a_reset_comes_in_mid_answer() {
    let bench = Bench::faulty("GET /partner=reset");
    for close in [true, false] {
        let mut stream = get(&bench, close);
        let mut answer = Vec::new();
        let error = stream.read_to_end(&mut answer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert!(answer.starts_with(b"HTTP/1.1 200") && !answer.ends_with(b"{}"));
    }
}

#[test]
fn a_hanging_request_holds_up_nobody_else() {
    let bench = Bench::faulty("GET /partner=hang*1");
    let mut stream = get(&bench, false);
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let error = stream.read(&mut [0; 16]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
    assert_eq!(bench.get("/partner").status, 200);
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    drop(bench);
    assert_eq!(stream.read(&mut [0; 16]).unwrap(), 0, "it ends with the sandbox");
}

#[test]
fn slowness_is_ordered_and_latency_runs_in_parallel() {
    let bench = Bench::faulty("GET /partner=slow:200*1");
    let started = Instant::now();
    assert_eq!(bench.get("/partner").status, 200);
    assert!(started.elapsed() >= Duration::from_millis(200));

    let bench = Bench::with(|options| options.latency = Duration::from_millis(200));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| assert_eq!(bench.get("/partner").status, 200));
        }
    });
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(200) && took < Duration::from_millis(1500), "{took:?}");
}
