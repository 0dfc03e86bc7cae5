//! What an API answered when it refused, and what kept it from answering.

use std::time::Duration;

use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::types::{ChannelDbId, Known, Request};

/// The longest explanation that is shown, in characters and in lines.
const LONGEST: usize = 600;
const MOST_LINES: usize = 5;
/// Text that is no JSON is taken for an explanation up to this length.
const LONGEST_PLAIN: usize = 300;

/// A call that did not succeed: what was attempted, and why it came to nothing.
#[derive(Debug, thiserror::Error)]
pub struct ApiError {
    /// What was asked for.
    pub request: Request,
    /// Why.
    pub reason: Reason,
    /// Whether an earlier try of the same call may have been carried out.
    pub unsure: bool,
}

/// Why a call failed. Nothing in here holds a URL, and so nothing holds a token.
#[derive(Debug)]
pub enum Reason {
    /// The API answered with an error. `message` is for people, `original` is the English one.
    Refused {
        status: u16,
        message: Option<String>,
        original: Option<String>,
        /// Which documented refusal it is, if it is one.
        known: Option<Known>,
        /// Whether it said when to come again (`Retry-After`).
        asked_to_wait: bool,
        /// Whether the answer is a web page: then it may be another server's than the API's.
        web_page: bool,
    },
    /// No connection came about: the request was surely not carried out.
    Unreachable { host: String, cause: Transport },
    /// The proxy doesn't let us through: no connection came about.
    Proxy { host: String, proxy: Box<Proxy>, cause: Transport },
    /// The server's certificate is not trusted. A proxy between may have put its own in the place.
    Certificate { host: String, problem: Distrust, proxy: Option<Box<Proxy>> },
    /// There is a server, and it doesn't speak TLS.
    NotHttps { host: String },
    /// The connection broke, or time ran out, after the request may have been read.
    Unanswered { host: String, cause: Transport },
    /// An answer came, and is not what is documented.
    Unreadable { status: u16, cause: Unread },
    /// The client could not be set up.
    Setup(Setup),
}

/// What went wrong on the way. Holds no URL.
#[derive(Debug)]
pub enum Transport {
    /// No connection came about in that time.
    NotConnected { seconds: u64 },
    /// No answer, or not all of it, came in that time.
    NoAnswer { seconds: u64 },
    /// The request can't be built.
    Request,
    /// The connection failed, and nothing says why.
    Broken,
    /// In the words of the system or of a library.
    System(String),
}

/// Why a client can't be set up.
#[derive(Debug)]
pub enum Setup {
    /// The credentials can't stand in a header.
    Credentials,
    /// The variable for a proxy names none.
    Proxy(&'static str),
    /// A proxy or certificate setting.
    Client(Transport),
}

/// What is wrong with an answer. Quotes nothing of it that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    Empty,
    Large {
        mib: usize,
    },
    ManyValues {
        most: usize,
    },
    /// In a coding that nobody asked for.
    Compressed {
        coding: String,
    },
    WebPage,
    /// Some other JSON than the documented one.
    Undocumented,
    NotJson {
        category: Category,
        line: usize,
    },
    Missing {
        field: String,
    },
    /// It is about another channel than was asked for.
    OtherChannel {
        id: Option<ChannelDbId>,
    },
    NoSettings,
    /// A page of a list is the one before it.
    SamePage,
    /// A list that has more pages than that.
    NoEnd {
        pages: u64,
    },
    /// A callback URL is no text.
    NoTextCallback,
    /// A list that repeats itself, or goes on without end.
    Endless,
}

/// A proxy that stands between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Scheme, host and port, without its password.
    pub address: String,
    /// The variable that names it; none where the system's settings do.
    pub variable: Option<&'static str>,
}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    Expired,
    NotYetValid,
    /// It is for another host.
    OtherName,
    Revoked,
    /// Issued by nobody whom this computer trusts.
    UnknownIssuer,
    SelfSigned,
    /// In the TLS library's own words.
    Other(String),
}

