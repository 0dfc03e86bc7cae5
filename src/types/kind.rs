//! The kinds of channels that are signed in to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A platform whose channels are connected through a Facebook sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum SignInKind {
    /// Facebook Pages
    Messenger,
    /// Instagram accounts that are linked to a Page
    Instagram,
}

impl SignInKind {
    /// Both kinds, in the order in which they are shown.
    pub const ALL: [SignInKind; 2] = [SignInKind::Messenger, SignInKind::Instagram];

    /// The name in paths, in `channelType` and on the command line: `messenger`, `instagram`.
    pub fn as_str(self) -> &'static str {
        match self {
            SignInKind::Messenger => "messenger",
            SignInKind::Instagram => "instagram",
        }
    }

    /// The name for people: `Messenger`, `Instagram`.
    pub fn title(self) -> &'static str {
        match self {
            SignInKind::Messenger => "Messenger",
            SignInKind::Instagram => "Instagram",
        }
    }

    /// The partner setting that holds its callback URL (`GET` and `PUT /partner`).
    pub fn callback_field(self) -> &'static str {
        match self {
            SignInKind::Messenger => "callbackMessengerUrl",
            SignInKind::Instagram => "callbackInstagramUrl",
        }
    }

    /// What one of them is called: `Page`, `account`.
    pub fn noun(self) -> &'static str {
        match self {
            SignInKind::Messenger => "Page",
            SignInKind::Instagram => "account",
        }
    }
}

impl fmt::Display for SignInKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
