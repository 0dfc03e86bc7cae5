//! Deletes channels.

use anyhow::Result;

use super::Account;
use super::bulk;
use super::failure::Failure;
use super::outcome::{Action, Done};
use crate::api::{Api, Known};
use crate::interrupt::Signal;
use crate::types::Channel;
use crate::ui::Ui;

/// How many are deleted at the same time.
const AT_ONCE: usize = 4;

/// Deletes each; a result for each, in their order.
pub async fn disconnect(account: &Account, ui: &Ui, channels: Vec<Channel>) -> Vec<Done> {
    let progress = ui.bar(channels.len() as u64, "Disconnecting");
    let api = account.api.clone();
    let work = move |channel: Channel| {
        let api = api.clone();
        async move {
            let outcome = disconnect_one(&api, &channel).await;
            disconnected(channel, outcome)
        }
    };
    let bulk = bulk::each(&account.interrupt, channels, AT_ONCE, progress, work, |_| false).await;
    let left = bulk.left.into_iter().map(|(index, channel)| {
        (index, disconnected(channel, Err(Failure::Interrupted(Signal::Interrupt).into())))
    });
    let mut all: Vec<(usize, Done)> = bulk.done.into_iter().chain(left).collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, done)| done).collect()
}

/// Deletes one. When no answer comes, the channel itself tells whether it is gone.
async fn disconnect_one(api: &Api, channel: &Channel) -> Result<()> {
    let delete = || api.disconnect(&channel.channel_type, &channel.id);
    let error = match delete().await {
        // Somebody else was faster: it is gone, and that was asked for.
        Err(error) if error.known() == Some(Known::ChannelNotFound) => return Ok(()),
        Err(error) if error.is_unanswered() => error,
        outcome => return Ok(outcome?),
    };
    match api.channel(&channel.id).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Ok(delete().await?),
        Err(_) => Err(error.into()),
    }
}

fn disconnected(channel: Channel, outcome: Result<()>) -> Done {
    let (action, error) = match outcome {
        Ok(()) => (Action::Disconnected, None),
        Err(error) => (Action::Failed, Some(error)),
    };
    Done { id: Some(channel.id), channel_id: channel.channel_id, name: channel.name, action, error }
}
