//! What connect, reconnect and disconnect tell at their end.

use serde_json::{Value, json};

use crate::estate::Estate;
use crate::fake::{Deal, Fake, id, page_id};
use crate::partner::{Partner, TOKEN, World, page, refusal};
use crate::person::{BATIK, ROTI, SENJA, requests, token, token_of_pages, with_token};
use crate::support::{Home, Run, Served, Waiting, consent, http};

/// Of twelve channels three are refused for one reason and two for another.
fn half_refused() -> Fake {
    Fake::start(12, 12, |post| match post.channel {
        1 | 4 | 7 => Deal::Answer(refusal(402, "limit integration reached")),
        2 | 9 => Deal::Answer(refusal(403, "account not same")),
        _ => Deal::Do,
    })
}

const ALL: [&str; 3] = ["reconnect", "messenger", "--all"];

#[test]
fn each_cause_is_told_once_with_its_count_and_the_command_that_goes_on_is_the_last_line() {
    let (fake, home) = (half_refused(), Home::new());
    let run = Run::of(fake.command(&home, "t", &ALL)).exits(5);
    let causes: Vec<&str> = run.stderr.lines().filter(|line| line.contains(" × ")).collect();
    assert_eq!(causes.len(), 2, "{}", run.stderr);
    assert!(causes[0].starts_with("warning: 3 × limit integration reached: "), "{}", run.stderr);
    assert!(causes[0].contains("raise the plan"), "{}", run.stderr);
    assert!(causes[1].starts_with("warning: 2 × account not same: "), "{}", run.stderr);
    assert!(run.stderr.contains("\n7 reconnected, 5 failed\n"), "{}", run.stderr);
    let last = run.stderr.lines().last().unwrap();
    assert_eq!(last.trim(), "try: `socialchat-cli reconnect messenger --resume`", "{}", run.stderr);
}

#[test]
fn the_table_ends_with_what_failed_and_why() {
    let (fake, home) = (half_refused(), Home::new());
    let run = Run::of(fake.command(&home, "t", &ALL)).exits(5);
    let rows: Vec<&str> = run.stdout.lines().collect();
    assert!(rows[0].ends_with("REASON"), "{}", run.stdout);
    assert!(rows[1..8].iter().all(|row| row.starts_with("reconnected ")), "{}", run.stdout);
    assert!(rows[8..].iter().all(|row| row.starts_with("failed ")), "{}", run.stdout);
    let of = |name: &str| *rows.iter().find(|row| row.contains(&format!(" {name} "))).unwrap();
    assert!(of("Toko 1").ends_with("limit integration reached"), "{}", run.stdout);
    assert!(of("Toko 9").ends_with("account not same"), "{}", run.stdout);
}

#[test]
fn the_document_counts_each_action_and_holds_the_next_command() {
    let (fake, home) = (half_refused(), Home::new());
    let document = Run::of(fake.command(&home, "t", &[&["--json"], &ALL[..]].concat())).exits(5).json();
    assert_eq!(document["summary"], json!({ "reconnected": 7, "failed": 5 }));
    assert_eq!(document["next"], "socialchat-cli reconnect messenger --resume");
    let next: Vec<&str> = document["next"].as_str().unwrap().split(' ').skip(1).collect();
    let again = Run::of(fake.command(&home, "t", &[&["--json"], &next[..]].concat())).exits(1).json();
    assert_eq!(again["summary"], json!({ "failed": 5 }), "it does the rest");
}

#[test]
fn the_next_command_of_connect_names_the_pages_that_are_left() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--fault", "POST /partner/channel/messenger=402*1"]);
    let token = token(&sandbox, "messenger");
    let two = ["--json", "connect", "messenger", "--page", SENJA, "--page", ROTI, "--concurrency", "1"];
    let document = Run::of(with_token(&home, &sandbox, &token, &two)).exits(5).json();
    assert_eq!(document["next"], format!("socialchat-cli connect messenger --page {SENJA}"));
    let next: Vec<&str> = document["next"].as_str().unwrap().split(' ').skip(1).collect();
    let run = Run::of(with_token(&home, &sandbox, &token, &[&["--json"], &next[..]].concat())).exits(0);
    assert_eq!(run.json()["summary"], json!({ "connected": 1 }));
    assert_eq!(run.json()["next"], Value::Null);
}

