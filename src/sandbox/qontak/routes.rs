//! Which endpoint a request is for.

use super::super::description::described;
use super::super::http::{Answer, Request};
use super::super::site::{Site, Turn};
use super::door::{self, is_newer};
use super::refusal::Refusal;
use super::world::World;
use super::{listing, page, token};

/// Answers one request. Never fails: trouble is an answer as well.
pub fn answer(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer {
    route(turn, request, site).unwrap_or_else(|refusal| refusal.answer())
}

fn route(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match (segments.as_slice(), is_newer(site)) {
        (["qontak", "chat", "v1", below @ ..], true) | (["api", "open", "v1", below @ ..], false) => {
            let world = turn.world();
            door::pass(world, request, site, || below_base(world, request, site, below))
        }
        (["oauth", "token"], false) => match request.method.as_str() {
            "POST" => token::grant(turn, request),
            _ => Err(Refusal::method("POST")),
        },
        (["integrations", below @ ..], _) => page::route(turn, request, site, below),
        (["openapi.yaml"], _) => {
            only_get(request, || Answer::typed(200, "application/yaml; charset=utf-8", description(site)))
        }
        ([], _) => only_get(request, || {
            let text = "socialchat-cli sandbox: Qontak's API, as documented, with nothing behind it.\n\
                        page: /integrations   description: /openapi.yaml\n";
            Answer::typed(200, "text/plain; charset=utf-8", text)
        }),
        (_, true) => Err(Refusal::gateway(404, "no Route matched with those values")),
        (_, false) => Err(Refusal::application(404, "Not found")),
    }
}

fn below_base(world: &World, request: &Request, site: &Site<'_>, below: &[&str]) -> Result<Answer, Refusal> {
    let is_get = matches!(request.method.as_str(), "GET" | "HEAD");
    match below {
        ["integrations"] if is_get => listing::list(world, request, is_newer(site)),
        ["integrations", id] if is_get => listing::show(world, id, is_newer(site)),
        // An older text has a DELETE, the official client doesn't: no client may count on it.
        ["integrations"] | ["integrations", _] => Err(Refusal::method("GET")),
        _ => Err(Refusal::application(404, "Not found")),
    }
}

/// The description with this server in it, also where the older generation's tokens are asked for.
fn description(site: &Site<'_>) -> String {
    let url = format!("{}{}", site.origin, site.options.api_path());
    described(include_str!("openapi.yaml"), &url).replace("https://service-chat.qontak.com", site.origin)
}

fn only_get(request: &Request, answer: impl FnOnce() -> Answer) -> Result<Answer, Refusal> {
    match request.method.as_str() {
        "GET" | "HEAD" => Ok(answer()),
        _ => Err(Refusal::method("GET")),
    }
}
