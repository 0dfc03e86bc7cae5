//! Keychains of every temper, through the whole program. (Linux: Secret Service over D-Bus.)
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::partner::{Partner, World};
use crate::support::{Asked, Home, PROGRAM, Run};

const KEY: &str = "keychain-canary-0123456789";

/// A bus that takes connections and never says a word; counts them.
fn mute_bus(home: &Home) -> (String, Arc<AtomicUsize>) {
    let path = home.dir.path().join("bus");
    let listener = UnixListener::bind(&path).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming().flatten() {
            counter.fetch_add(1, Ordering::SeqCst);
            held.push(stream);
        }
    });
    (format!("unix:path={}", path.display()), count)
}

fn log_in(home: &Home, partner: &Partner, bus: Option<&str>) -> Run {
    let mut command = home.command(&["--api-url", partner.url(), "login", "--api-key-stdin"]);
    command.env_remove("DBUS_SESSION_BUS_ADDRESS");
    bus.map(|bus| command.env("DBUS_SESSION_BUS_ADDRESS", bus));
    let input = home.dir.path().join("key");
    std::fs::write(&input, KEY).unwrap();
    command.stdin(std::fs::File::open(&input).unwrap());
    let run = Run::of(command);
    std::fs::remove_file(input).unwrap();
    run
}

#[test]
fn a_keychain_that_hangs_costs_3_s_which_is_said_and_then_the_file_serves() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let (bus, connections) = mute_bus(&home);
    let begun = Instant::now();
    let run = log_in(&home, &partner, Some(&bus)).exits(0);
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(2) && took < Duration::from_millis(4500), "{took:?}");
    assert!(run.stderr.contains("did not answer in 3 s"), "{}", run.stderr);
    assert!(run.stderr.contains("credentials.json"), "{}", run.stderr);

    // Credentials in the file cost no question to the keychain.
    let before = connections.load(Ordering::SeqCst);
    assert!(before > 0);
    for arguments in [&["whoami"][..], &["channels", "list"], &["logout"]] {
        let (mut command, begun) = (home.command(arguments), Instant::now());
        command.env("DBUS_SESSION_BUS_ADDRESS", &bus);
        Run::of(command).exits(0);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
    assert_eq!(connections.load(Ordering::SeqCst), before, "no connection to the bus");
}

#[test]
fn a_keychain_that_is_missing_is_said_at_once_and_then_the_file_serves() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let begun = Instant::now();
    let run = log_in(&home, &partner, Some("unix:path=/nonexistent")).exits(0);
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(run.stderr.contains("the system's keychain can't be used"), "{}", run.stderr);
    assert!(home.run(&["whoami"]).exits(0).stdout.contains("file"));
}

#[test]
fn a_machine_without_a_session_bus_is_told_so_in_plain_words() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let run = log_in(&home, &partner, None).exits(0);
    assert!(run.stderr.contains("can't be used (there is no session bus): "), "{}", run.stderr);
    assert!(run.stderr.contains("credentials.json"), "{}", run.stderr);
}

/// Runs a script in a session with a bus of its own; none where there is no keychain to test with, which is an
/// error where tests must not be skipped.
fn in_session(home: &Home, partner: &Partner, script: &str) -> Option<Run> {
    let there = |name: &str| {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|dir| dir.join(name).exists());
        assert!(found || std::env::var_os("CI").is_none(), "{name} is missing");
        found
    };
    if !there("dbus-run-session") || !there("gnome-keyring-daemon") {
        // Past what the test runner keeps to itself.
        let said = "\nSKIPPED: there is no gnome-keyring-daemon or no dbus-run-session here. Install both.\n";
        let _ = std::io::stderr().write_all(said.as_bytes());
        return None;
    }
    let plain = home.command(&[]);
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-euc", script]).env_clear().current_dir(home.dir.path());
    plain.get_envs().for_each(|(name, value)| _ = command.env(name, value.unwrap_or_default()));
    command.env_remove("DBUS_SESSION_BUS_ADDRESS");
    command.env("PROGRAM", PROGRAM).env("URL", partner.url()).env("KEY", KEY);
    command.env("XDG_RUNTIME_DIR", home.dir.path()).env("XDG_DATA_HOME", home.dir.path().join("data"));
    Some(Run::of(command))
}

#[test]
fn a_real_keychain_keeps_the_key_from_login_to_logout_and_no_file_has_it() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let script = r#"
        printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
        printf '%s' "$KEY" | "$PROGRAM" --api-url "$URL" --json login --api-key-stdin
        grep -rF "$KEY" "$HOME" && exit 9
        "$PROGRAM" --json whoami
        "$PROGRAM" channels list >/dev/null
        "$PROGRAM" logout
        "$PROGRAM" --json whoami || echo "gone: $?"
    "#;
    let Some(run) = in_session(&home, &partner, script) else { return };
    let run = run.exits(0);
    let mut lines = run.stdout.lines();
    for _ in 0..2 {
        let document: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(document["credentials"]["source"], "keychain", "{}", run.stderr);
    }
    assert_eq!(lines.last(), Some("gone: 3"), "{}", run.stdout);
    let key = format!("Bearer {KEY}");
    assert!(partner.api.asked().iter().all(|asked| asked.authorization == key));
}

