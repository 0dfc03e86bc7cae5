//! What is read from the environment beside the options.

use anyhow::Result;

use crate::failure::{Failure, Usage};
use crate::types::{Credential, PlatformName, Secret};

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

/// The credentials of that platform that the environment holds. Half a pair is a mistake that is named.
pub fn credential(platform: PlatformName) -> Result<Option<Credential>> {
    credential_for(platform, false)
}

/// Likewise; where it holds those of both Qontak's generations, the older's if that is meant.
pub fn credential_for(platform: PlatformName, is_older: bool) -> Result<Option<Credential>> {
    match platform {
        PlatformName::Socialchat => partner(),
        PlatformName::UnifiedBeez => Ok(variable("UNIFIEDBEEZ_SESSION").map(Credential::pasted_session)),
        PlatformName::Qontak => qontak(is_older),
        PlatformName::Tendarts => Ok(variable("TENDARTS_API_TOKEN").map(Credential::ApiToken)),
    }
}

fn qontak(is_older: bool) -> Result<Option<Credential>> {
    let token = variable("QONTAK_ACCESS_TOKEN").map(Credential::AccessToken);
    let client = pair("QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET")?.map(|(client_id, client_secret)| {
        Credential::SigningClient { client_id: client_id.expose().to_owned(), client_secret }
    });
    Ok(if is_older { token.or(client) } else { client.or(token) })
}

fn partner() -> Result<Option<Credential>> {
    if let Some(key) = variable("SOCIALCHAT_API_KEY") {
        return Ok(Some(Credential::ApiKey(key)));
    }
    let pair = pair("SOCIALCHAT_APP_ID", "SOCIALCHAT_SECRET_KEY")?;
    Ok(pair
        .map(|(app_id, secret_key)| Credential::AppPair { app_id: app_id.expose().to_owned(), secret_key }))
}

/// Two variables that go together: both, or none.
pub fn pair(first: &'static str, second: &'static str) -> Result<Option<(Secret, Secret)>> {
    let half = |set, missing| Failure::Usage(Usage::HalfPair { set, missing });
    match (variable(first), variable(second)) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(half(first, second).into()),
        (None, Some(_)) => Err(half(second, first).into()),
    }
}
