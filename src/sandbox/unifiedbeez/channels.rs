//! The lists, and what takes from them.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::refusal::{Refusal, only};
use super::session::done;
use super::world::{Account, Channel, Slug, World};
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::options::Generation;
use crate::sandbox::site::{Site, Turn};
use crate::types::SignInKind;
use crate::types::time::{self, Millis};

const BATCH: usize = 20;
const MAX_BATCH: usize = 100;

/// An account as the lists show it: with its token, as they do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    id: u64,
    connected_channel_id: Option<u64>,
    page_id: Option<&'a str>,
    page_name: &'a str,
    account_type: &'static str,
    instagram_account_id: Option<&'a str>,
    is_active: bool,
    verification_status: &'static str,
    page_access_token: String,
    created_at: String,
    updated_at: String,
}

/// Times as text. Most accounts of a long list were connected together.
#[derive(Default)]
struct Times(HashMap<Millis, String>);

impl Times {
    fn text(&mut self, at: Millis) -> String {
        self.0.entry(at).or_insert_with(|| time::to_the_millisecond(at)).clone()
    }
}

/// `GET /channels/selected`.
pub fn selected(world: &World) -> Answer {
    let mut times = Times::default();
    let selected = world.channels().filter(|channel| channel.is_selected);
    let channels: Vec<_> = selected
        .map(|channel| {
            let accounts: Vec<_> = match kind_of(channel.slug) {
                Some(kind) => shown(world, kind, &mut times).collect(),
                None => Vec::new(),
            };
            let is_connected = kind_of(channel.slug).is_none() || accounts.iter().any(|shown| shown.is_active);
            ShownChannel {
                id: channel.id,
                available_channel_id: available_id(channel.slug),
                channel_name: title(channel.slug),
                is_active: true,
                is_connected,
                connected_at: times.text(channel.connected_at),
                last_sync_at: None,
                can_receive: is_connected,
                can_send: is_connected,
                verification_status: if is_connected { "VERIFIED" } else { "FAILED" },
                verification_error: (!is_connected).then_some("No working account"),
                credentials: json!({ "appSecret": "CANARY-app-secret", "verifyToken": "CANARY-verify-token" }),
                available_channel: catalogued(channel.slug),
                facebook_accounts: accounts,
            }
        })
        .collect();
    typed(&Selected { channels })
}

#[derive(Serialize)]
struct Selected<'a> {
    channels: Vec<ShownChannel<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownChannel<'a> {
    id: u64,
    available_channel_id: u64,
    channel_name: &'static str,
    is_active: bool,
    is_connected: bool,
    connected_at: String,
    last_sync_at: Option<String>,
    can_receive: bool,
    can_send: bool,
    verification_status: &'static str,
    verification_error: Option<&'static str>,
    credentials: Value,
    available_channel: Value,
    facebook_accounts: Vec<Shown<'a>>,
}

/// `GET /auth/facebook/pages`, in an object, and `GET /auth/instagram/accounts`, a bare array: no document says which.
pub fn of_kind(world: &World, kind: SignInKind) -> Answer {
    let accounts: Vec<_> = shown(world, kind, &mut Times::default()).collect();
    match kind {
        SignInKind::Messenger => typed(&HashMap::from([("pages", accounts)])),
        SignInKind::Instagram => typed(&accounts),
    }
}

fn shown<'a>(world: &'a World, kind: SignInKind, times: &mut Times) -> impl Iterator<Item = Shown<'a>> {
    let channel = world.channel_of(kind.into()).map(|channel| channel.id);
    world.accounts_of(kind).map(move |account| {
        let is_page = kind == SignInKind::Messenger;
        Shown {
            id: account.id,
            connected_channel_id: channel,
            page_id: is_page.then_some(&*account.external),
            page_name: &account.name,
            account_type: if is_page { "FACEBOOK_PAGE" } else { "INSTAGRAM_BUSINESS" },
            instagram_account_id: (!is_page).then_some(&*account.external),
            is_active: account.is_active,
            verification_status: if account.is_active { "VERIFIED" } else { "FAILED" },
            page_access_token: format!("EAAG-CANARY-page-token-{}", account.id),
            created_at: times.text(account.created_at),
            updated_at: times.text(account.updated_at),
        }
    })
}

