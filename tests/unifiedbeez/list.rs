//! What the lists hold, what of it is never shown, and what is no list.

use serde_json::{Value, json};

use crate::backend::{Backend, CANARY, Clean, Guide, SESSION, instagram, page, refusal};
use crate::support::{Home, Reply, Run};

/// A back end whose list is this.
fn listing(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Backend {
    Backend::meddled(Guide::Two, &[], move |asked, _| {
        asked.target.ends_with("/channels/selected").then(&reply)
    })
}

fn json_listing(document: Value) -> Backend {
    listing(move || Reply::Json(200, document.to_string()))
}

#[test]
fn accounts_are_the_channels_and_the_slug_says_of_which_kind() {
    let backend = Backend::start(
        Guide::Two,
        &[
            page(11, "1001", "Kopi", true),
            page(12, "1002", "Roti", false),
            instagram(15, "178", "Batik", true),
        ],
    );
    let listed = backend.run(&["--json", "channels", "list"]).exits(0).json();
    let of = |row: &Value| {
        json!([
            row["_id"],
            row["channelId"],
            row["channelType"],
            row["name"],
            row["isConnected"],
            row["platform"]
        ])
    };
    let rows: Vec<Value> = listed["channels"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(
        json!(rows),
        json!([
            ["11", "1001", "messenger", "Kopi", true, "unifiedbeez"],
            ["12", "1002", "messenger", "Roti", false, "unifiedbeez"],
            ["15", "178", "instagram", "Batik", true, "unifiedbeez"],
        ])
    );
    let more = &listed["channels"][1]["additionalData"];
    assert_eq!(more["connectedChannelId"], 12);
    assert_eq!(more["channel"]["availableChannel"]["name"], "facebook_messenger");
    assert_eq!(more["channel"]["channelName"], "Ours");
    assert_eq!(more["verificationStatus"], "VERIFIED");
    // An id is one of an account, though there is a channel of that number too.
    let shown = backend.run(&["--json", "channels", "show", "12"]).exits(0).json();
    assert_eq!(shown["name"], "Roti");
}

#[test]
fn a_state_that_is_not_told_is_null() {
    let account = |more: Value| {
        let mut account = json!({ "id": 11, "pageId": "1001", "pageName": "Kopi" });
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "channels": [{ "id": 12, "availableChannel": { "name": "facebook_messenger" }, "facebookAccounts": [account] }] })
    };
    for (more, is_connected) in [
        (json!({}), Value::Null),
        (json!({ "isActive": null }), Value::Null),
        (json!({ "isActive": false }), false.into()),
    ] {
        let listed = json_listing(account(more.clone())).run(&["--json", "channels", "list"]).exits(0).json();
        assert_eq!(listed["channels"][0]["isConnected"], is_connected, "{more}");
    }
}

#[test]
fn no_secret_of_any_answer_is_in_anything_that_is_printed_or_written() {
    let backend =
        Backend::start(Guide::Two, &[page(11, "1001", "Kopi", true), instagram(15, "178", "Batik", true)]);
    let home = Home::new();
    for arguments in [
        &["channels", "list"][..],
        &["channels", "list", "--json"],
        &["channels", "list", "--format", "csv"],
        &["channels", "list", "--format", "jsonl"],
        &["channels", "show", "11"],
        &["channels", "show", "11", "--json"],
        &["-v", "whoami"],
        &["--json", "whoami"],
        &["-v", "channels", "watch", "--once"],
        &["disconnect", "15", "--dry-run", "--json"],
        &["disconnect", "--whole-channel", "12", "--dry-run", "-v"],
        &["connect", "messenger", "--dry-run", "--json"],
        &["reconnect", "messenger", "--all", "--dry-run", "--json"],
        &["--yes", "--json", "-v", "disconnect", "11"],
    ] {
        let run = Run::of(backend.command(&home, arguments)).clean().exits(0);
        assert!(
            !run.stdout.contains("pageAccessToken") && !run.stdout.contains("credentials\":{\"p"),
            "{arguments:?}"
        );
    }
    for (path, bytes) in home.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(CANARY) && !text.contains(SESSION), "{}", path.display());
    }
}

