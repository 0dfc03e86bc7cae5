//! The journal of the borrowed callback.
//!
//! A sign-in borrows an account-wide setting. What has to be put back is written down before the setting is touched, one
//! file for each profile, kind and API, and removed once it has been put back. Next to the file is a lock that the borrower
//! holds while it lives: the operating system lets it go with the process, `kill -9` and power cuts included. So a record
//! whose lock nobody holds was left behind, and process ids decide nothing.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::atomic::{self, Locked};
use super::error::named;
use super::{FileError, Folders, ProfileName, guard, process, time};
use crate::types::{Kind, stable_hash};

/// The lock is also taken, for an instant, by who only looks: that long is waited before it counts as held.
const GLANCE: Duration = Duration::from_millis(100);

/// What was borrowed, and what has to be put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaseRecord {
    pub profile: ProfileName,
    /// The API whose setting it is. Only there may it be put back.
    pub api_url: String,
    pub kind: Kind,
    /// The setting's name, as that API calls it.
    pub field: String,
    /// The value before; `None` if it was unset.
    pub earlier: Option<String>,
    /// Whether `earlier` was read from the API. If not, it is what this profile last set.
    pub readable: bool,
    /// Our value. Only if the API still holds it is there something to put back.
    pub ours: String,
    /// The borrower. For people: whether it lives, the lock says.
    pub pid: u32,
    /// When the borrower's process started, in the system's own count.
    #[serde(default)]
    pub process_started: Option<u64>,
    /// The borrower's machine.
    #[serde(default)]
    pub host: Option<String>,
    /// RFC 3339, UTC.
    pub borrowed_at: String,
}

impl LeaseRecord {
    /// A record of this process, as of now. `earlier` as read from the API; see the fields for the other case.
    pub fn new(
        profile: &ProfileName,
        api_url: &str,
        kind: Kind,
        field: &str,
        earlier: Option<String>,
        ours: &str,
    ) -> Self {
        LeaseRecord {
            profile: profile.clone(),
            api_url: api_url.to_owned(),
            kind,
            field: field.to_owned(),
            earlier,
            readable: true,
            ours: ours.to_owned(),
            pid: std::process::id(),
            process_started: process::started(),
            host: process::host(),
            borrowed_at: time::now(),
        }
    }
}

/// Who holds a lease. Both may be unknown: a borrower that is still asking its person has no record yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub pid: Option<u32>,
    pub record: Option<LeaseRecord>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&named(self.pid))?;
        match &self.record {
            Some(record) => write!(f, ", since {}", record.borrowed_at),
            None => Ok(()),
        }
    }
}

/// Why the callback can't be borrowed, or the journal not read.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    #[error(transparent)]
    File(#[from] FileError),
    /// A living process has it. Nothing was changed.
    #[error("the {kind} callback of profile {profile} is borrowed by {holder}")]
    Held { profile: ProfileName, kind: Kind, holder: Box<Holder> },
    /// The journal can't be read. It is never removed unread.
    #[error(
        "{}:{line}:{column}: the record of a borrowed callback is damaged. The callback URL to put back may still be \
         legible in it: look, set it with `socialchat-cli callback set`, then remove the file",
        path.display()
    )]
    Corrupt { path: PathBuf, line: usize, column: usize },
}

/// A record that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    pub path: PathBuf,
    pub record: LeaseRecord,
    /// Whether its borrower lives.
    pub living: bool,
}

/// The right to borrow the callback of one profile and kind at one API, for as long as this lives. Dropping it without
/// [`clear`](HeldLease::clear) leaves the record for the next command to put back.
#[derive(Debug)]
pub struct HeldLease {
    file: Locked,
    abandoned: Option<LeaseRecord>,
}

/// Takes the right to borrow; refuses if another process (or this one) has it. Look at
/// [`abandoned`](HeldLease::abandoned) first: what an earlier borrower left has to be put back before.
pub fn acquire(
    folders: &Folders,
    profile: &ProfileName,
    kind: Kind,
    api_url: &str,
) -> Result<HeldLease, LeaseError> {
    let path = journal(folders, profile, kind, api_url);
    match Locked::take(path.clone(), GLANCE) {
        Ok(file) => Ok(HeldLease { abandoned: read(&path)?, file }),
        Err(FileError::Busy { pid, .. }) => {
            // The record may be an earlier borrower's, which the holder is just putting back.
            let of_holder = |record: &LeaseRecord| pid.is_none_or(|pid| pid == record.pid);
            let record = read(&path).ok().flatten().filter(of_holder);
            let holder = Box::new(Holder { pid, record });
            Err(LeaseError::Held { profile: profile.clone(), kind, holder })
        }
        Err(error) => Err(error.into()),
    }
}

