//! How they look.

use std::fmt::Write;

use super::super::super::frame::{self, Head};
use super::super::super::http::Answer;
use super::super::integration::{DOCUMENTED, Integration};
use super::super::refusal::Refusal;
use super::super::world::{Standing, World};
use crate::serve::escape;
use crate::types::SignInKind;

const HEAD: Head<'_> =
    Head { title: "Sandbox integrations", mark: "SQ", below: "as Sari Wulandari, an invented admin" };
/// The vendor's own words, documented for every kind of channel.
const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";
/// More rows than this help nobody. The others are found by their names.
const MAX_ROWS: usize = 200;

/// Everything that is connected, the newest first, or what a text is found in.
pub fn integrations(world: &World, query: &str) -> Result<Answer, Refusal> {
    let text = query.trim().to_lowercase();
    let all = world.integrations().iter().rev();
    let found: Vec<&Integration> = all.filter(|own| text.is_empty() || own.contains(&text)).collect();
    let mut rows = String::new();
    for own in found.iter().take(MAX_ROWS) {
        integration(&mut rows, own);
    }
    let list = listed("all", &rows, found.len(), "No channel is connected.");
    let mut kinds = String::new();
    for (name, title) in &DOCUMENTED[1..] {
        // Writing to a String doesn't fail.
        let _ = write!(kinds, "<option value=\"{name}\">{}</option>", escape(title));
    }
    html(
        200,
        &format!(
            "<h1>Integrations</h1>\
             <p class=\"lead\">The channels of Kopi Senja. Only an admin can integrate.</p>\
             <p class=\"line\"><a class=\"button primary\" href=\"/integrations/facebook\">Connect with Facebook</a></p>\
             <form class=\"line\" method=\"post\" action=\"/integrations/channel\">\
             <select name=\"target_channel\" aria-label=\"Kind of channel\">{kinds}</select>\
             <button>Add account</button></form>{search}{list}",
            search = search("/integrations", query, world.integrations().len()),
        ),
    )
}

/// The Pages of the person, of which one may be chosen.
pub fn pages(world: &World, query: &str) -> Result<Answer, Refusal> {
    let text = query.trim().to_lowercase();
    let (mut rows, mut count, mut total) = (String::new(), 0, 0);
    for (account, standing) in world.accounts(SignInKind::Messenger) {
        total += 1;
        if !account.name.to_lowercase().contains(&text) {
            continue;
        }
        count += 1;
        if count > MAX_ROWS {
            continue;
        }
        let (choice, below) = match standing {
            Standing::Connected(_) => (" disabled", " · connected"),
            Standing::Inactive(_) => ("", " · inactive, connect it again"),
            Standing::Free | Standing::Foreign => ("", ""),
        };
        let _ = write!(
            rows,
            "<li><label><input type=\"radio\" name=\"page\" value=\"{id}\" required{choice}>\
             <span><b>{name}</b><small>{id}{below}</small></span></label></li>",
            id = escape(&account.id),
            name = escape(&account.name),
        );
    }
    let list = listed("", &rows, count, "You are no admin of such a Page on Facebook.");
    html(
        200,
        &format!(
            "<h1>Choose a Page</h1>\
             <p class=\"lead\">Messages to it arrive in the Inbox. Only Pages that you are an admin of are listed.</p>\
             {search}<form method=\"post\" action=\"/integrations/facebook\">{list}\
             <div class=\"buttons\"><button class=\"primary\">Connect</button>\
             <a class=\"button\" href=\"/integrations\">Cancel</a></div></form>",
            search = search("/integrations/facebook", query, total),
        ),
    )
}

/// The page asks before it disconnects.
pub fn question(own: &Integration) -> Result<Answer, Refusal> {
    html(
        200,
        &format!(
            "<h1>{WARNING}</h1><p class=\"lead\">{name}, {kind}</p>\
             <form method=\"post\" action=\"/integrations/{id}/disconnect\">\
             <div class=\"buttons\"><button class=\"primary\">Disconnect</button>\
             <a class=\"button\" href=\"/integrations\">Cancel</a></div></form>",
            name = escape(own.name.as_deref().unwrap_or(&own.id)),
            kind = escape(own.title()),
            id = escape(&own.id),
        ),
    )
}

/// A page that only says something.
pub fn message(status: u16, title: &str, text: &str) -> Result<Answer, Refusal> {
    let [title, text] = [title, text].map(escape);
    html(
        status,
        &format!(
            "<h1>{title}</h1><p class=\"lead\">{text}</p>\
             <p class=\"line\"><a class=\"button\" href=\"/integrations\">Back to the integrations</a></p>"
        ),
    )
}

fn integration(rows: &mut String, own: &Integration) {
    let id = escape(&own.id);
    let is_inactive = own.is_active == Some(false);
    let reconnect = match is_inactive {
        true => format!(
            "<form method=\"post\" action=\"/integrations/{id}/reconnect\"><button>Reconnect</button></form>"
        ),
        false => String::new(),
    };
    let _ = write!(
        rows,
        "<li class=\"row\"><span><b>{name}</b><small>{kind}{inactive}</small><small>{id}</small></span>{reconnect}\
         <a class=\"button\" href=\"/integrations/{id}/disconnect\">Disconnect</a></li>",
        name = escape(own.name.as_deref().unwrap_or("(no name)")),
        kind = escape(own.title()),
        inactive = if is_inactive { " · inactive" } else { "" },
    );
}

fn listed(class: &str, rows: &str, count: usize, none: &str) -> String {
    match count.checked_sub(MAX_ROWS) {
        _ if count == 0 => format!("<p class=\"none\">{none}</p>"),
        Some(more @ 1..) => {
            format!(
                "<ul class=\"{class}\">{rows}<li class=\"more\">and {more} more: search for them by name</li></ul>"
            )
        }
        _ => format!("<ul class=\"{class}\">{rows}</ul>"),
    }
}

/// Where there are too many to show.
fn search(action: &str, query: &str, count: usize) -> String {
    if count <= MAX_ROWS {
        return String::new();
    }
    let query = escape(query);
    format!(
        "<form class=\"line\" action=\"{action}\"><input class=\"text\" name=\"query\" value=\"{query}\" \
         aria-label=\"Name\" placeholder=\"Name\"><button>Search</button></form>"
    )
}

fn html(status: u16, content: &str) -> Result<Answer, Refusal> {
    frame::headed(&HEAD, status, content)
        .map_err(|error| Refusal::application(500, format!("sandbox: {error}")))
}
