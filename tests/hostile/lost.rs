//! Connects and reconnects whose answer never comes: done once, and reported as done.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};

use crate::partner::{Partner, World, channel, page, refusal};
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

/// Statuses of a gateway, or of an API that fails after its work, which tell nothing about it.
const PROVE_NOTHING: [u16; 9] = [408, 429, 500, 502, 503, 504, 520, 524, 530];

fn is_write(asked: &Asked) -> bool {
    asked.method == "POST" || asked.method == "DELETE"
}

/// An API with a channel, whose gateway answers this to the first write; it was carried out before, or never is.
fn gateway(status: u16, carried_out: bool) -> Partner {
    let mut world = World::new();
    world.channels =
        vec![channel(ID, "messenger", "p1", "Toko"), channel(BOT, "telegram", "7111222333", "bot")];
    let answered = Mutex::new(false);
    Partner::meddled(world, move |asked, _, world| {
        if !is_write(asked) || std::mem::replace(&mut *answered.lock().unwrap(), true) {
            return None;
        }
        if carried_out {
            let _ = world.lock().unwrap().answer(asked);
        }
        Some(Reply::Json(status, "<html>gateway</html>".to_owned()))
    })
}

const ID: &str = "65b37833afe781e84afa0001";
const BOT: &str = "65b37833afe781e84afa0002";
const BOT_TOKEN: &str = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";

/// Every command that writes with a POST or DELETE, and whether to do it twice is harmless once it is known that it
/// wasn't done.
const WRITES: [(&[&str], bool); 7] = [
    (&["--json", "connect", "messenger", "--page", "p2"], true),
    (&["--json", "reconnect", "messenger", ID], true),
    (&["--json", "--yes", "disconnect", ID], true),
    (&["--json", "reconnect", "telegram", BOT, "--bot-token-stdin"], true),
    (&["--json", "connect", "telegram", "--bot-token-stdin"], false),
    (&["--json", "connect", "linkchat", "--name", "Toko"], false),
    (&["--json", "connect", "webchat", "--name", "Toko", "--website-url", "https://a.example"], false),
];

/// With a callback token in the environment, and a bot's on stdin.
fn with_bot_token(home: &Home, partner: &Partner, arguments: &[&str]) -> std::process::Command {
    let stdin = home.dir.path().join("stdin");
    std::fs::write(&stdin, BOT_TOKEN).unwrap();
    let mut command = home.against(partner.url(), arguments);
    command.env("SOCIALCHAT_TOKEN", "callback-token-1").stdin(std::fs::File::open(&stdin).unwrap());
    command
}

/// Runs it against that gateway; gives the run, and how many writes arrived.
fn through(status: u16, carried_out: bool, arguments: &[&str]) -> (Run, usize, Partner) {
    let (home, partner) = (Home::new(), gateway(status, carried_out));
    let run = Run::of(with_bot_token(&home, &partner, arguments));
    let sent = partner.api.asked().iter().filter(|asked| is_write(asked)).count();
    (run, sent, partner)
}

#[test]
fn what_was_done_is_sent_once_and_reported_as_done_whatever_a_gateway_answers() {
    for status in PROVE_NOTHING {
        for (arguments, _) in WRITES {
            let (run, sent, partner) = through(status, true, arguments);
            let run = run.exits(0);
            assert_eq!(sent, 1, "{status} {arguments:?}: {}", run.stderr);
            let result = run.json()["results"][0].clone();
            assert_eq!(result["error"], Value::Null, "{status} {arguments:?}");
            assert!(result["_id"].is_string(), "{result}");
            let channels = &partner.world().channels;
            let there = channels.iter().any(|channel| channel["_id"] == result["_id"]);
            assert_eq!(there, !arguments.contains(&"disconnect"), "{channels:?}");
        }
    }
}

#[test]
fn what_was_not_done_is_sent_again_only_after_looking_and_only_where_that_makes_no_second() {
    thread::scope(|scope| {
        for (arguments, harmless) in WRITES {
            scope.spawn(move || {
                for status in [503, 524, 500] {
                    let (run, sent, partner) = through(status, false, arguments);
                    // A 500 may be the API's own no.
                    let again = harmless && status != 500;
                    assert_eq!(sent, if again { 2 } else { 1 }, "{status} {arguments:?}: {}", run.stderr);
                    let run = run.exits(if again { 0 } else { 1 });
                    if !again {
                        let error = run.error();
                        assert_eq!(error["status"], status, "{arguments:?}: {error}");
                        let hint = error["hint"].as_str().unwrap();
                        let looks = hint.contains("check before you try again");
                        assert_eq!(looks, status != 500, "a gateway may have given up too early: {error}");
                        assert_eq!(partner.world().channels.len(), 2, "{arguments:?}");
                    }
                }
            });
        }
    });
}

