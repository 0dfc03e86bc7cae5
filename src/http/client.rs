//! The choke point: the only file that names reqwest. Base URL, authorization, send, decode, repeat.

use std::collections::HashSet;
use std::error::Error as _;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, Client, Method, Response, redirect};
use serde_json::{Map, Value};
use url::Url;

use super::answer::{self, Answer};
use super::error::{ApiError, Reason, Refusals, Setup, Transport, Unread, refusal};
use super::pace::Pace;
use super::retry::{self, Repeat, TRIES};
use crate::types::{Entry, Request, Secret, is_loopback};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// A body larger than this is no answer of this API.
const LARGEST_BODY: usize = 16 << 20;
/// So many entries that can't be used are told of; a listing can hold any number of them.
const MOST_LEFT_OUT_TOLD: usize = 20;
/// Likewise one with more values: a list of ten thousand channels in one piece has fewer.
const MOST_VALUES: usize = 400_000;

/// What is taken of an answer at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The bytes of its body.
    pub bytes: usize,
    /// The values in its JSON: some take fifty times the memory of their text.
    pub values: usize,
}

/// What every request shows as proof, and what of it an API that quotes its requests might send back.
pub struct Authorization {
    /// The header: `Bearer TOKEN`.
    header: Secret,
    secrets: Vec<Secret>,
}

impl Authorization {
    /// The token behind its scheme (`Bearer`). `secrets` are taken out of errors: the token, and what it was made of.
    pub fn new(scheme: &str, token: &Secret, secrets: Vec<Secret>) -> Self {
        Authorization { header: Secret::new(format!("{scheme} {}", token.expose())), secrets }
    }
}

/// A client of one API, with one account's credentials.
pub struct Http {
    base: Url,
    /// The header.
    authorization: Secret,
    refusals: Refusals,
    /// What an API that quotes its requests might send back: the credentials, and each secret that a call has sent.
    secrets: Mutex<Vec<Secret>>,
    client: OnceLock<Client>,
    pace: Pace,
    /// Paths that the API asked to be given a slash at their end.
    slashed: Mutex<HashSet<String>>,
    /// What was left out of listings so far.
    left_out: Mutex<HashSet<(Entry, String)>>,
    watch: Box<dyn Fn(Event<'_>) + Send + Sync>,
}

/// What a caller may want to show. Holds no query, no header and no body: it can go into a ticket.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request was answered.
    Answered { method: &'a str, path: &'a str, status: u16, took: Duration },
    /// A request got no answer.
    Failed { method: &'a str, path: &'a str, cause: &'a Reason, took: Duration },
    /// A request will be sent again after a wait, for the how manieth time of how many.
    Waiting { method: &'a str, path: &'a str, why: &'a Reason, delay: Duration, retry: u32, of: u32 },
    /// An entry of a listing can't be used and is left out. `place` says which: `page 3, docs[17]._id`. Each is told
    /// once.
    LeftOut { what: Entry, place: &'a str },
    /// The system's certificates can't be read; the bundled ones are used.
    BundledRoots { cause: &'a Transport },
}

impl Http {
    /// A client for the API at `base`; a slash at its end is kept for a call to that very URL. Nothing is connected or
    /// read until the first call. `watch` is told of each request.
    pub fn new(
        base: Url,
        authorization: Authorization,
        refusals: Refusals,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Self {
        Http {
            base,
            authorization: authorization.header,
            refusals,
            secrets: Mutex::new(authorization.secrets),
            client: OnceLock::new(),
            pace: Pace::default(),
            slashed: Mutex::default(),
            left_out: Mutex::default(),
            watch: Box::new(watch),
        }
    }

    /// Starts a call that reads.
    pub fn get(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::GET, path, request, Repeat::Harmless)
    }

    /// Starts a call that writes a state: twice is the same as once.
    pub fn put(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::PUT, path, request, Repeat::Harmless)
    }

    /// Starts a call that must not happen twice.
    pub fn post(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::POST, path, request, Repeat::IfNotDone)
    }

    /// Starts a call that removes.
    pub fn delete(&self, path: &[&str], request: Request) -> Call<'_> {
        self.call(Method::DELETE, path, request, Repeat::IfNotDone)
    }

    fn call(&self, method: Method, path: &[&str], request: Request, repeat: Repeat) -> Call<'_> {
        let mut url = self.base.clone();
        if !path.is_empty()
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().extend(path);
        }
        let limits = Limits { bytes: LARGEST_BODY, values: MOST_VALUES };
        Call { http: self, method, url, body: None, request, repeat, urgent: false, limits }
    }

    fn client(&self) -> Result<&Client, Reason> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.build()?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Builds the client on first use: an https one reads the system's trust store.
    fn build(&self) -> Result<Client, Reason> {
        let setup = |error: reqwest::Error| Reason::Setup(Setup::Client(cause_of(&error)));
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
    pub fn leave_out(&self, what: Entry, place: &str) {
        let mut left_out = locked(&self.left_out);
        if left_out.len() < MOST_LEFT_OUT_TOLD && left_out.insert((what, place.to_owned())) {
            (self.watch)(Event::LeftOut { what, place });
        }
    }
}

