//! What takes more than one process to show: kills, races, and keychains of every temper.
//!
//! The processes are this test program itself, run anew for the one test [`worker`] with what to do in its environment.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::credentials::Stored;
use super::lease::LeaseRecord;
use super::{AccountId, Config, Folders, Place, ProfileName, credentials, lease};
use crate::types::{Credential, Secret, SignInKind};

const URL: &str = "https://api.example/partner";
const DO: &str = "STORE_TEST_WORKER";
const FOLDER: &str = "STORE_TEST_FOLDER";
const DONE: &str = "worker: done";

fn key(text: &str) -> Credential {
    Credential::ApiKey(Secret::new(text))
}

fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

/// This program as a process that does only that work. The environment is empty but for what is needed.
fn worker_command(work: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "store::tests::worker", "--ignored", "--nocapture"]);
    isolate(&mut command, folder).env(DO, work).env(FOLDER, folder);
    command
}

fn isolate<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        command.env(name, folder);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped())
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn wait_for(path: &Path, child: &mut Child) {
    while !path.exists() {
        assert!(child.try_wait().unwrap().is_none(), "the worker ended early");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Not a test: what the processes of the others do.
#[test]
#[ignore = "the other tests run it as a process of its own"]
fn worker() {
    let (Ok(work), Some(folder)) = (std::env::var(DO), std::env::var_os(FOLDER)) else { return };
    let folder = Path::new(&folder);
    let folders = Folders::new(Some(&folder.join("conf"))).unwrap();
    match work.split_once(' ').unwrap_or((&work, "")) {
        ("write-forever", _) => write_forever(&folders, folder),
        ("hold-lease", _) => hold_lease(&folders, folder),
        ("add", number) => add(&folders, number),
        #[cfg(all(feature = "keychain", target_os = "linux"))]
        ("keychain", case) => keychain::case(case, &folders, folder),
        other => panic!("{other:?}"),
    }
    writeln!(io::stdout(), "{DONE}").unwrap();
}

fn write_forever(folders: &Folders, folder: &Path) {
    let account = account(folder);
    let mut lease = lease::acquire(folders, &account, SignInKind::Messenger).unwrap();
    for round in 0u64.. {
        let text = texts(round);
        credentials::save(folders, &name("p"), &key(&text), URL, Place::File).unwrap();
        Config::change(folders, |config| config.set_api_url(&name("p"), &text)).unwrap();
        lease.write(&record(&account, &text)).unwrap();
        if round == 0 {
            std::fs::write(folder.join("ready"), "").unwrap();
        }
    }
}

/// Two texts of very different length, so that half of one is never the other.
fn texts(round: u64) -> String {
    match round % 2 {
        0 => "short".to_owned(),
        _ => "long ".repeat(20_000),
    }
}

/// An account of that folder's test alone: who holds a lease is found on the whole machine.
fn account(folder: &Path) -> AccountId {
    AccountId::of(&key(&folder.display().to_string()), URL)
}

fn record(account: &AccountId, earlier: &str) -> LeaseRecord {
    let ours = "http://127.0.0.1:4000/callback/messenger/n";
    LeaseRecord::new(&name("p"), account, URL, SignInKind::Messenger, Some(earlier.to_owned()), ours)
}

fn only_lease(folders: &Folders) -> lease::Journal {
    let mut found = lease::list(folders);
    assert!(found.doubtful.is_empty() && found.believed.len() == 1, "{found:?}");
    found.believed.remove(0)
}

#[test]
fn a_hundred_kills_in_mid_write_leave_whole_files() {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::new(Some(&home.path().join("conf"))).unwrap();
    let whole = |text: &str| text == texts(0) || text == texts(1);
    let mut cut_short = 0;
    for round in 0..100u64 {
        let _ = std::fs::remove_file(home.path().join("ready"));
        let mut child = worker_command("write-forever", home.path()).spawn().unwrap();
        wait_for(&home.path().join("ready"), &mut child);
        // 61 and 100 have no common divisor: a hundred different moments within the first 20 ms.
        std::thread::sleep(Duration::from_micros(round * 61 % 100 * 200));
        child.kill().unwrap();
        child.wait().unwrap();

        let stored = credentials::load(&folders, &name("p")).unwrap().found.unwrap();
        assert!(matches!(&stored.credential, Credential::ApiKey(key) if whole(key.expose())));
        assert!(whole(&Config::load(&folders).unwrap().profile(&name("p")).api_url.unwrap()));
        let left = only_lease(&folders);
        assert!(!left.living && whole(left.record.earlier.as_deref().unwrap()));
        cut_short += leftovers(folders.config()) + leftovers(&folders.leases());
    }
    // Otherwise the kills hit nothing, and all of the above shows nothing.
    assert!(cut_short > 0, "no kill came in mid-write");
    // The next write clears up.
    credentials::save(&folders, &name("p"), &key("k"), URL, Place::File).unwrap();
    Config::change(&folders, |config| config.set_api_url(&name("p"), "u")).unwrap();
    assert_eq!(leftovers(folders.config()), 0);
}

fn leftovers(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().ends_with(".new")).count()
}

fn hold_lease(folders: &Folders, folder: &Path) {
    let account = account(folder);
    let mut lease = lease::acquire(folders, &account, SignInKind::Messenger).unwrap();
    lease.write(&record(&account, "https://app.example")).unwrap();
    std::fs::write(folder.join("ready"), "").unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_lease_is_another_processes_until_that_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::new(Some(&home.path().join("conf"))).unwrap();
    let mut child = worker_command("hold-lease", home.path()).spawn().unwrap();
    wait_for(&home.path().join("ready"), &mut child);
    let pid = child.id();

    let begin = Instant::now();
    match lease::acquire(&folders, &account(home.path()), SignInKind::Messenger).unwrap_err() {
        lease::LeaseError::Held { holder, .. } => {
            assert_eq!(holder.record.unwrap().pid, pid);
            assert_eq!(holder.pid, if cfg!(windows) { None } else { Some(pid) });
        }
        other => panic!("{other}"),
    }
    assert!(begin.elapsed() < Duration::from_secs(1));
    let left = only_lease(&folders);
    assert!(left.living && left.record.pid == pid);

    child.kill().unwrap();
    child.wait().unwrap();
    let left = only_lease(&folders);
    assert!(!left.living && left.record.pid == pid);
    let lease = lease::acquire(&folders, &account(home.path()), SignInKind::Messenger).unwrap();
    assert_eq!(lease.abandoned().unwrap().earlier.as_deref(), Some("https://app.example"));
}

fn add(folders: &Folders, number: &str) {
    for round in 0..20 {
        let profile = name(&format!("p{number}-{round}"));
        credentials::save(folders, &profile, &key("k"), URL, Place::File).unwrap();
        Config::change(folders, |config| config.set_api_url(&profile, URL)).unwrap();
    }
}

#[test]
fn processes_at_once_lose_nobodys_change() {
    let home = tempfile::tempdir().unwrap();
    let start = |number| worker_command(&format!("add {number}"), home.path()).spawn().unwrap();
    let children: Vec<Child> = (0..4).map(start).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(both(&output).contains(DONE), "{}", both(&output));
    }
    let folders = Folders::new(Some(&home.path().join("conf"))).unwrap();
    let config = Config::load(&folders).unwrap();
    for profile in (0..4).flat_map(|number| (0..20).map(move |round| name(&format!("p{number}-{round}")))) {
        let expected = Stored { credential: key("k"), api_url: URL.to_owned(), place: Place::File };
        assert_eq!(credentials::load(&folders, &profile).unwrap().found, Some(expected));
        assert_eq!(config.profile(&profile).api_url.as_deref(), Some(URL));
    }
}

