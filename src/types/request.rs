//! What was asked of an API.

use super::{ChannelDbId, ChannelKind, SignInKind};

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
}

/// An entry of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    Channel,
    /// A Page or account.
    Page(SignInKind),
}
