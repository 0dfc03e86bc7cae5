//! Sessions of UnifiedBeez: signing in by e-mail address, and out.

use anyhow::{Context as _, Result};

use crate::failure::{Failure, Redirect};
use crate::flow::Account;
use crate::platform::unifiedbeez::{self, Code};
use crate::platform::{Ability, ApiError, Known, Platform, Unsupported};
use crate::types::{Credential, Secret};

/// What a password came to.
pub enum LoggedIn {
    Session(Credential),
    /// A second factor is wanted.
    SecondFactor(SecondFactor),
}

/// A sign-in that waits for its second factor.
pub struct SecondFactor {
    account: Account,
    token: Secret,
}

/// Signs in by e-mail address and password. What the account's client was made with is not used.
pub async fn log_in(account: &Account, email: &str, password: &Secret) -> Result<LoggedIn> {
    match client(account)?.log_in(email, password).await {
        Ok(unifiedbeez::LoggedIn::Session(session)) => Ok(LoggedIn::Session(session)),
        Ok(unifiedbeez::LoggedIn::SecondFactor(token)) => {
            Ok(LoggedIn::SecondFactor(SecondFactor { account: account.clone(), token }))
        }
        Err(error) if error.known() == Some(Known::BadCredentials) => {
            Err(anyhow::Error::new(error).context(Failure::Redirect(Redirect::LogInRefused)))
        }
        Err(error) => Err(error.into()),
    }
}

impl SecondFactor {
    /// Has a code sent by e-mail.
    pub async fn send_code(&self) -> Result<()> {
        Ok(client(&self.account)?.send_code(&self.token).await?)
    }

    /// Gives the session for a code: the one that was sent, or else of the app (six digits) or one of the backup codes.
    pub async fn verify(&self, code: &Secret, is_sent: bool) -> Result<Credential> {
        let text = code.expose().trim();
        let is_of_app = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let of = match (is_sent, is_of_app) {
            (true, _) => Code::Email,
            (false, true) => Code::Totp,
            (false, false) => Code::Backup,
        };
        let verified = client(&self.account)?.verify(&self.token, &Secret::new(text), of).await;
        verified.map_err(|error| match error.status() {
            Some(400 | 401) => anyhow::Error::new(error).context(Failure::Redirect(Redirect::CodeRefused)),
            _ => error.into(),
        })
    }
}

/// Ends the session at the platform. One that is over already is as good.
pub async fn log_out(account: &Account) -> Result<()> {
    match client(account)?.log_out().await {
        Err(error) if error.known() == Some(Known::BadCredentials) => Ok(()),
        ended => ended.context(Failure::Redirect(Redirect::NotLoggedOut)),
    }
}

/// Whether a code was wrong, and another one may be right.
pub fn is_wrong_code(error: &anyhow::Error) -> bool {
    let api = error.chain().find_map(|cause| cause.downcast_ref::<ApiError>());
    api.is_some_and(|error| error.status() == Some(400))
}

fn client(account: &Account) -> Result<&unifiedbeez::UnifiedBeez, Unsupported> {
    match &account.api {
        Platform::UnifiedBeez(api) => Ok(api),
        other => Err(Unsupported { platform: other.name(), kind: None, ability: Ability::Connect }),
    }
}
