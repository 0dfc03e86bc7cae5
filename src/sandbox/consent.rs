//! The consent page: where a person says which Pages or accounts may be used, or refuses.
//!
use url::Url;

use super::api::Api;
use super::choice::{self, Question};
use super::error::SandboxError;
use super::frame;
use super::http::{Answer, Request};
use super::refusal::{Refusal, Stop};
use super::state::{Change, Grant, Ticked, Turn, World};
use super::token;
use crate::types::{SignInKind, time};

/// For who comes too late.
const EXPIRED: &str = "This sign-in has expired";

/// Shows the page, or takes its answer.
pub fn route(api: &Api, request: &Request, kind: SignInKind, nonce: &str) -> Result<Answer, Stop> {
    if !request.is_from_here() {
        let text = "This page is only served to the computer that it runs on.";
        return Ok(frame::message(403, "Not from here", text)?);
    }
    if !api.knows_sign_in(nonce, kind) {
        let text = "It belongs to a sandbox that has stopped. Start the sign-in again.";
        return Ok(frame::message(410, EXPIRED, text)?);
    }
    match request.method.as_str() {
        "GET" => api.turn(|turn| {
            let world = turn.world();
            let count = world.account_count(kind);
            let accounts = (0..count).filter_map(|place| world.account(kind, place));
            Ok(choice::page(&Question { kind, through: "Socialchat", count }, accounts)?)
        }),
        "POST" => submitted(api, request, kind),
        _ => Err(Refusal::method("GET, POST").into()),
    }
}

/// The picture of a Page: its initial on a colour.
pub fn picture(name: &str) -> Answer {
    choice::picture(name)
}

/// Takes the form: back to the callback that is set at this moment, with a token or an error.
fn submitted(api: &Api, request: &Request, kind: SignInKind) -> Result<Answer, Stop> {
    let form = request.form();
    let is = |name: &str, value: &str| form.iter().any(|(key, given)| key == name && given == value);
    api.turn(|turn| {
        let Some(mut callback) = callback(turn.world(), kind) else {
            let text = format!(
                "Nothing waits for it any more: no {} callback URL is set. Start the sign-in again. If your own app \
                 should receive it, set its callback URL first.",
                kind.title()
            );
            return Ok(frame::message(409, EXPIRED, &text)?);
        };
        if !is("decision", "allow") {
            callback
                .query_pairs_mut()
                .append_pair("error", "access_denied")
                .append_pair("error_reason", "user_denied")
                .append_pair("error_description", "The person did not agree in the sandbox");
            return Ok(redirect(&callback));
        }
        let ticked = if is("scope", "all") { Ticked::All } else { ticked(turn.world(), kind, &form) };
        Ok(redirect(&allow(turn, kind, ticked, callback)?))
    })
}

/// Allows everything in a person's place, and gives the address at which their browser would end.
pub fn allow_all(api: &Api, kind: SignInKind) -> Result<Url, SandboxError> {
    api.store().turn(|turn| {
        let callback = callback(turn.world(), kind).ok_or(SandboxError::NoCallback(kind))?;
        allow(turn, kind, Ticked::All, callback)
    })
}

fn callback(world: &World, kind: SignInKind) -> Option<Url> {
    Url::parse(world.settings.callback(kind)?).ok()
}

/// Channels that are not ticked lose their access; the callback is given a token for the others.
fn allow(
    turn: &mut Turn<'_>,
    kind: SignInKind,
    ticked: Ticked,
    mut callback: Url,
) -> Result<Url, SandboxError> {
    for channel in turn.world().losing(kind, &ticked, time::now()) {
        turn.apply(Change::Channel(channel))?;
    }
    let token = token::callback()?;
    callback.query_pairs_mut().append_pair("token", &token);
    turn.apply(Change::Grant { kind, grant: Grant { token, ticked } })?;
    Ok(callback)
}

fn redirect(callback: &Url) -> Answer {
    Answer::empty(303)
        .with("Location", callback.as_str())
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer")
}

fn ticked(world: &World, kind: SignInKind, form: &[(String, String)]) -> Ticked {
    let ids = form.iter().filter(|(key, _)| key == "page").map(|(_, id)| id);
    let mut places: Vec<usize> = ids.filter_map(|id| world.place_of(kind, id)).collect();
    places.sort_unstable();
    places.dedup();
    Ticked::Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Options;
    use crate::types::PlatformName;

    #[test]
    fn consent_in_a_persons_place_needs_a_callback_too() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::of(PlatformName::Socialchat, folder.path().join("state"));
        let api = Api::open(options, "http://127.0.0.1:9".to_owned()).unwrap();
        let error = allow_all(&api, SignInKind::Messenger).unwrap_err();
        assert!(matches!(error, SandboxError::NoCallback(SignInKind::Messenger)), "{error}");
    }
}
