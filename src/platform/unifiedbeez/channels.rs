//! The accounts that are connected. One channel of the back end has many, one for each Page: an account is what other
//! platforms call a channel.

use serde_json::{Map, Value};

use super::client::UnifiedBeez;
use crate::http::{ApiError, Unread};
use crate::platform::Batch;
use crate::types::secret_fields::drop_secrets;
use crate::types::{Channel, ChannelDbId, ChannelKind, Entry, PlatformName, Request, as_text, as_yes_or_no};

/// The slugs, which decide: both have the same `channelType`.
pub(super) const SLUGS: [(&str, ChannelKind); 2] =
    [("facebook_messenger", ChannelKind::Messenger), ("instagram_direct", ChannelKind::Instagram)];

impl UnifiedBeez {
    /// `GET /channels/selected`: every account of every channel. Where the back end has no such call, the two lists of the
    /// newer guide are read.
    pub async fn channels(&self) -> Result<Batch, ApiError> {
        let call = || self.http.get(&["channels", "selected"], Request::ListChannels);
        let channels = match self.shown(call, |call| call.read(|fields| self.flattened(fields))).await {
            Err(error) if is_no_such_call(&error) => self.of_both_lists().await?.ok_or(error)?,
            answer => answer?,
        };
        Ok(Batch { total: u64::try_from(channels.len()).ok(), channels, next: None })
    }

    /// The account of that id. No call reads one alone.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        Ok(self.channels().await?.channels.into_iter().find(|channel| channel.id == *id))
    }

    /// Likewise of one kind: the ids of the two may be counted apart.
    pub async fn account(&self, account: &Channel) -> Result<Option<Channel>, ApiError> {
        let is_it = |other: &Channel| other.id == account.id && other.kind == account.kind;
        Ok(self.channels().await?.channels.into_iter().find(is_it))
    }

    fn flattened(&self, mut fields: Map<String, Value>) -> Result<Vec<Channel>, Unread> {
        let Some(Value::Array(channels)) = fields.remove("channels") else {
            return Err(Unread::Missing { field: "channels".to_owned() });
        };
        let (mut found, mut odd, count) = (Vec::new(), 0, channels.len());
        for (place, channel) in channels.into_iter().enumerate() {
            let read = match channel {
                Value::Object(channel) => Parent::of(channel),
                _ => None,
            };
            let Some((parent, accounts)) = read else {
                odd += 1;
                self.http.leave_out(Entry::Channel, &format!("channels[{place}].id"));
                continue;
            };
            for (index, account) in accounts.into_iter().enumerate() {
                match account_of(account, &parent.kind, Some(&parent)) {
                    Some(account) => found.push(account),
                    None => self.http.leave_out(
                        Entry::Channel,
                        &format!("channels[{place}].facebookAccounts[{index}].id"),
                    ),
                }
            }
        }
        // One odd entry is no reason to refuse the others; where all are, this is another document.
        match odd > 0 && odd == count {
            true => Err(Unread::Missing { field: "channels[0].availableChannel".to_owned() }),
            false => Ok(found),
        }
    }

    /// None where neither is there.
    async fn of_both_lists(&self) -> Result<Option<Vec<Channel>>, ApiError> {
        let (mut found, mut is_there) = (Vec::new(), false);
        for (path, kind) in [
            (["auth", "facebook", "pages"], ChannelKind::Messenger),
            (["auth", "instagram", "accounts"], ChannelKind::Instagram),
        ] {
            let call = || self.http.get(&path, Request::ListChannels);
            let read = |value| self.listed(value, &kind, path[2]);
            match self.shown(call, |call| call.read_value(read)).await {
                Err(error) if is_no_such_call(&error) => {}
                answer => {
                    found.extend(answer?);
                    is_there = true;
                }
            }
        }
        Ok(is_there.then_some(found))
    }

    /// Their shape is not documented: an array, or an object that holds one under a name that fits.
    fn listed(&self, value: Value, kind: &ChannelKind, list: &str) -> Result<Vec<Channel>, Unread> {
        let entries = match value {
            Value::Array(entries) => entries,
            Value::Object(mut fields) => {
                let named = ["pages", "accounts", "data"].into_iter().find_map(|name| fields.remove(name));
                match named {
                    Some(Value::Array(entries)) => entries,
                    _ => return Err(Unread::Undocumented),
                }
            }
            _ => return Err(Unread::Undocumented),
        };
        let mut found = Vec::new();
        for (place, entry) in entries.into_iter().enumerate() {
            match account_of(entry, kind, None) {
                Some(account) => found.push(account),
                None => self.http.leave_out(Entry::Channel, &format!("{list}[{place}].id")),
            }
        }
        Ok(found)
    }
}

