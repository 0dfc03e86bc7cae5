//! api: one raw call.

use serde_json::{Value, json};

use crate::fake::{CANARY, id};
use crate::partner::{Partner, World, channel};
use crate::support::{FakeApi, Home, Reply, Run};

/// An account with so many channels, each with a secret.
fn partner(count: usize) -> Partner {
    let mut world = World::new();
    for number in 0..count {
        let mut channel = channel(&id(number), "messenger", &format!("{number}"), &format!("Toko {number}"));
        channel["token"] = json!({ "accessToken": CANARY });
        world.channels.push(channel);
    }
    Partner::start(world)
}

fn with_stdin(home: &Home, api_url: &str, arguments: &[&str], stdin: &str) -> Run {
    home.run_with(&[&["--api-url", api_url, "api"], arguments].concat(), stdin)
}

/// A home where somebody has logged in to that API: `run_with` sets no variables.
fn logged_in(partner: &Partner) -> Home {
    let home = Home::new();
    home.run_with(&["--api-url", partner.url(), "login", "--api-key-stdin"], "sandbox-api-key").exits(0);
    home
}

#[test]
fn the_answer_is_printed_as_it_is_but_for_its_secrets() {
    let (home, partner) = (Home::new(), partner(2));
    let get = |arguments: &[&str]| Run::of(home.against(partner.url(), &[&["api"], arguments].concat()));
    let run = get(&["GET", "/partner/channel?page=1&limit=2"]).exits(0);
    assert_eq!(run.json()["totalDocs"], 2);
    assert_eq!(run.json()["docs"][1]["name"], "Toko 1");
    assert!(!run.stdout.contains(CANARY) && run.stderr.contains("--include-secrets"), "{run:?}");
    let run = get(&["get", "partner/channel?page=1&limit=2", "--include-secrets"]).exits(0);
    assert_eq!(run.json()["docs"][0]["token"]["accessToken"], CANARY);
    let settings = get(&["GET", "/partner"]).exits(0);
    assert_eq!(settings.json(), Value::Object(partner.settings()));
    assert_eq!(settings.stderr, "");
    let empty = get(&["GET", &format!("/partner/channel/{}", id(99))]).exits(0);
    assert_eq!((empty.stdout.as_str(), empty.stderr.as_str()), ("", "The answer is empty.\n"));
    let asked = partner.api.asked();
    assert!(asked.iter().all(|asked| asked.authorization == "Bearer sandbox-api-key"), "{asked:?}");
}

#[test]
fn json_that_is_no_object_is_printed_too() {
    let api = FakeApi::start(|_| Reply::Json(200, r#"[{"name":"a","apiKey":"canary-1"},7]"#.to_owned()));
    let home = Home::new();
    let run = Run::of(home.against(&api.url, &["api", "GET", "/partner/list"])).exits(0);
    assert_eq!(run.json(), json!([{ "name": "a" }, 7]));
}

#[test]
fn a_list_is_read_to_its_end_by_number_and_by_offset() {
    let (home, partner) = (Home::new(), partner(25));
    let list = ["--json", "api", "GET", "/partner/channel?page=1&limit=10", "--paginate"];
    let run = Run::of(home.against(partner.url(), &list)).exits(0);
    let docs = run.json()["docs"].as_array().unwrap().clone();
    assert_eq!(docs.len(), 25);
    assert_eq!(docs[24]["name"], "Toko 24");
    assert!(!run.stdout.contains(CANARY), "{}", run.stdout);
    assert_eq!(partner.count("GET /partner/channel"), 3);

    let api = FakeApi::start(|asked| {
        let next =
            asked.target.split("nextOffset=").nth(1).map_or("b", |at| if at == "b" { "c" } else { "" });
        let more = !next.is_empty();
        let page = json!({ "docs": [{ "at": next }], "hasNextPage": more, "nextOffset": next });
        Reply::Json(200, page.to_string())
    });
    let run = Run::of(home.against(&api.url, &["api", "GET", "/partner/account?a=b", "--paginate"])).exits(0);
    assert_eq!(run.json()["docs"].as_array().unwrap().len(), 3);
    let targets: Vec<String> = api.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!(
        targets,
        ["/partner/account?a=b", "/partner/account?a=b&nextOffset=b", "/partner/account?a=b&nextOffset=c"]
    );
    // What is no list is one answer.
    let run = Run::of(home.against(partner.url(), &["api", "GET", "/partner", "--paginate"])).exits(0);
    assert_eq!(run.json()["webhookUrl"], "https://app.example/hook");
}

#[test]
fn a_list_without_end_is_left() {
    for page in [
        json!({ "docs": [1], "hasNextPage": true, "nextOffset": "same" }),
        json!({ "docs": [1], "hasNextPage": true, "page": 1 }),
        json!({ "docs": [1], "hasNextPage": true }),
    ] {
        let api = FakeApi::start(move |_| Reply::Json(200, page.to_string()));
        let home = Home::new();
        let command = home.against(&api.url, &["--json", "api", "GET", "/partner/x", "--paginate"]);
        let error = Run::of(command).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains("to its end"), "{error}");
        assert!(api.asked().len() <= 3, "{}", api.asked().len());
    }
}

#[test]
fn the_body_comes_from_stdin() {
    let partner = partner(0);
    let home = logged_in(&partner);
    let body = r#"{"name": "Toko", "isActivePreChat": false}"#;
    let made = with_stdin(&home, partner.url(), &["POST", "/partner/channel/linkchat"], body).exits(0);
    assert!(made.json()["_id"].is_string(), "{}", made.stdout);
    let sent = partner.api.asked().pop().unwrap();
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("POST", "/partner/channel/linkchat"));
    assert_eq!(
        serde_json::from_str::<Value>(&sent.body).unwrap(),
        serde_json::from_str::<Value>(body).unwrap()
    );
    let before = partner.api.asked().len();
    let refused = with_stdin(&home, partner.url(), &["POST", "/partner/x"], "{canary-secret").exits(2);
    assert!(!refused.stderr.contains("canary"), "{}", refused.stderr);
    assert_eq!(partner.api.asked().len(), before, "nothing was sent");
}

