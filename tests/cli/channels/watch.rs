//! channels watch.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::estate::{Estate, YEARS};
use crate::fake::{channel, id};
use crate::partner::{listing, parameter, refusal};
use crate::support::{FakeApi, Home, Reply, Run, until};

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

        estate.run(&["channels", "watch", "--once", "--kind", "telegram"]).exits(1);
        estate.run_signed_in(&["reconnect", "messenger", "--disconnected"]).exits(0);
        let run = estate.run(&["channels", "watch", "--once"]).exits(0);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn once_is_no_success_where_fewer_channels_are_listed_than_expected() {
    let home = Home::new();
    // What a wrong address, or an account that lost everything, says.
    let api = FakeApi::start(|_| Reply::Json(200, r#"{"docs":[],"hasNextPage":false}"#.to_owned()));
    let watch = |options: &[&str]| {
        Run::of(home.against(&api.url, &[&["--json", "channels", "watch", "--once"], options].concat()))
    };
    let run = watch(&[]).exits(1);
    assert_eq!((&run.json()["total"], &run.error()["code"]), (&0.into(), &"not-found".into()));
    assert_eq!(run.error()["message"], "no channels at all");
    watch(&["--expect-at-least", "0"]).exits(0);
    Run::of(home.against(&api.url, &["channels", "watch", "--expect-at-least", "2"])).exits(2);

    let estate = Estate::new("2026", 4, 4, 0, &[]);
    estate.run(&["channels", "watch", "--once", "--expect-at-least", "4"]).exits(0);
    let run = estate.run(&["channels", "watch", "--once", "--expect-at-least", "5"]).exits(1);
    assert!(run.stderr.contains("only 4 channels, where at least 5 are expected"), "{}", run.stderr);
}

/// Watching in the background, its lines as they come.
pub struct Watching {
    pub child: Child,
    lines: mpsc::Receiver<String>,
    stderr: Arc<Mutex<String>>,
}

impl Watching {
    pub fn start(mut command: Command) -> Watching {
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
    pub fn next_line(&self) -> String {
        let line = self.lines.recv_timeout(Duration::from_secs(20));
        line.unwrap_or_else(|_| panic!("no line; stderr: {}", self.stderr.lock().unwrap()))
    }

    /// What stands on stderr so far.
    #[cfg_attr(not(unix), allow(dead_code, reason = "some tests are for Unix"))]
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    #[track_caller]
    pub fn hears(&self, text: &str) {
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
pub fn switched() -> (FakeApi, Arc<AtomicBool>) {
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
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[..4], ["messenger", "Toko", "1", "disconnected"], "{line}");
    assert!(line.contains(&id(1)), "{line}");
    on.store(true, Ordering::SeqCst);
    let line = watching.next_line();
    assert!(line.contains("  connected ") && line.contains(&id(1)), "{line}");
    assert!(!watching.stderr.lock().unwrap().contains('\u{7}'), "no bell off a terminal");
}

#[cfg(unix)]
#[test]
fn the_bell_rings_on_a_terminal() {
    let (api, on) = switched();
    let home = Home::new();
    let mut terminal = crate::tty::Terminal::of_size(
        24,
        100,
        &home.against(&api.url, &["channels", "watch", "--interval", "1s"]),
    );
    terminal.wait_for("Watching 2 channels");
    assert!(!terminal.bytes().contains('\u{7}'));
    on.store(false, Ordering::SeqCst);
    terminal.wait_for("Toko 1");
    until("the bell", || terminal.bytes().contains('\u{7}'));
    terminal.send(crate::tty::CTRL_C);
    terminal.end().exits(130);
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
    command.env("SOCIALCHAT_OF_TOMORROW", "canary-of-tomorrow");
    let of_others = [
        "UNIFIEDBEEZ_SESSION",
        "QONTAK_CLIENT_ID",
        "QONTAK_CLIENT_SECRET",
        "QONTAK_ACCESS_TOKEN",
        "TENDARTS_API_TOKEN",
        "META_PAGE_TOKEN",
        "META_APP_ID",
        "META_APP_SECRET",
    ];
    command.envs(of_others.map(|name| (name, "canary-of-another-platform")));
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
    assert!(watching.next_line().contains("  connected "), "a command that fails doesn't end it");
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

#[cfg(unix)]
#[test]
fn a_channel_that_vanishes_is_told_after_a_second_look_and_when_it_is_back_whether_or_not_a_state_is_told() {
    let of = |number, told: bool| {
        let mut channel = channel(number, true);
        if !told {
            channel["isConnected"] = serde_json::Value::Null;
        }
        channel
    };
    for told in [true, false] {
        // Missing from one look alone is nothing.
        let api = looks(move |look| match look {
            1 | 3..=5 => vec![of(0, told), of(2, told)],
            _ => vec![of(0, told), of(1, told), of(2, told)],
        });
        let home = Home::new();
        let arguments = [
            "--json",
            "channels",
            "watch",
            "--interval",
            "1s",
            "--exec",
            "cat > got.txt; mv got.txt got.json",
        ];
        let watching = Watching::start(home.against(&api.url, &arguments));
        let next = || serde_json::from_str::<serde_json::Value>(&watching.next_line()).unwrap();
        let gone = next();
        assert_eq!(
            (&gone["_id"], &gone["name"], &gone["channelType"]),
            (&id(1).into(), &"Toko 1".into(), &"messenger".into())
        );
        assert_eq!((&gone["isConnected"], &gone["vanished"]), (&false.into(), &true.into()));
        watching.hears("1 channel is not listed any more. Looking again in 1 s before that is told");
        let says = "the API doesn't tell whether 3 of 3 channels are connected";
        assert_eq!(watching.stderr().contains(says), !told, "{}", watching.stderr());
        let got = home.dir.path().join("got.json");
        until("the command has run", || got.exists());
        let back = next();
        assert_eq!((&back["_id"], &back["isConnected"]), (&id(1).into(), &of(1, told)["isConnected"]));
        assert!(back.get("vanished").is_none(), "{back}");
    }
}

#[cfg(unix)]
#[test]
fn what_has_vanished_stands_in_the_line_for_people() {
    let api =
        looks(
            |look| if look == 0 { vec![channel(0, true), channel(1, true)] } else { vec![channel(0, true)] },
        );
    let home = Home::new();
    let watching = Watching::start(home.against(&api.url, &["channels", "watch", "--interval", "1s"]));
    let line = watching.next_line();
    assert!(line.contains("  vanished ") && line.contains(&id(1)), "{line}");
}

#[test]
fn network_failures_are_said_and_survived() {
    let asked = AtomicUsize::new(0);
    let api = FakeApi::start(move |request| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => listing(request, &[channel(1, true)]),
        // Four tries of one look without an answer, and then an error of the server.
        1..=4 => Reply::Close,
        5 => refusal(500, "Internal server error"),
        _ => listing(request, &[channel(1, false)]),
    });
    let home = Home::new();
    let watching = Watching::start(home.against(&api.url, &["channels", "watch", "--interval", "1s"]));
    watching.hears("didn't answer");
    watching.hears("Looking again in 1 s");
    assert!(watching.next_line().contains("  disconnected "));
    watching.hears("The API answers again.");
}

/// What each look shows, by its number from 0. A look begins with the first page.
#[cfg(unix)]
fn looks(show: impl Fn(usize) -> Vec<serde_json::Value> + Send + Sync + 'static) -> FakeApi {
    let begun = AtomicUsize::new(0);
    FakeApi::start(move |asked| {
        let is_first = parameter(asked, "page").as_deref() == Some("1");
        let look = match is_first {
            true => begun.fetch_add(1, Ordering::SeqCst),
            false => begun.load(Ordering::SeqCst) - 1,
        };
        listing(asked, &show(look))
    })
}

/// Ten channels, of which these are connected.
#[cfg(unix)]
fn ten(connected: impl Fn(usize) -> bool) -> Vec<serde_json::Value> {
    (0..10).map(|number| channel(number, connected(number))).collect()
}

#[cfg(unix)]
#[test]
fn a_look_that_shows_nothing_or_none_connected_is_told_to_nobody_before_another_one_shows_the_same() {
    let api = looks(|look| match look {
        // Five are loose from the beginning. Before the first look there is an empty one.
        0 | 3 => Vec::new(),
        5 => ten(|_| false),
        7 => ten(|number| number >= 5).split_off(5),
        9 => (20..30).map(|number| channel(number, false)).collect(),
        // At last one is really disconnected, and then all are.
        0..=10 => ten(|number| number >= 5),
        11..=12 => ten(|number| number > 5),
        _ => ten(|_| false),
    });
    let home = Home::new();
    let arguments =
        ["channels", "watch", "--interval", "1s", "--exec", "cat >> told.jsonl; echo >> told.jsonl"];
    let watching = Watching::start(home.against(&api.url, &arguments));
    watching.hears("Watching 10 channels, 5 disconnected now");
    for number in 5..10 {
        let line = watching.next_line();
        assert!(line.contains("  disconnected ") && line.contains(&id(number)), "{number}: {line}");
    }
    let told = home.dir.path().join("told.jsonl");
    until("the commands have run", || {
        std::fs::read_to_string(&told).is_ok_and(|text| text.lines().count() >= 5)
    });
    let text = std::fs::read_to_string(&told).unwrap();
    let ids: Vec<String> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["_id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids, [5, 6, 7, 8, 9].map(id), "each once, in their order, one after the other");
}

#[test]
fn a_page_that_repeats_once_is_looked_at_again_and_one_that_goes_on_repeating_ends_it() {
    let all = |loose: bool| (0..300).map(|number| channel(number, !loose || number > 0)).collect::<Vec<_>>();
    for persists in [false, true] {
        let begun = AtomicUsize::new(0);
        let api = FakeApi::start(move |asked| {
            let look = match parameter(asked, "page").as_deref() {
                Some("1") => begun.fetch_add(1, Ordering::SeqCst),
                _ => begun.load(Ordering::SeqCst) - 1,
            };
            let mut asked = asked.clone();
            if look == 1 || (persists && look > 1) {
                asked.target = asked.target.replace("page=2", "page=1");
            }
            listing(&asked, &all(look > 1))
        });
        let home = Home::new();
        let arguments = ["channels", "watch", "--interval", "1s"];
        if persists {
            let run = Run::of(home.against(&api.url, &arguments)).exits(1);
            assert!(run.stderr.contains("the same page twice"), "{}", run.stderr);
        } else {
            let watching = Watching::start(home.against(&api.url, &arguments));
            watching.hears("Watching 300 channels");
            assert!(watching.next_line().contains(&id(0)), "it goes on");
            assert!(watching.stderr().contains("the same page twice"), "it is said: {}", watching.stderr());
            let run = Run::of(home.against(&api.url, &["channels", "watch", "--once"])).exits(5);
            assert_eq!(run.stdout.lines().count(), 1);
        }
    }
}

#[test]
fn once_looks_again_when_a_page_repeats() {
    let pages = AtomicUsize::new(0);
    let api = FakeApi::start(move |asked| {
        let mut asked = asked.clone();
        if pages.fetch_add(1, Ordering::SeqCst) == 1 {
            asked.target = asked.target.replace("page=2", "page=1").replace("page=3", "page=1");
        }
        listing(&asked, &(0..300).map(|number| channel(number, number > 0)).collect::<Vec<_>>())
    });
    let run = Run::of(Home::new().against(&api.url, &["channels", "watch", "--once"])).exits(5);
    assert!(run.stdout.contains(&id(0)), "{}", run.stdout);
}

#[test]
fn a_refusal_of_the_credentials_is_survived_and_three_in_a_row_end_it() {
    for (status, words) in [(401, "invalid app id or secret key"), (403, "Unauthorized")] {
        let asked = AtomicUsize::new(0);
        let api = FakeApi::start(move |request| match asked.fetch_add(1, Ordering::SeqCst) {
            0 | 3 => listing(request, &[channel(1, true)]),
            1 | 2 | 4 => refusal(status, words),
            5 => listing(request, &[channel(1, false)]),
            _ => refusal(status, words),
        });
        let home = Home::new();
        let run = Run::of(home.against(&api.url, &["channels", "watch", "--interval", "1s"])).exits(3);
        assert!(run.stdout.contains("  disconnected "), "{status}: {}", run.stdout);
        assert!(run.stderr.contains("Looking again in 1 s; a third time in a row"), "{}", run.stderr);
        assert_eq!(api.asked().len(), 9, "{status}: two in a row don't end it, three do");
    }
}

#[test]
fn credentials_that_are_not_accepted_end_it() {
    for (status, words) in [(401, "invalid app id or secret key"), (403, "Unauthorized")] {
        let api = FakeApi::start(move |_| refusal(status, words));
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
