//! One try of a call: sent once, and its answer read within its limits.

use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, Response};
use url::Url;

use super::answer::{self, Answer};
use super::call::{Call, Limits};
use super::error::{Reason, Setup, Transport, Unread, refusal};
use super::retry::{self, Repeat};
use super::trouble;

impl Call<'_> {
    /// One try.
    pub(super) async fn attempt(&self, url: &Url, limit: Duration) -> Result<(u16, Answer), Failure> {
        let mut authorization = HeaderValue::try_from(self.http.authorization.expose())
            .map_err(|_| Reason::Setup(Setup::Credentials))?;
        authorization.set_sensitive(true);
        let mut request = self
            .http
            .client()?
            .request(self.method.clone(), url.clone())
            .header(AUTHORIZATION, authorization)
            // Socialchat calls it mandatory for every request, those without a body too (authentication.mdx).
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT_ENCODING, "identity")
            .timeout(limit);
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.no_answer(&error, limit).await),
        };
        let status = response.status();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER).and_then(|value| retry::retry_after(value, SystemTime::now()));
        let wants_slash = matches!(status.as_u16(), 301 | 308)
            && header(LOCATION).is_some_and(|location| is_slashed(url, location));
        let coding = header(CONTENT_ENCODING).map(str::to_owned);
        let raw = self.body_of(response, limit).await?;
        let body = answer::plain(&raw, coding.as_deref());
        let mut refused = status.as_u16();
        if status.is_success() {
            let answer = Answer::of(&body);
            // A refusal is one, whatever its status.
            match answer.refused(refused, self.method != Method::GET, &self.http.refusals) {
                Some(said) => refused = said,
                None => return Ok((status.as_u16(), answer)),
            }
        }
        let reason = refusal(refused, body.unwrap_or_default(), retry_after.is_some(), &self.http.refusals);
        let reason = reason.without(&self.http.secrets()).shortened();
        Err(Failure { reason, retry_after, timed_out: false, wants_slash })
    }

    async fn body_of(&self, mut response: Response, limit: Duration) -> Result<Vec<u8>, Failure> {
        let status = response.status().as_u16();
        let Limits { bytes, values } = self.limits;
        let too_large = || Reason::Unreadable { status, cause: Unread::Large { mib: bytes >> 20 } };
        if response.content_length().is_some_and(|length| length > bytes as u64) {
            return Err(too_large().into());
        }
        let mut body = Vec::new();
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(self.no_answer(&error, limit).await),
            };
            if body.len() + chunk.len() > bytes {
                return Err(too_large().into());
            }
            body.extend_from_slice(&chunk);
        }
        if body.len() > values && values_in(&body) > values {
            return Err(Reason::Unreadable { status, cause: Unread::ManyValues { most: values } }.into());
        }
        Ok(body)
    }

    async fn no_answer(&self, error: &reqwest::Error, limit: Duration) -> Failure {
        let mut reason = trouble::reason(&self.http.base, self.http.proxy(), error).await;
        let timed_out = error.is_timeout() && !error.is_connect();
        if let Reason::Unanswered { cause: Transport::NoAnswer { seconds }, .. } = &mut reason {
            *seconds = limit.as_secs();
        }
        Failure { reason, retry_after: None, timed_out, wants_slash: false }
    }
}

/// Why one try came to nothing.
pub(super) struct Failure {
    pub(super) reason: Reason,
    pub(super) retry_after: Option<Duration>,
    pub(super) timed_out: bool,
    /// Whether the API sent us to the same URL with a slash at its end.
    pub(super) wants_slash: bool,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Failure { reason, retry_after: None, timed_out: false, wants_slash: false }
    }
}

impl Failure {
    /// Whether the same call may be sent again. One that took the whole 30 s isn't: four of them
    /// would keep a person waiting for two minutes.
    pub(super) fn may_pass(&self, repeat: Repeat) -> bool {
        match self.reason {
            Reason::Refused { status, .. } => retry::may_pass(status, repeat, self.retry_after.is_some()),
            Reason::Unreachable { .. } => true,
            Reason::Unanswered { .. } => repeat == Repeat::Harmless && !self.timed_out,
            // None of these passes by itself.
            Reason::Proxy { .. } | Reason::Certificate { .. } | Reason::NotHttps { .. } => false,
            Reason::Unreadable { .. } | Reason::Setup(_) => false,
        }
    }

    /// Whether a status came that says nothing of what was asked: 500, 408, 52x.
    pub(super) fn is_answer_of_nobody(&self) -> bool {
        matches!(self.reason, Reason::Refused { .. }) && self.reason.proves_nothing()
    }

    /// Whether the API itself asked for less.
    pub(super) fn asks_to_wait(&self) -> bool {
        matches!(self.reason, Reason::Refused { status: 429 | 503, .. })
    }
}

/// Whether a redirect leads to the very same URL with a slash at its end, and nowhere else.
fn is_slashed(url: &Url, location: &str) -> bool {
    let mut slashed = url.clone();
    add_slash(&mut slashed);
    !url.path().ends_with('/') && url.join(location).is_ok_and(|target| target == slashed)
}

pub(super) fn add_slash(url: &mut Url) {
    let path = format!("{}/", url.path());
    url.set_path(&path);
}

/// How many values a JSON text holds, or a few more: each but the first stands behind one of these.
fn values_in(json: &[u8]) -> usize {
    json.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_url_with_a_slash_is_its_other_spelling() {
        let url = Url::parse("https://host/partner?a=b%20c").unwrap();
        for same in
            ["https://host/partner/?a=b%20c", "/partner/?a=b%20c", "https://HOST:443/partner/?a=b%20c"]
        {
            assert!(is_slashed(&url, same), "{same}");
        }
        for other in [
            "",
            "https://host/partner?a=b%20c",
            "https://host/partner/",
            "https://host/partner/?a=b",
            "https://host/partner/?a=b%20c#x",
            "https://host/partner//?a=b%20c",
            "http://host/partner/?a=b%20c",
            "https://host:8443/partner/?a=b%20c",
            "https://user@host/partner/?a=b%20c",
            "https://host.example/partner/?a=b%20c",
            "//other/partner/?a=b%20c",
        ] {
            assert!(!is_slashed(&url, other), "{other}");
        }
        assert!(!is_slashed(&Url::parse("https://host/partner/").unwrap(), "https://host/partner//"), "once");
    }
}
