//! channels list, channels show.

mod list;
mod plan;
mod show;
mod watch;
#[cfg(unix)]
mod watch_commands;

use serde_json::json;

use crate::person::{names, requests};
use crate::support::{FakeApi, Home, Reply, Run, Served};

#[test]
fn list_as_json_is_the_channels_and_their_number() {
    let home = Home::new();
    let run = home.run(&["--sandbox", "channels", "list", "--json"]).exits(0);
    let document = run.json();
    assert_eq!(names(&document), ["channels", "total"]);
    assert_eq!(document["total"], 3);
    let first = &document["channels"][0];
    for (field, value) in [
        ("_id", json!("6a1cd9cc5a4db00000000001")),
        ("name", json!("Batik Sekar Arum")),
        ("channelId", json!("17841407723164802")),
        ("channelType", json!("instagram")),
        ("isConnected", json!(false)),
    ] {
        assert_eq!(first[field], value, "{first}");
    }
}

#[test]
fn list_for_people_is_a_table_and_a_count() {
    let home = Home::new();
    let run = home.run(&["--sandbox", "channels", "list"]).exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0].split_whitespace().collect::<Vec<_>>(),
        ["KIND", "NAME", "STATE", "CHANNEL", "ID", "_ID", "SINCE"]
    );
    for part in [
        "instagram",
        "Batik Sekar Arum",
        "disconnected",
        "17841407723164802",
        "6a1cd9cc5a4db00000000001",
        "2026-08-30",
    ] {
        assert!(lines[1].contains(part), "{part}: {}", lines[1]);
    }
    assert!(run.stderr.contains("3 channels, 1 disconnected"), "{}", run.stderr);
}

#[test]
fn filters_narrow_it() {
    let home = Home::new();
    let total = |arguments: &[&str]| {
        home.run(&[&["--sandbox", "--json", "channels", "list"], arguments].concat()).exits(0).json()["total"]
            .clone()
    };
    assert_eq!(total(&["--disconnected"]), 1);
    assert_eq!(total(&["--connected"]), 2);
    assert_eq!(total(&["--kind", "telegram"]), 1);
    assert_eq!(total(&["--kind", "telegram", "--kind", "webchat"]), 2);
    assert_eq!(total(&["--kind", "telegram", "--disconnected"]), 0);
    assert_eq!(total(&["--kind", "fax"]), 0, "a platform may have one");
    assert_eq!(total(&["--search", "mawar"]), 1);
    assert_eq!(total(&["--search", "toko batik"]), 1, "in the label as well");
    assert_eq!(total(&["--search", "nothing like it"]), 0);
    assert_eq!(total(&["--limit", "2"]), 3);
    assert_eq!(total(&["--limit", "1", "--connected"]), 2);
    for bad in [
        vec!["--connected", "--disconnected"],
        vec!["--limit", "0"],
        vec!["--kind", ""],
        vec!["--limit", "x"],
    ] {
        home.run(&[vec!["--sandbox", "channels", "list"], bad].concat()).exits(2);
    }
}

#[test]
fn an_empty_list_is_no_failure() {
    let home = Home::new();
    let arguments = ["--sandbox", "channels", "list", "--kind", "linkchat"];
    let run = home.run(&arguments).exits(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("0 channels"), "{}", run.stderr);
    let run = home.run(&[&arguments[..], &["--json"]].concat()).exits(0);
    assert_eq!(run.json(), json!({ "channels": [], "total": 0 }));
}

#[test]
fn a_server_that_knows_no_filter_is_filtered_here() {
    let home = Home::new();
    let api = FakeApi::start(|_| {
        let doc =
            |id: u32, kind: &str| json!({ "_id": format!("{id:024x}"), "name": "n", "channelType": kind });
        Reply::Json(
            200,
            json!({ "docs": [doc(1, "messenger"), doc(2, "fax")], "hasNextPage": false }).to_string(),
        )
    });
    let run =
        Run::of(home.against(&api.url, &["--json", "channels", "list", "--kind", "messenger"])).exits(0);
    assert_eq!(run.json()["total"], 1);
    let run = Run::of(home.against(&api.url, &["channels", "list"])).exits(0);
    assert!(run.stdout.contains("fax"), "unknown kinds are to be expected: {}", run.stdout);
    assert!(api.asked()[0].target.contains("page=1&limit="), "{}", api.asked()[0].target);
}

