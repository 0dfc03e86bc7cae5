//! An API of 2024: a pair of credentials, settings that can't be read, other names.

use serde_json::json;

use crate::person::{requests, token, with_pair};
use crate::support::{FakeApi, Home, Reply, Run, Served, Waiting, consent, http};

/// The settings as a process on the same state sees them, by the names of 2026.
fn settings(home: &Home) -> serde_json::Value {
    let sandbox = Served::start(home, &[]);
    serde_json::from_str(&sandbox.api("GET", "/partner", "").1).unwrap()
}

#[test]
fn the_main_job_runs_on_2024_and_the_callback_that_was_set_last_is_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--generation", "2024"]);
    let callback = "https://app.example.com/callback/messenger";
    let arguments = ["callback", "set", "--messenger", callback, "--webhook", "https://app.example.com/hook"];
    Run::of(with_pair(&home, &sandbox.api_url, &arguments)).exits(0);
    let arguments = ["--yes", "--json", "connect", "messenger", "--all", "--no-browser"];
    let waiting = Waiting::start(with_pair(&home, &sandbox.api_url, &arguments));
    http("GET", &consent(&waiting.authorize_url, "scope=all&decision=allow"), "", "");
    let run = waiting.end().exits(0);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 5);
    assert!(
        results.iter().all(|result| result["action"] == "connected" && result["_id"].is_string()),
        "{results:?}"
    );
    assert!(
        run.stderr.contains("can't show the messenger callback URL"),
        "it says that it can't read them: {}",
        run.stderr
    );
    assert_eq!(
        settings(&home),
        json!({
            "webhookUrl": "https://app.example.com/hook",
            "webhookSecondaryUrls": null,
            "callbackMessengerUrl": callback,
            "callbackInstagramUrl": null,
        })
    );
}

#[test]
fn only_the_one_field_is_written_where_settings_cannot_be_read() {
    let home = Home::new();
    let api =
        FakeApi::start(|asked| match (asked.method.as_str(), asked.target.split('?').next().unwrap()) {
            ("GET", "/partner") => {
                Reply::Json(404, r#"{"statusCode":404,"message":"Cannot GET"}"#.to_owned())
            }
            ("GET", "/partner/channel/messenger/authorize") => {
                Reply::Json(200, r#"{"url":"https://www.facebook.com/dialog"}"#.to_owned())
            }
            ("PUT", _) => Reply::Json(200, String::new()),
            _ => Reply::Json(200, r#"{"docs":[]}"#.to_owned()),
        });
    let set = ["callback", "set", "--webhook", "https://app.example.com/hook"];
    Run::of(with_pair(&home, &api.url, &set)).exits(0);
    let set = ["callback", "set", "--messenger", "https://app.example.com/m"];
    Run::of(with_pair(&home, &api.url, &set)).exits(0);
    let arguments = ["--yes", "authorize", "messenger", "--no-browser", "--timeout", "1"];
    Run::of(with_pair(&home, &api.url, &arguments)).exits(4);
    let bodies: Vec<serde_json::Value> = api
        .asked()
        .iter()
        .filter(|asked| asked.method == "PUT")
        .map(|asked| serde_json::from_str(&asked.body).unwrap())
        .collect();
    let [hook, callback, ours, back] = bodies.as_slice() else { panic!("{bodies:?}") };
    assert_eq!(*hook, json!({ "webhookChatUrl": "https://app.example.com/hook" }));
    assert_eq!(*callback, json!({ "callbackMessengerUrl": "https://app.example.com/m" }));
    assert_eq!(ours.as_object().unwrap().len(), 1);
    assert!(ours["callbackMessengerUrl"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{ours}");
    assert_eq!(*back, json!({ "callbackMessengerUrl": "https://app.example.com/m" }));
}

#[test]
fn without_a_callback_to_return_to_leave_is_asked() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--generation", "2024"]);
    let run =
        Run::of(with_pair(&home, &sandbox.api_url, &["--json", "authorize", "messenger", "--no-browser"]))
            .exits(2);
    assert!(run.stderr.contains("hasn't set one"), "{}", run.stderr);
    assert_eq!(requests(&sandbox, "PUT", "/partner"), 0);
    let arguments = ["--yes", "authorize", "messenger", "--no-browser"];
    let waiting = Waiting::start(with_pair(&home, &sandbox.api_url, &arguments));
    http("GET", &consent(&waiting.authorize_url, "scope=all&decision=allow"), "", "");
    waiting.end().exits(0);
    assert_eq!(settings(&home)["callbackMessengerUrl"].as_str().unwrap_or(""), "");
}

#[test]
fn each_generation_takes_its_credentials() {
    let home = Home::new();
    let old = Served::start(&home, &["--generation", "2024"]);
    let new = Served::start(&home, &[]);
    for (url, pair, code) in
        [(&old.api_url, true, 0), (&old.api_url, false, 3), (&new.api_url, true, 0), (&new.api_url, false, 0)]
    {
        let arguments = ["--json", "channels", "list"];
        let command = if pair { with_pair(&home, url, &arguments) } else { home.against(url, &arguments) };
        let run = Run::of(command).exits(code);
        assert!(code == 0 || run.error()["code"] == "unauthorized");
    }
}

#[test]
fn channels_are_filtered_in_both() {
    let home = Home::new();
    for generation in ["2024", "2026"] {
        let sandbox = Served::start(&home, &["--generation", generation]);
        let list = |arguments: &[&str]| {
            let arguments = [&["--json", "channels", "list"], arguments].concat();
            Run::of(with_pair(&home, &sandbox.api_url, &arguments)).exits(0).json()["total"].as_u64().unwrap()
        };
        assert_eq!(list(&[]), 3);
        assert_eq!(list(&["--kind", "instagram"]), 1);
        assert_eq!(list(&["--kind", "instagram", "--kind", "webchat"]), 2, "{generation}");
        assert_eq!(list(&["--kind", "linkchat"]), 0);
    }
}

#[test]
fn pages_are_listed_and_channels_reconnected_in_2024_too() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--generation", "2024"]);
    // The same state through an API that takes the key: only the sign-in is made there.
    let token = token(&Served::start(&home, &[]), "instagram");
    let run = |arguments: &[&str]| {
        let mut command = with_pair(&home, &sandbox.api_url, &[&["--json"], arguments].concat());
        command.env("SOCIALCHAT_TOKEN", &token);
        Run::of(command).exits(0).json()
    };
    assert_eq!(run(&["pages", "instagram"])["pages"].as_array().unwrap().len(), 3);
    let document = run(&["reconnect", "instagram", "--disconnected"]);
    assert_eq!(document["results"][0]["action"], "reconnected");
    assert_eq!(run(&["channels", "show", "6a1cd9cc5a4db00000000001"])["isConnected"], true);
    assert_eq!(run(&["connect", "instagram", "--all"])["results"].as_array().unwrap().len(), 3);
    let set = run(&["callback", "set", "--instagram", "https://app.example.com/i"]);
    assert_eq!(set, json!({}), "what it holds can't be known");
}
