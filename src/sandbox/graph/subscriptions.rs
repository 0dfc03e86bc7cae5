//! The two halves of a webhook: what the app is sent, and which Page sends it.

use serde_json::{Value, json};
use url::Url;

use super::Here;
use super::call::Call;
use super::handshake;
use super::refusal::Refusal;
use super::token::{Owner, Token};
use super::world::{APP_ID, APP_NAME, Callback, World};

/// Those that Messenger has. For them a Page needs `pages_messaging`.
const OF_MESSENGER: [&str; 13] = [
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_handovers",
    "messaging_account_linking",
    "messaging_policy_enforcement",
    "standby",
];
/// Some others of a Page.
const OTHERS: [&str; 3] = ["feed", "mention", "ratings"];

/// `/{page}/subscribed_apps`.
pub fn of_page(world: &mut World, call: &Call, caller: &Token, id: &str) -> Result<Value, Refusal> {
    let page = match (&caller.owner, call.method.as_str()) {
        (Owner::Page(page), _) if id == page.id || id == "me" => page.id.clone(),
        (Owner::App, "DELETE") if world.page_named(id).is_some() => id.to_owned(),
        (Owner::Page(_), _) => return Err(Refusal::object(&call.method, id)),
        _ => {
            return Err(Refusal::new(
                210,
                "(#210) A page access token is required to request this resource.",
            ));
        }
    };
    match call.method.as_str() {
        "GET" | "HEAD" => {
            let app = |fields: &Vec<String>| {
                json!([{
                    "id": APP_ID,
                    "name": APP_NAME,
                    "link": "https://sandbox.example/",
                    "category": "Business and Pages",
                    "subscribed_fields": fields,
                }])
            };
            Ok(json!({ "data": world.subscribed.get(&page).map_or(json!([]), app) }))
        }
        "POST" => {
            call.required("subscribed_fields")?;
            let fields = known(call, "subscribed_fields")?;
            if let Some(field) = fields.iter().find(|field| OF_MESSENGER.contains(&field.as_str()))
                && !caller.may("pages_messaging")
            {
                return Err(Refusal::permission(&format!(
                    "To subscribe to the {field} field, one of these permissions is needed: pages_messaging"
                )));
            }
            world.subscribed.insert(page, fields);
            Ok(json!({ "success": true }))
        }
        "DELETE" => {
            world.subscribed.remove(&page);
            // In places it is text.
            Ok(json!({ "success": "true" }))
        }
        _ => Err(Refusal::object(&call.method, id)),
    }
}

/// `/{app}/subscriptions`.
pub fn of_app(
    world: &mut World,
    call: &Call,
    caller: &Token,
    here: &Here<'_>,
    id: &str,
) -> Result<Value, Refusal> {
    if caller.owner != Owner::App {
        return Err(Refusal::new(15, "(#15) This method must be called with an app access_token."));
    }
    if id != APP_ID {
        return Err(Refusal::object(&call.method, id));
    }
    match call.method.as_str() {
        "GET" | "HEAD" => {
            let shown = |callback: &Callback| {
                let fields = callback.fields.iter();
                let fields: Value =
                    fields.map(|name| json!({ "name": name, "version": here.version })).collect();
                json!([{ "object": "page", "callback_url": callback.url(here.origin), "active": true, "fields": fields }])
            };
            Ok(json!({ "data": world.callback.as_ref().map_or(json!([]), shown) }))
        }
        "POST" => {
            of_pages(call.required("object")?)?;
            let url = call.required("callback_url")?;
            let token = call.required("verify_token")?;
            call.required("fields")?;
            let fields = known(call, "fields")?;
            if !matches!(call.param("include_values"), None | Some("true" | "false" | "1" | "0")) {
                return Err(Refusal::parameter("Param include_values must be a boolean"));
            }
            let parsed = Url::parse(url).map_err(|_| {
                Refusal::parameter("Param callback_url must be a valid URI, with scheme and host")
            })?;
            handshake::verify(&parsed, token, here)?;
            world.callback = Some(Callback::new(url, here.origin, fields));
            Ok(json!({ "success": true }))
        }
        "DELETE" => {
            // Without it, every object goes.
            call.param("object").map_or(Ok(()), of_pages)?;
            let gone = known(call, "fields")?;
            if let Some(callback) = &mut world.callback {
                callback.fields.retain(|field| !gone.contains(field));
                if gone.is_empty() || callback.fields.is_empty() {
                    world.callback = None;
                }
            }
            Ok(json!({ "success": true }))
        }
        _ => Err(Refusal::object(&call.method, id)),
    }
}

fn of_pages(object: &str) -> Result<(), Refusal> {
    match object {
        "page" => Ok(()),
        _ => Err(Refusal::parameter("Param object must be one of {page}")),
    }
}

/// The fields of a parameter, each once. 100 with one that doesn't exist.
fn known(call: &Call, name: &str) -> Result<Vec<String>, Refusal> {
    let mut fields = Vec::new();
    for (index, field) in call.list(name).into_iter().enumerate() {
        if !OF_MESSENGER.contains(&field.as_str()) && !OTHERS.contains(&field.as_str()) {
            let all = [&OF_MESSENGER[..], &OTHERS].concat().join(", ");
            let message = format!("Param {name}[{index}] must be one of {{{all}}} - got \"{field}\".");
            return Err(Refusal::parameter(&message));
        }
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Ok(fields)
}
