//! Changing the partner settings: read, change, write back, without another run of this machine in between.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use super::Partner;
use super::settle::look_until;
use crate::borrowed::Cause;
use crate::failure::Failure;
pub use crate::platform::socialchat::{Reading, Settings};
use crate::store::FileError;
use crate::store::lease::{self, SettingsLock};

/// How long another run of this machine may take to change the settings.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long it is waited for in silence.
const SILENT: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);

/// Keeps two runs of this machine from writing each other's reading back. `waiting` is told whom it waits for, when that
/// takes longer than a moment.
pub async fn lock(account: &Partner, waiting: impl Fn(Cause)) -> Result<SettingsLock> {
    let begun = Instant::now();
    let mut told = false;
    loop {
        match lease::try_settings_lock(&account.folders, &account.id) {
            Err(FileError::Busy { path, pid }) if begun.elapsed() < TIMEOUT => {
                if !told && begun.elapsed() >= SILENT {
                    waiting(Cause::SettingsInUse { lock: path, pid });
                    told = true;
                }
            }
            lock => return Ok(lock?),
        }
        sleep(PAUSE).await;
    }
}

/// Changes the settings; those that `change` doesn't touch are written back as they were read. Where they can't be
/// read, only what `change` sets is written, and nothing is returned; else the settings as they are now. An API that
/// shows something else than was written is an error. Nothing is written where `change` fails.
pub async fn change(
    account: &Partner,
    waiting: impl Fn(Cause),
    change: impl FnOnce(&mut Settings) -> Result<()>,
) -> Result<Option<Settings>> {
    let _lock = lock(account, waiting).await?;
    let (mut settings, readable) = match account.api.settings().await? {
        Reading::Known(settings) => (settings, true),
        Reading::Unreadable => (Settings::of_2024(), false),
    };
    let before = settings.clone();
    change(&mut settings)?;
    account.api.set_settings(&settings).await?;
    if !readable {
        return Ok(None);
    }
    let other = |now: &Settings| settings.changed_since(&before).find(|field| !now.holds(field, &settings));
    let is_set = |now: &Result<Reading, _>| !matches!(now, Ok(Reading::Known(now)) if other(now).is_some());
    let Reading::Known(now) = look_until(|| account.api.settings(), is_set).await? else { return Ok(None) };
    if let Some(field) = other(&now) {
        let shown = now.text(field).map(str::to_owned);
        return Err(Failure::NotSet { field: field.to_owned(), shown }.into());
    }
    Ok(Some(now))
}
