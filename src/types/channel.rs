//! Channels that are connected.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::ids::ChannelDbId;
use super::json::{as_text, as_yes_or_no};
use super::kind::{ChannelKind, SignInKind};
use super::platform::PlatformName;
use super::secret::Secret;
use super::secret_fields::drop_secrets;

/// A connected channel (`GET /partner/channel`). Unknown fields are kept, secret ones are not:
/// `token`, and whatever else is named like one, is dropped while it is read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// Socialchat's id of the channel.
    #[serde(rename = "_id")]
    pub id: ChannelDbId,
    /// Text from outside, not unique. Empty where the API doesn't tell; `null` in JSON.
    #[serde(serialize_with = "null_if_empty")]
    pub name: String,
    /// The platform's own id; for Messenger the Page's.
    pub channel_id: Option<String>,
    /// Others than the documented ones are to be expected.
    #[serde(rename = "channelType", serialize_with = "null_if_unnamed")]
    pub kind: ChannelKind,
    /// Whether its token works; none where the API doesn't tell.
    pub is_connected: Option<bool>,
    /// Where it is connected.
    pub platform: PlatformName,
    /// Everything else that came, without secrets.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
    /// What links a phone to the account (`additionalData.qrcode`): drawn by `connect whatsapp`, shown nowhere else.
    #[serde(skip)]
    pub qrcode: Option<Secret>,
}

/// Narrows a listing.
#[derive(Clone, Debug, Default)]
pub struct ChannelFilter {
    /// Text in a channel's name or label.
    pub search: Option<String>,
    /// None means all. Sent under both generations' names.
    pub kinds: Vec<ChannelKind>,
}

impl ChannelFilter {
    /// One that an API can be asked for: kinds alone that are documented, or all. Whoever asks filters what comes.
    pub fn of(search: Option<String>, kinds: &[ChannelKind]) -> Self {
        let is_known = kinds.iter().all(ChannelKind::is_documented);
        ChannelFilter { search, kinds: if is_known { kinds.to_vec() } else { Vec::new() } }
    }
}

impl Channel {
    /// Reads one. Odd fields are none: one is no reason to refuse it. Without a usable `_id` it is none itself, since
    /// nothing could be done with it.
    pub fn of(mut fields: Map<String, Value>) -> Option<Self> {
        let id = fields.shift_remove("_id")?.as_str()?.parse().ok()?;
        let mut text = |name: &str| as_text(&fields.shift_remove(name)?);
        let (name, channel_id, kind) = (text("name"), text("channelId"), text("channelType"));
        let is_connected = fields.shift_remove("isConnected").as_ref().and_then(as_yes_or_no);
        let qrcode = fields.get("additionalData").and_then(|data| data.get("qrcode")?.as_str());
        let qrcode = qrcode.filter(|code| !code.is_empty()).map(Secret::new);
        // The name of a field of ours.
        fields.shift_remove("platform");
        drop_secrets(&mut fields);
        Some(Channel {
            id,
            name: name.unwrap_or_default(),
            channel_id,
            kind: ChannelKind::named(&kind.unwrap_or_default()),
            is_connected,
            platform: PlatformName::Socialchat,
            rest: fields,
            qrcode,
        })
    }

    /// One of another platform than Socialchat, with what else that says of it under its own names: without what is named
    /// like a secret.
    pub fn elsewhere(
        platform: PlatformName,
        id: ChannelDbId,
        kind: ChannelKind,
        name: String,
        channel_id: Option<String>,
        is_connected: Option<bool>,
        mut additional: Map<String, Value>,
    ) -> Self {
        drop_secrets(&mut additional);
        let rest = Map::from_iter([("additionalData".to_owned(), Value::Object(additional))]);
        Channel { id, name, channel_id, kind, is_connected, platform, rest, qrcode: None }
    }

    /// Whether the API says that it is disconnected. One whose state it doesn't tell isn't.
    pub fn is_disconnected(&self) -> bool {
        self.is_connected == Some(false)
    }

    /// Text of one of the other fields, such as `updatedAt` or `disconnectedAt`; of another platform's, in the same spelling
    /// or its own (`updated_at`).
    pub fn text(&self, field: &str) -> Option<&str> {
        let own = self.rest.get(field);
        let other = || self.additional(field).or_else(|| self.additional(&snake(field)));
        let elsewhere = self.platform != PlatformName::Socialchat;
        own.or_else(|| if elsewhere { other() } else { None })?.as_str()
    }

    /// A field of `additionalData`.
    pub fn additional(&self, field: &str) -> Option<&Value> {
        self.rest.get("additionalData")?.get(field)
    }

    /// Whether this is the channel of that Page or account.
    pub fn is_of(&self, kind: SignInKind, channel_id: &str) -> bool {
        self.kind == kind && self.channel_id.as_deref() == Some(channel_id)
    }
}

/// `updated_at` for `updatedAt`.
fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
        text
    })
}

fn null_if_empty<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(text) }
}

fn null_if_unnamed<S: Serializer>(kind: &ChannelKind, serializer: S) -> Result<S::Ok, S::Error> {
    null_if_empty(kind.as_str(), serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Page;
    use serde_json::json;

    #[test]
    fn a_channel_keeps_what_it_does_not_know_and_drops_secrets() {
        let fields = serde_json::from_str(
            r#"{"_id":"65b37833afe781e84afa001f","name":null,"channelId":77,"channelType":"tiktok",
                "isConnected":true,"token":{"accessToken":"EAAB"},"new":1,
                "additionalData":{"hashId":"h","botToken":"x","deep":[{"accessToken":"y","keep":2}]}}"#,
        )
        .unwrap();
        let json = serde_json::to_string(&Channel::of(fields).unwrap()).unwrap();
        assert_eq!(
            json,
            r#"{"_id":"65b37833afe781e84afa001f","name":null,"channelId":"77","channelType":"tiktok","isConnected":true,"platform":"socialchat","new":1,"additionalData":{"hashId":"h","deep":[{"keep":2}]}}"#
        );
    }

    #[test]
    fn odd_fields_of_a_channel_or_page_are_none_and_only_its_id_is_needed() {
        let fields = |value: Value| value.as_object().unwrap().clone();
        let channel = |value: Value| Channel::of(fields(value));
        let odd = channel(json!({ "_id": "a", "name": {}, "channelId": [], "channelType": 7 })).unwrap();
        assert_eq!((odd.name.as_str(), odd.channel_id, odd.kind.as_str()), ("", None, "7"));
        for id in [json!(null), json!(7), json!(""), json!("a/b"), json!({ "$oid": "a" })] {
            assert!(channel(json!({ "_id": id })).is_none());
        }
        for (is, told) in [
            (json!(true), Some(true)),
            (json!(1), Some(true)),
            (json!("true"), Some(true)),
            (json!("False"), Some(false)),
            (json!(0), Some(false)),
            (json!(null), None),
            (json!(2), None),
            (json!("yes"), None),
        ] {
            assert_eq!(channel(json!({ "_id": "a", "isConnected": is })).unwrap().is_connected, told);
        }
        let unknown = serde_json::to_string(&channel(json!({ "_id": "a" })).unwrap()).unwrap();
        assert!(unknown.contains(r#""isConnected":null"#), "{unknown}");
        let page = |value: Value| Page::of(&fields(value));
        let odd = page(json!({ "channelId": 7, "name": {}, "picture": false })).unwrap();
        assert_eq!(odd, Page { name: String::new(), channel_id: "7".into(), picture: None });
        for id in [json!(null), json!(""), json!(true)] {
            assert!(page(json!({ "channelId": id })).is_none());
        }
    }
}
