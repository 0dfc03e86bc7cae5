//! The partner settings: account-wide, shared with the partner's production app.

use serde::Serialize;
use serde_json::{Map, Value};

use super::client::Api;
use super::error::{ApiError, Reason};
use crate::types::Kind;

/// The settings that `PUT /partner` is documented to take, in both generations.
const FIELDS: [&str; 5] =
    ["webhookUrl", "webhookChatUrl", "webhookSecondaryUrls", "callbackMessengerUrl", "callbackInstagramUrl"];

/// The settings as they were read: the same names, the same values.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Settings(Map<String, Value>);

/// What reading the settings came to.
#[derive(Debug)]
pub enum Reading {
    /// They were read.
    Known(Settings),
    /// This API has no call that reads them (2024: 404 or 405).
    Unreadable,
}

impl Settings {
    /// The field that holds the callback URL of a kind.
    pub fn callback_field(kind: Kind) -> &'static str {
        match kind {
            Kind::Messenger => "callbackMessengerUrl",
            Kind::Instagram => "callbackInstagramUrl",
        }
    }

    /// No settings, of an API that can't be read: its webhook has the name of 2024.
    pub fn of_2024() -> Self {
        Settings(Map::from_iter([("webhookChatUrl".to_owned(), Value::Null)]))
    }

    /// The callback URL of a kind; none where it was never set, is null or empty.
    pub fn callback(&self, kind: Kind) -> Option<&str> {
        self.0.get(Self::callback_field(kind))?.as_str().filter(|url| !url.is_empty())
    }

    /// Text of any other field; none where it isn't set.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// The addresses that events are sent to beside the first.
    pub fn secondary_webhooks(&self) -> impl Iterator<Item = &str> {
        self.0
            .get("webhookSecondaryUrls")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }

    /// Sets one field; the others stay as they are.
    pub fn set(&mut self, field: &str, value: &str) {
        self.0.insert(field.to_owned(), Value::from(value));
    }

    /// The name of the webhook's field as this API calls it: `webhookUrl`, or `webhookChatUrl` (2024).
    pub fn webhook_field(&self) -> &'static str {
        if self.0.contains_key("webhookChatUrl") { "webhookChatUrl" } else { "webhookUrl" }
    }

    /// What is written back: the fields that were read, as far as `keep` lets them, without those that were null.
    fn as_body(&self, keep: impl Fn(&str) -> bool) -> Value {
        let fields = self.0.iter().filter(|(name, value)| keep(name) && !value.is_null());
        Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

impl Api {
    /// `GET /partner` (2026). In 2024 no call read the settings: [`Reading::Unreadable`].
    pub async fn settings(&self) -> Result<Reading, ApiError> {
        let attempt = self.get(&[], "read the partner settings").json_or_empty::<Map<String, Value>>().await;
        match attempt {
            Ok(settings) => Ok(Reading::Known(Settings(settings.unwrap_or_default()))),
            Err(ApiError { reason: Reason::Refused { status: 404 | 405, .. }, .. }) => {
                Ok(Reading::Unreadable)
            }
            Err(error) => Err(error),
        }
    }

    /// `PUT /partner`: writes all the given fields. Pass what was read with one field changed, since
    /// it isn't documented whether fields that are left out are kept. So fields that no documentation knows are
    /// written back as well; an API that refuses those gets the documented ones alone.
    pub async fn set_settings(&self, settings: &Settings) -> Result<(), ApiError> {
        let (whole, documented) = (settings.as_body(is_setting), settings.as_body(is_documented));
        let put = |body| self.put(&[], "change the partner settings").body(body).done();
        match put(whole.clone()).await {
            Err(error) if whole != documented && error.is_about_the_body() => put(documented).await,
            answer => answer,
        }
    }
}

fn is_documented(name: &str) -> bool {
    FIELDS.contains(&name)
}

/// What a database says about its own record is no setting.
fn is_setting(name: &str) -> bool {
    !name.starts_with('_') && !["id", "createdAt", "updatedAt"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_written_back_under_its_own_names() {
        let read = r#"{"_id":"x","webhookChatUrl":"https://a/w","webhookSecondaryUrls":["https://b"],
                       "callbackMessengerUrl":null,"callbackInstagramUrl":"","locale":"id","updatedAt":"2026"}"#;
        let mut settings = Settings(serde_json::from_str(read).unwrap());
        assert_eq!(settings.webhook_field(), "webhookChatUrl");
        assert_eq!((settings.callback(Kind::Messenger), settings.callback(Kind::Instagram)), (None, None));
        settings.set("callbackInstagramUrl", "http://127.0.0.1:1/x");
        let documented = r#"{"webhookChatUrl":"https://a/w","webhookSecondaryUrls":["https://b"],"callbackInstagramUrl":"http://127.0.0.1:1/x"}"#;
        assert_eq!(settings.as_body(is_documented).to_string(), documented);
        let whole = documented.replace('}', r#","locale":"id"}"#);
        assert_eq!(settings.as_body(is_setting).to_string(), whole);
    }
}
