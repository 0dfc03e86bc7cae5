//! Connecting and disconnecting on the platform's own page: no call does it, so a person does, and it is noticed here.

mod find;
mod visit;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Result;

use super::AtQontak;
use super::outcome::{Action, Done};
use crate::failure::{Failure, Qontak};
use crate::platform::Platform;
use crate::platform::qontak::targets;
use crate::types::{Channel, ChannelDbId, ChannelKind};
use crate::ui::{Ui, text};

pub use find::channels_on_page;
use find::of_kind;
pub use visit::{Act, Person, Visitor};

/// The page, and how long somebody may take there.
pub struct Page<'a> {
    pub account: &'a AtQontak,
    pub ui: &'a Ui,
    pub visitor: Visitor,
    pub time_limit: Duration,
}

impl Page<'_> {
    /// Waits for channels of that kind that weren't there before, or were inactive.
    pub async fn connect(&self, kind: &ChannelKind) -> Result<Vec<Done>> {
        let target = targets(kind).last().copied().unwrap_or_default();
        let before = self.of_kind(kind).await?;
        let before: HashMap<_, _> =
            before.into_iter().map(|channel| (channel.id, channel.is_connected)).collect();
        self.visit(vec![Act::Connect(target)], Some(kind)).await?;
        let connected = |now: Vec<Channel>| {
            let done = now.into_iter().filter_map(|channel| {
                let action = match before.get(&channel.id) {
                    None if !channel.is_disconnected() => Action::Connected,
                    Some(Some(false)) if channel.is_connected == Some(true) => Action::Reconnected,
                    _ => return None,
                };
                Some(Done::of(channel, Ok(action)))
            });
            let done: Vec<Done> = done.collect();
            (!done.is_empty()).then_some(done)
        };
        match self.wait(async || Ok(connected(self.of_kind(kind).await?))).await? {
            Some(done) => Ok(done),
            None => Err(self.missed(Qontak::NotConnected { kind: kind.clone(), seconds: self.seconds() })),
        }
    }

    /// Waits until each of these, of one kind, is active again, itself or another of its name in its place. One that is
    /// active from the begin is skipped: nothing would show that it was done.
    pub async fn reconnect(&self, kind: &ChannelKind, chosen: Vec<Channel>) -> Result<Vec<Done>> {
        // Before anything is said: what comes from then on is new.
        let before: HashMap<_, _> =
            self.of_kind(kind).await?.into_iter().map(|channel| (channel.id.clone(), channel)).collect();
        let (mut done, mut pending): (Vec<Done>, Vec<Channel>) = (Vec::new(), Vec::new());
        for channel in chosen {
            match channel.is_connected {
                Some(true) => done.push(self.skipped(channel, "is active")),
                _ => pending.push(channel),
            }
        }
        if pending.is_empty() {
            return Ok(done);
        }
        let acts: Vec<Act> = pending.iter().map(|channel| Act::Reconnect(channel.id.clone())).collect();
        self.visit(acts, None).await?;
        let mut left = pending.clone();
        let look = async || {
            let now = self.of_kind(kind).await?;
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

    /// Waits until each of these is gone, and says in which way. One that is inactive from the begin is skipped: whether
    /// the page removes a record or leaves it inactive, no document says.
    pub async fn disconnect(&self, chosen: Vec<Channel>) -> Result<Vec<Done>> {
        let (mut done, mut pending): (Vec<Done>, Vec<(Channel, bool)>) = (Vec::new(), Vec::new());
        for channel in chosen {
            match channel.is_connected {
                Some(false) => done.push(self.skipped(channel, "is inactive already")),
                _ => {
                    let is_readable = self.account.api.read(&channel.id).await?.is_some();
                    pending.push((channel, is_readable));
                }
            }
        }
        if pending.is_empty() {
            return Ok(done);
        }
        let acts: Vec<Act> = pending.iter().map(|(channel, _)| Act::Disconnect(channel.id.clone())).collect();
        self.visit(acts, None).await?;
        let look = async || {
            for (channel, is_readable) in std::mem::take(&mut pending) {
                match self.way_gone(&channel, is_readable).await {
                    Ok(Some(way)) => {
                        self.ui.say(&format!("{} ({}) {way}.", text::name(&channel.name), channel.id));
                        done.push(Done::of(channel, Ok(Action::Disconnected)));
                    }
                    Ok(None) => pending.push((channel, is_readable)),
                    Err(error) => {
                        pending.push((channel, is_readable));
                        return Err(error);
                    }
                }
            }
            Ok(pending.is_empty().then_some(()))
        };
        self.wait(look).await?;
        done.extend(pending.into_iter().map(|(channel, _)| {
            let missed = Qontak::NotDisconnected { seconds: self.seconds() };
            Done::of(channel, Err(self.missed(missed)))
        }));
        Ok(done)
    }

    /// In which way a channel is gone; none while it is there. Gone from the list is not enough where it can still be read.
    async fn way_gone(&self, channel: &Channel, is_readable: bool) -> Result<Option<&'static str>> {
        Ok(match self.account.api.channel(&channel.id).await? {
            Some(now) if now.is_disconnected() => Some("is inactive now"),
            Some(_) => None,
            None if is_readable => Some("is gone: it is no longer listed, and asking for it answers 404"),
            None => Some("is gone: it is no longer listed"),
        })
    }

    fn skipped(&self, channel: Channel, why: &str) -> Done {
        let page = self.account.api.web_page();
        self.ui.say(&format!(
            "{} ({}) {why}, so there is nothing to wait for. To change it all the same: {page}",
            text::name(&channel.name),
            channel.id
        ));
        Done::of(channel, Ok(Action::Skipped))
    }

    /// How long was waited. For the sandbox nobody waits.
    fn seconds(&self) -> u64 {
        if matches!(self.visitor, Visitor::Sandbox(_)) { 0 } else { self.time_limit.as_secs() }
    }

    fn missed(&self, what: Qontak) -> anyhow::Error {
        Failure::Qontak(what).into()
    }

    async fn of_kind(&self, kind: &ChannelKind) -> Result<Vec<Channel>> {
        of_kind(&Platform::Qontak(self.account.api.clone()), kind).await
    }
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