#[cfg(not(feature = "keychain"))]
#[test]
fn without_the_feature_there_is_no_keychain_and_that_is_said() {
    assert!(
        matches!(super::probe_keychain(), super::KeychainState::Missing(why) if why.contains("built without"))
    );
}

/// Real keychains, on session buses of their own.
#[cfg(all(feature = "keychain", target_os = "linux"))]
mod keychain {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::store::keychain::KeychainError;
    use crate::store::keychain::{read, remove, write};
    use crate::store::{CredentialsError, KeychainState, probe_keychain};

    /// A bus waits 2 s for a service and we wait 3 s for anything; the rest is the machine's.
    const BOUND: std::ops::Range<Duration> = Duration::from_millis(1_900)..Duration::from_millis(4_000);

    pub fn case(case: &str, folders: &Folders, folder: &Path) {
        match case {
            "full" => full(folders, folder),
            "store-one" => {
                credentials::save(folders, &name("p"), &key("k"), URL, Place::Keychain).unwrap();
            }
            "locked" => locked(folders),
            "missing" => missing(folders),
            "silent" => silent(folders),
            "file-only" => file_only(folders),
            other => panic!("{other}"),
        }
    }

    /// Everything that is done with a keychain that works.
    fn full(folders: &Folders, folder: &Path) {
        let profile = name("acme");
        let in_file = || std::fs::read_to_string(folders.credentials_file()).unwrap();
        let load = || credentials::load(folders, &profile).unwrap().found;
        let stored = |text, place| Some(Stored { credential: key(text), api_url: URL.to_owned(), place });
        let entry = format!("acme@{}", folders.config().display());
        assert_eq!(probe_keychain(), KeychainState::Usable);

        credentials::save(folders, &profile, &key("first-key"), URL, Place::Keychain).unwrap();
        assert_eq!(load(), stored("first-key", Place::Keychain));
        assert!(!in_file().contains("first-key"));
        assert_eq!(
            credentials::whereabouts(folders, &profile).unwrap().found,
            Some((Place::Keychain, URL.to_owned()))
        );

        // The same name in another folder is another account.
        let other = Folders::new(Some(&folder.join("other"))).unwrap();
        let pair = Credential::AppPair { app_id: "app".to_owned(), secret_key: Secret::new("pair-key") };
        credentials::save(&other, &profile, &pair, "https://other.example", Place::Keychain).unwrap();
        let theirs = credentials::load(&other, &profile).unwrap().found.unwrap();
        assert_eq!((theirs.credential, &*theirs.api_url), (pair, "https://other.example"));
        assert_eq!(load(), stored("first-key", Place::Keychain));

        // Into the file, and back: never in two places.
        assert_eq!(credentials::save(folders, &profile, &key("second-key"), URL, Place::File).unwrap(), []);
        assert_eq!(load(), stored("second-key", Place::File));
        assert_eq!(read(&entry).unwrap(), None);
        credentials::save(folders, &profile, &key("third-key"), URL, Place::Keychain).unwrap();
        credentials::save(folders, &profile, &key("fourth-key"), URL, Place::Keychain).unwrap();
        assert_eq!(load(), stored("fourth-key", Place::Keychain));
        assert!(!in_file().contains("-key"));

        // Somebody else's hands.
        write(&entry, zeroize::Zeroizing::new(b"{\"apiKey\": 1}".to_vec())).unwrap();
        let error = credentials::load(folders, &profile).unwrap_err();
        assert!(matches!(&error, CredentialsError::Strange { entry: named } if *named == entry), "{error}");
        remove(&entry).unwrap();
        let error = credentials::load(folders, &profile).unwrap_err();
        assert!(matches!(&error, CredentialsError::Gone { entry: named } if *named == entry), "{error}");

        credentials::save(folders, &profile, &key("fifth-key"), URL, Place::Keychain).unwrap();
        assert_eq!(credentials::remove(folders, &profile).unwrap().found, Some(Place::Keychain));
        assert_eq!((load(), read(&entry).unwrap()), (None, None));
        assert!(credentials::load(&other, &profile).unwrap().found.is_some());
    }

