//! Faults on order: what `--fault` and a fault file say, and when each of them is due.
//!
//! ```text
//! METHOD PATH=ACTION[*TIMES][@every N][;retry-after=SECONDS][;message=TEXT]
//! ```
//!
//! `METHOD` is a method or `*`. A segment `*` of `PATH` stands for any one segment. `ACTION` is a status
//! (200 to 599: answered so, and not done), `reset` (done, and the connection is reset in mid-answer), `hang`
//! (not done, never answered), `lost` (done, and the connection closes without an answer) or `slow:MS`
//! (done, that much later). `*TIMES` ends the fault after so many times; `@every N` spares all but every
//! Nth request. The first fault on the list that is due counts.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// One fault, as ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    method: String,
    segments: Vec<String>,
    action: Action,
    times: Option<u64>,
    every: Option<u64>,
    /// Sent as `Retry-After` with a status.
    pub(super) retry_after: Option<u64>,
    /// The error's `originalMessage`, in place of the status's own.
    pub(super) message: Option<String>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Status(u16),
    Reset,
    Hang,
    Lost,
    Slow(Duration),
}

/// Why a fault could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The form as a whole.
    Shape(String),
    /// One part of it.
    Part { fault: String, part: String, why: FaultPart },
    /// One line of a file.
    Line { line: usize, source: Box<FaultError> },
}

/// What a part of a fault should be, and isn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPart {
    Method,
    Path,
    /// A whole number above 0.
    Count,
    Action,
    /// Of `slow`.
    Millis,
    /// Of `retry-after`.
    Seconds,
    /// An option that only a status takes.
    OfStatus,
    Option,
}

/// Reads a fault file: one fault a line; empty lines, and lines that begin with `#`, are skipped.
pub fn parse_faults(text: &str) -> Result<Vec<Fault>, FaultError> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, text)| {
            text.parse().map_err(|source| FaultError::Line { line, source: Box::new(source) })
        })
        .collect()
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Fault, FaultError> {
        let text = text.trim();
        let shape = || FaultError::Shape(text.to_owned());
        let part = |part: &str, why| FaultError::Part { fault: text.to_owned(), part: part.to_owned(), why };

        let (target, order) = text.split_once('=').ok_or_else(shape)?;
        let (method, path) = target.trim().split_once(char::is_whitespace).ok_or_else(shape)?;
        let path = path.trim();
        if method != "*" && !method.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(part(method, FaultPart::Method));
        }
        if !path.starts_with('/') || path.contains(char::is_whitespace) || path.contains('?') {
            return Err(part(path, FaultPart::Path));
        }

        let mut options = order.split(';').map(str::trim);
        let order = options.next().unwrap_or_default();
        let (order, every) = match order.split_once("@every") {
            Some((order, count)) => (order.trim(), Some(count.trim())),
            None => (order, None),
        };
        let (action, times) = match order.split_once('*') {
            Some((action, count)) => (action.trim(), Some(count.trim())),
            None => (order, None),
        };
        let count = |text: &str| match text.parse::<u64>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(part(text, FaultPart::Count)),
        };
        let mut fault = Fault {
            method: method.to_ascii_uppercase(),
            segments: split(path).map(str::to_owned).collect(),
            action: action.parse().map_err(|why| part(action, why))?,
            times: times.map(count).transpose()?,
            every: every.map(count).transpose()?,
            retry_after: None,
            message: None,
        };
        for option in options {
            if !matches!(fault.action, Action::Status(_)) {
                return Err(part(option, FaultPart::OfStatus));
            }
            match option.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
                Some(("retry-after", seconds)) => {
                    let seconds = seconds.parse().map_err(|_| part(seconds, FaultPart::Seconds));
                    fault.retry_after = Some(seconds?);
                }
                Some(("message", text)) if !text.is_empty() => fault.message = Some(text.to_owned()),
                _ => return Err(part(option, FaultPart::Option)),
            }
        }
        Ok(fault)
    }
}

impl FromStr for Action {
    type Err = FaultPart;

    fn from_str(text: &str) -> Result<Action, FaultPart> {
        match text {
            "reset" => Ok(Action::Reset),
            "hang" => Ok(Action::Hang),
            "lost" => Ok(Action::Lost),
            _ => match text.strip_prefix("slow:") {
                Some(millis) => {
                    let millis = millis.parse::<u32>().map_err(|_| FaultPart::Millis)?;
                    Ok(Action::Slow(Duration::from_millis(u64::from(millis))))
                }
                None => match text.parse() {
                    Ok(status @ 200..=599) => Ok(Action::Status(status)),
                    _ => Err(FaultPart::Action),
                },
            },
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} /{}={}", self.method, self.segments.join("/"), self.action)?;
        if let Some(times) = self.times {
            write!(f, "*{times}")?;
        }
        if let Some(every) = self.every {
            write!(f, "@every {every}")?;
        }
        if let Some(seconds) = self.retry_after {
            write!(f, ";retry-after={seconds}")?;
        }
        self.message.as_ref().map_or(Ok(()), |text| write!(f, ";message={text}"))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Status(status) => write!(f, "{status}"),
            Action::Reset => f.write_str("reset"),
            Action::Hang => f.write_str("hang"),
            Action::Lost => f.write_str("lost"),
            Action::Slow(delay) => write!(f, "slow:{}", delay.as_millis()),
        }
    }
}

