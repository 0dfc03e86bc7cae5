//! Whose setting a borrowed callback is: the account, told by its credentials.

use std::fmt;

use ring::hmac;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::types::{Credential, is_loopback};

/// An account at one API, as far as this machine can tell accounts apart: by the credentials that open it. The same in
/// every profile, in every folder and for every spelling of the API's URL; it gives nothing of the credentials away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// 128 bits of an HMAC-SHA-256 over the API's [address](same_api), with the credential as its key.
    pub fn of(credential: &Credential, api: &str) -> Self {
        // What stands behind `Bearer`: the pair's base64 may be in use as an API key as well.
        let bearer = credential.identity();
        let mut context =
            hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, bearer.expose().as_bytes()));
        for part in ["socialchat-cli account", &same_api(api)] {
            context.update(part.as_bytes());
            // Between the parts, so that none can end as the next begins.
            context.update(&[0]);
        }
        let tag = context.sign();
        AccountId(tag.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The id in the name of a file.
    pub(super) fn named(text: &str) -> Option<Self> {
        super::lease::is_hex(text, 32).then(|| AccountId(text.to_owned()))
    }

    /// 32 hexadecimal digits.
    #[cfg(test)]
    fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One text for all spellings of an API's URL: without slashes at its end, with the port that is meant, and with one name
/// for this computer. What is no URL is itself.
pub fn same_api(url: &str) -> String {
    let Ok(parsed) = Url::parse(url) else { return url.to_owned() };
    let Some(host) = parsed.host_str() else { return url.to_owned() };
    let host = if is_loopback(&parsed) { "localhost" } else { host.trim_end_matches('.') };
    let port = parsed.port_or_known_default().unwrap_or_default();
    format!("{}://{host}:{port}{}", parsed.scheme(), parsed.path().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Secret;

    const API: &str = "https://api.socialchat.id/partner";

    #[test]
    fn an_account_is_the_same_for_every_spelling_of_its_api_and_no_other_account_is() {
        let key = |key: &str| Credential::ApiKey(Secret::new(key));
        let pair = |id: &str, secret: &str| Credential::AppPair {
            app_id: id.into(),
            secret_key: Secret::new(secret),
        };
        let here = AccountId::of(&key("key-of-an-account"), API);
        for spelling in ["https://API.socialchat.id:443/partner/", "https://api.socialchat.id./partner//"] {
            assert_eq!(AccountId::of(&key("key-of-an-account"), spelling), here, "{spelling}");
        }
        let local = AccountId::of(&key("k"), "http://127.0.0.1:8080");
        assert_eq!(AccountId::of(&key("k"), "http://LOCALHOST:8080/"), local);
        assert_eq!(AccountId::of(&key("k"), "http://[::1]:8080"), local);

        let others = [
            AccountId::of(&key("key-of-another"), API),
            AccountId::of(&key("key-of-an-account"), "https://api.socialchat.id/other"),
            AccountId::of(&key("key-of-an-account"), "https://api.socialchat.id:444/partner"),
            AccountId::of(&pair("", "key-of-an-account2"), API),
            AccountId::of(&pair("a", "bc"), API),
            AccountId::of(&pair("ab", "bc"), API),
        ];
        // "a_bc" in base64, which is sent for the pair.
        assert_eq!(AccountId::of(&key("YV9iYw=="), API), others[4]);
        for (index, other) in others.iter().enumerate() {
            assert_ne!(*other, here, "{index}");
            assert!(others[..index].iter().all(|earlier| earlier != other), "{index}");
        }
    }

    #[test]
    fn the_id_is_the_same_in_every_version_and_shows_no_credential() {
        // Otherwise a journal of an earlier version would be taken for another account's.
        let id = AccountId::of(&Credential::ApiKey(Secret::new("sandbox-api-key")), API);
        assert_eq!(id.as_str().len(), 32);
        assert!(id.as_str().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        assert_eq!(id.as_str(), "1ab939c8b10a49b1032bcd5c3510292f");
    }
}