#[test]
fn no_other_path_and_no_other_host_gets_the_key() {
    let (home, api) = (Home::new(), FakeApi::start(|_| Reply::Json(200, "{}".to_owned())));
    for path in [
        "/",
        "/other",
        "//evil.example/partner",
        "https://evil.example/partner",
        "/partner/../admin",
        "/partner/%2e%2e/admin",
        "/partner/channel?token=EAAB",
    ] {
        Run::of(home.against(&api.url, &["api", "GET", path])).exits(2);
    }
    for method in ["HEAD", "OPTIONS", "CONNECT", "TRACE", "PURGE"] {
        Run::of(home.against(&api.url, &["api", method, "/partner"])).exits(2);
    }
    Run::of(home.against(&api.url, &["api", "POST", "/partner/x", "--paginate"])).exits(2);
    assert!(api.asked().is_empty(), "{:?}", api.asked());
}

#[test]
fn a_write_is_sent_once_and_what_is_read_again_and_again() {
    let api = FakeApi::start(|_| {
        Reply::With(429, "Retry-After: 0\r\n".to_owned(), r#"{"message":"slower"}"#.to_owned())
    });
    let home = Home::new();
    for (method, times) in [("POST", 1), ("PATCH", 1), ("DELETE", 1), ("GET", 4)] {
        let before = api.asked().len();
        Run::of(home.against(&api.url, &["--yes", "api", method, "/partner/x"])).exits(1);
        assert_eq!(api.asked().len() - before, times, "{method}");
    }
}

#[test]
fn the_status_decides_the_exit_code() {
    for (status, original, code, exit) in [
        (401, "invalid app id or secret key", "unauthorized", 3),
        (403, "channel not found", "not-found", 1),
        (402, "limit integration reached", "api", 1),
        (500, "", "api", 1),
    ] {
        let body =
            json!({ "statusCode": status, "message": "Maaf", "originalMessage": original }).to_string();
        let api = FakeApi::start(move |_| Reply::Json(status, body.clone()));
        let home = Home::new();
        let command = home.against(&api.url, &["--json", "api", "POST", "/partner/x"]);
        let error = Run::of(command).exits(exit).error();
        assert_eq!((&error["code"], &error["status"]), (&json!(code), &json!(status)));
        assert!(error["message"].as_str().unwrap().starts_with("can't POST /partner/x: "), "{error}");
    }
}

#[test]
fn what_is_sent_under_the_name_of_a_secret_is_quoted_in_no_error() {
    let api = FakeApi::start(|asked| {
        if asked.method == "GET" {
            return Reply::Json(200, r#"{"docs":[]}"#.to_owned());
        }
        Reply::Json(403, json!({ "message": format!("bad: {}", asked.body) }).to_string())
    });
    let home = Home::new();
    home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], "sandbox-api-key").exits(0);
    let body = r#"{"deep":[{"botToken":"canary-7012345678"}]}"#;
    let run = with_stdin(&home, &api.url, &["POST", "/partner/channel/telegram"], body).exits(1);
    assert!(run.stderr.contains("bad: ") && !run.stderr.contains("canary"), "{}", run.stderr);
}

#[test]
fn deleting_and_changing_the_settings_need_a_yes() {
    let partner = partner(1);
    let home = logged_in(&partner);
    let path = format!("/partner/channel/messenger/{}", id(0));
    let error = Run::of(home.against(partner.url(), &["--json", "api", "DELETE", &path])).exits(2).error();
    assert_eq!((&error["code"], &error["hint"]), (&json!("usage"), &json!("pass --yes")));
    let body = r#"{"webhookUrl":"https://new.example/hook"}"#;
    with_stdin(&home, partner.url(), &["PUT", "/partner"], body).exits(2);
    assert_eq!(partner.settings()["webhookUrl"], "https://app.example/hook");
    assert_eq!(partner.world().channels.len(), 1);

    with_stdin(&home, partner.url(), &["PUT", "/partner/", "--yes"], body).exits(0);
    assert_eq!(partner.settings()["webhookUrl"], "https://new.example/hook");
    Run::of(home.against(partner.url(), &["--yes", "api", "DELETE", &path])).exits(0);
    assert!(partner.world().channels.is_empty());
}

