//! What the documented JSON of the Partner API is made of.

use serde_json::{Map, Value};

use crate::http::{ApiError, Call, Unread};
use crate::types::{ChannelDbId, as_text, as_yes_or_no};

/// What is said where a documented field isn't there.
pub fn missing(field: &str) -> Unread {
    Unread::Missing { field: field.to_owned() }
}

/// The entries of a listing.
pub struct Entries<T> {
    pub usable: Vec<T>,
    /// The place of each that can't be used, and its `channelId`.
    pub odd: Vec<(usize, Option<String>)>,
}

/// Takes the documented `docs` out of a listing. One odd entry is no reason to refuse the others; where not one of
/// several has its id, this is another document.
pub fn entries<T>(
    fields: &mut Map<String, Value>,
    id: &str,
    read: impl Fn(Map<String, Value>) -> Option<T>,
) -> Result<Entries<T>, Unread> {
    let Some(Value::Array(docs)) = fields.remove("docs") else { return Err(missing("docs")) };
    let mut entries = Entries { usable: Vec::new(), odd: Vec::new() };
    for (index, entry) in docs.into_iter().enumerate() {
        let channel_id = entry.get("channelId").and_then(as_text);
        let entry = match entry {
            Value::Object(fields) => read(fields),
            _ => None,
        };
        match entry {
            Some(entry) => entries.usable.push(entry),
            None => entries.odd.push((index, channel_id)),
        }
    }
    match entries.usable.is_empty() && entries.odd.len() > 1 {
        true => Err(missing(&format!("docs[0].{id}"))),
        false => Ok(entries),
    }
}

/// Sends a write whose answer is documented as empty: a channel or a yes does too. Any other object is an unreadable answer.
pub async fn done(call: Call<'_>) -> Result<(), ApiError> {
    call.read_or_nothing(|fields| acknowledged(&fields)).await.map(drop)
}

/// Likewise for one channel: an answer that names another one proves nothing of it.
pub async fn done_to(call: Call<'_>, id: &ChannelDbId) -> Result<(), ApiError> {
    let read = |fields: Map<String, Value>| {
        acknowledged(&fields)?;
        match fields.get("_id").and_then(Value::as_str) {
            Some(other) if !other.eq_ignore_ascii_case(id.as_str()) => Err(Unread::OtherChannel { id: None }),
            _ => Ok(()),
        }
    };
    call.read_or_nothing(read).await.map(drop)
}

/// Likewise where a channel is made. Gives its `_id`: documented for some kinds, seen for others.
pub async fn made(call: Call<'_>) -> Result<Option<ChannelDbId>, ApiError> {
    let id = |fields: Map<String, Value>| {
        acknowledged(&fields)?;
        Ok(fields.get("_id").and_then(Value::as_str).and_then(|id| id.parse().ok()))
    };
    Ok(call.read_or_nothing(id).await?.flatten())
}

/// Takes the answer to a write for what it is documented as: empty, or a channel. Likewise one that says yes. Any other
/// proves nothing.
pub fn acknowledged(fields: &Map<String, Value>) -> Result<(), Unread> {
    let is_yes = |name: &&str| fields.get(*name).and_then(as_yes_or_no) == Some(true);
    let is_fine = |name: &&str| match fields.get(*name) {
        Some(Value::String(text)) if text.parse::<u64>().is_err() => {
            ["ok", "success"].contains(&text.trim().to_ascii_lowercase().as_str())
        }
        Some(code) => matches!(number(code), Some(200..=299)),
        None => false,
    };
    let is_known = fields.is_empty()
        || fields.contains_key("_id")
        || ["success", "ok"].iter().any(is_yes)
        || ["status", "statusCode"].iter().any(is_fine);
    if is_known { Ok(()) } else { Err(Unread::Undocumented) }
}

/// A count, as a number or as text. Anything else is none.
pub fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            // Exact up to there.
            (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
        }),
        _ => None,
    }
}
