//! What comes to nothing at Qontak for a reason of ours: tokens that can't be renewed, and what nobody did on its page.

use crate::types::ChannelKind;

/// Ends a command, or what it does with one channel.
#[derive(Debug)]
pub enum Qontak {
    /// The access token has expired, and nothing renews it.
    Expired { profile: String },
    /// A refresh token was sent and its answer was lost, now or in an earlier run. It may hold for one use.
    RefreshLost { profile: String },
    /// The refresh token is refused. Stands before the API's own answer.
    RefreshRefused { profile: String },
    /// The fresh tokens can't be kept. Stands before why.
    RefreshUnstored { profile: String },
    /// Nobody is there who could open the page.
    NoBrowser { sandbox: bool },
    /// No channel of that kind came to be on the page.
    NotConnected { kind: ChannelKind, seconds: u64 },
    /// A channel was not seen to be active again.
    NotReconnected { kind: ChannelKind, seconds: u64 },
    /// A channel is still there.
    NotDisconnected { seconds: u64 },
}
