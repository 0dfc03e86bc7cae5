//! Storing credentials: tried first, then into the keychain or the file.

use anyhow::Result;

use super::Account;
use crate::failure::Failure;
use crate::platform::Known;
use crate::platform::socialchat::ChannelFilter;
use crate::store::{self, KeychainState, Place, credentials};
use crate::types::Credential;
use crate::ui::Ui;

/// Tries before it stores: what the API doesn't accept is not kept. `account` is the one that the credentials open.
pub async fn try_and_store(
    account: &Account,
    ui: &Ui,
    credential: &Credential,
    api_url: &str,
) -> Result<Place> {
    let progress = ui.spinner(&format!("Trying the credentials on {api_url}"));
    match account.api.channels(1, 1, &ChannelFilter::default()).await {
        Err(error) if error.known() == Some(Known::BadCredentials) => {
            return Err(anyhow::Error::new(error).context(Failure::NotLoggedIn));
        }
        tried => tried?,
    };
    drop(progress);
    store(account, ui, credential, api_url).await
}

/// The keychain where there is one, else the file; says which before it writes.
async fn store(account: &Account, ui: &Ui, credential: &Credential, api_url: &str) -> Result<Place> {
    let file = account.folders.credentials_file();
    let state = tokio::task::spawn_blocking(store::probe_keychain).await?;
    let why_not = match state {
        KeychainState::Usable => {
            ui.note("Storing them in the system's keychain.");
            match save(account, ui, credential, api_url, Place::Keychain).await {
                Ok(()) => return Ok(Place::Keychain),
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
    save(account, ui, credential, api_url, Place::File).await?;
    Ok(Place::File)
}

async fn save(
    account: &Account,
    ui: &Ui,
    credential: &Credential,
    api_url: &str,
    place: Place,
) -> Result<()> {
    let (folders, profile) = (account.folders.clone(), account.profile.clone());
    let (credential, url) = (credential.clone(), api_url.to_owned());
    let remarks =
        tokio::task::spawn_blocking(move || credentials::save(&folders, &profile, &credential, &url, place));
    for remark in remarks.await?? {
        ui.warn(&remark.to_string());
    }
    Ok(())
}
