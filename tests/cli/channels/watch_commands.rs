//! channels watch --exec: commands that hang, that start others, that are too many.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::watch::{Watching, switched};
use crate::fake::{channel, id};
use crate::partner::listing;
use crate::support::{FakeApi, Home, until};

/// Starts another program that doesn't end when it is asked to, and waits for it. Both write down who they are.
const STUBBORN: &str =
    "trap '' TERM; cat > /dev/null; sh -c 'echo $$ >> pids; sleep 300' & echo $$ >> pids; wait";

fn pids(folder: &Path) -> Vec<i32> {
    let text = fs::read_to_string(folder.join("pids")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let is_dead = stat.contains(") Z ");
    !is_dead && test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// As many channels, of which the first so many are disconnected.
fn counted(total: usize) -> (FakeApi, Arc<AtomicUsize>) {
    let loose = Arc::new(AtomicUsize::new(0));
    let shared = loose.clone();
    let api = FakeApi::start(move |asked| {
        let loose = shared.load(Ordering::SeqCst);
        listing(asked, &(0..total).map(|number| channel(number, number >= loose)).collect::<Vec<_>>())
    });
    (api, loose)
}

/// Takes a minute: so long may a command take.
#[test]
fn a_command_that_hangs_ends_after_60_s_with_all_it_started_and_looking_goes_on_meanwhile() {
    let (api, loose) = counted(20);
    let home = Home::new();
    let folder = home.dir.path().to_owned();
    let arguments = ["channels", "watch", "--interval", "1s", "--exec", STUBBORN];
    let watching = Watching::start(home.against(&api.url, &arguments));
    watching.hears("Watching 20 channels");
    let begun = Instant::now();
    for number in 0..10 {
        loose.store(number + 1, Ordering::SeqCst);
        assert!(watching.next_line().contains(&id(number)));
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "no look waits for a command: {:?}", begun.elapsed());
    until("as many run as may", || pids(&folder).len() == 8);
    let first = pids(&folder);
    assert!(first.iter().all(|pid| is_alive(*pid)));
    std::thread::sleep(Duration::from_secs(62).saturating_sub(begun.elapsed()));
    watching.hears("--exec: the command took longer than 60 s and was ended");
    until("the first and what it started are gone", || {
        first.iter().filter(|pid| !is_alive(**pid)).count() >= 2
    });
    until("the next has begun", || pids(&folder).len() >= 10);
    drop(watching);
    // Killed, the program can end nobody.
    pids(&folder).into_iter().filter_map(Pid::from_raw).for_each(|pid| {
        let _ = kill_process(pid, Signal::KILL);
    });
}

#[test]
fn a_signal_ends_the_commands_and_what_they_started() {
    for (signal, code, once) in [
        (Signal::TERM, 143, false),
        (Signal::INT, 130, false),
        (Signal::HUP, 129, false),
        (Signal::TERM, 143, true),
    ] {
        let (api, on) = switched();
        let home = Home::new();
        let folder = home.dir.path().to_owned();
        let mut arguments = vec!["channels", "watch", "--interval", "1s", "--exec", STUBBORN];
        if once {
            arguments.push("--once");
            on.store(false, Ordering::SeqCst);
        }
        let mut watching = Watching::start(home.against(&api.url, &arguments));
        if !once {
            watching.hears("Watching");
            on.store(false, Ordering::SeqCst);
        }
        watching.next_line();
        until("both are there", || pids(&folder).len() == 2);
        let begun = Instant::now();
        send(&watching.child, signal);
        assert_eq!(watching.child.wait().unwrap().code(), Some(code));
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        until("none is left", || pids(&folder).iter().all(|pid| !is_alive(*pid)));
    }
}

#[test]
fn a_second_signal_kills_the_commands_at_once_with_what_they_started() {
    let (api, on) = switched();
    let home = Home::new();
    let folder = home.dir.path().to_owned();
    // Says that it was asked to end, and goes on.
    let exec = "trap 'echo asked >> asked' TERM; cat > /dev/null; (trap '' TERM; exec sh -c 'echo $$ >> pids; \
                exec sleep 300') & echo $$ >> pids; while :; do sleep 0.1; done";
    let arguments = ["channels", "watch", "--interval", "1s", "--exec", exec];
    let mut watching = Watching::start(home.against(&api.url, &arguments));
    watching.hears("Watching");
    on.store(false, Ordering::SeqCst);
    watching.next_line();
    until("both are there", || pids(&folder).len() == 2);
    send(&watching.child, Signal::INT);
    until("it was asked to end", || folder.join("asked").exists());
    let begun = Instant::now();
    send(&watching.child, Signal::INT);
    assert_eq!(watching.child.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    until("none is left", || pids(&folder).iter().all(|pid| !is_alive(*pid)));
}

#[test]
fn commands_that_are_running_when_the_reader_has_gone_come_to_their_end() {
    let (api, on) = switched();
    let home = Home::new();
    let exec = "cat > /dev/null; echo begun > begun; sleep 3; echo ended > ended";
    let arguments = ["channels", "watch", "--interval", "1s", "--exec", exec];
    let mut command = home.against(&api.url, &arguments);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    until("it looks", || !api.asked().is_empty());
    on.store(false, Ordering::SeqCst);
    until("the command runs", || home.dir.path().join("begun").exists());
    drop(child.stdout.take());
    on.store(true, Ordering::SeqCst);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(home.dir.path().join("ended").exists());
}

#[test]
fn commands_of_one_channel_run_in_their_order_and_a_slow_one_holds_up_no_other_channel() {
    let on = Arc::new([const { AtomicBool::new(true) }; 3]);
    let shared = on.clone();
    let api = FakeApi::start(move |asked| {
        let now = |number: usize| channel(number, shared[number].load(Ordering::SeqCst));
        listing(asked, &[now(0), now(1), now(2)])
    });
    let home = Home::new();
    let slow =
        format!("read -r line; case $line in *{}*false*) sleep 6;; esac; echo \"$line\" >> order", id(0));
    let arguments = ["channels", "watch", "--interval", "1s", "--exec", &slow];
    let watching = Watching::start(home.against(&api.url, &arguments));
    watching.hears("Watching 3 channels");
    for (number, connected) in [(0, false), (0, true), (1, false)] {
        on[number].store(connected, Ordering::SeqCst);
        assert!(watching.next_line().contains(&id(number)));
    }
    let path = home.dir.path().join("order");
    until("all have run", || lines(&path) == 3);
    let told: Vec<(String, bool)> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .map(|line: serde_json::Value| {
            (line["_id"].as_str().unwrap().to_owned(), line["isConnected"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(told, [(id(1), false), (id(0), false), (id(0), true)]);
}

#[test]
fn thousands_of_commands_that_wait_are_said_once_and_all_lines_are_told() {
    let (api, loose) = counted(3_001);
    let home = Home::new();
    let arguments = ["channels", "watch", "--interval", "1s", "--exec", "cat > /dev/null; sleep 300"];
    let watching = Watching::start(home.against(&api.url, &arguments));
    watching.hears("Watching 3001 channels");
    loose.store(3_000, Ordering::SeqCst);
    for number in 0..3_000 {
        assert!(watching.next_line().contains(&id(number)));
    }
    watching.hears("more than 1000 commands are waiting");
    loose.store(2_999, Ordering::SeqCst);
    assert!(watching.next_line().contains("  connected "));
    assert_eq!(watching.stderr().matches("commands are waiting").count(), 1, "{}", watching.stderr());
    let mut watching = watching;
    send(&watching.child, Signal::TERM);
    assert_eq!(watching.child.wait().unwrap().code(), Some(143));
    watching.hears("waiting commands are not started");
}
