//! A whole channel of UnifiedBeez: with all of its accounts, which other platforms call channels.

use std::collections::HashSet;

use anyhow::Result;

use super::consent::listed;
use crate::failure::{Change, Failure, Redirect};
use crate::flow::settle::seen;
use crate::flow::{Account, Action, AtUnifiedBeez, Done};
use crate::platform::unifiedbeez::WholeChannel;
use crate::platform::{ApiError, Platform};
use crate::types::{Candidate, Channel, ChannelKind};
use crate::ui::{Ui, text as names};

/// How many are named of those that aren't shown one by one.
const NAMED: usize = 5;

/// A whole channel, found by its id.
pub struct Whole {
    account: AtUnifiedBeez,
    channel: WholeChannel,
}

/// The channel of that id, which is a number as the accounts' ids are: one of those is refused, and nothing is guessed.
pub async fn whole_channel(account: &AtUnifiedBeez, id: &str) -> Result<Whole> {
    let accounts = listed(account).await?;
    let of_that_id = accounts.iter().find(|channel| channel.id.as_str() == id).map(Candidate::from);
    let channels = WholeChannel::all_of(accounts);
    let Some(channel) = channels.iter().find(|channel| channel.id.as_str() == id) else {
        let channels = channels.into_iter().map(|channel| (channel.id, channel.kind)).collect();
        let (id, account) = (id.to_owned(), of_that_id);
        return Err(Failure::Redirect(Redirect::NoSuchWhole { id, account, channels }).into());
    };
    if channel.kind != ChannelKind::Messenger {
        let accounts = channel.accounts.iter().map(Candidate::from).collect();
        let (id, kind) = (channel.id.clone(), channel.kind.clone());
        return Err(Failure::Redirect(Redirect::NoWhole { id, kind, accounts }).into());
    }
    if channel.is_doubtful {
        return Err(Failure::Redirect(Redirect::DoubtfulWhole { id: channel.id.clone() }).into());
    }
    Ok(Whole { account: account.clone(), channel: channel.clone() })
}

impl Whole {
    /// What goes with it.
    pub fn accounts(&self) -> &[Channel] {
        &self.channel.accounts
    }

    /// Deletes it, where it still has the accounts that were shown: a person may have thought for long. A result for each account: the list tells which are gone, whatever was answered.
    pub async fn disconnect(self) -> Result<Vec<Done>> {
        let (api, id) = (&self.account.api, &self.channel.id);
        let now = whole_channel(&self.account, id.as_str()).await?;
        let ids = |whole: &Whole| whole.accounts().iter().map(|page| page.id.clone()).collect::<HashSet<_>>();
        if ids(&now) != ids(&self) {
            return Err(Failure::Redirect(Redirect::WholeChanged { id: id.clone() }).into());
        }
        let refused = match api.disconnect_whole(id).await {
            Err(error) if error.is_unanswered() || error.status() == Some(404) => Some(error),
            answer => answer.map(|()| None)?,
        };
        let is_left = |account: &Channel, there: &[Channel]| {
            there.iter().any(|now| now.id == account.id && now.kind == account.kind)
        };
        let mut left = self.channel.accounts.clone();
        let all_gone = |there: &Vec<Channel>| {
            left.retain(|account| is_left(account, there));
            left.is_empty().then_some(())
        };
        let looked: Result<Option<()>, ApiError> = seen(|| listed(&self.account), all_gone).await;
        match (looked, refused) {
            (Ok(Some(())), _) => {}
            // It was not carried out, as far as the list tells.
            (Ok(None), Some(error)) if left.len() == self.channel.accounts.len() => return Err(error.into()),
            (Ok(None), _) => {}
            (Err(looking), refused) => {
                let unknown = Failure::Unknown { change: Change::Disconnect, id: id.to_string() };
                return Err(anyhow::Error::new(refused.unwrap_or(looking)).context(unknown));
            }
        }
        let became = |account: Channel| {
            let outcome = match left.iter().any(|left| left.id == account.id) {
                true => Err(Failure::Redirect(Redirect::StillThere).into()),
                false => Ok(Action::Disconnected),
            };
            Done::of(account, outcome)
        };
        Ok(self.channel.accounts.into_iter().map(became).collect())
    }
}

/// The whole channels of an account, whose ids are numbers as those of their accounts are.
pub struct Wholes(Vec<WholeChannel>);

impl Wholes {
    /// Those of UnifiedBeez; on other platforms there are none.
    pub async fn of(account: &Account) -> Result<Wholes, ApiError> {
        let Platform::UnifiedBeez(api) = &account.api else { return Ok(Wholes(Vec::new())) };
        Ok(Wholes(WholeChannel::all_of(listed(&account.with(api)).await?)))
    }

    /// Says that an id which is taken for one account is the one of a whole channel too.
    pub fn tell_other(&self, ui: &Ui, id: &str) {
        if let Some(channel) = self.0.iter().find(|channel| channel.id.as_str() == id) {
            let kind = names::name(channel.kind.as_str());
            ui.note(&format!("{id} is also the ID of the whole {kind} channel, which stays."));
        }
    }

    /// That an id which is no account's is the one of a whole channel.
    pub fn mistaken(&self, id: &str) -> Option<Failure> {
        let WholeChannel { kind, accounts, .. } = self.0.iter().find(|channel| channel.id.as_str() == id)?;
        let more = accounts.len().saturating_sub(NAMED);
        let accounts = accounts.iter().take(NAMED).map(Candidate::from).collect();
        let (id, kind) = (id.to_owned(), kind.clone());
        Some(Failure::Redirect(Redirect::IsWhole { id, kind, accounts, more }))
    }
}
