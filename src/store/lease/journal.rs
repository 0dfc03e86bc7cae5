//! What is written down of a borrowed callback, and what of it is believed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{Access, FileError, Remark, atomic, guard};
use crate::store::{AccountId, Folders, ProfileName, process};
use crate::types::{SignInKind, time};

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

/// Why a file in the journals' folder is not believed.
#[derive(Debug)]
pub enum Doubt {
    /// It can't be read at all, or somebody else could have written it.
    Unreadable(FileError),
    Damaged {
        line: usize,
        column: usize,
    },
    /// It names another account or kind than its file name.
    Renamed,
    /// It is of version 0.1.0: the value to put back stands in it as `earlier`; for whose account, it doesn't say.
    EarlierVersion,
    /// What it calls borrowed is no address of a sign-in.
    NoAddressOfOurs,
    /// What it says was borrowed is no callback setting.
    NoCallback,
}

impl From<FileError> for Doubt {
    fn from(error: FileError) -> Self {
        Doubt::Unreadable(error)
    }
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
            let why = FileError::io(Access::ListFolder, &folder)(error).into();
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

/// Where the journal of a lease stands.
pub(super) fn path_of(folders: &Folders, account: &AccountId, kind: SignInKind) -> PathBuf {
    folders.leases().join(format!("{kind}.{account}.json"))
}

/// The account and kind in the name of a journal. The journals of version 0.1.0 had another name and named no account:
/// they are noticed, and not believed. Whatever else lies there is none of ours.
pub(super) fn named_in(name: &str) -> Option<(Option<AccountId>, SignInKind)> {
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
pub fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The record in a file; none where there is no file.
pub(super) fn believe(
    path: &Path,
    account: &AccountId,
    kind: SignInKind,
) -> Result<Option<LeaseRecord>, Doubt> {
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

pub(super) fn parse(text: &str) -> Result<LeaseRecord, Doubt> {
    serde_json::from_str(text).map_err(|error| Doubt::Damaged { line: error.line(), column: error.column() })
}
