//! What watching knows: the state of each channel, what has changed, and which looks are too odd to be believed at once.

use std::collections::HashMap;

use anyhow::Result;

use crate::flow::listing::{Kept, slim};
use crate::types::{Channel, ChannelDbId};

/// So many channels that are not listed any more are remembered at most.
const MOST_MISSING: usize = 100_000;

/// What was seen so far.
#[derive(Default)]
pub struct Watched {
    /// Those that a look didn't show as well: they are no new ones when they are back.
    known: HashMap<ChannelDbId, Seen>,
    looks: u64,
}

struct Seen {
    /// Without its further fields.
    channel: Channel,
    look: u64,
}

/// One look, as it comes in.
#[derive(Default)]
pub struct Look {
    channels: HashMap<ChannelDbId, Channel>,
    changed: Vec<Channel>,
    kept: Kept,
}

impl Look {
    /// Takes a channel as it is now; a second time, where pages have shifted while they were read, it is passed over. Of one that has changed as much is kept as `needed` leaves. Fails when the look is
    /// too large for the memory.
    pub fn see(
        &mut self,
        watched: &Watched,
        channel: Channel,
        needed: impl FnOnce(Channel) -> Channel,
    ) -> Result<()> {
        if self.channels.contains_key(&channel.id) {
            return Ok(());
        }
        self.kept.slim(&channel)?;
        if watched.has_changed(&channel) {
            let channel = needed(channel.clone());
            self.kept.whole(&channel)?;
            self.changed.push(channel);
        }
        self.channels.insert(channel.id.clone(), slim(channel, &[]));
        Ok(())
    }

    /// How many channels it shows.
    pub fn count(&self) -> usize {
        self.channels.len()
    }

    /// How many of them are disconnected.
    pub fn disconnected(&self) -> usize {
        self.channels.values().filter(|channel| channel.is_disconnected()).count()
    }

    /// Of how many the API tells no state.
    pub fn unknown(&self) -> usize {
        self.channels.values().filter(|channel| channel.is_connected.is_none()).count()
    }
}

impl Watched {
    /// Whether anything was seen yet.
    pub fn has_begun(&self) -> bool {
        self.looks > 0
    }

    /// Whether the look should be confirmed by another one before it is believed: a cache or an API that starts up can
    /// show nothing, or all that were connected as gone or disconnected. The first look is doubted where it is empty.
    pub fn doubts(&self, look: &Look) -> bool {
        if !self.has_begun() {
            return look.channels.is_empty();
        }
        let last = || self.known.iter().filter(|(_, seen)| seen.look == self.looks);
        let were_connected = || last().filter(|(_, seen)| seen.channel.is_connected == Some(true));
        let all_gone = last().nth(1).is_some() && last().all(|(id, _)| !look.channels.contains_key(id));
        let is_connected = |id| look.channels.get(id).and_then(|channel| channel.is_connected) == Some(true);
        let none_connected =
            were_connected().nth(1).is_some() && !were_connected().any(|(id, _)| is_connected(id));
        all_gone || none_connected
    }

    /// Believes the look. Gives the channels that have changed since they were last seen, and those that this look is the
    /// second not to show: not connected, and `vanished`.
    pub fn believe(&mut self, look: Look) -> Vec<Channel> {
        self.looks += 1;
        let count = look.channels.len();
        for (id, mut channel) in look.channels {
            // What isn't told leaves what was known.
            let before = || self.known.get(&id).and_then(|seen| seen.channel.is_connected);
            channel.is_connected = channel.is_connected.or_else(before);
            self.known.insert(id, Seen { channel, look: self.looks });
        }
        let gone =
            self.known.values().filter(|seen| seen.look + 2 == self.looks && !seen.channel.is_disconnected());
        let mut gone: Vec<Channel> = gone.map(|seen| vanished(seen.channel.clone())).collect();
        gone.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        if self.known.len() > count + MOST_MISSING {
            self.known.retain(|_, seen| seen.look + 1 >= self.looks);
        }
        look.changed.into_iter().chain(gone).collect()
    }

    /// How many the last look didn't show that the one before it did, and that were not disconnected.
    pub fn missing(&self) -> usize {
        let missing = |seen: &&Seen| seen.look + 1 == self.looks && !seen.channel.is_disconnected();
        self.known.values().filter(missing).count()
    }

