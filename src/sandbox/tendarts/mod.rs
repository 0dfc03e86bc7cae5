//! 10darts: applications, and behind them Meta, whose calls go to `/graph`.
//!
//! ```text
//! lists create     the endpoints below /api/v1
//! webhook          what Facebook calls
//! view             the pages for people
//! refusal          errors
//! world            what is remembered
//! ```

mod create;
mod lists;
mod refusal;
#[cfg(test)]
mod tests;
mod view;
mod webhook;
mod world;

use self::refusal::Refusal;
pub use self::world::{Webhook, World};
use super::description::described;
use super::graph;
use super::http::{Answer, Request};
use super::site::{Site, Turn};

/// The account's key.
pub const API_TOKEN: &str = "sandbox-api-token";
/// One application's, which opens less.
pub const APP_TOKEN: &str = "sandbox-app-token";

/// Answers one request. Never fails: trouble is an answer as well.
pub fn answer(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    if graph::has(&request.path) {
        return meta(turn, request, site);
    }
    route(turn, request, site).unwrap_or_else(|refusal| refusal.answer())
}

/// An error in its own shape: for faults on order.
pub fn error(status: u16, message: Option<&str>) -> Answer {
    Refusal::by_status(status, message).answer()
}

/// What a person reads on the page of the applications: with what Facebook calls that application.
pub fn webhook(world: &World, id: u64, origin: &str) -> Option<Webhook> {
    world.application(id)?.webhook(origin)
}

/// Meta's part. It calls a webhook of ours at once where one is set.
fn meta(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    let mut world = turn.world().graph.clone();
    let own = |url: &url::Url| {
        let answer = |request: &Request| {
            let answer = match hooked(request) {
                Some(id) => webhook::answer(turn.world(), request, site.origin, id),
                None => slashed(request),
            };
            answer.unwrap_or_else(|refusal| refusal.answer())
        };
        webhook::met(answer, url)
    };
    let answer = graph::answer(&mut world, request, site, &own);
    if world != turn.world().graph {
        turn.change().graph = world;
    }
    answer
}

/// The application whose webhook it is.
fn hooked(request: &Request) -> Option<&str> {
    let id = request.path.strip_prefix("/webhooks/messenger/")?.strip_suffix('/')?;
    Some(id).filter(|id| !id.contains('/'))
}

fn route(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    if let Some(id) = hooked(request) {
        return webhook::answer(turn.world(), request, site.origin, id);
    }
    let get = |answer: Result<Answer, Refusal>| match request.method.as_str() {
        "GET" | "HEAD" => answer,
        method => Err(Refusal::method(method, "GET")),
    };
    let path = request.path.as_str();
    match path {
        "/" => get(Ok(Answer::typed(200, "text/plain; charset=utf-8", WELCOME))),
        "/openapi.yaml" => get(Ok(Answer::typed(
            200,
            "application/yaml; charset=utf-8",
            described(include_str!("openapi.yaml"), site.origin),
        ))),
        "/app/applications" | "/app/applications/" => get(view::applications(turn.world(), request, site)),
        "/developers" => view::developers(turn, request, site),
        _ => match path.strip_prefix("/api/v1/") {
            Some(below) => api(turn, request, site, below),
            None => slashed(request),
        },
    }
}

const WELCOME: &str = "socialchat-cli sandbox: 10darts and Meta's Graph API, as documented, with nothing behind them.\n\
    API: /api/v1/   description: /openapi.yaml   applications: /app/applications\n\
    Graph: /graph/v26.0   description: /graph/openapi.yaml   app: /developers\n";

fn api(turn: &mut Turn<World>, request: &Request, site: &Site<'_>, below: &str) -> Result<Answer, Refusal> {
    let method = request.method.as_str();
    let get = matches!(method, "GET" | "HEAD");
    let parts: Vec<&str> = below.split('/').collect();
    match parts.as_slice() {
        ["applications", ""] => {
            allowed(request, false)?;
            match method {
                "POST" => create::create(turn, request, site),
                _ if get => lists::applications(turn.world(), request, site),
                _ => Err(Refusal::method(method, "GET, POST")),
            }
        }
        ["applications", id, ""] if is_id(id) => {
            allowed(request, false)?;
            match (method, id.parse()) {
                ("DELETE", Ok(id)) => create::delete(turn, id),
                ("DELETE", Err(_)) => Err(Refusal::not_found()),
                _ => Err(Refusal::method(method, "DELETE")),
            }
        }
        [list @ ("platforms" | "devices"), ""] => {
            allowed(request, true)?;
            match *list {
                _ if !get => Err(Refusal::method(method, "GET")),
                "platforms" => lists::platforms(request, site),
                _ => lists::devices(request, site),
            }
        }
        _ => slashed(request),
    }
}

/// A path that lacks its slash is redirected to the one that has it, and what was sent is lost on the way. Every other
/// is 404.
fn slashed(request: &Request) -> Result<Answer, Refusal> {
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    let is_known = match parts.as_slice() {
        ["api", "v1", "applications" | "platforms" | "devices"] => true,
        ["api", "v1", "applications", id] | ["webhooks", "messenger", id] => is_id(id),
        _ => false,
    };
    if !is_known {
        return Err(Refusal::not_found());
    }
    let query = request.target.strip_prefix(&request.path).unwrap_or_default();
    Ok(Answer::empty(301).with("Location", format!("{}/{query}", request.path)))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Who may: the word before the key counts, and an application's key opens what is its own.
fn allowed(request: &Request, with_app_token: bool) -> Result<(), Refusal> {
    let none = || Refusal::unauthorized("Authentication credentials were not provided.");
    let mut words = request.authorization.as_deref().unwrap_or_default().split_whitespace();
    let (word, key) = (words.next().ok_or_else(none)?, words.next());
    let (word, right) = match word.to_ascii_lowercase().as_str() {
        "token" => ("Token", API_TOKEN),
        "apptoken" => ("AppToken", APP_TOKEN),
        // Another word, or a key without one.
        _ => return Err(none()),
    };
    match (key, words.next()) {
        (None, _) => Err(Refusal::unauthorized("Invalid token header. No credentials provided.")),
        (_, Some(_)) => {
            Err(Refusal::unauthorized("Invalid token header. Token string should not contain spaces."))
        }
        (Some(key), None) if key != right => Err(Refusal::unauthorized("Invalid token.")),
        _ if word == "AppToken" && !with_app_token => Err(Refusal::forbidden()),
        _ => Ok(()),
    }
}
