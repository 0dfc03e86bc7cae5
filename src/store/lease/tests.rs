use super::journal::{named_in, parse};
use super::*;
use crate::files::FileError;
use crate::store::ProfileName;
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
    let path = path_of(folders, &record.account, record.kind);
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
    let second = |folders: &Folders| match acquire(folders, &account, SignInKind::Messenger).unwrap_err() {
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
        assert_eq!(holder.pid, Some(std::process::id()));
        assert_eq!(second(&other_folders), Holder { pid: Some(std::process::id()), record: None });
    }
    // Other kinds and accounts are other leases.
    acquire(&folders, &account, SignInKind::Instagram).unwrap();
    acquire(&folders, &self::account(), SignInKind::Messenger).unwrap();
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
    let path = path_of(folders, account, SignInKind::Messenger);
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
    let path = path_of(&folders, &bad, SignInKind::Messenger);
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
    let path = path_of(&folders, &record.account, SignInKind::Messenger);
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
        try_settings_lock(folders, &self::account()).unwrap();
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
