//! connect, reconnect, disconnect: done by somebody on Qontak's page, and noticed.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{opened, with_browser};
use crate::fake::{Qontak, World, clean, id, inactive, integration};
use crate::support::{Home, Reply, Run, until};
use crate::terminal::Terminal;

const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";

/// The program, waiting for somebody to do it on the page.
pub struct Waiting {
    child: Child,
    stderr: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
}

impl Waiting {
    /// Starts it and waits until it has told the address of the page.
    fn start(qontak: &Qontak, command: Command) -> Waiting {
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
    // Not finished yet.
    qontak.add(inactive(4, "fb"));
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
        let dry = qontak.run(&home, &["--json", "connect", word, "--dry-run"]).exits(0).json();
        assert_eq!(dry["results"][0]["action"], "would-connect", "{word}");
    }
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
    let document = waiting.end(&home).exits(0).json();
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
    assert!(telegram.stderr.contains("No telegram channel is disconnected"), "{}", telegram.stderr);
}

#[test]
fn what_was_disconnected_on_the_page_is_noticed_in_each_way() {
    let home = Home::new();
    for (reads_one, leaves_inactive, says) in [
        (true, false, "no longer listed, and asking for it answers 404"),
        (false, false, "is gone: it is no longer listed."),
        (true, true, "is inactive now"),
    ] {
        let qontak =
            Qontak::newer(World { reads_one, ..World::of(vec![integration(0, "fb"), integration(1, "fb")]) });
        let command = qontak.command(&home, &["--json", "--yes", "disconnect", &id(1), "--no-browser"]);
        let waiting = Waiting::start(&qontak, command);
        assert!(waiting.stderr.lock().unwrap().contains(WARNING));
        match leaves_inactive {
            true => qontak.world.lock().unwrap().integrations[1]["is_active"] = json!(false),
            false => drop(qontak.world.lock().unwrap().integrations.remove(1)),
        }
        let run = waiting.end(&home).exits(0);
        assert_eq!(run.json()["results"][0]["action"], "disconnected");
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("{}  messenger  Toko 1", id(1))), "{}", run.stderr);
        // No call of the API disconnects anything.
        qontak.only_read();
        // A second time nothing is waited for.
        let again = qontak.run(&home, &["--json", "--yes", "disconnect", &id(1), "--no-browser"]);
        match leaves_inactive {
            true => assert_eq!(again.exits(0).json()["results"][0]["action"], "skipped"),
            false => assert_eq!(again.exits(1).error()["code"], "not-found"),
        }
    }
}

#[test]
fn the_pages_own_warning_is_asked_word_for_word_and_no_is_no() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb")]));
    let mut terminal =
        Terminal::of_size(24, 120, &qontak.command(&home, &["disconnect", &id(0), "--no-browser"]));
    terminal.wait_for(&format!("{WARNING} [y/N]"));
    terminal.send("n\r");
    let ended = terminal.end();
    assert_eq!(ended.code, 130, "{}", ended.text);
    assert!(!ended.text.contains("/integrations"), "{}", ended.text);
    qontak.run(&home, &["disconnect", &id(0), "--no-browser"]).exits(2);
    qontak.only_read();
}

#[test]
fn what_is_still_there_at_the_deadline_is_exit_4() {
    let home = Home::new();
    let qontak = Qontak::newer(World::of(vec![integration(0, "fb")]));
    let arguments = ["--json", "--yes", "disconnect", &id(0), "--no-browser", "--timeout", "6"];
    let run = qontak.run(&home, &arguments).exits(4);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    assert_eq!(run.error()["code"], "timeout");
}

#[test]
fn what_can_still_be_read_is_not_gone_although_the_list_lacks_it() {
    let home = Home::new();
    let integrations = vec![integration(0, "fb")];
    let one = json!({ "status": "success", "data": integrations[0] }).to_string();
    let qontak = Qontak::meddled(true, World::default(), move |asked, _| {
        asked.target.ends_with(&id(0)).then(|| Reply::Json(200, one.clone()))
    });
    let arguments = ["--json", "--yes", "disconnect", &id(0), "--no-browser", "--timeout", "5"];
    qontak.run(&home, &arguments).exits(4);
}
