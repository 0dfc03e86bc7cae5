//! What comes to the port while somebody signs in, through the whole program. Every row stands in
//! `src/loopback/tests` as well, in all its variations.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Waiting, until};

struct SignIn {
    partner: Partner,
    waiting: Waiting,
    host: String,
    path: String,
    _home: Home,
}

fn sign_in() -> SignIn {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let waiting =
        Waiting::start(home.against(partner.url(), &["authorize", "messenger", "--yes", "--no-browser"]));
    let callback = partner.callback("messenger");
    let (host, path) = callback.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let (host, path) = (host.to_owned(), format!("/{path}"));
    SignIn { partner, waiting, host, path, _home: home }
}

impl SignIn {
    /// Sends these bytes and gives the whole answer.
    fn send(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let _ = stream.write_all(bytes.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[track_caller]
    fn gives(&self, status: u16, method: &str, target: &str, headers: &str) {
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.host) };
        let answer = self.send(&format!("{method} {target} HTTP/1.1\r\n{host}{headers}\r\n"));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{method} {target} {headers}: {answer}");
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }

    fn right(&self) -> String {
        format!("{}?token={TOKEN}", self.path)
    }

    /// The right callback still comes through, and the port closes after it.
    #[track_caller]
    fn ends_well(self) -> String {
        let begun = Instant::now();
        self.gives(200, "GET", &self.right(), "Sec-Fetch-Mode: navigate\r\n");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        let SignIn { partner, waiting, host, .. } = self;
        let closing = Instant::now();
        until("the port is closed", || TcpStream::connect(&host).is_err());
        assert!(closing.elapsed() < Duration::from_millis(500), "{:?}", closing.elapsed());
        let run = waiting.end().exits(0);
        assert_eq!(run.stdout, format!("{TOKEN}\n"));
        assert_eq!(partner.settings(), World::new().settings);
        run.stderr
    }
}

#[test]
fn whoever_lacks_the_nonce_the_method_or_the_host_gets_nowhere_and_waiting_goes_on() {
    let at = sign_in();
    let (path, right) = (at.path.clone(), at.right());
    let nonce = path.rsplit('/').next().unwrap();
    for wrong in [
        "/",
        "/favicon.ico",
        "/callback",
        "/callback/messenger",
        "/callback/messenger/",
        "/go/",
        "/shutdown",
        &format!("/callback/instagram/{nonce}"),
        &format!("{path}/"),
        &path[..path.len() - 1],
        &format!("{path}A"),
        &path.to_uppercase(),
        &format!("/callback/messenger/%{:x}{}", nonce.as_bytes()[0], &nonce[1..]),
        &format!("//callback/messenger/{nonce}"),
        &format!("/callback/messenger/{}", "A".repeat(43)),
    ] {
        at.gives(404, "GET", &format!("{wrong}?token=stolen"), "");
        at.gives(404, "GET", &format!("{wrong}?error=access_denied"), "");
    }
    for method in ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "BREW"] {
        at.gives(405, method, &right, "");
    }
    let port = at.host.rsplit(':').next().unwrap().to_owned();
    for host in [
        "Host: evil.example\r\n",
        &format!("Host: localhost:{port}\r\n"),
        "Host: 127.0.0.1\r\n",
        &format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        &format!("Host: {0}\r\nHost: {0}\r\n", at.host),
    ] {
        at.gives(403, "GET", &right, host);
    }
    let missing = at.send(&format!("GET {right} HTTP/1.1\r\n\r\n"));
    assert!(missing.starts_with("HTTP/1.1 403 ") || missing.starts_with("HTTP/1.1 400 "), "{missing}");
    for headers in [
        "Sec-Fetch-Mode: no-cors\r\n",
        "Sec-Fetch-Mode: cors\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Purpose: prefetch;prerender\r\n",
        "Purpose: prefetch\r\n",
    ] {
        at.gives(403, "GET", &right, headers);
    }
    assert!(at.waiting.stderr().lines().all(|line| !line.contains(TOKEN)));
    at.ends_well();
}

