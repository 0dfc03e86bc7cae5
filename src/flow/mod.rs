//! What takes several steps, in their order.

mod bulk;
mod choose;
mod connect;
mod create;
mod disconnect;
mod exec;
mod lease;
mod listing;
mod login;
mod outcome;
mod reconnect;
mod resume;
pub mod settings;
mod settle;
mod sign_in;
mod watch;
mod whatsapp;

use std::sync::Arc;

use crate::interrupt::Interrupt;
use crate::platform::socialchat::Api;
use crate::store::{AccountId, Folders, ProfileName};

pub use crate::loopback::is_lease_url;
pub use choose::{ChannelChoice, PageChoice, answered, channel_named, listed};
pub use connect::{ConnectPlan, connect};
pub use create::{connect_linkchat, connect_telegram, connect_webchat, reconnect_telegram};
pub use disconnect::{channels_to_disconnect, disconnect};
pub use exec::{Commands, kill_commands};
pub use lease::{Restored, Returned, journals, put_back_abandoned, restore};
pub use listing::{Kept, Listing, channels};
pub use login::try_and_store;
pub use outcome::{Action, Done, verdict};
pub use reconnect::{ReconnectPlan, Reconnecting};
pub use sign_in::{How, Opener, SignIn, with_token};
pub use watch::{Now, Watch};
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
