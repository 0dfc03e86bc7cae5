//! Signing in by e-mail address, password and second factor.

use serde_json::{Map, Value, json};

use super::client::UnifiedBeez;
use super::connect::SESSION_COOKIES;
use crate::http::{ApiError, Authorization, Unread};
use crate::types::{Credential, Request, Secret};

/// What a password came to.
pub enum LoggedIn {
    Session(Credential),
    /// With the token that stands for the password meanwhile.
    SecondFactor(Secret),
}

/// A kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Of an authenticator app.
    Totp,
    Backup,
    /// Sent by e-mail.
    Email,
}

impl UnifiedBeez {
    /// `POST /auth/login`. Needs no session.
    pub async fn log_in(&self, email: &str, password: &Secret) -> Result<LoggedIn, ApiError> {
        let call = self.http.post(&["auth", "login"], Request::LogIn).authorized_by(Authorization::none());
        call.body(json!({ "email": email })).secret("password", password).read_with_cookies(read).await
    }

    /// `POST /auth/2fa/verify`.
    pub async fn verify(&self, token: &Secret, code: &Secret, of: Code) -> Result<Credential, ApiError> {
        let of = match of {
            Code::Totp => "totp",
            Code::Backup => "backup",
            Code::Email => "email",
        };
        let call = self.http.post(&["auth", "2fa", "verify"], Request::SecondFactor);
        let call = call.authorized_by(Authorization::none()).body(json!({ "type": of }));
        let call = call.secret("tempToken", token).secret("token", code);
        call.read_with_cookies(|fields, cookies| session_in(&fields, cookies)).await
    }

    /// `POST /auth/2fa/backup-email`: has a code sent.
    pub async fn send_code(&self, token: &Secret) -> Result<(), ApiError> {
        let call = self.http.post(&["auth", "2fa", "backup-email"], Request::SendCode);
        call.authorized_by(Authorization::none()).secret("tempToken", token).taken().await
    }
}

fn read(fields: Map<String, Value>, cookies: &[(String, Secret)]) -> Result<LoggedIn, Unread> {
    if fields.get("requiresTwoFactor") == Some(&Value::Bool(true)) {
        return text(&fields, "tempToken").map(LoggedIn::SecondFactor);
    }
    session_in(&fields, cookies).map(LoggedIn::Session)
}

/// `session_id`, which is the cookie's value as well, and which the answer may leave to the cookie.
fn session_in(fields: &Map<String, Value>, cookies: &[(String, Secret)]) -> Result<Credential, Unread> {
    let is_session =
        |name: &str, value: &Secret| SESSION_COOKIES.contains(&name) && !value.expose().is_empty();
    let cookie = cookies.iter().find(|(name, value)| is_session(name, value));
    let (session, cookie) = match (text(fields, "session_id"), cookie) {
        (Err(_), Some((name, value))) => (value.clone(), Some(name.clone())),
        (session, cookie) => {
            let session = session?;
            (session.clone(), cookie.filter(|(_, value)| *value == session).map(|(name, _)| name.clone()))
        }
    };
    Ok(Credential::Session { session, cookie, is_own: true })
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Secret, Unread> {
    let text = fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text.map(Secret::new).ok_or_else(|| Unread::Missing { field: name.to_owned() })
}
