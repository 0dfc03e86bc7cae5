//! Locks that every process of this user on this machine meets, whatever folder it keeps its files in.
//!
//! `--config-dir` moves everything that is stored. An account stays the same account, and so does its callback URL: who
//! borrows it takes a lock here as well. Nothing is stored but the lock's holder, and nothing is lost with it.

use std::path::PathBuf;
use std::time::Duration;

use super::atomic::Locked;
use super::{FileError, guard};

/// Takes the lock of that name; waits that long for another process, and then refuses with [`FileError::Busy`].
pub(super) fn lock(name: &str, wait: Duration) -> Result<Locked, FileError> {
    let folder = folder();
    guard::make_folder(&folder)?;
    guard::refuse_foreign_folder(&folder)?;
    Locked::take(folder.join(name), wait)
}

/// In the folder for temporary files: what lies there needs to live no longer than the machine runs.
#[cfg(unix)]
fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("socialchat-cli-{}", rustix::process::geteuid().as_raw()))
}

#[cfg(not(unix))]
fn folder() -> PathBuf {
    std::env::temp_dir().join("socialchat-cli")
}