/// Whether the back end doesn't know the path, as far as it can be told: what answers with a web page is another server.
pub(super) fn is_no_such_call(error: &ApiError) -> bool {
    error.status() == Some(404) && !error.is_web_page()
}

/// What an account shares with the others of its channel.
struct Parent {
    kind: ChannelKind,
    is_connected: Option<bool>,
    /// Without its accounts and secrets.
    fields: Map<String, Value>,
}

impl Parent {
    /// Reads a channel, and gives its accounts as they came.
    fn of(mut fields: Map<String, Value>) -> Option<(Parent, Vec<Value>)> {
        // Other people's secrets: gone before anything else is looked at.
        fields.shift_remove("credentials");
        let accounts = match fields.shift_remove("facebookAccounts") {
            Some(Value::Array(accounts)) => accounts,
            _ => Vec::new(),
        };
        drop_secrets(&mut fields);
        as_text(fields.get("id")?)?;
        let slug = fields.get("availableChannel")?.get("name")?.as_str()?;
        let documented = SLUGS.into_iter().find(|(name, _)| *name == slug);
        let kind = documented.map_or_else(|| ChannelKind::Other(slug.to_owned()), |(_, kind)| kind);
        let told = |name: &str| fields.get(name).and_then(as_yes_or_no);
        let is_connected = both(told("isConnected"), told("isActive").filter(|is_active| !is_active));
        Some((Parent { kind, is_connected, fields }, accounts))
    }
}

/// Reads an account. None where it has no id that a path could be made of.
fn account_of(account: Value, kind: &ChannelKind, parent: Option<&Parent>) -> Option<Channel> {
    let Value::Object(mut fields) = account else { return None };
    // A secret that the listing leaks.
    fields.shift_remove("pageAccessToken");
    fields.shift_remove("credentials");
    let id = as_text(&fields.shift_remove("id")?)?.parse().ok()?;
    let text = |name: &str| fields.get(name).and_then(as_text).filter(|text| !text.trim().is_empty());
    let page_id = text("pageId");
    let channel_id = match kind {
        ChannelKind::Instagram => text("instagramAccountId").or(page_id),
        _ => page_id,
    };
    let name = text("pageName").unwrap_or_default();
    let is_active = fields.get("isActive").and_then(as_yes_or_no);
    let is_connected = both(is_active, parent.and_then(|parent| parent.is_connected));
    if let Some(parent) = parent {
        if let Some(id) = parent.fields.get("id") {
            fields.entry("connectedChannelId").or_insert_with(|| id.clone());
        }
        fields.insert("channel".to_owned(), Value::Object(parent.fields.clone()));
    }
    let (platform, kind) = (PlatformName::UnifiedBeez, kind.clone());
    Some(Channel::elsewhere(platform, id, kind, name, channel_id, is_connected, fields))
}

/// Connected where one of them says so and neither says no; none where neither is told.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_connected_where_nothing_speaks_against_it() {
        for (account, channel, is) in [
            (json!({}), json!({}), None),
            (json!({"isActive": true}), json!({}), Some(true)),
            (json!({}), json!({"isConnected": true}), Some(true)),
            (json!({}), json!({"isActive": true}), None),
            (json!({"isActive": false}), json!({"isConnected": true}), Some(false)),
            (json!({"isActive": true}), json!({"isConnected": false}), Some(false)),
            (json!({"isActive": true}), json!({"isConnected": true, "isActive": false}), Some(false)),
        ] {
            let mut parent = json!({"id": 1, "availableChannel": {"name": "facebook_messenger"}});
            parent.as_object_mut().unwrap().extend(channel.as_object().unwrap().clone());
            let (parent, _) = Parent::of(parent.as_object().unwrap().clone()).unwrap();
            let mut fields = json!({"id": 2});
            fields.as_object_mut().unwrap().extend(account.as_object().unwrap().clone());
            let read = account_of(fields, &parent.kind, Some(&parent)).unwrap();
            assert_eq!(read.is_connected, is, "{account} {channel}");
        }
    }
}
