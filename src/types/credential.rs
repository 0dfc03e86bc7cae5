//! What an account is shown to be ours with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::secret::Secret;

/// What a partner proves itself with. See "credentials" in the Partner API's authorization guides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// One API key, sent as it is (2026).
    ApiKey(Secret),
    /// An App ID with its Secret Key, sent as base64 of `APPID_SECRETKEY` (2024).
    AppPair { app_id: String, secret_key: Secret },
}

impl Credential {
    /// The value behind `Bearer`, as the authorization guides of both generations ask for it.
    pub fn bearer(&self) -> Secret {
        match self {
            Credential::ApiKey(key) => key.clone(),
            Credential::AppPair { app_id, secret_key } => {
                let joined = Secret::new(format!("{app_id}_{}", secret_key.expose()));
                Secret::new(STANDARD.encode(joined.expose()))
            }
        }
    }
}
