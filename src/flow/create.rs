//! Telegram, official WhatsApp numbers, webchat and linkchat: connected in one call. And the plan of a chat.

use std::sync::Arc;

use std::collections::HashMap;

use anyhow::Result;

use super::listing::{Kept, channels, slim};
use super::outcome::{Action, Done};
use super::reconnect::was_reconnected_since;
use super::settle::{seen, settle};
use crate::failure::{Change, Failure};
use crate::platform::ApiError;
use crate::platform::socialchat::Socialchat;
use crate::types::{Channel, ChannelDbId, ChannelFilter, ChannelKind, Plan, Secret};

/// Connects a bot. Its channel is named by the API, and so read back.
pub async fn connect_telegram(api: &Arc<Socialchat>, bot_token: &Secret, is_business: bool) -> Result<Done> {
    // The number before the colon is the bot's id, and no secret.
    let bot_id = bot_token.expose().split(':').next().unwrap_or_default().to_owned();
    let is_it = |channel: &Channel| channel.channel_id.as_deref() == Some(bot_id.as_str());
    // A bot has one channel: where it was there before, to connect the bot is to reconnect that.
    let is_new = |before: Option<&Channel>, now: &Channel, answered: bool| {
        before.is_none_or(|before| was_reconnected_since(before, now) || answered && !now.is_disconnected())
    };
    let send = api.connect_telegram(bot_token, is_business);
    let id = created(api, &ChannelKind::Telegram, is_it, is_new, send).await?;
    let (name, channel_id) = match api.channel(&id).await {
        Ok(Some(channel)) => (channel.name, channel.channel_id),
        _ => (String::new(), None),
    };
    let (id, channel_id) = (Some(id), channel_id.or(Some(bot_id)));
    Ok(Done { id, channel_id, name, outcome: Ok(Action::Connected) })
}

/// Gives the channel of a bot a fresh token. To send the same once more changes nothing but the token.
pub async fn reconnect_telegram(api: &Arc<Socialchat>, channel: Channel, bot_token: &Secret) -> Result<Done> {
    let is_done = |now: Option<&Channel>| now.is_some_and(|now| was_reconnected_since(&channel, now));
    let send = || api.reconnect_telegram(&channel.id, bot_token);
    let outcome = settle(send, || api.channel(&channel.id), is_done).await;
    outcome.map_err(|undone| undone.told(Change::Reconnect, &channel.id))?;
    Ok(Done::of(channel, Ok(Action::Reconnected)))
}

/// Connects an official WhatsApp number. Which of its fields the id is in, no document says: a channel of that kind that
/// wasn't there before is it.
pub async fn connect_whatsapp_official(
    api: &Arc<Socialchat>,
    whatsapp_id: &str,
    token: &Secret,
) -> Result<Done> {
    let send = api.connect_whatsapp_official(whatsapp_id, token);
    let is_new = |before: Option<&Channel>, _: &Channel, _: bool| before.is_none();
    let id = created(api, &ChannelKind::WhatsappOfficial, |_| true, is_new, send).await?;
    Ok(match api.channel(&id).await {
        Ok(Some(channel)) => Done::of(channel, Ok(Action::Connected)),
        _ => Done { id: Some(id), channel_id: None, name: String::new(), outcome: Ok(Action::Connected) },
    })
}

/// Changes the plan of a web chat or link chat. To send the same once more changes nothing.
pub async fn change_plan(api: &Arc<Socialchat>, channel: &Channel, plan: Plan) -> Result<()> {
    let is_done = |now: Option<&Channel>| now.is_some_and(|now| now.text("status") == Some(plan.as_str()));
    let send = || api.change_plan(&channel.kind, &channel.id, plan);
    let outcome = settle(send, || api.channel(&channel.id), is_done).await;
    outcome.map_err(|undone| undone.told(Change::Plan, &channel.id))
}

