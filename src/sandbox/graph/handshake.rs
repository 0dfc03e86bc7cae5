//! The call that Meta makes at once to a callback that it is given.
//!
//! The sandbox calls nobody beyond this computer, and speaks no TLS: every other address is one that it can't reach. An
//! address of its own is answered without a connection, since one request at a time works on the state.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use url::Url;

use super::Here;
use super::refusal::Refusal;
use crate::types::is_loopback;

/// How long a callback may take. Others wait for the state as long.
const PATIENCE: Duration = Duration::from_secs(3);
/// A challenge has ten digits; of what else comes, as much is shown as helps.
const MOST: u64 = 16 * 1024;

/// What a callback answered.
pub struct Met {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Asks the callback for the challenge. 2200 where it isn't reached or doesn't answer 200, 2201 where it answers something
/// else.
pub fn verify(callback: &Url, verify_token: &str, here: &Here<'_>) -> Result<(), Refusal> {
    let challenge = challenge();
    let mut asked = callback.clone();
    asked.set_fragment(None);
    asked
        .query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", &challenge)
        .append_pair("hub.verify_token", verify_token);
    let is_own =
        asked.scheme() == "http" && is_loopback(&asked) && asked.port_or_known_default() == here.port();
    let met = if is_own { Ok((here.own)(&asked)) } else { met(&asked) };
    let failed = |why: &str| {
        let text = "(#2200) Callback verification failed with the following errors";
        Refusal::new(2200, format!("{text}: {why}"))
    };
    let met = met.map_err(|why| failed(&why))?;
    if met.status != 200 {
        return Err(failed(&format!("HTTP Status Code = {}", met.status)));
    }
    if met.body != challenge.as_bytes() {
        let received: String = String::from_utf8_lossy(&met.body).chars().take(80).collect();
        return Err(Refusal::new(
            2201,
            format!(
                "(#2201) response does not match challenge, expected value=\"{challenge}\", received={received:?}"
            ),
        ));
    }
    Ok(())
}

/// Ten digits that nobody guesses.
fn challenge() -> String {
    let mut random = [0; 4];
    // Without random numbers, a callback that knows them in advance is no loss here.
    let _ = getrandom::fill(&mut random);
    (1_000_000_000 + u64::from(u32::from_le_bytes(random))).to_string()
}

/// One request to this computer, and its answer; or why there is none.
fn met(url: &Url) -> Result<Met, String> {
    if !is_loopback(url) {
        return Err("HTTP Status Code = 0; the sandbox reaches no other computer".to_owned());
    }
    if url.scheme() != "http" {
        return Err("HTTP Status Code = 0; the sandbox speaks plain http only".to_owned());
    }
    exchange(url).map_err(|error| format!("HTTP Status Code = 0; {error}"))
}

/// HTTP/1.0, whose answers come in one piece.
fn exchange(url: &Url) -> std::io::Result<Met> {
    let until = Instant::now() + PATIENCE;
    let left = || until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let refused = |text: &str| std::io::Error::other(text.to_owned());
    let host = url.host_str().unwrap_or_default();
    let name = host.trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = Err(refused("no address"));
    for address in (name, port).to_socket_addrs()?.filter(|address| address.ip().is_loopback()) {
        stream = TcpStream::connect_timeout(&address, left());
        if stream.is_ok() {
            break;
        }
    }
    let mut stream = stream?;
    stream.set_write_timeout(Some(left()))?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    write!(stream, "GET {target} HTTP/1.0\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while (answer.len() as u64) < MOST && Instant::now() < until {
        stream.set_read_timeout(Some(left()))?;
        match stream.read(&mut piece)? {
            0 => break,
            count => answer.extend_from_slice(&piece[..count]),
        }
    }
    read(&answer).ok_or_else(|| refused("the answer is no HTTP"))
}

fn read(answer: &[u8]) -> Option<Met> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Met { status, body: answer[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_or_it_is_none() {
        let met = read(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n123\r\n\r\n").unwrap();
        assert_eq!((met.status, &met.body[..]), (200, &b"123\r\n\r\n"[..]));
        for bad in ["", "HTTP/1.1 200 OK\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\u{0}\r\n\r\n"]
        {
            assert!(read(bad.as_bytes()).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn nobody_beyond_this_computer_is_called() {
        for (url, why) in [
            ("https://bot.example.com/hook", "no other computer"),
            ("http://10.0.0.1/hook", "no other computer"),
            ("http://localhost.:1/hook", "no other computer"),
            ("https://127.0.0.1:9/hook", "plain http only"),
        ] {
            let error = met(&Url::parse(url).unwrap()).map(drop).unwrap_err();
            assert!(error.contains(why), "{url}: {error}");
        }
    }
}
