//! Storing credentials: tried first, then into the keychain or the file.

use anyhow::Result;

use super::Account;
use crate::failure::Failure;
use crate::platform::Known;
use crate::store::credentials::{self, Loaded};
use crate::store::{self, KeychainState, Place};
use crate::types::{ApiUrl, Credential};
use crate::ui::Ui;

/// Tries before it stores: what the API doesn't accept is not kept. `account` is the one that the credentials open.
pub async fn try_and_store(
    account: &Account,
    ui: &Ui,
    credential: &Credential,
    api_url: &ApiUrl,
) -> Result<Loaded<Place>> {
    let progress = ui.spinner(&format!("Trying the credentials on {api_url}"));
    match account.api.identity().await {
        Err(error) if error.known() == Some(Known::BadCredentials) => {
            return Err(anyhow::Error::new(error).context(Failure::LoginRefused));
        }
        tried => tried?,
    };
    drop(progress);
    store(account, ui, credential, api_url).await
}

/// The keychain where there is one, else the file; says which before it writes.
async fn store(
    account: &Account,
    ui: &Ui,
    credential: &Credential,
    api_url: &ApiUrl,
) -> Result<Loaded<Place>> {
    let file = account.folders.credentials_file();
    let state = tokio::task::spawn_blocking(store::probe_keychain).await?;
    let why_not = match state {
        KeychainState::Usable => {
            ui.note("Storing them in the system's keychain.");
            match save(account, credential, api_url, Place::Keychain).await {
                Ok(stored) => return Ok(stored),
                Err(error) => format!("{error:#}"),
            }
        }
        KeychainState::Missing(why) => why,
        KeychainState::Unanswering => "it did not answer in 3 s".to_owned(),
    };
    ui.warn(&format!(
        "the system's keychain can't be used ({why_not}): storing them in {}, which only you can read",
        file.display()
    ));
    save(account, credential, api_url, Place::File).await
}

async fn save(
    account: &Account,
    credential: &Credential,
    api_url: &ApiUrl,
    place: Place,
) -> Result<Loaded<Place>> {
    let (folders, profile) = (account.folders.clone(), account.profile.clone());
    let (credential, url) = (credential.clone(), api_url.to_string());
    let saving =
        tokio::task::spawn_blocking(move || credentials::save(&folders, &profile, &credential, &url, place));
    Ok(Loaded { found: place, remarks: saving.await?? })
}
