//! What Qontak's sandbox remembers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::options::Disconnecting;
use super::super::state::{Account, Seed};
use super::integration::{DOCUMENTED, Integration};
use super::rate::Rate;
use super::seed;
use super::token::{ACCESS_TOKEN, REFRESH_TOKEN};
use crate::types::SignInKind::{self, Instagram, Messenger};
use crate::types::time::Millis;

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
        let integrations = seed::integrations(seed);
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

    /// The Pages or accounts that the person may choose from, each with whose it is.
    pub fn accounts(&self, kind: SignInKind) -> impl Iterator<Item = (Account, Standing<'_>)> {
        let count = self.seed.count(kind);
        let first_foreign = count.saturating_sub(self.seed.foreign);
        let connected: HashMap<&str, &Integration> =
            self.integrations.iter().filter_map(|own| Some((own.page.as_deref()?, own))).collect();
        (0..count).filter_map(move |place| {
            let account = self.seed.account(kind, place)?;
            let standing = match connected.get(account.id.as_str()) {
                Some(own) if own.is_active == Some(false) => Standing::Inactive(own),
                Some(own) => Standing::Connected(own),
                None if place >= first_foreign => Standing::Foreign,
                None => Standing::Free,
            };
            Some((account, standing))
        })
    }

    /// What a person would connect next: the first Page or account that is free, or anything for another kind.
    pub fn next_account(&self, target_channel: &str) -> Option<Account> {
        let kind = match target_channel {
            "fb" => Messenger,
            "ig" => Instagram,
            _ => {
                let (_, title) = DOCUMENTED.iter().find(|(name, _)| *name == target_channel)?;
                return Some(Account { id: String::new(), name: format!("{title} {}", self.next) });
            }
        };
        self.accounts(kind).find(|(_, standing)| *standing == Standing::Free).map(|(account, _)| account)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::state::SEEDED_AT;

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
        assert_eq!(world.next_account("ig").unwrap().name, "Batik Sekar Arum", "the first is connected");
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
        let standings: Vec<Standing<'_>> = world.accounts(Messenger).map(|(_, standing)| standing).collect();
        let count = |is: fn(&Standing<'_>) -> bool| standings.iter().filter(|standing| is(standing)).count();
        assert_eq!(count(|standing| matches!(standing, Standing::Connected(_))), 16);
        assert_eq!(count(|standing| matches!(standing, Standing::Inactive(_))), 4);
        assert_eq!((count(|own| *own == Standing::Free), count(|own| *own == Standing::Foreign)), (8, 2));
    }
}
