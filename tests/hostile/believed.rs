//! Answers with a status of success that are not the documented ones: nothing of them is believed.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::partner::{Partner, TOKEN, World, channel, page};
use crate::support::{Asked, FakeApi, Home, Reply, Run};

const ID: &str = "65b37833afe781e84afa0001";
const OTHER: &str = "65b37833afe781e84afa0002";

/// Bodies that are no listing.
const NO_LISTINGS: [&str; 12] = [
    "",
    "null",
    "{}",
    "[]",
    "[[]]",
    "7",
    r#"{"data":{"docs":[]}}"#,
    r#"{"docs":{}}"#,
    r#"{"docs":null}"#,
    r#"{"docs":[{"id":"a"},{"id":"b"}]}"#,
    r#"{"statusCode":401,"message":"Maaf","originalMessage":"invalid app id or secret key"}"#,
    r#"{"success":false,"message":"Maaf"}"#,
];

fn run(home: &Home, partner: &Partner, arguments: &[&str]) -> Run {
    Run::of(with_bot_token(home, partner, arguments))
}

/// With a callback token in the environment, and a bot's on stdin.
fn with_bot_token(home: &Home, partner: &Partner, arguments: &[&str]) -> std::process::Command {
    let stdin = home.dir.path().join("stdin");
    std::fs::write(&stdin, "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1").unwrap();
    let mut command = home.against(partner.url(), arguments);
    command.env("SOCIALCHAT_TOKEN", TOKEN).stdin(std::fs::File::open(&stdin).unwrap());
    command
}

fn is_list(asked: &Asked) -> bool {
    asked.method == "GET" && asked.target.starts_with("/partner/channel?")
}

/// What was sent beside what only reads.
fn writes(partner: &Partner) -> Vec<String> {
    let asked = partner.api.asked().into_iter().filter(|asked| asked.method != "GET");
    asked.map(|asked| format!("{} {}", asked.method, asked.target)).collect()
}

#[test]
fn what_is_no_list_of_channels_is_an_error_for_every_command_that_reads_it() {
    for body in NO_LISTINGS {
        for arguments in [
            &["--json", "channels", "list"][..],
            &["--json", "channels", "watch", "--once"],
            &["--json", "whoami"],
            &["--json", "channels", "show", "Toko"],
            &["--json", "pages", "messenger"],
            &["--json", "connect", "messenger", "--all"],
            &["--json", "reconnect", "messenger", "--all"],
            &["--json", "connect", "linkchat", "--name", "Toko"],
            &["--json", "--yes", "disconnect", "Toko"],
        ] {
            let partner = Partner::meddled(World::new(), move |asked, _, _| {
                is_list(asked).then(|| Reply::Json(200, body.to_owned()))
            });
            let home = Home::new();
            let run = run(&home, &partner, arguments);
            // whoami itself tells what it was told of the credentials.
            let refused = body.contains("401");
            let run = run.exits(if refused { 3 } else { 1 });
            assert!(!run.stdout.contains("\"accepted\":true"), "{body} {arguments:?}: {}", run.stdout);
            if arguments[1] != "whoami" || !refused {
                assert!(
                    run.error()["message"].as_str().unwrap().contains("list the channels"),
                    "{}",
                    run.stderr
                );
                // Where JSON is written as it comes, it may have begun.
                assert!(!run.stdout.contains("total"), "{body} {arguments:?}: {}", run.stdout);
            }
            assert_eq!(writes(&partner), [] as [&str; 0], "{body} {arguments:?}");
        }
    }
}

#[test]
fn no_credentials_are_stored_on_the_word_of_what_is_no_listing() {
    for body in NO_LISTINGS {
        let api = FakeApi::start(move |_| Reply::Json(200, body.to_owned()));
        let home = Home::new();
        let login = ["--api-url", &api.url, "login", "--api-key-stdin"];
        let run = home.run_with(&login, "a-long-key-0123456789\n");
        assert!(matches!(run.code, Some(1 | 3)), "{body}: {run:?}");
        assert_eq!(home.files().keys().find(|path| path.ends_with("credentials.json")), None, "{body}");
    }
}

