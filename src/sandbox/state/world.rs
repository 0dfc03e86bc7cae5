//! The state in memory, and the changes that lead to it. Knows no file.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::seed::{self, Account, Seed};
use crate::types::time::Millis;
use crate::types::{ChannelKind, SignInKind};

/// The partner's settings. A field that was never set is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub webhook: Option<String>,
    pub secondary: Option<Vec<String>>,
    pub callback_messenger: Option<String>,
    pub callback_instagram: Option<String>,
}

impl Settings {
    /// Where a sign-in of that kind returns to: unset and empty are the same here.
    pub fn callback(&self, kind: SignInKind) -> Option<&str> {
        let callback = match kind {
            SignInKind::Messenger => &self.callback_messenger,
            SignInKind::Instagram => &self.callback_instagram,
        };
        callback.as_deref().filter(|url| !url.is_empty())
    }
}

/// What one consent gave: a token, and the pages that it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub token: String,
    pub ticked: Ticked,
}

/// The pages of a grant, by their place in the listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ticked {
    All,
    /// In ascending order, each once.
    Some(Vec<usize>),
}

impl Ticked {
    /// Whether the page at that place is covered.
    pub fn covers(&self, place: usize) -> bool {
        match self {
            Ticked::All => true,
            Ticked::Some(places) => places.binary_search(&place).is_ok(),
        }
    }
}

/// One line of the state file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// These are the settings now.
    Settings(Settings),
    /// This is the grant of that kind now.
    Grant { kind: SignInKind, grant: Grant },
    /// This channel is new, or looks like this now.
    Channel(Channel),
    /// The channel with this number is gone.
    Gone(u64),
    /// So many generated pages of each kind exist now.
    Pages(usize),
}

/// Everything the sandbox knows.
#[derive(Debug, Default)]
pub struct World {
    pub seed: Seed,
    pub settings: Settings,
    grants: HashMap<SignInKind, Grant>,
    channels: BTreeMap<u64, Channel>,
    by_id: HashMap<String, u64>,
    by_page: HashMap<(ChannelKind, String), u64>,
    next: u64,
}

impl World {
    /// As it is at the beginning.
    pub fn new(seed: Seed) -> World {
        let channels = seed.channels();
        let mut world = World::empty(seed, 1);
        channels.into_iter().for_each(|channel| world.put(channel));
        world
    }

    /// Without any channel, and with the numbers below `next` used up.
    pub fn empty(seed: Seed, next: u64) -> World {
        World { seed, next, ..World::default() }
    }

    /// Makes the change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Settings(settings) => self.settings = settings,
            Change::Grant { kind, grant } => {
                self.grants.insert(kind, grant);
            }
            Change::Channel(channel) => self.put(channel),
            Change::Gone(seq) => self.remove(seq),
            Change::Pages(count) => self.seed.pages = Some(count),
        }
    }

    /// The changes that lead from an empty world to this one.
    pub fn as_changes(&self) -> impl Iterator<Item = Change> + '_ {
        let settings = std::iter::once(Change::Settings(self.settings.clone()));
        let grants = self.grants.iter().map(|(&kind, grant)| Change::Grant { kind, grant: grant.clone() });
        settings.chain(grants).chain(self.channels.values().cloned().map(Change::Channel))
    }

    fn put(&mut self, channel: Channel) {
        self.next = self.next.max(channel.seq + 1);
        self.by_id.insert(channel.id.clone(), channel.seq);
        self.by_page.insert((channel.kind.clone(), channel.channel_id.clone()), channel.seq);
        self.channels.insert(channel.seq, channel);
    }

    fn remove(&mut self, seq: u64) {
        let Some(channel) = self.channels.remove(&seq) else { return };
        self.by_id.remove(&channel.id);
        self.by_page.remove(&(channel.kind, channel.channel_id));
    }

    /// The number of the next channel.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// All channels, the oldest first.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// How many there are.
    pub fn channel_count(&self) -> usize {
        self.channels.len()
    }

    /// The channel with this `_id`, whose digits may be capitals.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.get(self.by_id.get(&id.to_ascii_lowercase())?)
    }

    /// The channel of this page, account, bot or phone.
    pub fn channel_of(&self, kind: ChannelKind, channel_id: &str) -> Option<&Channel> {
        self.channels.get(self.by_page.get(&(kind, channel_id.to_owned()))?)
    }

    /// The grant that this token stands for.
    pub fn grant(&self, kind: SignInKind, token: &str) -> Option<&Grant> {
        self.grants.get(&kind).filter(|grant| grant.token == token)
    }

    /// The accounts of a grant, from a place on.
    pub fn covered<'a>(
        &'a self,
        kind: SignInKind,
        grant: &'a Grant,
        from: usize,
    ) -> impl Iterator<Item = (usize, Account)> + 'a {
        let (places, end) = match &grant.ticked {
            Ticked::All => (None, self.account_count(kind)),
            Ticked::Some(places) => (Some(places), places.len()),
        };
        (from.min(end)..end).filter_map(move |at| {
            let place = places.map_or(at, |places| places[at]);
            Some((at, seed::account(self.seed.pages, kind, place)?))
        })
    }

    /// How many accounts of a kind the person has.
    pub fn account_count(&self, kind: SignInKind) -> usize {
        seed::count(self.seed.pages, kind)
    }

    /// Where that account stands among them.
    pub fn place_of(&self, kind: SignInKind, id: &str) -> Option<usize> {
        seed::place_of(self.seed.pages, kind, id)
    }

    /// The account at a place.
    pub fn account(&self, kind: SignInKind, place: usize) -> Option<Account> {
        seed::account(self.seed.pages, kind, place)
    }

    /// Whether the account at this place is connected with somebody else's Socialchat account.
    pub fn is_foreign(&self, kind: SignInKind, place: usize) -> bool {
        place + self.seed.foreign >= self.account_count(kind)
    }

    /// The channels of this kind that lose access when only these pages are ticked.
    pub fn losing(&self, kind: SignInKind, ticked: &Ticked, now: Millis) -> Vec<Channel> {
        let own = self.channels().filter(|channel| channel.kind.sign_in() == Some(kind));
        own.filter(|channel| channel.disconnected_at.is_none())
            .filter(|channel| {
                let place = self.place_of(kind, &channel.channel_id);
                place.is_none_or(|place| !ticked.covers(place))
            })
            .map(|channel| {
                let mut channel = channel.clone();
                channel.disconnect(now);
                channel
            })
            .collect()
    }
}
