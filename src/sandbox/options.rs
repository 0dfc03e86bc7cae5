//! What a sandbox can be told: which platform it is, and how it runs.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum as _;

use super::fault::Fault;
use super::throttle::Rule;
use crate::types::PlatformName;

/// The API key that the sandbox accepts (2026).
pub const API_KEY: &str = "sandbox-api-key";
/// The App ID that the sandbox accepts (2024, and in 2026 beside the key).
pub const APP_ID: &str = "sandbox-app-id";
/// The Secret Key that belongs to it.
pub const SECRET_KEY: &str = "sandbox-secret-key";

/// What a platform's state file is called.
pub fn file_name(platform: PlatformName) -> String {
    match platform {
        PlatformName::Socialchat => "sandbox.jsonl".to_owned(),
        other => format!("sandbox-{}.json", other.as_str()),
    }
}

/// Which generation of a platform's API is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Generation {
    /// Socialchat, the documentation of July 2026
    #[default]
    #[value(name = "2026")]
    V2026,
    /// Socialchat, the guides of 2024: App ID and Secret Key, settings that can't be read, no disconnecting
    #[value(name = "2024")]
    V2024,
    /// UnifiedBeez, the guide of April 2026
    #[value(name = "guide-2")]
    Guide2,
    /// UnifiedBeez, the guide of January 2026: one connect address for both kinds
    #[value(name = "guide-1")]
    Guide1,
    /// Qontak since April 2025: signed requests
    #[value(name = "hmac")]
    Hmac,
    /// Qontak's older API: access tokens
    #[value(name = "token")]
    Token,
}

impl Generation {
    /// What a platform has, the newest first; nothing where there is but one.
    pub fn of(platform: PlatformName) -> &'static [Generation] {
        match platform {
            PlatformName::Socialchat => &[Generation::V2026, Generation::V2024],
            PlatformName::UnifiedBeez => &[Generation::Guide2, Generation::Guide1],
            PlatformName::Qontak => &[Generation::Hmac, Generation::Token],
            PlatformName::Tendarts => &[],
        }
    }
}

impl fmt::Display for Generation {
    /// The name on the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
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

/// What becomes of an integration that a person disconnects on Qontak's page. The documentation doesn't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Disconnecting {
    /// It vanishes
    #[default]
    Remove,
    /// It stays and is inactive
    Deactivate,
}

/// How a sandbox is to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub platform: PlatformName,
    /// One of the platform's own: [`Generation::of`].
    pub generation: Generation,
    /// `None` takes a free one.
    pub port: Option<u16>,
    /// So many generated pages of each kind; `None` leaves what the state was begun with. Socialchat's alone: the others
    /// are [begun anew](super::reset) with other amounts.
    pub pages: Option<usize>,
    /// Added to every API request.
    pub latency: Duration,
    pub faults: Vec<Fault>,
    /// Whether requests beyond the platform's own rate limit answer 429.
    pub throttle: bool,
    /// Socialchat's alone.
    pub put: PutMode,
    /// Connecting beyond so many channels is refused.
    pub limit: Option<usize>,
    /// Socialchat's alone: how long a WhatsApp QR code is valid. The phone is linked after two and a half of them.
    pub qr_period: Duration,
    /// Qontak's alone.
    pub disconnecting: Disconnecting,
    /// The state file. It is created, with its folder, where it doesn't exist.
    pub state: PathBuf,
}

impl Options {
    /// Below which path of the origin the API is.
    pub fn api_path(&self) -> &'static str {
        match (self.platform, self.generation) {
            (PlatformName::Socialchat, _) => "/partner",
            (PlatformName::UnifiedBeez, _) => "/api/v1",
            (PlatformName::Qontak, Generation::Token) => "/api/open/v1",
            (PlatformName::Qontak, _) => "/qontak/chat/v1",
            (PlatformName::Tendarts, _) => "",
        }
    }

    /// The rate limit, where it is ordered: by all that ask, as the platforms count by account.
    pub fn rules(&self) -> &'static [Rule] {
        match self.platform {
            _ if !self.throttle => &[],
            PlatformName::UnifiedBeez => const { &[(50, Duration::from_secs(60))] },
            // Qontak counts by itself, since its answers say how many are left.
            PlatformName::Socialchat | PlatformName::Qontak | PlatformName::Tendarts => &[],
        }
    }

    /// The usual ones of a platform.
    pub fn of(platform: PlatformName, state: impl Into<PathBuf>) -> Options {
        Options {
            platform,
            generation: Generation::of(platform).first().copied().unwrap_or_default(),
            port: None,
            pages: None,
            latency: Duration::ZERO,
            faults: Vec::new(),
            throttle: false,
            put: PutMode::default(),
            limit: None,
            qr_period: Duration::from_secs(20),
            disconnecting: Disconnecting::default(),
            state: state.into(),
        }
    }
}
