//! The choke point: the only file that names reqwest. Base URL, bearer, send, decode, repeat.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine as _;
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Client, Method, Response, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::error::{ApiError, Reason, refusal};
use super::pace::Pace;
use super::retry::{self, Repeat, TRIES};
use crate::types::{Credential, Secret, is_loopback};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// A body larger than this is no answer of this API.
const LARGEST_BODY: usize = 16 << 20;
/// Likewise one with more values: a list of ten thousand channels in one piece has fewer.
const MOST_VALUES: usize = 400_000;

/// What is taken of an answer at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The bytes of its body.
    pub bytes: usize,
    /// The values in its JSON: some take fifty times the memory of their text.
    pub values: usize,
}

/// A client of one Partner API, with one partner's credentials.
pub struct Api {
    base: Url,
    bearer: Secret,
    /// What an API that quotes its requests might send back.
    secrets: Vec<Secret>,
    http: OnceLock<Client>,
    pace: Pace,
    watch: Box<dyn Fn(Event<'_>) + Send + Sync>,
}

/// What a caller may want to show. Holds no query, no header and no body: it can go into a ticket.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request was answered.
    Answered { method: &'a str, path: &'a str, status: u16, took: Duration },
    /// A request got no answer.
    Failed { method: &'a str, path: &'a str, cause: &'a str, took: Duration },
    /// A request will be sent again after a wait. `why` follows "because".
    Waiting { method: &'a str, path: &'a str, why: &'a str, delay: Duration },
    /// The system's certificates can't be read; the bundled ones are used.
    BundledRoots { cause: &'a str },
}

impl Api {
    /// A client for the API at `base` (`https://api.socialchat.id/partner`). Nothing is connected or
    /// read until the first call. `watch` is told of each request.
    pub fn new(
        base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Api {
            base,
            bearer: bearer(credential),
            secrets: match credential {
                Credential::ApiKey(key) => vec![key.clone()],
                Credential::AppPair { secret_key, .. } => vec![bearer(credential), secret_key.clone()],
            },
            http: OnceLock::new(),
            pace: Pace::default(),
            watch: Box::new(watch),
        })
    }

    /// Starts a call that reads. `attempted` follows "could not".
    pub(super) fn get(&self, path: &[&str], attempted: impl Into<String>) -> Call<'_> {
        self.call(Method::GET, path, attempted, Repeat::Harmless)
    }

    /// Starts a call that writes a state: twice is the same as once.
    pub(super) fn put(&self, path: &[&str], attempted: impl Into<String>) -> Call<'_> {
        self.call(Method::PUT, path, attempted, Repeat::Harmless)
    }

    /// Starts a call that must not happen twice.
    pub(super) fn post(&self, path: &[&str], attempted: impl Into<String>) -> Call<'_> {
        self.call(Method::POST, path, attempted, Repeat::IfNotDone)
    }

    /// Starts a call that removes.
    pub(super) fn delete(&self, path: &[&str], attempted: impl Into<String>) -> Call<'_> {
        self.call(Method::DELETE, path, attempted, Repeat::IfNotDone)
    }

    fn call(&self, method: Method, path: &[&str], attempted: impl Into<String>, repeat: Repeat) -> Call<'_> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let limits = Limits { bytes: LARGEST_BODY, values: MOST_VALUES };
        Call { api: self, method, url, token: None, body: None, attempted: attempted.into(), repeat, limits }
    }

    fn http(&self) -> Result<&Client, Reason> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = self.build()?;
        Ok(self.http.get_or_init(|| client))
    }

    /// Builds the client on first use: an https one reads the system's trust store.
    fn build(&self) -> Result<Client, Reason> {
        let setup = |error: reqwest::Error| Reason::Setup(cause_of(&error));
        // A second client in one process finds it installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if is_loopback(&self.base) {
            // Our own machine: no proxy stands between, and no certificates are needed.
            return base_builder().no_proxy().tls_certs_only([]).build().map_err(setup);
        }
        base_builder().build().or_else(|error| {
            (self.watch)(Event::BundledRoots { cause: &cause_of(&error) });
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der));
            let roots = roots.collect::<Result<Vec<_>, _>>().map_err(setup)?;
            base_builder().tls_certs_only(roots).build().map_err(setup)
        })
    }

    fn host(&self) -> String {
        self.base.host_str().unwrap_or("the API").to_owned()
    }
}

/// One call, on its way to being sent.
pub(super) struct Call<'a> {
    api: &'a Api,
    method: Method,
    url: Url,
    token: Option<Secret>,
    body: Option<Value>,
    attempted: String,
    repeat: Repeat,
    limits: Limits,
}

