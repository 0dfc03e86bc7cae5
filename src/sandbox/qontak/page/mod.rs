//! Integrations, the page on which a person connects and disconnects: no call of the API does.

mod view;

use super::super::http::{Answer, Request};
use super::super::site::{Site, Turn};
use super::refusal::Refusal;
use super::world::{Standing, World};
use super::{Act, act};
use crate::types::{SignInKind, time};

/// Shows one of its pages, or does what a button says. `below` is the path below `/integrations`.
pub fn route(
    turn: &mut Turn<World>,
    request: &Request,
    site: &Site<'_>,
    below: &[&str],
) -> Result<Answer, Refusal> {
    if !request.is_from_here() {
        let text = "This page is only served to the computer that it runs on.";
        return view::message(403, "Not from here", text);
    }
    let is_post = match request.method.as_str() {
        "GET" | "HEAD" => false,
        "POST" => true,
        _ => return Err(Refusal::method("GET, POST")),
    };
    if is_post && request.header("sec-fetch-site") == Some("cross-site") {
        return view::message(403, "Not from here", "Another site sent you here with a form of its own.");
    }
    let how = site.options.disconnecting;
    match (below, is_post) {
        ([], false) => view::integrations(turn.world(), request.param("query").unwrap_or_default()),
        (["facebook"], false) => view::pages(turn.world(), request.param("query").unwrap_or_default()),
        (["facebook"], true) => connect_page(turn, &field(request, "page")),
        (["channel"], true) => match act(turn, Act::Connect(&field(request, "target_channel")), how) {
            Some(_) => Ok(done()),
            None => view::message(409, "Nothing to connect", "Choose another kind of channel."),
        },
        ([id, "disconnect"], false) => match turn.world().find(id) {
            Some(integration) => view::question(integration),
            None => gone(),
        },
        ([id, "disconnect"], true) => act(turn, Act::Disconnect(id), how).map_or_else(gone, |_| Ok(done())),
        ([id, "reconnect"], true) => act(turn, Act::Reconnect(id), how).map_or_else(gone, |_| Ok(done())),
        _ => view::message(404, "Not found", "There is no such page."),
    }
}

/// A Page that was connected once becomes active again. One that is active stays as it is.
fn connect_page(turn: &mut Turn<World>, page: &str) -> Result<Answer, Refusal> {
    let now = time::now();
    let found = turn.world().accounts(SignInKind::Messenger).find(|(account, _)| account.id == page);
    match found {
        Some((_, Standing::Connected(_))) => {}
        Some((_, Standing::Inactive(own))) => {
            let id = own.id.clone();
            turn.change().activate(&id, now);
        }
        Some((account, Standing::Free)) => drop(turn.change().connect("fb", account, now)),
        Some((account, Standing::Foreign)) => {
            let text = format!("{} is connected with another account.", account.name);
            return view::message(409, "Already connected", &text);
        }
        None => {
            let text = "A Page that isn't listed is one that you are no admin of on Facebook.";
            return view::message(400, "Choose a Page", text);
        }
    }
    Ok(done())
}

fn field(request: &Request, name: &str) -> String {
    request.form().into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}

fn done() -> Answer {
    Answer::empty(303).with("Location", "/integrations").with("Cache-Control", "no-store")
}

fn gone() -> Result<Answer, Refusal> {
    view::message(404, "No such channel", "It was disconnected, or never there.")
}
