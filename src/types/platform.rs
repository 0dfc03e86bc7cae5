//! The platforms, by name.

use std::fmt;

/// A platform that channels are connected at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlatformName {
    Socialchat,
}

impl PlatformName {
    /// All of them, in the order in which they are shown.
    pub const ALL: [PlatformName; 1] = [PlatformName::Socialchat];

    /// The name on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "socialchat",
        }
    }

    /// Where its vendor serves its API.
    pub fn api_url(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "https://api.socialchat.id/partner",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            PlatformName::Socialchat => "Socialchat",
        }
    }
}

impl fmt::Display for PlatformName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
