//! The choke point: the only file that names reqwest. Base URL, bearer, send, decode, repeat.

use std::collections::HashSet;
use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine as _;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, Client, Method, Response, redirect};
use serde_json::{Map, Value};
use url::Url;

use super::answer::{self, Answer};
use super::error::{ApiError, Reason, refusal};
use super::pace::Pace;
use super::redact::secrets_of;
use super::retry::{self, Repeat, TRIES};
use crate::types::{ChannelDbId, Credential, Secret, is_loopback};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// A body larger than this is no answer of this API.
const LARGEST_BODY: usize = 16 << 20;
/// So many entries that can't be used are told of, and so many of their `channelId`s are kept; a listing can hold any
/// number of them.
const MOST_LEFT_OUT_TOLD: usize = 20;
const MOST_LEFT_OUT_KEPT: usize = 10_000;
const LONGEST_LEFT_OUT_KEPT: usize = 64;
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
    /// What an API that quotes its requests might send back: the credentials, and each secret that a call has sent.
    secrets: Mutex<Vec<Secret>>,
    http: OnceLock<Client>,
    pace: Pace,
    /// Paths that the API asked to be given a slash at their end.
    slashed: Mutex<HashSet<String>>,
    /// What was left out of listings so far.
    left_out: Mutex<HashSet<String>>,
    /// The `channelId`s of channels that were left out: they are connected all the same.
    nameless: Mutex<HashSet<String>>,
    /// Whether channels were.
    lacks_channels: AtomicBool,
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
    /// An entry of a listing can't be used and is left out. `place` says which: `page 3, docs[17]._id`. Each is told
    /// once.
    LeftOut { what: &'a str, place: &'a str },
    /// The system's certificates can't be read; the bundled ones are used.
    BundledRoots { cause: &'a str },
}

impl Api {
    /// A client for the API at `base` (`https://api.socialchat.id/partner`; a slash at its end is kept for the
    /// settings, which stand at that very URL). Nothing is connected or read until the first call. `watch` is told of
    /// each request.
    pub fn new(
        base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let bearer = bearer(credential);
        Arc::new(Api {
            base,
            secrets: Mutex::new(secrets_of(credential, &bearer)),
            bearer,
            http: OnceLock::new(),
            pace: Pace::default(),
            slashed: Mutex::default(),
            left_out: Mutex::default(),
            nameless: Mutex::default(),
            lacks_channels: AtomicBool::new(false),
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
        if !path.is_empty()
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().extend(path);
        }
        let attempted = attempted.into();
        let limits = Limits { bytes: LARGEST_BODY, values: MOST_VALUES };
        Call { api: self, method, url, body: None, attempted, repeat, urgent: false, limits }
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

    fn remember(&self, secret: &Secret) {
        let mut secrets = self.secrets();
        if !secrets.contains(secret) {
            secrets.push(secret.clone());
        }
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn host(&self) -> String {
        self.base.host_str().unwrap_or("the API").to_owned()
    }

    /// Remembers, and tells once, that an entry of a listing can't be used. The place is in our own words: it holds
    /// nothing of the answer.
    pub(super) fn leave_out(&self, what: &str, place: &str) {
        let mut left_out = locked(&self.left_out);
        if left_out.len() < MOST_LEFT_OUT_TOLD && left_out.insert(format!("{what} {place}")) {
            (self.watch)(Event::LeftOut { what, place });
        }
    }

    /// Likewise a channel: the Page or account that it is of is connected, though nothing can be done with it.
    pub(super) fn leave_out_channel(&self, place: &str, channel_id: Option<String>) {
        self.leave_out("channel", place);
        self.lacks_channels.store(true, Ordering::Relaxed);
        let mut nameless = locked(&self.nameless);
        if nameless.len() < MOST_LEFT_OUT_KEPT {
            nameless.extend(channel_id.filter(|id| id.len() <= LONGEST_LEFT_OUT_KEPT));
        }
    }

    /// Whether some listing so far held a channel of that Page or account which has no usable `_id`.
    pub fn has_nameless(&self, channel_id: &str) -> bool {
        locked(&self.nameless).contains(channel_id)
    }

    /// Whether some list of channels so far held entries that can't be used: then what it lacks may still be there.
    pub fn has_left_out_channels(&self) -> bool {
        self.lacks_channels.load(Ordering::Relaxed)
    }
}

/// One call, on its way to being sent.
pub(super) struct Call<'a> {
    api: &'a Api,
    method: Method,
    url: Url,
    body: Option<Value>,
    attempted: String,
    repeat: Repeat,
    urgent: bool,
    limits: Limits,
}

impl Call<'_> {
    /// Doesn't wait for the pace of the other requests, and tries again after 500, 408 and 52x as well: for what is wrong
    /// as long as it hasn't been done.
    pub fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }

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

