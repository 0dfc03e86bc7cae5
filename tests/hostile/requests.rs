//! What every request carries, and how the URL of the settings is spelt.

use std::sync::Mutex;

use serde_json::json;

use crate::partner::{Partner, TOKEN, World, channel};
use crate::support::{Asked, FakeApi, Home, Reply, Run};

const ID: &str = "65b37833afe781e84afa0001";

fn with_channel() -> World {
    let mut world = World::new();
    world.channels = vec![channel(ID, "messenger", "p1", "Toko Bunga")];
    world
}

fn run(home: &Home, url: &str, arguments: &[&str]) -> Run {
    let mut command = home.against(url, arguments);
    command.env("SOCIALCHAT_TOKEN", TOKEN);
    Run::of(command)
}

#[test]
fn every_request_says_that_it_is_json_and_wants_its_answer_as_it_is() {
    let partner = Partner::start(with_channel());
    let home = Home::new();
    for arguments in [
        &["channels", "list"][..],
        &["callback", "set", "--messenger", "https://new.example/x"],
        &["connect", "messenger", "--page", "p2"],
        &["--yes", "disconnect", ID],
    ] {
        run(&home, partner.url(), arguments).exits(0);
    }
    let asked = partner.api.asked();
    for method in ["GET", "PUT", "POST", "DELETE"] {
        assert!(asked.iter().any(|asked| asked.method == method), "{method}");
    }
    for asked in asked {
        assert_eq!(asked.header("content-type"), Some("application/json"), "{asked:?}");
        assert_eq!(asked.header("accept-encoding"), Some("identity"), "{asked:?}");
        assert_eq!(asked.headers.to_lowercase().matches("content-type:").count(), 1, "{asked:?}");
    }
}

#[test]
fn an_answer_in_a_coding_that_was_not_asked_for_is_an_error_that_names_it() {
    for coding in ["gzip", "br", "zstd", "GZIP", "deflate, br"] {
        let api = FakeApi::start(move |_| {
            Reply::With(200, format!("Content-Encoding: {coding}\r\n"), "\u{1f}\u{8}packed".to_owned())
        });
        let home = Home::new();
        let error = run(&home, &api.url, &["--json", "channels", "list"]).exits(1).error();
        let message = error["message"].as_str().unwrap();
        let name = coding.replace(' ', "");
        assert!(message.contains(&format!("compressed ({name})")), "{message}");
    }
    for fine in ["identity", "Identity"] {
        let api = FakeApi::start(move |_| {
            Reply::With(200, format!("Content-Encoding: {fine}\r\n"), r#"{"docs":[]}"#.to_owned())
        });
        run(&Home::new(), &api.url, &["channels", "list"]).exits(0);
    }
}

#[test]
fn a_byte_order_mark_before_an_answer_is_passed_over() {
    let api = FakeApi::start(|_| {
        Reply::Json(200, format!("\u{feff}{}", json!({ "docs": [channel(ID, "messenger", "p1", "Toko")] })))
    });
    let list = run(&Home::new(), &api.url, &["--json", "channels", "list"]).exits(0).json();
    assert_eq!(list["channels"][0]["name"], "Toko");
}

/// The paths of the settings that were asked, with their methods.
fn settings_asked(asked: &[Asked]) -> Vec<String> {
    let asked = asked.iter().filter(|asked| asked.target.trim_end_matches('/') == "/partner");
    asked.map(|asked| format!("{} {}", asked.method, asked.target)).collect()
}

const SET: [&str; 4] = ["callback", "set", "--messenger", "https://new.example/x"];

#[test]
fn the_settings_stand_at_the_base_url_as_it_is_given_and_paths_below_have_one_slash() {
    for slash in ["", "/"] {
        let partner = Partner::start(with_channel());
        let home = Home::new();
        let url = format!("{}{slash}", partner.url());
        run(&home, &url, &SET).exits(0);
        run(&home, &url, &["channels", "list"]).exits(0);
        let asked = partner.api.asked();
        let path = format!("/partner{slash}");
        assert_eq!(
            settings_asked(&asked),
            [format!("GET {path}"), format!("PUT {path}"), format!("GET {path}")],
        );
        assert!(asked.last().unwrap().target.starts_with("/partner/channel?"), "{asked:?}");
    }
}

#[test]
fn a_stored_base_url_keeps_its_slash_and_the_credentials_fit_with_and_without_it() {
    let partner = Partner::start(World::new());
    let home = Home::new();
    let with_slash = format!("{}/", partner.url());
    home.run_with(&["--api-url", &with_slash, "login", "--api-key-stdin"], "a-long-key-0123456789\n")
        .exits(0);
    home.run(&["callback", "show"]).exits(0);
    home.run(&["--api-url", partner.url(), "callback", "show"]).exits(0);
    assert_eq!(settings_asked(&partner.api.asked()), ["GET /partner/", "GET /partner"]);
    let who = home.run(&["--json", "whoami"]).exits(0).json();
    assert_eq!(who["apiUrl"], partner.url(), "its name is without the slash");
    home.run(&["logout"]).exits(0);
    let config = home.files().into_iter().find(|(path, _)| path.ends_with("config.toml"));
    let config = config.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).unwrap_or_default();
    assert!(!config.contains(partner.url()), "logout forgets the address: {config}");
}

