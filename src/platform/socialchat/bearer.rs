//! What the Partner API is shown as proof: made of the credentials, and what of it is secret.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::http::Authorization;
use crate::types::{Credential, Secret};

const BASE64: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What goes with each request.
pub fn authorization(credential: &Credential) -> Authorization {
    let bearer = credential.identity();
    Authorization::new("Bearer", &bearer, secrets_of(credential, &bearer))
}

/// What of the credentials is secret: what stands behind `Bearer`, and what it was made of.
///
/// The guides of 2024 make it of `APPID_SECRETKEY`; that base64 text itself may be used as the API key, too.
fn secrets_of(credential: &Credential, bearer: &Secret) -> Vec<Secret> {
    let mut secrets = vec![bearer.clone()];
    match credential {
        Credential::AppPair { app_id, secret_key } => {
            secrets.push(Secret::new(format!("{app_id}_{}", secret_key.expose())));
            secrets.push(secret_key.clone());
        }
        Credential::ApiKey(key) => {
            if let Some(pair) = pair_in(key) {
                // Either part may hold underscores of its own.
                let parts = pair.match_indices('_').map(|(at, _)| Secret::new(&pair[at + 1..]));
                secrets.extend(parts);
                secrets.push(Secret::new(&*pair));
            }
        }
        // Another platform's, which never come here.
        _ => {}
    }
    secrets
}

fn pair_in(key: &Secret) -> Option<Zeroizing<String>> {
    let decode = |alphabet| GeneralPurpose::new(alphabet, BASE64).decode(key.expose()).ok();
    let bytes = Zeroizing::new(decode(&alphabet::STANDARD).or_else(|| decode(&alphabet::URL_SAFE))?);
    let is_pair = bytes.iter().all(u8::is_ascii_graphic) && bytes.contains(&b'_');
    Some(Zeroizing::new(std::str::from_utf8(&bytes).ok().filter(|_| is_pair)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Explained, refusal};
    use crate::platform::socialchat::refusals::REFUSALS;

    #[test]
    fn both_credentials_become_the_documented_bearer() {
        let key = Credential::ApiKey(Secret::new("key"));
        assert_eq!(key.identity().expose(), "key");
        let pair = Credential::AppPair { app_id: "APPID".into(), secret_key: Secret::new("SECRETKEY") };
        assert_eq!(pair.identity().expose(), "QVBQSURfU0VDUkVUS0VZ");
    }

    #[test]
    fn the_pair_behind_a_bearer_is_known_whole_and_in_parts() {
        let pair = base64::engine::general_purpose::STANDARD.encode("app-7f3_s3cr3t_0123456789");
        let unpadded = pair.trim_end_matches('=').to_owned();
        for key in [pair, unpadded] {
            let key = Secret::new(key);
            let secrets = secrets_of(&Credential::ApiKey(key.clone()), &key);
            let body = r#"{"message": "no: app-7f3_s3cr3t_0123456789, s3cr3t_0123456789"}"#;
            let reason = refusal(403, body.as_bytes(), false, Explained::default(), &REFUSALS);
            assert_eq!(reason.without(&secrets).to_string(), "no: [secret], [secret]");
        }
    }
}
