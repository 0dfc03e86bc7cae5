//! Changing the partner settings: read, change, write back, without another run of this machine in between.

use std::time::Duration;

use anyhow::Result;

use super::Account;
use crate::api::{Reading, Settings};
use crate::store::lease::{self, SettingsLock};

/// How long another run of this machine may take to change the settings.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps two runs of this machine from writing each other's reading back.
pub async fn lock(account: &Account) -> Result<SettingsLock> {
    let folders = account.folders.clone();
    Ok(tokio::task::spawn_blocking(move || lease::settings_lock(&folders, PATIENCE)).await??)
}

/// Changes the settings; those that `change` doesn't touch are written back as they were read. Where they can't be
/// read, only what `change` sets is written, and nothing is returned; else the settings as they are now.
pub async fn change(account: &Account, change: impl FnOnce(&mut Settings)) -> Result<Option<Settings>> {
    let _lock = lock(account).await?;
    let (mut settings, readable) = match account.api.settings().await? {
        Reading::Known(settings) => (settings, true),
        Reading::Unreadable => (Settings::of_2024(), false),
    };
    change(&mut settings);
    account.api.set_settings(&settings).await?;
    if !readable {
        return Ok(None);
    }
    match account.api.settings().await? {
        Reading::Known(settings) => Ok(Some(settings)),
        Reading::Unreadable => Ok(None),
    }
}