    /// The session of a person who never typed the keyring's password.
    fn locked(folders: &Folders) {
        let begin = Instant::now();
        let error = credentials::load(folders, &name("p")).unwrap_err();
        assert!(begin.elapsed() < BOUND.end, "{:?}", begin.elapsed());
        assert!(
            matches!(
                error,
                CredentialsError::Keychain(KeychainError::Unanswering | KeychainError::Refused(_))
            ),
            "{error}"
        );
    }

    fn missing(folders: &Folders) {
        let begin = Instant::now();
        let state = probe_keychain();
        assert!(matches!(state, KeychainState::Missing(_)), "{state:?}");
        let error =
            credentials::save(folders, &name("p"), &key("k"), URL, Place::Keychain).unwrap_err().to_string();
        assert!(error.starts_with("no keychain is available: "), "{error}");
        assert!(begin.elapsed() < BOUND.start, "{:?}", begin.elapsed());
        assert!(!folders.credentials_file().exists());
    }

    fn silent(folders: &Folders) {
        let begin = Instant::now();
        assert_eq!(probe_keychain(), KeychainState::Unanswering);
        assert!(BOUND.contains(&begin.elapsed()), "{:?}", begin.elapsed());

        // Waited for once, not for every question.
        let begin = Instant::now();
        let error = credentials::save(folders, &name("p"), &key("k"), URL, Place::Keychain).unwrap_err();
        assert!(matches!(error, CredentialsError::Keychain(KeychainError::Unanswering)), "{error}");
        assert!(!folders.credentials_file().exists());
        credentials::save(folders, &name("p"), &key("k"), URL, Place::File).unwrap();
        assert!(credentials::load(folders, &name("p")).unwrap().found.is_some());
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    }

