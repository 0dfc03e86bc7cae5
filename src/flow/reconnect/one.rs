//! One channel: a fresh token, and whether it has it.

use anyhow::Result;

use crate::failure::Change;
use crate::flow::settle::settle;
use crate::platform::socialchat::Socialchat;
use crate::platform::{ApiError, Known};
use crate::types::{Channel, Secret, SignInKind};

/// Reconnects one. When the answer proves nothing, the channel itself tells whether it was done; to send the same once
/// more changes nothing but the token.
pub async fn reconnect_one(
    api: &Socialchat,
    kind: SignInKind,
    channel: &Channel,
    token: &Secret,
) -> Result<()> {
    let is_done = |now: Option<&Channel>| now.is_some_and(|now| was_reconnected_since(channel, now));
    let outcome =
        settle(|| api.reconnect(kind, &channel.id, token), || api.channel(&channel.id), is_done).await;
    outcome.map_err(|undone| undone.told(Change::Reconnect, &channel.id))
}

/// Whether a channel was reconnected since it was `before`.
pub fn was_reconnected_since(before: &Channel, now: &Channel) -> bool {
    was_reconnected(now, !before.is_disconnected(), before.text("updatedAt"))
}

/// Whether a channel shows that a reconnect was carried out since it was last looked at. A time that wasn't told then, or
/// isn't now, proves nothing.
pub fn was_reconnected(now: &Channel, was_connected: bool, updated_at: Option<&str>) -> bool {
    let came_back = !was_connected && now.is_connected == Some(true);
    let is_later = updated_at.zip(now.text("updatedAt")).is_some_and(|(before, now)| before != now);
    came_back || !now.is_disconnected() && is_later
}

/// Whether the API said that the callback token is not valid any more.
pub fn is_dead_token(error: &anyhow::Error) -> bool {
    error.downcast_ref::<ApiError>().and_then(ApiError::known) == Some(Known::InvalidCallbackToken)
}