    /// Whether it is to be told: one that wasn't there before and is disconnected was disconnected meanwhile, and one that
    /// had vanished is back.
    fn has_changed(&self, channel: &Channel) -> bool {
        let seen = self.known.get(&channel.id);
        let was_gone = seen.is_some_and(|seen| seen.look + 2 <= self.looks);
        let (before, now) = match was_gone {
            true => (Some(false), channel.is_connected.or(Some(true))),
            false => (seen.and_then(|seen| seen.channel.is_connected), channel.is_connected),
        };
        self.has_begun() && now.is_some_and(|now| now != before.unwrap_or(true))
    }
}

/// A channel that is no longer listed, as it was last seen.
fn vanished(mut channel: Channel) -> Channel {
    channel.is_connected = Some(false);
    channel.rest.insert("vanished".to_owned(), true.into());
    channel
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(watched: &Watched, states: &[(u32, bool)]) -> Look {
        let mut look = Look::default();
        for (number, connected) in states {
            let json = serde_json::json!({ "_id": number.to_string(), "isConnected": connected });
            let channel = Channel::of(json.as_object().unwrap().clone()).unwrap();
            look.see(watched, channel, |channel| channel).unwrap();
        }
        look
    }

    fn changes(watched: &mut Watched, states: &[(u32, bool)]) -> Vec<String> {
        let look = look(watched, states);
        watched.believe(look).into_iter().map(|channel| channel.id.to_string()).collect()
    }

    #[test]
    fn what_has_changed_is_told_once_and_a_look_without_it_changes_nothing() {
        let mut watched = Watched::default();
        assert!(changes(&mut watched, &[(1, true), (2, false), (3, true)]).is_empty(), "the first look");
        assert_eq!(changes(&mut watched, &[(1, true), (2, true), (3, false)]), ["2", "3"]);
        assert!(changes(&mut watched, &[(1, true)]).is_empty());
        assert_eq!(watched.missing(), 1, "3 was disconnected before");
        assert!(changes(&mut watched, &[(1, true), (2, true), (3, false)]).is_empty(), "they are back");
        assert_eq!(changes(&mut watched, &[(1, true), (2, true), (4, false), (5, true)]), ["4"], "new ones");
        assert_eq!(changes(&mut watched, &[(1, false), (2, true), (1, false)]), ["1"], "listed twice");
    }

    #[test]
    fn a_channel_that_two_looks_do_not_show_is_told_once_and_when_it_is_back() {
        let mut watched = Watched::default();
        changes(&mut watched, &[(1, true), (2, false), (3, true)]);
        assert!(changes(&mut watched, &[(1, true)]).is_empty());
        let gone = watched.believe(look(&Watched::default(), &[(1, true)]));
        assert_eq!(gone.len(), 1, "2 was disconnected before");
        let gone = serde_json::to_value(&gone[0]).unwrap();
        assert_eq!(
            (&gone["_id"], &gone["isConnected"], &gone["vanished"]),
            (&"3".into(), &false.into(), &true.into())
        );
        assert!(changes(&mut watched, &[(1, true)]).is_empty());
        assert_eq!(changes(&mut watched, &[(1, true), (2, false), (3, true)]), ["3"]);
    }

    #[test]
    fn a_look_that_shows_none_of_several_is_doubted() {
        let mut watched = Watched::default();
        assert!(watched.doubts(&look(&watched, &[])));
        assert!(!watched.doubts(&look(&watched, &[(1, false)])));
        changes(&mut watched, &[(1, true), (2, true), (3, false)]);
        for odd in
            [&[][..], &[(9, true)], &[(1, false), (2, false), (3, false)], &[(3, false)], &[(2, false)]]
        {
            assert!(watched.doubts(&look(&watched, odd)), "{odd:?}");
        }
        for plain in [&[(1, true)][..], &[(1, false), (2, true)], &[(1, false), (2, true), (3, true)]] {
            assert!(!watched.doubts(&look(&watched, plain)), "{plain:?}");
        }
        changes(&mut watched, &[(1, true)]);
        assert!(!watched.doubts(&look(&watched, &[(1, false)])), "the only one");
    }

    #[test]
    fn those_that_are_gone_are_forgotten_when_they_are_too_many() {
        let mut watched = Watched::default();
        let many: Vec<(u32, bool)> = (0..MOST_MISSING as u32).map(|number| (number, true)).collect();
        changes(&mut watched, &many);
        changes(&mut watched, &[(1_000_000, true)]);
        assert_eq!(watched.known.len(), MOST_MISSING + 1);
        changes(&mut watched, &[(1_000_001, true)]);
        assert_eq!(watched.known.len(), 2);
    }
}
