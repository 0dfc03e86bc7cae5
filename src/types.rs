//! The nouns of the Partner API, as every other module uses them. Serde, and which fields are secrets; nothing else of ours.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::secret_fields::{drop_secrets, without_secret_parameters};

/// A platform whose channels are connected through a Facebook sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Facebook Pages
    Messenger,
    /// Instagram accounts that are linked to a Page
    Instagram,
}

impl Kind {
    /// Both kinds, in the order in which they are shown.
    pub const ALL: [Kind; 2] = [Kind::Messenger, Kind::Instagram];

    /// The name in paths, in `channelType` and on the command line: `messenger`, `instagram`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Messenger => "messenger",
            Kind::Instagram => "instagram",
        }
    }

    /// The name for people: `Messenger`, `Instagram`.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Messenger => "Messenger",
            Kind::Instagram => "Instagram",
        }
    }

    /// The partner setting that holds its callback URL (`GET` and `PUT /partner`).
    pub fn callback_field(self) -> &'static str {
        match self {
            Kind::Messenger => "callbackMessengerUrl",
            Kind::Instagram => "callbackInstagramUrl",
        }
    }

    /// What one of them is called: `Page`, `account`.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Messenger => "Page",
            Kind::Instagram => "account",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A key or token. It can be used, not shown: `Debug` and `Display` print `[secret]`, and the
/// memory is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the value as it is.
    pub fn new(value: impl Into<String>) -> Self {
        Secret(Zeroizing::new(value.into()))
    }

    /// The value itself. Every call is a place where it could leak: keep them few.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters behind dots, or dots alone where the value is short. For `whoami`.
    pub fn masked(&self) -> String {
        let count = self.0.chars().count();
        let shown: String = match count {
            0..16 => String::new(),
            _ => self.0.chars().skip(count - 4).collect(),
        };
        format!("••••{shown}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What a partner proves itself with. See "credentials" in the Partner API's authorization guides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// One API key, sent as it is (2026).
    ApiKey(Secret),
    /// An App ID with its Secret Key, sent as base64 of `APPID_SECRETKEY` (2024).
    AppPair { app_id: String, secret_key: Secret },
}

/// Refusals that the documentation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// 401 `invalid app id or secret key` (2026), 403 `Unauthorized` (2024).
    BadCredentials,
    /// 402 `limit integration reached`.
    LimitReached,
    /// 403 `invalid token callback`.
    InvalidCallbackToken,
    /// 403 `channel already connected with another account`.
    ConnectedElsewhere,
    /// 403 `channel not found`.
    ChannelNotFound,
    /// 403 `account not same`.
    AccountNotSame,
    /// 403 `invalid token`: a bot token.
    InvalidBotToken,
    /// 403 `virtual machine full, please contact technical`.
    VirtualMachineFull,
    /// 403 `invalid body request`.
    InvalidBody,
}

/// A channel's `_id` in Socialchat: safe as one path segment (letters, digits, `-`, `_`; at most 64).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ChannelDbId(String);

impl ChannelDbId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text has the documented shape: 24 hexadecimal digits.
    pub fn looks_like(text: &str) -> bool {
        text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
    }
}

impl FromStr for ChannelDbId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits {
            return Err("that can't be a channel's _id".to_owned());
        }
        Ok(ChannelDbId(text.to_owned()))
    }
}

impl fmt::Display for ChannelDbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ChannelDbId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A Facebook Page or Instagram account that a callback token covers
/// (`docs[]` of `GET /partner/channel/{kind}/account`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// As the person named it: text from outside, not unique.
    pub name: String,
    /// The platform's own id.
    pub channel_id: String,
    /// An address of its picture, without parameters that are secrets.
    pub picture: Option<String>,
}

impl Page {
    /// Reads one. Odd fields are none: one is no reason to refuse it. Without a usable `channelId` it is none itself.
    pub fn of(fields: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| as_text(fields.get(name)?);
        let channel_id = text("channelId").filter(|id| !id.is_empty())?;
        let picture = text("picture").map(|url| without_secret_parameters(&url).unwrap_or(url));
        Some(Page { name: text("name").unwrap_or_default(), channel_id, picture })
    }
}

/// A connected channel (`GET /partner/channel`). Unknown fields are kept, secret ones are not:
/// `token`, and whatever else is named like one, is dropped while it is read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// Socialchat's id of the channel.
    #[serde(rename = "_id")]
    pub id: ChannelDbId,
    /// Text from outside, not unique.
    pub name: String,
    /// The platform's own id; for Messenger the Page's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// `messenger`, `instagram`, `telegram`, ...: unknown ones are to be expected.
    pub channel_type: String,
    /// Whether its token works; none where the API doesn't tell.
    pub is_connected: Option<bool>,
    /// Everything else that came, without secrets.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
    /// What links a phone to the account (`additionalData.qrcode`): drawn by `connect whatsapp`, shown nowhere else.
    #[serde(skip)]
    pub qrcode: Option<Secret>,
}

