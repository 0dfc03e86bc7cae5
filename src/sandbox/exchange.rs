//! One request from its first byte to its answer, or to the fault that was ordered for it.

use std::fmt;
use std::io::{Read, Write};
use std::time::{Duration, Instant, SystemTime};

use super::fault::{Action, Fault, Faults};
use super::gate::{Cut, Gate};
use super::http::{Answer, Request};
use super::refusal::Refusal;
use super::routes::Api;
use super::server::Ending;

/// A longer body is answered 413.
pub const MAX_BODY: usize = 1024 * 1024;

/// One request, as it is logged. Holds no query, since tokens stand there.
#[derive(Clone, Debug)]
pub struct LogLine {
    pub time: SystemTime,
    pub method: String,
    pub path: String,
    /// `None` when no answer was given.
    pub status: Option<u16>,
    pub millis: u64,
    /// The fault that was met, as ordered.
    pub fault: Option<String>,
}

impl fmt::Display for LogLine {
    /// `08:30:00 POST /partner/channel/messenger 402 1 ms (fault POST ...)`, in UTC, with control characters
    /// escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let clock = super::clock::iso(u64::try_from(since.as_millis()).unwrap_or_default());
        let time = clock.split(['T', '.']).nth(1).unwrap_or_default();
        write!(f, "{time} {} {} ", self.method.escape_debug(), self.path.escape_debug())?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("---")?,
        }
        write!(f, " {} ms", self.millis)?;
        self.fault.as_ref().map_or(Ok(()), |fault| write!(f, " (fault {})", fault.escape_debug()))
    }
}

/// What is needed to deal with one request.
pub struct Exchange<'a> {
    pub gate: &'a Gate,
    pub api: &'a Api,
    pub faults: &'a Faults,
    pub latency: Duration,
    pub ending: &'a Ending,
}

impl Exchange<'_> {
    /// Deals with it. `None` where there is nothing to log: the client went before its request was complete,
    /// or the sandbox ends.
    pub fn serve(&self, mut raw: tiny_http::Request) -> Option<LogLine> {
        let (time, started) = (SystemTime::now(), Instant::now());
        let line = raw.remote_addr()?.port();
        self.gate.known(line);
        let (method, target) = (raw.method().to_string(), raw.url().to_owned());
        let path = target.split('?').next().unwrap_or_default().to_owned();

        let (status, fault) = match read(&mut raw, &method, &target) {
            Ok(request) => {
                if !self.gate.working(line) {
                    return None;
                }
                let met = self.faults.meet(&method, &path);
                let status = self.deal(raw, line, &request, met)?;
                (status, met.map(|(fault, _)| fault.to_string()))
            }
            Err(Unread::Gone) => return None,
            Err(Unread::Refused(refusal)) => {
                let answer = refusal.answer();
                self.gate.cut(line, &answer.to_bytes(true, method == "HEAD"), Cut::Close);
                discard(raw);
                (Some(answer.status), None)
            }
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Some(LogLine { time, method, path, status, millis, fault })
    }

    /// Answers, or doesn't, as ordered. `None` when the sandbox ended first.
    fn deal(
        &self,
        raw: tiny_http::Request,
        line: u16,
        request: &Request,
        met: Option<(&Fault, &Action)>,
    ) -> Option<Option<u16>> {
        let delay = match met {
            Some((_, Action::Slow(delay))) => self.latency + *delay,
            _ => self.latency,
        };
        if !self.ending.sleep(delay) {
            return None;
        }
        let bytes = |answer: &Answer| answer.to_bytes(wants_close(&raw), request.method == "HEAD");
        match met {
            Some((_, Action::Hang)) => {
                self.gate.cut(line, &[], Cut::Hang);
                Some(None)
            }
            Some((_, Action::Lost)) => {
                self.api.answer(request);
                self.gate.cut(line, &[], Cut::Close);
                Some(None)
            }
            Some((_, Action::Reset)) => {
                let bytes = bytes(&self.api.answer(request));
                self.gate.cut(line, &bytes[..bytes.len() / 2], Cut::Reset);
                Some(None)
            }
            Some((fault, Action::Status(status))) => {
                let answer = ordered(fault, *status);
                let bytes = bytes(&answer);
                send(raw, &bytes);
                Some(Some(answer.status))
            }
            Some((_, Action::Slow(_))) | None => {
                let answer = self.api.answer(request);
                let bytes = bytes(&answer);
                send(raw, &bytes);
                Some(Some(answer.status))
            }
        }
    }
}

/// The answer of a status on order.
fn ordered(fault: &Fault, status: u16) -> Answer {
    let answer = match (&fault.message, status) {
        (None, 200..=399) => Answer::empty(status),
        (None, _) => Refusal::by_status(status).answer(),
        (Some(message), _) => Refusal::of(status, message).answer(),
    };
    match fault.retry_after {
        Some(seconds) => answer.with("Retry-After", seconds.to_string()),
        None => answer,
    }
}

/// Why a request could not be read.
enum Unread {
    Refused(Refusal),
    Gone,
}

fn read(raw: &mut tiny_http::Request, method: &str, target: &str) -> Result<Request, Unread> {
    let Some(mut request) = Request::new(method, target) else {
        return Err(Unread::Refused(Refusal::no_route(method, target)));
    };
    for header in raw.headers() {
        let value = || Some(header.value.as_str().to_owned());
        match () {
            () if header.field.equiv("Authorization") => request.authorization = value(),
            () if header.field.equiv("Content-Type") => request.content_type = value(),
            () if header.field.equiv("Host") => request.host = value(),
            () => {}
        }
    }
    let announced = raw.body_length();
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(Unread::Refused(Refusal::too_large()));
    }
    let mut body = Vec::new();
    let limit = MAX_BODY as u64 + 1;
    raw.as_reader().take(limit).read_to_end(&mut body).map_err(|_| Unread::Gone)?;
    if body.len() > MAX_BODY {
        return Err(Unread::Refused(Refusal::too_large()));
    }
    if announced.is_some_and(|length| body.len() < length) {
        return Err(Unread::Gone);
    }
    Ok(Request { body, ..request })
}

/// Past tiny_http's own writing, which sends head and body apart.
fn send(raw: tiny_http::Request, bytes: &[u8]) {
    let mut writer = raw.into_writer();
    // A client that doesn't wait for its answer is no concern of ours.
    let _ = writer.write_all(bytes).and_then(|()| writer.flush());
}

/// Lets go of a request whose body was not read. tiny_http would set aside as much memory as the body was
/// announced with, whatever that is, so absurd ones are left as they are: their thread waits to the end.
fn discard(raw: tiny_http::Request) {
    if raw.body_length().is_some_and(|length| length > 64 * MAX_BODY) {
        std::mem::forget(raw);
    }
}

fn wants_close(raw: &tiny_http::Request) -> bool {
    let asked = raw.headers().iter().find(|header| header.field.equiv("Connection"));
    let asked = asked.map(|header| header.value.as_str().to_ascii_lowercase()).unwrap_or_default();
    asked.contains("close") || *raw.http_version() == tiny_http::HTTPVersion(1, 0)
}
