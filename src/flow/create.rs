//! Telegram, webchat and linkchat: connected in one call.

use std::time::SystemTime;

use anyhow::Result;

use super::listing::channels;
use super::outcome::{Action, Done};
use crate::api::{Api, ApiError, ChannelFilter};
use crate::types::{Channel, ChannelDbId, Secret};

/// Connects a bot. Its channel is named by the API, and so read back.
pub async fn connect_telegram(api: &Api, bot_token: &Secret) -> Result<Done> {
    // The number before the colon is the bot's id, and no secret.
    let bot_id = bot_token.expose().split(':').next().unwrap_or_default().to_owned();
    let is_it = |channel: &Channel| channel.channel_id.as_deref() == Some(bot_id.as_str());
    let id = created(api, "telegram", api.connect_telegram(bot_token).await, is_it).await?;
    let channel = match &id {
        Some(id) => api.channel(id).await.ok().flatten(),
        None => None,
    };
    let (name, channel_id) =
        channel.map_or((String::new(), None), |channel| (channel.name, channel.channel_id));
    Ok(Done { id, channel_id: channel_id.or(Some(bot_id)), name, action: Action::Connected, error: None })
}

/// Gives the channel of a bot a fresh token. When no answer comes, the same is sent once more, which changes nothing
/// but the token.
pub async fn reconnect_telegram(api: &Api, channel: Channel, bot_token: &Secret) -> Result<Done> {
    match api.reconnect_telegram(&channel.id, bot_token).await {
        Err(error) if error.is_unanswered() => {
            let now = api.channel(&channel.id).await?;
            let mended =
                |now: &Channel| super::was_mended(now, !channel.is_disconnected(), channel.text("updatedAt"));
            if !now.as_ref().is_some_and(mended) {
                api.reconnect_telegram(&channel.id, bot_token).await?;
            }
        }
        outcome => outcome?,
    }
    Ok(super::done(channel, Ok(())))
}

/// Connects a chat box for a website.
pub async fn connect_webchat(api: &Api, name: &str, website_url: &str, pre_chat: bool) -> Result<Done> {
    let begun = SystemTime::now();
    let answer = api.connect_webchat(name, website_url, pre_chat).await;
    let id =
        created(api, "webchat", answer, |channel| channel.name == name && is_since(channel, begun)).await?;
    Ok(Done { id, channel_id: None, name: name.to_owned(), action: Action::Connected, error: None })
}

/// Connects a chat behind a link.
pub async fn connect_linkchat(api: &Api, name: &str, pre_chat: bool) -> Result<Done> {
    let begun = SystemTime::now();
    let answer = api.connect_linkchat(name, pre_chat).await;
    let id =
        created(api, "linkchat", answer, |channel| channel.name == name && is_since(channel, begun)).await?;
    Ok(Done { id, channel_id: None, name: name.to_owned(), action: Action::Connected, error: None })
}

/// The new channel's `_id`. When the answer was lost, the list tells whether it was made; it isn't made twice.
pub(super) async fn created(
    api: &Api,
    channel_type: &str,
    answer: Result<Option<ChannelDbId>, ApiError>,
    is_it: impl Fn(&Channel) -> bool,
) -> Result<Option<ChannelDbId>> {
    let lost = match answer {
        Ok(Some(id)) => return Ok(Some(id)),
        Ok(None) => None,
        Err(error) if error.is_unanswered() => Some(error),
        Err(error) => return Err(error.into()),
    };
    let filter = ChannelFilter { search: None, types: vec![channel_type.to_owned()] };
    let mut found = None;
    channels(api, &filter, |batch| {
        let matching =
            batch.into_iter().filter(|channel| channel.channel_type == channel_type && is_it(channel));
        for channel in matching {
            // Of several with the same name the last is meant.
            if found
                .as_ref()
                .is_none_or(|known: &Channel| known.text("createdAt") <= channel.text("createdAt"))
            {
                found = Some(channel);
            }
        }
        Ok(true)
    })
    .await?;
    match (found, lost) {
        (Some(channel), _) => Ok(Some(channel.id)),
        (None, None) => Ok(None),
        (None, Some(error)) => Err(error.into()),
    }
}

/// Whether a channel was made after a moment, give or take what two clocks differ by.
pub(super) fn is_since(channel: &Channel, moment: SystemTime) -> bool {
    const CLOCKS: std::time::Duration = std::time::Duration::from_secs(120);
    let Some(created) = channel.text("createdAt").and_then(seconds) else { return false };
    let moment = moment - CLOCKS;
    moment.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| created >= since.as_secs())
}

/// Seconds since 1970 of an ISO 8601 time in UTC, such as `2026-11-20T08:00:00.000Z`.
fn seconds(time: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| time.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970, by Howard Hinnant's civil calendar algorithm.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y / 400;
    let year_of_era = y - era * 400;
    let day_of_year = (153 * m + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_of_the_api_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(seconds("2026-06-01T01:00:00.000Z"), Some(1_780_275_600));
        assert_eq!(seconds("2024-02-29T23:59:59Z"), Some(1_709_251_199));
        for bad in ["", "2026", "2026-13-01T00:00:00Z", "x026-01-01T00:00:00Z", "2026-01-01"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_time_breaks_the_reader(text in ".{0,40}") {
            let _ = seconds(&text);
        }
    }
}
