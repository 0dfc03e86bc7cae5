//! The record of an application, without what is secret in it.

use serde_json::{Map, Value};

use crate::types::{Channel, ChannelKind, PlatformName, Secret, as_text, as_yes_or_no};

/// What 10darts calls the platform of a Page.
pub const MESSENGER: &str = "MESSENGER";

/// What answers echo: credentials of the platform behind an application.
const SECRETS: [&str; 3] = ["platform_principal", "platform_credential", "page_access_token"];

/// An application: a channel, and what its record may tell of its webhook, which no document says.
#[derive(Clone, Debug)]
pub struct Application {
    pub channel: Channel,
    /// The webhook's address.
    pub webhook: Option<String>,
    /// What Meta shows the webhook as proof. Is used and never shown.
    pub verify_token: Option<Secret>,
}

impl Application {
    /// Reads a record. Without a usable id it is none, since nothing could be done with it.
    pub fn of(mut fields: Map<String, Value>) -> Option<Self> {
        for name in SECRETS {
            fields.shift_remove(name);
        }
        let id = as_text(&fields.shift_remove("id")?)?.parse().ok()?;
        let mut text = |name: &str| as_text(&fields.shift_remove(name)?);
        let (name, platform, page_id) = (text("name"), text("platform"), text("page_id"));
        let is_connected = fields.shift_remove("is_connected").as_ref().and_then(as_yes_or_no);
        let (webhook, verify_token) = (webhook(&fields, false), webhook(&fields, true).map(Secret::new));
        let kind = kind(&platform.unwrap_or_default());
        let name = name.unwrap_or_default();
        let channel =
            Channel::elsewhere(PlatformName::Tendarts, id, kind, name, page_id, is_connected, fields);
        Some(Application { channel, webhook, verify_token })
    }

    /// What people and `--name` call it.
    pub fn name(&self) -> &str {
        &self.channel.name
    }
}

/// `MESSENGER`, which other resources write in lower case. Any other by its own name.
fn kind(platform: &str) -> ChannelKind {
    match platform.eq_ignore_ascii_case(MESSENGER) {
        true => ChannelKind::Messenger,
        false => ChannelKind::Other(platform.to_owned()),
    }
}

/// The text of a field whose name says that it is the webhook's: its address, or its token.
fn webhook(fields: &Map<String, Value>, is_token: bool) -> Option<String> {
    let is_it = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("webhook") && name.contains("token") == is_token
    };
    let found = fields.iter().filter(|(name, _)| is_it(name)).find_map(|(_, value)| value.as_str());
    found.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(record: Value) -> Option<Application> {
        Application::of(record.as_object().unwrap().clone())
    }

    #[test]
    fn a_record_loses_its_credentials_and_keeps_the_address_of_its_webhook() {
        let application = of(json!({
            "id": 1, "name": "shop", "platform": "MESSENGER", "platform_principal": "canary",
            "platform_credential": "canary", "page_access_token": "canary", "platform_application_arn": "arn",
            "webhook_url": "https://10darts.com/hook/1/", "webhook_verification_token": "canary", "new": 7,
        }))
        .unwrap();
        assert_eq!(application.webhook.as_deref(), Some("https://10darts.com/hook/1/"));
        assert_eq!(application.verify_token, Some(Secret::new("canary")));
        assert_eq!(
            serde_json::to_value(&application.channel).unwrap(),
            json!({
                "_id": "1", "name": "shop", "channelId": null, "channelType": "messenger", "isConnected": null,
                "platform": "10darts",
                "additionalData": {
                    "platform_application_arn": "arn", "webhook_url": "https://10darts.com/hook/1/", "new": 7,
                },
            })
        );
    }

    #[test]
    fn only_the_id_is_needed_and_other_platforms_keep_their_names() {
        let odd = of(json!({ "id": "9007199254740993", "name": {}, "platform": 7 })).unwrap();
        assert_eq!((odd.channel.id.as_str(), odd.name()), ("9007199254740993", ""));
        let kind = |platform: &str| of(json!({ "id": 1, "platform": platform })).unwrap().channel.kind;
        assert_eq!(kind("messenger"), ChannelKind::Messenger);
        assert_eq!(kind("telegram"), ChannelKind::Other("telegram".to_owned()));
        for id in [json!(null), json!(""), json!("a/b"), json!([1]), json!(1.5)] {
            assert!(of(json!({ "id": id })).is_none(), "{id}");
        }
        let told = of(json!({ "id": 1, "page_id": 7, "is_connected": false })).unwrap().channel;
        assert_eq!((told.channel_id.as_deref(), told.is_connected), (Some("7"), Some(false)));
    }
}
