//! The journal of the borrowed callback.
//!
//! A sign-in borrows an account-wide setting. What has to be put back is written down before the setting is touched, one
//! file for each account and kind, and removed once it has been put back. Next to the file is a lock that the borrower
//! holds while it lives: the operating system releases it with the process, `kill -9` and power cuts included. So a record
//! whose lock nobody holds was left behind, and process ids decide nothing.
//!
//! An account is one whatever profile, spelling of the API's URL or folder it is used through. So a second lock stands
//! where all of them meet: see [`machine`](super::machine).

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::account::AccountId;
use super::machine::MachineLock;
use super::{Folders, ProfileName, machine, process};
use crate::files::atomic::{self, Locked};
use crate::files::{FileError, Remark, guard, named};
use crate::types::{SignInKind, time};

/// The lock is also taken, for an instant, by who only looks: that long is waited before it counts as held.
const GLANCE: Duration = Duration::from_millis(100);

/// What was borrowed, and what has to be put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeaseRecord {
    pub profile: ProfileName,
    /// The API whose setting it is, as it was written then. Only there may it be put back.
    pub api_url: String,
    /// The account whose setting it is: nobody else's credentials may put it back.
    pub account: AccountId,
    pub kind: SignInKind,
    /// The setting's name, as that API calls it.
    pub field: String,
    /// The value before; `None` if it was unset.
    pub earlier: Option<String>,
    /// Whether `earlier` was read from the API. If not, it is what this profile last set.
    pub readable: bool,
    /// The settings that were read with it. An answer that lacks one of them is not the whole answer.
    #[serde(default)]
    pub read_with: Vec<String>,
    /// Our value.
    pub ours: String,
    /// Whether the API showed our value after it was set.
    #[serde(default)]
    pub seen: bool,
    /// Whether it showed it only some time after: what it shows may be old.
    #[serde(default)]
    pub lags: bool,
    /// The borrower. For people: whether it lives, the lock says.
    pub pid: u32,
    /// The borrower's machine.
    #[serde(default)]
    pub host: Option<String>,
    /// RFC 3339, UTC.
    pub borrowed_at: String,
}

impl LeaseRecord {
    /// A record of this process, as of now, with an `earlier` that was read from the API.
    pub fn new(
        profile: &ProfileName,
        account: &AccountId,
        api_url: &str,
        kind: SignInKind,
        earlier: Option<String>,
        ours: &str,
    ) -> Self {
        LeaseRecord {
            profile: profile.clone(),
            api_url: api_url.to_owned(),
            account: account.clone(),
            kind,
            field: kind.callback_field().to_owned(),
            earlier,
            readable: true,
            read_with: Vec::new(),
            ours: ours.to_owned(),
            seen: false,
            lags: false,
            pid: std::process::id(),
            host: process::host(),
            borrowed_at: time::to_the_second(time::now()),
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

/// Why the callback can't be borrowed.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    #[error(transparent)]
    File(#[from] FileError),
    /// A living process has it. Nothing was changed.
    #[error("the {kind} callback is borrowed by {holder}")]
    Held { kind: SignInKind, holder: Box<Holder> },
    /// A file stands where the journal belongs, and is no journal to believe. It is left as it is.
    #[error("{}: {why}", path.display())]
    Doubtful { path: PathBuf, why: Doubt },
}

/// Why a file in the journals' folder is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    /// It can't be read at all, or somebody else could have written it.
    #[error(transparent)]
    Unreadable(#[from] FileError),
    #[error("it is damaged at line {line}, column {column}")]
    Damaged { line: usize, column: usize },
    #[error("it names another account or kind than its file name")]
    Renamed,
    /// The value to put back stands in it; for whose account, it doesn't say.
    #[error(
        "it is of version 0.1.0, which noted no account; the value to put back stands in it as \"earlier\""
    )]
    EarlierVersion,
    #[error("what it calls borrowed is no address of a sign-in")]
    NoAddressOfOurs,
    #[error("what it says was borrowed is no callback setting")]
    NoCallback,
}

/// A record that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    pub path: PathBuf,
    pub record: LeaseRecord,
    /// Whether its borrower lives.
    pub living: bool,
}

