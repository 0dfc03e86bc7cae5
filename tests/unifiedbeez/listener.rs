//! What can reach the port of a sign-in, and gets nothing.

use crate::backend::{Backend, Clean, Guide, page, visit};
use crate::support::http;

const SUCCESS: &str = "?facebook_connected=true&type=messenger";

#[test]
fn strangers_get_nothing_whatever_they_know() {
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["--json", "connect", "messenger"]);
    let way_back = format!("{}{SUCCESS}", backend.way_back());
    let navigated = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    let port = way_back.split(['/', ':']).nth(4).unwrap().to_owned();
    let raw = |host: &str, method: &str, more: &str| {
        let path = &way_back[way_back.find("/cb/").unwrap()..];
        let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        std::io::Write::write_all(
            &mut stream,
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n").as_bytes(),
        )
        .unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
        text.split(' ').nth(1).unwrap().to_owned()
    };
    let ours = format!("localhost:{port}");
    for (host, method, more, status) in [
        ("evil.example", "GET", navigated, "403"),
        ("localhost", "GET", navigated, "403"),
        (&format!("localhost.:{port}"), "GET", navigated, "403"),
        (&ours, "POST", navigated, "405"),
        (&ours, "HEAD", navigated, "405"),
        (&ours, "GET", "Sec-Fetch-Mode: cors\r\n", "403"),
        (&ours, "GET", "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", "403"),
        (&ours, "GET", "Origin: https://evil.example\r\n", "403"),
        (&ours, "GET", "Sec-Purpose: prefetch\r\n", "403"),
        (&ours, "GET", &format!("Host: {ours}\r\n"), "403"),
    ] {
        assert_eq!(raw(host, method, more), status, "{host} {method} {more}");
    }
    let origin = format!("http://{ours}");
    for path in ["/", "/done", "/cb/", "/cb", "/go/", "/favicon.ico", "/callback/messenger/x"] {
        assert_eq!(visit(&format!("{origin}{path}")).status, 404, "{path}");
    }
    backend.world().consent(page(34, "1002", "Shop", true));
    assert_eq!(raw(&ours, "GET", navigated), "303");
    assert_eq!(waiting.end().clean().exits(0).json()["results"][0]["_id"], "34");
    assert!(std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err(), "the port is free again");
}

#[test]
fn localhost_reaches_it_by_both_addresses() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return println!("this machine has no IPv6");
    }
    for address in ["127.0.0.1", "[::1]"] {
        let backend = Backend::start(Guide::Two, &[]);
        let waiting = backend.waiting(&["--json", "connect", "messenger"]);
        let way_back = backend.way_back();
        let (origin, path) = way_back.split_at(way_back.find("/cb/").unwrap());
        let host = origin.trim_start_matches("http://");
        let port = host.rsplit(':').next().unwrap();
        backend.world().consent(page(34, "1002", "Shop", true));
        let mut stream = std::net::TcpStream::connect(format!("{address}:{port}")).unwrap();
        let request = format!("GET {path}{SUCCESS} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        waiting.end().clean().exits(0);
    }
}

#[test]
fn a_port_that_another_program_has_is_refused_before_anybody_is_sent_anywhere() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let backend = Backend::start(Guide::Two, &[]);
    backend.run(&["connect", "messenger", "--no-browser", "--port", &port]).exits(1);
    assert!(backend.asked().is_empty());
    let Ok(taken) = std::net::TcpListener::bind("[::1]:0") else { return };
    // Whoever has it there alone would get what comes back to localhost.
    let port = taken.local_addr().unwrap().port().to_string();
    backend.run(&["connect", "messenger", "--no-browser", "--port", &port]).exits(1);
    assert!(backend.asked().is_empty());
}

#[test]
fn a_chosen_port_is_the_one_that_is_returned_to() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let backend = Backend::start(Guide::Two, &[]);
    let waiting = backend.waiting(&["connect", "messenger", "--port", &free.to_string()]);
    assert!(backend.way_back().starts_with(&format!("http://localhost:{free}/cb/")));
    let answer = http("GET", &format!("{}?error=no", backend.way_back()), "", "");
    assert_eq!(answer.status, 303);
    waiting.end().clean().exits(4);
}
