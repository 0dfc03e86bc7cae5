//! channels plan: a chat between free and premium.

use serde_json::{Value, json};

use crate::estate::Estate;
use crate::support::{FakeApi, Home, Reply, Run};

const ID: &str = "65b37833afe781e84afa00aa";

fn webchat(estate: &Estate) -> String {
    let arguments = ["--json", "connect", "webchat", "--name", "Toko", "--website-url", "toko.example"];
    let run = estate.run(&arguments).exits(0);
    run.json()["results"][0]["_id"].as_str().unwrap().to_owned()
}

fn status(estate: &Estate, id: &str) -> Value {
    estate.run(&["--json", "channels", "show", id]).exits(0).json()["status"].clone()
}

#[test]
fn a_chat_changes_its_plan_by_id_or_name() {
    let estate = Estate::small("2026", &[]);
    let id = webchat(&estate);
    let run = estate.run(&["--json", "channels", "plan", &id, "free"]).exits(0);
    assert_eq!(
        run.json(),
        json!({ "_id": id, "channelType": "webchat", "name": "Toko", "action": "changed", "status": "free" })
    );
    assert_eq!(status(&estate, &id), "free");
    let run = estate.run(&["channels", "plan", "Toko", "premium"]).exits(0);
    assert_eq!(run.stdout, format!("Toko ({id}) is now premium\n"));
    assert_eq!(status(&estate, &id), "premium");
}

#[test]
fn a_dry_run_changes_nothing() {
    let estate = Estate::small("2026", &[]);
    let id = webchat(&estate);
    let before = estate.requests("POST");
    let run = estate.run(&["--json", "channels", "plan", &id, "free", "--dry-run"]).exits(0);
    assert_eq!((&run.json()["action"], &run.json()["dryRun"]), (&json!("would-change"), &json!(true)));
    let run = estate.run(&["channels", "plan", &id, "free", "--dry-run"]).exits(0);
    assert!(run.stdout.contains("would be free"), "{}", run.stdout);
    assert_eq!((status(&estate, &id), estate.requests("POST")), (json!("premium"), before));
}

#[test]
fn kinds_without_a_plan_and_words_that_are_none_are_exit_2() {
    let estate = Estate::small("2026", &[]);
    let run = estate.run(&["--json", "channels", "plan", "kopi_senja_sandbox_bot", "free"]).exits(2);
    let error = run.error();
    assert_eq!(error["code"], "unsupported");
    assert!(error["message"].as_str().unwrap().contains("no call to change the plan of telegram"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("in Socialchat itself"), "{error}");
    assert!(estate.requests("POST").is_empty());
    estate.run(&["channels", "plan", &webchat(&estate), "gold"]).exits(2);
    let run = estate.run(&["--json", "channels", "plan", "000000000000000000000000", "free"]);
    assert!(
        run.code != Some(0) && run.error()["message"].as_str().unwrap().contains("no such channel"),
        "{run:?}"
    );
}

#[test]
fn a_plan_that_is_full_says_so_and_a_lost_answer_is_looked_up() {
    let full = "POST /partner/channel/webchat/*/status=402*1;message=limit change to premium reached";
    let lost = "POST /partner/channel/webchat/*/status=lost*1";
    let estate = Estate::small("2026", &["--fault", full, "--fault", lost]);
    let id = webchat(&estate);
    let error = estate.run(&["--json", "channels", "plan", &id, "premium"]).exits(1).error();
    assert_eq!(
        (&error["status"], &error["originalMessage"]),
        (&json!(402), &json!("limit change to premium reached"))
    );
    estate.run(&["channels", "plan", &id, "free"]).exits(0);
    assert_eq!(status(&estate, &id), "free");
    let sent =
        estate.requests("POST").iter().find(|(path, _)| path.ends_with("/status")).map(|(_, count)| *count);
    assert_eq!(sent, Some(2), "one refused, one done: none twice");
}

#[test]
fn the_documented_call_is_sent_and_an_answer_about_another_channel_proves_nothing() {
    for (answer, code) in [("", 0), (r#"{"_id":"65b37833afe781e84afa00bb"}"#, 1)] {
        let api = FakeApi::start(move |asked| match (asked.method.as_str(), asked.target.contains(ID)) {
            ("POST", _) => Reply::Json(200, answer.to_owned()),
            _ => Reply::Json(
                200,
                json!({ "_id": ID, "name": "Toko", "channelType": "linkchat", "isConnected": true })
                    .to_string(),
            ),
        });
        let home = Home::new();
        let run = Run::of(home.against(&api.url, &["channels", "plan", ID, "premium"]));
        assert_eq!(run.code, Some(code), "{run:?}");
        let asked = api.asked();
        let sent = asked.iter().find(|asked| asked.method == "POST").unwrap();
        assert_eq!(sent.target, format!("/partner/channel/linkchat/{ID}/status"));
        assert_eq!(serde_json::from_str::<Value>(&sent.body).unwrap(), json!({ "status": "premium" }));
    }
}