#[test]
fn what_an_expired_token_left_is_not_started_and_another_token_is_all_that_lacks() {
    for (from, code, summary) in
        [(1, 4, json!({ "not-started": 6 })), (4, 5, json!({ "reconnected": 3, "not-started": 3 }))]
    {
        let fake = Fake::start(6, 6, move |post| match post.number >= from {
            true => Deal::Answer(refusal(403, "invalid token callback")),
            false => Deal::Do,
        });
        let home = Home::new();
        let arguments = [&["--json", "--concurrency", "1"], &ALL[..]].concat();
        let arguments = [&arguments[3..], &arguments[..3]].concat();
        let run = Run::of(fake.command(&home, "t", &arguments)).exits(code);
        assert_eq!(run.json()["summary"], summary);
        let results = run.json()["results"].as_array().unwrap().clone();
        let left: Vec<&Value> = results.iter().filter(|r| r["action"] == "not-started").collect();
        assert!(left.iter().all(|left| left["error"]["code"] == "not-authorized-by-person"), "{left:?}");
        assert_eq!(run.error()["code"], if code == 4 { "not-authorized-by-person" } else { "partial" });
    }
}

#[test]
fn a_connect_whose_token_dies_on_the_way_sends_nothing_further() {
    let mut world = World::new();
    world.pages = (0..8).map(|number| page(&page_id(number), "Toko")).collect();
    let partner = Partner::meddled(world, |asked, _, world| {
        let is_connect = asked.method == "POST" && asked.target == "/partner/channel/messenger";
        let dies = is_connect && world.lock().unwrap().channels.len() == 2;
        dies.then(|| refusal(403, "invalid token callback"))
    });
    let home = Home::new();
    let mut command =
        home.against(partner.url(), &["--json", "connect", "messenger", "--all", "--concurrency", "1"]);
    command.env("SOCIALCHAT_TOKEN", TOKEN);
    let run = Run::of(command).exits(5);
    assert_eq!(run.json()["summary"], json!({ "connected": 2, "not-started": 6 }));
    assert_eq!(run.json()["next"], "socialchat-cli connect messenger --all --if-connected skip");
    assert_eq!(partner.count("POST /partner/channel/messenger"), 3);
}

#[test]
fn a_token_that_is_not_valid_is_told_from_an_api_that_broke() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    for arguments in [
        &["connect", "messenger", "--all"][..],
        &["pages", "messenger"],
        &["connect", "messenger", "--all", "--dry-run"],
        &["reconnect", "instagram", "--all"],
    ] {
        let arguments = [&["--json"], arguments].concat();
        let error = Run::of(with_token(&home, &sandbox, "bad", &arguments)).exits(4).error();
        assert_eq!(error["code"], "not-authorized-by-person", "{error}");
        assert!(error["hint"].as_str().unwrap().contains("sign in again"), "{error}");
    }
}

