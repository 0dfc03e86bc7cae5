//! The names of all stored accounts, for completions: what can't be read is left out, and nothing is changed or said.

use std::collections::BTreeSet;

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use super::{Folders, ProfileName};
use crate::files::guard;

/// The profiles that the configuration or the credentials name, in order.
pub fn profile_names(folders: &Folders) -> Vec<String> {
    let mut names = BTreeSet::new();
    if let Some(text) = text(&folders.config_file())
        && let Ok(config) = text.parse::<DocumentMut>()
        && let Some(profiles) = config.get("profile").and_then(Item::as_table_like)
    {
        names.extend(profiles.iter().map(|(name, _)| name.to_owned()));
    }
    if let Some(text) = text(&folders.credentials_file())
        && let Ok(stored) = serde_json::from_str::<Value>(&text)
        && let Some(profiles) = stored["profiles"].as_object()
    {
        names.extend(profiles.keys().cloned());
    }
    names.into_iter().filter(|name| name.parse::<ProfileName>().is_ok()).collect()
}

fn text(path: &std::path::Path) -> Option<zeroize::Zeroizing<String>> {
    let file = guard::open(path).ok()??;
    guard::text(&file, path).ok()
}