/// How one API says no.
#[derive(Clone, Copy, Debug)]
pub struct Refusals {
    /// The status of the refusal that an answer with a status of success is, if it is one; and whether it answers a write.
    pub hidden: fn(&Map<String, Value>, u16, bool) -> Option<u16>,
    /// The field that explains it in English, beside the one for people.
    pub original: &'static str,
    /// Which documented refusal it is, by its status and that explanation, or the other where there is none.
    pub known: fn(u16, &str) -> Option<Known>,
    /// What an error in the API's own shape says. What it leaves out is looked for where others put it.
    pub explained: fn(&Refusal<'_>) -> Explained,
    /// How long the next request should wait, by the headers of any answer.
    pub pause: fn(&Headers<'_>) -> Option<Duration>,
}

impl Refusals {
    /// Of an API that says nothing in a way of its own.
    pub const PLAIN: Refusals = Refusals {
        hidden: |_, _, _| None,
        original: "",
        known: |_, _| None,
        explained: |_| Explained::default(),
        pause: |_| None,
    };
}

/// The value of the header of that name, where it came.
pub type Headers<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// An error as it came.
pub struct Refusal<'a> {
    pub status: u16,
    /// None where the body is no JSON object.
    pub body: Option<&'a Map<String, Value>>,
    pub header: &'a Headers<'a>,
}

/// What an error says.
#[derive(Debug, Default)]
pub struct Explained {
    /// For people.
    pub message: Option<String>,
    /// Which documented refusal it is.
    pub known: Option<Known>,
    /// Nothing was done, and the same call may be sent again after this.
    pub wait: Option<Duration>,
    /// It passes by itself, whatever its status: what only reads is sent again.
    pub is_passing: bool,
}

impl Reason {
    /// With explanations of a bounded length. Comes after secrets were taken out: half a secret can't be found.
    pub fn shortened(mut self) -> Self {
        if let Reason::Refused { message, original, .. } = &mut self {
            for text in [message, original].into_iter().flatten() {
                *text = shortened(text);
            }
        }
        self
    }
}

/// The text as far as it may go, with "…" where it goes on.
fn shortened(text: &str) -> String {
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let mut kept: String = lines.join("\n").chars().take(LONGEST).collect();
    if kept.len() < text.trim_end().len() {
        kept.push('…');
    }
    kept
}

impl ApiError {
    /// Answers came that don't fit together, though each is the documented one.
    pub fn unreadable(request: Request, cause: Unread) -> Self {
        ApiError { request, reason: Reason::Unreadable { status: 200, cause }, unsure: false }
    }

    /// The documented refusal that this is, if it is one.
    pub fn known(&self) -> Option<Known> {
        match self.reason {
            Reason::Refused { known, .. } => known,
            _ => None,
        }
    }