#[test]
fn a_redirect_to_the_same_url_with_a_slash_is_understood_once_for_all() {
    for status in [301, 308] {
        for absolute in [false, true] {
            let partner = Partner::meddled(with_channel(), move |asked, _, _| {
                let host = asked.header("host").unwrap();
                let origin = if absolute { format!("http://{host}") } else { String::new() };
                (asked.target == "/partner")
                    .then(|| Reply::With(status, format!("Location: {origin}/partner/\r\n"), String::new()))
            });
            let home = Home::new();
            run(&home, partner.url(), &SET).exits(0);
            assert_eq!(partner.callback("messenger"), "https://new.example/x");
            let asked = partner.api.asked();
            assert_eq!(
                settings_asked(&asked),
                ["GET /partner", "GET /partner/", "PUT /partner/", "GET /partner/"],
                "{status}"
            );
            assert!(asked.iter().all(|asked| asked.authorization == "Bearer sandbox-api-key"));
        }
    }
}

#[test]
fn any_other_redirect_is_not_followed_and_takes_nothing_anywhere() {
    let other = FakeApi::start(|_| Reply::Json(200, "{}".to_owned()));
    let elsewhere = format!("{}/", other.url);
    for (status, location) in [
        (302, "/partner/".to_owned()),
        (307, "/partner/".to_owned()),
        (301, "/partner//".to_owned()),
        (301, "/partner/?x=1".to_owned()),
        (301, "/partner/channel".to_owned()),
        (301, "/partner".to_owned()),
        (301, elsewhere.clone()),
        (308, elsewhere),
        (301, "//127.0.0.2/partner/".to_owned()),
        (301, String::new()),
        (301, "http://".to_owned()),
    ] {
        let asked_for = Mutex::new(0);
        let shown = location.clone();
        let api = FakeApi::start(move |_| {
            *asked_for.lock().unwrap() += 1;
            Reply::With(status, format!("Location: {location}\r\n"), String::new())
        });
        let error = run(&Home::new(), &api.url, &["--json", "callback", "show"]).exits(1).error();
        assert!(error["message"].as_str().unwrap().contains("redirect"), "{status} {shown}: {error}");
        assert_eq!(api.asked().len(), 1, "{status} {shown}");
    }
    assert!(other.asked().is_empty());
    // One that sends in circles is not followed twice.
    let api =
        FakeApi::start(|asked| Reply::With(301, format!("Location: {}/\r\n", asked.target), String::new()));
    run(&Home::new(), &api.url, &["callback", "show"]).exits(1);
    assert_eq!(api.asked().len(), 2);
}
