//! The record of a bulk run: torn, damaged, large, on a full disk, or gone. The channels are what counts.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::fake::{Deal, Fake, id};
use crate::partner::refusal;
use crate::support::{Home, Run};

const ALL: [&str; 5] = ["reconnect", "messenger", "--all", "--concurrency", "1"];
const RESUME: [&str; 4] = ["--json", "reconnect", "messenger", "--resume"];

fn runs(home: &Home) -> PathBuf {
    home.config().join("state/runs")
}

fn record(home: &Home) -> PathBuf {
    let found = fs::read_dir(runs(home)).unwrap().flatten().map(|entry| entry.path());
    found.into_iter().find(|path| path.extension().is_some_and(|end| end == "jsonl")).expect("a record")
}

/// Eight channels; the last is refused until the switch is turned.
fn with_one_that_fails() -> (Fake, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(true));
    let switch = broken.clone();
    let fake = Fake::start(8, 8, move |post| {
        if post.channel == 7 && switch.load(Ordering::SeqCst) {
            return Deal::Answer(refusal(400, "out of order"));
        }
        Deal::Do
    });
    (fake, broken)
}

fn results(run: &Run) -> Vec<String> {
    let results = run.json()["results"].as_array().unwrap().clone();
    results.iter().map(|result| result["_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_line_that_a_power_cut_tore_costs_no_later_run() {
    let (fake, broken) = with_one_that_fails();
    let home = Home::new();
    Run::of(fake.command(&home, "t", &ALL)).exits(5);
    let path = record(&home);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 20]).unwrap();
    // Goes on behind the torn line, and doesn't come to its end either.
    Run::of(fake.command(&home, "t", &RESUME)).exits(1);
    let text = fs::read_to_string(&path).unwrap();
    let is_json = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    assert!(text.ends_with('\n') && text.lines().all(is_json), "{text}");
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", &id(2)])).exits(0);
    broken.store(false, Ordering::SeqCst);
    let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
    assert_eq!(results(&run), [id(7)]);
    Run::of(fake.command(&home, "t", &RESUME)).exits(2);
}

#[test]
fn lines_that_cannot_be_read_are_counted_and_their_channels_looked_at_again() {
    let (fake, broken) = with_one_that_fails();
    let home = Home::new();
    Run::of(fake.command(&home, "t", &ALL)).exits(5);
    broken.store(false, Ordering::SeqCst);
    let path = record(&home);
    let is_done = |line: &&str| !(line.contains(&id(3)) && line.contains("done"));
    let text = fs::read_to_string(&path).unwrap();
    let mut damaged: Vec<u8> =
        text.lines().filter(is_done).flat_map(|line| [line, "\n"]).collect::<String>().into();
    damaged.extend(b"\0\0\0\xff\n{\"id\":\"..\",\"step\":\"done\"}\n");
    damaged.extend(vec![b'x'; 3 << 20]);
    damaged.push(b'\n');
    fs::write(&path, damaged).unwrap();
    let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
    assert!(run.stderr.contains("3 lines of the record can't be read"), "{}", run.stderr);
    // It had begun, and shows that it was done: it is told, and not done again.
    assert_eq!(results(&run), [id(3), id(7)]);
    assert!(fake.done().values().all(|times| *times == 1), "{:?}", fake.done());
}

#[test]
fn a_record_of_any_size_is_gone_on_with() {
    let (fake, broken) = with_one_that_fails();
    let home = Home::new();
    Run::of(fake.command(&home, "t", &ALL)).exits(5);
    broken.store(false, Ordering::SeqCst);
    let path = record(&home);
    let line = format!("{{\"id\":\"{}\",\"step\":\"failed\"}}\n", id(7));
    fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(line.repeat(120_000).as_bytes()))
        .unwrap();
    assert!(path.metadata().unwrap().len() > 5 << 20);
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", &id(2), "--dry-run"])).exits(0);
    Run::of(fake.command(&home, "t", &["reconnect", "messenger", &id(2)])).exits(0);
    let run = Run::of(fake.command(&home, "t", &RESUME)).exits(0);
    assert_eq!(results(&run), [id(7)]);
}

#[test]
fn a_damaged_record_blocks_no_run_that_does_not_go_on_with_it() {
    for damage in [&b"nonsense\n"[..], b"{\"apiUrl\":\"", b"\xff\xfe\0\0", &[b'x'; 5 << 20]] {
        let (fake, broken) = with_one_that_fails();
        let home = Home::new();
        Run::of(fake.command(&home, "t", &ALL)).exits(5);
        broken.store(false, Ordering::SeqCst);
        let path = record(&home);
        fs::write(&path, damage).unwrap();
        let run = Run::of(fake.command(&home, "t", &RESUME)).exits(2);
        assert_eq!(run.error()["code"], "usage");
        assert!(run.error()["hint"].as_str().unwrap().contains("--disconnected"), "{}", run.stderr);
        Run::of(fake.command(&home, "t", &["reconnect", "messenger", &id(2), "--dry-run"])).exits(0);
        assert_eq!(fs::read(&path).unwrap(), damage, "what only looks leaves it as it is");
        let run = Run::of(fake.command(&home, "t", &ALL)).exits(0);
        assert!(run.stderr.contains("can't read"), "{}", run.stderr);
        assert!(!path.exists(), "the run took its place, and is done");
    }
}