impl Fault {
    fn matches(&self, method: &str, path: &str) -> bool {
        let mut segments = split(path);
        (self.method == "*" || self.method == method)
            && self
                .segments
                .iter()
                .all(|wanted| segments.next().is_some_and(|s| wanted == "*" || wanted == s))
            && segments.next().is_none()
    }
}

/// A slash at the end, or two in a row, make no difference.
fn split(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// The faults of one running sandbox, with their counts.
pub struct Faults(Vec<Counted>);

struct Counted {
    fault: Fault,
    seen: AtomicU64,
    done: AtomicU64,
}

impl Faults {
    /// All counts at zero.
    pub fn new(faults: Vec<Fault>) -> Faults {
        let count = |fault| Counted { fault, seen: AtomicU64::new(0), done: AtomicU64::new(0) };
        Faults(faults.into_iter().map(count).collect())
    }

    /// The fault that this request meets, which counts as met. Counts are exact under any number of
    /// requests at a time.
    pub fn meet(&self, method: &str, path: &str) -> Option<(&Fault, &Action)> {
        let due = self.0.iter().find(|counted| counted.fault.matches(method, path) && counted.is_due())?;
        Some((&due.fault, &due.fault.action))
    }
}

impl Counted {
    fn is_due(&self) -> bool {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        if !seen.is_multiple_of(self.fault.every.unwrap_or(1)) {
            return false;
        }
        let limit = self.fault.times.unwrap_or(u64::MAX);
        let taken = self.done.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |done| {
            (done < limit).then_some(done.saturating_add(1))
        });
        taken.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn faults(text: &str) -> Faults {
        Faults::new(parse_faults(text).unwrap())
    }

    fn count(faults: &Faults, requests: usize, method: &str, path: &str) -> Vec<usize> {
        (1..=requests).filter(|_| faults.meet(method, path).is_some()).collect()
    }

    #[test]
    fn times_and_every_are_counted() {
        assert_eq!(count(&faults("POST /a=402*2"), 5, "POST", "/a"), [1, 2]);
        assert_eq!(count(&faults("POST /a=402 @every 3"), 7, "POST", "/a"), [3, 6]);
        assert_eq!(count(&faults("POST /a=429*1 @every 2;retry-after=1"), 7, "POST", "/a"), [2]);
        assert_eq!(count(&faults("POST /a=402"), 3, "GET", "/a"), [] as [usize; 0]);
    }

    #[test]
    fn paths_match_by_segment() {
        let faults = faults("get /partner/channel/*/account=hang\n* /partner=500");
        assert!(faults.meet("GET", "/partner/channel/messenger/account").is_some());
        assert!(faults.meet("GET", "/partner/channel/messenger/account/x").is_none());
        assert!(faults.meet("GET", "/partner/channel/account").is_none());
        assert!(faults.meet("PUT", "/partner/").is_some());
    }

    #[test]
    fn the_first_that_is_due_counts() {
        let faults = faults("# two in a row\n\nGET /a=500*1\n  GET /a=slow:20\n");
        let met: Vec<_> = (0..3).map(|_| faults.meet("GET", "/a").unwrap().1.clone()).collect();
        let slow = Action::Slow(Duration::from_millis(20));
        assert_eq!(met, [Action::Status(500), slow.clone(), slow]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("POST /a", "does not"),
            ("/a=402", "does not"),
            ("POST a=402", "must begin with /"),
            ("POST /a?b=402", "no query"),
            ("PO-ST /a=402", "must be a word"),
            ("POST /a=999", "200 to 599"),
            ("POST /a=lots", "200 to 599"),
            ("POST /a=402*0", "above 0"),
            ("POST /a=402@every x", "above 0"),
            ("POST /a=slow:soon", "milliseconds"),
            ("POST /a=429;retry-after=soon", "seconds"),
            ("POST /a=429;again=1", "neither"),
            ("POST /a=lost;message=x", "only a status"),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let error = parse_faults("GET /a=500\n\nGET /a=no").unwrap_err().to_string();
        assert!(error.starts_with("line 3: \"no\""), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = text.parse::<Fault>();
        }

        #[test]
        fn a_fault_reads_back_as_written(
            method in "(\\*|[A-Z]{1,7})",
            path in "(/(\\*|[a-z0-9-]{1,9})){1,5}",
            action in "([2-5][0-9]{2}|reset|hang|lost|slow:[0-9]{1,6})",
            times in proptest::option::of(1u64..),
            every in proptest::option::of(1u64..),
        ) {
            let times = times.map_or(String::new(), |n| format!("*{n}"));
            let every = every.map_or(String::new(), |n| format!(" @every {n}"));
            let fault: Fault = format!("{method} {path}={action}{times}{every}").parse().unwrap();
            prop_assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault);
        }
    }
}
