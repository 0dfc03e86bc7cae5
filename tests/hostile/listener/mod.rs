//! What comes to the port while somebody signs in, spoken to byte by byte. How a path, a query and a `Host` are read is
//! tested where they are read, in `src/loopback`.

mod crowd;
mod ending;
mod guards;
mod requests;

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, Run, Waiting, until};

/// What Chromium sends when Facebook's page sends it on to us.
const NAVIGATION: [&str; 6] = [
    "Connection: keep-alive",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-User: ?1",
    "Sec-Fetch-Dest: document",
];

/// What the terminal says of odd visitors.
const NOTICES: [&str; 3] = ["speaks https", "came back", "second time"];

/// `authorize messenger`, waiting.
struct SignIn {
    partner: Partner,
    waiting: Waiting,
    /// `127.0.0.1:PORT`
    host: String,
    /// Of the callback.
    path: String,
    _home: Home,
}

fn sign_in() -> SignIn {
    sign_in_with(&["--no-browser"])
}

fn sign_in_with(options: &[&str]) -> SignIn {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let arguments = [&["authorize", "messenger", "--yes"], options].concat();
    let waiting = Waiting::start(home.against(partner.url(), &arguments));
    SignIn::new(home, partner, waiting)
}

impl SignIn {
    fn new(home: Home, partner: Partner, waiting: Waiting) -> SignIn {
        let callback = partner.callback("messenger");
        let (host, path) = callback.split_once("://").unwrap().1.split_once('/').unwrap();
        let (host, path) = (host.to_owned(), format!("/{path}"));
        SignIn { partner, waiting, host, path, _home: home }
    }

    fn port(&self) -> u16 {
        self.host.rsplit(':').next().unwrap().parse().unwrap()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// Sends these bytes on a connection of their own and gives the whole answer.
    fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        let _ = stream.write_all(bytes.as_ref());
        read_all(&mut stream).unwrap_or_default()
    }

    /// The callback's path, with that query.
    fn callback(&self, query: &str) -> String {
        format!("{}?{query}", self.path)
    }

    /// A GET as a program writes it, with further header lines.
    fn request(&self, target: &str, headers: &[&str]) -> String {
        request("GET", &self.host, target, headers)
    }

    fn get(&self, target: &str, headers: &[&str]) -> String {
        self.send(self.request(target, headers))
    }

    /// The right callback still comes through, the port closes after it, and the callback URL is back.
    #[track_caller]
    fn ends_well(self) -> Run {
        let begun = Instant::now();
        let answer = self.get(&self.callback(&format!("token={TOKEN}")), &NAVIGATION);
        assert_eq!(status(&answer), 200, "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        let SignIn { partner, waiting, host, .. } = self;
        let closing = Instant::now();
        until("the port is closed", || TcpStream::connect(&host).is_err());
        assert!(closing.elapsed() < Duration::from_millis(500), "{:?}", closing.elapsed());
        let run = waiting.end().exits(0);
        assert_eq!(run.stdout, format!("{TOKEN}\n"));
        assert_eq!(partner.settings(), World::new().settings);
        run
    }

    /// Likewise, and nothing was said of what came before.
    #[track_caller]
    fn ends_well_in_silence(self) {
        let run = self.ends_well();
        assert!(NOTICES.iter().all(|notice| !run.stderr.contains(notice)), "{}", run.stderr);
    }

    /// Waits until the terminal has said this, and so often.
    #[track_caller]
    fn tells(&self, notice: &str, times: usize) {
        assert!(NOTICES.contains(&notice));
        until(notice, || self.waiting.stderr().matches(notice).count() >= times);
        assert_eq!(self.waiting.stderr().matches(notice).count(), times, "{}", self.waiting.stderr());
    }
}

fn request(method: &str, host: &str, target: &str, headers: &[&str]) -> String {
    let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n")
}

/// Everything that comes until the connection is closed.
fn read_all(stream: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes).unwrap())
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