#[test]
fn an_error_that_quotes_the_session_or_holds_an_object_shows_neither() {
    for (message, shows) in [
        (json!(format!("Bearer {SESSION} is not known")), "is not known"),
        (json!(["first wrong", "second wrong"]), "first wrong; second wrong"),
        (json!({ "message": "below", "token": CANARY }), "below"),
    ] {
        let said = message.clone();
        let refused = listing(move || refusal(400, said.clone())).run(&["channels", "list"]).exits(1);
        assert!(refused.stderr.contains(shows), "{message}: {}", refused.stderr);
    }
}

#[test]
fn where_there_is_no_such_list_the_two_of_the_newer_guide_are_read_whatever_holds_them() {
    let account = |id: u64| json!({ "id": id, "pageId": id.to_string(), "pageName": "Kopi", "pageAccessToken": CANARY });
    for shape in ["array", "pages", "accounts", "data"] {
        let list = move |id: u64| match shape {
            "array" => json!([account(id)]),
            name => json!({ name: [account(id)] }),
        };
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            match asked.target.trim_start_matches("/api/v1") {
                "/channels/selected" => Some(refusal(404, "Cannot GET /channels/selected")),
                "/auth/facebook/pages" => Some(Reply::Json(200, list(11).to_string())),
                "/auth/instagram/accounts" => Some(Reply::Json(200, list(15).to_string())),
                _ => None,
            }
        });
        let listed = backend.run(&["--json", "channels", "list"]).exits(0).json();
        let kinds: Vec<&Value> =
            listed["channels"].as_array().unwrap().iter().map(|channel| &channel["channelType"]).collect();
        assert_eq!(kinds, ["messenger", "instagram"], "{shape}");
    }
    let nowhere = Backend::meddled(Guide::One, &[], |_, _| Some(refusal(404, "Cannot GET it")));
    nowhere.run(&["channels", "list"]).exits(1);
    let odd = Backend::meddled(Guide::Two, &[], |asked, _| {
        let is_pages = asked.target.ends_with("/pages");
        Some(if is_pages { Reply::Json(200, "{\"items\":[]}".into()) } else { refusal(404, "Cannot GET it") })
    });
    odd.run(&["channels", "list"]).exits(1);
}

#[test]
fn what_is_no_list_is_an_error_and_never_an_empty_one() {
    for body in [
        "<html>canary</html>",
        "",
        "null",
        "[]",
        "{\"docs\":[]}",
        "{\"channels\":[{\"id\":1},{\"x\":2}]}",
        "{\"statusCode\":403,\"message\":\"Not yours\"}",
    ] {
        let refused =
            listing(|| Reply::Json(200, body.to_owned())).run(&["--json", "channels", "list"]).exits(1);
        assert_eq!(refused.error()["code"], "api", "{body}");
    }
}

#[test]
fn one_odd_entry_is_left_out_and_told() {
    let backend = json_listing(json!({ "channels": [
        { "id": 12, "availableChannel": { "name": "facebook_messenger" }, "facebookAccounts": [
            { "id": "../../x", "pageId": "1" }, { "pageId": "2" }, { "id": 11, "pageId": "1001", "pageName": "Ko\u{1b}[31mpi" },
        ] },
        { "id": 13 },
        { "id": 14, "availableChannel": { "name": "telegram" } },
    ] }));
    let listed = backend.run(&["channels", "list"]).exits(0);
    assert!(listed.stdout.contains("11") && listed.stdout.lines().count() == 2, "{}", listed.stdout);
    assert!(!listed.stdout.contains('\u{1b}'), "{:?}", listed.stdout);
    assert_eq!(listed.stderr.matches("skipping a listed channel").count(), 3, "{}", listed.stderr);
}

#[test]
fn two_accounts_of_one_number_are_told_apart_by_nobody_but_the_person() {
    let backend =
        Backend::start(Guide::Two, &[page(20, "1001", "Kopi", true), instagram(20, "178", "Batik", true)]);
    for arguments in [&["channels", "show", "20"][..], &["disconnect", "--yes", "20"]] {
        let refused = backend.run(arguments).exits(2);
        assert!(refused.stderr.contains("Kopi") && refused.stderr.contains("Batik"), "{}", refused.stderr);
    }
    assert!(backend.asked().is_empty());
    backend.run(&["disconnect", "--yes", "178"]).exits(0);
    assert_eq!(backend.asked(), ["DELETE /auth/instagram/account/20"]);
    assert_eq!(backend.world().accounts.len(), 1);
}