/// What lies in the journals' folder.
#[derive(Debug, Default)]
pub struct Journals {
    pub believed: Vec<Journal>,
    /// Files that are no journals to believe, and why. Nothing they say is used.
    pub doubtful: Vec<(PathBuf, Doubt)>,
}

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
    let path = journal(folders, account, kind);
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
            doing: "write",
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

/// All records, of every account. Creates nothing, and waits for nobody; what can't be believed is named with its reason.
pub fn list(folders: &Folders) -> Journals {
    let folder = folders.leases();
    let mut journals = Journals::default();
    let names = fs::read_dir(&folder).and_then(|entries| {
        entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, io::Error>>()
    });
    let mut names = match names {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return journals,
        Err(error) => {
            let why = FileError::io("list", &folder)(error).into();
            journals.doubtful.push((folder, why));
            return journals;
        }
    };
    // A folder has no order of its own.
    names.sort_unstable();
    for name in names {
        let Some((account, kind)) = name.to_str().and_then(named_in) else { continue };
        let path = folder.join(&name);
        let Some(account) = account else {
            journals.doubtful.push((path, Doubt::EarlierVersion));
            continue;
        };
        match atomic::is_held(&path).map_err(Doubt::from).and_then(|living| {
            Ok(believe(&path, &account, kind)?.map(|record| Journal { path: path.clone(), record, living }))
        }) {
            Ok(journal) => journals.believed.extend(journal),
            Err(why) => journals.doubtful.push((path, why)),
        }
    }
    journals
}