#[test]
fn what_is_not_done_goes_into_a_file_for_a_spreadsheet() {
    let home = Home::new();
    let fake = Fake::start(4, 4, |post| match post.channel {
        1 | 3 => Deal::Answer(refusal(403, "=HYPERLINK(\"http://evil.example\",\"x\")")),
        _ => Deal::Do,
    });
    let path = home.dir.path().join("failed.csv");
    let to = ["--failed-to", path.to_str().unwrap()];
    Run::of(fake.command(&home, "t", &[&ALL[..], &to].concat())).exits(5);
    let written = std::fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = written.split("\r\n").collect();
    assert_eq!(rows[0], "_id,channelId,name,action,code,reason,hint");
    let begin = format!("{},{},Toko 1,failed,api,\"'=HYPERLINK(\"\"http", id(1), page_id(1));
    assert!(rows[1].starts_with(&begin), "{written}");
    assert!(rows[2].starts_with(&id(3)) && rows[3..] == [""], "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The next run that leaves nothing undone leaves no row either.
    Run::of(fake.command(&home, "t", &[&["reconnect", "messenger", &id(0)], &to[..]].concat())).exits(0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "_id,channelId,name,action,code,reason,hint\r\n");
}

#[test]
fn the_file_is_written_by_connect_and_disconnect_too_and_looked_at_first() {
    let estate = Estate::new("2026", 3, 3, 0, &["--fault", "POST /partner/channel/messenger*=402"]);
    let path = estate.home.dir.path().join("failed.csv");
    let to = ["--failed-to", path.to_str().unwrap()];
    let gone = "65b37833afe781e84afa001f";
    estate.run(&[&["--yes", "disconnect", gone, &estate.id(0)], &to[..]].concat()).exits(5);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains(&format!("\r\n{gone},,,failed,")), "{written}");
    let page = estate.channels()[0]["channelId"].as_str().unwrap().to_owned();
    estate
        .run_signed_in(
            &[&["connect", "messenger", "--page", &page, "--if-connected", "fail"], &to[..]].concat(),
        )
        .exits(1);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains(",failed,api,already connected,"), "{written}");
    // Nowhere to write it: nothing is deleted.
    let to = ["--failed-to", "nowhere/failed.csv"];
    let before = estate.channels().len();
    let run = estate.run(&[&["--yes", "disconnect", gone, &estate.id(0)], &to[..]].concat()).exits(1);
    assert!(run.stderr.contains("can't write what failed to nowhere/failed.csv"), "{}", run.stderr);
    assert_eq!(estate.channels().len(), before);
}

/// Four Pages, of which the first three are connected.
fn three_of_four(home: &Home) -> (Served, String) {
    let sandbox = Served::start(home, &[]);
    let all = token(&sandbox, "messenger");
    let three = ["connect", "messenger", "--page", SENJA, "--page", BATIK, "--page", ROTI];
    Run::of(with_token(home, &sandbox, &all, &three)).exits(0);
    let covers = token_of_pages(&sandbox, "messenger", &[SENJA, crate::person::BENGKEL]);
    (sandbox, covers)
}

#[test]
fn connected_pages_that_a_sign_in_no_longer_covers_are_told_and_which_are_new() {
    let home = Home::new();
    let (sandbox, token) = three_of_four(&home);
    let run = Run::of(with_token(&home, &sandbox, &token, &["connect", "messenger", "--all"])).exits(0);
    let lost =
        "warning: 2 connected Pages lost their access: Batik Sekar Arum, Toko Roti Mawar 🌹; sign in again";
    assert!(run.stderr.contains(lost), "{}", run.stderr);
    assert!(run.stderr.contains("Not connected yet: Bengkel Jaya Motor\n"), "{}", run.stderr);
    for command in [&["connect", "messenger", "--all"][..], &["connect", "messenger", "--page", SENJA], &ALL]
    {
        let run = Run::of(with_token(&home, &sandbox, &token, &[&["--json"], command].concat()));
        let lost = run.json()["lost"].clone();
        let ids: Vec<&str> =
            lost.as_array().unwrap().iter().map(|c| c["channelId"].as_str().unwrap()).collect();
        assert_eq!(ids, [BATIK, ROTI]);
        assert!(lost[0]["_id"].is_string() && lost[0]["channelType"] == "messenger", "{lost}");
    }
}

#[test]
fn a_reconnect_of_the_disconnected_tells_of_the_connected_that_would_be_lost() {
    let fake = Fake::start(3, 2, |_| Deal::Do);
    fake.partner.world().channels[1]["isConnected"] = json!(true);
    fake.partner.world().channels[2]["isConnected"] = json!(true);
    let home = Home::new();
    let arguments = ["reconnect", "messenger", "--disconnected"];
    let run = Run::of(fake.command(&home, "t", &arguments)).exits(0);
    assert!(run.stderr.contains("1 connected Page lost its access: Toko 2; sign in again"), "{}", run.stderr);
    assert!(run.stderr.contains("Messenger channels now: 2 connected, 1 disconnected\n"), "{}", run.stderr);
}

