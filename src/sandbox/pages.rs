//! Connecting and reconnecting Facebook Pages and Instagram accounts, and deleting channels of any kind.

use super::api::Api;
use super::body::Body;
use super::http::{Answer, Request};
use super::refusal::{Refusal, Stop};
use super::state::{Change, Channel, Details, Turn};
use crate::types::{ChannelKind, SignInKind, time};

/// Connects an account that the token covers. One that is connected already is refreshed: it never becomes
/// a second channel.
pub fn connect(api: &Api, request: &Request, kind: SignInKind) -> Result<Answer, Stop> {
    let mut body = Body::of(request)?;
    let (channel_id, token) = (body.text("channelId")?, body.text("token")?);
    body.end()?;
    api.turn(|turn| {
        let world = turn.world();
        let grant = world.grant(kind, &token).ok_or_else(invalid_callback_token)?;
        let place = world.place_of(kind, &channel_id).filter(|&place| grant.ticked.covers(place));
        let place = place.ok_or_else(invalid_callback_token)?;
        if world.is_foreign(kind, place) {
            return Err(Refusal::of(403, "channel already connected with another account").into());
        }
        let channel = match world.channel_of(kind.into(), &channel_id) {
            Some(channel) => reconnected(channel),
            None => {
                check_limit(api, turn)?;
                let name = world.account(kind, place).map(|account| account.name).unwrap_or_default();
                Channel::new(world.next(), kind.into(), name, channel_id, Details::Page, time::now())
            }
        };
        Ok(turn.apply(Change::Channel(channel))?)
    })?;
    Ok(Answer::empty(200))
}

/// Gives an existing channel a fresh token.
pub fn reconnect(api: &Api, request: &Request, kind: SignInKind, id: &str) -> Result<Answer, Stop> {
    let mut body = Body::of(request)?;
    let token = body.text("token")?;
    body.end()?;
    api.turn(|turn| {
        let world = turn.world();
        let channel = existing(turn, &kind.into(), id)?;
        let grant = world.grant(kind, &token).ok_or_else(invalid_callback_token)?;
        let place = world.place_of(kind, &channel.channel_id);
        if !place.is_some_and(|place| grant.ticked.covers(place)) {
            return Err(Refusal::of(403, "account not same").into());
        }
        let channel = reconnected(channel);
        Ok(turn.apply(Change::Channel(channel))?)
    })?;
    Ok(Answer::empty(200))
}

/// Deletes a channel.
pub fn disconnect(api: &Api, kind: &ChannelKind, id: &str) -> Result<Answer, Stop> {
    api.turn(|turn| {
        let seq = existing(turn, kind, id)?.seq;
        Ok(turn.apply(Change::Gone(seq))?)
    })?;
    Ok(Answer::empty(200))
}

/// The channel with this `_id`, if it is of this kind.
pub fn existing<'a>(turn: &'a Turn<'_>, kind: &ChannelKind, id: &str) -> Result<&'a Channel, Refusal> {
    let channel = turn.world().channel(id).filter(|channel| channel.kind == *kind);
    channel.ok_or_else(|| Refusal::of(403, "channel not found"))
}

/// 402 where one channel more is too many.
pub fn check_limit(api: &Api, turn: &Turn<'_>) -> Result<(), Refusal> {
    match api.options.limit {
        Some(limit) if turn.world().channel_count() >= limit => {
            Err(Refusal::of(402, "limit integration reached"))
        }
        _ => Ok(()),
    }
}

/// The same channel, connected as of now.
pub fn reconnected(channel: &Channel) -> Channel {
    let mut channel = channel.clone();
    channel.reconnect(time::now());
    channel
}

fn invalid_callback_token() -> Refusal {
    Refusal::of(403, "invalid token callback")
}
