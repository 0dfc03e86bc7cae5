//! What a fresh sandbox holds: the pages that a person may tick, and the channels that exist already.
//!
//! Pages are never stored. Which ones there are follows from a count, so ten thousand cost nothing.

use serde::{Deserialize, Serialize};

use super::channel::{Channel, Details};
use crate::types::time::Millis;
use crate::types::{ChannelKind, SignInKind};

/// 2026-06-01T01:00:00Z: when everything of the seed was made.
pub const SEEDED_AT: Millis = 1_780_275_600_000;

/// What to begin with. The default is a small, believable business: 5 Facebook Pages, 3 Instagram
/// accounts, and three channels, one of which is disconnected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// So many generated pages of each kind, and none of the default's pages and channels.
    pub pages: Option<usize>,
    /// So many Messenger channels exist already: of the first pages (with `pages` only).
    pub channels: usize,
    /// So many of those are disconnected: the first ones.
    pub disconnected: usize,
    /// So many pages of each kind, the last ones, are connected with somebody else's account.
    pub foreign: usize,
}

/// A Facebook Page or Instagram account, as the platform knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: String,
    pub name: String,
}

const PAGES: [(&str, &str); 5] = [
    ("104872913558201", "Kopi Senja Bandung"),
    ("106215480937742", "Batik Sekar Arum"),
    ("108930276415583", "Toko Roti Mawar 🌹"),
    ("111407365829164", "Bengkel Jaya Motor"),
    ("113562094718325", "Batik Sekar Arum"),
];
const INSTAGRAM: [(&str, &str); 3] = [
    ("17841405512938601", "Kopi Senja"),
    ("17841407723164802", "Batik Sekar Arum"),
    ("17841409948275303", "Roti Mawar 🌹"),
];

/// The account at a place of the listing, if there are so many.
pub fn account(pages: Option<usize>, kind: SignInKind, place: usize) -> Option<Account> {
    if place >= count(pages, kind) {
        return None;
    }
    let (id, name) = match (pages, kind) {
        (Some(_), _) => (generated_id(kind, place), generated_name(place)),
        (None, SignInKind::Messenger) => (PAGES[place].0.to_owned(), PAGES[place].1.to_owned()),
        (None, SignInKind::Instagram) => (INSTAGRAM[place].0.to_owned(), INSTAGRAM[place].1.to_owned()),
    };
    Some(Account { id, name })
}

/// How many accounts of a kind there are.
pub fn count(pages: Option<usize>, kind: SignInKind) -> usize {
    match (pages, kind) {
        (Some(count), _) => count.min(MAX_PAGES),
        (None, SignInKind::Messenger) => PAGES.len(),
        (None, SignInKind::Instagram) => INSTAGRAM.len(),
    }
}

/// Where the account with this id stands in the listing.
pub fn place_of(pages: Option<usize>, kind: SignInKind, id: &str) -> Option<usize> {
    let place = match pages {
        Some(_) => {
            let number: u64 = id.parse().ok()?;
            let distance = number.checked_sub(first_id(kind))?;
            usize::try_from(distance / STEP).ok()?
        }
        None => {
            (0..count(pages, kind)).find(|&place| account(pages, kind, place).is_some_and(|a| a.id == id))?
        }
    };
    account(pages, kind, place).filter(|account| account.id == id).map(|_| place)
}

/// A million of each kind keep the ids within their usual length.
pub const MAX_PAGES: usize = 1_000_000;
/// Far apart, as real ids are.
const STEP: u64 = 7_919_123;

/// Facebook's ids have 15 digits. Instagram's have 17, and don't survive a floating-point number.
fn first_id(kind: SignInKind) -> u64 {
    match kind {
        SignInKind::Messenger => 104_872_913_558_201,
        SignInKind::Instagram => 17_841_405_512_938_601,
    }
}

fn generated_id(kind: SignInKind, place: usize) -> String {
    (first_id(kind) + place as u64 * STEP).to_string()
}

/// `Warung Melati Semarang`: 6,000 different ones, then the same again with a number.
fn generated_name(place: usize) -> String {
    const TRADES: [&str; 15] = [
        "Kopi",
        "Batik",
        "Toko Roti",
        "Bengkel",
        "Warung",
        "Apotek",
        "Salon",
        "Toko Kue",
        "Depot",
        "Butik",
        "Katering",
        "Laundry",
        "Toko Buku",
        "Rumah Makan",
        "Percetakan",
    ];
    const NAMES: [&str; 20] = [
        "Senja",
        "Mawar",
        "Melati",
        "Jaya",
        "Makmur",
        "Sekar Arum",
        "Bintang",
        "Sinar",
        "Cahaya",
        "Harapan",
        "Lestari",
        "Kenanga",
        "Merdeka",
        "Nusantara",
        "Bahari",
        "Mulia",
        "Sejahtera",
        "Anggrek",
        "Pelangi",
        "Rejeki",
    ];
    const CITIES: [&str; 20] = [
        "Bandung",
        "Semarang",
        "Surabaya",
        "Yogyakarta",
        "Medan",
        "Malang",
        "Solo",
        "Bogor",
        "Padang",
        "Makassar",
        "Denpasar",
        "Palembang",
        "Cirebon",
        "Balikpapan",
        "Manado",
        "Pontianak",
        "Jambi",
        "Kupang",
        "Ambon",
        "Kediri",
    ];
    let trade = TRADES[place % TRADES.len()];
    let city = CITIES[place / TRADES.len() % CITIES.len()];
    let name = NAMES[place / (TRADES.len() * CITIES.len()) % NAMES.len()];
    match place / (TRADES.len() * CITIES.len() * NAMES.len()) {
        0 => format!("{trade} {name} {city}"),
        round => format!("{trade} {name} {city} {}", round + 1),
    }
}