#[test]
fn tokens_that_cannot_be_one_are_refused_and_waiting_goes_on() {
    let at = sign_in();
    let path = at.path.clone();
    for query in [
        "".to_owned(),
        "?".to_owned(),
        "?token=".to_owned(),
        "?token=a&token=b".to_owned(),
        "?token=a&token=a".to_owned(),
        format!("?token={}", "a".repeat(8193)),
        "?x=1".to_owned(),
    ] {
        at.gives(400, "GET", &format!("{path}{query}"), "");
    }
    at.ends_well();
}

#[test]
fn a_second_callback_gets_410_or_a_closed_port_and_the_first_counts() {
    let at = sign_in();
    let (host, right) = (at.host.clone(), at.right());
    let later = right.replace(TOKEN, "another-token-0123456789");
    // Connected before, and asking after the first was taken.
    let mut second = TcpStream::connect(&host).unwrap();
    second.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    write!(second, "GET {later} HTTP/1.1\r\n").unwrap();
    at.gives(200, "GET", &right, "");
    let _ = write!(second, "Host: {host}\r\n\r\n");
    let mut answer = String::new();
    let _ = second.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 410 "), "{answer}");
    assert_eq!(at.waiting.end().exits(0).stdout, format!("{TOKEN}\n"));
}

#[test]
fn an_endless_head_gets_431_or_is_closed_and_waiting_goes_on() {
    let at = sign_in();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: {}\r\n{}",
        at.host,
        "X-Pad: aaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(2000)
    );
    let answer = at.send(&head);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    at.ends_well();
}

#[test]
fn five_hundred_idle_connections_do_not_keep_the_right_callback_out() {
    let at = sign_in();
    let idle: Vec<TcpStream> = (0..500).filter_map(|_| TcpStream::connect(&at.host).ok()).collect();
    assert!(idle.len() > 400);
    at.ends_well();
    drop(idle);
}

#[test]
fn a_head_that_is_not_complete_after_5_s_is_closed() {
    let at = sign_in();
    let begun = Instant::now();
    let answer = at.send("GET / HTTP/1.1\r\nHost:");
    let took = begun.elapsed();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(7), "{took:?}");
    at.ends_well();
}

#[test]
fn a_tls_hello_is_told_in_one_line_and_waiting_goes_on() {
    let at = sign_in();
    for _ in 0..3 {
        at.send("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{7c}\u{3}\u{3}");
    }
    until("it is told", || at.waiting.stderr().contains("https"));
    thread::sleep(Duration::from_millis(50));
    let told = at.waiting.stderr().lines().filter(|line| line.contains("speaks https")).count();
    assert_eq!(told, 1, "{}", at.waiting.stderr());
    at.ends_well();
}

#[test]
fn it_listens_on_ipv4_loopback_alone() {
    let at = sign_in();
    let port: u16 = at.host.rsplit(':').next().unwrap().parse().unwrap();
    assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, port)).is_err());
    // The address that this machine would send from, where it has one.
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    if socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).is_ok()
        && let Ok(SocketAddr::V4(own)) = socket.local_addr()
        && !own.ip().is_loopback()
    {
        assert!(TcpStream::connect((*own.ip(), port)).is_err());
    }
    at.ends_well();
}

#[test]
fn a_kept_connection_of_an_earlier_sign_in_does_not_swallow_the_next_callback() {
    let first = sign_in();
    let port = first.host.rsplit(':').next().unwrap().to_owned();
    let kept = TcpStream::connect(&first.host).unwrap();
    first.ends_well();
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let arguments = ["authorize", "messenger", "--yes", "--no-browser", "--port", &port];
    let waiting = Waiting::start(home.against(partner.url(), &arguments));
    assert!(partner.callback("messenger").contains(&format!(":{port}/")));
    assert_eq!(partner.bring("messenger", "the-next-token-0123456789"), 200);
    assert_eq!(waiting.end().exits(0).stdout, "the-next-token-0123456789\n");
    drop(kept);
}