impl Call<'_> {
    /// Takes less of the answer than usual: what is beyond is an unreadable answer.
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Adds the callback token as a query parameter.
    pub fn token(mut self, token: &Secret) -> Self {
        self.token = Some(token.clone());
        self.query("token", token.expose())
    }

    /// Sets the JSON body.
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends it and reads the answer as JSON.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        let attempted = self.attempted.clone();
        let (status, body) = self.send().await?;
        decode(status, &body).map_err(|reason| ApiError { attempted, reason })
    }

    /// Sends it and reads the answer as JSON, or as nothing where the body is empty.
    pub async fn json_or_empty<T: DeserializeOwned>(self) -> Result<Option<T>, ApiError> {
        let attempted = self.attempted.clone();
        let (status, body) = self.send().await?;
        let empty = body.iter().all(u8::is_ascii_whitespace) || body == b"null" || body == b"{}";
        if empty {
            return Ok(None);
        }
        decode(status, &body).map(Some).map_err(|reason| ApiError { attempted, reason })
    }

    /// Sends it; whatever a successful answer holds is passed over.
    pub async fn done(self) -> Result<(), ApiError> {
        self.send().await.map(drop)
    }

    /// The status and body of a successful answer, after as many tries as are right.
    async fn send(self) -> Result<(u16, Vec<u8>), ApiError> {
        let (method, path) = (self.method.as_str(), self.url.path());
        let mut next = 2;
        loop {
            self.api.pace.wait().await;
            let begun = Instant::now();
            let failure = match self.attempt().await {
                Ok((status, body)) => {
                    (self.api.watch)(Event::Answered { method, path, status, took: begun.elapsed() });
                    self.api.pace.succeeded();
                    return Ok((status, body));
                }
                Err(failure) => failure,
            };
            let took = begun.elapsed();
            match &failure.reason {
                Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => {
                    (self.api.watch)(Event::Answered { method, path, status: *status, took });
                }
                other => (self.api.watch)(Event::Failed { method, path, cause: &other.to_string(), took }),
            }
            if !failure.may_pass(self.repeat) || next > TRIES {
                return Err(ApiError { attempted: self.attempted, reason: failure.reason });
            }
            let delay = retry::delay(next, failure.retry_after, retry::jitter());
            (self.api.watch)(Event::Waiting { method, path, why: &failure.reason.to_string(), delay });
            if failure.asks_to_wait() {
                self.api.pace.slow_down(delay);
            } else {
                tokio::time::sleep(delay).await;
            }
            next += 1;
        }
    }

    /// One try.
    async fn attempt(&self) -> Result<(u16, Vec<u8>), Failure> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", self.api.bearer.expose())).map_err(|_| {
                Reason::Setup("the credentials hold characters that no header can carry".to_owned())
            })?;
        bearer.set_sensitive(true);
        let mut request =
            self.api.http()?.request(self.method.clone(), self.url.clone()).header(AUTHORIZATION, bearer);
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| self.transport(&error))?;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| retry::retry_after(value, SystemTime::now()));
        let body = self.read(response).await?;
        if status.is_success() {
            return Ok((status.as_u16(), body));
        }
        let reason = refusal(status.as_u16(), &body).without(&self.secrets());
        Err(Failure { reason, retry_after, timed_out: false })
    }

    /// Everything secret that this call sends.
    fn secrets(&self) -> Vec<&str> {
        let sent = self.body.as_ref().and_then(|body| body.get("token")).and_then(Value::as_str);
        self.api.secrets.iter().chain(&self.token).map(Secret::expose).chain(sent).collect()
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let status = response.status().as_u16();
        let Limits { bytes, values } = self.limits;
        let too_large =
            || Reason::Unreadable { status, cause: format!("it is larger than {} MiB", bytes >> 20) };
        if response.content_length().is_some_and(|length| length > bytes as u64) {
            return Err(too_large().into());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport(&error))? {
            if body.len() + chunk.len() > bytes {
                return Err(too_large().into());
            }
            body.extend_from_slice(&chunk);
        }
        if body.len() > values && values_in(&body) > values {
            return Err(
                Reason::Unreadable { status, cause: format!("it holds more than {values} values") }.into()
            );
        }
        Ok(body)
    }

    fn transport(&self, error: &reqwest::Error) -> Failure {
        let (host, cause) = (self.api.host(), cause_of(error));
        let reason = match error.is_connect() {
            true => Reason::Unreachable { host, cause },
            false => Reason::Unanswered { host, cause },
        };
        Failure { reason, retry_after: None, timed_out: error.is_timeout() && !error.is_connect() }
    }
}