#[test]
fn a_refusal_that_says_when_to_come_again_is_waited_for_and_sent_again() {
    for status in [429, 503] {
        for (arguments, _) in WRITES {
            let refused = Mutex::new(false);
            let mut world = World::new();
            world.channels =
                vec![channel(ID, "messenger", "p1", "Toko"), channel(BOT, "telegram", "7111222333", "bot")];
            let partner = Partner::meddled(world, move |asked, _, _| {
                let first = is_write(asked) && !std::mem::replace(&mut *refused.lock().unwrap(), true);
                first.then(|| Reply::With(status, "Retry-After: 0\r\n".to_owned(), String::new()))
            });
            let home = Home::new();
            let stdin = home.dir.path().join("stdin");
            std::fs::write(&stdin, BOT_TOKEN).unwrap();
            let mut command = home.against(partner.url(), arguments);
            command
                .env("SOCIALCHAT_TOKEN", "t0ken-of-the-callback")
                .stdin(std::fs::File::open(&stdin).unwrap());
            Run::of(command).exits(0);
            assert_eq!(
                partner.api.asked().iter().filter(|asked| is_write(asked)).count(),
                2,
                "{arguments:?}"
            );
        }
    }
}

#[test]
fn a_chat_of_the_same_name_that_was_there_before_is_not_taken_for_the_new_one() {
    for kind in ["webchat", "linkchat", "whatsapp-unofficial"] {
        let mut world = World::new();
        let mut earlier = channel(ID, kind, "", "Toko");
        // By its clock it was made after this run began.
        earlier["createdAt"] = json!("2999-01-01T00:00:00.000Z");
        world.channels = vec![earlier];
        let partner = Partner::meddled(world, |asked, _, _| {
            (asked.method == "POST").then(|| Reply::Json(503, String::new()))
        });
        let home = Home::new();
        let arguments: &[&str] = match kind {
            "webchat" => &["connect", "webchat", "--name", "Toko", "--website-url", "https://a.example"],
            "linkchat" => &["connect", "linkchat", "--name", "Toko"],
            _ => &["connect", "whatsapp", "--name", "Toko", "--phone", "081234567890", "--qr-file", "c.png"],
        };
        let run = run(&home, &partner, &[&["--json"], arguments].concat()).exits(1);
        assert_eq!(run.error()["status"], 503, "{kind}");
        assert_eq!(partner.count(&format!("POST /partner/channel/{kind}")), 1, "{kind}");
    }
}

#[test]
fn where_nobody_can_look_it_is_said_that_it_is_not_known() {
    let posted = Mutex::new(false);
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        let mut posted = posted.lock().unwrap();
        *posted |= asked.method == "POST";
        posted.then(|| Reply::Json(500, r#"{"message":"Maaf"}"#.to_owned()))
    });
    let home = Home::new();
    let error = run(&home, &partner, &["--json", "connect", "linkchat", "--name", "Toko"]).exits(1).error();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("can't tell whether") && message.contains("Maaf"), "{message}");
    assert!(error["hint"].as_str().unwrap().contains("`socialchat-cli channels list`"), "{error}");
    assert_eq!(partner.count("POST /partner/channel/linkchat"), 1);
}

#[test]
fn a_connect_that_the_list_shows_only_after_it_was_sent_again_is_not_taken_for_another_account_s() {
    let posts = Mutex::new(0);
    let partner = Partner::meddled(World::new(), move |asked, _, world| {
        let mut posts = posts.lock().unwrap();
        if is_connect(asked) {
            *posts += 1;
            return Some(match *posts {
                1 => {
                    let _ = world.lock().unwrap().answer(asked);
                    Reply::Close
                }
                _ => refusal(403, "channel already connected with another account"),
            });
        }
        let lags = *posts == 1 && asked.target.starts_with("/partner/channel?");
        lags.then(|| Reply::Json(200, json!({ "docs": [] }).to_string()))
    });
    let home = Home::new();
    let run = run(&home, &partner, &["connect", "messenger", "--page", "p1", "--json"]).exits(0);
    all_are(&run, "connected", 1);
    assert_eq!(how_often(&partner)["p1"], 1);
}

