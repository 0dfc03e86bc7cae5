//! Kinds of channels, and of sign-ins.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A kind of channel: `channelType` in the Partner API. What an API has beside the documented ones is `Other`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum ChannelKind {
    #[value(aliases = ["facebook", "fb"])]
    Messenger,
    #[value(alias = "ig")]
    Instagram,
    Telegram,
    WhatsappUnofficial,
    WhatsappOfficial,
    Webchat,
    Linkchat,
    /// By the API's own name for it.
    #[value(skip)]
    Other(String),
}

impl ChannelKind {
    /// Those that are documented.
    pub const DOCUMENTED: [ChannelKind; 7] = [
        ChannelKind::Messenger,
        ChannelKind::Instagram,
        ChannelKind::Telegram,
        ChannelKind::WhatsappUnofficial,
        ChannelKind::WhatsappOfficial,
        ChannelKind::Webchat,
        ChannelKind::Linkchat,
    ];

    /// The documented kind of that name.
    pub fn documented(name: &str) -> Option<ChannelKind> {
        ChannelKind::DOCUMENTED.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The documented kind of that name, or another one.
    pub fn named(name: &str) -> ChannelKind {
        ChannelKind::documented(name).unwrap_or_else(|| ChannelKind::Other(name.to_owned()))
    }

    /// The name in `channelType`, in paths and on the command line. Of `Other` it is text from outside.
    pub fn as_str(&self) -> &str {
        match self {
            ChannelKind::Messenger => "messenger",
            ChannelKind::Instagram => "instagram",
            ChannelKind::Telegram => "telegram",
            ChannelKind::WhatsappUnofficial => "whatsapp-unofficial",
            ChannelKind::WhatsappOfficial => "whatsapp-official",
            ChannelKind::Webchat => "webchat",
            ChannelKind::Linkchat => "linkchat",
            ChannelKind::Other(name) => name,
        }
    }

    /// The name for people. Of `Other` it is text from outside.
    pub fn title(&self) -> &str {
        match self {
            ChannelKind::Messenger => "Messenger",
            ChannelKind::Instagram => "Instagram",
            ChannelKind::Telegram => "Telegram",
            ChannelKind::WhatsappUnofficial | ChannelKind::WhatsappOfficial => "WhatsApp",
            ChannelKind::Webchat => "web chat",
            ChannelKind::Linkchat => "link chat",
            ChannelKind::Other(name) => name,
        }
    }

    /// Whether the documentation names it: a path may be made of it.
    pub fn is_documented(&self) -> bool {
        !matches!(self, ChannelKind::Other(_))
    }

    /// The sign-in that connects channels of this kind, where one does.
    pub fn sign_in(&self) -> Option<SignInKind> {
        SignInKind::ALL.into_iter().find(|kind| self == kind)
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ChannelKind {
    /// A documented one: files of ours hold no others.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ChannelKind::documented(&String::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("that is no kind of channel"))
    }
}

impl Serialize for ChannelKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A kind whose channels are connected through a Facebook sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum SignInKind {
    /// Facebook Pages
    #[value(aliases = ["facebook", "fb"])]
    Messenger,
    /// Instagram accounts that are linked to a Page
    #[value(alias = "ig")]
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

impl From<SignInKind> for ChannelKind {
    fn from(kind: SignInKind) -> ChannelKind {
        match kind {
            SignInKind::Messenger => ChannelKind::Messenger,
            SignInKind::Instagram => ChannelKind::Instagram,
        }
    }
}

impl PartialEq<SignInKind> for ChannelKind {
    fn eq(&self, kind: &SignInKind) -> bool {
        self.as_str() == kind.as_str()
    }
}
