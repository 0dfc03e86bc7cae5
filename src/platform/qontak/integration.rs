//! An integration, read: its kind, its name, and nothing of its secrets.

use serde_json::{Map, Value};

use crate::types::{Channel, ChannelDbId, ChannelKind, PlatformName, as_text, as_yes_or_no};

/// What is secret in a record by the contract: an opaque token. Whatever else begins so may hold it too.
const SECRET: &str = "webhook";
/// Likewise in its settings.
const SECRET_SETTINGS: [&str; 2] = ["authorization", "pin"];
/// What a Messenger integration may be called by, in this order: which of these it has, no document says.
const NAMES: [&str; 4] = ["account_name", "name", "page_name", "label"];

/// Reads one. Without a usable id it is none, since nothing could be done with it. Odd fields are none.
pub fn channel(mut fields: Map<String, Value>) -> Option<Channel> {
    let id: ChannelDbId = as_text(&fields.shift_remove("id")?)?.parse().ok()?;
    let is_secret =
        |name: &str| name.get(..SECRET.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(SECRET));
    fields.retain(|name, _| !is_secret(name));
    match fields.get_mut("settings") {
        Some(Value::Object(settings)) => {
            settings.retain(|name, _| !SECRET_SETTINGS.contains(&name.as_str()) && !is_secret(name));
        }
        // Nobody could tell the secrets in it from the rest.
        Some(_) => drop(fields.shift_remove("settings")),
        None => {}
    }
    let setting = |name: &str| {
        let text = as_text(fields.get("settings")?.get(name)?)?;
        (!text.trim().is_empty()).then_some(text)
    };
    let name = NAMES.into_iter().find_map(setting).unwrap_or_else(|| id.to_string());
    let kind = kind(&fields.get("target_channel").and_then(as_text).unwrap_or_default());
    let channel_id = if kind == ChannelKind::WhatsappOfficial { setting("phone_number") } else { None };
    let is_active = fields.shift_remove("is_active").as_ref().and_then(as_yes_or_no);
    // The rest stands under its own names, `target_channel` too: two of them are one kind of ours.
    Some(Channel::elsewhere(PlatformName::Qontak, id, kind, name, channel_id, is_active, fields))
}

/// Our kind of a `target_channel`. Both of WhatsApp's are numbers of the WhatsApp Business Platform, `wa` on a server of
/// the vendor's (`server_wa_id`, `domain_server`), `wa_cloud` on Meta's: neither is a phone that is linked by a QR code,
/// as "unofficial" ones are. Comments under posts (`ig_comment`) are no Instagram inbox. All others keep their names.
fn kind(target_channel: &str) -> ChannelKind {
    match target_channel {
        "fb" => ChannelKind::Messenger,
        "ig" => ChannelKind::Instagram,
        // The second as the official client's types spell it.
        "wa" | "wa_cloud" | "wa_cloug" => ChannelKind::WhatsappOfficial,
        "web_chat" => ChannelKind::Webchat,
        // `telegram` among them, which has the same name here.
        other => ChannelKind::named(other),
    }
}

