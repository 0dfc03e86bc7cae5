//! UnifiedBeez: its back end holds the token and the choice of Pages, and we hold neither. We ask where its sign-in begins,
//! send the browser there, catch the way back, and believe the list.

mod account;
mod consent;
mod proof;
mod results;
mod session;
mod wait;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use url::Url;

use super::choose::{ChannelChoice, channels_meant};
use super::{AtUnifiedBeez, Done};
use crate::failure::Failure;
use crate::platform::Platform;
use crate::types::{Channel, IfConnected, SignInKind};
use crate::ui::Ui;
use consent::{listed, sign_in};
use proof::Compared;

pub use account::disconnect_account;
pub use session::{LoggedIn, SecondFactor, is_wrong_code, log_in, log_out};
pub use whole::{Wholes, whole_channel};

/// A sign-in as it was asked for.
pub struct Consent {
    pub kind: SignInKind,
    pub by: Consenting,
    /// Where to listen; else on a free port.
    pub port: Option<u16>,
    /// Where the browser is sent back to, instead of to us.
    pub origin: Option<Url>,
    /// A person pastes where the browser ends.
    pub paste: bool,
    /// How long a person may take.
    pub time_limit: Duration,
}

/// Who consents.
#[derive(Clone)]
pub enum Consenting {
    /// A person in the system's browser.
    Browser,
    /// A person who reads the address.
    Nobody,
    /// The sandbox in a person's place.
    Sandbox(Allow),
}

/// Consents at that dialog, and gives the address at which a person's browser would end. It may block.
pub type Allow = Arc<dyn Fn(&Url) -> Result<Url> + Send + Sync>;

/// What is to be connected.
pub struct Wish {
    /// Pages by id or name, which must be connected afterwards. The consent itself decides what is.
    pub pages: Vec<String>,
    pub if_connected: IfConnected,
}

/// What a sign-in came to.
pub struct Consented {
    pub results: Vec<Done>,
    /// Connected before, and not any more; none where nobody signed in.
    pub lost: Option<Vec<Channel>>,
    /// It came back from a sign-in for another kind: that is a failure, whatever the list shows.
    pub refused: Option<Failure>,
}

/// Signs in, and tells what is connected by it.
pub async fn connect_by_consent(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: Consent,
    wish: Wish,
) -> Result<Consented> {
    let before = snapshot(account, ui).await?;
    let (done, wish) = results::done_already(consent.kind, wish, &before);
    if let Some(results) = done.filter(|_| wish.pages.is_empty()) {
        return Ok(Consented { results, lost: None, refused: None });
    }
    results::connected(account, ui, &consent, &wish, &before).await
}

/// What `connect` would do, as far as it is known without a sign-in.
pub async fn foreseen_by_consent(
    account: &AtUnifiedBeez,
    ui: &Ui,
    kind: SignInKind,
    wish: Wish,
) -> Result<Vec<Done>> {
    Ok(results::foreseen(kind, wish, &snapshot(account, ui).await?))
}

/// Signs in once more, and tells whether those that are meant are connected by it. With a dry run, which are meant.
pub async fn reconnect_by_consent(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: Consent,
    choice: &ChannelChoice,
    dry_run: bool,
) -> Result<Consented> {
    let kind = consent.kind;
    let platform = Platform::UnifiedBeez(account.api.clone());
    let meant = channels_meant(&platform, ui, kind, choice).await?;
    if dry_run || meant.is_empty() {
        return Ok(Consented { results: results::would_reconnect(meant), lost: None, refused: None });
    }
    let before = snapshot(account, ui).await?;
    results::reconnected(account, ui, &consent, &meant, &before).await
}

async fn snapshot(account: &AtUnifiedBeez, ui: &Ui) -> Result<Vec<Channel>> {
    let _progress = ui.spinner("Listing channels");
    Ok(listed(account).await?)
}
