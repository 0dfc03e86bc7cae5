//! What UnifiedBeez' sandbox knows.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::sandbox::state::{self, SEEDED_AT, Seed};
use crate::types::SignInKind;
use crate::types::time::Millis;

/// Ids of accounts and of channels are counted apart, so that one number is often both.
const FIRST_ACCOUNT: u64 = 11;
const FIRST_CHANNEL: u64 = 12;
/// The seed's disconnected accounts lost their tokens this long after they were connected.
const LOST_AFTER: Millis = 90 * 86_400_000;

/// Everything this platform's sandbox knows.
#[derive(Serialize, Deserialize)]
pub struct World {
    /// Which Pages and Instagram accounts the person has follows from it.
    pub seed: Seed,
    channels: BTreeMap<u64, Channel>,
    accounts: BTreeMap<u64, Account>,
    next_channel: u64,
    next_account: u64,
    pub sessions: Vec<Session>,
    pub next_session: u64,
    /// Logins that wait for their second factor.
    pub challenges: Vec<Challenge>,
    /// Sign-ins under way, the oldest first.
    pub sign_ins: Vec<SignIn>,
    /// The lists of ten thousand accounts take 15 ms to write: as they were asked for last, until something changes.
    #[serde(skip)]
    pub lists: Lists,
}

/// Lists as they are sent.
#[derive(Default)]
pub struct Lists {
    pub selected: OnceLock<Vec<u8>>,
    pub pages: OnceLock<Vec<u8>>,
    pub accounts: OnceLock<Vec<u8>>,
}

/// A session that began with a login.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    pub id: u64,
    pub value: String,
    pub email: String,
    pub device: Option<String>,
    pub created_at: Millis,
}

/// A login that waits for its second factor.
#[derive(Serialize, Deserialize)]
pub struct Challenge {
    pub token: String,
    pub created_at: Millis,
    pub attempts: u32,
    /// Whether the code by e-mail was asked for.
    pub is_code_sent: bool,
}

/// A sign-in that was begun here.
#[derive(Serialize, Deserialize)]
pub struct SignIn {
    pub state: String,
    pub kind: SignInKind,
    /// Where it returns to.
    pub origin: String,
    pub redirect_path: String,
    /// What the person allowed, by place, and the code that stands for it.
    pub allowed: Option<(String, Vec<usize>)>,
}

/// What a channel is of. Messenger and Instagram have the same `channelType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Slug {
    Messenger,
    Instagram,
    Telegram,
}

impl Slug {
    /// All of them, in the order of the catalogue.
    pub const ALL: [Slug; 3] = [Slug::Messenger, Slug::Instagram, Slug::Telegram];

    /// The name by which one is told from the other.
    pub fn as_str(self) -> &'static str {
        match self {
            Slug::Messenger => "facebook_messenger",
            Slug::Instagram => "instagram_direct",
            Slug::Telegram => "telegram",
        }
    }
}

impl From<SignInKind> for Slug {
    fn from(kind: SignInKind) -> Slug {
        match kind {
            SignInKind::Messenger => Slug::Messenger,
            SignInKind::Instagram => Slug::Instagram,
        }
    }
}

/// A channel of the workspace; those of Messenger and Instagram have accounts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Channel {
    pub id: u64,
    pub slug: Slug,
    pub connected_at: Millis,
    /// Whether it is in the workspace's selection.
    pub is_selected: bool,
}

