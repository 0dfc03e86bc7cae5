//! What there is to connect, and what the plan allows of it.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::world::{Slug, World};
use crate::sandbox::http::Answer;
use crate::sandbox::site::Site;
use crate::types::SignInKind;

/// `GET /channels/available/all`: the plan has Messenger and Instagram, up to the limit that was ordered.
pub fn available(world: &World, site: &Site<'_>) -> Answer {
    let (current, max) = (active(world), site.options.limit);
    let is_full = check_limit(world, site).is_err();
    let channels: Vec<_> = Slug::ALL
        .into_iter()
        .map(|slug| {
            let blocked = match slug {
                Slug::Telegram => Some("Telegram needs the Business plan"),
                _ => is_full.then_some("The plan's limit of connected accounts is reached"),
            };
            let mut channel = entry(slug);
            channel["access"] = json!({
                "allowed": blocked.is_none(),
                "blockedBy": blocked.map(|_| "plan"),
                "requiredPlans": blocked.map_or(Vec::new(), |_| vec!["business"]),
                "requiredAddon": null,
                "reason": blocked,
            });
            channel
        })
        .collect();
    let limits = json!({
        "current": current,
        "max": max,
        "unlimited": max.is_none(),
        "remaining": max.map(|max| max.saturating_sub(current)),
    });
    let categories = json!({ "social": { "channels": channels, "limits": limits } });
    Answer::json(200, &json!({ "userPlan": "starter", "categories": categories }))
}

/// 403 where the plan has no room for one more.
pub fn check_limit(world: &World, site: &Site<'_>) -> Result<(), Refusal> {
    match site.options.limit {
        Some(limit) if active(world) >= limit => {
            Err(Refusal::of(403, "The plan's limit of connected accounts is reached"))
        }
        _ => Ok(()),
    }
}

fn active(world: &World) -> usize {
    world.accounts().filter(|account| account.is_active).count()
}

/// The kind that is signed in to, of those that have accounts.
pub fn kind_of(slug: Slug) -> Option<SignInKind> {
    match slug {
        Slug::Messenger => Some(SignInKind::Messenger),
        Slug::Instagram => Some(SignInKind::Instagram),
        Slug::Telegram => None,
    }
}

/// As a channel names what it is of. One channel type stands for both of Meta's.
pub fn entry(slug: Slug) -> Value {
    let channel_type = match slug {
        Slug::Messenger | Slug::Instagram => "FACEBOOK_MESSENGER",
        Slug::Telegram => "TELEGRAM",
    };
    json!({
        "id": available_id(slug),
        "name": slug.as_str(),
        "displayName": title(slug),
        "category": "social",
        "channelType": channel_type,
    })
}

/// Its number in the catalogue.
pub fn available_id(slug: Slug) -> u64 {
    match slug {
        Slug::Messenger => 3,
        Slug::Instagram => 4,
        Slug::Telegram => 9,
    }
}

/// Its name for people.
pub fn title(slug: Slug) -> &'static str {
    match slug {
        Slug::Messenger => "Facebook Messenger",
        Slug::Instagram => "Instagram Direct",
        Slug::Telegram => "Telegram",
    }
}