#[test]
fn a_dry_run_sends_nothing_and_shows_no_secret() {
    let (home, api) = (Home::new(), FakeApi::start(|_| Reply::Json(200, "{}".to_owned())));
    let body = r#"{"name":"Toko","token":"canary-1"}"#;
    let run = with_stdin(&home, &api.url, &["PUT", "/partner", "--dry-run"], body).exits(0);
    let body = json!({ "name": "Toko" });
    assert_eq!(run.json(), json!({ "dryRun": true, "method": "PUT", "path": "/partner", "body": body }));
    assert!(api.asked().is_empty());
}

#[test]
fn a_callback_that_a_sign_in_has_borrowed_is_not_set_over() {
    use crate::support::{Served, Waiting};
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    home.run_with(&["--api-url", &sandbox.api_url, "login", "--api-key-stdin"], "sandbox-api-key").exits(0);
    let waiting = Waiting::start(home.command(&["--yes", "authorize", "messenger", "--no-browser"]));
    let put = |body: &str| with_stdin(&home, &sandbox.api_url, &["PUT", "/partner", "--yes"], body);
    let run = put(r#"{"callbackMessengerUrl":"https://app.example/m"}"#).exits(1);
    assert!(run.stderr.contains("another sign-in is using the messenger callback URL"), "{}", run.stderr);
    put(r#"{"webhookUrl":"https://app.example/w"}"#).exits(0);
    let (_, settings) = sandbox.api("GET", "/partner", "");
    assert!(
        settings.contains("http://127.0.0.1:") && settings.contains("https://app.example/w"),
        "{settings}"
    );
    let mut child = waiting;
    child.child.kill().unwrap();
    child.child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn on_a_terminal_a_delete_is_asked_about_and_enter_means_no() {
    use crate::tty::Terminal;
    let partner = partner(1);
    let home = Home::new();
    let path = format!("/partner/channel/messenger/{}", id(0));
    for (typed, code, left) in [("\r", 130, 1), ("y\r", 0, 0)] {
        let mut terminal = Terminal::start(&home.against(partner.url(), &["api", "DELETE", &path]));
        terminal.wait_for("Send the DELETE? What it deletes can't be restored. [y/N]");
        terminal.send(typed);
        terminal.end().exits(code);
        assert_eq!(partner.world().channels.len(), left);
    }
}

/// A page that is something else would make half a list pass for the whole.
#[test]
fn a_list_of_which_a_page_is_something_else_is_an_error() {
    let api = FakeApi::start(|asked| match asked.target.contains("page=1") {
        true => Reply::Json(200, json!({ "docs": [{ "a": 1 }], "page": 1, "totalPages": 3 }).to_string()),
        false => Reply::Json(200, json!({ "status": "busy" }).to_string()),
    });
    let home = Home::new();
    let arguments = ["api", "GET", "/partner/channel?page=1&limit=1", "--paginate"];
    let run = Run::of(home.against(&api.url, &arguments)).exits(1);
    assert!(run.stderr.contains("a page that the API announced is not a list"), "{}", run.stderr);
    // What is no list at all is printed as it came.
    let api = FakeApi::start(|_| Reply::Json(200, json!({ "docs": { "x": 1 }, "y": 2 }).to_string()));
    let run = Run::of(home.against(&api.url, &arguments)).exits(0);
    assert_eq!(run.json(), json!({ "docs": { "x": 1 }, "y": 2 }));
}

/// The contract's name for where a list of messages goes on.
#[test]
fn the_next_token_of_a_list_is_no_secret() {
    let api = FakeApi::start(|asked| {
        let last = asked.target.contains("nextToken=abc");
        let next = if last { json!({}) } else { json!({ "hasNextPage": true, "nextToken": "abc" }) };
        let mut answer = json!({ "docs": [{ "n": u8::from(last) }] });
        answer.as_object_mut().unwrap().extend(next.as_object().unwrap().clone());
        Reply::Json(200, answer.to_string())
    });
    let home = Home::new();
    let arguments = ["--json", "api", "GET", "/partner/message/abc?nextToken=", "--paginate"];
    let run = Run::of(home.against(&api.url, &arguments)).exits(0);
    assert_eq!(run.json()["docs"], json!([{ "n": 0 }, { "n": 1 }]));
    let dry =
        Run::of(home.against(&api.url, &["api", "GET", "/partner/channel?page=2&search=x", "--dry-run"]));
    assert_eq!(dry.exits(0).json()["path"], "/partner/channel?page=2&search=x");
}
