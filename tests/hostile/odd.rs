//! What is odd but harmless doesn't refuse the rest, and what isn't told is unknown.

use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, channel, page};
use crate::support::{FakeApi, Home, Reply, Run};

const ID: &str = "65b37833afe781e84afa0001";
const OTHER: &str = "65b37833afe781e84afa0002";

fn run(home: &Home, url: &str, arguments: &[&str]) -> Run {
    let mut command = home.against(url, arguments);
    command.env("SOCIALCHAT_TOKEN", TOKEN);
    Run::of(command)
}

fn with(mut channel: Value, field: &str, value: Value) -> Value {
    channel[field] = value;
    channel
}

/// An API that answers everything with one document.
fn saying(document: Value) -> FakeApi {
    FakeApi::start(move |_| Reply::Json(200, document.to_string()))
}

#[test]
fn one_channel_without_a_usable_id_is_left_out_and_the_place_is_told() {
    for id in [json!(7), json!(null), json!(""), json!("a/b"), json!({ "$oid": "s3cret-of-the-answer" })] {
        let docs = [
            channel(ID, "messenger", "p1", "one"),
            with(channel("", "messenger", "p2", "odd"), "_id", id),
            channel(OTHER, "messenger", "p3", "three"),
        ];
        let api = saying(json!({ "docs": docs }));
        let run = run(&Home::new(), &api.url, &["--json", "channels", "list"]).exits(0);
        let list = run.json();
        assert_eq!((&list["total"], &list["channels"][1]["name"]), (&json!(2), &json!("three")));
        assert!(run.stderr.contains("docs[1]._id"), "{}", run.stderr);
        assert!(!run.stderr.contains("s3cret") && !run.stderr.contains("odd"), "{}", run.stderr);
    }
}

#[test]
fn what_is_left_out_is_told_once_and_not_without_end() {
    let docs: Vec<Value> =
        (0..100).map(|n| if n == 0 { channel(ID, "messenger", "p1", "one") } else { json!({}) }).collect();
    let api = saying(json!({ "docs": docs }));
    let run = run(&Home::new(), &api.url, &["channels", "list"]).exits(0);
    assert_eq!(run.stderr.matches("skipping a listed").count(), 20, "{}", run.stderr);
}

#[test]
fn one_page_without_a_usable_id_is_left_out_and_the_place_is_told() {
    let docs = [json!({ "name": "odd" }), page("p1", "one"), json!(["b", "2"])];
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        asked.target.contains("/account?").then(|| Reply::Json(200, json!({ "docs": docs }).to_string()))
    });
    let run = run(&Home::new(), partner.url(), &["--json", "pages", "messenger"]).exits(0);
    let pages = run.json()["pages"].as_array().unwrap().clone();
    assert!(pages.len() == 1 && pages[0]["channelId"] == "p1", "{pages:?}");
    for place in ["docs[0].channelId", "docs[2].channelId"] {
        assert!(run.stderr.contains(place), "{}", run.stderr);
    }
}

#[test]
fn odd_numbers_of_a_page_and_odd_fields_of_a_channel_refuse_nothing() {
    let list = |document: Value| {
        let api = saying(document);
        run(&Home::new(), &api.url, &["--json", "channels", "list"]).exits(0).json()["channels"].clone()
    };
    let docs = json!([channel(ID, "messenger", "p1", "Toko")]);
    for total in [json!(1.0), json!("1"), json!(-1), json!(1.5), json!(null), json!({}), json!(true)] {
        assert_eq!(list(json!({ "docs": docs, "totalPages": total }))[0]["name"], "Toko", "{total}");
    }
    for more in [json!(0), json!("false"), json!("0"), json!(null), json!([]), json!("no")] {
        assert_eq!(
            list(json!({ "docs": docs, "totalPages": 1, "hasNextPage": more }))[0]["name"],
            "Toko",
            "{more}"
        );
    }
    for (field, value, shown) in [
        ("name", json!({ "en": "Toko" }), json!(null)),
        ("name", json!(7), json!("7")),
        ("isConnected", json!(1), json!(true)),
        ("isConnected", json!("true"), json!(true)),
        ("isConnected", json!("false"), json!(false)),
        ("isConnected", json!(0), json!(false)),
        ("isConnected", json!(null), json!(null)),
        ("isConnected", json!("perhaps"), json!(null)),
    ] {
        let odd = with(channel(ID, "messenger", "p1", "Toko"), field, value.clone());
        assert_eq!(list(json!({ "docs": [odd] }))[0][field], shown, "{value}");
    }
}

