//! One channel, as it is kept and as the API shows it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::sandbox::qr;
use crate::types::ChannelKind;
use crate::types::time::{self, Millis};

/// A channel as the state keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Its number in this state, never used twice. The `_id` ends in it.
    pub seq: u64,
    pub id: String,
    pub kind: ChannelKind,
    pub name: String,
    /// The platform's own id.
    pub channel_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether it is on the free plan. The others are premium.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_free: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// Set while it is disconnected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disconnected_at: Option<Millis>,
    pub details: Details,
}

/// What only some kinds have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Details {
    Page,
    Bot {
        is_business: bool,
    },
    Web {
        website_url: Option<String>,
        pre_chat: bool,
    },
    /// WhatsApp: its QR code renews every `period` ms. The phone is linked while the third code shows,
    /// unless it is one that never is: then generating times out after it.
    Phone {
        period: u64,
        answers: bool,
    },
}

impl Channel {
    /// A new, connected one. The `_id` is unique within a state: seconds, a constant, the number.
    pub fn new(
        seq: u64,
        kind: ChannelKind,
        name: String,
        channel_id: String,
        details: Details,
        now: Millis,
    ) -> Channel {
        let id = format!("{:08x}5a4db0{seq:010x}", (now / 1000) & 0xffff_ffff);
        let (label, disconnected_at) = (None, None);
        Channel {
            seq,
            id,
            kind,
            name,
            channel_id,
            label,
            is_free: false,
            created_at: now,
            updated_at: now,
            disconnected_at,
            details,
        }
    }

    /// Its token has died.
    pub fn disconnect(&mut self, now: Millis) {
        self.disconnected_at = Some(now);
        self.updated_at = now;
    }

    /// Its token works again.
    pub fn reconnect(&mut self, now: Millis) {
        self.disconnected_at = None;
        self.updated_at = now;
    }

    /// Whether it works at that time: a phone is linked a while after it was added.
    pub fn is_connected(&self, now: Millis) -> bool {
        let linked = match self.details {
            Details::Phone { period, answers } => answers && now >= self.linked_at(period),
            _ => true,
        };
        linked && self.disconnected_at.is_none()
    }

    fn linked_at(&self, period: u64) -> Millis {
        self.created_at + period * 5 / 2
    }

    /// Whether name or label contain the text. It must be in lower case.
    pub fn contains(&self, text: &str) -> bool {
        let texts = [Some(&self.name), self.label.as_ref()];
        texts.into_iter().flatten().any(|own| own.to_lowercase().contains(text))
    }

    /// As the API shows it, with all documented fields. `origin` is where pictures are served.
    pub fn to_json(&self, now: Millis, origin: &str) -> Value {
        let connected = self.is_connected(now);
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("_id", json!(self.id));
        put("name", json!(self.name));
        put("channelId", json!(self.channel_id));
        put("channelType", json!(self.kind.as_str()));
        put("isConnected", json!(connected));
        put("picture", json!(format!("{origin}/picture/{}.svg", self.channel_id)));
        put("status", json!(if self.is_free { "free" } else { "premium" }));
        if let Some(label) = &self.label {
            put("label", json!({ "name": label, "phone": "081234567890" }));
        }
        put("createdBy", json!({ "_id": "65b37833afe781e84afa0001", "email": "partner@sandbox.example" }));
        let mut updated_at = self.updated_at;
        let mut additional = Map::new();
        match &self.details {
            Details::Page => {}
            Details::Bot { is_business } => {
                additional.insert("virtualMachineId".to_owned(), json!("sandbox-vm-1"));
                additional.insert("isBusiness".to_owned(), json!(is_business));
            }
            Details::Web { website_url, pre_chat } => {
                additional.insert("hashId".to_owned(), json!(format!("sandbox-{}", self.seq)));
                additional.insert("isActivePreChat".to_owned(), json!(pre_chat));
                if let Some(url) = website_url {
                    additional.insert("websiteUrl".to_owned(), json!(url));
                }
            }
            Details::Phone { period, answers } => {
                let code = now.saturating_sub(self.created_at) / (*period).max(1);
                let timed_out = !answers && code > 2;
                put("isTimeout", json!(timed_out));
                if connected {
                    updated_at = updated_at.max(self.linked_at(*period));
                } else if !timed_out {
                    additional.insert("qrcode".to_owned(), json!(qr::code(&self.id, code)));
                }
            }
        }
        additional.insert("assistantId".to_owned(), Value::Null);
        put("additionalData", Value::Object(additional));
        if let Some(at) = self.disconnected_at {
            put("disconnectedAt", json!(time::to_the_millisecond(at)));
        }
        put("token", json!({ "accessToken": format!("EAASANDBOX-NOT-A-SECRET-{}", self.seq) }));
        put("createdAt", json!(time::to_the_millisecond(self.created_at)));
        put("updatedAt", json!(time::to_the_millisecond(updated_at)));
        Value::Object(fields)
    }
}
