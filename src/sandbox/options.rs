//! What a sandbox can be told.

use std::path::PathBuf;
use std::time::Duration;

use super::fault::Fault;

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
