//! What takes several steps, in their order.

mod authorize;
mod authorize_url;
mod bulk;
mod choose;
mod connect;
mod create;
mod disconnect;
mod exec;
mod lease;
mod listing;
mod outcome;
mod reconnect;
mod resume;
pub mod settings;
mod settle;
mod watch;
mod whatsapp;

use std::sync::Arc;

use crate::interrupt::Interrupt;
use crate::platform::socialchat::Api;
use crate::store::{AccountId, Folders, ProfileName};

pub use crate::loopback::is_lease_url;
pub use authorize::{How, Opener, SignIn, SignedIn, authorize};
pub use choose::{
    ChannelChoice, PageChoice, answered, channel_named, channels_meant, channels_named, pages_meant,
};
pub use connect::{ConnectPlan, IfConnected, connect};
pub use create::{connect_linkchat, connect_telegram, connect_webchat, reconnect_telegram};
pub use disconnect::disconnect;
pub use exec::{Commands, kill_commands};
pub use lease::{Restored, Returned, journals, put_back_abandoned, restore};
pub use listing::{Kept, Listing, channels, channels_of, slim};
pub use outcome::{Action, Done, verdict};
pub use reconnect::{ReconnectPlan, done, is_dead_token, is_in_shard, only_covered, reconnect};
pub use resume::{close_record, is_unfinished_on, open_record, resumed, warn_unrecorded};
pub use watch::{Look, Watched};
pub use whatsapp::{QrSink, connect_whatsapp};

/// The partner account that a flow works on.
#[derive(Clone)]
pub struct Account {
    /// Its API.
    pub api: Arc<Api>,
    /// The API's address as journals name it; `sandbox` for the embedded one, whose port changes.
    pub api_name: String,
    /// Which account of that API it is, as far as its credentials tell.
    pub id: AccountId,
    /// Which stored account this is.
    pub profile: ProfileName,
    /// Where our files are.
    pub folders: Folders,
    /// Whether somebody asked the program to end.
    pub interrupt: Interrupt,
}