impl Seed {
    /// The Facebook Page or Instagram account at a place, if there are so many.
    pub fn account(&self, kind: SignInKind, place: usize) -> Option<Account> {
        account(self.pages, kind, place)
    }

    /// How many there are.
    pub fn count(&self, kind: SignInKind) -> usize {
        count(self.pages, kind)
    }

    /// Where the account with this id stands among them.
    pub fn place_of(&self, kind: SignInKind, id: &str) -> Option<usize> {
        place_of(self.pages, kind, id)
    }

    /// The channels that exist from the beginning.
    pub(super) fn channels(&self) -> Vec<Channel> {
        match self.pages {
            None => default_channels(),
            Some(_) => {
                let places = 0..self.channels.min(count(self.pages, SignInKind::Messenger));
                let accounts = places.filter_map(|place| account(self.pages, SignInKind::Messenger, place));
                let channel = |(place, account): (usize, Account)| {
                    let details = Details::Page;
                    let kind = ChannelKind::Messenger;
                    let mut channel =
                        Channel::new(place as u64 + 1, kind, account.name, account.id, details, SEEDED_AT);
                    if place < self.disconnected {
                        channel.disconnect(SEEDED_AT + 90 * 86_400_000);
                    }
                    channel
                };
                accounts.enumerate().map(channel).collect()
            }
        }
    }
}

fn default_channels() -> Vec<Channel> {
    let new = |seq, kind, name: &str, id: &str, details| {
        Channel::new(seq, kind, name.to_owned(), id.to_owned(), details, SEEDED_AT + seq * 60_000)
    };
    let (id, name) = INSTAGRAM[1];
    let mut account = new(1, ChannelKind::Instagram, name, id, Details::Page);
    account.label = Some("Toko Batik".to_owned());
    account.disconnect(SEEDED_AT + 90 * 86_400_000);
    let bot = new(
        2,
        ChannelKind::Telegram,
        "kopi_senja_sandbox_bot",
        "7012345678",
        Details::Bot { is_business: false },
    );
    let site = Details::Web { website_url: Some("https://rotimawar.example".to_owned()), pre_chat: true };
    let web = new(3, ChannelKind::Webchat, "Situs Toko Roti Mawar", "web-3", site);
    vec![account, bot, web]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_account_is_found_by_its_id() {
        for (pages, kind) in [
            (None, SignInKind::Messenger),
            (None, SignInKind::Instagram),
            (Some(30), SignInKind::Messenger),
            (Some(30), SignInKind::Instagram),
        ] {
            let accounts: Vec<_> = (0..).map_while(|place| account(pages, kind, place)).collect();
            assert_eq!(accounts.len(), count(pages, kind));
            for (place, account) in accounts.iter().enumerate() {
                assert_eq!(place_of(pages, kind, &account.id), Some(place));
            }
            for stranger in ["", "0", "x", "104872913558202", "99999999999999999999999"] {
                assert_eq!(place_of(pages, kind, stranger), None);
            }
        }
    }

    #[test]
    fn generated_accounts_differ_and_look_real() {
        let accounts: Vec<_> =
            (0..10_000).filter_map(|at| account(Some(10_000), SignInKind::Messenger, at)).collect();
        assert_eq!(accounts.iter().map(|a| &a.id).collect::<HashSet<_>>().len(), 10_000);
        assert_eq!(accounts.iter().map(|a| &a.name).collect::<HashSet<_>>().len(), 10_000);
        assert!(accounts.iter().all(|a| a.id.len() == 15));
        assert!(generated_id(SignInKind::Messenger, MAX_PAGES).len() == 15);
        assert!(generated_id(SignInKind::Instagram, MAX_PAGES).len() == 17);
    }

    #[test]
    fn the_default_has_equal_names_and_one_disconnected_channel() {
        let named = |name| {
            (0..5).filter(|&at| account(None, SignInKind::Messenger, at).unwrap().name == name).count()
        };
        assert_eq!(named("Batik Sekar Arum"), 2);
        let channels = Seed::default().channels();
        assert_eq!(channels.iter().filter(|channel| channel.disconnected_at.is_some()).count(), 1);
    }
}
