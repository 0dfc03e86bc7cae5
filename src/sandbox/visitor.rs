//! What a person does in the browser, done by the program: for `--sandbox --yes`.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use url::Url;

use super::consent::MARK;

/// For one request with its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer of a sandbox or of a sign-in's listener is longer.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// From our own address to the consent page there is one redirect.
const MAX_REDIRECTS: usize = 4;

/// Why consent could not be given. Holds no URL, since tokens stand in them.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// Something other than http on the loopback interface.
    #[error("the sign-in leads away from this machine, so it isn't the sandbox's")]
    Elsewhere,
    /// No connection, no answer, too long an answer.
    #[error("a page of the sign-in could not be read: {0}")]
    Read(io::Error),
    /// Some other page than the one that asks.
    #[error("no consent page of a sandbox was found: status {0}")]
    NoConsentPage(u16),
    /// Consent was given, and did not lead back.
    #[error("the sandbox did not lead back to a callback: status {0}")]
    NoRedirect(u16),
    /// The callback is there, and takes no token.
    #[error("the callback answered with status {0}")]
    Callback(u16),
}

/// Follows `go_url` to the sandbox's consent page, allows everything there, and follows the redirect to the
/// callback. It blocks, up to a minute: call it on a thread of its own. Anything but plain http on the
/// loopback interface is refused, and so is a page that is no sandbox's.
pub fn consent(go_url: &str) -> Result<(), VisitError> {
    let mut page = Url::parse(go_url).map_err(|_| VisitError::Elsewhere)?;
    for _ in 0..MAX_REDIRECTS {
        let answer = visit("GET", &page, "")?;
        if let Some(next) = answer.redirect(&page) {
            page = next;
            continue;
        }
        if answer.status != 200 || answer.header(MARK.0) != Some(MARK.1) {
            return Err(VisitError::NoConsentPage(answer.status));
        }
        let answer = visit("POST", &page, "scope=all&decision=allow")?;
        let callback = answer.redirect(&page).ok_or(VisitError::NoRedirect(answer.status))?;
        return match visit("GET", &callback, "")?.status {
            200..=399 => Ok(()),
            status => Err(VisitError::Callback(status)),
        };
    }
    Err(VisitError::NoConsentPage(302))
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn redirect(&self, from: &Url) -> Option<Url> {
        let target = self.header("location").filter(|_| (300..400).contains(&self.status))?;
        from.join(target).ok()
    }
}

/// One request, one answer, one connection.
fn visit(method: &str, url: &Url, form: &str) -> Result<Answer, VisitError> {
    let mut stream = connect(url)?;
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    if method == "POST" {
        let length = form.len();
        request +=
            &format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n");
    }
    request += "\r\n";
    request += form;
    stream.write_all(request.as_bytes()).map_err(VisitError::Read)?;
    let answer = read(&mut stream).map_err(VisitError::Read)?;
    parse(&answer).ok_or_else(|| VisitError::Read(io::ErrorKind::InvalidData.into()))
}

fn connect(url: &Url) -> Result<TcpStream, VisitError> {
    let (Some(host), Some(port), "http") = (url.host_str(), url.port_or_known_default(), url.scheme()) else {
        return Err(VisitError::Elsewhere);
    };
    let host = host.trim_matches(['[', ']']);
    let mut addresses = (host, port).to_socket_addrs().map_err(VisitError::Read)?;
    let address = addresses.find(|address| address.ip().is_loopback()).ok_or(VisitError::Elsewhere)?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(VisitError::Read)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(VisitError::Read)?;
    Ok(stream)
}

/// Everything until the server closes, within limits of time and size. A connection that breaks once the head
/// is there has said enough.
fn read(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let until = Instant::now() + PATIENCE;
    let mut answer = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(answer),
            Ok(count) if answer.len() + count <= MAX_ANSWER => answer.extend_from_slice(&buffer[..count]),
            Ok(_) => return Err(io::Error::other("it is too long")),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if head_end(&answer).is_some() => return Ok(answer),
            Err(error) => return Err(error),
        }
    }
}

fn head_end(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n")
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let head = std::str::from_utf8(&answer[..head_end(answer)?]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    Some(Answer { status, headers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_visited() {
        for elsewhere in ["https://127.0.0.1/", "http://192.0.2.1/", "file:///etc/passwd", "javascript:1", ""]
        {
            assert!(matches!(consent(elsewhere), Err(VisitError::Elsewhere)), "{elsewhere}");
        }
    }

    #[test]
    fn an_answer_that_is_none_is_refused() {
        for bad in ["", "HTTP/1.1 200 OK", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 \r\n\r\n", "HTTP/1.1 2é\r\n\r\n"] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad}");
        }
        let answer = parse(b"HTTP/1.0 302 Found\r\nLOCATION: /a\r\n\r\nbody").unwrap();
        assert_eq!(answer.redirect(&Url::parse("http://127.0.0.1:9/x").unwrap()).unwrap().path(), "/a");
    }
}
