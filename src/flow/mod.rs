//! What takes several steps, in their order.

mod bulk;
mod choose;
mod connect;
mod counts;
mod coverage;
mod create;
mod disconnect;
mod exec;
mod lease;
mod listing;
mod login;
pub mod meta;
mod outcome;
mod page_token;
mod raw;
mod reconnect;
mod redirect;
mod refresh;
mod resume;
pub mod settings;
mod settle;
mod sign_in;
mod watch;
mod web_page;
mod whatsapp;

use std::sync::Arc;

use crate::interrupt::Interrupt;
use crate::platform::qontak::Qontak;
use crate::platform::socialchat::Socialchat;
use crate::platform::tendarts::Tendarts;
use crate::platform::unifiedbeez::UnifiedBeez;
use crate::platform::{Ability, Platform, Unsupported};
use crate::store::{AccountId, Folders, ProfileName};

pub use crate::loopback::{Next, is_lease_url};
pub use crate::platform::tendarts::Application;
pub use choose::{ChannelChoice, PageChoice, answered, channel_named, listed, tell_which};
pub use connect::{ConnectPlan, Connected, connect, foreseen, unchosen};
pub use counts::{Counts, counts};
pub use create::{
    change_plan, connect_linkchat, connect_telegram, connect_webchat, connect_whatsapp_official,
    reconnect_telegram,
};
pub use disconnect::{channels_to_disconnect, disconnect};
pub use exec::{Commands, kill_commands};
pub use lease::{Restored, Returned, journals, put_back_abandoned, restore};
pub use listing::{Kept, Listing, Told, channels, counted_channels};
pub use login::try_and_store;
pub use outcome::{Action, Became, Done, verdict};
pub use page_token::{
    Applications, application_name, create_application, delete_application, of_page, replace_application,
};
pub use raw::raw_pages;
pub use reconnect::{ReconnectPlan, Reconnecting};
pub use redirect::{
    Consent, Consented, Consenting, LoggedIn, SecondFactor, Wish, connect_by_consent, foreseen_by_consent,
    is_wrong_code, log_in, log_out, reconnect_by_consent, whole_channel,
};
pub use refresh::{has_expired, refreshed, sign_in_with, ungranted};
pub use resume::Closing;
pub use sign_in::{How, Opener, SignIn, with_token};
pub use watch::{Now, Watch};
pub use web_page::{Act, Page, Person, Visitor, channels_on_page, skipped};
pub use whatsapp::{QrSink, connect_whatsapp};

/// The account that a flow works on: at whichever platform it is, or at the one that a flow is for ([`Partner`]).
#[derive(Clone)]
pub struct Account<P = Platform> {
    /// The client.
    pub api: P,
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

/// An account at Socialchat.
pub type Partner = Account<Arc<Socialchat>>;
/// An account at UnifiedBeez.
pub type AtUnifiedBeez = Account<Arc<UnifiedBeez>>;
/// An account at Qontak.
pub type AtQontak = Account<Arc<Qontak>>;
/// An account at 10darts.
pub type AtTendarts = Account<Arc<Tendarts>>;

impl Account {
    /// The account for what only Socialchat has: callback URLs, sign-ins, Pages.
    pub fn partner(&self, ability: Ability) -> Result<Partner, Unsupported> {
        self.api.socialchat(ability).map(|api| self.with(api))
    }

    /// The account for an ability that its platform has given out.
    pub fn with<P: Clone>(&self, api: &P) -> Account<P> {
        Account {
            api: api.clone(),
            api_name: self.api_name.clone(),
            id: self.id.clone(),
            profile: self.profile.clone(),
            folders: self.folders.clone(),
            interrupt: self.interrupt.clone(),
        }
    }
}
