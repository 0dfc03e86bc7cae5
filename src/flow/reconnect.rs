//! Gives existing channels a fresh token: one sign-in for all of them, N at a time, with a record to go on from.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use super::Account;
use super::bulk::{self, Bulk, Job};
use super::outcome::{Action, Done};
use super::settle::settle;
use crate::failure::{Change, Failure};
use crate::platform::socialchat::Api;
use crate::platform::{ApiError, Known};
use crate::store::run::{RunRecord, Step};
use crate::types::{Channel, ChannelDbId, Page, Secret, SignInKind};
use crate::ui::Ui;

/// What is to be reconnected, and how.
pub struct ReconnectPlan<'a> {
    pub kind: SignInKind,
    pub channels: Vec<Channel>,
    /// What the token covers.
    pub covered: &'a [Page],
    /// How many at the same time.
    pub at_once: usize,
    /// What goes on with the rest after a signal: a whole sentence.
    pub go_on: String,
}

/// What became of them.
pub struct Reconnected {
    /// A result for each that was dealt with, in their order.
    pub results: Vec<Done>,
    /// Those that the token was too old for when their turn came.
    pub left: Vec<Channel>,
}

/// The record, as the tasks share it.
pub type Record = Arc<Mutex<RunRecord>>;

/// Splits off the channels whose Page or account the token doesn't cover: this is the identity check, made before
/// anything is sent. For those a token would replace theirs that can't serve them.
pub fn only_covered(
    ui: &Ui,
    kind: SignInKind,
    channels: Vec<Channel>,
    covered: &[Page],
) -> (Vec<Channel>, Vec<Done>) {
    let covered: HashSet<&str> = covered.iter().map(|page| page.channel_id.as_str()).collect();
    let is_covered = |channel: &Channel| channel.channel_id.as_deref().is_some_and(|id| covered.contains(id));
    let total = channels.len();
    let (covered, missing): (Vec<Channel>, Vec<Channel>) = channels.into_iter().partition(is_covered);
    if !missing.is_empty() {
        ui.warn(&format!(
            "the sign-in doesn't cover {} of {total} channels: nothing is sent for those. Sign in again with all \
             Pages and accounts ticked, as a person who is admin of them",
            missing.len()
        ));
    }
    let failed = |channel| done(channel, Err(Failure::NotCovered { kind }.into()));
    (covered, missing.into_iter().map(failed).collect())
}

/// Reconnects what the token covers. A token that dies meanwhile ends it: what is left can go on with another.
pub async fn reconnect(
    account: &Account,
    ui: &Ui,
    token: &Secret,
    record: &Record,
    plan: ReconnectPlan<'_>,
) -> Reconnected {
    let ReconnectPlan { kind, channels, covered, at_once, go_on } = plan;
    let (channels, mut results) = only_covered(ui, kind, channels, covered);
    for id in results.iter().filter_map(|missing| missing.id.as_ref()) {
        note(ui, &mut locked(record), id, Step::Failed);
    }
    let (api, token, shared, said) = (account.api.clone(), token.clone(), record.clone(), ui.clone());
    let work = move |channel: Channel| {
        let (api, token, record, ui) = (api.clone(), token.clone(), shared.clone(), said.clone());
        async move {
            let updated_at = channel.text("updatedAt").map(str::to_owned);
            note(&ui, &mut locked(&record), &channel.id, Step::Begun { updated_at });
            let outcome = reconnect_one(&api, kind, &channel, &token).await;
            if !token_died(&outcome) {
                let step = if outcome.is_ok() { Step::Done } else { Step::Failed };
                note(&ui, &mut locked(&record), &channel.id, step);
            }
            (channel, outcome)
        }
    };
    let ends_all = |(_, outcome): &(Channel, Result<()>)| token_died(outcome);
    let job = Job { account, ui, title: "Reconnecting", go_on, at_once };
    let Bulk { done: finished, left, interrupted } = bulk::each(job, channels, work, ends_all).await;
    results.extend(finished.into_iter().map(|(_, (channel, outcome))| done(channel, outcome)));
    let mut left: Vec<Channel> = left.into_iter().map(|(_, channel)| channel).collect();
    if let Some(signal) = interrupted {
        // No other token is to be asked for.
        results.extend(left.drain(..).map(|channel| done(channel, Err(Failure::Interrupted(signal).into()))));
    }
    Reconnected { results, left }
}

