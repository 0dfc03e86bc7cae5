//! Watching channels: looking again and again, and telling what has changed.

mod seen;

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::Account;
use super::exec::Commands;
use super::listing::{Kept, channels, slim};
use crate::failure::Failure;
use crate::platform::{ApiError, Known};
use crate::types::{Channel, ChannelFilter, ChannelKind};
use crate::ui::Ui;
use seen::{Look, Watched};

/// How soon it looks again after a look that is doubted, where the interval isn't shorter.
const CONFIRMED_AFTER: Duration = Duration::from_secs(5);
/// How soon it tries again what failed before anything was seen: a person is likely to sit before it.
const BEGUN_AFTER: Duration = Duration::from_secs(1);
/// So many looks in a row end it, that are refused the credentials or come to no end. A firewall or a busy database
/// does either for a moment.
const FAILURES: u32 = 3;
/// What is watched, and how.
pub struct Watch<'a> {
    pub account: &'a Account,
    pub ui: &'a Ui,
    /// None means all.
    pub kinds: Vec<ChannelKind>,
    pub interval: Duration,
    /// Whether the channels are told whole, or by their names, ids and times alone.
    pub whole: bool,
}

/// What one look shows.
#[derive(Default)]
pub struct Now {
    pub total: usize,
    /// Of how many the API tells no state.
    pub unknown: usize,
    pub disconnected: Vec<Channel>,
}

impl Watch<'_> {
    /// Looks until nobody reads any more, or nothing is to be waited for. Each channel that has changed is told, and its
    /// command runs beside the looking.
    pub async fn on(
        &self,
        commands: &mut Commands,
        mut tell: impl FnMut(&Channel) -> Result<()>,
    ) -> Result<()> {
        let mut so_far = SoFar::default();
        loop {
            let mut look = Look::default();
            let looking =
                self.channels(|channel| look.see(&so_far.watched, channel, |channel| self.needed(channel)));
            let mut pause = self.interval;
            match commands.beside(looking).await {
                Ok(()) => {
                    for channel in so_far.believed(self.ui, look, &mut pause) {
                        tell(&channel)?;
                        commands.add(&channel);
                    }
                }
                Err(error) => so_far.failed(self.ui, error, &mut pause)?,
            }
            if self.ui.reader_is_gone().await {
                return Ok(());
            }
            commands.beside(sleep(pause)).await;
        }
    }

    /// Looks once.
    pub async fn once(&self) -> Result<Now> {
        match self.look_once().await {
            // Channels that come and go while it is read can make a page look like another.
            Err(error) if matches!(error.downcast_ref(), Some(Failure::EndlessChannels { .. })) => {
                sleep(BEGUN_AFTER).await;
                self.look_once().await
            }
            now => now,
        }
    }

    async fn look_once(&self) -> Result<Now> {
        let (mut now, mut kept) = (Now::default(), Kept::default());
        self.channels(|channel| {
            now.total += 1;
            now.unknown += usize::from(channel.is_connected.is_none());
            if channel.is_disconnected() {
                let channel = self.needed(channel);
                kept.whole(&channel)?;
                now.disconnected.push(channel);
            }
            Ok(())
        })
        .await?;
        Ok(now)
    }

    /// Each channel that is watched, as it is now.
    async fn channels(&self, mut each: impl FnMut(Channel) -> Result<()>) -> Result<()> {
        let filter = ChannelFilter::of(None, &self.kinds);
        channels(&self.account.api, &filter, |batch| {
            let wanted = |channel: &Channel| self.kinds.is_empty() || self.kinds.contains(&channel.kind);
            batch.into_iter().filter(wanted).try_for_each(&mut each)?;
            Ok(true)
        })
        .await
    }

    /// As much of a channel as is told of it.
    fn needed(&self, channel: Channel) -> Channel {
        if self.whole { channel } else { slim(channel, &["disconnectedAt", "updatedAt"]) }
    }
}

/// What the looks so far have come to.
#[derive(Default)]
struct SoFar {
    watched: Watched,
    unreachable: bool,
    doubted: bool,
    failures: Failures,
}

impl SoFar {
    /// The channels that have changed; none where the look has to be confirmed by another one, after a shorter `pause`.
    fn believed(&mut self, ui: &Ui, look: Look, pause: &mut Duration) -> Vec<Channel> {
        self.failures = Failures::default();
        if std::mem::take(&mut self.unreachable) {
            ui.say("The API answers again.");
        }
        if self.watched.doubts(&look) && !std::mem::replace(&mut self.doubted, true) {
            *pause = CONFIRMED_AFTER.min(*pause);
            let odd = what_is_odd(&look);
            ui.warn(&format!("{odd}. Looking again in {} s before anything is told", pause.as_secs()));
            return Vec::new();
        }
        self.doubted = false;
        if !self.watched.has_begun() {
            let (count, disconnected, unknown) = (look.count(), look.disconnected(), look.unknown());
            ui.say(&format!("Watching {count} channels, {disconnected} disconnected now."));
            if unknown > 0 {
                ui.warn(&format!(
                    "the API doesn't tell whether {unknown} of {count} channels are connected; of those, only one that is \
                     no longer listed is told"
                ));
            }
        }
        let changed = self.watched.believe(look);
        let missing = self.watched.missing();
        if missing > 0 {
            *pause = CONFIRMED_AFTER.min(*pause);
            let them =
                if missing == 1 { "1 channel is".to_owned() } else { format!("{missing} channels are") };
            ui.warn(&format!(
                "{them} not listed any more. Looking again in {} s before that is told",
                pause.as_secs()
            ));
        }
        changed
    }

    /// Goes on after a look that failed, unless too many have.
    fn failed(&mut self, ui: &Ui, error: anyhow::Error, pause: &mut Duration) -> Result<()> {
        self.unreachable = true;
        let Some(left) = self.failures.left(&error) else { return Err(error) };
        if !self.watched.has_begun() {
            *pause = BEGUN_AFTER.min(*pause);
        }
        let ends = match left {
            Some(1) => "; once more, and it ends",
            Some(_) => "; a third time in a row, and it ends",
            None => "",
        };
        ui.warn(&format!("{error:#}. Looking again in {} s{ends}", pause.as_secs()));
        Ok(())
    }
}

fn what_is_odd(look: &Look) -> String {
    match (look.count(), look.disconnected()) {
        (0, _) => "this look shows no channel at all".to_owned(),
        (_, 0) => "this look shows none of the channels that were there".to_owned(),
        _ => "this look shows none connected of the channels that were".to_owned(),
    }
}

/// What has gone wrong in a row.
#[derive(Default)]
struct Failures {
    refused: u32,
    endless: u32,
}

impl Failures {
    /// Counts a failure. Gives whether it goes on, and how many more of this sort end it: without credentials that are
    /// accepted, or with a list that has no end, there is nothing to wait for.
    fn left(&mut self, error: &anyhow::Error) -> Option<Option<u32>> {
        let api = error.downcast_ref::<ApiError>();
        let refused = api.is_some_and(|error| error.known() == Some(Known::BadCredentials));
        let endless = matches!(error.downcast_ref(), Some(Failure::EndlessChannels { .. }));
        if api.is_none() && !endless {
            return None;
        }
        self.refused = if refused { self.refused + 1 } else { 0 };
        self.endless = if endless { self.endless + 1 } else { 0 };
        match self.refused.max(self.endless) {
            0 => Some(None),
            FAILURES.. => None,
            count => Some(Some(FAILURES - count)),
        }
    }
}
