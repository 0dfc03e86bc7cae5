//! The listener over real sockets, spoken to byte by byte.

mod crowd;
mod ending;
mod guards;
mod requests;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::{Listener, Notice, Outcome};
use crate::types::{Secret, SignInKind};

/// What Chromium sends when Facebook's page sends it on to us.
const NAVIGATION: [&str; 6] = [
    "Connection: keep-alive",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-User: ?1",
    "Sec-Fetch-Dest: document",
];

async fn listener() -> Listener {
    Listener::bind(SignInKind::Messenger, None, None).await.unwrap()
}

fn token(text: &str) -> Outcome {
    Outcome::Token(Secret::new(text))
}

async fn connect(listener: &Listener) -> TcpStream {
    TcpStream::connect(("127.0.0.1", listener.port())).await.unwrap()
}

/// The listener's own callback path, with that query.
fn callback(listener: &Listener, query: &str) -> String {
    format!("{}?{query}", listener.callback_url().path())
}

/// A GET as a program sends it, with further header lines.
fn get(listener: &Listener, target: &str, headers: &[&str]) -> String {
    request("GET", &format!("127.0.0.1:{}", listener.port()), target, headers)
}

fn request(method: &str, host: &str, target: &str, headers: &[&str]) -> String {
    let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
}

/// Everything that comes until the listener closes the connection.
async fn read_all(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await.expect("it is closed in time")?;
    Ok(String::from_utf8(bytes).unwrap())
}

/// Sends raw bytes on a connection of their own, and reads the answer to its end.
async fn send(listener: &Listener, raw: impl AsRef<[u8]>) -> String {
    let mut stream = connect(listener).await;
    stream.write_all(raw.as_ref()).await.unwrap();
    read_all(&mut stream).await.unwrap()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
}

/// A header's value, whatever the case of its name.
fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = answer.split_once("\r\n\r\n")?;
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

/// The outcome, at once, with the notices before it.
async fn ended(listener: &mut Listener) -> (Outcome, Vec<Notice>) {
    let mut notices = Vec::new();
    let outcome = timeout(Duration::from_secs(2), listener.wait(|notice| notices.push(notice)));
    (outcome.await.expect("the sign-in has ended"), notices)
}

/// The notices of a listener that goes on waiting.
async fn still_waiting(listener: &mut Listener) -> Vec<Notice> {
    let mut notices = Vec::new();
    let outcome = timeout(Duration::from_millis(30), listener.wait(|notice| notices.push(notice)));
    assert!(outcome.await.is_err(), "the sign-in must not have ended");
    notices
}

/// Whatever happened before: the right callback is taken.
async fn takes_the_right_one(mut listener: Listener) {
    let answer = send(&listener, get(&listener, &callback(&listener, "token=right"), &[])).await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert_eq!(ended(&mut listener).await.0, token("right"));
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}