/// macOS lets nobody change the limits of another process.
#[cfg(target_os = "linux")]
mod a_full_disk {
    use std::process::{Command, Stdio};
    use std::sync::atomic::AtomicI32;

    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    use super::*;
    use crate::support::until;

    /// The program, which can't write files beyond what the test allows meanwhile: to it the disk is full then.
    fn with_a_disk_that_can_be_full(command: &Command) -> Command {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
            .arg(command.get_program())
            .args(command.get_args());
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
        shell
    }

    fn allow(process: &AtomicI32, bytes: Option<u64>) {
        until("the program's id is known", || process.load(Ordering::SeqCst) != 0);
        let limit = Rlimit { current: bytes, maximum: None };
        prlimit(Pid::from_raw(process.load(Ordering::SeqCst)), Resource::Fsize, limit).unwrap();
    }

    #[test]
    fn is_said_once_and_what_is_not_written_is_counted_at_the_end() {
        for room_again in [false, true] {
            let process = Arc::new(AtomicI32::new(0));
            let shared = process.clone();
            let fake = Fake::start(12, 12, move |post| {
                match post.number {
                    3 => allow(&shared, Some(900)),
                    9 if room_again => allow(&shared, None),
                    _ => {}
                }
                match post.channel {
                    10 => Deal::Answer(refusal(400, "out of order")),
                    _ => Deal::Do,
                }
            });
            let home = Home::new();
            let mut command = with_a_disk_that_can_be_full(&fake.command(&home, "t", &ALL));
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            process.store(i32::try_from(child.id()).unwrap(), Ordering::SeqCst);
            let run = Run::from(child.wait_with_output().unwrap()).exits(5);
            assert_eq!(run.stdout.lines().filter(|line| line.starts_with("reconnected ")).count(), 11);
            let times = run.stderr.matches("can't write").count();
            assert_eq!(times, 1, "said once: {}", run.stderr);
            let counted = run.stderr.contains("channels that are done");
            assert_eq!(counted, !room_again, "{room_again}: {}", run.stderr);
            let text = fs::read_to_string(record(&home)).unwrap();
            assert!(text.ends_with('\n'), "no torn line: {text}");
            if room_again {
                assert_eq!(text.lines().filter(|line| line.contains("\"done\"")).count(), 11, "{text}");
            } else {
                assert!(run.stderr.contains("--resume` can't know of"), "{}", run.stderr);
            }
            let run = Run::of(fake.command(&home, "t", &RESUME));
            assert!(run.json()["results"].as_array().unwrap().len() <= 12, "it can be gone on with");
        }
    }
}

#[test]
fn results_are_shown_whatever_becomes_of_the_record() {
    type Spoil = fn(&std::path::Path);
    let spoils: [(&str, Spoil); 2] = [
        ("the state folder is deleted", |runs| fs::remove_dir_all(runs.parent().unwrap()).unwrap()),
        ("the folder of the records can't be used", |runs| {
            fs::rename(runs, runs.with_extension("away")).unwrap();
            fs::write(runs, "no folder").unwrap();
        }),
    ];
    for (what, spoil) in spoils {
        for fails in [None, Some(39)] {
            let home = Home::new();
            let folder = runs(&home);
            let fake = Fake::start(40, 40, move |post| {
                if post.number == 20 {
                    spoil(&folder);
                }
                match fails {
                    Some(number) if number == post.channel => Deal::Answer(refusal(400, "out of order")),
                    _ => Deal::Do,
                }
            });
            let run = Run::of(fake.command(&home, "t", &["reconnect", "messenger", "--all"]));
            let run = run.exits(if fails.is_some() { 5 } else { 0 });
            let done = 40 - fails.iter().count();
            let lines = run.stdout.lines().filter(|line| line.starts_with("reconnected ")).count();
            assert_eq!(lines, done, "{what}: {}", run.stdout);
            if fails.is_some() {
                assert!(run.stderr.contains("--resume` can't go on"), "{what}: {}", run.stderr);
            }
            assert_eq!(fake.done().len(), done, "{what}");
        }
    }
}

#[test]
fn a_record_that_cannot_be_begun_does_not_keep_channels_from_being_reconnected() {
    let (fake, broken) = with_one_that_fails();
    broken.store(false, Ordering::SeqCst);
    let home = Home::new();
    let path = runs(&home).join("default.reconnect.messenger.jsonl");
    fs::create_dir_all(path.join("in the way")).unwrap();
    let run = Run::of(fake.command(&home, "t", &ALL)).exits(0);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("reconnected ")).count(), 8);
    assert!(run.stderr.contains("This run is not recorded"), "{}", run.stderr);
    assert!(path.join("in the way").exists());
}

#[test]
fn a_record_that_is_no_plain_file_is_not_gone_on_with() {
    let (fake, _) = with_one_that_fails();
    for link in [false, true] {
        let home = Home::new();
        let path = runs(&home).join("default.reconnect.messenger.jsonl");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let target = home.dir.path().join("target");
        fs::write(&target, "mine").unwrap();
        match link {
            true => std::os::unix::fs::symlink(&target, &path).unwrap(),
            false => fs::create_dir(&path).unwrap(),
        }
        let run = Run::of(fake.command(&home, "t", &RESUME)).exits(2);
        assert!(
            run.error()["message"].as_str().unwrap().contains("reconnect.messenger.jsonl"),
            "{}",
            run.stderr
        );
        Run::of(fake.command(&home, "t", &ALL)).exits(5);
        assert_eq!(fs::read(&target).unwrap(), b"mine");
    }
}
