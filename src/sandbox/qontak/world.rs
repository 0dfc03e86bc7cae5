//! What Qontak's sandbox remembers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::options::Disconnecting;
use super::super::state::{Account, SEEDED_AT, Seed};
use super::integration::{DOCUMENTED, Integration, Naming};
use super::rate::Rate;
use super::token::{ACCESS_TOKEN, REFRESH_TOKEN};
use crate::types::SignInKind::Messenger;
use crate::types::time::Millis;

const MINUTE: Millis = 60_000;
/// Token pairs that are remembered at a time.
const MAX_TOKENS: usize = 100;

/// Everything this platform's sandbox knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct World {
    /// Which Pages the person has, and how many of them, the last ones, somebody else's account has connected.
    seed: Seed,
    /// The number of the next integration.
    next: u64,
    /// In the order in which they were made.
    integrations: Vec<Integration>,
    /// How many token pairs were given, and the tokens that hold.
    granted: u64,
    access: Vec<String>,
    refresh: Vec<String>,
    #[serde(skip)]
    pub rate: Rate,
}

/// Whose a Page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    Free,
    /// Connected, and active for all that is known.
    Connected(&'a Integration),
    /// Connected once: it may be connected again.
    Inactive(&'a Integration),
    /// Connected with somebody else's account.
    Foreign,
}

impl World {
    /// The beginning: a business with an integration of every kind, or Pages of which so many are connected.
    pub fn new(seed: &Seed) -> World {
        let integrations = match seed.pages {
            None => usual(),
            Some(_) => (0..seed.channels).map_while(|place| of_page(seed, place)).collect(),
        };
        World {
            seed: seed.clone(),
            next: integrations.len() as u64 + 1,
            integrations,
            granted: 0,
            access: vec![ACCESS_TOKEN.to_owned()],
            refresh: vec![REFRESH_TOKEN.to_owned()],
            rate: Rate::default(),
        }
    }

    /// The oldest first.
    pub fn integrations(&self) -> &[Integration] {
        &self.integrations
    }

    /// The one with this id.
    pub fn find(&self, id: &str) -> Option<&Integration> {
        self.integrations.iter().find(|own| own.id == id)
    }

    /// The Pages that the person may choose from, each with whose it is.
    pub fn accounts(&self) -> impl Iterator<Item = (Account, Standing<'_>)> {
        let count = self.seed.count(Messenger);
        let first_foreign = count.saturating_sub(self.seed.foreign);
        let connected: HashMap<&str, &Integration> =
            self.integrations.iter().filter_map(|own| Some((own.page.as_deref()?, own))).collect();
        (0..count).filter_map(move |place| {
            let account = self.seed.account(Messenger, place)?;
            let standing = match connected.get(account.id.as_str()) {
                Some(own) if own.is_active == Some(false) => Standing::Inactive(own),
                Some(own) => Standing::Connected(own),
                None if place >= first_foreign => Standing::Foreign,
                None => Standing::Free,
            };
            Some((account, standing))
        })
    }

    /// What a person would connect next: the first free Page for Messenger, anything for another kind.
    pub fn next_account(&self, target_channel: &str) -> Option<Account> {
        if target_channel == "fb" {
            return self.accounts().find(|(_, standing)| *standing == Standing::Free).map(|(page, _)| page);
        }
        let (_, title) = DOCUMENTED.iter().find(|(name, _)| *name == target_channel)?;
        Some(Account { id: String::new(), name: format!("{title} {}", self.next) })
    }

    /// Connects an account, and gives the new id.
    pub fn connect(&mut self, target_channel: &str, account: Account, now: Millis) -> String {
        let mut integration = Integration::new(self.next, target_channel, Some(&account.name), now);
        integration.page = Some(account.id).filter(|id| !id.is_empty());
        self.next += 1;
        let id = integration.id.clone();
        self.integrations.push(integration);
        id
    }

    /// Makes one active, if there is one with this id.
    pub fn activate(&mut self, id: &str, now: Millis) {
        self.set_active(id, true, now);
    }

    /// Removes one, or leaves it inactive.
    pub fn disconnect(&mut self, id: &str, how: Disconnecting, now: Millis) {
        match how {
            Disconnecting::Remove => self.integrations.retain(|own| own.id != id),
            Disconnecting::Deactivate => self.set_active(id, false, now),
        }
    }

    fn set_active(&mut self, id: &str, is_active: bool, now: Millis) {
        if let Some(own) = self.integrations.iter_mut().find(|own| own.id == id) {
            (own.is_active, own.updated_at) = (Some(is_active), now);
        }
    }

    /// Whether this access token holds.
    pub fn admits(&self, token: &str) -> bool {
        self.access.iter().any(|own| own == token)
    }

    /// Whether this refresh token was not used yet.
    pub fn refreshes(&self, token: &str) -> bool {
        self.refresh.iter().any(|own| own == token)
    }

    /// It was used.
    pub fn spend(&mut self, refresh_token: &str) {
        self.refresh.retain(|own| own != refresh_token);
    }

    /// A new pair: access token, refresh token.
    pub fn grant(&mut self) -> (String, String) {
        self.granted += 1;
        let pair = (format!("{ACCESS_TOKEN}-{}", self.granted), format!("{REFRESH_TOKEN}-{}", self.granted));
        for (kept, token) in [(&mut self.access, &pair.0), (&mut self.refresh, &pair.1)] {
            if kept.len() >= MAX_TOKENS {
                // The first access token is the settings page's.
                kept.remove(1);
            }
            kept.push(token.clone());
        }
        pair
    }
}

/// The integration of a generated Page, the first of which are disconnected.
fn of_page(seed: &Seed, place: usize) -> Option<Integration> {
    let page = seed.account(Messenger, place)?;
    let seq = place as u64 + 1;
    let mut integration = Integration::new(seq, "fb", Some(&page.name), SEEDED_AT + seq * 1000);
    integration.page = Some(page.id);
    integration.is_active = Some(place >= seed.disconnected);
    Some(integration)
}

/// One of every kind, and of Messenger the odd ones, too. Those of Messenger are the newest.
fn usual() -> Vec<Integration> {
    let mut all: Vec<Integration> = Vec::new();
    let mut add = |target_channel: &str, name: Option<&str>, change: &dyn Fn(&mut Integration)| {
        let seq = all.len() as u64 + 1;
        let mut own = Integration::new(seq, target_channel, name, SEEDED_AT + seq * MINUTE);
        change(&mut own);
        all.push(own);
    };
    let is_silent = |own: &mut Integration| own.is_active = None;
    add("hologram_chat", Some("Kopi Senja – Hologram"), &is_silent);
    for (target_channel, title) in DOCUMENTED[1..].iter().rev() {
        let name = format!("Kopi Senja – {title}");
        match *target_channel {
            // Older records don't say.
            "twitter" | "email" => add(target_channel, Some(&name), &is_silent),
            _ => add(target_channel, Some(&name), &|_| ()),
        }
    }
    add("fb", None, &is_silent);
    add("fb", Some("Depot Pelangi Solo"), &|own| own.naming = Naming::PageName);
    for (place, is_active) in [(1, false), (0, true)] {
        if let Some(page) = Seed::default().account(Messenger, place) {
            add("fb", Some(&page.name), &|own| {
                (own.page, own.is_active) = (Some(page.id.clone()), Some(is_active));
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_business_has_every_kind_and_an_unknown_one() {
        let world = World::new(&Seed::default());
        for (target_channel, _) in DOCUMENTED {
            assert!(world.integrations().iter().any(|own| own.target_channel == target_channel));
        }
        let count = |is: fn(&Integration) -> bool| world.integrations().iter().filter(|own| is(own)).count();
        assert_eq!(count(|own| own.target_channel == "fb"), 4);
        assert_eq!(count(|own| own.is_active == Some(false)), 1);
        assert_eq!(count(|own| own.is_active.is_none()), 4);
        assert_eq!(count(|own| own.title() == own.target_channel), 1, "the unknown kind has no other name");
    }

    #[test]
    fn a_person_connects_what_is_free_until_nothing_is() {
        let mut world = World::new(&Seed::default());
        let mut ids = Vec::new();
        while let Some(page) = world.next_account("fb") {
            ids.push(world.connect("fb", page, SEEDED_AT));
        }
        assert_eq!(ids.len(), 3, "five Pages, one of them active and one inactive");
        world.disconnect(&ids[0], Disconnecting::Remove, SEEDED_AT);
        assert_eq!(world.find(&ids[0]), None);
        let page = world.next_account("fb").unwrap();
        assert!(!ids.contains(&world.connect("fb", page, SEEDED_AT)), "no id comes twice");
        world.disconnect(&ids[1], Disconnecting::Deactivate, SEEDED_AT + 5);
        let own = |world: &World| world.find(&ids[1]).map(|own| (own.is_active, own.updated_at));
        assert_eq!(own(&world), Some((Some(false), SEEDED_AT + 5)));
        world.activate(&ids[1], SEEDED_AT + 9);
        assert_eq!(own(&world), Some((Some(true), SEEDED_AT + 9)));
        assert!(world.next_account("telegram").is_some() && world.next_account("hologram_chat").is_none());
    }

    #[test]
    fn a_refresh_token_holds_once() {
        let mut world = World::new(&Seed::default());
        world.spend(REFRESH_TOKEN);
        assert!(!world.refreshes(REFRESH_TOKEN));
        for _ in 0..2 * MAX_TOKENS {
            let (access, refresh) = world.grant();
            assert!(world.admits(&access) && world.refreshes(&refresh));
        }
        assert!(world.admits(ACCESS_TOKEN) && world.access.len() == MAX_TOKENS);
    }

    #[test]
    fn the_seed_counts() {
        let seed = Seed { pages: Some(30), channels: 20, disconnected: 4, foreign: 2 };
        let world = World::new(&seed);
        let standings: Vec<Standing<'_>> = world.accounts().map(|(_, standing)| standing).collect();
        let count = |is: fn(&Standing<'_>) -> bool| standings.iter().filter(|standing| is(standing)).count();
        assert_eq!(count(|standing| matches!(standing, Standing::Connected(_))), 16);
        assert_eq!(count(|standing| matches!(standing, Standing::Inactive(_))), 4);
        assert_eq!((count(|own| *own == Standing::Free), count(|own| *own == Standing::Foreign)), (8, 2));
    }
}