    fn file_only(folders: &Folders) {
        credentials::save(folders, &name("p"), &key("k"), URL, Place::File).unwrap();
        assert!(credentials::load(folders, &name("p")).unwrap().found.is_some());
        assert!(credentials::load(folders, &name("nobody")).unwrap().found.is_none());
        assert_eq!(credentials::remove(folders, &name("p")).unwrap().found, Some(Place::File));
    }

    /// The worker below a session bus of its own, after that shell command.
    fn on_a_bus(before: &str, work: &str, folder: &Path) -> Command {
        let worker = worker_command(work, folder);
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", &format!("{before}\nexec \"$@\""), "sh"]);
        command.arg(worker.get_program()).args(worker.get_args());
        isolate(&mut command, folder).env(DO, work).env(FOLDER, folder);
        command
    }

    /// Runs it to its end, which has to come within that time, and returns how long it took.
    fn finish(mut command: Command, limit: Duration) -> (Output, Duration) {
        let begin = Instant::now();
        let mut child = command.spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            if begin.elapsed() > limit {
                child.kill().unwrap();
                let output = child.wait_with_output().unwrap();
                panic!("not done in {limit:?}: {}", both(&output));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let took = begin.elapsed();
        (child.wait_with_output().unwrap(), took)
    }

    fn succeed(command: Command) -> Duration {
        let (output, took) = finish(command, Duration::from_secs(60));
        let text = both(&output);
        assert!(output.status.success() && text.contains(DONE), "{text}");
        took
    }

    /// Whether this machine has the programs. CI has to have them.
    fn has(programs: &[&str]) -> bool {
        let found = |program: &&str| Command::new(program).arg("--version").output().is_ok();
        let all = programs.iter().all(found);
        if !all {
            assert!(std::env::var_os("CI").is_none(), "this test needs {programs:?}");
            writeln!(io::stderr(), "NOT TESTED: this machine lacks one of {programs:?}").unwrap();
        }
        all
    }

    const UNLOCKED: &str = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
    const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null";

    #[test]
    fn a_real_secret_service_keeps_credentials() {
        if has(&["dbus-run-session", "gnome-keyring-daemon"]) {
            let home = tempfile::tempdir().unwrap();
            succeed(on_a_bus(UNLOCKED, "keychain full", home.path()));
        }
    }

    #[test]
    fn a_locked_keychain_is_said_within_the_bound() {
        if has(&["dbus-run-session", "gnome-keyring-daemon"]) {
            let home = tempfile::tempdir().unwrap();
            succeed(on_a_bus(UNLOCKED, "keychain store-one", home.path()));
            succeed(on_a_bus(LOCKED, "keychain locked", home.path()));
        }
    }

    #[test]
    fn a_missing_keychain_is_said_at_once() {
        let home = tempfile::tempdir().unwrap();
        succeed(worker_command("keychain missing", home.path()));
        let mut nowhere = worker_command("keychain missing", home.path());
        nowhere.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        succeed(nowhere);
    }

    #[test]
    fn a_bus_that_never_speaks_costs_the_bound_once_and_holds_up_no_exit() {
        let home = tempfile::tempdir().unwrap();
        let (bus, address) = mute_bus(home.path());
        let mut command = worker_command("keychain silent", home.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
        let took = succeed(command);
        assert!(took < BOUND.end + Duration::from_secs(1), "{took:?}");
        assert!(bus.accept().is_ok(), "it was asked");
    }

    #[test]
    fn a_secret_service_that_never_answers_costs_the_bound_once() {
        if has(&["dbus-run-session"]) {
            let home = tempfile::tempdir().unwrap();
            let services = home.path().join("dbus-1/services");
            std::fs::create_dir_all(&services).unwrap();
            // Started by the bus when first asked, it never takes its name.
            std::fs::write(
                services.join("org.freedesktop.secrets.service"),
                "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sleep 6\n",
            )
            .unwrap();
            succeed(on_a_bus("", "keychain silent", home.path()));
        }
    }

    #[test]
    fn credentials_in_the_file_cost_no_word_to_the_keychain() {
        let home = tempfile::tempdir().unwrap();
        let (bus, address) = mute_bus(home.path());
        let mut command = worker_command("keychain file-only", home.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", address);
        succeed(command);
        assert_eq!(bus.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }

    /// A socket that anybody can connect to and that says nothing.
    fn mute_bus(folder: &Path) -> (UnixListener, String) {
        let path = folder.join("bus-that-is-mute");
        let bus = UnixListener::bind(&path).unwrap();
        bus.set_nonblocking(true).unwrap();
        (bus, format!("unix:path={}", path.display()))
    }
}
