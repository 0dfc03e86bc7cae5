//! connect, reconnect, disconnect: done by somebody on Qontak's page, and noticed.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{browser_starts, opened, with_browser};
use crate::fake::{Qontak, World, clean, id, inactive, integration};
use crate::support::{Home, Reply, Run, until};
use crate::terminal::{ESCAPE, Terminal};

/// The program, waiting for somebody to do it on the page.
pub struct Waiting {
    child: Child,
    pub stderr: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
}

impl Waiting {
    /// Starts it and waits until it has told the address of the page.
    pub fn start(qontak: &Qontak, command: Command) -> Waiting {
        Waiting::until_told(command, &format!("{}/integrations", qontak.origin()))
    }

    /// Likewise of any page whose address holds this.
    pub fn until_told(mut command: Command, page: &str) -> Waiting {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = Arc::new(Mutex::new(String::new()));
        let (sink, mut pipe) = (stderr.clone(), child.stderr.take().unwrap());
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                sink.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        });
        until("the page is told", || stderr.lock().unwrap().contains(page));
        Waiting { child, stderr, reader }
    }

    pub fn end(self, home: &Home) -> Run {
        let output = self.child.wait_with_output().unwrap();
        self.reader.join().unwrap();
        let stderr = self.stderr.lock().unwrap().clone();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        clean(home, Run { code: output.status.code(), stdout, stderr })
    }
}

/// The times between requests for a list, without those that belong to one look.
fn pauses(qontak: &Qontak) -> Vec<Duration> {
    let times = qontak.world.lock().unwrap().times.clone();
    times.windows(2).map(|two| two[1] - two[0]).filter(|pause| *pause > Duration::from_secs(1)).collect()
}

#[test]
fn a_new_integration_of_the_kind_is_noticed_and_no_other_is() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb"), inactive(1, "fb")]));
    let command = qontak.command(&home, &["--json", "connect", "messenger", "--all", "--no-browser"]);
    let begun = Instant::now();
    let waiting = Waiting::start(&qontak, command);
    qontak.add(integration(2, "ig"));
    qontak.add(integration(3, "fb"));
    let run = waiting.end(&home).exits(0);
    assert!(begun.elapsed() >= Duration::from_secs(5), "it doesn't look sooner");
    let document = run.json();
    let row =
        json!({ "_id": id(3), "channelId": null, "name": "Toko 3", "action": "connected", "error": null });
    assert_eq!(document["results"], json!([row]));
    assert_eq!((&document["kind"], &document["summary"]), (&json!("messenger"), &json!({ "connected": 1 })));
    assert!(
        pauses(&qontak).iter().all(|pause| *pause > Duration::from_millis(4900)),
        "{:?}",
        pauses(&qontak)
    );
    for said in
        ["Only an admin of the Qontak account can integrate", "what supervisors may do", "admin of the Page"]
    {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    qontak.only_read();
}

#[test]
fn one_that_becomes_active_again_is_noticed_and_failing_looks_are_no_end() {
    let home = Home::new();
    let qontak = Qontak::meddled(true, World::of(vec![inactive(0, "ig")]), |_, number| {
        // Maintenance, for one look with all its repeats.
        (number == 2).then(|| Reply::Json(500, String::new()))
    });
    let waiting =
        Waiting::start(&qontak, qontak.command(&home, &["--json", "connect", "instagram", "--no-browser"]));
    qontak.world.lock().unwrap().integrations[0]["is_active"] = json!(true);
    let run = waiting.end(&home).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "reconnected");
    assert!(run.stderr.contains("Looking again"), "{}", run.stderr);
    assert!(
        pauses(&qontak).iter().all(|pause| *pause > Duration::from_millis(4900)),
        "{:?}",
        pauses(&qontak)
    );
}

#[test]
fn at_the_deadline_it_says_what_to_check() {
    let home = Home::new();
    let qontak = Qontak::newer(World::default());
    let arguments = ["--json", "connect", "messenger", "--no-browser", "--timeout", "6"];
    let begun = Instant::now();
    let error = qontak.run(&home, &arguments).exits(4).error();
    assert!(begun.elapsed() >= Duration::from_secs(6));
    assert_eq!(error["code"], "timeout");
    let hint = error["hint"].as_str().unwrap();
    for check in ["Admin", "pop-up", "admin of the Page", "--timeout"] {
        assert!(hint.contains(check), "{check}: {hint}");
    }
    assert_eq!(qontak.asked().len(), 2, "before, and at the end: {:?}", qontak.asked());
}

