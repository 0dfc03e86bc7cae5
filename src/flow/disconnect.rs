//! Deletes channels.

use anyhow::Result;

use super::Account;
use super::bulk::{self, Job};
use super::outcome::{Action, Done};
use super::settle::settle;
use crate::failure::{Change, Failure};
use crate::interrupt::Signal;
use crate::platform::Known;
use crate::platform::socialchat::Api;
use crate::types::Channel;
use crate::ui::Ui;

/// How many are deleted at the same time.
const AT_ONCE: usize = 4;

/// Deletes each; a result for each, in their order.
pub async fn disconnect(account: &Account, ui: &Ui, channels: Vec<Channel>) -> Vec<Done> {
    let api = account.api.clone();
    let work = move |channel: Channel| {
        let api = api.clone();
        async move {
            let outcome = disconnect_one(&api, &channel).await;
            disconnected(channel, outcome)
        }
    };
    let go_on = "The others are still there: give their ids again.".to_owned();
    let job = Job { account, ui, title: "Disconnecting", go_on, at_once: AT_ONCE };
    let bulk = bulk::each(job, channels, work, |_| false).await;
    let signal = bulk.interrupted.unwrap_or(Signal::Interrupt);
    let left = bulk
        .left
        .into_iter()
        .map(|(index, channel)| (index, disconnected(channel, Err(Failure::Interrupted(signal).into()))));
    let mut all: Vec<(usize, Done)> = bulk.done.into_iter().chain(left).collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, done)| done).collect()
}

/// Deletes one. When the answer proves nothing, the channel itself tells whether it is gone.
async fn disconnect_one(api: &Api, channel: &Channel) -> Result<()> {
    // The API is documented to delete the documented kinds. What else it calls one is no part of a path.
    let kind = channel.kind.clone();
    if !kind.is_documented() {
        return Err(Failure::UnknownKind { kind }.into());
    }
    let send = || api.disconnect(&channel.kind, &channel.id);
    let Err(undone) = settle(send, || api.channel(&channel.id), |now| now.is_none()).await else {
        return Ok(());
    };
    // Somebody else was faster, or our own lost request: it is gone, and that was asked for.
    if undone.error.known() == Some(Known::ChannelNotFound) {
        return Ok(());
    }
    if matches!(undone.error.status(), Some(404 | 405)) && !undone.error.is_web_page() {
        return Err(Failure::CannotDisconnect { kind, source: undone.error }.into());
    }
    Err(undone.told(Change::Disconnect, &channel.id))
}

fn disconnected(channel: Channel, outcome: Result<()>) -> Done {
    let (action, error) = match outcome {
        Ok(()) => (Action::Disconnected, None),
        Err(error) => (Action::Failed, Some(error)),
    };
    Done { id: Some(channel.id), channel_id: channel.channel_id, name: channel.name, action, error }
}