#[test]
fn all_pages_of_the_listing_are_followed_and_a_limit_stops_early() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "1000", "--channels", "1000", "--disconnected", "7"]).exits(0);
    let sandbox = Served::start(&home, &[]);
    let run = Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list"])).exits(0);
    let channels = run.json()["channels"].as_array().unwrap().clone();
    assert_eq!(channels.len(), 1000);
    let ids: std::collections::HashSet<String> =
        channels.iter().map(|channel| channel["_id"].to_string()).collect();
    assert_eq!(ids.len(), 1000);
    assert_eq!(requests(&sandbox, "GET", "/partner/channel"), 10);
    let run =
        Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list", "--limit", "5"])).exits(0);
    assert_eq!((&run.json()["total"], run.json()["channels"].as_array().unwrap().len()), (&json!(1000), 5));
    assert_eq!(requests(&sandbox, "GET", "/partner/channel"), 11, "one call was enough");
    let run = Run::of(home.against(&sandbox.api_url, &["channels", "list", "--disconnected"])).exits(0);
    assert!(run.stderr.contains("7 channels, 7 disconnected"), "{}", run.stderr);
}

#[test]
fn a_listing_that_breaks_off_is_an_error() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "250", "--channels", "250"]).exits(0);
    let sandbox = Served::start(&home, &["--fault", "GET /partner/channel=500@every 3"]);
    let run = Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list"])).exits(1);
    assert_eq!(run.error()["code"], "api");
    assert!(serde_json::from_str::<serde_json::Value>(&run.stdout).is_err(), "no document that looks whole");
    let run = Run::of(home.against(&sandbox.api_url, &["channels", "list"])).exits(1);
    assert_eq!(run.stdout, "", "no table that looks whole");
}

#[test]
fn show_is_the_channel_without_its_secret() {
    let home = Home::new();
    let id = "6a1cda085a4db00000000002";
    let api_has = {
        let sandbox = Served::start(&home, &[]);
        sandbox.api("GET", &format!("/partner/channel/{id}"), "").1
    };
    assert!(api_has.contains("accessToken"), "the sandbox sends one: {api_has}");
    let sent: serde_json::Value = serde_json::from_str(&api_has).unwrap();
    let secret = sent["token"]["accessToken"].as_str().unwrap();
    let run = home.run(&["--sandbox", "channels", "show", id, "--json"]).exits(0);
    let shown = run.json();
    for field in ["_id", "name", "channelId", "channelType", "isConnected", "status", "createdAt"] {
        assert_eq!(shown[field], sent[field], "{field}");
    }
    assert!(shown.get("token").is_none(), "{shown}");
    let people = home.run(&["--sandbox", "-vv", "channels", "show", id]).exits(0);
    for part in ["kopi_senja_sandbox_bot", "telegram", "connected", id, "7012345678"] {
        assert!(people.stdout.contains(part), "{part}: {}", people.stdout);
    }
    let list = home.run(&["--sandbox", "--json", "channels", "list"]).exits(0);
    for run in [run, people, list] {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{run:?}");
    }
}

#[test]
fn show_takes_an_exact_name_and_suggests_near_ones() {
    let home = Home::new();
    let show = |what: &str| home.run(&["--sandbox", "--json", "channels", "show", what]);
    assert_eq!(show("Batik Sekar Arum").exits(0).json()["channelType"], "instagram");
    assert_eq!(show("6A1CD9CC5A4DB00000000001").exits(0).json()["channelType"], "instagram");
    let error = show("Situs").exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("no such channel: Situs"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("Situs Toko Roti Mawar"), "{error}");
    let error = show("000000000000000000000000").exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("no such channel"), "not a parse error: {error}");
    assert!(error["hint"].as_str().unwrap().contains("channels list"), "{error}");
    home.run(&["--sandbox", "channels", "show"]).exits(2);
}

#[test]
fn a_name_that_two_have_is_not_guessed() {
    let home = Home::new();
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all"]).exits(0);
    let error = home.run(&["--sandbox", "--json", "channels", "show", "Batik Sekar Arum"]).exits(2).error();
    assert_eq!(error["code"], "usage");
    assert_eq!(error["hint"].as_str().unwrap().matches("Batik Sekar Arum").count(), 3, "{error}");
}

#[test]
fn an_id_is_one_segment_of_a_path() {
    let home = Home::new();
    let api = FakeApi::start(|_| Reply::Json(200, r#"{"docs":[]}"#.to_owned()));
    for id in ["../../etc", "a/b", "a?b=c", "..", "%2e%2e", "x#y"] {
        Run::of(home.against(&api.url, &["channels", "show", id])).exits(1);
    }
    for asked in api.asked() {
        assert_eq!(asked.target.split('?').next(), Some("/partner/channel"), "{}", asked.target);
    }
}