#[test]
fn credentials_that_are_refused_meanwhile_end_it() {
    let home = Home::new();
    let qontak = Qontak::meddled(true, World::default(), |_, number| {
        (number > 1).then(|| Reply::Json(401, json!({ "message": "Unauthorized" }).to_string()))
    });
    qontak.run(&home, &["--json", "connect", "messenger", "--no-browser"]).exits(3);
}

#[test]
fn the_browser_is_told_the_page_and_nobody_who_isnt_there_is_waited_for() {
    let home = Home::new();
    let qontak = Qontak::newer(World::default());
    let command = with_browser(&home, qontak.command(&home, &["--json", "connect", "messenger"]));
    let waiting = Waiting::start(&qontak, command);
    assert_eq!(opened(&home), format!("{}/integrations", qontak.origin()));
    qontak.add(integration(0, "fb"));
    waiting.end(&home).exits(0);

    let error = qontak.run(&home, &["--json", "connect", "messenger"]).exits(2).error();
    assert!(error["hint"].as_str().unwrap().contains("--no-browser"), "{error}");
}

#[test]
fn other_kinds_are_connected_there_too_and_nothing_is_asked() {
    let home = Home::new();
    for (word, target, says) in [
        ("telegram", "telegram", "@BotFather"),
        ("whatsapp", "wa", "WhatsApp Business Platform"),
        ("whatsapp-official", "wa_cloud", "WhatsApp"),
        ("webchat", "web_chat", "web chat"),
    ] {
        let qontak = Qontak::newer(World::of(vec![integration(0, target)]));
        let waiting =
            Waiting::start(&qontak, qontak.command(&home, &["--json", "connect", word, "--no-browser"]));
        qontak.add(integration(1, target));
        let run = waiting.end(&home).exits(0);
        assert_eq!(run.json()["results"][0]["_id"], id(1), "{word}");
        assert!(run.stderr.contains(says), "{word}: {}", run.stderr);
        assert!(!run.stderr.contains("Only an admin"), "no source says it of {word}: {}", run.stderr);
        let dry = qontak.run(&home, &["--json", "connect", word, "--dry-run"]).exits(0).json();
        assert_eq!(dry["results"][0]["action"], "would-connect", "{word}");
    }
    let qontak = Qontak::newer(World::default());
    let missed = qontak.run(&home, &["--json", "connect", "whatsapp", "--no-browser", "--timeout", "5"]);
    let message = missed.exits(4).error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("no new WhatsApp channel was seen"), "{message}");
    let qontak = Qontak::newer(World::default());
    let error = qontak.run(&home, &["--json", "connect", "linkchat"]).exits(2).error();
    assert_eq!(error["code"], "unsupported");
    let error = qontak.run(&home, &["--json", "connect", "telegram", "--bot-token-stdin"]).exits(2).error();
    assert!(
        error["message"].as_str().unwrap().contains("--bot-token-stdin means nothing on Qontak"),
        "{error}"
    );
    let error = home.run(&["--json", "--sandbox", "connect", "telegram", "--no-browser"]).exits(2).error();
    assert!(error["message"].as_str().unwrap().contains("--no-browser is for Qontak"), "{error}");
    assert!(qontak.asked().is_empty());
}

