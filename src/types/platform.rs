//! The platforms, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A platform that channels are connected at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
pub enum PlatformName {
    /// Socialchat: the Partner API
    #[serde(rename = "socialchat")]
    Socialchat,
    /// UnifiedBeez: its back end's own sign-in
    #[serde(rename = "unifiedbeez")]
    #[value(name = "unifiedbeez")]
    UnifiedBeez,
    /// Mekari Qontak: read by API, connected on its page
    #[serde(rename = "qontak")]
    Qontak,
    /// 10darts: a Page token, and Meta's webhook beside it
    #[serde(rename = "10darts")]
    #[value(name = "10darts", alias = "tendarts")]
    Tendarts,
}

impl PlatformName {
    /// All of them, in the order in which they are shown.
    pub const ALL: [PlatformName; 4] =
        [PlatformName::Socialchat, PlatformName::UnifiedBeez, PlatformName::Qontak, PlatformName::Tendarts];

    /// The platform of that name.
    pub fn named(name: &str) -> Option<PlatformName> {
        PlatformName::ALL.into_iter().find(|platform| platform.as_str() == name)
    }

    /// The name on the command line, in JSON and in our files.
    pub fn as_str(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "socialchat",
            PlatformName::UnifiedBeez => "unifiedbeez",
            PlatformName::Qontak => "qontak",
            PlatformName::Tendarts => "10darts",
        }
    }

    /// Where its vendor serves its API.
    pub fn api_url(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "https://api.socialchat.id/partner",
            PlatformName::UnifiedBeez => "https://api.unifiedbeez.com/api/v1",
            PlatformName::Qontak => "https://api.mekari.com/qontak/chat/v1",
            PlatformName::Tendarts => "https://10darts.com",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "Socialchat",
            PlatformName::UnifiedBeez => "UnifiedBeez",
            PlatformName::Qontak => "Qontak",
            PlatformName::Tendarts => "10darts",
        }
    }
}

impl fmt::Display for PlatformName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
