//! Pages and accounts that can be connected.

use serde::Serialize;
use serde_json::{Map, Value};

use super::json::as_text;
use super::secret_fields::without_secret_parameters;

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

/// What `connect` does with a Page that is connected already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum IfConnected {
    /// Give the channel a fresh token
    Reconnect,
    /// Leave the channel as it is
    Skip,
    /// Report an error
    Fail,
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