/// What is wrong with the folder of the journals: who else can change it.
pub fn folder_remarks(folders: &Folders) -> Vec<Remark> {
    // Of a file in it.
    guard::folder_remarks(&folders.leases().join("journal"))
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

fn journal(folders: &Folders, account: &AccountId, kind: SignInKind) -> PathBuf {
    folders.leases().join(format!("{kind}.{account}.json"))
}

/// The account and kind in the name of a journal. The journals of version 0.1.0 had another name and named no account:
/// they are noticed, and not believed. Whatever else lies there is none of ours.
fn named_in(name: &str) -> Option<(Option<AccountId>, SignInKind)> {
    let rest = name.strip_suffix(".json").filter(|rest| !rest.starts_with('.'))?;
    let (rest, id) = rest.rsplit_once('.')?;
    let kind = |text: &str| SignInKind::ALL.into_iter().find(|kind| kind.as_str() == text);
    let earlier_version = || Some((None, kind(rest.rsplit_once('.')?.1).filter(|_| is_hex(id, 16))?));
    match kind(rest) {
        Some(kind) => Some((Some(AccountId::named(id)?), kind)),
        None => earlier_version(),
    }
}

/// Whether a text consists of so many lower-case hexadecimal digits.
pub(super) fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn read(path: &Path, account: &AccountId, kind: SignInKind) -> Result<Option<LeaseRecord>, LeaseError> {
    believe(path, account, kind).map_err(|why| LeaseError::Doubtful { path: path.to_owned(), why })
}

/// The record in a file; none where there is no file.
fn believe(path: &Path, account: &AccountId, kind: SignInKind) -> Result<Option<LeaseRecord>, Doubt> {
    let Some(file) = guard::open(path)? else { return Ok(None) };
    // Who can write to a journal can send the tokens of all later sign-ins to an address of theirs.
    guard::refuse_of_others(&file, path)?;
    let record = parse(&guard::text(&file, path)?)?;
    if record.kind != kind || record.account != *account {
        return Err(Doubt::Renamed);
    }
    if record.field != kind.callback_field() {
        return Err(Doubt::NoCallback);
    }
    Ok(Some(record))
}

fn parse(text: &str) -> Result<LeaseRecord, Doubt> {
    serde_json::from_str(text).map_err(|error| Doubt::Damaged { line: error.line(), column: error.column() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Credential, Secret};
    use proptest::prelude::*;

    const API: &str = "https://api.example/partner";

    fn home() -> (tempfile::TempDir, Folders) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        (home, folders)
    }

    /// An account that no other test has: what holds a lease is found on the whole machine.
    fn account() -> AccountId {
        let mut key = [0; 16];
        getrandom::fill(&mut key).unwrap();
        AccountId::of(&Credential::ApiKey(Secret::new(format!("{key:?}"))), API)
    }

    fn record(account: &AccountId, kind: SignInKind) -> LeaseRecord {
        let earlier = Some("https://app.example/callback".to_owned());
        let ours = "http://127.0.0.1:4000/callback/messenger/n";
        LeaseRecord::new(&ProfileName::default(), account, API, kind, earlier, ours)
    }

    fn listed(folders: &Folders, record: &LeaseRecord, living: bool) -> Journal {
        let path = journal(folders, &record.account, record.kind);
        Journal { path, record: record.clone(), living }
    }

    fn believed(folders: &Folders) -> Vec<Journal> {
        let journals = list(folders);
        assert!(journals.doubtful.is_empty(), "{journals:?}");
        journals.believed
    }

    #[test]
    fn each_account_has_a_lease_of_its_own_and_all_are_listed() {
        let (_home, folders) = home();
        let (here, other) =
            (record(&account(), SignInKind::Messenger), record(&account(), SignInKind::Messenger));
        acquire(&folders, &other.account, SignInKind::Messenger).unwrap().write(&other).unwrap();
        let mut lease = acquire(&folders, &here.account, SignInKind::Messenger).unwrap();
        assert_eq!(lease.abandoned(), None);
        lease.write(&here).unwrap();
        let found = believed(&folders);
        assert_eq!(found.len(), 2);
        assert!(found.contains(&listed(&folders, &here, true)), "{found:?}");
        assert!(found.contains(&listed(&folders, &other, false)), "{found:?}");
    }

    #[test]
    fn other_names_in_the_folder_are_nobodys_and_looking_creates_nothing() {
        let (_home, folders) = home();
        assert_eq!(believed(&folders), []);
        assert!(!folders.leases().exists());
        drop(acquire(&folders, &account(), SignInKind::Messenger).unwrap());
        for name in [
            "messenger.json",
            "telegram.0123456789abcdef0123456789abcdef.json",
            "messenger.0123456789abcdef0123456789abcde.json",
            "messenger.0123456789ABCDEF0123456789ABCDEF.json",
            "messenger.0123456789abcdef0123456789abcdef.json.bak",
            ".messenger.0123456789abcdef0123456789abcdef.json.new",
            "messenger.\u{e9}123456789abcdef0123456789abcde.json",
            "default.telegram.0123456789abcdef.json",
            "settings.0123456789abcdef0123456789abcdef",
        ] {
            fs::write(folders.leases().join(name), "no record").unwrap();
        }
        assert_eq!(believed(&folders), []);
    }

    #[test]
    fn a_journal_of_the_first_version_is_noticed_and_not_believed() {
        let (_home, folders) = home();
        drop(acquire(&folders, &account(), SignInKind::Messenger).unwrap());
        let path = folders.leases().join("default.messenger.91867af4940d6fdb.json");
        let text = r#"{"profile": "default", "apiUrl": "u", "kind": "messenger", "field": "f", "earlier": null,
            "readable": true, "ours": "o", "pid": 1, "borrowedAt": "2026-11-20T23:48:05Z"}"#;
        fs::write(&path, text).unwrap();
        let journals = list(&folders);
        assert!(journals.believed.is_empty());
        assert!(
            matches!(&journals.doubtful[..], [(found, Doubt::EarlierVersion)] if *found == path),
            "{journals:?}"
        );
    }

    #[test]
    fn a_lease_is_taken_written_and_cleared() {
        let (_home, folders) = home();
        let record = record(&account(), SignInKind::Messenger);
        let mut lease = acquire(&folders, &record.account, SignInKind::Messenger).unwrap();
        assert_eq!(lease.abandoned(), None);
        assert_eq!(believed(&folders), []);
        lease.write(&record).unwrap();
        assert_eq!(believed(&folders), [listed(&folders, &record, true)]);
        lease.clear().unwrap();
        assert_eq!(believed(&folders), []);
    }

    #[test]
    fn the_second_is_told_who_holds_it_whatever_folder_it_keeps_its_files_in() {
        let (_home, folders) = home();
        let (_elsewhere, other_folders) = home();
        let account = account();
        let mut lease = acquire(&folders, &account, SignInKind::Messenger).unwrap();
        assert!(lease.unnoticed().is_none());
        let second = |folders: &Folders| match acquire(folders, &account, SignInKind::Messenger).unwrap_err()
        {
            LeaseError::Held { holder, .. } => *holder,
            other => panic!("{other}"),
        };
        assert_eq!(second(&folders).record, None);
        let record = record(&account, SignInKind::Messenger);
        lease.write(&record).unwrap();
        let holder = second(&folders);
        assert_eq!(holder.record, Some(record));
        if !cfg!(windows) {
            assert_eq!(holder.pid, Some(std::process::id()));
            assert!(holder.to_string().starts_with(&format!("process {}, since 20", std::process::id())));
            assert_eq!(second(&other_folders), Holder { pid: Some(std::process::id()), record: None });
        }
        // Other kinds and accounts are other leases.
        acquire(&folders, &account, SignInKind::Instagram).unwrap();
        acquire(&folders, &super::tests::account(), SignInKind::Messenger).unwrap();
        drop(lease);
        acquire(&other_folders, &account, SignInKind::Messenger).unwrap();
    }

    #[test]
    fn what_is_left_behind_is_found_and_can_be_put_back_under_the_same_right() {
        let (_home, folders) = home();
        let record = record(&account(), SignInKind::Instagram);
        let again = || acquire(&folders, &record.account, SignInKind::Instagram).unwrap();
        again().write(&record).unwrap();
        assert_eq!(believed(&folders), [listed(&folders, &record, false)]);
        let mut lease = again();
        assert_eq!(lease.abandoned(), Some(&record));
        lease.clear().unwrap();
        assert_eq!(lease.abandoned(), None);
        lease.write(&record).unwrap();
        assert_eq!(believed(&folders), [listed(&folders, &record, true)]);
    }

    #[cfg(not(windows))]
    #[test]
    fn an_earlier_borrowers_record_is_not_taken_for_the_holders() {
        let (_home, folders) = home();
        let mut record = record(&account(), SignInKind::Messenger);
        record.pid = u32::MAX;
        let again = || acquire(&folders, &record.account, SignInKind::Messenger);
        again().unwrap().write(&record).unwrap();
        let _holder = again().unwrap();
        match again().unwrap_err() {
            LeaseError::Held { holder, .. } => {
                assert_eq!(*holder, Holder { pid: Some(std::process::id()), record: None })
            }
            other => panic!("{other}"),
        }
    }

    /// What is found wrong with a file in the place of a journal. The lease is refused as well, and the file stays.
    fn doubt(folders: &Folders, account: &AccountId) -> Doubt {
        let path = journal(folders, account, SignInKind::Messenger);
        let mut journals = list(folders);
        assert!(journals.believed.is_empty() && journals.doubtful.len() == 1, "{journals:?}");
        assert!(matches!(
            acquire(folders, account, SignInKind::Messenger),
            Err(LeaseError::Doubtful { .. } | LeaseError::File(_))
        ));
        assert!(path.symlink_metadata().is_ok());
        journals.doubtful.remove(0).1
    }

    #[test]
    fn what_is_no_journal_to_believe_is_named_and_keeps_no_other_from_being_found() {
        let (_home, folders) = home();
        let (good, bad) = (record(&account(), SignInKind::Messenger), account());
        drop(acquire(&folders, &bad, SignInKind::Messenger).unwrap());
        let path = journal(&folders, &bad, SignInKind::Messenger);
        let with = |change: &dyn Fn(&mut LeaseRecord)| {
            let mut record = record(&bad, SignInKind::Messenger);
            change(&mut record);
            fs::write(&path, serde_json::to_string(&record).unwrap()).unwrap();
            doubt(&folders, &bad)
        };
        assert!(matches!(with(&|record| record.account = account()), Doubt::Renamed));
        assert!(matches!(with(&|record| record.kind = SignInKind::Instagram), Doubt::Renamed));
        assert!(matches!(with(&|record| record.field = "webhookUrl".to_owned()), Doubt::NoCallback));
        for (text, line) in [("{\n\"earlier\": \"https://app.exam", 2), ("", 1)] {
            fs::write(&path, text).unwrap();
            assert!(matches!(doubt(&folders, &bad), Doubt::Damaged { line: found, .. } if found == line));
        }
        fs::write(&path, [0xff, 0]).unwrap();
        assert!(matches!(doubt(&folders, &bad), Doubt::Unreadable(FileError::NotText { .. })));
        fs::File::create(&path).unwrap().set_len(5 << 20).unwrap();
        assert!(matches!(doubt(&folders, &bad), Doubt::Unreadable(FileError::TooBig { .. })));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(doubt(&folders, &bad), Doubt::Unreadable(_)));

        acquire(&folders, &good.account, SignInKind::Messenger).unwrap().write(&good).unwrap();
        let journals = list(&folders);
        assert_eq!((journals.believed.len(), journals.doubtful.len()), (1, 1));
        assert_eq!(journals.believed[0].record, good);
    }

    #[cfg(unix)]
    #[test]
    fn what_others_can_write_to_is_not_believed_and_no_link_is_followed() {
        use std::os::unix::fs::PermissionsExt;
        let (home, folders) = home();
        let record = record(&account(), SignInKind::Messenger);
        let path = journal(&folders, &record.account, SignInKind::Messenger);
        let mut lease = acquire(&folders, &record.account, SignInKind::Messenger).unwrap();
        lease.write(&record).unwrap();
        drop(lease);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(folders.leases().metadata().unwrap().permissions().mode() & 0o777, 0o700);

        for mode in [0o620, 0o602, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(doubt(&folders, &record.account), Doubt::Unreadable(FileError::Writable { mode: found, .. }) if found == mode)
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(believed(&folders).len(), 1);
        // Only the superuser can give a file away.
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
            assert!(matches!(
                doubt(&folders, &record.account),
                Doubt::Unreadable(FileError::OfAnother { uid: 65_534, .. })
            ));
        }
        fs::rename(&path, home.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(home.path().join("moved"), &path).unwrap();
        assert!(matches!(doubt(&folders, &record.account), Doubt::Unreadable(FileError::Symlink { .. })));
    }

    #[test]
    fn the_settings_of_an_account_are_one_at_a_time_and_another_account_waits_for_nobody() {
        let (_home, folders) = home();
        let (_elsewhere, other_folders) = home();
        let account = account();
        let first = try_settings_lock(&folders, &account).unwrap();
        for folders in [&folders, &other_folders] {
            assert!(matches!(try_settings_lock(folders, &account), Err(FileError::Busy { .. })));
            try_settings_lock(folders, &super::tests::account()).unwrap();
        }
        drop(first);
        try_settings_lock(&other_folders, &account).unwrap();
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse(&text);
            let _ = named_in(&text);
        }

        #[test]
        fn what_is_written_is_read(earlier: Option<String>, ours: String, field: String, seen: bool) {
            let mut record = record(&account(), SignInKind::Messenger);
            (record.earlier, record.ours, record.field, record.seen) = (earlier, ours, field, seen);
            let text = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(parse(&text).unwrap(), record);
        }
    }
}
