//! Answers that are legal and that our sandbox doesn't give: where the documentation is silent, all of them work.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::support::{Asked, FakeApi, Home, Reply, Run};

/// An API whose answers to a connect, a reconnect and a PUT are these, and which remembers its channels.
fn answering(body: &'static str, status: u16) -> FakeApi {
    let connected: Mutex<Vec<Value>> = Mutex::default();
    let settings: Mutex<String> = Mutex::new(r#"{"callbackMessengerUrl":null}"#.to_owned());
    FakeApi::start(move |asked| {
        let path = asked.target.split('?').next().unwrap_or_default();
        match (asked.method.as_str(), path) {
            ("GET", "/partner") => Reply::Json(200, settings.lock().unwrap().clone()),
            ("PUT", "/partner") => {
                settings.lock().unwrap().clone_from(&asked.body);
                Reply::Json(status, body.to_owned())
            }
            ("GET", "/partner/channel") => {
                let docs = connected.lock().unwrap().clone();
                Reply::Json(
                    200,
                    json!({ "docs": docs, "hasNextPage": false, "prevPage": false, "nextPage": false })
                        .to_string(),
                )
            }
            ("GET", "/partner/channel/messenger/account") => {
                Reply::Json(200, r#"{"docs":[{"name":"P","channelId":"1"}]}"#.to_owned())
            }
            ("POST", "/partner/channel/messenger") => {
                let id = serde_json::from_str::<Value>(&asked.body).unwrap()["channelId"].clone();
                let mut connected = connected.lock().unwrap();
                let channel = json!({ "_id": "65b37833afe781e84afa001f", "name": "P", "channelId": id, "channelType": "messenger", "isConnected": true });
                connected.push(channel);
                Reply::Json(status, body.to_owned())
            }
            ("POST", _) => Reply::Json(status, body.to_owned()),
            _ => Reply::Json(404, String::new()),
        }
    })
}

fn with_token(home: &Home, api: &FakeApi, arguments: &[&str]) -> Run {
    let mut command = home.against(&api.url, arguments);
    command.env("SOCIALCHAT_TOKEN", "token");
    Run::of(command)
}

const WHOLE: &str = r#"{"_id":"65b37833afe781e84afa001f","name":"P","channelId":"1","channelType":"messenger","isConnected":true,"token":{"accessToken":"CANARY"}}"#;

#[test]
fn what_a_write_answers_may_be_empty_or_anything() {
    let set_to = "https://app.example.com/m";
    for (status, body) in [
        (200, ""),
        (200, "{}"),
        (200, "null"),
        (200, r#"{"_id":"65b37833afe781e84afa001f"}"#),
        (201, r#"{"_id":"65b37833afe781e84afa001f"}"#),
        (200, WHOLE),
        (200, r#"{"success":true}"#),
        (200, "\n"),
        (204, ""),
    ] {
        let home = Home::new();
        let api = answering(body, status);
        for action in ["connected", "reconnected"] {
            let run = with_token(&home, &api, &["--json", "connect", "messenger", "--all"]).exits(0);
            let expected = json!({
                "_id": "65b37833afe781e84afa001f", "channelId": "1", "name": "P", "action": action, "error": null,
            });
            assert_eq!(run.json()["results"][0], expected, "{status} {body}");
            assert!(!run.stdout.contains("CANARY"));
        }
        Run::of(home.against(&api.url, &["callback", "set", "--messenger", set_to])).exits(0);
        let posts = api.asked().iter().filter(|asked| asked.method == "POST").count();
        assert_eq!(posts, 2, "each was sent once: {status} {body}");
    }
}

/// Lists pages from an API that answers the listing so.
fn pages(answer: impl Fn(&Asked) -> Value + Send + Sync + 'static) -> (Run, Vec<Asked>) {
    let home = Home::new();
    let api =
        FakeApi::start(move |asked| match asked.target.starts_with("/partner/channel/messenger/account") {
            true => Reply::Json(200, answer(asked).to_string()),
            false => Reply::Json(200, r#"{"docs":[]}"#.to_owned()),
        });
    let run = with_token(&home, &api, &["--json", "pages", "messenger"]);
    let asked = api.asked().into_iter().filter(|asked| asked.target.contains("/account")).collect();
    (run, asked)
}

#[test]
fn an_offset_may_be_text_or_a_number_and_is_sent_back_as_it_came() {
    for offset in [json!("QVFI+/=&? x"), json!(25), json!(9_007_199_254_740_993_u64)] {
        let sent = offset.clone();
        let (run, asked) = pages(move |asked| match asked.target.contains("nextOffset=") {
            false => {
                json!({ "docs": [{ "name": "a", "channelId": "1" }], "hasNextPage": true, "nextOffset": sent })
            }
            true => {
                json!({ "docs": [{ "name": "b", "channelId": 2, "picture": null, "extra": {} }], "hasNextPage": false, "nextOffset": null })
            }
        });
        let document = run.exits(0).json();
        assert_eq!(
            document["pages"][1],
            json!({ "name": "b", "channelId": "2", "picture": null, "connectedAs": null })
        );
        assert_eq!(asked.len(), 2);
        let url = url_query(&asked[1].target);
        let text = offset.as_str().map_or_else(|| offset.to_string(), str::to_owned);
        assert_eq!(url.iter().find(|(name, _)| name == "nextOffset").unwrap().1, text);
        assert!(!asked[0].target.contains("nextOffset"), "{}", asked[0].target);
    }
}

fn url_query(target: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let query = target.split_once('?').unwrap().1;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[test]
fn without_more_pages_nothing_else_matters() {
    for answer in [
        json!({ "docs": [{ "name": "a", "channelId": "1" }] }),
        json!({ "docs": [{ "name": "a", "channelId": "1" }], "hasNextPage": null, "nextOffset": "x" }),
        json!({ "docs": [{ "name": null, "channelId": 1 }], "hasNextPage": false, "nextOffset": 7, "total": 1 }),
    ] {
        let (run, asked) = pages(move |_| answer.clone());
        assert_eq!(run.exits(0).json()["pages"].as_array().unwrap().len(), 1);
        assert_eq!(asked.len(), 1);
    }
    let (run, _) = pages(|_| json!({ "docs": [] }));
    assert_eq!(run.exits(0).json()["pages"], json!([]));
}

#[test]
fn more_pages_without_an_offset_or_in_a_circle_are_an_error_and_no_loop() {
    for answer in [
        json!({ "docs": [{ "name": "a", "channelId": "1" }], "hasNextPage": true }),
        json!({ "docs": [{ "name": "a", "channelId": "1" }], "hasNextPage": true, "nextOffset": null }),
        json!({ "docs": [{ "name": "a", "channelId": "1" }], "hasNextPage": true, "nextOffset": "same" }),
    ] {
        let (run, asked) = pages(move |_| answer.clone());
        let error = run.exits(1).error();
        assert_eq!(error["code"], "api");
        assert!(error["message"].as_str().unwrap().contains("Pages"), "it names the call: {error}");
        assert!(asked.len() <= 2);
    }
}

#[test]
fn a_channel_may_have_more_and_fewer_fields_than_are_documented() {
    let home = Home::new();
    let api = FakeApi::start(|asked| {
        let docs = json!([
            { "_id": "65b37833afe781e84afa0001" },
            { "_id": "65b37833afe781e84afa0002", "name": null, "channelType": "carrier-pigeon", "isConnected": null, "new": { "field": [1] } },
            { "_id": "65b37833afe781e84afa0003", "name": "n", "channelId": 12345678901234567_u64, "channelType": "messenger", "isConnected": true },
        ]);
        match asked.target.split('?').next().unwrap() {
            "/partner/channel" => {
                let answer = json!({ "docs": docs, "totalPages": 1, "hasPrevPage": false, "hasNextPage": false, "prevPage": true, "nextPage": false, "unknown": 1 });
                Reply::Json(200, answer.to_string())
            }
            path => {
                let id = path.rsplit('/').next().unwrap();
                let found = docs.as_array().unwrap().iter().find(|doc| doc["_id"] == id).cloned();
                Reply::Json(200, found.map_or(String::new(), |doc| doc.to_string()))
            }
        }
    });
    let run = Run::of(home.against(&api.url, &["--json", "channels", "list"])).exits(0);
    assert_eq!(run.json()["total"], 3);
    assert_eq!(run.json()["channels"][1]["new"], json!({ "field": [1] }), "unknown fields are handed on");
    assert_eq!(run.json()["channels"][2]["channelId"], "12345678901234567");
    let run = Run::of(home.against(&api.url, &["channels", "list"])).exits(0);
    assert!(run.stdout.contains("carrier-pigeon"), "{}", run.stdout);
    for id in ["65b37833afe781e84afa0001", "65b37833afe781e84afa0002"] {
        Run::of(home.against(&api.url, &["channels", "show", id])).exits(0);
    }
    // An unknown id answers 200 with an empty body.
    let run = Run::of(home.against(&api.url, &["channels", "show", "65b37833afe781e84afa000f"])).exits(1);
    assert!(run.stderr.contains("no such channel"), "{}", run.stderr);
}

#[test]
fn secrets_are_dropped_wherever_they_stand() {
    let home = Home::new();
    let api = FakeApi::start(|_| {
        let channel = json!({
            "_id": "65b37833afe781e84afa0001", "name": "n", "channelType": "messenger", "isConnected": true,
            "token": { "accessToken": "CANARY" }, "accessToken": "CANARY",
            "additionalData": { "hashId": "h", "botToken": "CANARY", "list": [{ "apiKey": "CANARY", "secretKey": "CANARY" }] },
        });
        Reply::Json(200, channel.to_string())
    });
    for arguments in [vec!["--json"], vec!["-vvv"]] {
        let arguments = [arguments, vec!["channels", "show", "65b37833afe781e84afa0001"]].concat();
        let run = Run::of(home.against(&api.url, &arguments)).exits(0);
        assert!(run.stdout.contains('h') && !format!("{run:?}").contains("CANARY"), "{run:?}");
    }
}

#[test]
fn a_listing_by_number_of_pages_or_by_the_next_one_is_followed() {
    for told in ["totalPages", "hasNextPage"] {
        let home = Home::new();
        let api = FakeApi::start(move |asked| {
            let query = url_query(&asked.target);
            let page: u64 = query.iter().find(|(name, _)| name == "page").unwrap().1.parse().unwrap();
            let docs = json!([{ "_id": format!("{page:024x}"), "name": "n", "channelType": "webchat" }]);
            let answer = match told {
                "totalPages" => json!({ "docs": docs, "totalPages": 3 }),
                _ => {
                    json!({ "docs": docs, "hasNextPage": page < 3, "nextPage": page < 3, "prevPage": page > 1 })
                }
            };
            Reply::Json(200, answer.to_string())
        });
        let run = Run::of(home.against(&api.url, &["--json", "channels", "list"])).exits(0);
        assert_eq!(run.json()["total"], 3, "{told}");
    }
}

#[test]
fn settings_may_lack_fields_or_hold_null() {
    for (body, messenger) in [
        (r#"{"callbackMessengerUrl":null}"#, json!(null)),
        (r#"{"webhookSecondaryUrls":[]}"#, json!(null)),
        (
            r#"{"callbackMessengerUrl":"https://a.example/m","callbackInstagramUrl":null,"somethingNew":[1]}"#,
            json!("https://a.example/m"),
        ),
    ] {
        let home = Home::new();
        let api = FakeApi::start(move |_| Reply::Json(200, body.to_owned()));
        let run = Run::of(home.against(&api.url, &["--json", "callback", "show"])).exits(0);
        assert_eq!(run.json().get("callbackMessengerUrl").cloned().unwrap_or_default(), messenger, "{body}");
        assert!(!run.stdout.contains("somethingNew"), "no documentation knows it: {}", run.stdout);
    }
}

#[test]
fn settings_that_cannot_be_read_are_told_by_404_and_405() {
    for status in [404, 405] {
        let home = Home::new();
        let api =
            FakeApi::start(move |_| Reply::Json(status, r#"{"statusCode":404,"message":"no"}"#.to_owned()));
        let run = Run::of(home.against(&api.url, &["--json", "callback", "show"])).exits(1);
        assert!(
            run.error()["message"].as_str().unwrap().contains("can't show its settings"),
            "{}",
            run.error()
        );
    }
}

#[test]
fn an_error_without_the_documented_body_is_an_error_with_its_status() {
    for (status, body) in
        [(500, "<html>Oops</html>"), (418, ""), (302, ""), (400, r#"{"message":["a must be b","c"]}"#)]
    {
        let home = Home::new();
        let api = FakeApi::start(move |_| Reply::Json(status, body.to_owned()));
        let error = Run::of(home.against(&api.url, &["--json", "channels", "list"])).exits(1).error();
        assert_eq!((&error["code"], &error["status"]), (&json!("api"), &json!(status)), "{error}");
        assert!(error["message"].as_str().unwrap().starts_with("can't list the channels: "), "{error}");
    }
}

#[test]
fn no_connection_is_told_as_such() {
    let home = Home::new();
    let (_held, port) = crate::support::refusing_port();
    let url = format!("http://127.0.0.1:{port}/partner");
    let run = Run::of(home.against(&url, &["--json", "channels", "list"])).exits(1);
    assert_eq!(run.error()["code"], "network");
    assert_eq!(run.error()["status"], json!(null));
    assert_eq!(run.stderr.matches("Retrying").count(), 3, "tried four times, and said so: {}", run.stderr);
}
