//! What Meta remembers here: one app, its callback, and what each Page is subscribed to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sandbox::state::{Account, Seed};
use crate::types::SignInKind;

/// The one app that there is.
pub const APP_ID: &str = "1000000000000001";
/// Its secret.
pub const APP_SECRET: &str = "sandbox-app-secret";
/// As it is named.
pub const APP_NAME: &str = "Sandbox hooks";
/// The portfolio of the person.
pub const BUSINESS_ID: &str = "2000000000000001";
/// The person, with an id as Meta gives one to each app.
pub const PERSON: (&str, &str) = ("5500000000000001", "Sari Wulandari");

/// Which Page is held by the portfolio: it is missing among the person's own.
const IN_PORTFOLIO: usize = 3;

/// Everything that Graph knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    seed: Seed,
    /// Whether the app's "Require App Secret" is on.
    pub requires_proof: bool,
    /// The app's one callback for the object `page`.
    pub callback: Option<Callback>,
    /// The calls of a minute, counted where a rate limit is ordered: since when, in seconds, and how many.
    calls: (u64, u32),
    /// By the Page's id, the fields that the app is sent. A Page that isn't here has not installed it.
    pub subscribed: BTreeMap<String, Vec<String>>,
}

/// Where the app wants to be told of its Pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Without the origin where it is one of this sandbox, which has another port each time.
    url: String,
    pub fields: Vec<String>,
}

impl Callback {
    /// One that was set at the sandbox of this origin.
    pub fn new(url: &str, origin: &str, fields: Vec<String>) -> Callback {
        let own = url.strip_prefix(origin).filter(|rest| rest.starts_with('/'));
        Callback { url: own.unwrap_or(url).to_owned(), fields }
    }

    /// Its whole address, as the sandbox of this origin tells it.
    pub fn url(&self, origin: &str) -> String {
        if self.url.starts_with('/') { format!("{origin}{}", self.url) } else { self.url.clone() }
    }
}

impl World {
    /// An app without a callback, and a person with the seed's Pages.
    pub fn new(seed: &Seed) -> World {
        World {
            seed: seed.clone(),
            requires_proof: false,
            calls: (0, 0),
            callback: None,
            subscribed: BTreeMap::new(),
        }
    }

    /// Counts a call: the percentage of the allowance that is used with it, which is a hundred a minute. At 100 it is
    /// refused, and doesn't count.
    pub fn used(&mut self, now: u64) -> u32 {
        let (since, count) = self.calls;
        self.calls = if now.saturating_sub(since) < 60 { (since, (count + 1).min(100)) } else { (now, 1) };
        self.calls.1
    }

    /// How many Pages there are.
    pub fn page_count(&self) -> usize {
        self.seed.count(SignInKind::Messenger)
    }

    /// The Page at a place.
    pub fn page(&self, place: usize) -> Option<Account> {
        self.seed.account(SignInKind::Messenger, place)
    }

    /// The Page with this id.
    pub fn page_named(&self, id: &str) -> Option<Account> {
        self.page(self.seed.place_of(SignInKind::Messenger, id)?)
    }

    /// Whether the Page at that place is the portfolio's, and so not among the person's own.
    pub fn is_in_portfolio(&self, place: usize) -> bool {
        place == IN_PORTFOLIO
    }
}