/// Why one try came to nothing.
struct Failure {
    reason: Reason,
    retry_after: Option<Duration>,
    timed_out: bool,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Failure { reason, retry_after: None, timed_out: false }
    }
}

impl Failure {
    /// Whether the same call may be sent again. One that took the whole 30 s isn't: four of them
    /// would keep a person waiting for two minutes.
    fn may_pass(&self, repeat: Repeat) -> bool {
        match self.reason {
            Reason::Refused { status, .. } => retry::may_pass(status, repeat),
            Reason::Unreachable { .. } => true,
            Reason::Unanswered { .. } => repeat == Repeat::Harmless && !self.timed_out,
            Reason::Unreadable { .. } | Reason::Setup(_) => false,
        }
    }

    /// Whether the API itself asked for less.
    fn asks_to_wait(&self) -> bool {
        matches!(self.reason, Reason::Refused { status: 429 | 503, .. })
    }
}

fn base_builder() -> reqwest::ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(WHOLE_TIMEOUT)
        // A redirect would carry the credentials to wherever it points.
        .redirect(redirect::Policy::none())
        .user_agent(concat!("socialchat-cli/", env!("CARGO_PKG_VERSION")))
}

/// The value behind `Bearer`, as the authorization guides of both generations ask for it.
fn bearer(credential: &Credential) -> Secret {
    match credential {
        Credential::ApiKey(key) => key.clone(),
        Credential::AppPair { app_id, secret_key } => {
            let joined = Secret::new(format!("{app_id}_{}", secret_key.expose()));
            Secret::new(base64::engine::general_purpose::STANDARD.encode(joined.expose()))
        }
    }
}

fn decode<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, Reason> {
    serde_json::from_slice(body).map_err(|error| {
        let start = body.iter().find(|b| !b.is_ascii_whitespace());
        let cause = match start {
            None => "it is empty".to_owned(),
            Some(b'<') => "it is a web page, not JSON: check the API URL".to_owned(),
            // The category alone: serde's own words would quote the answer, and with it a token.
            Some(_) => {
                format!("it is not the documented JSON ({:?} at line {})", error.classify(), error.line())
            }
        };
        Reason::Unreadable { status, cause }
    })
}

/// How many values a JSON text holds, or a few more: each but the first stands behind one of these.
fn values_in(json: &[u8]) -> usize {
    json.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count()
}

/// The innermost cause in words. The URL is left out: its query can hold a token.
fn cause_of(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return match error.is_connect() {
            true => format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()),
            false => format!("no answer within {} s", WHOLE_TIMEOUT.as_secs()),
        };
    }
    let mut innermost: Option<&dyn std::error::Error> = error.source();
    while let Some(next) = innermost.and_then(|error| error.source()) {
        innermost = Some(next);
    }
    match innermost {
        Some(cause) => cause.to_string(),
        None if error.is_builder() => "it can't be built".to_owned(),
        None => "the connection failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_credentials_become_the_documented_bearer() {
        let key = Credential::ApiKey(Secret::new("key"));
        assert_eq!(bearer(&key).expose(), "key");
        let pair = Credential::AppPair { app_id: "APPID".into(), secret_key: Secret::new("SECRETKEY") };
        assert_eq!(bearer(&pair).expose(), "QVBQSURfU0VDUkVUS0VZ");
    }

    #[test]
    fn path_segments_are_pushed_and_queries_escaped() {
        let base = Url::parse("https://api.socialchat.id/partner/").unwrap();
        let api = Api::new(base, &Credential::ApiKey(Secret::new("k")), |_| {});
        assert_eq!(api.get(&[], "x").url.as_str(), "https://api.socialchat.id/partner");
        let call = api.get(&["channel", "a/b?c"], "x").query("token", "a+b/c=&|%");
        assert_eq!(
            call.url.as_str(),
            "https://api.socialchat.id/partner/channel/a%2Fb%3Fc?token=a%2Bb%2Fc%3D%26%7C%25"
        );
    }

    #[test]
    fn an_answer_that_is_no_json_is_not_quoted() {
        let reason = decode::<Vec<u8>>(200, b"{\"accessToken\":\"EAAB\"").unwrap_err().to_string();
        assert!(!reason.contains("EAAB"), "{reason}");
        assert!(decode::<Value>(200, b" <html>").unwrap_err().to_string().contains("a web page"));
    }
}
