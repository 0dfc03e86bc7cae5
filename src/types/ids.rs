//! Ids, of which a path is made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// A channel's `_id` in Socialchat: safe as one path segment (letters, digits, `-`, `_`; at most 64).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ChannelDbId(String);

impl ChannelDbId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text has a documented shape: 24 hexadecimal digits (Socialchat), or a UUID (Qontak).
    pub fn looks_like(text: &str) -> bool {
        let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
        let is_uuid = || text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex);
        text.len() == 24 && is_hex(text) || is_uuid()
    }
}

/// Why a text is no `_id`: no path could be made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NotAnId;

impl FromStr for ChannelDbId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits {
            return Err(NotAnId);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_no_path_segment_is_refused() {
        for bad in ["", "..", "a/b", "a b", "a%2f", &"a".repeat(65)] {
            assert!(bad.parse::<ChannelDbId>().is_err(), "{bad:?}");
        }
        assert!("65b37833afe781e84afa001f".parse::<ChannelDbId>().is_ok());
    }

    #[test]
    fn ids_are_known_by_the_shapes_of_the_platforms_that_have_one() {
        for id in ["65b37833afe781e84afa001f", "3b241101-E2bb-4255-8caf-4136c566a962"] {
            assert!(ChannelDbId::looks_like(id) && id.parse::<ChannelDbId>().is_ok(), "{id}");
        }
        for other in
            ["", "toko", "65b37833afe781e84afa001", "3b241101-e2bb-4255-8caf-4136c566a96x", "a-b-c-d-e"]
        {
            assert!(!ChannelDbId::looks_like(other), "{other}");
        }
    }
}
