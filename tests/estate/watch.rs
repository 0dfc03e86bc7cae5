//! channels watch.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::estate::{Estate, YEARS};
use crate::fake::{channel, id, listing, refused, until};
use crate::support::{FakeApi, Home, Reply, Run};

#[test]
fn once_tells_cron_by_its_exit_code_and_lists_what_is_loose() {
    for year in YEARS {
        let estate = Estate::new(year, 6, 4, 2, &[]);
        let run = estate.run(&["channels", "watch", "--once"]).exits(5);
        assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
        assert!(run.stdout.contains(&estate.id(0)) && run.stdout.contains("disconnected"), "{}", run.stdout);
        assert!(run.stderr.contains("2 of 4 channels are disconnected"), "{}", run.stderr);
        assert!(!run.stdout.contains('\u{7}') && !run.stderr.contains('\u{7}'), "no bell off a terminal");

        let run = estate.run(&["--json", "channels", "watch", "--once"]).exits(5);
        assert_eq!(run.json()["total"], 4);
        assert_eq!(run.json()["disconnected"][0]["_id"], estate.id(0).as_str());
        assert_eq!(run.error()["code"], "partial");

        estate.run(&["channels", "watch", "--once", "--kind", "telegram"]).exits(0);
        estate.run_signed_in(&["reconnect", "messenger", "--disconnected"]).exits(0);
        let run = estate.run(&["channels", "watch", "--once"]).exits(0);
        assert_eq!(run.stdout, "");
    }
}

/// Watching in the background, its lines as they come.
struct Watching {
    child: Child,
    lines: mpsc::Receiver<String>,
    stderr: Arc<Mutex<String>>,
}

impl Watching {
    fn start(mut command: Command) -> Watching {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let stderr = Arc::new(Mutex::new(String::new()));
        let (sink, mut pipe) = (stderr.clone(), child.stderr.take().unwrap());
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                sink.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        Watching { child, lines, stderr }
    }

    #[track_caller]
    fn next_line(&self) -> String {
        let line = self.lines.recv_timeout(Duration::from_secs(20));
        line.unwrap_or_else(|_| panic!("no line; stderr: {}", self.stderr.lock().unwrap()))
    }