impl Channel {
    /// Reads one. Odd fields are none: one is no reason to refuse it. Without a usable `_id` it is none itself, since
    /// nothing could be done with it.
    pub fn of(mut fields: Map<String, Value>) -> Option<Self> {
        let id = fields.shift_remove("_id")?.as_str()?.parse().ok()?;
        let mut text = |name: &str| as_text(&fields.shift_remove(name)?);
        let (name, channel_id, channel_type) = (text("name"), text("channelId"), text("channelType"));
        let is_connected = fields.shift_remove("isConnected").as_ref().and_then(as_yes_or_no);
        let qrcode = fields.get("additionalData").and_then(|data| data.get("qrcode")?.as_str());
        let qrcode = qrcode.filter(|code| !code.is_empty()).map(Secret::new);
        drop_secrets(&mut fields);
        Some(Channel {
            id,
            name: name.unwrap_or_default(),
            channel_id,
            channel_type: channel_type.unwrap_or_default(),
            is_connected,
            rest: fields,
            qrcode,
        })
    }

    /// Whether the API says that it is disconnected. One whose state it doesn't tell isn't.
    pub fn is_disconnected(&self) -> bool {
        self.is_connected == Some(false)
    }

    /// Text of one of the other fields, such as `updatedAt` or `disconnectedAt`.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.rest.get(field)?.as_str()
    }

    /// Whether this is the channel of that Page or account.
    pub fn is_of(&self, kind: Kind, channel_id: &str) -> bool {
        self.channel_type == kind.as_str() && self.channel_id.as_deref() == Some(channel_id)
    }
}

/// Text, or a number in its own writing: ids are documented as text, and servers have been seen to send numbers.
/// Anything else is none.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A boolean, also as 0 or 1 and as text; anything else is none.
pub fn as_yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is) => Some(*is),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits). No protection against
/// somebody who looks for two texts with the same one.
pub fn stable_hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a URL leads to this computer and nowhere else. Where plain http is allowed, and who is served, depends on it.
///
/// `localhost` alone among the names: every system knows it by itself. `localhost.` with a dot at its end is not in
/// every hosts file, and one that isn't there is looked up on the network, where anybody may answer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback()),
        // The parser makes lower case of the names of http and https URLs, and leaves those of others.
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_this_computer_is_loopback() {
        let is = |host: &str| is_loopback(&Url::parse(&format!("http://{host}/x")).unwrap());
        for yes in [
            "127.0.0.1",
            "127.8.9.1:80",
            "0x7f.1",
            "2130706433",
            "localhost:1",
            "LocalHost",
            "[::1]:7",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "user@127.0.0.1",
        ] {
            assert!(is(yes), "{yes}");
        }
        for no in [
            "localhost.",
            "a.localhost",
            "localhost.example",
            "127.0.0.1.example",
            "127.0.0.1@example",
            "128.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "[::]",
            "[::2]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
        ] {
            assert!(!is(no), "{no}");
        }
        assert!(is_loopback(&Url::parse("other://LOCALHOST/").unwrap()));
        assert!(!is_loopback(&Url::parse("data:localhost").unwrap()));
    }

    #[test]
    fn a_secret_does_not_show() {
        let secret = Secret::new("sk_live_0123456789abcdef");
        assert_eq!(format!("{secret} {secret:?}"), "[secret] [secret]");
        assert_eq!(secret.masked(), "••••cdef");
        assert_eq!(Secret::new("short").masked(), "••••");
    }

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
            r#"{"_id":"65b37833afe781e84afa001f","name":"","channelId":"77","channelType":"tiktok","isConnected":true,"new":1,"additionalData":{"hashId":"h","deep":[{"keep":2}]}}"#
        );
    }

    #[test]
    fn odd_fields_of_a_channel_or_page_are_none_and_only_its_id_is_needed() {
        let fields = |value: Value| value.as_object().unwrap().clone();
        let channel = |value: Value| Channel::of(fields(value));
        let odd = channel(json!({ "_id": "a", "name": {}, "channelId": [], "channelType": 7 })).unwrap();
        assert_eq!((odd.name.as_str(), odd.channel_id, odd.channel_type.as_str()), ("", None, "7"));
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

    #[test]
    fn an_id_that_is_no_path_segment_is_refused() {
        for bad in ["", "..", "a/b", "a b", "a%2f", &"a".repeat(65)] {
            assert!(bad.parse::<ChannelDbId>().is_err(), "{bad:?}");
        }
        assert!("65b37833afe781e84afa001f".parse::<ChannelDbId>().is_ok());
    }
}
