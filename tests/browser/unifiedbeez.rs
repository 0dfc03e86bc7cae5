//! UnifiedBeez' consent in the sandbox, as a person goes through it: from the dialog by the callback to whoever listens.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::chromium::Chromium;
use crate::support::{Home, Served, http};

const BEARER: &str = "Authorization: Bearer sandbox-session\r\n";

/// A listener as anybody's: where it is, and the targets that it was asked for.
fn listener() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let (send, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(line) = lines.next() else { continue };
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let page = "<!doctype html><title>Back</title>";
            let length = page.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{page}"
            );
            let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
            if !target.contains("favicon") && send.send(target).is_err() {
                return;
            }
        }
    });
    (origin, asked)
}

#[test]
fn what_a_person_ticks_comes_back_with_the_mark_that_facebook_leaves() {
    let Some(mut chromium) = Chromium::start() else { return };
    let home = Home::new();
    let served = Served::start(&home, &["--platform", "unifiedbeez"]);
    let (origin, asked) = listener();
    let mut consent = |choose: &str| {
        let connect = format!("{}/auth/facebook/connect?redirect_path=/cb/N&origin={origin}", served.api_url);
        let answer = http("GET", &connect, BEARER, "");
        chromium.go(answer.header("location").unwrap());
        chromium.wait_for_title("Sandbox sign-in");
        chromium.value(choose);
        chromium.wait_for_title("Back");
        let shown = chromium.text("location.href");
        (asked.recv().unwrap(), shown)
    };
    let connected = "/cb/N?facebook_connected=true&type=messenger".to_owned();
    let shown = format!("{origin}{connected}#_=_");
    let some = "document.querySelector('[value=some]').click(); \
                [...document.querySelectorAll('li')].filter(row => row.textContent.includes('Batik')) \
                    .forEach(row => row.querySelector('input').click()); \
                document.querySelector('[value=allow]').click()";
    assert_eq!(consent(some), (connected, shown));
    let pages = http("GET", &format!("{}/auth/facebook/pages", served.api_url), BEARER, "").body;
    assert_eq!((pages.matches("\"isActive\":true").count(), pages.matches("Batik").count()), (3, 0));

    let (target, shown) = consent("document.querySelector('[value=deny]').click()");
    assert_eq!(target, "/cb/N?error=Permissions%2520error");
    assert_eq!(shown, format!("{origin}{target}#_=_"));
}
