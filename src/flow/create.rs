//! Telegram, webchat and linkchat: connected in one call.

use std::collections::HashSet;

use anyhow::Result;

use super::listing::channels;
use super::outcome::{Action, Done};
use super::reconnect::was_mended_since;
use super::settle::{seen, settle};
use crate::failure::Failure;
use crate::platform::ApiError;
use crate::platform::socialchat::{Api, ChannelFilter};
use crate::types::{Channel, ChannelDbId, Secret};

/// Connects a bot. Its channel is named by the API, and so read back.
pub async fn connect_telegram(api: &Api, bot_token: &Secret) -> Result<Done> {
    // The number before the colon is the bot's id, and no secret.
    let bot_id = bot_token.expose().split(':').next().unwrap_or_default().to_owned();
    let is_it = |channel: &Channel| channel.channel_id.as_deref() == Some(bot_id.as_str());
    // A bot has one channel: that it was there before doesn't make it another.
    let id = created(api, "telegram", is_it, HashSet::new(), api.connect_telegram(bot_token)).await?;
    let (name, channel_id) = match api.channel(&id).await {
        Ok(Some(channel)) => (channel.name, channel.channel_id),
        _ => (String::new(), None),
    };
    let (id, channel_id) = (Some(id), channel_id.or(Some(bot_id)));
    Ok(Done { id, channel_id, name, action: Action::Connected, error: None })
}

/// Gives the channel of a bot a fresh token. To send the same once more changes nothing but the token.
pub async fn reconnect_telegram(api: &Api, channel: Channel, bot_token: &Secret) -> Result<Done> {
    let is_done = |now: Option<Channel>| now.is_some_and(|now| was_mended_since(&channel, &now));
    settle(|| api.reconnect_telegram(&channel.id, bot_token), || api.channel(&channel.id), is_done).await?;
    Ok(super::done(channel, Ok(())))
}

/// Connects a chat box for a website.
pub async fn connect_webchat(api: &Api, name: &str, website_url: &str, pre_chat: bool) -> Result<Done> {
    let id = create_named(api, "webchat", name, api.connect_webchat(name, website_url, pre_chat)).await?;
    let id = Some(id);
    Ok(Done { id, channel_id: None, name: name.to_owned(), action: Action::Connected, error: None })
}

/// Connects a chat behind a link.
pub async fn connect_linkchat(api: &Api, name: &str, pre_chat: bool) -> Result<Done> {
    let id = Some(create_named(api, "linkchat", name, api.connect_linkchat(name, pre_chat)).await?);
    Ok(Done { id, channel_id: None, name: name.to_owned(), action: Action::Connected, error: None })
}

/// Creates a channel that has nothing but its name to be known by, and gives its `_id`. Those of that name that were
/// there before are others: they are looked for first.
pub(super) async fn create_named(
    api: &Api,
    channel_type: &str,
    name: &str,
    send: impl Future<Output = Result<Option<ChannelDbId>, ApiError>>,
) -> Result<ChannelDbId> {
    let is_it = |channel: &Channel| channel.name == name;
    let before = all_of(api, channel_type, is_it).await?.into_iter().map(|(_, id)| id).collect();
    created(api, channel_type, is_it, before, send).await
}

/// Sends it, and gives the new channel's `_id`. Where the answer names none, or was lost, the list tells whether it was
/// made; it isn't made twice. What neither the answer names nor the list shows is no success.
async fn created(
    api: &Api,
    channel_type: &str,
    is_it: impl Fn(&Channel) -> bool,
    before: HashSet<ChannelDbId>,
    send: impl Future<Output = Result<Option<ChannelDbId>, ApiError>>,
) -> Result<ChannelDbId> {
    let lost = match send.await {
        Ok(Some(id)) => return Ok(id),
        Ok(None) => None,
        Err(error) if error.is_unanswered() => Some(error),
        Err(error) => return Err(error.into()),
    };
    // Of several with the same name the last is meant.
    let new = |there: Vec<(Option<String>, ChannelDbId)>| {
        there.into_iter().filter(|(_, id)| !before.contains(id)).max().map(|(_, id)| id)
    };
    match (seen(|| all_of(api, channel_type, &is_it), new).await, lost) {
        (Ok(Some(id)), _) => Ok(id),
        (Ok(None), Some(error)) if error.may_be_refusal() => Err(error.into()),
        // Not there yet is no proof: who gave up may have given up on an API that is still at work.
        (_, Some(error)) => Err(anyhow::Error::new(error).context(Failure::Unsettled)),
        (Ok(None), None) => Err(Failure::NotListed { what: channel_type.to_owned() }.into()),
        (Err(error), None) => Err(error.context(Failure::Unsettled)),
    }
}

/// When the channels of that type were made that `is_it` says yes to, and their `_id`s. No more is kept of them.
async fn all_of(
    api: &Api,
    channel_type: &str,
    is_it: impl Fn(&Channel) -> bool,
) -> Result<Vec<(Option<String>, ChannelDbId)>> {
    let filter = ChannelFilter { search: None, types: vec![channel_type.to_owned()] };
    let mut found = Vec::new();
    channels(api, &filter, |batch| {
        let of_it =
            batch.into_iter().filter(|channel| channel.channel_type == channel_type && is_it(channel));
        found.extend(of_it.map(|channel| (channel.text("createdAt").map(str::to_owned), channel.id)));
        Ok(true)
    })
    .await?;
    Ok(found)
}
