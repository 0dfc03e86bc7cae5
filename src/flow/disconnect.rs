//! Deletes channels.

use anyhow::Result;

use super::Account;
use super::bulk::{self, Job, Left};
use super::choose::{channels_named, is_channel_id_of, tell_which};
use super::outcome::{Action, Done};
use super::page_token::delete_application;
use super::redirect::{Wholes, disconnect_account};
use super::settle::settle;
use crate::failure::{Change, Failure, Usage};
use crate::interrupt::Signal;
use crate::platform::{Ability, Disconnecting, Known, Platform};
use crate::types::{Channel, ChannelDbId, PlatformName, typed};
use crate::ui::Ui;

/// How many are deleted at the same time.
const AT_ONCE: usize = 4;

/// The channels that are there, and a failure for each id that isn't: it went before, or never was. A name is refused,
/// since what is deleted is named by its `_id`, or by a channel ID that no other has.
pub async fn channels_to_disconnect(
    account: &Account,
    ui: &Ui,
    ids: &[String],
) -> Result<(Vec<Channel>, Vec<Done>)> {
    let (mut channels, mut missing): (Vec<Channel>, Vec<Done>) = (Vec::new(), Vec::new());
    let wholes = Wholes::of(account).await?;
    for (text, found) in ids.iter().zip(channels_named(&account.api, ids).await?) {
        match found {
            Ok(channel) if !is_id_of(text, &channel) && !is_channel_id_of(text, &channel) => {
                let (typed, channel) = (text.clone(), (&channel).into());
                return Err(Failure::Usage(Usage::NamedToDelete { typed, channel }).into());
            }
            Ok(channel) if channels.iter().any(|known| known.id == channel.id) => {}
            Ok(channel) => {
                tell_which(ui, text, &channel);
                wholes.tell_other(ui, text);
                channels.push(channel);
            }
            // Without those that are like it: nobody is led to deleting one of them.
            Err(error) if is_nowhere(&error) => {
                if let Some(mistaken) = wholes.mistaken(text) {
                    return Err(mistaken.into());
                }
                let error = Failure::NoSuchChannel { id: text.clone(), near: Vec::new() };
                missing.push(not_there(text, error.into()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((channels, missing))
}

/// Whether the text is an `_id`, and no name: one of Socialchat by its shape, one of another platform by the channel that it
/// has led to.
fn is_id_of(text: &str, channel: &Channel) -> bool {
    match channel.platform {
        PlatformName::Socialchat => ChannelDbId::looks_like(text),
        _ => channel.id.as_str() == text,
    }
}

/// Whether there is no such channel.
fn is_nowhere(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::NoSuchChannel { .. }))
}

fn not_there(text: &str, error: anyhow::Error) -> Done {
    let id = text.parse().ok().filter(|_| !typed::may_be_secret(text));
    Done { id, channel_id: None, name: String::new(), outcome: Err(error) }
}

/// Deletes each; a result for each, in their order.
pub async fn disconnect(account: &Account, ui: &Ui, channels: Vec<Channel>) -> Vec<Done> {
    let api = account.api.clone();
    let work = move |channel: Channel| {
        let api = api.clone();
        async move {
            let outcome = disconnect_one(&api, &channel).await;
            Done::of(channel, outcome.map(|()| Action::Disconnected))
        }
    };
    let job = Job { interrupt: &account.interrupt, ui, title: "Disconnecting", concurrency: AT_ONCE };
    let bulk = bulk::each(job, channels, work, |_| false).await;
    let signal = bulk.interrupted.unwrap_or(Signal::Interrupt);
    let left = |left| match left {
        Left::NotStarted(channel) => Done::of(channel, Err(Failure::Interrupted(signal).into())),
        Left::CutOff(channel) => {
            let unknown = Failure::Unknown { change: Change::Disconnect, id: channel.id.to_string() };
            Done::of(channel, Err(anyhow::Error::new(Failure::Interrupted(signal)).context(unknown)))
        }
    };
    bulk.results.into_iter().map(|result| result.unwrap_or_else(left)).collect()
}

/// Deletes one. When the answer proves nothing, the channel itself tells whether it is gone.
pub(super) async fn disconnect_one(platform: &Platform, channel: &Channel) -> Result<()> {
    let kind = channel.kind.clone();
    let api = match platform.disconnecting(&kind)? {
        Disconnecting::Api(api) => api,
        Disconnecting::Account(api) => return disconnect_account(api, channel).await,
        Disconnecting::Application(api) => return delete_application(api, channel).await,
        // No call does it: `web_page` has a person do it.
        Disconnecting::WebPage(_) => return Err(platform.unsupported(&kind, Ability::Disconnect).into()),
    };
    let send = || api.disconnect(&channel.kind, &channel.id);
    let undone = match settle(send, || platform.channel(&channel.id), |now| now.is_none()).await {
        Ok(()) => return Ok(()),
        // Somebody else was faster, or our own lost request: it is gone, and that was asked for.
        Err(undone) if undone.error.known() == Some(Known::ChannelNotFound) => return Ok(()),
        Err(undone) => undone,
    };
    if matches!(undone.error.status(), Some(404 | 405)) && !undone.error.is_web_page() {
        return Err(Failure::CannotDisconnect { kind, source: undone.error }.into());
    }
    Err(undone.told(Change::Disconnect, &channel.id))
}
