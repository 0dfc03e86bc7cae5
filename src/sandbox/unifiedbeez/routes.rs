//! Which endpoint a request is for, and whether there is a session for it.

use super::refusal::{Refusal, only};
use super::world::World;
use super::{accounts, catalogue, channels, dialog, session, sign_in};
use crate::sandbox::description::described;
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::options::Generation;
use crate::sandbox::site::{Site, Turn};
use crate::types::SignInKind;

const OPENAPI: &str = include_str!("openapi.yaml");

/// What only somebody with a session may do.
enum Endpoint<'a> {
    Profile,
    Sessions,
    EndSession(&'a str),
    Logout,
    Connect { is_instagram: bool },
    Connected(SignInKind),
    Selected,
    Accounts,
    Available,
    RemoveAccount(SignInKind, &'a str),
    RemoveChannel(&'a str),
    Unselect(&'a str),
}

/// Answers one request. Never fails: trouble is an answer as well.
pub fn answer(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    route(turn, request, site).unwrap_or_else(|refusal| refusal.answer())
}

fn route(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let is_newer = site.options.generation != Generation::Guide1;
    let method = if request.method == "HEAD" { "GET" } else { &request.method };
    match (method, segments.as_slice()) {
        ("POST", ["api", "v1", "auth", "login"]) => session::login(turn, request),
        ("POST", ["api", "v1", "auth", "2fa", "verify"]) => session::verify(turn, request),
        ("POST", ["api", "v1", "auth", "2fa", "backup-email"]) => session::send_code(turn, request),
        ("GET", ["api", "v1", "auth", "facebook", "callback"]) => Ok(sign_in::callback(turn, request, site)),
        ("GET", ["api", "v1", "auth", "instagram", "callback"]) if is_newer => {
            Ok(sign_in::callback(turn, request, site))
        }
        (method, ["api", "v1", below @ ..]) => match endpoint(method, below, is_newer) {
            Some(endpoint) => signed_in(turn, request, site, &endpoint),
            None => Err(Refusal::no_route(request)),
        },
        ("GET" | "POST", ["dialog", "facebook" | "instagram", "oauth"]) => dialog::page(turn, request, site),
        ("GET", ["app"]) => sign_in::front_end(request),
        ("GET", ["openapi.yaml"]) => {
            let text = described(OPENAPI, &format!("{}/api/v1", site.origin));
            Ok(Answer::typed(200, "application/yaml; charset=utf-8", text))
        }
        ("GET", []) => {
            let text = "socialchat-cli sandbox: UnifiedBeez, as documented, with nothing behind it.\n\
                        API: /api/v1   description: /openapi.yaml\n";
            Ok(Answer::typed(200, "text/plain; charset=utf-8", text))
        }
        _ => Err(Refusal::no_route(request)),
    }
}

fn endpoint<'a>(method: &str, below: &[&'a str], is_newer: bool) -> Option<Endpoint<'a>> {
    let (messenger, instagram) = (SignInKind::Messenger, SignInKind::Instagram);
    Some(match (method, below) {
        ("GET", ["auth", "profile"]) => Endpoint::Profile,
        ("GET", ["auth", "sessions"]) => Endpoint::Sessions,
        ("DELETE", ["auth", "sessions", id]) => Endpoint::EndSession(id),
        ("POST", ["auth", "logout"]) => Endpoint::Logout,
        ("GET", ["auth", "facebook", "connect"]) => Endpoint::Connect { is_instagram: false },
        ("GET", ["auth", "instagram", "connect"]) if is_newer => Endpoint::Connect { is_instagram: true },
        ("GET", ["auth", "facebook", "pages"]) if is_newer => Endpoint::Connected(messenger),
        ("GET", ["auth", "instagram", "accounts"]) if is_newer => Endpoint::Connected(instagram),
        ("DELETE", ["auth", "facebook", "account", id]) => Endpoint::RemoveAccount(messenger, id),
        ("DELETE", ["auth", "instagram", "account", id]) if is_newer => {
            Endpoint::RemoveAccount(instagram, id)
        }
        ("DELETE", ["auth", "facebook", "channel", id]) => Endpoint::RemoveChannel(id),
        ("GET", ["channels", "selected"]) => Endpoint::Selected,
        ("DELETE", ["channels", "unselect", id]) => Endpoint::Unselect(id),
        ("GET", ["channels", "available", "all"]) => Endpoint::Available,
        ("GET", ["channel-accounts"]) => Endpoint::Accounts,
        _ => return None,
    })
}

/// The session is looked at first, then the parameters, then what they name.
fn signed_in(
    turn: &mut Turn<World>,
    request: &Request,
    site: &Site<'_>,
    endpoint: &Endpoint<'_>,
) -> Result<Answer, Refusal> {
    let session = session::signed_in(turn.world(), request)?;
    if !matches!(endpoint, Endpoint::Connect { .. } | Endpoint::Accounts) {
        only(request, &[])?;
    }
    match *endpoint {
        Endpoint::Profile => Ok(session::profile(&session)),
        Endpoint::Sessions => Ok(session::list(turn.world(), &session)),
        Endpoint::EndSession(id) => session::remove(turn, &session, channels::id(id)?),
        Endpoint::Logout => Ok(session::logout(turn, &session)),
        Endpoint::Connect { is_instagram } => sign_in::connect(turn, request, site, is_instagram),
        Endpoint::Connected(kind) => Ok(channels::of_kind(turn.world(), kind)),
        Endpoint::Selected => Ok(channels::selected(turn.world())),
        Endpoint::Accounts => accounts::list(turn.world(), request),
        Endpoint::Available => Ok(catalogue::available(turn.world(), site)),
        Endpoint::RemoveAccount(kind, id) => channels::remove_account(turn, site, kind, channels::id(id)?),
        Endpoint::RemoveChannel(id) => channels::remove_channel(turn, channels::id(id)?),
        Endpoint::Unselect(id) => channels::unselect(turn, channels::id(id)?),
    }
}
