//! `GET` and `PUT /partner`: the settings, account-wide.

use serde_json::{Value, json};

use super::api::Api;
use super::http::{Answer, Request};
use super::options::PutMode;
use super::refusal::{Refusal, Stop};
use super::state::{Change, Settings};

const CALLBACK_MESSENGER: &str = "callbackMessengerUrl";
const CALLBACK_INSTAGRAM: &str = "callbackInstagramUrl";
const SECONDARY: &str = "webhookSecondaryUrls";

/// All settings; those that were never set are null.
pub fn show(api: &Api) -> Result<Answer, Stop> {
    let settings = api.turn(|turn| Ok(turn.world().settings.clone()))?;
    Ok(Answer::json(
        200,
        &json!({
            (webhook_name(api)): settings.webhook,
            SECONDARY: settings.secondary,
            CALLBACK_MESSENGER: settings.callback_messenger,
            CALLBACK_INSTAGRAM: settings.callback_instagram,
        }),
    ))
}

/// Changes them. Fields that are left out stay, or are unset: see [`PutMode`].
pub fn put(api: &Api, request: &Request) -> Result<Answer, Stop> {
    let refusal = || Refusal::of(403, "invalid body request");
    let body: Value = match request.is_json() {
        true => serde_json::from_slice(&request.body).map_err(|_| refusal())?,
        false => return Err(refusal().into()),
    };
    let Value::Object(fields) = body else { return Err(refusal().into()) };
    api.turn(|turn| {
        let mut settings = match api.options.put {
            PutMode::Merge => turn.world().settings.clone(),
            PutMode::Replace => Settings::default(),
        };
        for (name, value) in &fields {
            match name.as_str() {
                CALLBACK_MESSENGER => settings.callback_messenger = Some(url(value).ok_or_else(refusal)?),
                CALLBACK_INSTAGRAM => settings.callback_instagram = Some(url(value).ok_or_else(refusal)?),
                SECONDARY if api.is_2026() => settings.secondary = Some(urls(value).ok_or_else(refusal)?),
                name if name == webhook_name(api) => settings.webhook = Some(url(value).ok_or_else(refusal)?),
                _ => return Err(refusal().into()),
            }
        }
        Ok(turn.apply(Change::Settings(settings))?)
    })?;
    Ok(Answer::empty(200))
}

fn webhook_name(api: &Api) -> &'static str {
    if api.is_2026() { "webhookUrl" } else { "webhookChatUrl" }
}

/// An http or https URL, or nothing: so a field is unset.
fn url(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let good =
        text.is_empty() || url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    good.then(|| text.to_owned())
}

fn urls(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(url).collect()
}
