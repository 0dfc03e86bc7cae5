//! The journal of the borrowed callback.
//!
//! A sign-in borrows an account-wide setting. What has to be put back is written down before the setting is touched, one
//! file for each account and kind, and removed once it has been put back. Next to the file is a lock that the borrower
//! holds while it lives: the operating system releases it with the process, `kill -9` and power cuts included. So a record
//! whose lock nobody holds was left behind, and process ids decide nothing.
//!
//! An account is one whatever profile, spelling of the API's URL or folder it is used through. So a second lock stands
//! where all of them meet: see [`machine`](super::machine).

mod journal;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::account::AccountId;
use super::machine::MachineLock;
use super::{Folders, machine};
use crate::files::atomic::Locked;
use crate::files::{Access, FileError, passes_on_files};
use crate::types::SignInKind;

pub(super) use journal::is_hex;
pub use journal::{Doubt, Journal, Journals, LeaseRecord, folder_remarks, list};
use journal::{believe, path_of};

/// The lock is also taken, for an instant, by who only looks: that long is waited before it counts as held.
const GLANCE: Duration = Duration::from_millis(100);

/// Who holds a lease. Both may be unknown: a borrower that is still asking its person has no record yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub pid: Option<u32>,
    pub record: Option<LeaseRecord>,
}

/// Why the callback can't be borrowed.
#[derive(Debug)]
pub enum LeaseError {
    File(FileError),
    /// A living process has it. Nothing was changed.
    Held {
        kind: SignInKind,
        holder: Box<Holder>,
    },
    /// A file stands where the journal belongs, and is no journal to believe. It is left as it is.
    Doubtful {
        path: PathBuf,
        why: Doubt,
    },
}

passes_on_files!(LeaseError);

/// The right to borrow the callback of one account and kind, for as long as this lives. Dropping it without
/// [`clear`](HeldLease::clear) leaves the record for the next command to put back.
#[derive(Debug)]
pub struct HeldLease {
    file: Locked,
    machine: Result<MachineLock, FileError>,
    abandoned: Option<LeaseRecord>,
}

/// Takes the right to borrow; refuses if another process (or this one) has it. Look at
/// [`abandoned`](HeldLease::abandoned) first: what an earlier borrower left has to be put back before.
pub fn acquire(folders: &Folders, account: &AccountId, kind: SignInKind) -> Result<HeldLease, LeaseError> {
    let path = path_of(folders, account, kind);
    let machine = match machine::lock(&format!("lease.{kind}.{account}"), GLANCE) {
        Err(FileError::Busy { pid, .. }) => return Err(held(&path, account, kind, pid)),
        machine => machine,
    };
    match Locked::take(path.clone(), GLANCE) {
        Ok(file) => Ok(HeldLease { abandoned: read(&path, account, kind)?, file, machine }),
        Err(FileError::Busy { pid, .. }) => Err(held(&path, account, kind, pid)),
        Err(error) => Err(error.into()),
    }
}

fn held(path: &Path, account: &AccountId, kind: SignInKind, pid: Option<u32>) -> LeaseError {
    // The record may be an earlier borrower's, which the holder is just putting back.
    let of_holder = |record: &LeaseRecord| pid.is_none_or(|pid| pid == record.pid);
    let record = read(path, account, kind).ok().flatten().filter(of_holder);
    LeaseError::Held { kind, holder: Box::new(Holder { pid, record }) }
}

fn read(path: &Path, account: &AccountId, kind: SignInKind) -> Result<Option<LeaseRecord>, LeaseError> {
    believe(path, account, kind).map_err(|why| LeaseError::Doubtful { path: path.to_owned(), why })
}

impl HeldLease {
    /// What an earlier borrower left behind, until it is cleared.
    pub fn abandoned(&self) -> Option<&LeaseRecord> {
        self.abandoned.as_ref()
    }

    /// How long ago the record was last written; no time at all where nothing tells.
    pub fn age(&self) -> Duration {
        let written = fs::metadata(self.file.path()).and_then(|found| found.modified());
        written.ok().and_then(|written| written.elapsed().ok()).unwrap_or_default()
    }

    /// Why a run with another `--config-dir` would not notice this one, if it wouldn't.
    pub fn unnoticed(&self) -> Option<&FileError> {
        self.machine.as_ref().err()
    }

    /// Writes the record down. Once this returns it is on the disk, and the setting may be changed.
    pub fn write(&mut self, record: &LeaseRecord) -> Result<(), FileError> {
        let mut text = serde_json::to_vec_pretty(record).map_err(|error| FileError::Io {
            access: Access::Write,
            path: self.file.path().to_owned(),
            source: error.into(),
        })?;
        text.push(b'\n');
        self.file.replace(&text)
    }

    /// Removes the record, after the setting was read back as restored or found to be somebody else's. The right
    /// to borrow stays.
    pub fn clear(&mut self) -> Result<(), FileError> {
        self.file.remove()?;
        self.abandoned = None;
        Ok(())
    }
}

/// The right to read the partner settings of an account, change a field and write them back, against all other processes
/// of this user on this machine. Let go when it is dropped.
#[derive(Debug)]
pub struct SettingsLock {
    _lock: Result<MachineLock, Locked>,
}

/// Takes that right, or fails with [`FileError::Busy`]; never waits. Writing the settings writes all their fields, so two
/// sign-ins of different kinds would undo each other's.
pub fn try_settings_lock(folders: &Folders, account: &AccountId) -> Result<SettingsLock, FileError> {
    let name = format!("settings.{account}");
    let lock = match machine::lock(&name, Duration::ZERO) {
        Err(FileError::Busy { path, pid }) => return Err(FileError::Busy { path, pid }),
        Err(_) => Err(Locked::take(folders.leases().join(name), Duration::ZERO)?),
        Ok(lock) => Ok(lock),
    };
    Ok(SettingsLock { _lock: lock })
}