/// The `target_channel`s of a kind. A person who says `whatsapp` means either of WhatsApp's.
pub fn targets(kind: &ChannelKind) -> &'static [&'static str] {
    match kind {
        ChannelKind::Messenger => &["fb"],
        ChannelKind::Instagram => &["ig"],
        ChannelKind::Telegram => &["telegram"],
        ChannelKind::WhatsappUnofficial | ChannelKind::WhatsappOfficial => &["wa", "wa_cloud"],
        ChannelKind::Webchat => &["web_chat"],
        ChannelKind::Linkchat | ChannelKind::Other(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ID: &str = "3b241101-e2bb-4255-8caf-4136c566a962";

    fn read(value: Value) -> Channel {
        let mut fields = Map::from_iter([("id".to_owned(), json!(ID))]);
        fields.extend(value.as_object().unwrap().clone());
        channel(fields).unwrap()
    }

    #[test]
    fn every_target_channel_has_a_kind_or_keeps_its_name() {
        for (target, kind) in [
            ("fb", "messenger"),
            ("ig", "instagram"),
            ("ig_comment", "ig_comment"),
            ("telegram", "telegram"),
            ("wa", "whatsapp-official"),
            ("wa_cloud", "whatsapp-official"),
            ("wa_cloug", "whatsapp-official"),
            ("web_chat", "webchat"),
            ("line", "line"),
            ("twitter", "twitter"),
            ("email", "email"),
            ("livechat_dot_com", "livechat_dot_com"),
            ("app_chat", "app_chat"),
            ("qontak", "qontak"),
            ("tokopedia_chat", "tokopedia_chat"),
            ("shopee", "shopee"),
            ("meta_conversion", "meta_conversion"),
            ("meta_ad_account", "meta_ad_account"),
            ("google_my_bussiness", "google_my_bussiness"),
            ("hologram_chat", "hologram_chat"),
        ] {
            let channel = read(json!({ "target_channel": target }));
            assert_eq!(channel.kind.as_str(), kind, "{target}");
            assert_eq!(channel.additional("target_channel"), Some(&json!(target)));
            assert_eq!(channel.kind.is_documented(), !targets(&channel.kind).is_empty(), "{target}");
        }
    }

    #[test]
    fn a_name_is_the_first_that_there_is_and_else_the_id() {
        for (settings, name) in [
            (json!({ "label": "L", "page_name": "P", "name": "N", "account_name": "A" }), "A"),
            (json!({ "label": "L", "page_name": "P", "name": "N", "account_name": " " }), "N"),
            (json!({ "label": "L", "page_name": "P", "name": null }), "P"),
            (json!({ "label": "L" }), "L"),
            (json!({ "other": "x" }), ID),
            (json!(null), ID),
            (json!("x"), ID),
        ] {
            assert_eq!(read(json!({ "target_channel": "fb", "settings": settings })).name, name);
        }
    }

    #[test]
    fn what_is_not_told_is_unknown_and_not_inactive() {
        for (fields, told) in [
            (json!({}), None),
            (json!({ "is_active": null }), None),
            (json!({ "is_active": false }), Some(false)),
            (json!({ "is_active": true }), Some(true)),
        ] {
            assert_eq!(read(fields).is_connected, told);
        }
        assert!(channel(Map::from_iter([("id".to_owned(), json!("a/b"))])).is_none());
    }

    #[test]
    fn secrets_are_dropped_by_their_names_while_a_record_is_read() {
        let channel = read(json!({
            "target_channel": "wa", "webhook": "canary-1", "organization_id": "o", "created_at": "2025",
            "webhooks": [{ "token": "canary-5" }], "Webhook_url": "canary-6",
            "settings": { "account_name": "Shop", "authorization": "canary-2", "pin": "canary-3", "server_wa_id": "s",
                          "phone_number": "+62 812", "phone_number_id": "1", "domain_server": "d", "webhook": "canary-4",
                          "webhook_id": "canary-7" },
        }));
        let json = serde_json::to_string(&channel).unwrap();
        assert!(!json.contains("canary"), "{json}");
        for kept in ["organization_id", "created_at", "server_wa_id", "phone_number_id", "domain_server"] {
            assert!(json.contains(kept), "{kept}: {json}");
        }
        assert_eq!(channel.channel_id.as_deref(), Some("+62 812"));
        for odd in [json!("{\"pin\":\"canary\"}"), json!([{ "pin": "canary" }])] {
            let channel = read(json!({ "target_channel": "wa", "settings": odd }));
            assert!(!serde_json::to_string(&channel).unwrap().contains("canary"));
        }
    }

    proptest! {
        #[test]
        fn any_record_is_a_channel_or_none(settings in any::<Option<String>>(), id in ".{0,70}", target in ".{0,20}") {
            let fields = json!({ "id": id, "target_channel": target, "settings": settings });
            channel(fields.as_object().unwrap().clone());
        }
    }
}
