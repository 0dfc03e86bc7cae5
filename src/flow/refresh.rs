//! Tokens of Qontak's older generation: given for a password, and renewed before they are used.
//!
//! A refresh token may hold for one use. So it is sent once a run, by one run at a time, never again where its answer was
//! lost, and what replaces it is stored before it is used.

use anyhow::{Context as _, Result};

use super::{Account, AtQontak};
use crate::failure::{Failure, Qontak};
use crate::platform::{Ability, ApiError, Known, Platform, Unsupported};
use crate::store::credentials::{self, Stored};
use crate::store::refresh::RefreshRight;
use crate::types::{Credential, Grant, PlatformName, Secret, time};

/// So long before it expires a token is renewed: it shall hold for what it is used for.
const MARGIN: i64 = 300;

/// What a password is given with: no tokens yet.
pub fn ungranted(username: &str, client_id: String, client_secret: Secret) -> Credential {
    let none = || Secret::new("");
    Credential::Grant(Box::new(Grant {
        username: username.to_owned(),
        client_id,
        client_secret,
        access_token: none(),
        refresh_token: none(),
        expires_at: 0,
    }))
}

/// The tokens for that password. Nothing is stored.
pub async fn sign_in_with(account: &Account, nobody: &Credential, password: &Secret) -> Result<Credential> {
    let account = at_qontak(account)?;
    let Credential::Grant(asked) = nobody else { return Ok(nobody.clone()) };
    let granted = account.api.grant(&asked.username, password, &asked.client_id, &asked.client_secret).await;
    match granted {
        Ok(grant) => Ok(Credential::Grant(Box::new(grant))),
        Err(error) if error.known() == Some(Known::BadCredentials) => {
            Err(anyhow::Error::new(error).context(Failure::LoginRefused))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether it has to be renewed before it is used.
pub fn has_expired(credential: &Credential) -> bool {
    let now = i64::try_from(time::now() / 1000).unwrap_or(i64::MAX);
    matches!(credential, Credential::Grant(grant) if grant.expires_at.saturating_sub(MARGIN) <= now)
}

/// The profile's credentials with fresh tokens, which are stored by then.
pub async fn refreshed(account: &Account) -> Result<Credential> {
    let account = at_qontak(account)?;
    // Cut off by a signal, the answer would be lost: the process waits for it.
    let hold = account.interrupt.hold();
    let refreshing = tokio::spawn(async move {
        let _hold = hold;
        refresh(&account).await
    });
    match refreshing.await {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only a runtime that ends cancels it, and with it us.
        Err(_) => std::future::pending().await,
    }
}

async fn refresh(account: &AtQontak) -> Result<Credential> {
    let profile = account.profile.to_string();
    let right = blocking(account, |folders, profile| Ok(RefreshRight::take(folders, profile)?)).await?;
    // Whoever had the right before has renewed it, or tried to.
    let found = blocking(account, |folders, profile| Ok(credentials::load(folders, profile)?.found)).await?;
    let Some(stored) = found else {
        return Err(Failure::NoCredentials { profile, platform: PlatformName::Qontak }.into());
    };
    let grant = match &stored.credential {
        Credential::Grant(grant) if has_expired(&stored.credential) => grant,
        _ => return Ok(stored.credential),
    };
    if grant.refresh_token.expose().is_empty() {
        return Err(Failure::Qontak(Qontak::Expired { profile }).into());
    }
    if right.was_sent(&grant.refresh_token)? {
        return Err(Failure::Qontak(Qontak::RefreshLost { profile }).into());
    }
    right.note(&grant.refresh_token)?;
    let fresh = match account.api.refresh(grant).await {
        Ok(fresh) => Credential::Grant(Box::new(fresh)),
        // The note stays: another run must not send it either.
        Err(error) if error.is_unanswered() => {
            return Err(anyhow::Error::new(error).context(Failure::Qontak(Qontak::RefreshLost { profile })));
        }
        Err(error) => {
            right.clear()?;
            return Err(match is_refused(&error) {
                true => {
                    let refused = Failure::Qontak(Qontak::RefreshRefused { profile });
                    anyhow::Error::new(error).context(refused)
                }
                false => error.into(),
            });
        }
    };
    let Stored { api_url, place, .. } = stored;
    let kept = fresh.clone();
    blocking(account, move |folders, profile| {
        credentials::save(folders, profile, &kept, &api_url, place)?;
        Ok(())
    })
    .await
    .context(Failure::Qontak(Qontak::RefreshUnstored { profile }))?;
    right.clear()?;
    Ok(fresh)
}

/// Whether the API says no to the token itself.
fn is_refused(error: &ApiError) -> bool {
    error.known() == Some(Known::BadCredentials) || matches!(error.status(), Some(400 | 403 | 422))
}

/// Work on our files, which may have to wait for another process or for a keychain.
async fn blocking<T: Send + 'static>(
    account: &AtQontak,
    work: impl FnOnce(&crate::store::Folders, &crate::store::ProfileName) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (folders, profile) = (account.folders.clone(), account.profile.clone());
    tokio::task::spawn_blocking(move || work(&folders, &profile)).await?
}

fn at_qontak(account: &Account) -> Result<AtQontak> {
    match &account.api {
        Platform::Qontak(api) => Ok(account.with(api)),
        other => {
            let what = Unsupported { platform: other.name(), kind: None, ability: Ability::RawCalls };
            Err(what.into())
        }
    }
}