#[test]
fn what_is_no_list_of_pages_is_an_error_and_nothing_is_connected() {
    for body in NO_LISTINGS.into_iter().chain([r#"{"docs":[["a","1"],["b","2"]]}"#]) {
        for arguments in [&["--json", "pages", "messenger"][..], &["--json", "connect", "messenger", "--all"]]
        {
            let partner = Partner::meddled(World::new(), move |asked, _, _| {
                asked.target.contains("/account?").then(|| Reply::Json(200, body.to_owned()))
            });
            let home = Home::new();
            let run = run(&home, &partner, arguments);
            assert!(matches!(run.code, Some(1 | 3)), "{body}: {run:?}");
            assert!(run.error()["message"].as_str().unwrap().contains("list the Messenger Pages"), "{run:?}");
            assert_eq!(writes(&partner), [] as [&str; 0], "{body}");
        }
    }
}

#[test]
fn an_error_document_is_a_refusal_whatever_its_status() {
    for status_code in [json!(403), json!("403"), json!(403.0)] {
        let body = json!({ "statusCode": status_code, "message": "Maaf", "originalMessage": "no such luck" });
        let body = body.to_string();
        for (method, arguments) in [
            ("POST", &["--json", "connect", "messenger", "--page", "p2"][..]),
            ("POST", &["--json", "connect", "messenger", "--page", "p1"]),
            ("POST", &["--json", "connect", "linkchat", "--name", "Toko"]),
            ("POST", &["--json", "connect", "telegram", "--bot-token-stdin"]),
            ("POST", &["--json", "reconnect", "messenger", ID]),
            ("DELETE", &["--json", "--yes", "disconnect", ID]),
            ("PUT", &["--json", "callback", "set", "--messenger", "https://new.example/x"]),
        ] {
            let mut world = World::new();
            world.channels = vec![channel(ID, "messenger", "p1", "Toko Bunga")];
            let body = body.clone();
            let partner = Partner::meddled(world, move |asked, _, _| {
                (asked.method == method).then(|| Reply::Json(200, body.clone()))
            });
            let home = Home::new();
            let error = run(&home, &partner, arguments).exits(1).error();
            assert_eq!(
                (&error["status"], &error["originalMessage"]),
                (&json!(403), &json!("no such luck")),
                "{arguments:?}"
            );
            assert_eq!(
                writes(&partner).iter().filter(|line| line.starts_with(method)).count(),
                1,
                "{arguments:?}"
            );
        }
    }
}

/// Every command that writes something other than settings, with a channel for those that need one.
const WRITES: [&[&str]; 7] = [
    &["--json", "connect", "messenger", "--page", "p2"],
    &["--json", "connect", "messenger", "--page", "p1"],
    &["--json", "connect", "linkchat", "--name", "Toko"],
    &["--json", "connect", "telegram", "--bot-token-stdin"],
    &["--json", "reconnect", "messenger", ID],
    &["--json", "reconnect", "telegram", OTHER, "--bot-token-stdin"],
    &["--json", "--yes", "disconnect", ID],
];

/// A partner with these two, whose every write is answered so, carried out before or not at all.
fn answering(body: &'static str, carries_out: bool) -> Partner {
    let mut world = World::new();
    world.channels =
        vec![channel(ID, "messenger", "p1", "Toko Bunga"), channel(OTHER, "telegram", "7111222333", "bot")];
    Partner::meddled(world, move |asked, _, world| {
        (asked.method != "GET").then(|| {
            if carries_out {
                let _ = world.lock().unwrap().answer(asked);
            }
            Reply::Json(200, body.to_owned())
        })
    })
}

#[test]
fn an_answer_that_says_that_it_failed_is_a_refusal_and_its_words_are_shown() {
    for (body, says) in [
        (r#"{"error":"forbidden"}"#, "forbidden"),
        (r#"{"error":true,"message":"forbidden"}"#, "forbidden"),
        (r#"{"errors":[{"message":"forbidden"}]}"#, "forbidden"),
        (r#"{"status":"error","message":"forbidden"}"#, "forbidden"),
        (r#"{"status":"FAILED"}"#, "the answer says that it failed"),
        (r#"{"status":403,"message":"forbidden"}"#, "forbidden"),
        (r#"{"ok":false,"description":"forbidden"}"#, "forbidden"),
    ] {
        thread::scope(|scope| {
            let set: &[&str] = &["--json", "callback", "set", "--messenger", "https://new.example/x"];
            for arguments in WRITES.into_iter().chain([set]) {
                scope.spawn(move || {
                    let (home, partner) = (Home::new(), answering(body, false));
                    let error = run(&home, &partner, arguments).exits(1).error();
                    let message = error["message"].as_str().unwrap();
                    assert!(message.contains(says), "{body} {arguments:?}: {message}");
                    assert_eq!(writes(&partner).len(), 1, "{body} {arguments:?}");
                });
            }
        });
    }
}

#[test]
fn an_answer_that_is_not_documented_is_success_only_where_the_channels_show_it() {
    thread::scope(|scope| {
        for (arguments, body) in WRITES.into_iter().zip([r#"{"queued":1}"#, r#"{"data":{}}"#].iter().cycle())
        {
            scope.spawn(move || {
                let (home, partner) = (Home::new(), answering(body, true));
                let done = run(&home, &partner, arguments).exits(0).json();
                assert_eq!(done["results"][0]["error"], Value::Null, "{body} {arguments:?}");
                assert_eq!(writes(&partner).len(), 1, "{body} {arguments:?}");

                let (home, partner) = (Home::new(), answering(body, false));
                let error = run(&home, &partner, arguments).exits(1).error();
                let message = error["message"].as_str().unwrap();
                assert!(message.contains("not the documented JSON"), "{body} {arguments:?}: {message}");
            });
        }
    });
}

#[test]
fn an_account_that_cannot_be_listed_is_no_gap_in_the_list_of_channels() {
    let partner = Partner::meddled(World::new(), |asked, _, _| {
        if asked.target.contains("/account?") {
            let docs = [page("p1", "Toko Bunga"), json!({ "name": "odd" })];
            return Some(Reply::Json(200, json!({ "docs": docs, "hasNextPage": false }).to_string()));
        }
        (asked.method == "POST").then(|| Reply::Json(200, String::new()))
    });
    let home = Home::new();
    let run = run(&home, &partner, &["--json", "connect", "messenger", "--all"]).exits(1);
    assert_eq!(run.json()["results"][0]["action"], "failed");
    let error = run.error();
    assert!(error["message"].as_str().unwrap().contains("doesn't show it"), "{error}");
}

#[test]
fn what_is_no_channel_is_neither_one_nor_the_word_that_it_is_gone() {
    for body in [
        "{}",
        "[]",
        "7",
        r#"{"data":{"_id":"65b37833afe781e84afa0001"}}"#,
        r#"{"statusCode":500,"message":"Maaf"}"#,
        r#"{"success":false}"#,
        "<html>gone</html>",
    ] {
        for arguments in [
            &["--json", "channels", "show", ID][..],
            &["--json", "--yes", "disconnect", ID],
            &["--json", "reconnect", "messenger", ID],
        ] {
            let mut world = World::new();
            world.channels = vec![channel(ID, "messenger", "p1", "mine")];
            let partner = Partner::meddled(world, move |asked, _, _| {
                asked.target.ends_with(ID).then(|| Reply::Json(200, body.to_owned()))
            });
            let home = Home::new();
            let message = run(&home, &partner, arguments).exits(1).error()["message"].to_string();
            assert!(message.contains("can't read channel"), "{body} {arguments:?}: {message}");
            assert_eq!(writes(&partner), [] as [&str; 0], "{body} {arguments:?}");
        }
        // Nor after a delete that got no answer, and wasn't carried out.
        let deleted = Mutex::new(false);
        let mut world = World::new();
        world.channels = vec![channel(ID, "messenger", "p1", "mine")];
        let partner = Partner::meddled(world, move |asked, _, _| {
            if asked.method == "DELETE" {
                *deleted.lock().unwrap() = true;
                return Some(Reply::Close);
            }
            deleted.lock().unwrap().then(|| Reply::Json(200, body.to_owned()))
        });
        let home = Home::new();
        let run = run(&home, &partner, &["--json", "--yes", "disconnect", ID]).exits(1);
        assert_eq!(run.json()["results"][0]["action"], "failed", "{body}");
    }
}

#[test]
fn the_answer_about_another_channel_is_not_acted_on() {
    let world = || {
        let mut world = World::new();
        world.channels =
            vec![channel(ID, "messenger", "p1", "mine"), channel(OTHER, "telegram", "p2", "other")];
        world
    };
    for arguments in [
        &["--json", "channels", "show", ID][..],
        &["--json", "--yes", "disconnect", ID],
        &["--json", "reconnect", "messenger", ID],
        &["--json", "reconnect", "telegram", ID, "--bot-token-stdin"],
    ] {
        let partner = Partner::meddled(world(), |asked, _, _| {
            asked
                .target
                .ends_with(ID)
                .then(|| Reply::Json(200, channel(OTHER, "messenger", "p2", "other").to_string()))
        });
        let home = Home::new();
        let run = run(&home, &partner, arguments).exits(1);
        let message = run.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(ID) && message.contains(OTHER), "it names both: {message}");
        assert_eq!(writes(&partner), [] as [&str; 0], "{arguments:?}");
        assert!(!run.stdout.contains("other"), "{}", run.stdout);
    }
}

#[test]
fn a_phone_is_not_linked_by_the_answer_about_another_channel() {
    let partner = Partner::meddled(World::new(), |asked, _, _| match asked.method.as_str() {
        "POST" => Some(Reply::Json(201, json!({ "_id": ID }).to_string())),
        _ if is_list(asked) => None,
        _ => Some(Reply::Json(200, channel(OTHER, "whatsapp-unofficial", "1", "other").to_string())),
    });
    let home = Home::new();
    let arguments =
        ["--json", "connect", "whatsapp", "--name", "Toko", "--phone", "081234567890", "--qr-file", "c.png"];
    let run = run(&home, &partner, &arguments).exits(1);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains(ID) && message.contains(OTHER), "{message}");
}

#[test]
fn a_telegram_channel_takes_no_name_from_another() {
    let partner = Partner::meddled(World::new(), |asked, _, _| match asked.method.as_str() {
        "POST" => Some(Reply::Json(201, json!({ "_id": ID }).to_string())),
        _ if is_list(asked) => None,
        _ => Some(Reply::Json(200, channel(OTHER, "telegram", "1", "other").to_string())),
    });
    let home = Home::new();
    let arguments = ["--json", "connect", "telegram", "--bot-token-stdin"];
    let result = run(&home, &partner, &arguments).exits(0).json()["results"][0].clone();
    assert_eq!(
        (&result["_id"], &result["channelId"], &result["name"]),
        (&json!(ID), &json!("7012345678"), &json!(null))
    );
}

#[test]
fn a_channel_that_neither_the_answer_names_nor_the_list_shows_is_no_success() {
    const WEBCHAT: [&str; 7] =
        ["--json", "connect", "webchat", "--name", "Toko", "--website-url", "https://a.example"];
    let bodies = ["", "{}", "[]", "null", r#"{"success":true}"#, "OK", "<html>fine</html>"];
    thread::scope(|scope| {
        for (kind, arguments) in [
            ("linkchat", &["--json", "connect", "linkchat", "--name", "Toko"][..]),
            ("webchat", &WEBCHAT),
            ("Page", &["--json", "connect", "messenger", "--page", "p1"]),
        ] {
            scope.spawn(move || bodies.map(|body| is_no_success(body, kind, arguments)));
        }
    });
}

fn is_no_success(body: &'static str, kind: &str, arguments: &[&str]) {
    let partner = Partner::meddled(World::new(), move |asked, _, _| {
        (asked.method == "POST").then(|| Reply::Json(200, body.to_owned()))
    });
    let home = Home::new();
    let run = run(&home, &partner, arguments).exits(1);
    assert!(!run.stdout.contains("\"connected\""), "{body} {kind}: {}", run.stdout);
    if body.is_empty() || body == "null" || body.starts_with('{') {
        let error = run.error();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(kind) && message.contains("doesn't show it"), "{message}");
        assert!(error["hint"].as_str().unwrap().contains("`socialchat-cli channels list`"), "{error}");
    }
}

#[test]
fn a_list_that_lags_is_looked_at_again_before_anything_is_said() {
    for arguments in [
        &["--json", "connect", "linkchat", "--name", "Toko"][..],
        &["--json", "connect", "messenger", "--page", "p1"],
    ] {
        let posted = Mutex::new(None::<Instant>);
        let partner = Partner::meddled(World::new(), move |asked, _, world| {
            let mut posted = posted.lock().unwrap();
            if asked.method == "POST" {
                *posted = Some(Instant::now());
                let _ = world.lock().unwrap().answer(asked);
                return Some(Reply::Json(200, String::new()));
            }
            let lags = posted.is_some_and(|at| at.elapsed() < Duration::from_millis(1200));
            (lags && is_list(asked)).then(|| Reply::Json(200, json!({ "docs": [] }).to_string()))
        });
        let home = Home::new();
        let result = run(&home, &partner, arguments).exits(0).json()["results"][0].clone();
        assert_eq!(result["action"], "connected");
        assert!(result["_id"].is_string(), "{result}");
        assert_eq!(writes(&partner).len(), 1);
    }
}

#[test]
fn a_connected_page_is_not_called_missing_where_the_list_has_gaps() {
    let mut world = World::new();
    let mut nameless = channel("", "messenger", "", "odd");
    nameless.as_object_mut().unwrap().shift_remove("channelId");
    world.channels = vec![channel(OTHER, "messenger", "p9", "x"), nameless];
    let partner = Partner::meddled(world, |asked, _, _| {
        (asked.method == "POST").then(|| Reply::Json(200, String::new()))
    });
    let home = Home::new();
    let run = run(&home, &partner, &["--json", "connect", "messenger", "--page", "p1"]).exits(0);
    assert_eq!(run.json()["results"][0]["action"], "connected");
    assert!(run.stderr.contains("can't be told"), "{}", run.stderr);
}

#[test]
fn a_name_is_looked_for_among_all_channels_with_and_without_a_search() {
    // The second X and the only Y stand behind the first thousand.
    let name = |number: usize| match number {
        3 | 1400 => "X".to_owned(),
        1450 => "Y (a+b)".to_owned(),
        number => format!("Toko {number} X"),
    };
    let all: Vec<Value> = (0..1500)
        .map(|n| channel(&format!("65b37833afe781e8{n:08x}"), "messenger", &format!("p{n}"), &name(n)))
        .collect();
    for search in ["ignored", "substring", "finds nothing"] {
        let all = all.clone();
        let api = FakeApi::start(move |asked| {
            let url = url::Url::parse(&format!("http://host{}", asked.target)).unwrap();
            let value = |name: &str| {
                url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
            };
            if !asked.target.contains("/channel?") {
                return Reply::Json(200, json!({ "docs": [page("p3", "X")] }).to_string());
            }
            let wanted = value("search").unwrap_or_default();
            let is_it = |channel: &&Value| match search {
                "ignored" => true,
                "substring" => channel["name"].as_str().unwrap().contains(&wanted),
                _ => wanted.is_empty(),
            };
            let found: Vec<&Value> = all.iter().filter(is_it).collect();
            let number = |name: &str| value(name).unwrap().parse::<usize>().unwrap();
            let (page, limit) = (number("page"), number("limit"));
            let docs: Vec<_> = found.iter().skip((page - 1) * limit).take(limit).collect();
            let pages = found.len().div_ceil(limit).max(1);
            Reply::Json(
                200,
                json!({ "docs": docs, "totalPages": pages, "hasNextPage": page < pages }).to_string(),
            )
        });
        let home = Home::new();
        let run = |arguments: &[&str]| {
            let mut command = home.against(&api.url, arguments);
            command.env("SOCIALCHAT_TOKEN", TOKEN);
            Run::of(command)
        };
        for arguments in
            [&["--json", "channels", "show", "X"][..], &["--json", "reconnect", "messenger", "X"]]
        {
            let error = run(arguments).exits(2).error();
            assert!(
                error["message"].as_str().unwrap().contains("2 channels have the name"),
                "{search}: {error}"
            );
            let hint = error["hint"].as_str().unwrap();
            for number in [3, 1400] {
                assert!(hint.contains(&format!("65b37833afe781e8{number:08x}")), "{search}: {hint}");
            }
        }
        let shown = run(&["--json", "channels", "show", "Y (a+b)"]).exits(0).json();
        assert_eq!(shown["channelId"], "p1450", "{search}");
        let error = run(&["--json", "channels", "show", "oko 77 "]).exits(1).error();
        assert!(error["hint"].as_str().unwrap().contains("Toko 77 X"), "{search}: {error}");
    }
}
