//! What the list of applications shows, and what an answer may be that isn't one.

use serde_json::{Value, json};

use crate::darts::{CANARY, Darts, KEY, World, record};
use crate::support::{FakeApi, Home, Reply, Run};

const LIST: [&str; 3] = ["--json", "channels", "list"];

/// The list against a server that gives this answer to everything.
fn against(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Run {
    let darts = Darts::meddled(World::with(&[]), move |_, _, _| Some(reply()));
    Run::of(darts.command(&Home::new(), &LIST))
}

fn document(results: Value, next: Value) -> String {
    json!({ "count": 1, "next": next, "previous": null, "results": results }).to_string()
}

#[test]
fn applications_are_channels_with_the_five_fields_and_no_secret() {
    let mut world = World::with(&[(1, "shop", "MESSENGER"), (2, "ios", "APNS_SANDBOX")]);
    world.applications[0]["webhook_url"] = json!("https://10darts.com/hook/7/");
    world.applications[0]["webhook_verify_token"] = json!(CANARY);
    world.applications[1]["new"] = json!({ "token": CANARY, "kept": true });
    let darts = Darts::start(world);
    let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
    assert_eq!(
        run.json(),
        json!({ "total": 2, "channels": [
            { "_id": "1", "name": "shop", "channelId": null, "channelType": "messenger", "isConnected": null,
              "platform": "10darts",
              "additionalData": { "platform_application_arn": null, "webhook_url": "https://10darts.com/hook/7/" } },
            { "_id": "2", "name": "ios", "channelId": null, "channelType": "APNS_SANDBOX", "isConnected": null,
              "platform": "10darts",
              "additionalData": { "platform_application_arn": null, "new": { "kept": true } } },
        ]})
    );
    assert_eq!(darts.requests(), ["GET /api/v1/applications/"]);
}

#[test]
fn one_application_is_shown_by_its_id_also_where_another_has_it_as_its_name() {
    let darts = Darts::start(World::with(&[(1, "2", "MESSENGER"), (2, "shop", "MESSENGER")]));
    let shown = |id: &str| {
        let run = Run::of(darts.command(&Home::new(), &["--json", "channels", "show", id])).exits(0);
        run.json()["name"].as_str().unwrap().to_owned()
    };
    assert_eq!([shown("2"), shown("1"), shown("shop")], ["shop", "2", "shop"]);
    let is_list = |request: &String| request == "GET /api/v1/applications/";
    assert!(darts.requests().iter().all(is_list), "no call that reads one is documented");
}

#[test]
fn a_list_is_followed_page_by_page() {
    let mut world = World::with(&[(1, "a", "WEB"), (2, "b", "WEB"), (3, "c", "WEB")]);
    world.page_size = 1;
    let darts = Darts::start(world);
    let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
    assert_eq!(run.json()["total"], 3);
    assert_eq!(
        darts.requests(),
        ["GET /api/v1/applications/", "GET /api/v1/applications/?page=2", "GET /api/v1/applications/?page=3"]
    );
}

#[test]
fn of_a_next_at_another_host_only_the_query_is_taken() {
    let other = FakeApi::start(|_| Reply::Json(200, document(json!([]), Value::Null)));
    let host = other.url.trim_end_matches("/partner").to_owned();
    let darts = Darts::meddled(World::with(&[]), move |_, number, _| {
        let next = if number == 1 { json!(format!("{host}/elsewhere?page=2&x=a%26b")) } else { Value::Null };
        Some(Reply::Json(200, document(json!([record(number as u64, "a", "WEB")]), next)))
    });
    let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
    assert_eq!(run.json()["total"], 2);
    assert_eq!(
        darts.requests(),
        ["GET /api/v1/applications/", "GET /api/v1/applications/?page=2&x=a%26b"],
        "the account's key goes to no other host"
    );
    assert!(other.asked().is_empty());
}

#[test]
fn a_list_that_repeats_itself_or_has_more_than_a_thousand_pages_is_an_error() {
    for (has_end, most) in [(false, 3), (true, 1_000)] {
        let darts = Darts::meddled(World::with(&[]), move |_, number, _| {
            let page = if has_end { number } else { 1 };
            let record = record(number as u64, &format!("a{number}"), "WEB");
            Some(Reply::Json(
                200,
                document(json!([record]), json!(format!("/api/v1/applications/?page={page}"))),
            ))
        });
        let run = Run::of(darts.command(&Home::new(), &LIST)).exits(1);
        assert_eq!(run.error()["code"], "api", "{}", run.stderr);
        assert!(run.error()["message"].as_str().unwrap().contains("can't list all channels"));
        assert!(darts.requests().len() <= most, "{}", darts.requests().len());
        if !has_end {
            // Whoever looks for one application goes through the same list.
            let run = Run::of(darts.command(&Home::new(), &["--yes", "disconnect", "77777"])).exits(1);
            assert!(run.stderr.contains("can't list all channels"), "{}", run.stderr);
        }
    }
}

#[test]
fn what_is_no_answer_of_the_service_says_that_its_documentation_is_of_2018() {
    let html = format!("<html><form action=/login>{CANARY}</form></html>");
    let shown = |reply: fn(&str) -> Reply, html: &str| {
        let html = html.to_owned();
        against(move || reply(&html))
    };
    let odd: [fn(&str) -> Reply; 8] = [
        |_| Reply::Json(404, r#"{"detail":"Not found."}"#.to_owned()),
        |html| Reply::Json(200, html.to_owned()),
        |html| Reply::Json(404, html.to_owned()),
        |_| Reply::Json(200, String::new()),
        |_| Reply::Json(200, "[]".to_owned()),
        |_| Reply::Json(200, r#"{"count":0}"#.to_owned()),
        |_| Reply::Json(200, r#"{"results":[{"name":"a"},{"name":"b"}]}"#.to_owned()),
        |html| Reply::With(302, "Location: https://10darts.example/login\r\n".to_owned(), html.to_owned()),
    ];
    for reply in odd {
        let run = shown(reply, &html).exits(1);
        let error = run.error();
        assert_eq!(error["code"], "api", "{error}");
        assert!(error["hint"].as_str().unwrap().contains("documentation is of 2018"), "{error}");
        assert!(!run.stderr.contains(CANARY) && run.stdout.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn a_name_that_is_not_found_says_so_too() {
    let home = Home::new();
    let mut command = home.command(&LIST);
    command.env("SOCIALCHAT_PLATFORM", "10darts").env("TENDARTS_API_TOKEN", KEY);
    command.env("SOCIALCHAT_API_URL", "https://10darts.invalid");
    let run = Run::of(command).exits(1);
    assert_eq!(run.error()["code"], "network");
    assert!(run.error()["hint"].as_str().unwrap().contains("documentation is of 2018"), "{}", run.stderr);
}

#[test]
fn a_token_of_one_application_is_told_that_the_accounts_is_needed() {
    for (status, says) in [(401, "Invalid token."), (403, "You do not have permission.")] {
        let run = against(move || Reply::Json(status, json!({ "detail": says }).to_string())).exits(3);
        let error = run.error();
        assert_eq!((&error["code"], &error["status"]), (&json!("unauthorized"), &json!(status)), "{error}");
        assert!(error["message"].as_str().unwrap().ends_with(says), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("the account's own token"), "{error}");
        assert!(!run.stderr.contains(KEY), "{}", run.stderr);
    }
}

#[test]
fn the_word_before_the_key_is_sent_once_whether_it_was_pasted_or_not() {
    let darts = Darts::start(World::with(&[]));
    for (pasted, sent) in [
        (KEY.to_owned(), format!("Token {KEY}")),
        (format!("Token {KEY}"), format!("Token {KEY}")),
        (format!("AppToken {KEY}"), format!("AppToken {KEY}")),
    ] {
        let home = Home::new();
        let mut command = darts.command(&home, &LIST);
        command.env("TENDARTS_API_TOKEN", &pasted);
        Run::of(command);
        assert_eq!(darts.api.asked().last().unwrap().header("authorization"), Some(sent.as_str()));
    }
}

#[test]
fn a_token_is_logged_in_with_once_the_list_has_answered() {
    let darts = Darts::start(World::with(&[(1, "shop", "MESSENGER")]));
    let home = Home::new();
    let login = ["--platform", "10darts", "--api-url", darts.url(), "--json", "login", "--api-token-stdin"];
    let run = home.run_with(&login, "Token wrong-key-0123456789\n").exits(3);
    assert!(run.error()["hint"].as_str().unwrap().contains("the account's own token"), "{}", run.stderr);
    let run = home.run_with(&login, &format!("Token {KEY}\n")).exits(0);
    assert_eq!(run.json()["platform"], "10darts");
    let run = home.run(&["--json", "whoami"]).exits(0);
    assert_eq!((&run.json()["accepted"], &run.json()["channels"]["total"]), (&json!(true), &json!(1)));
    assert!(!run.stdout.contains(KEY), "{}", run.stdout);
    assert!(darts.requests().iter().all(|request| request == "GET /api/v1/applications/"));
}

#[test]
fn a_list_waits_as_long_as_it_is_asked_to() {
    for status in [429, 503] {
        let darts = Darts::meddled(World::with(&[(1, "shop", "MESSENGER")]), move |_, number, _| {
            let wait =
                || Reply::With(status, "Retry-After: 0\r\n".to_owned(), "{\"detail\":\"wait\"}".to_owned());
            (number <= 2).then(wait)
        });
        let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
        assert_eq!((&run.json()["total"], darts.requests().len()), (&json!(1), 3));
    }
}

#[test]
fn a_list_is_asked_for_again_where_nobody_says_when() {
    for status in [429, 502, 503] {
        let darts = Darts::meddled(World::with(&[(1, "shop", "MESSENGER")]), move |_, number, _| {
            (number == 1).then(|| Reply::Json(status, String::new()))
        });
        let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
        assert_eq!((&run.json()["total"], darts.requests().len()), (&json!(1), 2));
    }
}

#[test]
fn an_odd_record_is_left_out_and_the_others_stay() {
    let results = json!([record(1, "shop\u{1b}[31m\u{202e}", "MESSENGER\u{7}"), { "name": "no id" }, 7, { "id": "a/b" }]);
    let darts = Darts::meddled(World::with(&[]), move |_, _, _| {
        Some(Reply::Json(200, document(results.clone(), Value::Null)))
    });
    let run = Run::of(darts.command(&Home::new(), &LIST)).exits(0);
    assert_eq!(run.json()["total"], 1);
    assert!(run.stderr.contains("results[1].id"), "{}", run.stderr);
    for arguments in
        [&["channels", "list"][..], &["channels", "show", "1"], &["disconnect", "--dry-run", "1"]]
    {
        let run = Run::of(darts.command(&Home::new(), arguments)).exits(0);
        let said = run.stdout + &run.stderr;
        assert!(said.contains("shop") && !said.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{said:?}");
    }
}

#[test]
fn a_list_of_odd_records_alone_is_none_and_an_empty_next_is_its_end() {
    for results in [json!([{ "name": "no id" }]), json!([7, {}])] {
        let run = against(move || Reply::Json(200, document(results.clone(), Value::Null))).exits(1);
        assert_eq!(run.error()["code"], "api", "{}", run.stderr);
    }
    let run = against(|| Reply::Json(200, document(json!([record(1, "a", "WEB")]), json!("")))).exits(0);
    assert_eq!(run.json()["total"], 1);
}

#[test]
fn a_refusal_amid_the_list_is_an_error_and_no_short_list() {
    let mut world = World::with(&[(1, "a", "WEB"), (2, "b", "WEB")]);
    world.page_size = 1;
    let darts = Darts::meddled(world, |_, number, _| {
        (number == 2).then(|| Reply::Json(401, "{\"detail\":\"Invalid token.\"}".to_owned()))
    });
    let run = Run::of(darts.command(&Home::new(), &LIST)).exits(3);
    assert!(serde_json::from_str::<Value>(&run.stdout).is_err(), "{}", run.stdout);
}
