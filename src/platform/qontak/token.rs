//! `POST /oauth/token`, older generation: an access token for a password, or for the refresh token of the one before.

use serde_json::{Map, Value, json};

use super::client::Qontak;
use crate::http::{ApiError, Unread};
use crate::types::{Grant, Request, Secret, as_text, time};

impl Qontak {
    /// Signs in with a password.
    pub async fn grant(
        &self,
        username: &str,
        password: &Secret,
        client_id: &str,
        client_secret: &Secret,
    ) -> Result<Grant, ApiError> {
        let body = json!({ "grant_type": "password", "username": username, "client_id": client_id });
        let call = self.root.post(&["oauth", "token"], Request::LogIn).body(body);
        let call = call.secret("password", password).secret("client_secret", client_secret);
        let (username, client_id) = (username.to_owned(), client_id.to_owned());
        call.read(|fields| granted(&fields, username, client_id, client_secret.clone())).await
    }

    /// Asks for fresh tokens. Is sent once, whatever becomes of it: the refresh token may hold for one use.
    pub async fn refresh(&self, grant: &Grant) -> Result<Grant, ApiError> {
        let body = json!({ "grant_type": "refresh_token", "client_id": grant.client_id });
        let call = self.root.post(&["oauth", "token"], Request::RefreshToken).body(body).once();
        let call = call.secret("refresh_token", &grant.refresh_token);
        let call = call.secret("client_secret", &grant.client_secret);
        let (username, client_id) = (grant.username.clone(), grant.client_id.clone());
        let secret = grant.client_secret.clone();
        let fresh = call.read(|fields| granted(&fields, username, client_id, secret)).await?;
        Ok(match fresh.refresh_token.expose().is_empty() {
            // A server that gives no new one lets the old one hold.
            true => Grant { refresh_token: grant.refresh_token.clone(), ..fresh },
            false => fresh,
        })
    }
}

/// The documented answer. Without a lifetime the token holds until it is refused; without a refresh token there is none.
fn granted(
    fields: &Map<String, Value>,
    username: String,
    client_id: String,
    client_secret: Secret,
) -> Result<Grant, Unread> {
    let token =
        |name: &str| fields.get(name).and_then(Value::as_str).filter(|token| !token.trim().is_empty());
    let missing = || Unread::Missing { field: "access_token".to_owned() };
    let access_token = Secret::new(token("access_token").ok_or_else(missing)?);
    let refresh_token = Secret::new(token("refresh_token").unwrap_or_default());
    let seconds = |name: &str| whole(fields.get(name)?);
    let created_at = seconds("created_at").unwrap_or_else(|| i64::try_from(time::now() / 1000).unwrap_or(0));
    let expires_at = seconds("expires_in").map_or(i64::MAX, |lifetime| created_at.saturating_add(lifetime));
    Ok(Grant { username, client_id, client_secret, access_token, refresh_token, expires_at })
}

fn whole(value: &Value) -> Option<i64> {
    let number = as_text(value)?.trim().parse::<f64>().ok()?;
    (0.0..1e15).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_expires_so_long_after_it_was_made() {
        let of = |value: Value| {
            granted(value.as_object().unwrap(), "u".into(), "c".into(), Secret::new("s")).map(|grant| {
                (
                    grant.expires_at,
                    grant.refresh_token.expose().to_owned(),
                    grant.access_token.expose().to_owned(),
                )
            })
        };
        let whole = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 29_802_000,
                            "refresh_token": "r", "created_at": 1_650_000_000 });
        assert_eq!(of(whole), Ok((1_679_802_000, "r".into(), "a".into())));
        assert_eq!(of(json!({ "access_token": "a" })), Ok((i64::MAX, String::new(), "a".into())));
        let texts = json!({ "access_token": "a", "expires_in": "60", "created_at": "1650000000" });
        assert_eq!(of(texts).unwrap().0, 1_650_000_060);
        for lacking in [json!({}), json!({ "access_token": "" }), json!({ "access_token": 7 })] {
            assert_eq!(of(lacking), Err(Unread::Missing { field: "access_token".to_owned() }));
        }
    }
}
