//! One state file under several sandboxes, and files that are broken.

use std::fs::{self, OpenOptions};
use std::io::Write;

use serde_json::json;

use super::support::{Bench, id};
use crate::sandbox::{Options, Sandbox, Seed, reset};

#[test]
fn what_one_does_the_other_sees() {
    let one = Bench::new();
    let other = Bench::on(one.state.clone(), |_| {});
    let token = one.token("messenger", "scope=all");
    assert_eq!(other.accounts("messenger", &token, None).status, 200);
    std::thread::scope(|scope| {
        for (bench, page) in
            [(&one, "104872913558201"), (&other, "106215480937742"), (&one, "106215480937742")]
        {
            let body = json!({ "channelId": page, "token": token });
            scope.spawn(move || assert_eq!(bench.post("/partner/channel/messenger", body).status, 200));
        }
    });
    assert_eq!(one.channels().len(), 5);
    let without_origin = |bench: &Bench| {
        serde_json::to_string(&bench.channels()).unwrap().replace(&bench.port().to_string(), "PORT")
    };
    assert_eq!(without_origin(&one), without_origin(&other));

    reset(&one.state, &Seed::default()).unwrap();
    assert_eq!((one.channels().len(), other.channels().len()), (3, 3));
    assert_eq!(one.accounts("messenger", &token, None).status, 403);
    fs::remove_file(&one.state).unwrap();
    assert_eq!(other.channels().len(), 3);
}

#[test]
fn it_is_all_there_after_a_restart() {
    let first = Bench::new();
    let token = first.token("messenger", "scope=some&page=104872913558201&page=106215480937742");
    first.post("/partner/channel/messenger", json!({ "channelId": "104872913558201", "token": token }));
    let expected = first.channels().len();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("copy");
    fs::copy(&first.state, &state).unwrap();
    drop(first);
    let again = Bench::on(state, |options| options.pages = None);
    assert_eq!(again.channels().len(), expected);
    assert_eq!(again.all_accounts("messenger", &token).0.len(), 2);
    assert_eq!(again.get("/partner").json()["callbackMessengerUrl"], "https://app.example/cb?keep=1%202");
}

#[test]
fn the_number_of_pages_can_change_and_is_kept() {
    let bench = Bench::new();
    let more = Bench::on(bench.state.clone(), |options| options.pages = Some(30));
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
        OpenOptions::new().append(true).open(&bench.state).unwrap().write_all(text.as_bytes()).unwrap()
    };
    append("{\"settings\":{\"webh");
    assert_eq!(bench.get("/partner").json()["webhookUrl"], "https://kept.example");
    bench.put(json!({ "callbackMessengerUrl": "https://a.example" }));
    assert_eq!(
        Bench::on(bench.state.clone(), |_| {}).get("/partner").json()["callbackMessengerUrl"],
        "https://a.example"
    );

    append("nonsense\n");
    let broken = bench.get("/partner");
    assert_eq!(broken.status, 500);
    let before = fs::read(&bench.state).unwrap();
    let error = Sandbox::start(Options::new(&bench.state), |_| {}).err().unwrap().to_string();
    assert!(error.contains("line 4") && error.contains(bench.state.to_str().unwrap()), "{error}");
    assert_eq!(bench.put(json!({ "webhookUrl": "https://a.example" })).status, 500);
    assert_eq!(fs::read(&bench.state).unwrap(), before);
    reset(&bench.state, &Seed::default()).unwrap();
    assert_eq!(bench.get("/partner").json()["webhookUrl"], json!(null));
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for text in [
        "a letter",
        "a letter\n",
        "{}\n",
        "{\"socialchatSandbox\":9,\"mark\":\"\",\"seed\":{\"pages\":null,\"channels\":0,\"disconnected\":0,\"foreign\":0}}\n",
    ] {
        let path = folder.path().join("letter");
        fs::write(&path, text).unwrap();
        let error = Sandbox::start(Options::new(&path), |_| {}).err().unwrap().to_string();
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
    let mut file = OpenOptions::new().append(true).open(&bench.state).unwrap();
    file.write_all(line.repeat(5000).as_bytes()).unwrap();
    let before = fs::metadata(&bench.state).unwrap().len();
    let again = Bench::on(bench.state.clone(), |_| {});
    assert!(fs::metadata(&bench.state).unwrap().len() < before / 100);
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
    let folder = bench.state.parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[test]
fn ten_thousand_channels_are_no_burden() {
    let seed = Seed { pages: Some(10_000), channels: 10_000, disconnected: 1000, ..Seed::default() };
    let bench = Bench::seeded(&seed, |_| {});
    let started = std::time::Instant::now();
    let token = bench.token("messenger", "scope=all");
    let last = bench.get("/partner/channel?page=100&limit=100").json();
    assert_eq!((&last["totalDocs"], &last["nextPage"]), (&json!(10_000), &json!(null)));
    let loose: Vec<_> =
        bench.channels().into_iter().filter(|channel| channel["isConnected"] == false).collect();
    assert_eq!(loose.len(), 1000);
    std::thread::scope(|scope| {
        for part in loose.chunks(63) {
            let (bench, token) = (&bench, &token);
            scope.spawn(move || {
                for channel in part {
                    let path = format!("/partner/channel/messenger/{}", id(channel));
                    assert_eq!(bench.post(&path, json!({ "token": token })).status, 200);
                }
            });
        }
    });
    assert!(bench.channels().iter().all(|channel| channel["isConnected"] == true));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