    /// Adds a secret as a query parameter. Whatever is quoted of it is taken out of errors.
    pub fn secret_query(self, name: &str, secret: &Secret) -> Self {
        self.api.remember(secret);
        self.query(name, secret.expose())
    }

    /// Sets the JSON body.
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Adds a secret to the JSON body, under that name. Whatever is quoted of it is taken out of errors.
    pub fn secret(mut self, name: &str, secret: &Secret) -> Self {
        self.api.remember(secret);
        // Of an object: `body` is given nothing else, and null becomes one.
        self.body.get_or_insert_default()[name] = secret.expose().into();
        self
    }

    /// Sends it and has the answer, which must be a JSON object, read. `read` says what is wrong in words that follow
    /// "the answer can't be read", and quotes nothing of it: it may hold tokens.
    pub async fn read<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, String>,
    ) -> Result<T, ApiError> {
        let attempted = self.attempted.clone();
        let (status, answer) = self.read_with_status(read).await?;
        let empty = || Reason::Unreadable { status, cause: "it is empty".to_owned() };
        answer.ok_or_else(|| ApiError { attempted, reason: empty(), unsure: false })
    }

    /// Likewise, where the answer may be empty as well.
    pub async fn read_or_nothing<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, String>,
    ) -> Result<Option<T>, ApiError> {
        Ok(self.read_with_status(read).await?.1)
    }

    async fn read_with_status<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, String>,
    ) -> Result<(u16, Option<T>), ApiError> {
        let attempted = self.attempted.clone();
        let (status, answer) = self.send().await?;
        let answer = match answer {
            Answer::Nothing => Ok(None),
            Answer::Object(fields) => read(fields).map(Some),
            Answer::Other(cause) => Err(cause),
        };
        match answer {
            Ok(answer) => Ok((status, answer)),
            Err(cause) => {
                Err(ApiError { attempted, reason: Reason::Unreadable { status, cause }, unsure: false })
            }
        }
    }

    /// Sends it. The answer is documented as empty: a channel or a yes does too. Any other object is an unreadable answer.
    pub async fn done(self) -> Result<(), ApiError> {
        self.read_or_nothing(|fields| answer::acknowledged(&fields)).await.map(drop)
    }

    /// Likewise for one channel: an answer that names another one proves nothing of it.
    pub async fn done_to(self, id: &ChannelDbId) -> Result<(), ApiError> {
        let read = |fields: Map<String, Value>| {
            answer::acknowledged(&fields)?;
            match fields.get("_id").and_then(Value::as_str) {
                Some(other) if !other.eq_ignore_ascii_case(id.as_str()) => {
                    Err("it is about another channel".to_owned())
                }
                _ => Ok(()),
            }
        };
        self.read_or_nothing(read).await.map(drop)
    }

    /// Likewise, where what was written is read afterwards: any object does that doesn't say that it failed.
    pub async fn taken(self) -> Result<(), ApiError> {
        self.read_or_nothing(|_| Ok(())).await.map(drop)
    }

    /// Likewise where a channel is made. Gives its `_id`: documented for some kinds, seen for others.
    pub async fn made(self) -> Result<Option<ChannelDbId>, ApiError> {
        let id = |fields: Map<String, Value>| {
            answer::acknowledged(&fields)?;
            Ok(fields.get("_id").and_then(Value::as_str).and_then(|id| id.parse().ok()))
        };
        Ok(self.read_or_nothing(id).await?.flatten())
    }

    /// The status and body of a successful answer, after as many tries as are right.
    async fn send(self) -> Result<(u16, Answer), ApiError> {
        let (method, mut url) = (self.method.as_str(), self.url.clone());
        if locked(&self.api.slashed).contains(url.path()) {
            add_slash(&mut url);
        }
        let (mut next, mut unsure) = (2, false);
        loop {
            let path = url.path();
            if !self.urgent {
                self.api.pace.wait().await;
            }
            let begun = Instant::now();
            let failure = match self.attempt(&url).await {
                Ok((status, answer)) => {
                    (self.api.watch)(Event::Answered { method, path, status, took: begun.elapsed() });
                    self.api.pace.succeeded();
                    return Ok((status, answer));
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
            if failure.wants_slash {
                // The same URL in its other spelling, so the same credentials. It ends in a slash now: only once.
                locked(&self.api.slashed).insert(path.to_owned());
                add_slash(&mut url);
                continue;
            }
            let delay = retry::delay(next, failure.retry_after, retry::jitter());
            let may_pass = failure.may_pass(self.repeat) || self.urgent && failure.is_answer_of_nobody();
            if !may_pass || next > TRIES {
                // It isn't sent again from here, and what is sent next shall still be slower.
                if failure.asks_to_wait() && next <= TRIES {
                    self.api.pace.slow_down(delay);
                }
                return Err(ApiError { attempted: self.attempted, reason: failure.reason, unsure });
            }
            unsure |= failure.reason.proves_nothing();
            (self.api.watch)(Event::Waiting { method, path, why: &failure.reason.to_string(), delay });
            if failure.asks_to_wait() {
                self.api.pace.slow_down(delay);
            }
            if self.urgent || !failure.asks_to_wait() {
                tokio::time::sleep(delay).await;
            }
            next += 1;
        }
    }

    /// One try.
    async fn attempt(&self, url: &Url) -> Result<(u16, Answer), Failure> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", self.api.bearer.expose())).map_err(|_| {
                Reason::Setup("the credentials hold characters that no header can carry".to_owned())
            })?;
        bearer.set_sensitive(true);
        let mut request = self
            .api
            .http()?
            .request(self.method.clone(), url.clone())
            .header(AUTHORIZATION, bearer)
            // The vendor calls it mandatory for every request, those without a body too (authentication.mdx).
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT_ENCODING, "identity");
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| self.transport(&error))?;
        let status = response.status();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER).and_then(|value| retry::retry_after(value, SystemTime::now()));
        let wants_slash = matches!(status.as_u16(), 301 | 308)
            && header(LOCATION).is_some_and(|location| is_slashed(url, location));
        let coding = header(CONTENT_ENCODING).map(str::to_owned);
        let raw = self.body_of(response).await?;
        let body = answer::plain(&raw, coding.as_deref());
        let mut refused = status.as_u16();
        if status.is_success() {
            let answer = Answer::of(&body);
            // A refusal is one, whatever its status.
            match answer.refused(refused, self.method != Method::GET) {
                Some(said) => refused = said,
                None => return Ok((status.as_u16(), answer)),
            }
        }
        let reason = refusal(refused, body.unwrap_or_default(), retry_after.is_some());
        let reason = reason.without(&self.api.secrets()).shortened();
        Err(Failure { reason, retry_after, timed_out: false, wants_slash })
    }

    async fn body_of(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
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
        let timed_out = error.is_timeout() && !error.is_connect();
        Failure { reason, retry_after: None, timed_out, wants_slash: false }
    }
}

