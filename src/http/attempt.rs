//! One try of a call: sent once, and its answer read within its limits.

use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
    SET_COOKIE,
};
use reqwest::{Method, Response};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::answer::{self, Answer, Redirect};
use super::call::{Call, Limits};
use super::client::{Proof, Unsigned, locked};
use super::error::{Reason, Refusal, Setup, Transport, Unread, refusal};
use super::retry::{self, Repeat};
use super::trouble;
use crate::types::Secret;

impl Call<'_> {
    /// One try.
    pub(super) async fn attempt(&self, url: &Url, limit: Duration) -> Result<(u16, Answer), Failure> {
        let (content_type, body) = self.body_bytes();
        let mut request = self
            .http
            .client()?
            .request(self.method.clone(), url.clone())
            .header(CONTENT_TYPE, content_type)
            .header(ACCEPT_ENCODING, "identity")
            .timeout(limit);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for (name, value) in self.proven(url, &body)? {
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.no_answer(&error, limit).await),
        };
        let status = response.status();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER).and_then(|value| retry::retry_after(value, SystemTime::now()));
        let wants_slash = self.http.is_slash_added
            && matches!(status.as_u16(), 301 | 308)
            && header(LOCATION).is_some_and(|location| is_slashed(url, location));
        let coding = header(CONTENT_ENCODING).map(str::to_owned);
        let refusals = &self.http.refusals;
        let headers = response.headers().clone();
        let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        if let Some(pause) = (refusals.pause)(&header) {
            self.http.pace.slow_down(pause);
        }
        if let Some(cookies) = &self.cookies {
            let set = headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
            let pair = |set: &str| {
                let (name, value) = set.split(';').next()?.split_once('=')?;
                let value = Secret::new(value.trim().trim_matches('"'));
                self.http.remember(&value);
                Some((name.trim().to_owned(), value))
            };
            *locked(cookies) = set.filter_map(pair).collect();
        }
        if self.wants_redirect
            && status.is_redirection()
            && let Some(location) = header(LOCATION.as_str())
        {
            let set = headers.get_all(SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
            let cookies = set.filter_map(|set| Some(set.split_once('=')?.0.trim().to_owned())).collect();
            return Ok((status.as_u16(), Answer::Redirect(Redirect { location, cookies })));
        }
        let raw = self.body_of(response, limit).await?;
        if self.wants_text && status.is_success() {
            let text = String::from_utf8_lossy(&raw).into_owned();
            return Ok((status.as_u16(), Answer::Value(Value::String(text))));
        }
        let body = answer::plain(&raw, coding.as_deref());
        let mut refused = status.as_u16();
        if status.is_success() {
            let answer = Answer::of(&body);
            // A refusal is one, whatever its status.
            match answer.refused(refused, self.method != Method::GET, refusals) {
                Some(said) => refused = said,
                None => return Ok((status.as_u16(), answer)),
            }
        }
        let body = body.unwrap_or_default();
        let fields: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
        let said = Refusal { status: refused, body: fields.as_ref(), header: &header };
        let explained = (refusals.explained)(&said);
        let (retry_after, is_passing) = (retry_after.or(explained.wait), explained.is_passing);
        let waits = explained.wait.is_some();
        let reason = refusal(refused, body, retry_after.is_some(), explained, refusals);
        let reason = reason.without(&self.http.secrets()).shortened();
        Err(Failure { retry_after, wants_slash, is_passing, waits, ..reason.into() })
    }

    /// What is sent as the body, and of which type it is.
    fn body_bytes(&self) -> (&'static str, Vec<u8>) {
        if !self.form.is_empty() {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in &self.form {
                form.append_pair(name, value.expose());
            }
            return ("application/x-www-form-urlencoded", form.finish().into_bytes());
        }
        // Socialchat calls the type mandatory for every request, those without a body too (authentication.mdx).
        ("application/json", self.body.as_ref().map_or_else(Vec::new, |body| body.to_string().into_bytes()))
    }

    /// The headers that prove the request.
    fn proven(&self, url: &Url, body: &[u8]) -> Result<Vec<(HeaderName, HeaderValue)>, Reason> {
        let proof = self.authorization.as_ref().map_or(&self.http.proof, |own| &own.proof);
        let headers = match proof {
            Proof::Nothing => Vec::new(),
            Proof::Header(name, value) => vec![(*name, value.clone())],
            Proof::Signed(sign) => {
                let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
                sign(&Unsigned { method: self.method.as_str(), target, body })
            }
        };
        let headers = headers.into_iter().map(|(name, value)| {
            let mut value =
                HeaderValue::try_from(value.expose()).map_err(|_| Reason::Setup(Setup::Credentials))?;
            value.set_sensitive(true);
            Ok((HeaderName::from_static(name), value))
        });
        headers.collect()
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
        Failure { timed_out, ..reason.into() }
    }
}

/// Why one try came to nothing.
pub(super) struct Failure {
    pub(super) reason: Reason,
    pub(super) retry_after: Option<Duration>,
    pub(super) timed_out: bool,
    /// Whether the API sent us to the same URL with a slash at its end.
    pub(super) wants_slash: bool,
    /// Whether it passes by itself, whatever its status says.
    pub(super) is_passing: bool,
    /// Whether the body asks to wait, whatever its status says.
    pub(super) waits: bool,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Failure {
            reason,
            retry_after: None,
            timed_out: false,
            wants_slash: false,
            is_passing: false,
            waits: false,
        }
    }
}

impl Failure {
    /// Whether the same call may be sent again. One that took the whole 30 s isn't: four of them
    /// would keep a person waiting for two minutes.
    pub(super) fn may_pass(&self, repeat: Repeat) -> bool {
        match self.reason {
            Reason::Refused { .. } if self.waits => true,
            Reason::Refused { .. } if self.is_passing => repeat == Repeat::Harmless,
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
        self.waits || matches!(self.reason, Reason::Refused { status: 429 | 503, .. })
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
