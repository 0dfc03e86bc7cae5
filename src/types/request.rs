//! What was asked of an API.

use super::{ChannelDbId, ChannelKind, Method, SignInKind};

/// A call of an API, as far as a person wants to know what was attempted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    ListChannels,
    ReadChannel(ChannelDbId),
    Disconnect(ChannelDbId),
    Reconnect(ChannelDbId),
    /// Of a web chat or link chat.
    ChangePlan(ChannelDbId),
    /// A Page or account, by the platform's own id.
    ConnectPage(SignInKind, String),
    /// A channel of another kind.
    Connect(ChannelKind),
    ListPages(SignInKind),
    /// The URL that begins a sign-in.
    AuthorizeUrl,
    ReadSettings,
    ChangeSettings,
    /// Whether the credentials are good, and whose they are.
    ReadProfile,
    /// With a password.
    LogIn,
    /// The second factor of a sign-in.
    SecondFactor,
    /// Have a code sent by e-mail.
    SendCode,
    /// End the session.
    LogOut,
    /// What the account's plan allows.
    ReadPlan,
    /// A fresh access token for the refresh token.
    RefreshToken,
    /// The address of a platform's own sign-in at Meta.
    ConnectAddress(SignInKind),
    /// A channel with all its Pages.
    DisconnectWhole(ChannelDbId),
    /// An application of that name.
    CreateApplication(String),
    /// Whose a token of Meta is.
    ReadToken,
    /// What it may do, and until when.
    DebugToken,
    /// Where an app's events are sent.
    ReadAppWebhook,
    SetAppWebhook,
    /// Which events of a Page an app gets.
    ReadPageWebhook,
    SubscribePage,
    UnsubscribePage,
    /// The handshake of a webhook, as Meta does it.
    Handshake,
    /// A call that somebody wrote by hand: the path without its query.
    Raw(Method, String),
}

impl Request {
    /// Whether it is of Meta's Graph API.
    pub fn is_of_meta(&self) -> bool {
        matches!(
            self,
            Request::ReadToken
                | Request::DebugToken
                | Request::ReadAppWebhook
                | Request::SetAppWebhook
                | Request::ReadPageWebhook
                | Request::SubscribePage
                | Request::UnsubscribePage
        )
    }
}

/// An entry of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    Channel,
    /// A Page or account.
    Page(SignInKind),
}
