//! The dialog of a sign-in, in Facebook's place: where the person ticks what they allow.

use std::collections::HashSet;

use url::Url;

use super::refusal::Refusal;
use super::world::World;
use crate::sandbox::choice::{self, Question};
use crate::sandbox::frame;
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::options::Generation;
use crate::sandbox::site::{Site, Turn};
use crate::sandbox::token;
use crate::types::SignInKind;

/// Facebook puts it behind its redirect, and browsers carry it on to wherever that leads.
pub const FRAGMENT: &str = "#_=_";

/// Which accounts a person ticks.
pub enum Ticked {
    All,
    Ids(HashSet<String>),
}

/// Its address, for a sign-in with this state.
pub fn address(site: &Site<'_>, kind: SignInKind, state: &str) -> Result<Url, Refusal> {
    let (folder, scope) = match kind {
        SignInKind::Messenger => ("facebook", "pages_show_list,pages_messaging,pages_manage_metadata"),
        SignInKind::Instagram => ("instagram", "pages_show_list,instagram_basic,instagram_manage_messages"),
    };
    let callback = match (site.options.generation, kind) {
        (Generation::Guide1, _) | (_, SignInKind::Messenger) => "/api/v1/auth/facebook/callback",
        (_, SignInKind::Instagram) => "/api/v1/auth/instagram/callback",
    };
    let address = format!("{}/dialog/{folder}/oauth", site.origin);
    let mut url = Url::parse(&address).map_err(|error| Refusal::of(500, format!("sandbox: {error}")))?;
    url.query_pairs_mut()
        .append_pair("client_id", "1000000000000001")
        .append_pair("redirect_uri", &format!("{}{callback}", site.origin))
        .append_pair("state", state)
        .append_pair("scope", scope);
    Ok(url)
}

/// Shows it, or takes its answer.
pub fn page(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    if !request.is_from_here() {
        let text = "This page is only served to the computer that it runs on.";
        return Ok(frame::message(403, "Not from here", text)?);
    }
    let state = request.param("state").unwrap_or_default();
    let sign_in = turn.world().sign_ins.iter().find(|sign_in| sign_in.state == state);
    // Meta's refuses what the app's settings don't name; so no link leads elsewhere by way of this page.
    let callback = request.param("redirect_uri").filter(|uri| {
        let below = uri.strip_prefix(site.origin);
        below.is_some_and(|below| below.starts_with('/'))
    });
    let (Some(sign_in), Some(callback)) = (sign_in, callback) else {
        let text = "It was begun elsewhere, or is over. Start the sign-in again.";
        return Ok(frame::message(410, "This sign-in has expired", text)?);
    };
    let kind = sign_in.kind;
    if request.method != "POST" {
        let seed = &turn.world().seed;
        let count = seed.count(kind);
        let accounts = (0..count).filter_map(|place| seed.account(kind, place));
        return Ok(choice::page(&Question { kind, through: "UnifiedBeez", count }, accounts)?);
    }
    let form = request.form();
    let is = |name: &str, value: &str| form.iter().any(|(key, given)| key == name && given == value);
    let ticked = match (is("decision", "allow"), is("scope", "all")) {
        (false, _) => None,
        (true, true) => Some(Ticked::All),
        (true, false) => {
            Some(Ticked::Ids(form.into_iter().filter(|(key, _)| key == "page").map(|(_, id)| id).collect()))
        }
    };
    let (callback, state) = (callback.to_owned(), state.to_owned());
    let location = decide(turn, &callback, &state, ticked)?;
    Ok(redirect(303, &format!("{location}{FRAGMENT}")))
}

/// Notes what the person decided, and gives the callback's address with it.
pub fn decide(
    turn: &mut Turn<World>,
    callback: &str,
    state: &str,
    ticked: Option<Ticked>,
) -> Result<Url, Refusal> {
    let mut url = Url::parse(callback).map_err(|_| Refusal::of(400, "redirect_uri is no URL"))?;
    let code = token::nonce()?;
    let world = turn.change();
    let seed = &world.seed;
    let Some(sign_in) = world.sign_ins.iter_mut().find(|sign_in| sign_in.state == state) else {
        return Err(Refusal::of(410, "This sign-in has expired"));
    };
    match ticked {
        None => {
            url.query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("error_code", "200")
                .append_pair("error_description", "Permissions error")
                .append_pair("error_reason", "user_denied");
        }
        Some(ticked) => {
            let places = 0..seed.count(sign_in.kind);
            let is_ticked = |place: &usize| match &ticked {
                Ticked::All => true,
                Ticked::Ids(ids) => {
                    seed.account(sign_in.kind, *place).is_some_and(|account| ids.contains(&account.id))
                }
            };
            sign_in.allowed = Some((code.clone(), places.filter(is_ticked).collect()));
            url.query_pairs_mut().append_pair("code", &code);
        }
    }
    url.query_pairs_mut().append_pair("state", state);
    Ok(url)
}

/// To another address.
pub fn redirect(status: u16, to: &str) -> Answer {
    let good = to.bytes().all(|byte| byte.is_ascii_graphic());
    // What can't stand in a header was in a redirect_path, which is decoded once.
    let to = if good { to.to_owned() } else { Url::parse(to).map(String::from).unwrap_or_default() };
    Answer::empty(status)
        .with("Location", to)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
}
