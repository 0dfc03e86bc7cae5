//! What there is at the beginning.

use super::super::state::{Account, SEEDED_AT, Seed};
use super::integration::{DOCUMENTED, Integration, Naming};
use crate::types::SignInKind::{self, Instagram, Messenger};
use crate::types::time::Millis;

const MINUTE: Millis = 60_000;

/// A business with an integration of every kind, or Pages of which so many are connected. The oldest first.
pub fn integrations(seed: &Seed) -> Vec<Integration> {
    match seed.pages {
        None => usual(),
        Some(_) => (0..seed.channels).map_while(|place| of_page(seed, place)).collect(),
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
            "ig" => of_person(Instagram, 0, true, &mut add),
            _ => add(target_channel, Some(&name), &|_| ()),
        }
    }
    add("fb", None, &is_silent);
    add("fb", Some("Depot Pelangi Solo"), &|own| own.naming = Naming::PageName);
    of_person(Messenger, 1, false, &mut add);
    of_person(Messenger, 0, true, &mut add);
    all
}

/// Adds one of the person's Pages or accounts.
fn of_person(
    kind: SignInKind,
    place: usize,
    is_active: bool,
    add: &mut impl FnMut(&str, Option<&str>, &dyn Fn(&mut Integration)),
) {
    let Some(Account { id, name }) = Seed::default().account(kind, place) else { return };
    let target_channel = match kind {
        Messenger => "fb",
        Instagram => "ig",
    };
    add(target_channel, Some(&name), &|own| {
        (own.page, own.is_active) = (Some(id.clone()), Some(is_active));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_business_has_every_kind_and_an_unknown_one() {
        let all = integrations(&Seed::default());
        for (target_channel, _) in DOCUMENTED {
            assert!(all.iter().any(|own| own.target_channel == target_channel));
        }
        let count = |is: fn(&Integration) -> bool| all.iter().filter(|own| is(own)).count();
        assert_eq!(count(|own| own.target_channel == "fb"), 4);
        assert_eq!(count(|own| own.is_active == Some(false)), 1);
        assert_eq!(count(|own| own.is_active.is_none()), 4);
        assert_eq!(count(|own| own.title() == own.target_channel), 1, "the unknown kind has no other name");
    }
}