/// Reconnects one. When the answer proves nothing, the channel itself tells whether it was done; to send the same once
/// more changes nothing but the token.
pub async fn reconnect_one(api: &Api, kind: SignInKind, channel: &Channel, token: &Secret) -> Result<()> {
    let is_done = |now: Option<Channel>| now.is_some_and(|now| was_mended_since(channel, &now));
    let outcome =
        settle(|| api.reconnect(kind, &channel.id, token), || api.channel(&channel.id), is_done).await;
    outcome.map_err(|undone| undone.told(Change::Reconnect, &channel.id))
}

/// Whether a channel was reconnected since it was `before`.
pub(super) fn was_mended_since(before: &Channel, now: &Channel) -> bool {
    was_mended(now, !before.is_disconnected(), before.text("updatedAt"))
}

/// Whether a channel shows that a reconnect was carried out since it was last looked at. A time that wasn't told then, or
/// isn't now, proves nothing.
pub fn was_mended(now: &Channel, was_connected: bool, updated_at: Option<&str>) -> bool {
    let came_back = !was_connected && now.is_connected == Some(true);
    let is_later = updated_at.zip(now.text("updatedAt")).is_some_and(|(before, now)| before != now);
    came_back || !now.is_disconnected() && is_later
}

/// The result for one.
pub fn done(channel: Channel, outcome: Result<()>) -> Done {
    let (action, error) = match outcome {
        Ok(()) => (Action::Reconnected, None),
        Err(error) => (Action::Failed, Some(error)),
    };
    Done { id: Some(channel.id), channel_id: channel.channel_id, name: channel.name, action, error }
}

/// A record that can't be written doesn't stop the work: what it is for is going on after a failure. It is said once.
pub(super) fn note(ui: &Ui, record: &mut RunRecord, id: &ChannelDbId, step: Step) {
    if let Err(error) = record.note(id, step) {
        let error = anyhow::Error::from(error);
        ui.warn(&format!(
            "{error:#}. The channels go on being reconnected; what is done from here on is noted when there is room"
        ));
    }
}

fn locked(record: &Record) -> MutexGuard<'_, RunRecord> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the API said that the callback token is not valid any more.
pub fn is_dead_token(error: &anyhow::Error) -> bool {
    error.downcast_ref::<ApiError>().and_then(ApiError::known) == Some(Known::InvalidCallbackToken)
}

fn token_died(outcome: &Result<()>) -> bool {
    outcome.as_ref().err().is_some_and(is_dead_token)
}

/// Whether a channel is in share `index` (from 1) of `count`: by a hash of its `_id`, so that it is
/// always in the same one, on every machine.
pub fn is_in_shard(id: &ChannelDbId, index: u32, count: u32) -> bool {
    let hash = stable_hash(id.as_str());
    // The low bits of FNV alone are uneven for ids that differ in little.
    (hash ^ (hash >> 32)) % u64::from(count) == u64::from(index - 1)
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits). No protection against
/// somebody who looks for two texts with the same one.
fn stable_hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_everything_once_and_evenly() {
        let ids: Vec<ChannelDbId> =
            (0..10_000).map(|n: u32| format!("65b37833afe781e8{n:08x}").parse().unwrap()).collect();
        for count in [1, 2, 3, 7, 64] {
            let mut total = 0;
            for index in 1..=count {
                let share = ids.iter().filter(|id| is_in_shard(id, index, count)).count();
                let fair = 10_000 / count as usize;
                assert!(share.abs_diff(fair) <= fair / 4 + 10, "{index}/{count}: {share}");
                total += share;
            }
            assert_eq!(total, ids.len());
        }
        // Stable: a change of the function would send running jobs after other channels.
        let id = "65b37833afe781e84afa001f".parse().unwrap();
        let shares: Vec<u32> = (1..=5).filter(|index| is_in_shard(&id, *index, 5)).collect();
        assert_eq!(shares, [4]);
    }
}
