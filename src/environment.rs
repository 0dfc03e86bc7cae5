//! What is read from the environment beside the options.

use anyhow::Result;

use crate::failure::{Failure, Usage};
use crate::types::{Credential, Secret};

/// Whether a variable switches something on: set, and to no word for no. The same words as for those that
/// stand for an option.
pub fn switches_on(name: &str) -> bool {
    let is_no = |value: &str| matches!(value, "" | "0" | "n" | "no" | "f" | "false" | "off");
    std::env::var(name).is_ok_and(|value| !is_no(&value.to_ascii_lowercase()))
}

/// A variable that is set to something.
pub fn variable(name: &str) -> Option<Secret> {
    let value = std::env::var(name).ok()?;
    let value = value.trim();
    (!value.is_empty()).then(|| Secret::new(value))
}

/// The credentials that the environment holds. Half a pair is a mistake that is named.
pub fn credential() -> Result<Option<Credential>> {
    if let Some(key) = variable("SOCIALCHAT_API_KEY") {
        return Ok(Some(Credential::ApiKey(key)));
    }
    let half = |set, missing| Failure::Usage(Usage::HalfPair { set, missing });
    match (variable("SOCIALCHAT_APP_ID"), variable("SOCIALCHAT_SECRET_KEY")) {
        (Some(app_id), Some(secret_key)) => {
            Ok(Some(Credential::AppPair { app_id: app_id.expose().to_owned(), secret_key }))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("SOCIALCHAT_APP_ID", "SOCIALCHAT_SECRET_KEY").into()),
        (None, Some(_)) => Err(half("SOCIALCHAT_SECRET_KEY", "SOCIALCHAT_APP_ID").into()),
    }
}
