//! Nobody reads: a pipe that is full, a lock that somebody else holds. The page answers, time runs out, signals end the
//! program, and what was borrowed is put back all the same.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::partner::{Partner, TOKEN, World, channel};
use crate::support::{Home, Run, until};
use crate::{command, handles_interrupt, journals, send};

const AUTHORIZE: [&str; 4] = ["authorize", "messenger", "--yes", "--no-browser"];
/// A second to put back, and one for what nobody reads.
const SOON: Duration = Duration::from_secs(2);

/// The writing end of a pipe that takes nothing more, and its reading end.
fn full_pipe() -> (std::io::PipeReader, std::io::PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    // What a pipe holds: pipe(7).
    writer.write_all(&[b'.'; 1 << 16]).unwrap();
    (reader, writer)
}

/// A sign-in that has borrowed the callback, with a standard error that nobody reads.
fn unread(home: &Home, partner: &Partner, more: &[&str]) -> (Child, std::io::PipeReader) {
    let (reader, writer) = full_pipe();
    let mut command = command(home, partner, &[&AUTHORIZE[..], more].concat());
    let child = command.stdout(Stdio::piped()).stderr(writer).spawn().unwrap();
    until("the callback is borrowed", || partner.settings() != World::new().settings);
    (child, reader)
}

/// The same program, started by a shell that does something first.
fn in_shell(script: &str, home: &Home, plain: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(plain.get_program()).args(plain.get_args());
    shell.env_clear().current_dir(home.dir.path());
    for (name, value) in plain.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell
}

/// How it ended, within that time.
fn ends(child: &mut Child, within: Duration) -> Option<i32> {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("it goes on");
}

fn is_back(home: &Home, partner: &Partner) {
    assert_eq!(partner.settings(), World::new().settings);
    assert!(journals(home).is_empty());
}

#[test]
fn where_nobody_reads_stderr_the_page_answers_and_the_token_is_printed() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let (mut child, _reader) = unread(&home, &partner, &[]);
    assert_eq!(partner.bring("messenger", TOKEN), 200);
    until("the callback is back", || partner.settings() == World::new().settings);
    assert_eq!(ends(&mut child, Duration::from_secs(10)), Some(0));
    let mut token = String::new();
    child.stdout.take().unwrap().read_to_string(&mut token).unwrap();
    assert_eq!(token.trim(), TOKEN);
    is_back(&home, &partner);
}

#[test]
fn where_nobody_reads_stderr_signals_put_the_callback_back_and_end_it() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let (mut child, _reader) = unread(&home, &partner, &[]);
        send(&child, signal);
        assert_eq!(ends(&mut child, SOON), Some(code));
        is_back(&home, &partner);
    }
}

#[test]
fn where_nobody_reads_stderr_the_time_runs_out_all_the_same() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let (mut child, _reader) = unread(&home, &partner, &["--timeout", "1"]);
    until("the callback is back", || partner.settings() == World::new().settings);
    assert_eq!(ends(&mut child, Duration::from_secs(10)), Some(4));
    is_back(&home, &partner);
}

#[test]
fn what_was_said_is_read_later_in_its_order() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let (mut child, mut reader) = unread(&home, &partner, &["-v"]);
    partner.bring("messenger", TOKEN);
    let mut said = vec![0; 1 << 16];
    reader.read_exact(&mut said).unwrap();
    said.clear();
    reader.read_to_end(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let said = String::from_utf8(said).unwrap();
    let places: Vec<Option<usize>> = ["PUT /partner", "Sign in to Messenger here", "callback URL restored"]
        .iter()
        .map(|text| said.find(text))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}\n{said}");
}

/// An account with channels for some megabytes.
fn many_channels() -> Partner {
    let mut world = World::new();
    let name = "x".repeat(200);
    world.channels =
        (0..20_000).map(|n| channel(&format!("{n:024x}"), "messenger", &n.to_string(), &name)).collect();
    Partner::start(world)
}

