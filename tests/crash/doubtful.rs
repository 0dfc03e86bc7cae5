//! Files in the journals' folder that are no journals to believe: damaged, planted, somebody else's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::partner::{Partner, World};
use crate::support::{Home, Run, Waiting};
use crate::{command, journals};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];

fn killed(home: &Home, partner: &Partner) -> PathBuf {
    let before = journals(home);
    let mut waiting = Waiting::start(command(home, partner, &AUTHORIZE));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    journals(home).into_iter().find(|path| !before.contains(path)).unwrap()
}

#[test]
fn a_journal_that_cannot_be_read_keeps_no_other_from_being_put_back_and_is_named() {
    let damages: [&dyn Fn(&Path); 7] = [
        &|path| fs::write(path, "").unwrap(),
        &|path| fs::write(path, r#"{"earlier": "https://app.exam"#).unwrap(),
        &|path| fs::write(path, [0xff, 0x00, 0xfe]).unwrap(),
        &|path| fs::File::create(path).unwrap().set_len(5 << 20).unwrap(),
        &|path| {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", path).unwrap();
        },
        &|path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        },
        &|path| {
            fs::remove_file(path).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        },
    ];
    for (index, damage) in damages.iter().enumerate() {
        let home = Home::new();
        let (gone, partner) = (Partner::start(World::new()), Partner::start(World::new()));
        let bad = killed(&home, &gone);
        damage(&bad);
        killed(&home, &partner);
        let run = Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
        assert_eq!(partner.settings(), World::new().settings, "{index}: {}", run.stderr);
        assert_eq!(run.stderr.matches(bad.to_str().unwrap()).count(), 1, "{index}: {}", run.stderr);
        for words in
            ["the record of a replaced callback URL", "`socialchat-cli callback set`", "remove the file"]
        {
            assert!(run.stderr.contains(words), "{index}, {words}: {}", run.stderr);
        }
        for (arguments, code) in
            [(&["whoami"][..], 0), (&["callback", "show"], 0), (&["callback", "restore"], 2)]
        {
            let run = Run::of(command(&home, &partner, arguments)).exits(code);
            assert_eq!(run.stderr.matches(bad.to_str().unwrap()).count(), 1, "{index}: {}", run.stderr);
        }
        // Nor is a sign-in of another account blocked.
        let waiting = Waiting::start(command(&home, &partner, &AUTHORIZE));
        partner.bring("messenger", crate::partner::TOKEN);
        waiting.end().exits(0);
        // The account whose journal it is borrows nothing over it: it may hold the only copy.
        let puts = gone.count("PUT /partner");
        let run = Run::of(command(&home, &gone, &AUTHORIZE)).exits(2);
        assert!(run.stderr.contains(bad.to_str().unwrap()), "{index}: {}", run.stderr);
        assert_eq!(gone.count("PUT /partner"), puts, "{index}");
        assert!(bad.symlink_metadata().is_ok(), "it is left as it is");
    }
}

#[test]
fn a_planted_journal_redirects_nothing() {
    let evil = "https://attacker.example/steal";
    let plants = [
        ("ours is the real URL", "ours", json!("https://app.example/callback/messenger")),
        ("field is another setting", "field", json!("webhookUrl")),
        ("anybody can write it", "host", json!("elsewhere")),
    ];
    for (what, field, value) in plants {
        let home = Home::new();
        let partner = Partner::start(World::new());
        let path = killed(&home, &partner);
        let mut journal: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        journal["earlier"] = json!(evil);
        journal[field] = value;
        fs::write(&path, journal.to_string()).unwrap();
        let mode = if what.starts_with("anybody") { 0o666 } else { 0o600 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (settings, puts) = (partner.settings(), partner.count("PUT /partner"));
        for (arguments, code) in
            [(&["channels", "list"][..], 0), (&["callback", "restore"], 2), (&["callback", "show"], 0)]
        {
            let run = Run::of(command(&home, &partner, arguments)).exits(code);
            assert!(run.stderr.contains(path.to_str().unwrap()), "{what}: {}", run.stderr);
            assert!(!run.stderr.contains("attacker"), "{what}: nothing in it is believed: {}", run.stderr);
        }
        assert_eq!((partner.settings(), partner.count("PUT /partner")), (settings, puts), "{what}");
        assert!(path.exists());
    }
}

#[test]
fn a_journal_of_another_user_is_not_believed() {
    if !rustix::process::geteuid().is_root() {
        assert!(std::env::var_os("CI").is_none(), "CI runs this as the superuser, who can give files away");
        return;
    }
    let home = Home::new();
    let partner = Partner::start(World::new());
    let path = killed(&home, &partner);
    std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
    let puts = partner.count("PUT /partner");
    let run = Run::of(command(&home, &partner, &["channels", "list"])).exits(0);
    assert!(run.stderr.contains("belongs to another user (ID 65534)"), "{}", run.stderr);
    assert_eq!(partner.count("PUT /partner"), puts);
}