#[test]
fn a_bot_s_channel_that_was_there_before_is_connected_only_when_it_shows_that() {
    for (was_connected, does) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut world = World::new();
        let mut bot = channel(BOT, "telegram", "7012345678", "bot");
        bot["isConnected"] = json!(was_connected);
        world.channels = vec![bot];
        let partner = Partner::meddled(world, move |asked, _, world| {
            (asked.method == "POST").then(|| {
                if does {
                    let bot = &mut world.lock().unwrap().channels[0];
                    bot["isConnected"] = json!(true);
                    bot["updatedAt"] = json!("2026-02-02T00:00:00.000Z");
                }
                Reply::Json(503, String::new())
            })
        });
        let home = Home::new();
        let connect = ["--json", "connect", "telegram", "--bot-token-stdin"];
        let run = Run::of(with_bot_token(&home, &partner, &connect)).exits(if does { 0 } else { 1 });
        assert_eq!(partner.count("POST /partner/channel/telegram"), 1);
        if does {
            assert_eq!(run.json()["results"][0]["_id"], BOT);
        } else {
            let error = run.error();
            assert!(error["message"].as_str().unwrap().contains("can't tell whether"), "{error}");
            assert_eq!(error["status"], 503);
        }
    }
}

/// An API whose gateway answers every write with 503, after it was carried out, and then the first so many looks with 500.
fn looks_fail(failing: usize) -> Partner {
    let mut world = World::new();
    world.channels =
        vec![channel(ID, "messenger", "p1", "Toko"), channel(BOT, "telegram", "7111222333", "bot")];
    let left = Mutex::new(None);
    Partner::meddled(world, move |asked, _, world| {
        let mut left = left.lock().unwrap();
        if is_write(asked) {
            *left = Some(failing);
            let _ = world.lock().unwrap().answer(asked);
            return Some(Reply::Json(503, String::new()));
        }
        let left = left.as_mut().filter(|left| **left > 0)?;
        *left -= 1;
        Some(Reply::Json(500, String::new()))
    })
}

#[test]
fn a_look_that_fails_is_followed_by_another() {
    thread::scope(|scope| {
        for (arguments, _) in WRITES {
            scope.spawn(move || {
                let (home, partner) = (Home::new(), looks_fail(1));
                let run = Run::of(with_bot_token(&home, &partner, arguments)).exits(0);
                assert_eq!(run.json()["results"][0]["error"], Value::Null, "{arguments:?}");
                assert_eq!(
                    partner.api.asked().iter().filter(|asked| is_write(asked)).count(),
                    1,
                    "{arguments:?}"
                );
            });
        }
    });
}

#[test]
fn where_no_look_succeeds_a_reconnect_and_a_disconnect_say_that_it_is_not_known() {
    for (arguments, what) in [
        (&["--json", "reconnect", "messenger", ID][..], "can't tell whether it was reconnected"),
        (
            &["--json", "reconnect", "telegram", BOT, "--bot-token-stdin"],
            "can't tell whether it was reconnected",
        ),
        (&["--json", "--yes", "disconnect", ID], "can't tell whether it was disconnected"),
    ] {
        let (home, partner) = (Home::new(), looks_fail(usize::MAX));
        let error = Run::of(with_bot_token(&home, &partner, arguments)).exits(1).error();
        let (message, hint) = (error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
        assert!(message.contains(what) && message.contains("503"), "{message}");
        let id = if arguments.contains(&BOT) { BOT } else { ID };
        assert!(hint.contains(&format!("`socialchat-cli channels show {id}`")), "{hint}");
        assert_eq!(error["status"], 503);
        assert_eq!(partner.api.asked().iter().filter(|asked| is_write(asked)).count(), 1, "{arguments:?}");
    }
}

#[test]
fn a_reconnect_is_not_proven_by_a_time_that_the_list_did_not_tell() {
    let mut world = World::new();
    world.channels = vec![channel(ID, "messenger", "p1", "Toko")];
    let partner = Partner::meddled(world, |asked, _, world| {
        if is_write(asked) {
            return Some(Reply::Json(503, String::new()));
        }
        asked.target.starts_with("/partner/channel?").then(|| {
            let mut listed = world.lock().unwrap().channels[0].clone();
            listed.as_object_mut().unwrap().shift_remove("updatedAt");
            Reply::Json(200, json!({ "docs": [listed], "hasNextPage": false }).to_string())
        })
    });
    let home = Home::new();
    let run = run(&home, &partner, &["--json", "reconnect", "messenger", "--all"]).exits(1);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    assert_eq!(run.error()["status"], 503);
}