/// Connects a chat box for a website.
pub async fn connect_webchat(
    api: &Arc<Socialchat>,
    name: &str,
    website_url: &str,
    pre_chat: bool,
) -> Result<Done> {
    let id = create_named(api, &ChannelKind::Webchat, name, api.connect_webchat(name, website_url, pre_chat))
        .await?;
    Ok(named(id, name))
}

/// Connects a chat behind a link.
pub async fn connect_linkchat(api: &Arc<Socialchat>, name: &str, pre_chat: bool) -> Result<Done> {
    let id = create_named(api, &ChannelKind::Linkchat, name, api.connect_linkchat(name, pre_chat)).await?;
    Ok(named(id, name))
}

fn named(id: ChannelDbId, name: &str) -> Done {
    Done { id: Some(id), channel_id: None, name: name.to_owned(), outcome: Ok(Action::Connected) }
}

/// Creates a channel that has nothing but its name to be known by, and gives its `_id`. Those of that name that were
/// there before are others: they are looked for first.
pub(super) async fn create_named(
    api: &Arc<Socialchat>,
    kind: &ChannelKind,
    name: &str,
    send: impl Future<Output = Result<Option<ChannelDbId>, ApiError>>,
) -> Result<ChannelDbId> {
    let is_it = |channel: &Channel| channel.name == name;
    created(api, kind, is_it, |before, _, _| before.is_none(), send).await
}

/// Looks at what is there that `is_it` says yes to, sends it, and gives the new channel's `_id`. Where the answer names
/// none, or was lost, the list tells whether it was made; it isn't made twice. What neither the answer names nor the list
/// shows is no success.
///
/// `is_new` is told what a channel was before, what it is now, and whether the answer was a yes.
async fn created(
    api: &Arc<Socialchat>,
    kind: &ChannelKind,
    is_it: impl Fn(&Channel) -> bool,
    is_new: impl Fn(Option<&Channel>, &Channel, bool) -> bool,
    send: impl Future<Output = Result<Option<ChannelDbId>, ApiError>>,
) -> Result<ChannelDbId> {
    let before = all_of(api, kind, &is_it).await?;
    let before: HashMap<_, _> = before.into_iter().map(|channel| (channel.id.clone(), channel)).collect();
    let lost = match send.await {
        Ok(Some(id)) => return Ok(id),
        Ok(None) => None,
        Err(error) if error.is_unanswered() => Some(error),
        Err(error) => return Err(error.into()),
    };
    // Of several with the same name the last is meant.
    let new = |there: &Vec<Channel>| {
        let new = there.iter().filter(|channel| is_new(before.get(&channel.id), channel, lost.is_none()));
        new.map(|channel| (channel.text("createdAt"), &channel.id)).max().map(|(_, id)| id.clone())
    };
    match (seen(|| all_of(api, kind, &is_it), new).await, lost) {
        (Ok(Some(id)), _) => Ok(id),
        (Ok(None), Some(error)) if error.may_be_refusal() => Err(error.into()),
        // Not there yet is no proof: who gave up may have given up on an API that is still at work.
        (_, Some(error)) => Err(anyhow::Error::new(error).context(Failure::Unsettled)),
        (Ok(None), None) => Err(Failure::NotListed { kind: kind.clone() }.into()),
        (Err(error), None) => Err(error.context(Failure::Unsettled)),
    }
}

/// The channels of that type that `is_it` says yes to. Of their further fields their times alone are kept.
async fn all_of(
    api: &Arc<Socialchat>,
    kind: &ChannelKind,
    is_it: impl Fn(&Channel) -> bool,
) -> Result<Vec<Channel>> {
    let filter = ChannelFilter { search: None, kinds: vec![kind.clone()] };
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    channels(&api.into(), &filter, |batch| {
        for channel in batch {
            if channel.kind == *kind && is_it(&channel) {
                let channel = slim(channel, &["createdAt", "updatedAt"]);
                kept.whole(&channel)?;
                found.push(channel);
            }
        }
        Ok(true)
    })
    .await?;
    Ok(found)
}