#[test]
fn a_dry_run_goes_to_no_page() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![inactive(0, "fb"), integration(1, "fb")]));
    let dry = |arguments: &[&str]| {
        let document = qontak.run(&home, arguments).exits(0).json();
        let rows = document["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["action"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(dry(&["--json", "connect", "messenger", "--dry-run"]), ["would-connect"]);
    assert_eq!(
        dry(&["--json", "reconnect", "messenger", "--all", "--dry-run"]),
        ["would-reconnect", "would-skip"]
    );
    assert_eq!(dry(&["--json", "disconnect", &id(1), "--dry-run"]), ["would-disconnect"]);
    qontak.only_read();
}

#[test]
fn reconnecting_waits_for_those_that_were_inactive_and_leaves_the_others() {
    let home = Home::new();
    let integrations = vec![inactive(0, "fb"), inactive(1, "fb"), integration(2, "fb")];
    let qontak = Qontak::newer(World::of(integrations));
    let command = qontak.command(&home, &["--json", "reconnect", "messenger", "--all", "--no-browser"]);
    let waiting = Waiting::start(&qontak, command);
    {
        let mut world = qontak.world.lock().unwrap();
        world.integrations[0]["is_active"] = json!(true);
        // The page deletes what it disconnects: connected again, it has another id.
        world.integrations[1]["id"] = json!(id(7));
        world.integrations[1]["is_active"] = json!(true);
    }
    let run = waiting.end(&home).exits(0);
    for said in ["Find Toko 0 (Messenger), Toko 1 (Messenger).", "Reconnect", "\"Connect with Facebook\""] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("Only an admin"), "{}", run.stderr);
    let document = run.json();
    let mut rows: Vec<(String, String)> = document["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["_id"].as_str().unwrap().to_owned(), row["action"].as_str().unwrap().to_owned()))
        .collect();
    rows.sort();
    let row = |number: usize, action: &str| (id(number), action.to_owned());
    assert_eq!(rows, [row(0, "reconnected"), row(2, "skipped"), row(7, "reconnected")]);
    // A second time there is nothing to do, and nobody has to be there.
    let again =
        qontak.run(&home, &["--json", "reconnect", "messenger", "--disconnected", "--no-browser"]).exits(0);
    assert_eq!(again.json()["results"], json!([]));
    let telegram = qontak.run(&home, &["reconnect", "telegram", "--no-browser"]).exits(0);
    assert!(telegram.stderr.contains("No Telegram channel is disconnected"), "{}", telegram.stderr);
}

#[test]
fn a_new_one_that_is_not_active_yet_is_new_all_the_same() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![inactive(0, "fb")]));
    let waiting =
        Waiting::start(&qontak, qontak.command(&home, &["--json", "connect", "messenger", "--no-browser"]));
    qontak.add(inactive(1, "fb"));
    let run = waiting.end(&home).exits(0);
    let results = run.json()["results"].clone();
    assert_eq!((&results[0]["_id"], &results[0]["action"]), (&json!(id(1)), &json!("connected")));
    assert_eq!(results.as_array().unwrap().len(), 1);
    assert!(run.stderr.contains("is new, and not active yet"), "{}", run.stderr);
}

#[test]
fn a_look_that_is_told_to_wait_a_minute_ends_at_the_deadline_all_the_same() {
    let home = Home::new();
    let qontak = Qontak::meddled(true, World::default(), |_, number| {
        (number > 1).then(|| Reply::Json(429, String::new()))
    });
    let begun = Instant::now();
    let arguments = ["--json", "connect", "messenger", "--no-browser", "--timeout", "6"];
    assert_eq!(qontak.run(&home, &arguments).exits(4).error()["code"], "timeout");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());

    let qontak = Qontak::meddled(true, World::of(vec![integration(0, "fb")]), |_, number| {
        (number > 2).then(|| Reply::Json(429, String::new()))
    });
    let arguments = ["--json", "--yes", "disconnect", &id(0), "--no-browser", "--timeout", "6"];
    let run = qontak.run(&home, &arguments).exits(4);
    assert_eq!(run.json()["results"][0]["_id"], id(0), "it isn't forgotten: {run:?}");
}

#[test]
fn esc_ends_the_waiting_and_no_other_key_leaves_anything_behind() {
    for accessible in [false, true] {
        let home = Home::new();
        let qontak = Qontak::newer(World::default());
        let mut command = with_browser(&home, qontak.command(&home, &["connect", "messenger"]));
        if accessible {
            command.env("ACCESSIBLE", "1");
        }
        let mut terminal = Terminal::of_size(40, 100, &command);
        terminal.wait_for("Esc cancel");
        until("the page is opened", || browser_starts(&home).len() == 1);
        terminal.send("stray\r");
        until("the page is opened again", || browser_starts(&home).len() == 2);
        terminal.send("keys");
        terminal.send(ESCAPE);
        let ended = terminal.end().exits(130);
        assert!(ended.text.contains("Cancelled"), "{}", ended.text);
        assert!(!ended.bytes.contains("stray") && !ended.bytes.contains("keys"), "{}", ended.bytes);
        qontak.only_read();
    }
}