    #[track_caller]
    fn hears(&self, text: &str) {
        until(text, || self.stderr.lock().unwrap().contains(text));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two channels, of which the second is connected as long as the switch says so.
fn switched() -> (FakeApi, Arc<AtomicBool>) {
    let on = Arc::new(AtomicBool::new(true));
    let switch = on.clone();
    let api = FakeApi::start(move |asked| {
        listing(asked, &[channel(0, true), channel(1, switch.load(Ordering::SeqCst))])
    });
    (api, on)
}

#[test]
fn a_line_tells_when_a_channel_comes_loose_and_when_it_comes_back() {
    let (api, on) = switched();
    let home = Home::new();
    let watching = Watching::start(home.against(&api.url, &["channels", "watch", "--interval", "1s"]));
    watching.hears("Watching 2 channels, 0 disconnected now");
    on.store(false, Ordering::SeqCst);
    let line = watching.next_line();
    assert!(line.starts_with("disconnected") && line.contains(&id(1)) && line.contains("Toko 1"), "{line}");
    on.store(true, Ordering::SeqCst);
    let line = watching.next_line();
    assert!(line.starts_with("connected") && line.contains(&id(1)), "{line}");
    assert!(!watching.stderr.lock().unwrap().contains('\u{7}'), "no bell off a terminal");
}

#[cfg(unix)]
#[test]
fn the_bell_rings_on_a_terminal() {
    let (api, on) = switched();
    let home = Home::new();
    let pty =
        crate::pty::Pty::start(&home.against(&api.url, &["channels", "watch", "--interval", "1s"]), 24, 100);
    pty.see("Watching 2 channels");
    assert!(!pty.raw().contains('\u{7}'));
    on.store(false, Ordering::SeqCst);
    pty.see("Toko 1");
    until("the bell", || pty.raw().contains('\u{7}'));
}

#[cfg(unix)]
#[test]
fn a_command_gets_the_channel_as_json_and_none_of_our_secrets() {
    let (api, on) = switched();
    let home = Home::new();
    let mut command = home.against(
        &api.url,
        &[
            "channels",
            "watch",
            "--interval",
            "1s",
            "--exec",
            "env > env.txt; cat > got.txt; mv got.txt got.json; exit 3",
        ],
    );
    command.env("SOCIALCHAT_TOKEN", "canary-token").env("SOCIALCHAT_SECRET_KEY", "canary-secret");
    let watching = Watching::start(command);
    watching.hears("Watching");
    on.store(false, Ordering::SeqCst);
    watching.next_line();
    let got = home.dir.path().join("got.json");
    until("the command has run", || got.exists());
    let channel: serde_json::Value = serde_json::from_slice(&std::fs::read(got).unwrap()).unwrap();
    assert_eq!((&channel["_id"], &channel["isConnected"]), (&id(1).into(), &false.into()));
    assert!(channel.get("token").is_none(), "{channel}");
    let environment = std::fs::read_to_string(home.dir.path().join("env.txt")).unwrap();
    assert!(environment.contains("PATH="));
    for secret in ["canary", "sandbox-api-key", "SOCIALCHAT_API_KEY"] {
        assert!(!environment.contains(secret), "{secret} in {environment}");
    }
    watching.hears("--exec: the command ended with exit status: 3");
    on.store(true, Ordering::SeqCst);
    assert!(watching.next_line().starts_with("connected"), "a command that fails doesn't end it");
}

#[cfg(unix)]
#[test]
fn once_runs_the_command_for_each_that_is_loose() {
    let estate = Estate::new("2026", 5, 4, 3, &[]);
    let arguments =
        ["channels", "watch", "--once", "--exec", "echo to stdout; cat >> all.txt; echo >> all.txt"];
    let run = estate.run(&arguments).exits(5);
    let all = std::fs::read_to_string(estate.home.dir.path().join("all.txt")).unwrap();
    assert_eq!(all.lines().count(), 3, "{all}");
    assert!(!run.stdout.contains("to stdout") && run.stderr.contains("to stdout"), "stdout is the result's");
}

#[test]
fn network_failures_are_said_and_survived() {
    let asked = AtomicUsize::new(0);
    let api = FakeApi::start(move |request| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => listing(request, &[channel(1, true)]),
        // Four tries of one look without an answer, and then an error of the server.
        1..=4 => Reply::Close,
        5 => refused(500, "Internal server error"),
        _ => listing(request, &[channel(1, false)]),
    });
    let home = Home::new();
    let watching = Watching::start(home.against(&api.url, &["channels", "watch", "--interval", "1s"]));
    watching.hears("gave no answer");
    watching.hears("Looking again in 1 s");
    assert!(watching.next_line().starts_with("disconnected"));
    watching.hears("The API answers again.");
}

#[test]
fn credentials_that_are_not_accepted_end_it() {
    for (status, words) in [(401, "invalid app id or secret key"), (403, "Unauthorized")] {
        let api = FakeApi::start(move |_| refused(status, words));
        let home = Home::new();
        Run::of(home.against(&api.url, &["channels", "watch"])).exits(3);
    }
}

#[test]
fn a_wrong_interval_is_refused() {
    let home = Home::new();
    for wrong in ["0s", "soon", "25h", "-1s", ""] {
        home.run(&["--sandbox", "channels", "watch", "--once", "--interval", wrong]).exits(2);
    }
}

#[test]
fn the_hint_names_the_kinds_that_are_loose_and_no_other() {
    let home = crate::support::Home::new();
    let run = home.run(&["--sandbox", "--json", "channels", "watch", "--once"]).exits(5);
    let hint = run.error()["hint"].as_str().unwrap().to_owned();
    assert_eq!(hint, "`socialchat-cli --sandbox reconnect instagram --disconnected`");
}
