//! The handshake of a webhook, as Meta does it before it takes a callback URL ("Webhooks", "Getting Started").

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use url::Url;

use super::{Meta, refusals};
use crate::http::{ApiError, Authorization, Event, Http, Limits};
use crate::types::{Request, Secret};

/// A challenge has ten digits. Meta reads no more than it needs either.
const ANSWER: Limits = Limits { bytes: 64 << 10, values: 1000 };
/// So long a callback may take ("Submitting Your Messenger App").
const PATIENCE: Duration = Duration::from_secs(20);

/// A handshake that Meta would not have taken. None of its parts holds the verify token.
#[derive(Debug)]
pub struct Handshake {
    pub url: String,
    /// None where no answer came.
    pub status: Option<u16>,
    pub why: NotMet,
}

/// What is wrong with it.
#[derive(Debug)]
pub enum NotMet {
    /// No answer came. Why.
    NotReached(Box<ApiError>),
    /// Meta follows none.
    Redirect,
    /// The endpoint refuses: its verify token may be another.
    VerifyToken,
    /// Another status than 200.
    Status,
    Empty,
    WebPage,
    /// The challenge, between quotes.
    Quoted,
    /// The challenge, with blanks or a byte order mark around it.
    NotBare,
    OtherChallenge,
    /// Something else than a number, or nothing that could be read.
    Other,
}

impl Meta {
    /// Does it: 200 with the bare challenge is right, and nothing else.
    pub async fn handshake(&self, callback: &Url, verify_token: &Secret) -> Result<(), Handshake> {
        let challenge = challenge();
        let status = Arc::new(AtomicU16::new(0));
        let (seen, watch) = (status.clone(), self.watch.clone());
        let http = Http::new(callback.clone(), Authorization::none(), refusals::REFUSALS, move |event| {
            if let Event::Answered { status, .. } = &event {
                seen.store(*status, Ordering::Relaxed);
            }
            watch(event);
        });
        let call = http.get(&[], Request::Handshake).query("hub.mode", "subscribe");
        let call = call.query("hub.challenge", &challenge).secret_query("hub.verify_token", verify_token);
        let answer = call.once().within(ANSWER).patient_for(PATIENCE).text().await;
        let status = Some(status.load(Ordering::Relaxed)).filter(|status| *status != 0);
        match judge(answer, status, &challenge) {
            None => Ok(()),
            Some(why) => Err(Handshake { url: callback.to_string(), status, why }),
        }
    }
}

/// What is wrong with an answer, if anything is.
fn judge(answer: Result<String, ApiError>, status: Option<u16>, challenge: &str) -> Option<NotMet> {
    Some(match answer {
        Err(error) if status.is_none() => NotMet::NotReached(Box::new(error)),
        _ if matches!(status, Some(300..=399)) => NotMet::Redirect,
        _ if matches!(status, Some(401 | 403)) => NotMet::VerifyToken,
        _ if status != Some(200) => NotMet::Status,
        Ok(text) if text == challenge => return None,
        Ok(text) => instead_of(challenge, text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')),
        Err(_) => NotMet::Other,
    })
}

/// What came instead of the bare challenge: without what is around it.
fn instead_of(challenge: &str, text: &str) -> NotMet {
    match text {
        "" => NotMet::Empty,
        _ if text == challenge => NotMet::NotBare,
        _ if text.trim_matches('"') == challenge => NotMet::Quoted,
        _ if text.starts_with('<') => NotMet::WebPage,
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => NotMet::OtherChallenge,
        _ => NotMet::Other,
    }
}

/// Ten digits that nobody can know before. Without randomness, an endpoint that guesses them is no worse for it.
fn challenge() -> String {
    (1_000_000_000 + u64::from(getrandom::u32().unwrap_or_default())).to_string()
}