    /// The status of the API's answer, when there was one.
    pub fn status(&self) -> Option<u16> {
        match self.reason {
            Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Whether the API refused what the body says, as far as it can be told: not credentials, not a fault.
    pub fn is_about_the_body(&self) -> bool {
        let refused = matches!(self.reason, Reason::Refused { status: 400 | 403 | 422, .. });
        refused && self.known() != Some(Known::BadCredentials)
    }

    /// Whether the answer is a web page: not the API's own, as far as it can be told.
    pub fn is_web_page(&self) -> bool {
        matches!(self.reason, Reason::Refused { web_page: true, .. })
    }

    /// Whether the request may have been carried out although the answer doesn't say so: none came, or one that
    /// proves nothing. Gateways give up on an API that goes on with its work, and some hide its answer behind a status
    /// of their own; who says when to come again has not begun.
    pub fn is_unanswered(&self) -> bool {
        self.reason.proves_nothing()
    }

    /// Whether that answer may be the API's own no: a 500, with which it also says that something is wrong with what
    /// it was asked.
    pub fn may_be_refusal(&self) -> bool {
        matches!(self.reason, Reason::Refused { status: 500, .. })
    }
}

impl Reason {
    /// Whether the request may have been carried out all the same: see [`ApiError::is_unanswered`].
    pub fn proves_nothing(&self) -> bool {
        match self {
            Reason::Unanswered { .. } | Reason::Unreadable { status: 200..=299, .. } => true,
            Reason::Refused { status: 429 | 503, asked_to_wait, .. } => !*asked_to_wait,
            Reason::Refused { status, .. } => {
                matches!(status, 408 | 500 | 502 | 504 | 520..=527 | 530)
            }
            _ => false,
        }
    }
}

/// Reads the body of an error. Gateways answer without the documented shape: then what explains it is looked for where
/// others put it, and where there is nothing the status speaks.
pub fn refusal(
    status: u16,
    body: &[u8],
    asked_to_wait: bool,
    explained_by_it: Explained,
    refusals: &Refusals,
) -> Reason {
    let text = String::from_utf8_lossy(body.trim_ascii());
    let web_page = text.starts_with('<');
    let (message, original) = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => {
            let original = fields.get(refusals.original).and_then(Value::as_str);
            let original = original.filter(|text| !text.trim().is_empty()).map(str::to_owned);
            (explained(&fields, 0).or_else(|| original.clone()), original)
        }
        Ok(Value::String(text)) => (Some(text).filter(|text| is_plain(text)), None),
        Ok(value) => (said_by(&value, 0), None),
        Err(_) => (Some(text.into_owned()).filter(|text| is_plain(text)), None),
    };
    let message = explained_by_it.message.or(message);
    let known = || (refusals.known)(status, original.as_deref().or(message.as_deref()).unwrap_or_default());
    let known = explained_by_it.known.or_else(known);
    Reason::Refused { status, message, original, known, asked_to_wait, web_page }
}

/// What explains an error, in the order of how much each field says: the documented one, then those of OAuth, of
/// RFC 9457 and of gateways. Nothing else is quoted, since it may be anything.
fn explained(fields: &Map<String, Value>, depth: usize) -> Option<String> {
    const MOST_DEPTH: usize = 4;
    if depth > MOST_DEPTH {
        return None;
    }
    let text = |name: &str| said_by(fields.get(name)?, depth);
    if let (Some(title), Some(detail)) = (text("title"), text("detail")) {
        return Some(format!("{title}: {detail}"));
    }
    ["message", "error_description", "detail", "title", "description", "errors", "error"]
        .into_iter()
        .find_map(text)
}

fn said_by(value: &Value, depth: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Array(items) => {
            let said: Vec<String> = items.iter().filter_map(|item| said_by(item, depth + 1)).collect();
            (!said.is_empty()).then(|| said.join("; "))
        }
        Value::Object(fields) => explained(fields, depth + 1),
        _ => None,
    }
}

/// Whether text that is no JSON can be shown as an explanation: short, and no web page, broken JSON or bytes.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_PLAIN
        && !text.starts_with(['<', '{', '['])
        && !text.contains(char::REPLACEMENT_CHARACTER)
        && text.chars().all(|c| !c.is_control() || matches!(c, '\r' | '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &[u8], asked_to_wait: bool) -> Reason {
        let refusals = Refusals { original: "originalMessage", ..Refusals::PLAIN };
        super::refusal(status, body, asked_to_wait, Explained::default(), &refusals)
    }

    fn error(status: u16, body: &str) -> ApiError {
        ApiError {
            request: Request::ListChannels,
            reason: refusal(status, body.as_bytes(), false),
            unsure: false,
        }
    }

    #[test]
    fn an_error_without_the_documented_shape_is_still_an_error() {
        for (body, says) in [
            ("", "status 503 (the API is unavailable)"),
            ("<html>Bad</html>", "status 503 (the API is unavailable)"),
            ("[]", "status 503 (the API is unavailable)"),
            (r#"["down",["for now"]]"#, "down; for now"),
            (r#"{"message":["name must be a string","x"]}"#, "name must be a string; x"),
            (r#"{"originalMessage":"down"}"#, "down"),
            (r#"{"error":{"message":"down","code":7}}"#, "down"),
            (r#"{"error":"invalid_grant","error_description":"down"}"#, "down"),
            (r#"{"type":"about:blank","title":"No","detail":"down"}"#, "No: down"),
            (r#"{"title":"down"}"#, "down"),
            (r#"{"error":"down"}"#, "down"),
            (r#"{"message":{"text":1,"message":"down"}}"#, "down"),
            (r#"{"message":{"x":"y"},"error":"down"}"#, "down"),
            (r#"{"errors":[{"message":"a"},{"detail":"b"}]}"#, "a; b"),
            (r#"{"message":"down","originalMessage":{"x":1}}"#, "down"),
            (r#"{"message":"down","originalMessage":7}"#, "down"),
            ("error code: 503\n", "error code: 503"),
            ("\"down\"", "down"),
            ("{\"message\":", "status 503 (the API is unavailable)"),
            ("\u{0}\u{1}", "status 503 (the API is unavailable)"),
        ] {
            assert_eq!(error(503, body).reason.to_string(), says, "{body}");
        }
        let nested = r#"{"error":"#.repeat(60) + r#""deep""# + &"}".repeat(60);
        assert_eq!(error(503, &nested).reason.to_string(), "status 503 (the API is unavailable)");
        let long = "x".repeat(LONGEST_PLAIN + 1);
        assert_eq!(error(503, &long).reason.to_string(), "status 503 (the API is unavailable)");
    }

    #[test]
    fn explanations_have_a_bounded_length() {
        let shown = |text: &str| {
            let body = serde_json::json!({ "message": text, "originalMessage": text }).to_string();
            let Reason::Refused { message, original, .. } = refusal(403, body.as_bytes(), false).shortened()
            else {
                panic!()
            };
            assert_eq!(message, original);
            message.unwrap()
        };
        assert_eq!(shown("short\ntwo"), "short\ntwo");
        assert_eq!(shown("short\n"), "short");
        assert_eq!(shown(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        assert_eq!(shown(&"é".repeat(70_000)), "é".repeat(LONGEST) + "…");
        assert_eq!(shown(&"a\n".repeat(3000)), "a\na\na\na\na…");
    }

    #[test]
    fn what_proves_nothing_is_unanswered() {
        let with = |status: u16, asked: bool| ApiError {
            request: Request::ListChannels,
            reason: refusal(status, b"", asked),
            unsure: false,
        };
        for status in [408, 429, 500, 502, 503, 504, 520, 524, 527, 530] {
            assert!(with(status, false).is_unanswered(), "{status}");
        }
        for status in [400, 401, 402, 403, 404, 405, 413, 422, 501, 528, 301] {
            assert!(!with(status, false).is_unanswered(), "{status}");
        }
        assert!(!with(429, true).is_unanswered() && !with(503, true).is_unanswered());
        assert!(with(502, true).is_unanswered() && with(500, true).is_unanswered());
    }
}
