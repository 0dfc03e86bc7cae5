//! The embedded sandbox: the documented Partner API on the loopback interface, with a consent page.
//!
//! ```text
//! Sandbox            starts and stops it
//!   server           the thread on which it is served, and its limits
//!   exchange         one request: read, delayed, failed on order or answered, logged
//!   routes           which endpoint a request is for, and whether its credentials are good
//!     settings  signin  pages  others  listing        the endpoints
//!     consent        the page where a person ticks what they allow
//!   api              what all endpoints stand on: options, state, sign-ins under way
//!   state            what is remembered, the file shared by processes, and what there is at the beginning
//! ```

mod api;
mod body;
mod consent;
mod create;
mod error;
mod exchange;
mod fault;
mod http;
mod listing;
mod options;
mod pages;
mod qr;
mod refusal;
mod routes;
mod server;
mod settings;
mod signin;
mod state;
mod token;

pub use error::{Corrupt, SandboxError, StateError};
pub use exchange::LogLine;
pub use fault::{Fault, FaultError, FaultPart, parse_faults};
pub use options::{API_KEY, APP_ID, Generation, Options, PutMode, SECRET_KEY};
pub use state::Seed;

use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::types::{Credential, Secret, SignInKind};

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

    /// The base URL of its API: `http://127.0.0.1:PORT/partner`.
    pub fn api_url(&self) -> String {
        format!("{}/partner", self.0.api.origin)
    }

    /// Allows everything in a person's place, which takes as long as other processes hold the state. Gives the
    /// address at which their browser would end: the callback that is set, with a token.
    pub fn consent(&self) -> impl Fn(SignInKind) -> Result<Url, SandboxError> + Send + Sync + use<> {
        let api = Arc::clone(&self.0.api);
        move |kind| consent::allow_all(&api, kind)
    }

    /// What it accepts. Every sandbox accepts the same, and nothing else does.
    pub fn credentials(generation: Generation) -> Credential {
        match generation {
            Generation::V2026 => Credential::ApiKey(Secret::new(API_KEY)),
            Generation::V2024 => {
                Credential::AppPair { app_id: APP_ID.to_owned(), secret_key: Secret::new(SECRET_KEY) }
            }
        }
    }
}

/// Begins the state anew. A corrupt file is replaced too.
pub fn reset(state: &Path, seed: &Seed) -> Result<(), SandboxError> {
    state::reset(state, seed)
}
