//! Connecting and disconnecting on the platform's own page: no call does it, so a person does, and it is noticed here.

mod find;
mod steps;
mod visit;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::Result;

use super::AtQontak;
use super::outcome::{Action, Done};
use crate::failure::{Failure, Qontak};
use crate::platform::Platform;
use crate::types::{Channel, ChannelDbId, ChannelKind};
use crate::ui::{Ui, text};

pub use find::channels_on_page;
use find::of_kinds;
use steps::Visit;
pub use visit::{Act, Person, Visitor};

/// The page, and how long somebody may take there.
pub struct Page<'a> {
    pub account: &'a AtQontak,
    pub ui: &'a Ui,
    pub visitor: Visitor,
    pub time_limit: Duration,
}

impl Page<'_> {
    /// Waits for channels of that kind that weren't there before, active or not yet, or were inactive.
    pub async fn connect(&self, kind: &ChannelKind) -> Result<Vec<Done>> {
        let before = by_id(self.of_kinds(vec![kind.clone()]).await?);
        self.visit(Visit::Connect(kind)).await?;
        let connected = |now: Vec<Channel>| {
            let done = now.into_iter().filter_map(|channel| {
                let action = match before.get(&channel.id).map(|before| before.is_connected) {
                    None => Action::Connected,
                    Some(Some(false)) if channel.is_connected == Some(true) => Action::Reconnected,
                    _ => return None,
                };
                if channel.is_disconnected() {
                    self.ui.warn(&format!(
                        "{} ({}) is new, and not active yet",
                        text::name(&channel.name),
                        channel.id
                    ));
                }
                Some(Done::of(channel, Ok(action)))
            });
            let done: Vec<Done> = done.collect();
            (!done.is_empty()).then_some(done)
        };
        match self.wait(async || Ok(connected(self.of_kinds(vec![kind.clone()]).await?))).await? {
            Some(done) => Ok(done),
            None => Err(self.missed(Qontak::NotConnected { kind: kind.clone(), seconds: self.seconds() })),
        }
    }

    /// Waits until each of these, of one kind, is active again, itself or another of its name in its place. One that is
    /// active from the begin is skipped: nothing would show that it was done.
    pub async fn reconnect(&self, kind: &ChannelKind, chosen: Vec<Channel>) -> Result<Vec<Done>> {
        // Before anything is said: what comes from then on is new.
        let before = by_id(self.of_kinds(vec![kind.clone()]).await?);
        let (mut done, mut pending): (Vec<Done>, Vec<Channel>) = (Vec::new(), Vec::new());
        for channel in chosen {
            match channel.is_connected {
                Some(true) => done.push(skipped(self.account, self.ui, channel, "is active")),
                _ => pending.push(channel),
            }
        }
        if pending.is_empty() {
            return Ok(done);
        }
        self.visit(Visit::Reconnect(kind, &pending)).await?;
        let mut left = pending.clone();
        let look = async || {
            let now = self.of_kinds(vec![kind.clone()]).await?;
            left.retain(|channel| match now.iter().find(|now| is_reconnected(channel, now, &before)) {
                Some(now) => {
                    done.push(Done::of(now.clone(), Ok(Action::Reconnected)));
                    false
                }
                None => true,
            });
            Ok(left.is_empty().then_some(()))
        };
        self.wait(look).await?;
        done.extend(left.into_iter().map(|channel| {
            let missed = Qontak::NotReconnected { kind: kind.clone(), seconds: self.seconds() };
            Done::of(channel, Err(self.missed(missed)))
        }));
        Ok(done)
    }

    /// Waits until each of these is gone, and says in which way: whether the page removes a record or leaves it inactive, no
    /// document says.
    pub async fn disconnect(&self, mut pending: Vec<Channel>) -> Result<Vec<Done>> {
        let Some(first) = pending.first() else { return Ok(Vec::new()) };
        let is_readable = self.account.api.read(&first.id).await?.is_some();
        let kinds: Vec<ChannelKind> =
            pending.iter().map(|channel| channel.kind.clone()).collect::<HashSet<_>>().into_iter().collect();
        self.visit(Visit::Disconnect(&pending)).await?;
        let mut done = Vec::new();
        let look = async || {
            let listed = by_id(self.of_kinds(kinds.clone()).await?);
            let mut at = 0;
            while let Some(channel) = pending.get(at) {
                match self.way_gone(channel, listed.get(&channel.id), is_readable).await? {
                    Some(way) => {
                        self.ui.say(&format!("{} ({}) {way}.", text::name(&channel.name), channel.id));
                        done.push(Done::of(pending.remove(at), Ok(Action::Disconnected)));
                    }
                    None => at += 1,
                }
            }
            Ok(pending.is_empty().then_some(()))
        };
        self.wait(look).await?;
        done.extend(pending.into_iter().map(|channel| {
            let missed = Qontak::NotDisconnected { seconds: self.seconds() };
            Done::of(channel, Err(self.missed(missed)))
        }));
        Ok(done)
    }

    /// In which way a channel is gone; none while it is there. Gone from the list is not enough where it can still be read.
    async fn way_gone(
        &self,
        channel: &Channel,
        listed: Option<&Channel>,
        is_readable: bool,
    ) -> Result<Option<&'static str>> {
        let way = |now: &Channel| now.is_disconnected().then_some("is inactive now");
        Ok(match listed {
            Some(now) => way(now),
            None if is_readable => match self.account.api.read(&channel.id).await? {
                Some(now) => way(&now),
                None => Some("is gone: it is no longer listed, and asking for it answers 404"),
            },
            None => Some("is gone: it is no longer listed"),
        })
    }

    /// How long was waited. For the sandbox nobody waits.
    fn seconds(&self) -> u64 {
        if matches!(self.visitor, Visitor::Sandbox(_)) { 0 } else { self.time_limit.as_secs() }
    }

    fn missed(&self, what: Qontak) -> anyhow::Error {
        Failure::Qontak(what).into()
    }

    /// All channels of these kinds, as they are now.
    async fn of_kinds(&self, kinds: Vec<ChannelKind>) -> Result<Vec<Channel>> {
        of_kinds(&Platform::Qontak(self.account.api.clone()), kinds).await
    }
}

fn by_id(channels: Vec<Channel>) -> HashMap<ChannelDbId, Channel> {
    channels.into_iter().map(|channel| (channel.id.clone(), channel)).collect()
}

/// A channel with which there is nothing to do, since it is so already; says that.
pub fn skipped(account: &AtQontak, ui: &Ui, channel: Channel, why: &str) -> Done {
    ui.say(&format!(
        "{} ({}) {why}, so there is nothing to wait for. To change it all the same: {}",
        text::name(&channel.name),
        channel.id,
        account.api.web_page()
    ));
    Done::of(channel, Ok(Action::Skipped))
}

/// Whether `now` is that channel, active again: itself, or a new one of its name. Where the API tells no state, any change of
/// its record counts.
fn is_reconnected(channel: &Channel, now: &Channel, before: &HashMap<ChannelDbId, Channel>) -> bool {
    if now.id == channel.id {
        let has_changed = || before.get(&now.id).is_some_and(|before| before.rest != now.rest);
        return match now.is_connected {
            Some(is) => is,
            None => channel.is_connected.is_none() && has_changed(),
        };
    }
    !before.contains_key(&now.id) && now.name == channel.name && !now.is_disconnected()
}