#[test]
fn without_a_choice_nobody_signs_in_where_nobody_can_be_asked() {
    let home = Home::new();
    let (sandbox, _) = three_of_four(&home);
    let asked = requests(&sandbox, "GET", "/partner/channel/messenger/authorize");
    for option in ["--no-browser", "--paste"] {
        let arguments = ["--json", "--yes", "connect", "messenger", option];
        let error = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2).error();
        assert_eq!(error["code"], "usage");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.starts_with("--all, or --page ID_OR_NAME; "), "{hint}");
        assert!(hint.contains(SENJA) && hint.contains("pages messenger"), "{hint}");
    }
    assert_eq!(requests(&sandbox, "GET", "/partner/channel/messenger/authorize"), asked);
    // With a choice it goes on.
    let arguments = ["--yes", "connect", "messenger", "--no-browser", "--page", SENJA];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    http("GET", &consent(&waiting.authorize_url, "scope=all&decision=allow"), "", "");
    waiting.end().exits(0);
}

#[cfg(unix)]
mod interrupted {
    use std::process::Stdio;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI32, Ordering};
    use std::{thread, time::Duration};

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;
    use crate::support::until;

    /// The program, sent a signal when it asks for its third reconnect of forty.
    fn run(arguments: &[&str], hangs: bool) -> (Fake, Home, Run) {
        let target = Arc::new(AtomicI32::new(0));
        let shared = target.clone();
        let fake = Fake::start(40, 40, move |post| {
            if post.number == 3 {
                until("the program's id is known", || shared.load(Ordering::SeqCst) != 0);
                let _ = kill_process(Pid::from_raw(shared.load(Ordering::SeqCst)).unwrap(), Signal::INT);
                if hangs {
                    return Deal::Answer(crate::support::Reply::Hang);
                }
            }
            thread::sleep(Duration::from_millis(20));
            Deal::Do
        });
        let home = Home::new();
        let mut command = fake.command(&home, "t", arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        target.store(i32::try_from(child.id()).unwrap(), Ordering::SeqCst);
        let run = Run::from(child.wait_with_output().unwrap());
        (fake, home, run)
    }

    #[test]
    fn what_was_never_tried_is_counted_and_fills_no_table() {
        let (fake, _home, run) = run(&ALL, false);
        let run = run.exits(130);
        let done = fake.done().len();
        assert!(done < 20, "{done}");
        assert_eq!(run.stdout.lines().count(), 1 + done, "{}", run.stdout);
        assert!(!run.stderr.contains(" × "), "{}", run.stderr);
        let counts = format!("\n{done} reconnected, {} not started\n", 40 - done);
        assert!(run.stderr.contains(&counts), "{}", run.stderr);
        assert!(
            run.stderr.ends_with("interrupted\ntry: `socialchat-cli reconnect messenger --resume`\n"),
            "{}",
            run.stderr
        );
    }

    #[test]
    fn in_json_too_with_the_command_that_goes_on() {
        let (fake, home, run) = run(&[&["--json"], &ALL[..]].concat(), false);
        let run = run.exits(130);
        let done = fake.done().len();
        assert_eq!(run.json()["summary"], json!({ "reconnected": done, "not-started": 40 - done }));
        assert_eq!(run.json()["next"], "socialchat-cli reconnect messenger --resume");
        assert_eq!(run.error()["code"], "interrupted");
        assert_eq!(run.error()["hint"], "`socialchat-cli reconnect messenger --resume`");
        let again = ["--json", "reconnect", "messenger", "--resume"];
        let again = Run::of(fake.command(&home, "t", &again)).exits(0).json();
        assert_eq!(again["summary"], json!({ "reconnected": 40 - done }));
    }

    #[test]
    fn channels_that_were_not_deleted_were_not_tried() {
        let estate = Estate::new("2026", 40, 40, 0, &["--latency", "60"]);
        let channels = estate.channels();
        let ids = channels.iter().map(|channel| channel["_id"].as_str().unwrap());
        let arguments: Vec<&str> = ["--json", "--yes", "disconnect"].into_iter().chain(ids).collect();
        let mut command = estate.command(&arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("a few are gone", || estate.channels().len() < 38);
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        let run = Run::from(child.wait_with_output().unwrap()).exits(143);
        let left = estate.channels().len();
        assert!((1..38).contains(&left), "{left}");
        assert_eq!(run.json()["summary"], json!({ "disconnected": 40 - left, "not-started": left }));
        assert_eq!((&run.error()["code"], &run.error()["hint"]), (&json!("interrupted"), &Value::Null));
    }

    /// It is cut off after 8 s, and nobody knows what became of it.
    #[test]
    fn what_got_no_answer_in_time_was_tried() {
        let (_fake, _home, run) = run(&[&["--json"], &ALL[..]].concat(), true);
        let results = run.exits(130).json()["results"].as_array().unwrap().clone();
        let failed: Vec<&Value> = results.iter().filter(|result| result["action"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{failed:?}");
        let message = failed[0]["error"]["message"].as_str().unwrap();
        assert!(message.contains("can't tell whether it was reconnected"), "{message}");
    }
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::tty::{ESCAPE, Terminal};

    #[test]
    fn at_any_width_names_and_reasons_are_read_and_the_next_command_is_the_last_line() {
        for columns in [60, 80, 120] {
            let (fake, home) = (half_refused(), Home::new());
            let terminal = Terminal::of_size(40, columns, &fake.command(&home, "t", &ALL));
            let text = terminal.end().exits(5).text;
            let failed: Vec<&str> = text.lines().filter(|line| line.starts_with("failed ")).collect();
            assert_eq!(failed.len(), 5, "{columns}: {text}");
            for line in failed {
                assert!(line.contains("Toko ") && !line.contains('…'), "{columns}: {text}");
                assert!(line.contains("65b37833afe781e80000000"), "{columns}: {text}");
                // Where there is no room for both, the reasons stand below.
                let reason = line.contains("limit integration") || line.contains("account not");
                assert!(reason || columns == 60, "{columns}: {text}");
            }
            let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(one_line.contains("3 × limit integration reached: "), "{columns}: {text}");
            let last = text.lines().last().unwrap().trim();
            assert_eq!(last, "try: `socialchat-cli reconnect messenger --resume`", "{columns}: {text}");
        }
    }

    #[test]
    fn what_a_sign_in_lost_is_told_before_anything_is_chosen() {
        let home = Home::new();
        let (sandbox, token) = three_of_four(&home);
        let command = with_token(&home, &sandbox, &token, &["connect", "messenger"]);
        let mut terminal = Terminal::of_size(30, 100, &command);
        terminal.wait_for("2 connected Pages lost their access: Batik Sekar Arum, Toko Roti Mawar");
        terminal.wait_for("Not connected yet: Bengkel Jaya Motor");
        terminal.wait_for("Which Pages should be connected?");
        let before = requests(&sandbox, "POST", "/partner/channel/messenger");
        terminal.send(ESCAPE);
        terminal.end().exits(130);
        assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), before);
    }
}

/// What can't be written is said before anything is done; a link or a device is left alone, and so is a list by a dry run.
#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_before_anything_is_sent() {
    let home = Home::new();
    let fake = Fake::start(2, 2, |_| Deal::Do);
    let (victim, link) = (home.dir.path().join("victim.csv"), home.dir.path().join("link.csv"));
    std::fs::write(&victim, "theirs").unwrap();
    std::os::unix::fs::symlink(&victim, &link).unwrap();
    for path in [link.to_str().unwrap(), "/dev/full", "/nonexistent/x.csv"] {
        let run = Run::of(fake.command(&home, "t", &[&ALL[..], &["--failed-to", path]].concat())).exits(1);
        assert!(run.stderr.contains(path), "{}", run.stderr);
        assert!(fake.arrivals().is_empty(), "{path}");
    }
    assert!(link.is_symlink() && std::fs::read_to_string(&victim).unwrap() == "theirs");
    let dry = [&ALL[..], &["--dry-run", "--failed-to", victim.to_str().unwrap()]].concat();
    Run::of(fake.command(&home, "t", &dry)).exits(0);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "theirs");
}
