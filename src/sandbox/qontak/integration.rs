//! One integration, as it is kept and as the API shows it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::types::time::{self, Millis};

/// Every `target_channel` of the official client, with the name that people read.
pub const DOCUMENTED: [(&str, &str); 18] = [
    ("fb", "Facebook Messenger"),
    ("ig", "Instagram"),
    ("ig_comment", "Instagram comments"),
    ("wa", "WhatsApp"),
    ("wa_cloud", "WhatsApp Cloud"),
    ("telegram", "Telegram"),
    ("line", "Line"),
    ("twitter", "Twitter"),
    ("email", "Email"),
    ("web_chat", "Web chat"),
    ("livechat_dot_com", "LiveChat.com"),
    ("app_chat", "App chat"),
    ("qontak", "Qontak"),
    ("tokopedia_chat", "Tokopedia"),
    ("shopee", "Shopee"),
    ("meta_conversion", "Meta conversions"),
    ("meta_ad_account", "Meta ad account"),
    ("google_my_bussiness", "Google My Business"),
];

const ORGANIZATION: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// An integration as the state keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its number in this state, never used twice.
    pub seq: u64,
    pub id: String,
    pub target_channel: String,
    /// The name of what is connected, and where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Naming::is_usual")]
    pub naming: Naming,
    /// The Facebook Page. The API doesn't show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// `None` where the API doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// In which of the settings the name stands. It isn't documented for Messenger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    #[default]
    AccountName,
    PageName,
}

impl Naming {
    fn is_usual(&self) -> bool {
        *self == Naming::AccountName
    }
}

impl Integration {
    /// A new, active one.
    pub fn new(seq: u64, target_channel: &str, name: Option<&str>, now: Millis) -> Integration {
        Integration {
            seq,
            id: uuid(seq),
            target_channel: target_channel.to_owned(),
            name: name.map(str::to_owned),
            naming: Naming::default(),
            page: None,
            created_at: now,
            updated_at: now,
            is_active: Some(true),
        }
    }

    /// Whether its name contains the text. It must be in lower case.
    pub fn contains(&self, text: &str) -> bool {
        self.name.as_ref().is_some_and(|name| name.to_lowercase().contains(text))
    }

    /// The kind, as people read it.
    pub fn title(&self) -> &str {
        let known = DOCUMENTED.iter().find(|(name, _)| *name == self.target_channel);
        known.map_or(&self.target_channel, |(_, title)| title)
    }

    /// As the API shows it, with the secrets that it shows. Only the newer generation has `is_active`.
    pub fn to_json(&self, is_newer: bool) -> Value {
        let mut shown = json!({
            "id": self.id,
            "target_channel": self.target_channel,
            "webhook": format!("CANARY-webhook-{}", self.seq),
            "settings": self.settings(),
            "organization_id": ORGANIZATION,
            "created_at": time::to_the_millisecond(self.created_at),
        });
        if let (true, Some(is_active)) = (is_newer, self.is_active) {
            shown["is_active"] = json!(is_active);
        }
        shown
    }

    fn settings(&self) -> Value {
        let Some(name) = &self.name else { return Value::Null };
        let mut settings = Map::new();
        let mut put = |name: &str, value: String| settings.insert(name.to_owned(), Value::String(value));
        match self.naming {
            Naming::AccountName => put("account_name", name.clone()),
            Naming::PageName => put("page_name", name.clone()),
        };
        let phone = format!("62812{:08}", self.seq);
        match self.target_channel.as_str() {
            "wa" => {
                put("server_wa_id", format!("sandbox-{}", self.seq));
                put("phone_number", phone);
                put("domain_server", "https://wa.sandbox.example".to_owned());
                put("pin", format!("CANARY-pin-{}", self.seq));
            }
            "wa_cloud" => {
                put("phone_number", phone);
                put("phone_number_id", format!("1065403522{:05}", self.seq));
                put("pin", format!("CANARY-pin-{}", self.seq));
            }
            _ => {}
        }
        put("authorization", format!("Bearer CANARY-authorization-{}", self.seq));
        Value::Object(settings)
    }
}

/// A version 4 UUID that belongs to this number alone: its last 48 bits are the number times an odd one.
fn uuid(seq: u64) -> String {
    // splitmix64
    let mut mixed = seq.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let own = seq.wrapping_mul(0x9f4a_7c15_9e3b) & 0xffff_ffff_ffff;
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{own:012x}",
        mixed >> 32,
        (mixed >> 16) & 0xffff,
        (mixed >> 4) & 0xfff,
        mixed & 0xfff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_uuids_and_differ() {
        let ids: HashSet<String> = (0..100_000).map(uuid).collect();
        assert_eq!(ids.len(), 100_000);
        for id in ids.iter().take(1000) {
            let lengths: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert!(id.as_bytes()[14] == b'4' && id.as_bytes()[19] == b'8', "{id}");
            assert!(id.bytes().all(|byte| byte == b'-' || matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        }
    }

    #[test]
    fn the_documented_secrets_are_shown_and_named_so() {
        let shown = Integration::new(7, "wa_cloud", Some("Toko"), 0).to_json(true);
        for secret in [&shown["webhook"], &shown["settings"]["authorization"], &shown["settings"]["pin"]] {
            assert!(secret.as_str().unwrap().contains("CANARY"), "{shown}");
        }
        assert_eq!(shown["is_active"], true);
        let older = Integration::new(7, "fb", None, 0).to_json(false);
        assert!(older.get("is_active").is_none() && older["settings"].is_null(), "{older}");
    }
}
