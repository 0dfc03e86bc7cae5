//! The embedded sandbox: the documented Partner API on the loopback interface, with a consent page.
//!
//! ```text
//! Sandbox            starts and stops it
//!   gate             sockets: accepts, counts, cuts
//!   server           tiny_http behind the gate, and the threads
//!   exchange         one request: read, delayed, failed on order or answered, logged
//!   routes           which endpoint a request is for, and whether its credentials are good
//!     settings  signin  pages  others  listing        the endpoints
//!     consent        the page where a person ticks what they allow
//!   state            what is remembered, and the file shared by processes
//!   seed             what there is at the beginning
//! visitor            what a person does in the browser, done by the program
//! ```

mod body;
mod clock;
mod consent;
mod exchange;
mod fault;
mod gate;
mod http;
mod listing;
mod others;
mod pages;
mod qr;
mod refusal;
mod routes;
mod seed;
mod server;
mod settings;
mod signin;
mod state;
#[cfg(test)]
mod tests;
mod token;
mod visitor;

pub use exchange::LogLine;
pub use fault::{Fault, parse_faults};
pub use seed::Seed;

pub use state::StateError;
pub use visitor::consent;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::types::{Credential, Secret};

/// The API key that the sandbox accepts (2026).
pub const API_KEY: &str = "sandbox-api-key";
/// The App ID that the sandbox accepts (2024, and in 2026 beside the key).
pub const APP_ID: &str = "sandbox-app-id";
/// The Secret Key that belongs to it.
pub const SECRET_KEY: &str = "sandbox-secret-key";

/// Which generation of the Partner API is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Generation {
    /// The guides of 2024: App ID and Secret Key, settings that can't be read, no disconnecting
    #[value(name = "2024")]
    V2024,
    /// The documentation of July 2026
    #[default]
    #[value(name = "2026")]
    V2026,
}

/// What a PUT of the settings does to fields that it leaves out. The documentation doesn't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PutMode {
    /// They stay
    #[default]
    Merge,
    /// They are unset
    Replace,
}

/// How a sandbox is to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub generation: Generation,
    /// `None` takes a free one.
    pub port: Option<u16>,
    /// So many generated pages of each kind; `None` leaves what the state was begun with.
    pub pages: Option<usize>,
    /// Added to every API request.
    pub latency: Duration,
    pub faults: Vec<Fault>,
    pub put: PutMode,
    /// Connecting beyond so many channels answers 402.
    pub limit: Option<usize>,
    /// How long a WhatsApp QR code is valid. The phone is linked after two and a half of them.
    pub qr_period: Duration,
    /// The state file. It is created, with its folder, where it doesn't exist.
    pub state: PathBuf,
}

impl Options {
    /// The usual ones.
    pub fn new(state: impl Into<PathBuf>) -> Options {
        Options {
            generation: Generation::default(),
            port: None,
            pages: None,
            latency: Duration::ZERO,
            faults: Vec::new(),
            put: PutMode::default(),
            limit: None,
            qr_period: Duration::from_secs(20),
            state: state.into(),
        }
    }
}

/// Why the sandbox could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, say.
    #[error("the sandbox can't listen on 127.0.0.1:{port}: {source}")]
    Listen { port: u16, source: io::Error },
    /// No threads, say.
    #[error("the sandbox can't start: {0}")]
    Start(io::Error),
    /// The state file.
    #[error(transparent)]
    State(#[from] StateError),
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// A change that can't be written down.
    #[error("the sandbox's state can't be written down: {0}")]
    Encode(serde_json::Error),
}

/// A running sandbox. Dropping it frees the port and ends its threads.
pub struct Sandbox(server::Running);

impl Sandbox {
    /// Starts it on threads of its own, listening on 127.0.0.1 and nowhere else. `log` gets each request
    /// when it has been answered, from several threads.
    pub fn start(
        options: Options,
        log: impl Fn(&LogLine) + Send + Sync + 'static,
    ) -> Result<Sandbox, SandboxError> {
        server::Running::start(options, Box::new(log)).map(Sandbox)
    }

    /// The base URL of its API: `http://127.0.0.1:PORT/partner`.
    pub fn api_url(&self) -> String {
        format!("{}/partner", self.0.origin())
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