/// A listing whose reader has stalled: it asks for no more.
fn stalled_listing(home: &Home, partner: &Partner) -> Child {
    let mut command = command(home, partner, &["--json", "channels", "list"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut last = (0, Instant::now());
    until("it has stopped to ask for more", || {
        let count = partner.count("GET /partner/channel");
        if count != last.0 {
            last = (count, Instant::now());
        }
        count > 0 && last.1.elapsed() > Duration::from_secs(1)
    });
    child
}

#[test]
fn a_long_list_waits_for_a_slow_reader_in_little_memory_and_comes_whole() {
    let (home, partner) = (Home::new(), many_channels());
    let child = stalled_listing(&home, &partner);
    // 20,000 channels are 200 batches.
    let asked = partner.count("GET /partner/channel");
    assert!(asked < 100, "{asked} batches wait in memory");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let ids: Vec<&str> =
        list["channels"].as_array().unwrap().iter().map(|channel| channel["_id"].as_str().unwrap()).collect();
    assert!(ids.len() == 20_000 && ids.is_sorted(), "{}", ids.len());
}

#[test]
fn a_result_that_cannot_be_written_is_an_error_and_a_reader_that_has_gone_is_none() {
    for json in [false, true] {
        let (home, partner) = (Home::new(), many_channels());
        let arguments = [&["channels", "list"][..], if json { &["--json"] } else { &[] }].concat();
        let mut full = command(&home, &partner, &arguments);
        full.stdout(File::options().write(true).open("/dev/full").unwrap());
        let run =
            Run::from(full.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()).exits(1);
        assert!(run.stderr.contains("No space left on device"), "{}", run.stderr);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut gone = command(&home, &partner, &arguments);
        gone.stdout(writer);
        let run =
            Run::from(gone.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()).exits(0);
        assert!(!run.stderr.contains("error"), "{}", run.stderr);
    }
}

#[test]
fn signals_end_a_program_whose_result_nobody_reads() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let (home, partner) = (Home::new(), many_channels());
        let mut child = stalled_listing(&home, &partner);
        send(&child, signal);
        assert_eq!(ends(&mut child, SOON), Some(code));
    }
}

#[test]
fn signals_end_a_program_that_waits_for_a_lock_of_another_process() {
    for arguments in [&["callback", "set", "--messenger", "https://app.example/new"][..], &["logout"]] {
        let (home, partner) = (Home::new(), Partner::start(World::new()));
        let url = partner.url();
        let login = ["--api-url", url, "login", "--api-key-stdin"];
        home.run_with(&login, "sandbox-api-key").exits(0);
        let locks: Vec<File> = [".config.toml.lock", ".credentials.json.lock"]
            .iter()
            .filter_map(|name| home.files().into_keys().find(|path| path.ends_with(name)))
            .map(|path| File::options().write(true).open(path).unwrap())
            .collect();
        assert!(!locks.is_empty(), "{:?}", home.files().keys());
        locks.iter().for_each(|lock| lock.lock().unwrap());
        let mut child = home.command(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let folder = format!("/proc/{}/fd", child.id());
        until("it waits for the lock", || {
            let open = fs::read_dir(&folder).into_iter().flatten().flatten();
            open.filter_map(|entry| fs::read_link(entry.path()).ok())
                .any(|path| path.to_string_lossy().ends_with(".lock"))
        });
        send(&child, Signal::TERM);
        assert_eq!(ends(&mut child, SOON), Some(143), "{arguments:?}");
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(stderr.contains("terminated"), "{stderr}");
    }
}

#[test]
fn a_signal_ends_a_program_that_opens_a_pipe_without_a_reader() {
    let home = Home::new();
    assert!(Command::new("mkfifo").arg(home.dir.path().join("pipe")).status().unwrap().success());
    let serve = ["sandbox", "serve", "--fault-file", "pipe"];
    let mut child = home.command(&serve).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    until("it handles signals", || handles_interrupt(child.id()));
    send(&child, Signal::INT);
    assert_eq!(ends(&mut child, SOON), Some(130));
}

#[test]
fn signals_that_were_ignored_when_it_began_stay_ignored() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let plain = command(&home, &partner, &AUTHORIZE);
    // As nohup, and a shell without job control in the background, start their programs.
    let mut shell = in_shell("trap '' HUP INT; exec \"$@\"", &home, &plain);
    let mut child = shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    until("the callback is borrowed", || partner.settings() != World::new().settings);
    for _ in 0..2 {
        send(&child, Signal::HUP);
        send(&child, Signal::INT);
    }
    assert_eq!(partner.bring("messenger", TOKEN), 200);
    assert_eq!(ends(&mut child, Duration::from_secs(10)), Some(0));
    is_back(&home, &partner);

    let mut child = shell.spawn().unwrap();
    until("the callback is borrowed", || partner.settings() != World::new().settings);
    send(&child, Signal::TERM);
    assert_eq!(ends(&mut child, SOON), Some(143));
    is_back(&home, &partner);
}

#[test]
fn where_few_files_may_be_opened_it_says_so_in_words() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    for most in 4..32 {
        let plain = command(&home, &partner, &["channels", "list"]);
        let run = Run::of(in_shell(&format!("ulimit -n {most}; exec \"$@\""), &home, &plain));
        assert!(matches!(run.code, Some(0 | 1)), "{most}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{most}: {run:?}");
        assert_eq!(run.code == Some(1), run.stderr.contains("error: "), "{most}: {run:?}");
    }
}

#[test]
fn a_token_is_not_lost_to_a_closed_stdout() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let plain = command(&home, &partner, &AUTHORIZE);
    let run = Run::of(in_shell("exec \"$@\" >&-", &home, &plain)).exits(1);
    assert!(run.stderr.contains("standard output is closed"), "{}", run.stderr);
    assert_eq!(partner.count("PUT /partner"), 0);
    is_back(&home, &partner);
}
