//! Which endpoint a request is for, and whether its credentials are good.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::http::{Answer, Request};
use super::refusal::{Refusal, Stop};
use super::state::{Store, Turn};
use super::{API_KEY, APP_ID, Generation, Options, SECRET_KEY, SandboxError, Seed};
use super::{consent, listing, others, pages, settings, signin};
use crate::types::{ChannelKind, SignInKind};

/// The API as a whole: options, state, and the sign-ins that are under way.
pub struct Api {
    pub options: Options,
    /// Where it is served: `http://127.0.0.1:PORT`.
    pub origin: String,
    pub(super) sign_ins: Mutex<HashMap<String, SignInKind>>,
    store: Mutex<Store>,
}

impl Api {
    /// Opens the state, or begins it.
    pub fn open(options: Options, origin: String) -> Result<Api, SandboxError> {
        let seed = Seed { pages: options.pages, ..Seed::default() };
        let mut store = Store::open(&options.state, &seed)?;
        if let Some(count) = options.pages {
            store.set_pages(count)?;
        }
        Ok(Api { options, origin, sign_ins: Mutex::default(), store: Mutex::new(store) })
    }

    /// Answers one request. Never fails: trouble is an answer as well.
    pub fn answer(&self, request: &Request) -> Answer {
        self.route(request).unwrap_or_else(|stop| stop.answer())
    }

    /// One piece of work on the state.
    pub fn turn<R>(&self, work: impl FnOnce(&mut Turn<'_>) -> Result<R, Stop>) -> Result<R, Stop> {
        let mut store: MutexGuard<'_, Store> = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.turn(work)
    }

    /// Whether the 2026 generation is spoken.
    pub fn is_2026(&self) -> bool {
        self.options.generation == Generation::V2026
    }

    fn route(&self, request: &Request) -> Result<Answer, Stop> {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["partner", below @ ..] => {
                self.check_credentials(request)?;
                self.partner(request, below)
            }
            ["consent", kind, nonce] => match kind_named(kind) {
                Some(kind) => consent::route(self, request, kind, nonce),
                None => Err(no_route(request)),
            },
            ["openapi.yaml"] => only_get(request, || {
                Answer::typed(200, "application/yaml; charset=utf-8", include_str!("openapi.yaml"))
            }),
            ["picture", name] => only_get(request, || consent::picture(name)),
            [] => only_get(request, || {
                let text = "socialchat-cli sandbox: the Partner API, as documented, with nothing behind it.\n\
                            API: /partner   description: /openapi.yaml\n";
                Answer::typed(200, "text/plain; charset=utf-8", text)
            }),
            _ => Err(no_route(request)),
        }
    }

    fn partner(&self, request: &Request, below: &[&str]) -> Result<Answer, Stop> {
        let method = request.method.as_str();
        let (get, post) = (method == "GET", method == "POST");
        let delete = method == "DELETE" && self.is_2026();
        match below {
            [] if get && self.is_2026() => settings::show(self),
            [] if method == "PUT" => settings::put(self, request),
            [] if get => Err(no_route(request)),
            [] => Err(Refusal::method("GET, PUT").into()),
            ["channel"] if get => listing::list(self, request),
            ["channel"] => Err(Refusal::method("GET").into()),
            ["channel", kind, "authorize"] if kind_named(kind).is_some() => match kind_named(kind) {
                Some(kind) if get => signin::authorize(self, kind),
                _ => Err(Refusal::method("GET").into()),
            },
            ["channel", kind, "account"] if kind_named(kind).is_some() => match kind_named(kind) {
                Some(kind) if get => signin::accounts(self, request, kind),
                _ => Err(Refusal::method("GET").into()),
            },
            ["channel", name] => match (ChannelKind::documented(name), kind_named(name)) {
                (_, Some(kind)) if post => pages::connect(self, request, kind),
                (Some(ChannelKind::WhatsappOfficial), _) => Err(no_route(request)),
                (Some(kind), _) if post => others::connect(self, request, &kind),
                (Some(_), _) => Err(Refusal::method("POST").into()),
                (None, _) if get => listing::show(self, name),
                (None, _) => Err(Refusal::method("GET").into()),
            },
            ["channel", name, id] => match (ChannelKind::documented(name), kind_named(name)) {
                (_, Some(kind)) if post => pages::reconnect(self, request, kind, id),
                (Some(ChannelKind::Telegram), _) if post => others::reconnect_telegram(self, request, id),
                (Some(kind), _) if delete => pages::disconnect(self, &kind, id),
                (Some(_), _) if method == "DELETE" => Err(no_route(request)),
                (Some(_), _) => Err(Refusal::method("POST, DELETE").into()),
                (None, _) => Err(no_route(request)),
            },
            _ => Err(no_route(request)),
        }
    }

    /// 2026 takes the API key, and the pair of older apps as well; 2024 takes only the pair.
    fn check_credentials(&self, request: &Request) -> Result<(), Refusal> {
        let given = request.authorization.as_deref().and_then(|value| value.strip_prefix("Bearer "));
        let pair = STANDARD.encode(format!("{APP_ID}_{SECRET_KEY}"));
        let good = match given {
            Some(given) => given == pair || (self.is_2026() && given == API_KEY),
            None => false,
        };
        match (good, self.options.generation) {
            (true, _) => Ok(()),
            (false, Generation::V2026) => Err(Refusal::of(401, "invalid app id or secret key")),
            (false, Generation::V2024) => Err(Refusal::of(403, "Unauthorized")),
        }
    }
}

fn kind_named(name: &str) -> Option<SignInKind> {
    ChannelKind::named(name).sign_in()
}

fn no_route(request: &Request) -> Stop {
    Refusal::no_route(&request.method, &request.path).into()
}

fn only_get(request: &Request, answer: impl FnOnce() -> Answer) -> Result<Answer, Stop> {
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(answer()),
        _ => Err(Refusal::method("GET").into()),
    }
}
