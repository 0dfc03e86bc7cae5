//! What an account is shown to be ours with.

use super::secret::Secret;

/// What a partner proves itself with. See "credentials" in the Partner API's authorization guides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// One API key, sent as it is (2026).
    ApiKey(Secret),
    /// An App ID with its Secret Key, sent as base64 of `APPID_SECRETKEY` (2024).
    AppPair { app_id: String, secret_key: Secret },
}
