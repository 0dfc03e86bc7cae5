//! A client of one API: its base URL, its proof, its certificates, and what all of its calls share.

use std::collections::HashSet;
use std::error::Error as _;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::{Certificate, Client, redirect};
use url::Url;

use super::error::{Proxy, Reason, Refusals, Setup, Transport};
use super::pace::Pace;
use super::trouble;
use crate::types::{Entry, Secret, is_loopback};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
pub(super) const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// So many entries that can't be used are told of; a listing can hold any number of them.
const MOST_LEFT_OUT_TOLD: usize = 20;

/// What every request shows as proof, and what of it an API that quotes its requests might send back.
pub struct Authorization {
    pub(super) proof: Proof,
    pub(super) secrets: Vec<Secret>,
}

/// How a request is proven.
pub(super) enum Proof {
    Nothing,
    /// By a header of that name, the same for each request.
    Header(&'static str, Secret),
    /// By headers that are made for each request, and for each of its tries.
    Signed(Box<Sign>),
}

/// Makes the headers that prove a request.
type Sign = dyn Fn(&Unsigned<'_>) -> Vec<(&'static str, Secret)> + Send + Sync;

/// A request as it is about to be sent, for whoever signs it.
pub struct Unsigned<'a> {
    pub method: &'a str,
    /// Path and query exactly as they stand on the request line.
    pub target: &'a str,
    /// Empty where there is none.
    pub body: &'a [u8],
}

impl Authorization {
    /// The token behind its scheme (`Bearer`). `secrets` are taken out of errors: the token, and what it was made of.
    pub fn new(scheme: &str, token: &Secret, secrets: Vec<Secret>) -> Self {
        let value = Secret::new(format!("{scheme} {}", token.expose()));
        Authorization { proof: Proof::Header("authorization", value), secrets }
    }

    /// No proof: for an API, or a call, that takes none.
    pub fn none() -> Self {
        Authorization { proof: Proof::Nothing, secrets: Vec::new() }
    }

    /// The text as the value of that header (in lower case), `cookie` for one.
    pub fn header(name: &'static str, value: Secret, secrets: Vec<Secret>) -> Self {
        Authorization { proof: Proof::Header(name, value), secrets }
    }

    /// Headers (their names in lower case) made for each try of each request, since they hold the time or sign what is sent.
    pub fn signed(
        sign: impl Fn(&Unsigned<'_>) -> Vec<(&'static str, Secret)> + Send + Sync + 'static,
        secrets: Vec<Secret>,
    ) -> Self {
        Authorization { proof: Proof::Signed(Box::new(sign)), secrets }
    }
}

/// A client of one API, with one account's credentials.
pub struct Http {
    pub(super) base: Url,
    pub(super) proof: Proof,
    pub(super) refusals: Refusals,
    /// What an API that quotes its requests might send back: the credentials, and each secret that a call has sent.
    secrets: Mutex<Vec<Secret>>,
    client: OnceLock<Client>,
    pub(super) pace: Pace,
    /// Whether the API may send us to the same URL with a slash at its end.
    pub(super) is_slash_added: bool,
    is_http1: bool,
    /// Paths that the API asked to be given a slash at their end.
    pub(super) slashed: Mutex<HashSet<String>>,
    /// What was left out of listings so far.
    left_out: Mutex<HashSet<(Entry, String)>>,
    pub(super) watch: Box<dyn Fn(Event<'_>) + Send + Sync>,
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
    /// A request waits so long since the API takes no more than so many in that time. Told once.
    Paced { requests: usize, within: Duration, delay: Duration },
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
            proof: authorization.proof,
            refusals,
            secrets: Mutex::new(authorization.secrets),
            client: OnceLock::new(),
            pace: Pace::default(),
            is_slash_added: false,
            is_http1: false,
            slashed: Mutex::default(),
            left_out: Mutex::default(),
            watch: Box::new(watch),
        }
    }

    /// Sends no more than so many requests in any such time: what the platform allows to everybody.
    pub fn at_most(mut self, requests: usize, within: Duration) -> Self {
        self.pace.limit(requests, within);
        self
    }

    /// Takes a redirect to the very same URL with a slash at its end as the API's own spelling. No other is ever followed.
    pub fn add_slash_where_asked(mut self) -> Self {
        self.is_slash_added = true;
        self
    }

    /// Speaks HTTP/1.1 alone: for an API whose proof signs the request line.
    pub fn http1(mut self) -> Self {
        self.is_http1 = true;
        self
    }

    pub(super) fn client(&self) -> Result<&Client, Reason> {
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
        let base_builder = || if self.is_http1 { base_builder().http1_only() } else { base_builder() };
        let builder = || if is_loopback(&self.base) { base_builder().no_proxy() } else { base_builder() };
        if !is_loopback(&self.base)
            && let Some(variable) = trouble::unusable_proxy(&self.base)
        {
            return Err(Reason::Setup(Setup::Proxy(variable)));
        }
        if self.base.scheme() == "http" {
            // To our own machine alone: no certificates are needed.
            return builder().tls_certs_only([]).build().map_err(setup);
        }
        builder().build().or_else(|error| {
            (self.watch)(Event::BundledRoots { cause: &cause_of(&error) });
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der));
            let roots = roots.collect::<Result<Vec<_>, _>>().map_err(setup)?;
            builder().tls_certs_only(roots).build().map_err(setup)
        })
    }

    pub(super) fn remember(&self, secret: &Secret) {
        let mut secrets = self.secrets();
        if !secrets.contains(secret) {
            secrets.push(secret.clone());
        }
    }

    pub(super) fn secrets(&self) -> MutexGuard<'_, Vec<Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The proxy that requests go through, if they do. To our own machine they never do.
    pub(super) fn proxy(&self) -> Option<Box<Proxy>> {
        if is_loopback(&self.base) { None } else { trouble::proxy_to(&self.base) }
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

fn base_builder() -> reqwest::ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(WHOLE_TIMEOUT)
        // A redirect would carry the credentials to wherever it points.
        .redirect(redirect::Policy::none())
        .user_agent(concat!("socialchat-cli/", env!("CARGO_PKG_VERSION")))
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The innermost cause. The URL is left out: its query can hold a token.
pub(super) fn cause_of(error: &reqwest::Error) -> Transport {
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
