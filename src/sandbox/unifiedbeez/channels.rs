//! The lists, and what takes from them.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Serialize;
use serde_json::{Value, json};

use super::catalogue::{available_id, entry, kind_of, title};
use super::refusal::Refusal;
use super::session::done;
use super::world::{Channel, Slug, World};
use crate::sandbox::http::Answer;
use crate::sandbox::options::Generation;
use crate::sandbox::site::{Site, Turn};
use crate::types::SignInKind;
use crate::types::time::{self, Millis};

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
    sent(&world.lists.selected, || all_selected(world))
}

fn all_selected(world: &World) -> Selected<'_> {
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
                available_channel: entry(channel.slug),
                facebook_accounts: accounts,
            }
        })
        .collect();
    Selected { channels }
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
    let accounts = || shown(world, kind, &mut Times::default()).collect::<Vec<_>>();
    match kind {
        SignInKind::Messenger => sent(&world.lists.pages, || HashMap::from([("pages", accounts())])),
        SignInKind::Instagram => sent(&world.lists.accounts, accounts),
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
    if turn.world().channel_of(Slug::Messenger).is_none_or(|channel| channel.id != id) {
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

/// As it was written last, or else written now. Not by way of a [`Value`], which would take many times as long.
fn sent<T: Serialize>(written: &OnceLock<Vec<u8>>, document: impl FnOnce() -> T) -> Answer {
    let text = match written.get() {
        Some(text) => text.clone(),
        None => match serde_json::to_vec(&document()) {
            Ok(text) => written.get_or_init(|| text).clone(),
            Err(error) => return Refusal::of(500, format!("sandbox: {error}")).answer(),
        },
    };
    Answer::typed(200, "application/json; charset=utf-8", text)
}