#[test]
fn a_number_of_pages_that_is_text_and_more_that_is_a_number_are_followed() {
    let api = FakeApi::start(|asked| {
        let second = asked.target.contains("page=2");
        let docs = [channel(if second { OTHER } else { ID }, "messenger", "p1", "Toko")];
        Reply::Json(
            200,
            json!({ "docs": docs, "totalPages": "2", "hasNextPage": if second { 0 } else { 1 } }).to_string(),
        )
    });
    let list = run(&Home::new(), &api.url, &["--json", "channels", "list"]).exits(0).json();
    assert_eq!(list["total"], 2);
}

/// One that is connected, one that isn't, and one of which the API doesn't tell.
fn three() -> Value {
    let mut unknown = channel("65b37833afe781e84afa0003", "messenger", "p3", "untold");
    unknown.as_object_mut().unwrap().shift_remove("isConnected");
    let loose = with(channel(OTHER, "messenger", "p2", "loose"), "isConnected", json!(false));
    json!([channel(ID, "messenger", "p1", "fine"), loose, unknown])
}

#[test]
fn a_channel_whose_state_is_not_told_is_unknown_and_never_disconnected() {
    let api = saying(json!({ "docs": three() }));
    let home = Home::new();
    let list = |more: &[&str]| run(&home, &api.url, &[&["channels", "list"], more].concat()).exits(0);
    let shown = list(&[]);
    assert_eq!(shown.stdout.matches("unknown").count(), 1, "{}", shown.stdout);
    assert!(shown.stderr.contains("3 channels, 1 disconnected"), "{}", shown.stderr);
    assert_eq!(list(&["--json"]).json()["channels"][2]["isConnected"], Value::Null);
    assert!(list(&["--json"]).stdout.contains(r#""isConnected":null"#));
    assert_eq!(list(&["--json", "--disconnected"]).json()["total"], 1);
    assert_eq!(list(&["--json", "--connected"]).json()["total"], 1);

    let watched = run(&home, &api.url, &["--json", "channels", "watch", "--once"]).exits(5);
    let watched = watched.stdout.lines().next().unwrap().to_owned();
    let watched: Value = serde_json::from_str(&watched).unwrap();
    assert_eq!((watched["disconnected"].as_array().unwrap().len(), &watched["total"]), (1, &json!(3)));

    let mut world = World::new();
    world.channels = three().as_array().unwrap().clone();
    world.pages = vec![page("p1", "fine"), page("p2", "loose"), page("p3", "untold")];
    let partner = Partner::start(world);
    let done =
        run(&home, partner.url(), &["--json", "reconnect", "messenger", "--disconnected"]).exits(0).json();
    assert_eq!(done["results"].as_array().unwrap().len(), 1, "{done}");
    assert_eq!(done["results"][0]["_id"], OTHER);
}

#[test]
fn counts_are_written_as_people_write_them() {
    let connected = channel(ID, "messenger", "p1", "a");
    let loose = with(connected.clone(), "isConnected", json!(false));
    let untold = with(connected.clone(), "isConnected", Value::Null);
    let other = channel(OTHER, "messenger", "p2", "b");
    for (docs, code, says) in [
        (json!([]), 1, "error: no channels at all"),
        (json!([connected]), 0, "The only channel is connected."),
        (json!([connected, other]), 0, "All 2 channels are connected."),
        (json!([untold, other]), 0, "the API doesn't tell whether 1 of 2 channels are connected"),
        (json!([loose]), 5, "error: the only channel is disconnected"),
        (json!([loose, other]), 5, "error: 1 of 2 channels is disconnected"),
    ] {
        let api = saying(json!({ "docs": docs }));
        let run = run(&Home::new(), &api.url, &["channels", "watch", "--once"]).exits(code);
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
    }
}

#[test]
fn explanations_in_other_shapes_are_shown_and_long_ones_cut() {
    for body in [
        r#"{"error":{"message":"it rains","code":7}}"#,
        r#"{"error":"invalid","error_description":"it rains"}"#,
        r#"{"title":"Weather","detail":"it rains"}"#,
        r#"{"message":{"message":"it rains"}}"#,
        r#"{"message":"it rains","originalMessage":{"en":"x"}}"#,
        "it rains",
    ] {
        let api = FakeApi::start(move |_| Reply::Json(400, body.to_owned()));
        let error = run(&Home::new(), &api.url, &["--json", "channels", "list"]).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains("it rains"), "{body}: {error}");
    }
    let long =
        json!({ "message": "long ".repeat(13_000), "originalMessage": "line\n".repeat(3000) }).to_string();
    let api = FakeApi::start(move |_| Reply::Json(400, long.clone()));
    let home = Home::new();
    let error = run(&home, &api.url, &["--json", "channels", "list"]).exits(1).error();
    assert!(error["message"].as_str().unwrap().ends_with('…'), "{error}");
    assert!(error.to_string().len() < 1200, "{error}");
    assert_eq!(error["originalMessage"], "line\nline\nline\nline\nline…");
    let shown = run(&home, &api.url, &["channels", "list"]).exits(1);
    assert!(shown.stderr.lines().count() < 25, "{}", shown.stderr);
}

#[test]
fn the_kind_of_a_channel_is_no_path() {
    for kind in ["..", ".", "", "channel-app", "a/b", "messenger/../../x", "%2e%2e", "MESSENGER", "tiktok"] {
        let mut world = World::new();
        world.channels = vec![channel(ID, kind, "p1", "Toko")];
        let partner = Partner::start(world);
        let error = run(&Home::new(), partner.url(), &["--json", "--yes", "disconnect", ID]).exits(2).error();
        assert_eq!(error["code"], "unsupported", "{error}");
        assert!(
            error["message"].as_str().unwrap().contains("has no call to delete channels of the kind"),
            "{error}"
        );
        assert!(error["hint"].as_str().unwrap().contains("Socialchat itself"), "{error}");
        assert!(partner.api.asked().iter().all(|asked| asked.method == "GET"), "{kind}");
    }
}

#[test]
fn a_web_page_in_the_place_of_an_answer_says_to_check_the_api_url() {
    for status in [404, 405] {
        let mut world = World::new();
        world.channels = vec![channel(ID, "messenger", "p1", "Toko")];
        let partner = Partner::meddled(world, move |asked, _, _| {
            (asked.method == "DELETE")
                .then(|| Reply::Json(status, "<!doctype html><h1>Not here</h1>".to_owned()))
        });
        let error = run(&Home::new(), partner.url(), &["--json", "--yes", "disconnect", ID]).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains("a web page"), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("check the API URL"), "{error}");
    }
}

#[test]
fn a_hint_for_a_channel_of_another_kind_names_commands_that_there_are() {
    let home = Home::new();
    for kind in
        ["webchat", "linkchat", "telegram", "instagram", "whatsapp-unofficial", "whatsapp-official", "tiktok"]
    {
        let mut world = World::new();
        world.channels = vec![channel(ID, kind, "p1", "Toko")];
        let partner = Partner::start(world);
        for command in
            [&["reconnect", "messenger", ID][..], &["reconnect", "telegram", ID, "--bot-token-stdin"]]
        {
            if command[1] == kind {
                continue;
            }
            let error = run(&home, partner.url(), &[&["--json"], command].concat()).exits(2).error();
            let hint = error["hint"].as_str().unwrap();
            let commands: Vec<&str> = hint.split('`').skip(1).step_by(2).collect();
            assert_eq!(commands.is_empty(), matches!(kind, "whatsapp-official" | "tiktok"), "{kind}: {hint}");
            for command in commands {
                let words: Vec<&str> = command.split(' ').skip(1).collect();
                let help = home.run(&[&words[..], &["--help"]].concat());
                assert_eq!(help.code, Some(0), "{command}: {}", help.stderr);
            }
        }
    }
}
