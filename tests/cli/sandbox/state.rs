//! One state file under several sandboxes, and files that are broken.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::rc::Rc;

use serde_json::json;

use super::bench::{Bench, id};
use crate::support::Home;

#[test]
fn what_one_does_the_other_sees() {
    let one = Bench::new();
    let other = Bench::beside(&one.home, &[]);
    let token = one.token("messenger", "scope=all");
    assert_eq!(other.accounts("messenger", &token, None).status, 200);
    std::thread::scope(|scope| {
        for (served, page) in [
            (&one.served, "104872913558201"),
            (&other.served, "106215480937742"),
            (&one.served, "106215480937742"),
        ] {
            let body = json!({ "channelId": page, "token": token }).to_string();
            scope.spawn(move || {
                assert_eq!(served.api("POST", "/partner/channel/messenger", &body).0, 200);
            });
        }
    });
    assert_eq!(one.channels().len(), 5);
    let without_origin =
        |bench: &Bench| serde_json::to_string(&bench.channels()).unwrap().replace(bench.host(), "HOST");
    assert_eq!(without_origin(&one), without_origin(&other));

    one.home.run(&["sandbox", "reset"]).exits(0);
    assert_eq!((one.channels().len(), other.channels().len()), (3, 3));
    assert_eq!(one.accounts("messenger", &token, None).status, 403);
    fs::remove_file(one.state()).unwrap();
    assert_eq!(other.channels().len(), 3);
}

#[test]
fn it_is_all_there_after_a_restart() {
    let first = Bench::new();
    let token = first.token("messenger", "scope=some&page=104872913558201&page=106215480937742");
    first.post("/partner/channel/messenger", json!({ "channelId": "104872913558201", "token": token }));
    let expected = first.channels().len();
    let home = Rc::clone(&first.home);
    drop(first);
    let again = Bench::beside(&home, &[]);
    assert_eq!(again.channels().len(), expected);
    assert_eq!(again.all_accounts("messenger", &token).0.len(), 2);
    assert_eq!(again.get("/partner").json()["callbackMessengerUrl"], "https://app.example/cb?keep=1%202");
}

#[test]
fn the_number_of_pages_can_change_and_is_kept() {
    let bench = Bench::new();
    let more = Bench::beside(&bench.home, &["--pages", "30"]);
    let token = more.token("messenger", "scope=all");
    assert_eq!(more.all_accounts("messenger", &token).0.len(), 30);
    assert_eq!(bench.all_accounts("messenger", &token).0.len(), 30);
    assert_eq!(bench.channels().len(), 3);
}

#[test]
fn half_a_line_is_cut_off_and_a_broken_one_is_named() {
    let bench = Bench::new();
    bench.put(json!({ "webhookUrl": "https://kept.example" }));
    let append = |text: &str| {
        OpenOptions::new().append(true).open(bench.state()).unwrap().write_all(text.as_bytes()).unwrap()
    };
    append("{\"settings\":{\"webh");
    assert_eq!(bench.get("/partner").json()["webhookUrl"], "https://kept.example");
    bench.put(json!({ "callbackMessengerUrl": "https://a.example" }));
    assert_eq!(
        Bench::beside(&bench.home, &[]).get("/partner").json()["callbackMessengerUrl"],
        "https://a.example"
    );

    append("nonsense\n");
    let broken = bench.get("/partner");
    assert_eq!(broken.status, 500);
    let before = fs::read(bench.state()).unwrap();
    let run = bench.home.run(&["--json", "sandbox", "serve"]).exits(2);
    let error = run.error()["message"].as_str().unwrap().to_owned();
    assert!(error.contains("line 4") && error.contains(bench.state().to_str().unwrap()), "{error}");
    assert_eq!(bench.put(json!({ "webhookUrl": "https://a.example" })).status, 500);
    assert_eq!(fs::read(bench.state()).unwrap(), before);
    bench.home.run(&["sandbox", "reset"]).exits(0);
    assert_eq!(bench.get("/partner").json()["webhookUrl"], json!(null));
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let home = Home::new();
    let path = home.config().join("state/sandbox.jsonl");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for text in [
        "a letter",
        "a letter\n",
        "{}\n",
        "{\"socialchatSandbox\":9,\"mark\":\"\",\"seed\":{\"pages\":null,\"channels\":0,\"disconnected\":0,\"foreign\":0}}\n",
    ] {
        fs::write(&path, text).unwrap();
        let run = home.run(&["--json", "sandbox", "serve"]).exits(2);
        let error = run.error()["message"].as_str().unwrap().to_owned();
        assert!(error.contains("line 1"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_long_file_is_written_anew() {
    let bench = Bench::new();
    let first = bench.channels()[0].clone();
    let gone = format!("/partner/channel/telegram/{}", id(&bench.channels()[1]));
    assert_eq!(bench.delete(&gone).status, 200);
    let line = "{\"settings\":{\"webhook\":\"https://a.example\",\"secondary\":null,\"callback_messenger\":null,\"callback_instagram\":null}}\n";
    let mut file = OpenOptions::new().append(true).open(bench.state()).unwrap();
    file.write_all(line.repeat(5000).as_bytes()).unwrap();
    let before = fs::metadata(bench.state()).unwrap().len();
    let again = Bench::beside(&bench.home, &[]);
    assert!(fs::metadata(bench.state()).unwrap().len() < before / 100);
    for bench in [&bench, &again] {
        assert_eq!(bench.get("/partner").json()["webhookUrl"], "https://a.example");
        assert_eq!(bench.channels().len(), 2);
        assert_eq!(bench.channels()[0]["_id"], first["_id"]);
    }
    let new = again.post("/partner/channel/linkchat", json!({ "name": "a", "isActivePreChat": true })).json();
    assert!(new["_id"].as_str().unwrap().ends_with("4"), "numbers are not used twice: {new}");
}

#[cfg(unix)]
#[test]
fn the_files_are_the_users_own() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.put(json!({}));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let state = bench.state();
    let folder = state.parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[test]
fn ten_thousand_channels_are_no_burden() {
    let bench = Bench::with(&["--channels", "10000", "--disconnected", "1000"]);
    let started = std::time::Instant::now();
    let token = bench.token("messenger", "scope=all");
    let last = bench.get("/partner/channel?page=100&limit=100").json();
    assert_eq!((&last["totalDocs"], &last["nextPage"]), (&json!(10_000), &json!(null)));
    let dead: Vec<_> =
        bench.channels().into_iter().filter(|channel| channel["isConnected"] == false).collect();
    assert_eq!(dead.len(), 1000);
    std::thread::scope(|scope| {
        for part in dead.chunks(63) {
            let (served, body) = (&bench.served, json!({ "token": token }).to_string());
            scope.spawn(move || {
                for channel in part {
                    let path = format!("/partner/channel/messenger/{}", id(channel));
                    assert_eq!(served.api("POST", &path, &body).0, 200);
                }
            });
        }
    });
    assert!(bench.channels().iter().all(|channel| channel["isConnected"] == true));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
