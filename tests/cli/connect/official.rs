//! connect whatsapp-official: the documented call, and what is said of it. And --dry-run of all that one call creates.

use serde_json::{Value, json};

use crate::estate::Estate;
use crate::support::{FakeApi, Home, Reply, Run};

const CONNECT: [&str; 5] = ["--json", "connect", "whatsapp-official", "--whatsapp-id", "106540352242922"];
const TOKEN: &str = "EAAcanary-token-of-a-number";

#[test]
fn the_id_and_the_token_are_sent_as_documented_and_the_channel_is_read_back() {
    let estate = Estate::small("2026", &[]);
    let mut command = estate.command(&[&CONNECT[..], &["--token-stdin"]].concat());
    let run = with_stdin(&mut command, TOKEN).exits(0);
    let result = &run.json()["results"][0];
    assert_eq!((&run.json()["kind"], &result["action"]), (&json!("whatsapp-official"), &json!("connected")));
    assert_eq!(result["channelId"], "106540352242922");
    assert!(run.stderr.contains("never tried on a live account"), "{}", run.stderr);
    let listed = estate.channels();
    assert_eq!(listed.last().unwrap()["_id"], result["_id"]);
    assert!(!format!("{run:?}{:?}", estate.served.log()).contains("canary"));

    let api = FakeApi::start(|asked| match asked.method.as_str() {
        "POST" => Reply::Json(201, r#"{"_id":"65b37833afe781e84afa00aa"}"#.to_owned()),
        _ => Reply::Json(200, r#"{"docs":[]}"#.to_owned()),
    });
    let home = Home::new();
    with_stdin(&mut home.against(&api.url, &[&CONNECT[..], &["--token-stdin"]].concat()), TOKEN).exits(0);
    let asked = api.asked();
    let sent = asked.iter().find(|asked| asked.method == "POST").unwrap();
    assert_eq!(sent.target, "/partner/channel/whatsapp-official");
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(body, json!({ "whatsappId": "106540352242922", "token": TOKEN }));
}

#[test]
fn a_lost_answer_makes_no_second_channel() {
    let estate = Estate::small("2026", &["--fault", "POST /partner/channel/whatsapp-official=lost*1"]);
    let before = estate.channels().len();
    let mut command = estate.command(&[&CONNECT[..], &["--token-stdin"]].concat());
    let run = with_stdin(&mut command, TOKEN).exits(0);
    assert!(run.json()["results"][0]["_id"].is_string());
    assert_eq!(estate.channels().len(), before + 1);
}

#[test]
fn what_is_missing_or_wrong_is_said_before_anything_is_sent() {
    let estate = Estate::small("2026", &[]);
    let error = estate.run(&["--json", "connect", "whatsapp-official", "--token-stdin"]).exits(2).error();
    assert!(error["hint"].as_str().unwrap().contains("--whatsapp-id ID"), "{error}");
    let error = estate.run(&CONNECT).exits(2).error();
    assert!(error["hint"].as_str().unwrap().contains("--token-stdin"), "{error}");
    let error = estate
        .run(&["--json", "connect", "whatsapp-official", "--whatsapp-id", "a b", "--token-stdin"])
        .exits(2)
        .error();
    assert!(error["message"].as_str().unwrap().contains("--whatsapp-id"), "{error}");
    let error = estate.run(&["--json", "reconnect", "whatsapp-official"]).exits(2).error();
    assert_eq!(error["code"], "unsupported");
    assert!(estate.requests("POST").is_empty());
    let help = estate.run(&["connect", "whatsapp-official", "--help"]).exits(0).stdout;
    assert!(help.contains("never tried on a live account"), "{help}");
}

#[test]
fn a_dry_run_of_what_one_call_creates_sends_nothing() {
    let api = FakeApi::start(|_| Reply::Json(500, "{}".to_owned()));
    let home = Home::new();
    for (arguments, stdin, channel_id) in [
        (
            &["telegram", "--bot-token-stdin"][..],
            "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_",
            json!("7012345678"),
        ),
        (&["whatsapp-official", "--whatsapp-id", "1065", "--token-stdin"], TOKEN, json!("1065")),
        (&["whatsapp", "--name", "Toko", "--phone", "081234567890"], "", json!("081234567890")),
        (&["webchat", "--name", "Toko", "--website-url", "toko.example"], "", json!(null)),
        (&["linkchat", "--name", "Toko"], "", json!(null)),
    ] {
        let arguments = [&["--json", "connect"], arguments, &["--dry-run"]].concat();
        let run = with_stdin(&mut home.against(&api.url, &arguments), stdin).exits(0);
        let result = run.json()["results"][0].clone();
        assert_eq!((&result["_id"], &result["channelId"]), (&json!(null), &channel_id), "{run:?}");
    }
    assert!(api.asked().is_empty(), "{:?}", api.asked());
    // What is typed is checked all the same.
    home.run(&["connect", "whatsapp", "--name", "Toko", "--phone", "1", "--dry-run"]).exits(2);
}

fn with_stdin(command: &mut std::process::Command, text: &str) -> Run {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    Run::from(child.wait_with_output().unwrap())
}
