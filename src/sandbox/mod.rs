//! The embedded sandbox: the documented API of each platform on the loopback interface, with the pages for people that
//! belong to it.
//!
//! ```text
//! Sandbox            starts and stops it
//!   server           the thread on which it is served, and its limits
//!   exchange         one request: read, delayed, failed on order or answered, logged
//!   served           which platform it is for
//!     routes         Socialchat: which endpoint a request is for, and whether its credentials are good
//!       settings  signin  pages  create  listing        the endpoints
//!       consent      what a person allows at a sign-in
//!       api          what all endpoints stand on: options, state, sign-ins under way
//!     hosted         the others: a folder for each, as `site` describes it, and its state
//!       graph        Meta's Graph API, which 10darts' sandbox answers beside its own
//!   choice           the page where a person ticks what they allow, in the frame of all pages for people
//!   state            what is remembered, the files shared by processes, and what there is at the beginning
//! ```

mod api;
mod body;
mod choice;
mod consent;
mod create;
mod description;
mod error;
mod exchange;
mod fault;
mod frame;
mod graph;
mod hosted;
mod http;
mod listing;
mod options;
mod pages;
pub mod qontak;
mod qr;
mod refusal;
mod routes;
mod served;
mod server;
mod settings;
mod signin;
mod site;
mod state;
pub mod tendarts;
mod throttle;
mod token;
pub mod unifiedbeez;

pub use error::{Corrupt, SandboxError, StateError};
pub use exchange::LogLine;
pub use fault::{Fault, FaultError, FaultPart, parse_faults};
pub use options::{API_KEY, APP_ID, Disconnecting, Generation, Options, PutMode, SECRET_KEY, file_name};
pub use served::reset;
pub use state::Seed;

use std::sync::Arc;

use url::Url;

use served::Served;

use crate::types::{Credential, PlatformName, Secret, SignInKind};

/// A running sandbox. Dropping it frees the port and ends its thread.
pub struct Sandbox(server::Running);

impl Sandbox {
    /// Starts it on a thread of its own, listening on 127.0.0.1 and nowhere else. `log` gets each request
    /// when it is answered.
    pub fn start(
        options: Options,
        log: impl Fn(&LogLine) + Send + Sync + 'static,
    ) -> Result<Sandbox, SandboxError> {
        server::Running::start(options, Box::new(log)).map(Sandbox)
    }

    /// The base URL of its API, as `servers` of the platform's OpenAPI file has it: `http://127.0.0.1:PORT/partner`.
    pub fn api_url(&self) -> String {
        let served = &self.0.served;
        format!("{}{}", served.origin(), served.options().api_path())
    }

    /// The base URL, without a version, of the Graph API beside it. Only 10darts needs one.
    pub fn graph_url(&self) -> Option<String> {
        let has_graph = self.0.served.options().platform == PlatformName::Tendarts;
        has_graph.then(|| format!("{}/graph", self.0.served.origin()))
    }

    /// The environment variables that select it, and their values.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let options = self.0.served.options();
        let mut all = vec![("SOCIALCHAT_API_URL", self.api_url())];
        if options.platform != PlatformName::Socialchat {
            all.push(("SOCIALCHAT_PLATFORM", options.platform.as_str().to_owned()));
        }
        all.extend(self.graph_url().map(|url| ("SOCIALCHAT_GRAPH_URL", url)));
        let credentials: &[(&str, &str)] = match (options.platform, options.generation) {
            (PlatformName::Socialchat, Generation::V2024) => {
                &[("SOCIALCHAT_APP_ID", APP_ID), ("SOCIALCHAT_SECRET_KEY", SECRET_KEY)]
            }
            (PlatformName::Socialchat, _) => &[("SOCIALCHAT_API_KEY", API_KEY)],
            (PlatformName::UnifiedBeez, _) => &[("UNIFIEDBEEZ_SESSION", unifiedbeez::SESSION)],
            (PlatformName::Qontak, Generation::Token) => &[("QONTAK_ACCESS_TOKEN", qontak::ACCESS_TOKEN)],
            (PlatformName::Qontak, _) => {
                &[("QONTAK_CLIENT_ID", qontak::CLIENT_ID), ("QONTAK_CLIENT_SECRET", qontak::CLIENT_SECRET)]
            }
            (PlatformName::Tendarts, _) => &[
                ("TENDARTS_API_TOKEN", tendarts::API_TOKEN),
                ("META_PAGE_TOKEN", graph::PAGE_TOKEN),
                ("META_APP_ID", graph::APP_ID),
                ("META_APP_SECRET", graph::APP_SECRET),
            ],
        };
        all.extend(credentials.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    }

    /// Socialchat: allows everything in a person's place, which takes as long as other processes hold the state. Gives
    /// the address at which their browser would end: the callback that is set, with a token.
    pub fn consent(&self) -> impl Fn(SignInKind) -> Result<Url, SandboxError> + Send + Sync + use<> {
        let served = Arc::clone(&self.0.served);
        move |kind| match &*served {
            Served::Socialchat(api) => consent::allow_all(api, kind),
            _ => Err(SandboxError::NoCallback(kind)),
        }
    }

    /// Qontak: does on its page what a person would. Gives the integration's id, if there is such a one.
    pub fn act(
        &self,
    ) -> impl Fn(qontak::Act<'_>) -> Result<Option<String>, SandboxError> + Send + Sync + use<> {
        let served = Arc::clone(&self.0.served);
        move |act| match &*served {
            Served::Qontak(hosted) => {
                hosted.turn(|turn| qontak::act(turn, act, hosted.options.disconnecting))
            }
            _ => Ok(None),
        }
    }

    /// UnifiedBeez: allows everything in a person's place at the dialog of a sign-in, which takes as long as other
    /// processes hold the state. Gives the address at which their browser would end.
    pub fn allow(&self) -> impl Fn(&Url) -> Result<Url, SandboxError> + Send + Sync + use<> {
        let served = Arc::clone(&self.0.served);
        move |dialog| match &*served {
            Served::UnifiedBeez(hosted) => {
                let site = hosted.site();
                let end = hosted.turn(|turn| unifiedbeez::allow_all(turn, dialog, &site))?;
                end.ok_or(SandboxError::NoDialog)
            }
            _ => Err(SandboxError::NoDialog),
        }
    }

    /// 10darts: what a person reads on the page of an application, by its id: what to enter at Facebook. `None` where
    /// there is no such application, or it has no webhook.
    pub fn webhook(
        &self,
    ) -> impl Fn(u64) -> Result<Option<tendarts::Webhook>, SandboxError> + Send + Sync + use<> {
        let served = Arc::clone(&self.0.served);
        move |id| match &*served {
            Served::Tendarts(hosted) => {
                hosted.turn(|turn| tendarts::webhook(turn.world(), id, &hosted.origin))
            }
            _ => Ok(None),
        }
    }

    /// What it accepts in the newest generation of that platform. Every sandbox accepts the same.
    pub fn credentials(platform: PlatformName) -> Credential {
        match platform {
            PlatformName::Socialchat => Credential::ApiKey(Secret::new(API_KEY)),
            PlatformName::UnifiedBeez => {
                let session = Secret::new(unifiedbeez::SESSION);
                Credential::Session { session, cookie: None, is_own: false }
            }
            PlatformName::Qontak => Credential::SigningClient {
                client_id: qontak::CLIENT_ID.to_owned(),
                client_secret: Secret::new(qontak::CLIENT_SECRET),
            },
            PlatformName::Tendarts => Credential::ApiToken(Secret::new(tendarts::API_TOKEN)),
        }
    }
}
