//! What 10darts remembers: applications, of which those of the beginning follow from a count and are never stored.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::graph;
use crate::sandbox::state::Seed;

/// What an application sends through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Platform {
    Gcm,
    Apns,
    ApnsSandbox,
    Web,
    Messenger,
}

impl Platform {
    const ALL: [(&'static str, Platform); 5] = [
        ("GCM", Platform::Gcm),
        ("APNS", Platform::Apns),
        ("APNS_SANDBOX", Platform::ApnsSandbox),
        ("WEB", Platform::Web),
        ("MESSENGER", Platform::Messenger),
    ];

    /// By its name, which has capitals.
    pub fn named(name: &str) -> Option<Platform> {
        Platform::ALL.iter().find(|(own, _)| *own == name).map(|(_, platform)| *platform)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Platform::ALL.iter().find(|(_, own)| *own == self).map_or("", |(name, _)| name)
    }

    /// The fields that it needs beside the name.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Platform::Gcm => &["platform_credential"],
            Platform::Apns | Platform::ApnsSandbox => &["platform_principal", "platform_credential"],
            Platform::Web => &[],
            Platform::Messenger => &["page_access_token"],
        }
    }
}

/// One application. What it was given as credentials is not kept: somebody may try their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub id: u64,
    pub name: String,
    pub platform: Platform,
}

impl Application {
    /// As the API shows it, secrets and all: their values contain `CANARY`.
    pub fn shown(&self) -> Value {
        let id = self.id;
        let secret = |name: &str, short: &str| {
            let has = self.platform.needs().contains(&name);
            has.then(|| format!("CANARY-{short}-{id}"))
        };
        let arn = match self.platform {
            Platform::Web | Platform::Messenger => None,
            platform => {
                let name = &self.name;
                Some(format!("arn:aws:sns:eu-west-1:000000000000:app/{}/{name}", platform.name()))
            }
        };
        json!({
            "id": id,
            "name": self.name,
            "platform": self.platform.name(),
            "platform_principal": secret("platform_principal", "principal"),
            "platform_credential": secret("platform_credential", "credential"),
            "page_access_token": secret("page_access_token", "page-access-token"),
            "platform_application_arn": arn,
        })
    }

    /// What Facebook is told as callback: only of MESSENGER.
    pub fn webhook(&self, origin: &str) -> Option<Webhook> {
        (self.platform == Platform::Messenger).then(|| Webhook {
            url: format!("{origin}/webhooks/messenger/{}/", self.id),
            // Letters and digits: others get mangled on their way.
            verify_token: format!("sandboxverify{:05}", self.id),
        })
    }
}

/// The two fields of an application's page that are entered at Facebook.
pub struct Webhook {
    pub url: String,
    pub verify_token: String,
}

/// What a small business begins with.
const USUAL: [(&str, Platform); 4] = [
    ("kopi-senja", Platform::Messenger),
    ("toko-roti-web", Platform::Web),
    ("toko-roti-android", Platform::Gcm),
    ("toko-roti-ios", Platform::Apns),
];

/// Everything that 10darts knows, and Meta behind it.
#[derive(Serialize, Deserialize)]
pub struct World {
    /// So many generated ones in place of the usual.
    seeded: Option<u64>,
    gone: BTreeSet<u64>,
    made: BTreeMap<u64, Application>,
    next: u64,
    pub graph: graph::World,
}

impl World {
    /// The usual applications, or as many of MESSENGER as the seed has channels.
    pub fn new(seed: &Seed) -> World {
        let is_counted = seed.pages.is_some() || seed.channels > 0;
        let seeded = is_counted.then_some(seed.channels as u64);
        let graph = graph::World::new(seed);
        let mut world = World { seeded, gone: BTreeSet::new(), made: BTreeMap::new(), next: 0, graph };
        world.next = world.seeded_count() + 1;
        world
    }

    fn seeded_count(&self) -> u64 {
        self.seeded.unwrap_or(USUAL.len() as u64)
    }

    fn seed(&self, id: u64) -> Option<Application> {
        if id == 0 || id > self.seeded_count() || self.gone.contains(&id) {
            return None;
        }
        let (name, platform) = match self.seeded {
            Some(_) => (format!("shop-{id:05}"), Platform::Messenger),
            None => {
                let (name, platform) = *USUAL.get(usize::try_from(id).ok()?.checked_sub(1)?)?;
                (name.to_owned(), platform)
            }
        };
        Some(Application { id, name, platform })
    }

    /// The application with this id.
    pub fn application(&self, id: u64) -> Option<Application> {
        self.seed(id).or_else(|| self.made.get(&id).cloned())
    }

    /// The ids of all, the oldest first.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let seeded = (1..=self.seeded_count()).filter(|id| !self.gone.contains(id));
        seeded.chain(self.made.keys().copied())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        // No id is in `gone` that was not seeded.
        self.seeded_count() as usize - self.gone.len() + self.made.len()
    }

    /// Whether an application has this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.ids().filter_map(|id| self.application(id)).any(|application| application.name == name)
    }

    /// Makes one. Its id was never another's.
    pub fn make(&mut self, name: String, platform: Platform) -> Application {
        let application = Application { id: self.next, name, platform };
        self.next += 1;
        self.made.insert(application.id, application.clone());
        application
    }

    /// Deletes one. `false` where there is none.
    pub fn delete(&mut self, id: u64) -> bool {
        if self.made.remove(&id).is_some() {
            return true;
        }
        self.seed(id).is_some() && self.gone.insert(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deleted_is_gone_and_its_id_is_nobodys() {
        for seed in [Seed::default(), Seed { pages: Some(9), channels: 4, ..Seed::default() }] {
            let mut world = World::new(&seed);
            assert!(world.delete(4) && !world.delete(4) && !world.delete(0) && !world.delete(5));
            let made = world.make("new".to_owned(), Platform::Web);
            assert_eq!((made.id, world.count(), world.has_name("new")), (5, 4, true));
            assert!(world.delete(5) && !world.has_name("new"));
            assert_eq!(world.make("new".to_owned(), Platform::Web).id, 6);
            let text = serde_json::to_string(&world).unwrap();
            let read: World = serde_json::from_str(&text).unwrap();
            assert_eq!(read.ids().collect::<Vec<_>>(), [1, 2, 3, 6]);
        }
    }

    #[test]
    fn ten_thousand_make_no_long_file() {
        let world = World::new(&Seed { pages: Some(10_000), channels: 10_000, ..Seed::default() });
        assert_eq!((world.count(), world.application(10_000).unwrap().name.as_str()), (10_000, "shop-10000"));
        assert!(serde_json::to_string(&world).unwrap().len() < 500);
    }
}
