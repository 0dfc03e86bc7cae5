//! The pages for people: the applications with what Facebook wants to know of them, and Meta's page of the app.

use std::fmt::Write as _;

use super::refusal::Refusal;
use super::world::{Application, World};
use crate::sandbox::error::SandboxError;
use crate::sandbox::frame::{self, Head};
use crate::sandbox::graph::{self, APP_ID, APP_NAME, APP_SECRET, PAGE_TOKEN};
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::site::{Site, Turn};
use crate::serve::escape;

const APPLICATIONS: Head<'_> =
    Head { title: "Applications", mark: "10", below: "of an invented account at 10darts" };
const DEVELOPERS: Head<'_> =
    Head { title: "App settings", mark: "FB", below: "of an invented app at Facebook" };
/// More than this help nobody.
const MOST: usize = 500;
/// A page is only served to this computer, since tokens stand on it.
const NOT_HERE: &str = "<h1>Not from here</h1>\
    <p class=\"lead\">This page is only served to the computer that it runs on.</p>";

/// `/app/applications`: the newest first.
pub fn applications(world: &World, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    if !request.is_from_here() {
        return shown(frame::headed(&APPLICATIONS, 403, NOT_HERE));
    }
    let mut rows = String::new();
    for application in world.ids().rev().take(MOST).filter_map(|id| world.application(id)) {
        row(&mut rows, &application, site.origin);
    }
    let more = world.count().saturating_sub(MOST);
    if more > 0 {
        // Writing to a String doesn't fail.
        let _ = write!(rows, "<p class=\"more\">and {more} more, which are older</p>");
    }
    if rows.is_empty() {
        rows.push_str("<p class=\"none\">There are no applications.</p>");
    }
    let content = format!(
        "<h1>Applications</h1><p class=\"lead\">Facebook asks for the two values of a MESSENGER application: the \
         Webhook URL is its Callback URL, the Webhook verification token its Verify Token.</p>{rows}"
    );
    shown(frame::headed(&APPLICATIONS, 200, &content))
}

fn row(rows: &mut String, application: &Application, origin: &str) {
    let (id, name) = (application.id, escape(&application.name));
    let kind = application.platform.name();
    let _ = write!(rows, "<section id=\"application-{id}\"><h2>{name}<small>{kind} {id}</small></h2>");
    match application.webhook(origin) {
        Some(webhook) => {
            let [url, token] = [&webhook.url, &webhook.verify_token].map(|text| escape(text));
            let _ = write!(
                rows,
                "<dl><dt>Webhook URL</dt><dd><code>{url}</code></dd>\
                 <dt>Webhook verification token</dt><dd><code>{token}</code></dd></dl>"
            );
        }
        None => rows.push_str("<small>It has no webhook.</small>"),
    }
    rows.push_str("</section>");
}

/// `/developers`: the app's id and secret, tokens to try, and whether calls must carry a proof.
pub fn developers(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    if !request.is_from_here() {
        return shown(frame::headed(&DEVELOPERS, 403, NOT_HERE));
    }
    match request.method.as_str() {
        "GET" | "HEAD" => shown(frame::headed(&DEVELOPERS, 200, &settings(&turn.world().graph, site.origin))),
        "POST" => {
            let form = request.form();
            turn.change().graph.requires_proof = form.iter().any(|(name, _)| name == "require_app_secret");
            Ok(Answer::empty(303).with("Location", "/developers"))
        }
        method => Err(Refusal::method(method, "GET, POST")),
    }
}

fn settings(world: &graph::World, origin: &str) -> String {
    let tokens = [
        ("", "of a Page, and good"),
        ("-expired", "of a Page, expired (190/463)"),
        ("-password", "of a Page, ended by a change of password (190/460)"),
        ("-no-messaging", "of a Page, without pages_messaging"),
        ("-user", "of the person, and of no Page"),
    ];
    let mut rows = String::new();
    for (end, what) in tokens {
        let _ = write!(rows, "<dt>A token {what}</dt><dd><code>{PAGE_TOKEN}{end}</code></dd>");
    }
    let callback = world.callback.as_ref().map_or("none".to_owned(), |callback| callback.url(origin));
    let checked = if world.requires_proof { " checked" } else { "" };
    format!(
        "<h1>{APP_NAME}</h1><dl><dt>App ID</dt><dd><code>{APP_ID}</code></dd>\
         <dt>App secret</dt><dd><code>{APP_SECRET}</code></dd>\
         <dt>Callback URL</dt><dd><code>{}</code></dd>{rows}</dl>\
         <form method=\"post\"><fieldset class=\"scope\"><legend>Security</legend>\
         <label><input type=\"checkbox\" name=\"require_app_secret\"{checked}>\
         <span><b>Require App Secret</b><small>Calls must carry an appsecret_proof.</small></span></label></fieldset>\
         <div class=\"buttons\"><button class=\"primary\">Save Changes</button></div></form>",
        escape(&callback)
    )
}

fn shown(page: Result<Answer, SandboxError>) -> Result<Answer, Refusal> {
    page.map_err(|error| Refusal::by_status(500, Some(&format!("sandbox: {error}"))))
}