impl HeldLease {
    /// What an earlier borrower left behind, until it is cleared.
    pub fn abandoned(&self) -> Option<&LeaseRecord> {
        self.abandoned.as_ref()
    }

    /// Writes the record down. Once this returns it is on the disk, and the setting may be changed.
    pub fn write(&mut self, record: &LeaseRecord) -> Result<(), LeaseError> {
        let mut text = serde_json::to_vec_pretty(record).map_err(|error| FileError::Io {
            doing: "write",
            path: self.file.path().to_owned(),
            source: error.into(),
        })?;
        text.push(b'\n');
        Ok(self.file.replace(&text)?)
    }

    /// Removes the record, after the setting was read back as restored or found to be somebody else's. The right
    /// to borrow stays.
    pub fn clear(&mut self) -> Result<(), LeaseError> {
        self.file.remove()?;
        self.abandoned = None;
        Ok(())
    }
}

/// The profile's records, of every API. Creates nothing, and waits for nobody.
pub fn list(folders: &Folders, profile: &ProfileName) -> Result<Vec<Journal>, LeaseError> {
    let folder = folders.leases();
    let mut paths = Vec::new();
    match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        entries => {
            for entry in entries.map_err(FileError::io("list", &folder))? {
                let name = entry.map_err(FileError::io("list", &folder))?.file_name();
                if name.to_str().is_some_and(|name| is_journal(profile, name)) {
                    paths.push(folder.join(name));
                }
            }
        }
    }
    // A folder has no order of its own.
    paths.sort_unstable();
    let mut found = Vec::new();
    for path in paths {
        let (text, living) = atomic::read_with_lock(&path)?;
        if let Some(text) = text {
            found.push(Journal { record: parse(&path, &text)?, path, living });
        }
    }
    Ok(found)
}

/// The right to read the partner settings, change a field and write them back, against all other processes of this
/// user. Let go when it is dropped.
#[derive(Debug)]
pub struct SettingsLock {
    _file: Locked,
}

/// Takes that right. Writing the settings writes all their fields, so two sign-ins of different kinds would undo each
/// other's. Blocks for at most `wait`, then fails with [`FileError::Busy`]; with a `wait` of zero it only tries.
///
/// One lock serves all profiles: two of them can be the same account.
pub fn settings_lock(folders: &Folders, wait: Duration) -> Result<SettingsLock, FileError> {
    Locked::take(folders.leases().join("settings"), wait).map(|file| SettingsLock { _file: file })
}

/// The API stands in the name as a hash: one that is gone for good must not block the others. Should two ever have the
/// same, they share a lease, and each record says whose it is.
fn journal(folders: &Folders, profile: &ProfileName, kind: Kind, api_url: &str) -> PathBuf {
    let api = stable_hash(api_url);
    folders.leases().join(format!("{}.{kind}.{api:016x}.json", profile.file_stem()))
}

