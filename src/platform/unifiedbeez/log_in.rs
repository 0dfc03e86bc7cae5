//! Signing in by e-mail address, password and second factor.

use serde_json::{Map, Value, json};

use super::client::UnifiedBeez;
use crate::http::{ApiError, Authorization, Unread};
use crate::types::{Request, Secret};

/// What a password came to.
pub enum LoggedIn {
    Session(Secret),
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
        call.body(json!({ "email": email })).secret("password", password).read(read).await
    }

    /// `POST /auth/2fa/verify`.
    pub async fn verify(&self, token: &Secret, code: &Secret, of: Code) -> Result<Secret, ApiError> {
        let of = match of {
            Code::Totp => "totp",
            Code::Backup => "backup",
            Code::Email => "email",
        };
        let call = self.http.post(&["auth", "2fa", "verify"], Request::SecondFactor);
        let call = call.authorized_by(Authorization::none()).body(json!({ "type": of }));
        let call = call.secret("tempToken", token).secret("token", code);
        call.read(|fields| session_in(&fields)).await
    }

    /// `POST /auth/2fa/backup-email`: has a code sent.
    pub async fn send_code(&self, token: &Secret) -> Result<(), ApiError> {
        let call = self.http.post(&["auth", "2fa", "backup-email"], Request::SendCode);
        call.authorized_by(Authorization::none()).secret("tempToken", token).taken().await
    }
}

fn read(fields: Map<String, Value>) -> Result<LoggedIn, Unread> {
    if fields.get("requiresTwoFactor") == Some(&Value::Bool(true)) {
        return text(&fields, "tempToken").map(LoggedIn::SecondFactor);
    }
    session_in(&fields).map(LoggedIn::Session)
}

/// `session_id`, which is the cookie's value as well.
fn session_in(fields: &Map<String, Value>) -> Result<Secret, Unread> {
    text(fields, "session_id")
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Secret, Unread> {
    let text = fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    text.map(Secret::new).ok_or_else(|| Unread::Missing { field: name.to_owned() })
}