/// `GET /channel-accounts`: page by page, without secrets.
pub fn accounts(world: &World, request: &Request) -> Result<Answer, Refusal> {
    only(request, &["accountType", "status", "page", "limit"])?;
    let mut wrong = Vec::new();
    let mut number = |name: &str, default: usize, most: usize| match request.param(name).map(str::parse) {
        None => default,
        Some(Ok(number @ 1..)) if number <= most => number,
        Some(_) => {
            wrong.push(format!("{name} must be an integer from 1 to {most}"));
            default
        }
    };
    let (page, limit) = (number("page", 1, 1_000_000), number("limit", BATCH, MAX_BATCH));
    let mut one_of = |name: &str, known: &[&'static str]| {
        let given = request.param(name)?;
        let found = known.iter().find(|known| **known == given).copied();
        if found.is_none() {
            wrong.push(format!("{name} must be one of the following values: {}", known.join(", ")));
        }
        found
    };
    let kind = one_of("accountType", &["whatsapp", "messenger", "instagram", "email", "sms", "telegram"]);
    let status = one_of("status", &["CONNECTED", "REAUTH_REQUIRED", "ERROR", "DISCONNECTED"]);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let wanted = world.accounts().filter(|account| {
        kind.is_none_or(|kind| kind == account.kind.as_str())
            && status.is_none_or(|status| status == status_of(account))
    });
    let (mut total, mut batch) = (0, Vec::new());
    for account in wanted {
        if total >= (page - 1) * limit && batch.len() < limit {
            batch.push(listed(account));
        }
        total += 1;
    }
    let pages = total.div_ceil(limit);
    let body =
        json!({ "accounts": batch, "total": total, "page": page, "limit": limit, "totalPages": pages });
    Ok(Answer::json(200, &body))
}

fn listed(account: &Account) -> Value {
    json!({
        "accountId": account.id.to_string(),
        "accountType": account.kind.as_str(),
        "channelKey": Slug::from(account.kind).as_str(),
        "iconKey": account.kind.as_str(),
        "displayName": account.name,
        "secondaryText": account.external,
        "status": status_of(account),
        "config": { "autoAssign": true },
    })
}

fn status_of(account: &Account) -> &'static str {
    if account.is_active { "CONNECTED" } else { "REAUTH_REQUIRED" }
}

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
            let mut channel = catalogued(slug);
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

/// `DELETE /auth/facebook/account/{id}` and `DELETE /auth/instagram/account/{id}`: one account. The older guide has the
/// first for both kinds.
pub fn remove_account(
    turn: &mut Turn<World>,
    site: &Site<'_>,
    kind: SignInKind,
    id: u64,
) -> Result<Answer, Refusal> {
    let is_older = site.options.generation == Generation::Guide1;
    let account = turn.world().account(id).filter(|account| is_older || account.kind == kind);
    if account.is_none() {
        return Err(Refusal::of(404, "Account not found"));
    }
    turn.change().remove_account(id);
    // No document says which of these it is.
    Ok(match kind {
        SignInKind::Messenger => done("Account disconnected"),
        SignInKind::Instagram => Answer::empty(204),
    })
}

/// `DELETE /auth/facebook/channel/{id}`: the Messenger channel with all its Pages.
pub fn remove_channel(turn: &mut Turn<World>, id: u64) -> Result<Answer, Refusal> {
    if !turn.world().channel_of(Slug::Messenger).is_some_and(|channel| channel.id == id) {
        return Err(Refusal::of(404, "Channel not found"));
    }
    turn.change().remove_channel(id);
    Ok(Answer::empty(200))
}

/// `DELETE /channels/unselect/{id}`.
pub fn unselect(turn: &mut Turn<World>, id: u64) -> Result<Answer, Refusal> {
    let is_selected = |channel: &Channel| channel.id == id && channel.is_selected;
    if !turn.world().channels().any(is_selected) {
        return Err(Refusal::of(404, "Channel not found"));
    }
    turn.change().unselect(id);
    Ok(done("Channel removed from the selection"))
}

/// An id in a path.
pub fn id(text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| Refusal::of(400, "Validation failed (numeric string is expected)"))
}

fn kind_of(slug: Slug) -> Option<SignInKind> {
    match slug {
        Slug::Messenger => Some(SignInKind::Messenger),
        Slug::Instagram => Some(SignInKind::Instagram),
        Slug::Telegram => None,
    }
}

fn catalogued(slug: Slug) -> Value {
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

fn available_id(slug: Slug) -> u64 {
    match slug {
        Slug::Messenger => 3,
        Slug::Instagram => 4,
        Slug::Telegram => 9,
    }
}

fn title(slug: Slug) -> &'static str {
    match slug {
        Slug::Messenger => "Facebook Messenger",
        Slug::Instagram => "Instagram Direct",
        Slug::Telegram => "Telegram",
    }
}

/// Not by way of a [`Value`]: a list of ten thousand would take many times as long.
fn typed(document: &impl Serialize) -> Answer {
    match serde_json::to_vec(document) {
        Ok(text) => Answer::typed(200, "application/json; charset=utf-8", text),
        Err(error) => Refusal::of(500, format!("sandbox: {error}")).answer(),
    }
}