/// One call, on its way to being sent.
pub struct Call<'a> {
    http: &'a Http,
    method: Method,
    url: Url,
    body: Option<Value>,
    request: Request,
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
        self.http.remember(secret);
        self.query(name, secret.expose())
    }

    /// Sets the JSON body.
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Adds a secret to the JSON body, under that name. Whatever is quoted of it is taken out of errors.
    pub fn secret(mut self, name: &str, secret: &Secret) -> Self {
        self.http.remember(secret);
        // Of an object: `body` is given nothing else, and null becomes one.
        self.body.get_or_insert_default()[name] = secret.expose().into();
        self
    }

    /// Sends it and has the answer, which must be a JSON object, read. `read` says what is wrong with it.
    pub async fn read<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<T, ApiError> {
        let request = self.request.clone();
        let (status, answer) = self.read_with_status(read).await?;
        let empty = || Reason::Unreadable { status, cause: Unread::Empty };
        answer.ok_or_else(|| ApiError { request, reason: empty(), unsure: false })
    }

    /// Likewise, where the answer may be empty as well.
    pub async fn read_or_nothing<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<Option<T>, ApiError> {
        Ok(self.read_with_status(read).await?.1)
    }

    async fn read_with_status<T>(
        self,
        read: impl FnOnce(Map<String, Value>) -> Result<T, Unread>,
    ) -> Result<(u16, Option<T>), ApiError> {
        let request = self.request.clone();
        let (status, answer) = self.send().await?;
        let answer = match answer {
            Answer::Nothing => Ok(None),
            Answer::Object(fields) => read(fields).map(Some),
            Answer::Other(cause) => Err(cause),
        };
        match answer {
            Ok(answer) => Ok((status, answer)),
            Err(cause) => {
                Err(ApiError { request, reason: Reason::Unreadable { status, cause }, unsure: false })
            }
        }
    }

    /// Sends what is read again afterwards: the answer may be empty, and any object does that doesn't say that it failed.
    pub async fn taken(self) -> Result<(), ApiError> {
        self.read_or_nothing(|_| Ok(())).await.map(drop)
    }

    /// The status and body of a successful answer, after as many tries as are right.
    async fn send(self) -> Result<(u16, Answer), ApiError> {
        let (method, mut url) = (self.method.as_str(), self.url.clone());
        if locked(&self.http.slashed).contains(url.path()) {
            add_slash(&mut url);
        }
        let (mut next, mut unsure) = (2, false);
        loop {
            let path = url.path();
            if !self.urgent {
                self.http.pace.wait().await;
            }
            let begun = Instant::now();
            let failure = match self.attempt(&url).await {
                Ok((status, answer)) => {
                    (self.http.watch)(Event::Answered { method, path, status, took: begun.elapsed() });
                    self.http.pace.succeeded();
                    return Ok((status, answer));
                }
                Err(failure) => failure,
            };
            let took = begun.elapsed();
            match &failure.reason {
                Reason::Refused { status, .. } | Reason::Unreadable { status, .. } => {
                    (self.http.watch)(Event::Answered { method, path, status: *status, took });
                }
                cause => (self.http.watch)(Event::Failed { method, path, cause, took }),
            }
            if failure.wants_slash {
                // The same URL in its other spelling, so the same credentials. It ends in a slash now: only once.
                locked(&self.http.slashed).insert(path.to_owned());
                add_slash(&mut url);
                continue;
            }
            let delay = retry::delay(next, failure.retry_after, retry::jitter());
            let may_pass = failure.may_pass(self.repeat) || self.urgent && failure.is_answer_of_nobody();
            if !may_pass || next > TRIES {
                // It isn't sent again from here, and what is sent next shall still be slower.
                if failure.asks_to_wait() && next <= TRIES {
                    self.http.pace.slow_down(delay);
                }
                return Err(ApiError { request: self.request, reason: failure.reason, unsure });
            }
            unsure |= failure.reason.proves_nothing();
            let (why, retry, of) = (&failure.reason, next - 1, TRIES - 1);
            (self.http.watch)(Event::Waiting { method, path, why, delay, retry, of });
            if failure.asks_to_wait() {
                self.http.pace.slow_down(delay);
            }
            if self.urgent || !failure.asks_to_wait() {
                tokio::time::sleep(delay).await;
            }
            next += 1;
        }
    }

    /// One try.
    async fn attempt(&self, url: &Url) -> Result<(u16, Answer), Failure> {
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
            match answer.refused(refused, self.method != Method::GET, &self.http.refusals) {
                Some(said) => refused = said,
                None => return Ok((status.as_u16(), answer)),
            }
        }
        let reason = refusal(refused, body.unwrap_or_default(), retry_after.is_some(), &self.http.refusals);
        let reason = reason.without(&self.http.secrets()).shortened();
        Err(Failure { reason, retry_after, timed_out: false, wants_slash })
    }

    async fn body_of(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let status = response.status().as_u16();
        let Limits { bytes, values } = self.limits;
        let too_large = || Reason::Unreadable { status, cause: Unread::Large { mib: bytes >> 20 } };
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
            return Err(Reason::Unreadable { status, cause: Unread::ManyValues { most: values } }.into());
        }
        Ok(body)
    }

    fn transport(&self, error: &reqwest::Error) -> Failure {
        let (host, cause) = (self.http.host(), cause_of(error));
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

/// The innermost cause. The URL is left out: its query can hold a token.
fn cause_of(error: &reqwest::Error) -> Transport {
    if error.is_timeout() {
        return match error.is_connect() {
            true => Transport::NotConnected { seconds: CONNECT_TIMEOUT.as_secs() },
            false => Transport::NoAnswer { seconds: WHOLE_TIMEOUT.as_secs() },
        };
    }
    let mut innermost: Option<&dyn std::error::Error> = error.source();
    while let Some(next) = innermost.and_then(|error| error.source()) {
        innermost = Some(next);
    }
    match innermost {
        Some(cause) => Transport::System(cause.to_string()),
        None if error.is_builder() => Transport::Request,
        None => Transport::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_segments_are_pushed_and_queries_escaped() {
        let base = Url::parse("https://api.socialchat.id/partner/").unwrap();
        let authorization = Authorization::new("Bearer", &Secret::new("k"), Vec::new());
        let refusals = Refusals { hidden: |_, _, _| None, original: "original", known: |_, _| None };
        let http = Http::new(base, authorization, refusals, |_| {});
        assert_eq!(
            http.get(&[], Request::ReadSettings).url.as_str(),
            "https://api.socialchat.id/partner/",
            "as it was given"
        );
        let call = http.get(&["channel", "a/b?c"], Request::ReadSettings).query("token", "a+b/c=&|%");
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
