//! What stands before the borrowing: the right to it, what is there, and whether it may be replaced.

use anyhow::Result;
use url::Url;

use crate::failure::{Cancelled, Failure, Question};
use crate::flow::settle::look_until;
use crate::flow::{Partner, answered, settings};
use crate::loopback;
use crate::platform::Reason;
use crate::platform::socialchat::{Reading, Settings};
use crate::store::Config;
use crate::store::lease::{self, HeldLease, LeaseError, SettingsLock};
use crate::types::{SignInKind, is_loopback};
use crate::ui::Ui;

/// What was there before us.
pub(super) struct Earlier {
    /// All settings, or none where they can't be read.
    pub settings: Settings,
    /// The callback URL to go back to.
    pub url: Option<String>,
    /// Whether the API itself said so.
    pub readable: bool,
}

/// Reads what there is and makes sure that it may be replaced. While somebody thinks about the question
/// nothing is locked, and so it is read again after the answer.
pub(super) async fn agreed(account: &Partner, ui: &Ui, kind: SignInKind) -> Result<(Earlier, SettingsLock)> {
    let mut agreed_to: Option<Earlier> = None;
    loop {
        let lock = settings::lock(account, |why| ui.say(&format!("Waiting: {why}."))).await?;
        // Where it differs from what was agreed to, one of the two answers may be a moment's.
        let is_same = |now: &Result<Earlier>| match (now, &agreed_to) {
            (Ok(now), Some(before)) => now.settings == before.settings,
            _ => true,
        };
        let earlier = look_until(|| earlier(account, kind), is_same).await?;
        let Some(question) = question(&earlier, kind) else { return Ok((earlier, lock)) };
        if agreed_to.as_ref().is_some_and(|agreed| agreed.url == earlier.url) {
            return Ok((earlier, lock));
        }
        drop(lock);
        ui.warn(&question);
        // Others are hit who can't be asked: Enter alone is no agreement.
        let agreed = ui.confirm("Replace it temporarily?", false).await;
        if !answered(agreed, Question::Borrow)? {
            return Err(Failure::Cancelled(Cancelled::NotBorrowed).into());
        }
        agreed_to = Some(earlier);
    }
}

/// What there is to go back to. Where nothing tells it, the settings are read again before it counts as unset or the
/// settings as unreadable: half an answer, or a call that is gone for a moment, would cost somebody a real callback URL.
async fn earlier(account: &Partner, kind: SignInKind) -> Result<Earlier> {
    let tells = |earlier: &Result<Earlier>| match earlier {
        // One that was never set can be missing; so can one in half an answer.
        Ok(Earlier { settings, readable: true, .. }) => settings.has(kind.callback_field()),
        Ok(Earlier { url, readable: false, .. }) => url.is_some(),
        Err(_) => true,
    };
    look_until(|| read(account, kind), tells).await
}

async fn read(account: &Partner, kind: SignInKind) -> Result<Earlier> {
    let reading = account.api.settings().await.map_err(|error| match error.reason {
        Reason::Unreadable { .. } => anyhow::Error::new(error).context(Failure::NoSettings { kind }),
        _ => error.into(),
    })?;
    if let Reading::Known(settings) = reading {
        let url = settings.callback(kind).map(str::to_owned);
        return Ok(Earlier { settings, url, readable: true });
    }
    let config = Config::load(&account.folders)?;
    config.refuse_unknown(&account.profile)?;
    let profile = config.profile(&account.profile);
    let url = profile.last_callback(kind).filter(|url| !url.is_empty()).map(str::to_owned);
    Ok(Earlier { settings: Settings::default(), url, readable: false })
}

/// What a person should know before the value is replaced; none where nobody loses anything.
fn question(earlier: &Earlier, kind: SignInKind) -> Option<String> {
    let meanwhile = "During the sign-in (usually under a minute) it points to this computer, so nobody can sign in \
                     through your own app. It is restored afterwards.";
    match &earlier.url {
        None if earlier.readable => None,
        None => Some(format!(
            "this API can't show the {kind} callback URL, and this profile hasn't set one (`callback set` does). During \
             the sign-in (usually under a minute) nobody can sign in through your own app; afterwards it is unset, \
             whatever it is now."
        )),
        Some(url) if loopback::is_lease_url(url) => Some(format!(
            "the {kind} callback URL is {url}, the temporary address of another sign-in that is under way, or was cut \
             off. That sign-in gets no answer any more if you replace it. It is restored afterwards."
        )),
        Some(url) if Url::parse(url).is_ok_and(|url| is_loopback(&url)) => None,
        Some(url) if earlier.readable => Some(format!("the {kind} callback URL is {url}. {meanwhile}")),
        Some(url) => Some(format!(
            "this API can't show the {kind} callback URL; this profile last set {url}. {meanwhile}"
        )),
    }
}

/// The right to borrow. A file in the journal's place that is no journal to believe may hold the only copy of a real
/// callback URL: nothing is borrowed over it.
pub(super) fn acquire(account: &Partner, kind: SignInKind) -> Result<HeldLease> {
    match lease::acquire(&account.folders, &account.id, kind) {
        Err(LeaseError::Held { holder, .. }) => {
            let since = holder.record.map(|record| record.borrowed_at);
            Err(Failure::HeldBy { kind, pid: holder.pid, since }.into())
        }
        Err(error @ LeaseError::Doubtful { .. }) => {
            Err(anyhow::Error::new(error).context(Failure::DoubtfulJournal { kind }))
        }
        held => match held? {
            held if held.abandoned().is_some_and(|record| !loopback::is_callback_of(kind, &record.ours)) => {
                Err(Failure::DoubtfulJournal { kind }.into())
            }
            held => Ok(held),
        },
    }
}
