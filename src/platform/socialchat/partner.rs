//! The partner settings: account-wide, shared with the partner's production app.

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::client::Socialchat;
use crate::http::{ApiError, Unread};
use crate::types::{Request, SignInKind};

/// The settings that `PUT /partner` is documented to take, in both generations.
const FIELDS: [&str; 5] =
    ["webhookUrl", "webhookChatUrl", "webhookSecondaryUrls", "callbackMessengerUrl", "callbackInstagramUrl"];

/// The one that holds several addresses.
const SECONDARY: &str = "webhookSecondaryUrls";

/// The settings as they were read: the documented fields, under the same names, with the same values. Others are neither
/// kept nor sent: what an API shows of them can be a mask, and written back the mask would become the value.
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
    /// The documented fields of an answer. One with none of them is no settings, whatever its status; neither is one whose
    /// callback URL is no text. Names what is wrong, not what the answer holds.
    fn documented(mut answer: Map<String, Value>) -> Result<Self, Unread> {
        answer.retain(|name, _| FIELDS.contains(&name.as_str()));
        if answer.is_empty() {
            return Err(Unread::NoSettings);
        }
        let is_text = |value: &Value| value.is_null() || value.is_string();
        match SignInKind::ALL.iter().all(|kind| answer.get(kind.callback_field()).is_none_or(is_text)) {
            true => Ok(Settings(answer)),
            false => Err(Unread::NoTextCallback),
        }
    }

    /// No settings, of an API that can't be read: its webhook has the name of 2024.
    pub fn of_2024() -> Self {
        Settings(Map::from_iter([("webhookChatUrl".to_owned(), Value::Null)]))
    }

    /// The callback URL of a kind; none where it was never set, is null or empty.
    pub fn callback(&self, kind: SignInKind) -> Option<&str> {
        self.0.get(kind.callback_field())?.as_str().filter(|url| !url.is_empty())
    }

    /// Text of any other field; none where it isn't set.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    /// The addresses that events are sent to beside the first.
    pub fn secondary_webhooks(&self) -> impl Iterator<Item = &str> {
        self.0.get(SECONDARY).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Sets one field; the others stay as they are.
    pub fn set(&mut self, field: &str, value: &str) {
        self.0.insert(field.to_owned(), Value::from(value));
    }

    /// Sets the addresses that events are sent to beside the first; empty ones are none.
    pub fn set_secondary_webhooks<'a>(&mut self, urls: impl Iterator<Item = &'a str>) {
        let urls = urls.filter(|url| !url.is_empty()).map(Value::from);
        self.0.insert(SECONDARY.to_owned(), urls.collect());
    }

    /// The names of the fields that are there, be they unset or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a field is there, be it unset or not.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The fields that are another than in `before`.
    pub fn changed_since<'a>(&'a self, before: &'a Settings) -> impl Iterator<Item = &'a str> {
        let changed = self.0.iter().filter(|(name, value)| before.0.get(*name) != Some(value));
        changed.map(|(name, _)| name.as_str())
    }

    /// Whether a field has the same value in both; one that is unset can be missing, null or empty. An API that writes
    /// URLs in its own way holds the same one.
    pub fn holds(&self, field: &str, wanted: &Settings) -> bool {
        let same = |text: &str| Url::parse(text).map_or_else(|_| text.to_owned(), |url| url.to_string());
        if field == SECONDARY {
            return self.secondary_webhooks().map(same).eq(wanted.secondary_webhooks().map(same));
        }
        self.text(field).map(same) == wanted.text(field).map(same)
    }

    /// The name of the webhook's field as this API calls it: `webhookUrl`, or `webhookChatUrl` (2024).
    pub fn webhook_field(&self) -> &'static str {
        if self.0.contains_key("webhookChatUrl") { "webhookChatUrl" } else { "webhookUrl" }
    }

    /// What is written back: the fields that were read, without those that were null.
    fn as_body(&self) -> Value {
        let fields = self.0.iter().filter(|(_, value)| !value.is_null());
        Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

impl Socialchat {
    /// `GET /partner` (2026). In 2024 no call read the settings: [`Reading::Unreadable`]. An answer that isn't the documented
    /// one is an error, never settings that are unset.
    pub async fn settings(&self) -> Result<Reading, ApiError> {
        let call = self.http.get(&[], Request::ReadSettings).urgent();
        match call.read(Settings::documented).await {
            Ok(settings) => Ok(Reading::Known(settings)),
            // A web page is no answer of this API, of whichever generation.
            Err(error) if matches!(error.status(), Some(404 | 405)) && !error.is_web_page() => {
                Ok(Reading::Unreadable)
            }
            Err(error) => Err(error),
        }
    }

    /// `PUT /partner`: writes all the given fields. Pass what was read with one field changed, since it isn't documented
    /// whether fields that are left out are kept.
    pub async fn set_settings(&self, settings: &Settings) -> Result<(), ApiError> {
        self.http.put(&[], Request::ChangeSettings).urgent().body(settings.as_body()).taken().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented(answer: &str) -> Result<Settings, Unread> {
        Settings::documented(serde_json::from_str(answer).unwrap())
    }

    #[test]
    fn the_documented_fields_are_written_back_under_their_own_names_and_no_others() {
        let read = r#"{"_id":"x","webhookChatUrl":"https://a/w","webhookSecondaryUrls":["https://b"],"webhookSecret":"****7f3a",
                       "callbackMessengerUrl":null,"callbackInstagramUrl":"","locale":"id","updatedAt":"2026"}"#;
        let mut settings = documented(read).unwrap();
        assert_eq!(settings.webhook_field(), "webhookChatUrl");
        assert_eq!(
            (settings.callback(SignInKind::Messenger), settings.callback(SignInKind::Instagram)),
            (None, None)
        );
        settings.set("callbackInstagramUrl", "http://127.0.0.1:1/x");
        let body = r#"{"webhookChatUrl":"https://a/w","webhookSecondaryUrls":["https://b"],"callbackInstagramUrl":"http://127.0.0.1:1/x"}"#;
        assert_eq!(settings.as_body().to_string(), body);
        let shown = serde_json::to_string(&settings).unwrap();
        assert!(!shown.contains("7f3a") && !shown.contains("locale"), "{shown}");
    }

    #[test]
    fn an_answer_that_is_not_the_documented_one_is_no_settings() {
        for answer in
            ["{}", r#"{"_id":"x"}"#, r#"{"data":{"webhookUrl":""}}"#, r#"{"statusCode":200,"message":"ok"}"#]
        {
            assert_eq!(documented(answer), Err(Unread::NoSettings), "{answer}");
        }
        for value in ["5", "{}", "true", "[\"https://a\"]"] {
            let answer = format!(r#"{{"webhookUrl":"","callbackMessengerUrl":{value}}}"#);
            assert_eq!(documented(&answer), Err(Unread::NoTextCallback), "{answer}");
        }
        assert!(documented(r#"{"webhookUrl":null}"#).is_ok());
    }
}