/// Whether a file's name is that of a journal of the profile. What else lies there is none of ours.
fn is_journal(profile: &ProfileName, name: &str) -> bool {
    let rest = name.strip_prefix(&profile.file_stem()).and_then(|rest| rest.strip_prefix('.'));
    let parts = rest.and_then(|rest| rest.strip_suffix(".json")?.split_once('.'));
    parts.is_some_and(|(kind, api)| {
        Kind::ALL.iter().any(|known| known.as_str() == kind)
            && api.len() == 16
            && api.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn read(path: &Path) -> Result<Option<LeaseRecord>, LeaseError> {
    guard::read(path)?.map(|text| parse(path, &text)).transpose()
}

fn parse(path: &Path, text: &str) -> Result<LeaseRecord, LeaseError> {
    serde_json::from_str(text).map_err(|error| LeaseError::Corrupt {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const API: &str = "https://api.example/partner";

    fn home() -> (tempfile::TempDir, Folders, ProfileName) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        (home, folders, ProfileName::default())
    }

    fn record(profile: &ProfileName, kind: Kind) -> LeaseRecord {
        let earlier = Some("https://app.example/callback".to_owned());
        let ours = "http://127.0.0.1:4000/callback/messenger/n";
        LeaseRecord::new(profile, API, kind, "callbackMessengerUrl", earlier, ours)
    }

    fn listed(folders: &Folders, record: &LeaseRecord, living: bool) -> Journal {
        let path = journal(folders, &record.profile, record.kind, &record.api_url);
        Journal { path, record: record.clone(), living }
    }

    #[test]
    fn each_api_has_a_lease_of_its_own_and_all_are_listed() {
        let (_home, folders, profile) = home();
        let mut other = record(&profile, Kind::Messenger);
        other.api_url = "http://127.0.0.1:8080/partner".to_owned();
        acquire(&folders, &profile, Kind::Messenger, &other.api_url).unwrap().write(&other).unwrap();
        let here = record(&profile, Kind::Messenger);
        let mut lease = acquire(&folders, &profile, Kind::Messenger, API).unwrap();
        assert_eq!(lease.abandoned(), None);
        lease.write(&here).unwrap();
        let found = list(&folders, &profile).unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&listed(&folders, &here, true)), "{found:?}");
        assert!(found.contains(&listed(&folders, &other, false)), "{found:?}");
        // The name is the same in every version, or else a journal would never be found again.
        assert!(found[0].path.ends_with("default.messenger.91867af4940d6fdb.json"), "{found:?}");
    }

    #[test]
    fn other_names_in_the_folder_are_nobodys_and_looking_creates_nothing() {
        let (_home, folders, profile) = home();
        assert_eq!(list(&folders, &profile).unwrap(), []);
        assert!(!folders.leases().exists());
        drop(acquire(&folders, &profile, Kind::Messenger, API).unwrap());
        for name in [
            "default.messenger.json",
            "default.telegram.0123456789abcdef.json",
            "default.messenger.0123456789abcde.json",
            "default.messenger.0123456789ABCDEF.json",
            "default.messenger.0123456789abcdef.json.bak",
            ".default.messenger.0123456789abcdef.json.new",
            "default.messenger.messenger.0123456789abcdef.json",
            "other.messenger.0123456789abcdef.json",
            "default.messenger.\u{e9}123456789abcde.json",
            "settings",
        ] {
            fs::write(folders.leases().join(name), "no record").unwrap();
        }
        assert_eq!(list(&folders, &profile).unwrap(), []);
        // A profile whose name goes on as ours does is another one.
        let longer: ProfileName = "default.messenger".parse().unwrap();
        assert!(is_journal(&longer, "default.messenger.messenger.0123456789abcdef.json"));
        assert!(!is_journal(&longer, "default.messenger.0123456789abcdef.json"));
    }

    #[test]
    fn a_lease_is_taken_written_and_cleared() {
        let (_home, folders, profile) = home();
        let record = record(&profile, Kind::Messenger);
        let mut lease = acquire(&folders, &profile, Kind::Messenger, API).unwrap();
        assert_eq!(lease.abandoned(), None);
        assert_eq!(list(&folders, &profile).unwrap(), []);
        lease.write(&record).unwrap();
        assert_eq!(list(&folders, &profile).unwrap(), [listed(&folders, &record, true)]);
        lease.clear().unwrap();
        assert_eq!(list(&folders, &profile).unwrap(), []);
    }

    #[test]
    fn the_second_is_told_who_holds_it() {
        let (_home, folders, profile) = home();
        let mut lease = acquire(&folders, &profile, Kind::Messenger, API).unwrap();
        let second = || match acquire(&folders, &profile, Kind::Messenger, API).unwrap_err() {
            LeaseError::Held { holder, .. } => *holder,
            other => panic!("{other}"),
        };
        assert_eq!(second().record, None);
        let record = record(&profile, Kind::Messenger);
        lease.write(&record).unwrap();
        let holder = second();
        assert_eq!(holder.record, Some(record));
        if !cfg!(windows) {
            assert_eq!(holder.pid, Some(std::process::id()));
            assert!(holder.to_string().starts_with(&format!("process {}, since 20", std::process::id())));
        }
        // Other kinds and profiles are other leases.
        acquire(&folders, &profile, Kind::Instagram, API).unwrap();
        acquire(&folders, &"Default".parse().unwrap(), Kind::Messenger, API).unwrap();
    }

    #[test]
    fn what_is_left_behind_is_found_and_can_be_put_back_under_the_same_right() {
        let (_home, folders, profile) = home();
        let record = record(&profile, Kind::Instagram);
        acquire(&folders, &profile, Kind::Instagram, API).unwrap().write(&record).unwrap();
        assert_eq!(list(&folders, &profile).unwrap(), [listed(&folders, &record, false)]);
        let mut lease = acquire(&folders, &profile, Kind::Instagram, API).unwrap();
        assert_eq!(lease.abandoned(), Some(&record));
        lease.clear().unwrap();
        assert_eq!(lease.abandoned(), None);
        lease.write(&record).unwrap();
        assert_eq!(list(&folders, &profile).unwrap(), [listed(&folders, &record, true)]);
    }

    #[cfg(not(windows))]
    #[test]
    fn an_earlier_borrowers_record_is_not_taken_for_the_holders() {
        let (_home, folders, profile) = home();
        let mut record = record(&profile, Kind::Messenger);
        record.pid = u32::MAX;
        acquire(&folders, &profile, Kind::Messenger, API).unwrap().write(&record).unwrap();
        let _holder = acquire(&folders, &profile, Kind::Messenger, API).unwrap();
        match acquire(&folders, &profile, Kind::Messenger, API).unwrap_err() {
            LeaseError::Held { holder, .. } => {
                assert_eq!(*holder, Holder { pid: Some(std::process::id()), record: None })
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_damaged_record_is_reported_and_stays() {
        let (_home, folders, profile) = home();
        let path = journal(&folders, &profile, Kind::Messenger, API);
        drop(acquire(&folders, &profile, Kind::Messenger, API).unwrap());
        fs::write(&path, "{\n\"earlier\": \"https://app.exam").unwrap();
        for error in [
            acquire(&folders, &profile, Kind::Messenger, API).unwrap_err(),
            list(&folders, &profile).unwrap_err(),
        ] {
            let message = error.to_string();
            assert!(message.starts_with(&format!("{}:2:28: ", path.display())), "{message}");
            assert!(message.contains("callback set"), "{message}");
        }
        assert!(path.exists());
    }

    #[test]
    fn the_record_has_documented_names_and_tolerates_others() {
        let (_home, folders, profile) = home();
        drop(acquire(&folders, &profile, Kind::Messenger, API).unwrap());
        let text = r#"{"profile": "default", "apiUrl": "u", "kind": "messenger", "field": "f", "earlier": null,
            "readable": false, "ours": "o", "pid": 1, "borrowedAt": "2026-11-20T23:48:05Z", "later": {}}"#;
        fs::write(journal(&folders, &profile, Kind::Messenger, API), text).unwrap();
        let found = list(&folders, &profile).unwrap();
        assert!(!found[0].living);
        assert_eq!((found[0].record.earlier.as_deref(), found[0].record.host.as_deref()), (None, None));
    }

    #[cfg(unix)]
    #[test]
    fn the_record_is_private_and_no_link_is_followed() {
        use std::os::unix::fs::PermissionsExt;
        let (home, folders, profile) = home();
        let path = journal(&folders, &profile, Kind::Messenger, API);
        let mut lease = acquire(&folders, &profile, Kind::Messenger, API).unwrap();
        lease.write(&record(&profile, Kind::Messenger)).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(folders.leases().metadata().unwrap().permissions().mode() & 0o777, 0o700);

        fs::rename(&path, home.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(home.path().join("moved"), &path).unwrap();
        assert!(matches!(list(&folders, &profile), Err(LeaseError::File(FileError::Symlink { .. }))));
    }

    #[test]
    fn the_settings_are_one_at_a_time() {
        let (_home, folders, _) = home();
        let first = settings_lock(&folders, Duration::ZERO).unwrap();
        assert!(matches!(settings_lock(&folders, Duration::ZERO), Err(FileError::Busy { .. })));
        std::thread::scope(|scope| {
            let second = scope.spawn(|| settings_lock(&folders, Duration::from_secs(10)).is_ok());
            std::thread::sleep(Duration::from_millis(50));
            drop(first);
            assert!(second.join().unwrap());
        });
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse(Path::new("x"), &text);
        }

        #[test]
        fn what_is_written_is_read(earlier: Option<String>, ours: String, field: String, started: Option<u64>) {
            let mut record = record(&ProfileName::default(), Kind::Messenger);
            (record.earlier, record.ours, record.field, record.process_started) = (earlier, ours, field, started);
            let text = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(parse(Path::new("x"), &text).unwrap(), record);
        }
    }
}
