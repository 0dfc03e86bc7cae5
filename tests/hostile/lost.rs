//! Connects and reconnects whose answer never comes: done once, and reported as done.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::partner::{Partner, World, channel, page};
use crate::support::{Asked, Home, Reply, Run};

const MANY: usize = 200;

fn run(home: &Home, partner: &Partner, arguments: &[&str]) -> Run {
    let mut command = home.against(partner.url(), arguments);
    command.env("SOCIALCHAT_TOKEN", "callback-token-1");
    Run::of(command)
}

fn world() -> World {
    World { pages: (0..MANY).map(|n| page(&format!("p{n}"), &format!("Toko {n}"))).collect(), ..World::new() }
}

fn is_connect(asked: &Asked) -> bool {
    asked.method == "POST" && asked.target == "/partner/channel/messenger"
}

fn how_often(partner: &Partner) -> HashMap<String, usize> {
    let mut count = HashMap::new();
    for channel in &partner.world().channels {
        *count.entry(channel["channelId"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    count
}

#[track_caller]
fn all_are(run: &Run, action: &str, count: usize) {
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), count);
    for result in results {
        assert_eq!(result["action"], action, "{result}");
        assert_eq!(result["error"], Value::Null);
        assert!(result["_id"].is_string(), "{result}");
    }
}

#[test]
fn of_200_connects_whose_answer_is_lost_none_is_made_twice_and_none_is_reported_as_failed() {
    // Lost as a closed connection, as half an answer, as a gateway's word, and as nonsense.
    let partner = Partner::meddled(world(), |asked, number, world| {
        is_connect(asked).then(|| {
            let _ = world.lock().unwrap().answer(asked);
            match number % 4 {
                0 => Reply::Close,
                1 => Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec()),
                2 => Reply::Json(504, "<html>gateway</html>".to_owned()),
                _ => Reply::Json(200, "{\"_id\":".to_owned()),
            }
        })
    });
    let home = Home::new();
    let run = run(&home, &partner, &["connect", "messenger", "--all", "--json"]).exits(0);
    all_are(&run, "connected", MANY);
    assert_eq!(partner.count("POST /partner/channel/messenger"), MANY, "nothing was sent twice");
    assert!(how_often(&partner).values().all(|count| *count == 1));
}

#[test]
fn connects_that_were_lost_on_the_way_there_are_sent_once_more() {
    let tried = Mutex::new(HashMap::<String, usize>::new());
    let partner = Partner::meddled(world(), move |asked, _, world| {
        if !is_connect(asked) {
            return None;
        }
        let mut tried = tried.lock().unwrap();
        let times = tried.entry(asked.body.clone()).or_default();
        *times += 1;
        // Some are done and their answer is lost, some never arrive; the second time one in five is lost again.
        match (*times, asked.body.len() % 2, tried.len() % 5) {
            (1, 0, _) => Some(Reply::Close),
            (1, ..) | (_, _, 0) => {
                let _ = world.lock().unwrap().answer(asked);
                Some(Reply::Close)
            }
            _ => None,
        }
    });
    let home = Home::new();
    let run = run(&home, &partner, &["connect", "messenger", "--all", "--json"]).exits(0);
    all_are(&run, "connected", MANY);
    let count = how_often(&partner);
    assert_eq!(count.len(), MANY);
    assert!(count.values().all(|count| *count == 1));
}

#[test]
fn of_200_reconnects_whose_answer_is_lost_none_is_reported_as_failed() {
    let mut world = world();
    world.channels = (0..MANY)
        .map(|n| {
            let mut channel =
                channel(&format!("{n:024x}"), "messenger", &format!("p{n}"), &format!("Toko {n}"));
            channel["isConnected"] = json!(n % 2 == 0);
            channel
        })
        .collect();
    let partner = Partner::meddled(world, |asked, _, world| {
        (asked.method == "POST").then(|| {
            let _ = world.lock().unwrap().answer(asked);
            Reply::Close
        })
    });
    let home = Home::new();
    let run = run(&home, &partner, &["reconnect", "messenger", "--all", "--json"]).exits(0);
    all_are(&run, "reconnected", MANY);
    assert!(partner.world().channels.iter().all(|channel| channel["isConnected"] == true));
    assert_eq!(partner.world().channels.len(), MANY);
}

#[test]
fn where_the_list_cannot_be_read_the_results_are_shown_all_the_same() {
    let looked = Mutex::new(false);
    let partner = Partner::meddled(World::new(), move |asked, _, world| {
        let mut looked = looked.lock().unwrap();
        if is_connect(asked) {
            *looked = true;
            return asked.body.contains("p2").then(|| {
                let _ = world.lock().unwrap().answer(asked);
                Reply::Close
            });
        }
        let lists = asked.target.starts_with("/partner/channel?");
        (*looked && lists).then(|| Reply::Json(500, String::new()))
    });
    let home = Home::new();
    let run = run(&home, &partner, &["connect", "messenger", "--all", "--json"]).exits(5);
    let results = run.json();
    assert_eq!(results["results"][0]["action"], "connected");
    assert_eq!(results["results"][1]["action"], "failed");
    assert!(run.stderr.contains("may be connected all the same"), "{}", run.stderr);
    assert_eq!(partner.count("POST /partner/channel/messenger"), 2, "nothing is sent again blindly");
}
