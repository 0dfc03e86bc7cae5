//! What nobody sends who means well.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::time::{Duration, Instant};
#[cfg(unix)]
use std::{process::Command, rc::Rc};

use super::bench::{Bench, KEY};

fn still_serves(bench: &Bench) -> bool {
    bench.get("/partner").status == 200
}

#[test]
fn a_body_that_is_too_long_is_a_413() {
    let bench = Bench::new();
    for announced in ["1048577", "99999999", "18446744073709551613", "4611686018427387904"] {
        let head = format!(
            "PUT /partner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {announced}\r\n\r\n{{"
        );
        let answer = bench.raw(head.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 "), "{announced}: {answer}");
        assert!(answer.contains("Permintaan terlalu besar"));
    }
    let mut chunked = format!(
        "PUT /partner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    for _ in 0..17 {
        chunked += &format!("10000\r\n{}\r\n", "a".repeat(65_536));
    }
    chunked += "0\r\n\r\n";
    let answer = bench.raw(chunked.as_bytes());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(still_serves(&bench));
}

#[test]
fn chunked_bodies_are_read() {
    let bench = Bench::new();
    let head = format!(
        "PUT /partner HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let answer = bench.raw(format!("{head}1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn nonsense_is_answered_or_cut() {
    let bench = Bench::new();
    let kind = |answer: &str| answer.get(..12).unwrap_or_default().to_owned();
    assert_eq!(kind(&bench.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")), "");
    assert_eq!(kind(&bench.raw(b"what is this\r\n\r\n")), "HTTP/1.1 400");
    assert_eq!(kind(&bench.raw(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")), "HTTP/1.1 400");
    let endless = b"GET / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n";
    assert_eq!(kind(&bench.raw(endless)), "HTTP/1.1 431");
    assert_eq!(kind(&bench.raw(b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n")), "HTTP/1.1 404");
    assert_eq!(
        kind(&bench.raw(b"GET http://evil.example/ HTTP/1.1\r\nConnection: close\r\n\r\n")),
        "HTTP/1.1 404"
    );
    assert_eq!(kind(&bench.raw(b"GET /%ff%00/%zz HTTP/1.1\r\nConnection: close\r\n\r\n")), "HTTP/1.1 404");
    assert!(still_serves(&bench));
}

#[test]
fn an_endless_head_is_cut() {
    let bench = Bench::new();
    let mut stream = bench.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nX: ").unwrap();
    let piece = vec![b'a'; 65_536];
    let sent = (0..2000).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(sent < 2000, "it went on for {sent} pieces");
    assert!(still_serves(&bench));
}

#[test]
fn kept_connections_serve_many_requests_and_many_can_be_open() {
    let bench = Bench::new();
    let request = format!("GET /partner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    let mut streams: Vec<_> = (0..100).map(|_| bench.connect()).collect();
    for _ in 0..3 {
        for stream in &mut streams {
            stream.write_all(request.as_bytes()).unwrap();
        }
        for stream in &mut streams {
            let mut answer = [0; 4096];
            let count = stream.read(&mut answer).unwrap();
            assert!(answer[..count].starts_with(b"HTTP/1.1 200") && answer[..count].ends_with(b"null}"));
        }
    }
    let more: Vec<_> = (0..200).map(|_| bench.connect()).collect();
    assert!(still_serves(&bench), "idle connections make room");
    drop(more);
}

#[test]
fn a_client_that_has_said_all_gets_its_answer() {
    let bench = Bench::new();
    let mut stream = bench.connect();
    stream.write_all(b"GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("originalMessage: { type: string }\n"));
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_and_frees_the_port() {
    let bench = Bench::with(&["--latency", "60000"]);
    let mut waiting = bench.connect();
    write!(waiting, "GET /partner HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let _idle = bench.connect();
    std::thread::sleep(Duration::from_millis(50));
    let (_, port) = bench.host().rsplit_once(':').unwrap();
    let port = port.to_owned();
    let home = Rc::clone(&bench.home);
    let started = Instant::now();
    let killed = Command::new("kill").args(["-TERM", &bench.served.pid().to_string()]).status();
    assert!(killed.unwrap().success());
    assert_eq!(waiting.read(&mut [0; 16]).unwrap_or(0), 0, "nobody waits for an answer that is under way");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    drop(bench);
    assert!(still_serves(&Bench::beside(&home, &["--port", &port])));
}

#[test]
fn a_kept_connection_is_closed_by_a_lost_answer_and_reset_amid_one() {
    let bench = Bench::with(&["--fault", "GET /partner=lost*1", "--fault", "GET /partner=reset"]);
    let request = format!("GET /partner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n");
    let mut answer = Vec::new();
    let mut stream = bench.connect();
    write!(stream, "{request}\r\n").unwrap();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"");
    for close in ["Connection: close\r\n", ""] {
        let mut stream = bench.connect();
        write!(stream, "{request}{close}\r\n").unwrap();
        let mut answer = Vec::new();
        let error = stream.read_to_end(&mut answer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert!(answer.starts_with(b"HTTP/1.1 200") && !answer.ends_with(b"}"));
    }
}

#[test]
fn late_answers_are_late_side_by_side() {
    let bench = Bench::with(&["--latency", "200"]);
    let started = Instant::now();
    let served = &bench.served;
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| assert_eq!(served.api("GET", "/partner", "").0, 200));
        }
    });
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(200) && took < Duration::from_millis(32 * 200), "{took:?}");
}