#[test]
fn a_keychain_that_is_locked_is_said_and_then_the_file_serves() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    // Never unlocked, and nobody there whom it could ask for the password.
    let script = r#"
        gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
        printf '%s' "$KEY" | "$PROGRAM" --api-url "$URL" login --api-key-stdin
        "$PROGRAM" --json whoami
    "#;
    let begun = Instant::now();
    let Some(run) = in_session(&home, &partner, script) else { return };
    let run = run.exits(0);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    assert!(run.stderr.contains("the system's keychain can't be used"), "{}", run.stderr);
    assert!(run.stdout.contains(r#""source":"file""#), "{}", run.stdout);
}

const UNLOCK: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";

/// The keys that the API was asked with, one for each run of requests with the same.
fn keys(partner: &Partner) -> Vec<String> {
    let bearer = |asked: &Asked| asked.authorization.trim_start_matches("Bearer ").to_owned();
    let mut keys: Vec<String> = partner.api.asked().iter().map(bearer).collect();
    keys.dedup();
    keys
}

#[test]
fn an_entry_is_of_one_profile_in_one_folder_and_credentials_are_never_in_two_places() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let script = format!(
        r#"{UNLOCK}
        log_in() {{ printf %s "$1" | "$PROGRAM" --api-url "$URL" login --api-key-stdin >/dev/null; }}
        file="$SOCIALCHAT_CONFIG_DIR/credentials.json"
        log_in key-of-mine
        (export SOCIALCHAT_CONFIG_DIR="$HOME/other"; log_in key-of-another-folder)
        "$PROGRAM" channels list >/dev/null
        (export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent; log_in key-in-the-file)
        grep -qF key-in-the-file "$file"
        "$PROGRAM" channels list >/dev/null
        log_in key-in-the-keychain
        grep -F key-in "$file" && exit 9
        "$PROGRAM" channels list >/dev/null
        cp -r "$SOCIALCHAT_CONFIG_DIR" saved
        "$PROGRAM" logout
        cp saved/* "$SOCIALCHAT_CONFIG_DIR"
        "$PROGRAM" channels list || echo "gone: $?"
        SOCIALCHAT_CONFIG_DIR="$HOME/other" "$PROGRAM" channels list >/dev/null
    "#
    );
    let Some(run) = in_session(&home, &partner, &script) else { return };
    let run = run.exits(0);
    assert!(run.stdout.contains("gone: 2"), "{run:?}");
    assert!(
        run.stderr.contains("no longer has the entry") && run.stderr.contains("default@"),
        "{}",
        run.stderr
    );
    let expected = ["mine", "another-folder", "mine", "in-the-file", "in-the-keychain", "another-folder"];
    let expected = expected.map(|key| match key.starts_with("in-") {
        true => format!("key-{key}"),
        false => format!("key-of-{key}"),
    });
    assert_eq!(keys(&partner), expected);
}

#[test]
fn a_key_in_a_keychain_that_is_locked_is_not_to_be_had_and_that_is_said() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let unlocked = format!(
        r#"{UNLOCK}
        printf '%s' "$KEY" | "$PROGRAM" --api-url "$URL" login --api-key-stdin"#
    );
    let Some(run) = in_session(&home, &partner, &unlocked) else { return };
    run.exits(0);
    let asked = partner.api.asked().len();
    let locked = r#"
        gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
        "$PROGRAM" channels list"#;
    let begun = Instant::now();
    let run = in_session(&home, &partner, locked).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    let run = run.exits(2);
    assert!(run.stderr.contains("the keychain refused"), "{}", run.stderr);
    assert_eq!(partner.api.asked().len(), asked, "nothing was sent");
}

#[test]
fn a_secret_service_that_never_answers_is_waited_for_once() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    // Started by the bus when first asked, it never takes its name.
    let services = home.dir.path().join("dbus-1/services");
    std::fs::create_dir_all(&services).unwrap();
    let service =
        "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh -c \"exec sleep 6 >/dev/null 2>&1\"\n";
    std::fs::write(services.join("org.freedesktop.secrets.service"), service).unwrap();
    let script = r#"printf '%s' "$KEY" | "$PROGRAM" --api-url "$URL" login --api-key-stdin"#;
    let begun = Instant::now();
    let Some(run) = in_session(&home, &partner, script) else { return };
    let (run, took) = (run.exits(0), begun.elapsed());
    assert!(took > Duration::from_millis(1900) && took < Duration::from_millis(4500), "{took:?}");
    assert!(run.stderr.contains("credentials.json"), "{}", run.stderr);
}