/// Why one try came to nothing.
struct Failure {
    reason: Reason,
    retry_after: Option<Duration>,
    timed_out: bool,
    /// Whether the API sent us to the same URL with a slash at its end.
    wants_slash: bool,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Failure { reason, retry_after: None, timed_out: false, wants_slash: false }
    }
}

impl Failure {
    /// Whether the same call may be sent again. One that took the whole 30 s isn't: four of them
    /// would keep a person waiting for two minutes.
    fn may_pass(&self, repeat: Repeat) -> bool {
        match self.reason {
            Reason::Refused { status, .. } => retry::may_pass(status, repeat, self.retry_after.is_some()),
            Reason::Unreachable { .. } => true,
            Reason::Unanswered { .. } => repeat == Repeat::Harmless && !self.timed_out,
            Reason::Unreadable { .. } | Reason::Setup(_) => false,
        }
    }

    /// Whether a status came that says nothing of what was asked: 500, 408, 52x.
    fn is_answer_of_nobody(&self) -> bool {
        matches!(self.reason, Reason::Refused { .. }) && self.reason.proves_nothing()
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

/// Whether a redirect leads to the very same URL with a slash at its end, and nowhere else.
fn is_slashed(url: &Url, location: &str) -> bool {
    let mut slashed = url.clone();
    add_slash(&mut slashed);
    !url.path().ends_with('/') && url.join(location).is_ok_and(|target| target == slashed)
}

fn add_slash(url: &mut Url) {
    let path = format!("{}/", url.path());
    url.set_path(&path);
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert_eq!(api.get(&[], "x").url.as_str(), "https://api.socialchat.id/partner/", "as it was given");
        let call = api.get(&["channel", "a/b?c"], "x").query("token", "a+b/c=&|%");
        assert_eq!(
            call.url.as_str(),
            "https://api.socialchat.id/partner/channel/a%2Fb%3Fc?token=a%2Bb%2Fc%3D%26%7C%25"
        );
    }

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