/// A connected Page or Instagram account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub id: u64,
    pub kind: SignInKind,
    /// Facebook's or Instagram's own id.
    pub external: String,
    pub name: String,
    /// Whether its token works.
    pub is_active: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl World {
    /// As it is at the beginning: a Page, an Instagram account whose token is dead, and a Telegram bot; or as many Pages
    /// as the seed says.
    pub fn new(seed: &Seed) -> World {
        let mut world = World {
            seed: seed.clone(),
            channels: BTreeMap::new(),
            accounts: BTreeMap::new(),
            next_channel: FIRST_CHANNEL,
            next_account: FIRST_ACCOUNT,
            sessions: Vec::new(),
            next_session: 1,
            challenges: Vec::new(),
            sign_ins: Vec::new(),
            lists: Lists::default(),
        };
        if seed.pages.is_none() {
            world.seeded(SignInKind::Instagram, 1, false);
            world.seeded(SignInKind::Messenger, 3, true);
            world.select(Slug::Messenger, SEEDED_AT);
            world.select(Slug::Instagram, SEEDED_AT);
            world.select(Slug::Telegram, SEEDED_AT);
        } else if seed.channels > 0 {
            world.select(Slug::Messenger, SEEDED_AT);
            (0..seed.channels).for_each(|place| {
                world.seeded(SignInKind::Messenger, place, place >= seed.disconnected);
            });
        }
        world
    }

    fn seeded(&mut self, kind: SignInKind, place: usize, is_active: bool) {
        let Some(account) = self.seed.account(kind, place) else { return };
        let updated_at = if is_active { SEEDED_AT } else { SEEDED_AT + LOST_AFTER };
        self.add(kind, account, is_active, SEEDED_AT, updated_at);
    }

    fn add(
        &mut self,
        kind: SignInKind,
        account: state::Account,
        is_active: bool,
        created_at: Millis,
        updated_at: Millis,
    ) {
        let (id, external, name) = (self.next_account, account.id, account.name);
        self.next_account += 1;
        self.accounts.insert(id, Account { id, kind, external, name, is_active, created_at, updated_at });
    }

    /// Puts the channel into the selection, making it where there is none.
    fn select(&mut self, slug: Slug, now: Millis) {
        if let Some(channel) = self.channels.values_mut().find(|channel| channel.slug == slug) {
            channel.is_selected = true;
            return;
        }
        let id = self.next_channel;
        self.next_channel += 1;
        self.channels.insert(id, Channel { id, slug, connected_at: now, is_selected: true });
    }

    /// All channels.
    pub fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values()
    }

    /// The channel of these accounts.
    pub fn channel_of(&self, slug: Slug) -> Option<&Channel> {
        self.channels.values().find(|channel| channel.slug == slug)
    }

    /// All accounts, the oldest first.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// The accounts of a kind.
    pub fn accounts_of(&self, kind: SignInKind) -> impl Iterator<Item = &Account> {
        self.accounts().filter(move |account| account.kind == kind)
    }

    /// One account.
    pub fn account(&self, id: u64) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// Takes one account away.
    pub fn remove_account(&mut self, id: u64) {
        self.lists = Lists::default();
        self.accounts.remove(&id);
    }

    /// Takes a channel away, with all its accounts.
    pub fn remove_channel(&mut self, id: u64) {
        self.lists = Lists::default();
        let Some(channel) = self.channels.remove(&id) else { return };
        self.accounts.retain(|_, account| Slug::from(account.kind) != channel.slug);
    }

    /// Takes a channel out of the selection. Whether there was one.
    pub fn unselect(&mut self, id: u64) -> bool {
        self.lists = Lists::default();
        let channel = self.channels.get_mut(&id);
        channel.map(|channel| channel.is_selected = false).is_some()
    }

    /// Connects the accounts at these places of the person's list, in ascending order, anew where they are connected;
    /// the other accounts of the kind lose their tokens. How many are connected by it: not those of somebody else.
    pub fn connect(&mut self, kind: SignInKind, places: &[usize], now: Millis) -> usize {
        let own = self.seed.count(kind).saturating_sub(self.seed.foreign);
        let ticked = places.iter().filter(|place| **place < own);
        let mut ticked: BTreeMap<String, state::Account> = ticked
            .filter_map(|place| self.seed.account(kind, *place))
            .map(|account| (account.id.clone(), account))
            .collect();
        let count = ticked.len();
        if count == 0 {
            return 0;
        }
        self.lists = Lists::default();
        for account in self.accounts.values_mut().filter(|account| account.kind == kind) {
            account.is_active = ticked.remove(&account.external).is_some();
            account.updated_at = now;
        }
        self.select(kind.into(), now);
        // In the order of the person's list, whatever their ids are.
        for place in places {
            let account = self.seed.account(kind, *place).and_then(|account| ticked.remove(&account.id));
            account.into_iter().for_each(|account| self.add(kind, account, true, now, now));
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active(world: &World) -> Vec<(u64, bool)> {
        world.accounts_of(SignInKind::Messenger).map(|account| (account.id, account.is_active)).collect()
    }

    #[test]
    fn a_connected_page_keeps_its_account_and_those_not_ticked_lose_theirs() {
        let mut world = World::new(&Seed { pages: Some(4), channels: 2, disconnected: 1, foreign: 1 });
        assert_eq!(active(&world), [(11, false), (12, true)]);
        assert_eq!(world.connect(SignInKind::Messenger, &[0, 2, 3], 5), 2, "the last is somebody else's");
        assert_eq!(active(&world), [(11, true), (12, false), (13, true)]);
        assert_eq!(world.connect(SignInKind::Messenger, &[3], 5), 0);
        assert_eq!(active(&world), [(11, true), (12, false), (13, true)], "nothing changes");
    }

    #[test]
    fn one_number_is_an_account_and_a_channel_and_they_go_apart() {
        let mut world = World::new(&Seed::default());
        let channel = world.channel_of(Slug::Messenger).unwrap().id;
        assert_eq!(world.account(channel).map(|account| account.kind), Some(SignInKind::Messenger));
        world.remove_account(channel);
        assert!(world.channel_of(Slug::Messenger).is_some());
        world.connect(SignInKind::Messenger, &[0, 1], 5);
        world.remove_channel(channel);
        assert!(world.accounts_of(SignInKind::Messenger).next().is_none());
        assert_eq!(world.accounts_of(SignInKind::Instagram).count(), 1);
        world.connect(SignInKind::Messenger, &[0], 5);
        assert_ne!(world.channel_of(Slug::Messenger).unwrap().id, channel, "no number is used twice");
    }
}
