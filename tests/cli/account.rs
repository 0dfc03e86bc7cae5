//! login, logout, whoami: credentials are tried, kept for one API, and shown without their secret.

use serde_json::{Value, json};

use crate::person::{names, with_pair};
use crate::support::{FakeApi, Home, Reply, Run, Served};

/// An API that takes everything, and has no channels.
fn welcoming() -> FakeApi {
    FakeApi::start(|_| Reply::Json(200, r#"{"docs":[],"hasNextPage":false}"#.to_owned()))
}

/// An API that takes nothing.
fn refusing() -> FakeApi {
    FakeApi::start(|_| {
        let body =
            r#"{"statusCode":401,"message":"Kunci salah","originalMessage":"invalid app id or secret key"}"#;
        Reply::Json(401, body.to_owned())
    })
}

#[test]
fn an_api_key_is_tried_stored_and_used_from_then_on() {
    let home = Home::new();
    let api = welcoming();
    let key = "key-of-many-characters-7f3a";
    let run = home
        .run_with(&["--api-url", &api.url, "--json", "login", "--api-key-stdin"], &format!("{key}\n"))
        .exits(0);
    let mut expected = json!({
        "profile": "default",
        "platform": "socialchat",
        "apiUrl": api.url,
        "credentials": { "source": "file", "key": "••••7f3a" },
        "accepted": true,
    });
    assert_eq!(run.json(), expected);
    assert!(run.stderr.contains("credentials.json"), "it says where, before it writes: {}", run.stderr);
    assert_eq!(api.asked().len(), 1, "tried once");

    // The address was noted as well: no option is needed any more.
    let who = home.run(&["--json", "whoami"]).exits(0);
    expected["channels"] = json!({ "total": 0, "disconnected": 0 });
    (expected["generation"], expected["account"]) = (json!("2026"), Value::Null);
    assert_eq!(who.json(), expected);
    let asked = api.asked();
    assert!(asked.iter().all(|asked| asked.authorization == format!("Bearer {key}")), "{asked:?}");
    for run in [run, who, home.run(&["-vv", "whoami"]).exits(0)] {
        assert!(!run.stdout.contains(key) && !run.stderr.contains(key), "{run:?}");
    }
}

#[test]
fn whoami_tells_people_the_same() {
    let home = Home::new();
    let api = welcoming();
    let mut command = home.against(&api.url, &["whoami", "--profile", "agency-b"]);
    command.env("SOCIALCHAT_API_KEY", "another-long-key-0815");
    let run = Run::of(command).exits(0);
    for part in ["agency-b", &api.url, "••••0815 (from the environment)", "yes"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert_eq!(run.stderr, "");
}

#[test]
fn an_app_id_with_its_secret_key_is_stored_in_both_generations() {
    for generation in ["2024", "2026"] {
        let home = Home::new();
        let sandbox = Served::start(&home, &["--generation", generation]);
        let arguments = [
            "login",
            "--app-id",
            "sandbox-app-id",
            "--secret-key-stdin",
            "--json",
            "--api-url",
            &sandbox.api_url,
        ];
        let run = home.run_with(&arguments, "sandbox-secret-key").exits(0);
        assert_eq!(run.json()["credentials"]["key"], "sandbox-app-id_••••-key", "an App ID is no secret");
        let who = home.run(&["whoami", "--json"]).exits(0).json();
        assert_eq!(who["credentials"], json!({ "source": "file", "key": "sandbox-app-id_••••-key" }));
        assert_eq!(who["accepted"], true);
    }
}

#[test]
fn credentials_that_are_refused_are_not_stored() {
    let home = Home::new();
    for generation in ["2024", "2026"] {
        let sandbox = Served::start(&home, &["--generation", generation]);
        for arguments in [vec!["--api-key-stdin"], vec!["--app-id", "sandbox-app-id", "--secret-key-stdin"]] {
            let arguments = [vec!["--json", "--api-url", &sandbox.api_url, "login"], arguments].concat();
            let run = home.run_with(&arguments, "not-the-key").exits(3);
            assert_eq!(run.stdout, "");
            let error = run.error();
            assert_eq!(names(&error), ["code", "message", "originalMessage", "status", "hint"]);
            assert_eq!(error["code"], "unauthorized");
            assert_eq!(error["status"], if generation == "2024" { 403 } else { 401 });
            assert!(error["message"].as_str().unwrap().contains("nothing is saved"), "{error}");
            assert!(error["hint"].as_str().unwrap().contains("partner settings"), "{error}");
            assert!(
                !home.config().join("credentials.json").exists()
                    && !home.config().join("config.toml").exists()
            );
        }
    }
}

#[test]
fn an_api_that_cannot_be_reached_stores_nothing_either() {
    let home = Home::new();
    let api = FakeApi::start(|_| Reply::Json(500, String::new()));
    let run = home.run_with(&["--json", "--api-url", &api.url, "login", "--api-key-stdin"], "a-key").exits(1);
    assert_eq!(run.error()["code"], "api");
    assert!(!home.config().join("credentials.json").exists());
}

#[test]
fn logging_in_again_replaces_and_a_failed_try_keeps_what_was_there() {
    let home = Home::new();
    let api = FakeApi::start(|asked| match asked.authorization.contains("bad") {
        true => Reply::Json(401, r#"{"message":"no"}"#.to_owned()),
        false => Reply::Json(200, r#"{"docs":[]}"#.to_owned()),
    });
    let login = |key: &str| home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], key);
    login("first-key-of-the-partner").exits(0);
    login("second-key-of-the-partner").exits(0);
    login("bad-key-of-the-partner").exits(3);
    home.run(&["whoami"]).exits(0);
    assert_eq!(api.asked().last().unwrap().authorization, "Bearer second-key-of-the-partner");
}

#[test]
fn logout_removes_them_and_says_when_there_were_none() {
    let home = Home::new();
    let api = welcoming();
    home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], "canary-key-to-be-removed").exits(0);
    assert_eq!(
        home.run(&["logout", "--json"]).exits(0).json(),
        json!({ "profile": "default", "removed": true })
    );
    let left = home.files().into_values().any(|bytes| String::from_utf8_lossy(&bytes).contains("canary-key"));
    assert!(!left, "nothing of it is left in any file");
    assert_eq!(
        home.run(&["logout", "--json"]).exits(0).json(),
        json!({ "profile": "default", "removed": false })
    );
    assert!(home.run(&["logout"]).exits(0).stderr.contains("no stored credentials"));
    assert_eq!(home.run(&["--json", "whoami"]).exits(3).error()["code"], "unauthorized");
}

#[test]
fn whoami_exits_with_3_when_the_api_does_not_accept_them() {
    let home = Home::new();
    let api = refusing();
    let run = Run::of(home.against(&api.url, &["--json", "whoami"])).exits(3);
    assert_eq!(run.json()["accepted"], false);
    assert_eq!(
        names(&run.json()),
        ["profile", "platform", "generation", "account", "apiUrl", "credentials", "accepted", "channels"]
    );
    assert_eq!(run.json()["channels"], json!(null));
    assert_eq!(run.error()["code"], "unauthorized");
    let run = Run::of(home.against(&api.url, &["whoami"])).exits(3);
    assert!(run.stdout.lines().any(|line| line.split_whitespace().eq(["Accepted", "no"])), "{run:?}");
    assert!(run.stderr.contains("SOCIALCHAT_API_KEY was rejected"), "{run:?}");
}

#[test]
fn any_command_exits_with_3_and_the_apis_words_when_it_is_refused() {
    let home = Home::new();
    let api = refusing();
    for command in [vec!["channels", "list"], vec!["callback", "show"], vec!["connect", "messenger", "--all"]]
    {
        let mut run = home.against(&api.url, &[vec!["--json"], command].concat());
        run.env("SOCIALCHAT_TOKEN", "token");
        let error = Run::of(run).exits(3).error();
        assert_eq!(error["code"], "unauthorized");
        assert!(error["message"].as_str().unwrap().contains("Kunci salah"), "{error}");
        assert_eq!(error["originalMessage"], "invalid app id or secret key");
        assert_eq!(error["status"], 401);
    }
}

#[test]
fn without_credentials_it_names_the_three_ways() {
    let home = Home::new();
    for arguments in
        [vec!["whoami"], vec!["channels", "list"], vec!["connect", "messenger", "--all", "--no-browser"]]
    {
        let run = home.run(&arguments).exits(3);
        for way in [
            "socialchat-cli login",
            "SOCIALCHAT_API_KEY",
            "SOCIALCHAT_APP_ID",
            "SOCIALCHAT_SECRET_KEY",
            "--sandbox",
        ] {
            assert!(run.stderr.contains(way), "{way}: {}", run.stderr);
        }
    }
}

#[test]
fn credentials_of_the_environment_win_over_stored_ones() {
    let home = Home::new();
    let api = welcoming();
    home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], "stored-key").exits(0);
    let mut command = home.command(&["--json", "whoami"]);
    command.env("SOCIALCHAT_API_KEY", "key-of-the-environment");
    let who = Run::of(command).exits(0).json();
    assert_eq!(who["credentials"], json!({ "source": "environment", "key": "••••ment" }));
    assert_eq!(api.asked().last().unwrap().authorization, "Bearer key-of-the-environment");

    let run = Run::of(with_pair(&home, &api.url, &["--json", "whoami"])).exits(0);
    assert_eq!(run.json()["credentials"]["source"], "environment");
    // base64 of sandbox-app-id_sandbox-secret-key, as the guides of 2024 ask for it.
    let bearer = "Bearer c2FuZGJveC1hcHAtaWRfc2FuZGJveC1zZWNyZXQta2V5";
    assert_eq!(api.asked().last().unwrap().authorization, bearer);
}

#[test]
fn half_a_pair_is_named() {
    let home = Home::new();
    for (set, missing) in
        [("SOCIALCHAT_APP_ID", "SOCIALCHAT_SECRET_KEY"), ("SOCIALCHAT_SECRET_KEY", "SOCIALCHAT_APP_ID")]
    {
        let mut command = home.command(&["whoami", "--json"]);
        command.env(set, "something");
        let error = Run::of(command).exits(2).error();
        assert_eq!(error["code"], "usage");
        assert!(error["message"].as_str().unwrap().contains(missing), "{error}");
    }
}

#[test]
fn profiles_are_accounts_of_their_own() {
    let home = Home::new();
    let (first, second) = (welcoming(), welcoming());
    home.run_with(&["login", "--api-key-stdin", "--api-url", &first.url], "key-of-the-default-profile")
        .exits(0);
    home.run_with(
        &["--profile", "b", "login", "--api-key-stdin", "--api-url", &second.url],
        "key-of-profile-b",
    )
    .exits(0);
    assert_eq!(home.run(&["whoami", "--json"]).exits(0).json()["apiUrl"], first.url);
    let mut command = home.command(&["whoami", "--json"]);
    command.env("SOCIALCHAT_PROFILE", "b");
    let who = Run::of(command).exits(0).json();
    assert_eq!((&who["profile"], &who["apiUrl"]), (&json!("b"), &json!(second.url)));
    home.run(&["logout", "--profile", "b"]).exits(0);
    home.run(&["whoami", "--profile", "b"]).exits(3);
    home.run(&["whoami"]).exits(0);
}

#[test]
fn stored_credentials_are_sent_to_no_other_host() {
    let home = Home::new();
    let (own, other) = (welcoming(), welcoming());
    home.run_with(&["--api-url", &own.url, "login", "--api-key-stdin"], "key-of-one-host").exits(0);
    for arguments in
        [vec!["whoami"], vec!["channels", "list"], vec!["callback", "show"], vec!["callback", "restore"]]
    {
        let arguments = [vec!["--json", "--api-url", &other.url], arguments].concat();
        let error = home.run(&arguments).exits(3).error();
        assert_eq!(error["code"], "unauthorized");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&own.url) && message.contains(&other.url), "{message}");
    }
    // Nor when somebody changes the address in the configuration.
    let config = home.config().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace(&own.url, &other.url);
    std::fs::write(&config, text).unwrap();
    home.run(&["whoami"]).exits(3);
    assert_eq!(other.asked().len(), 0, "nothing at all was sent there");
}

#[test]
fn what_comes_on_stdin_must_be_one_word() {
    let home = Home::new();
    let api = welcoming();
    for stdin in ["", "\n", "two words", "two\nlines"] {
        let run =
            home.run_with(&["--json", "--api-url", &api.url, "login", "--api-key-stdin"], stdin).exits(2);
        assert_eq!(run.error()["code"], "usage");
        assert!(run.error()["message"].as_str().unwrap().contains("stdin"), "{stdin:?}: {}", run.error());
    }
    assert_eq!(api.asked().len(), 0);
}

#[test]
fn login_without_a_terminal_names_its_options() {
    let home = Home::new();
    for (arguments, option) in
        [(vec!["login"], "--api-key-stdin"), (vec!["login", "--app-id", "x"], "--secret-key-stdin")]
    {
        let run = home.run(&arguments).exits(2);
        assert!(run.stderr.contains(option), "{}", run.stderr);
    }
    let run = home.run_with(&["login", "--app-id", "a b", "--secret-key-stdin"], "x").exits(2);
    assert!(run.stderr.contains("--app-id"), "{}", run.stderr);
    home.run(&["login", "--secret-key-stdin"]).exits(2);
    home.run(&["login", "--api-key-stdin", "--app-id", "x"]).exits(2);
    home.run(&["login", "--api-key", "secret"]).exits(2);
    assert!(home.run(&["--sandbox", "login"]).exits(2).stderr.contains("needs no credentials"));
}

#[test]
fn the_sandbox_says_that_it_is_one() {
    let home = Home::new();
    let who = home.run(&["--sandbox", "--json", "whoami"]).exits(0).json();
    assert_eq!((&who["profile"], &who["accepted"]), (&json!("sandbox"), &json!(true)));
    assert_eq!(who["credentials"]["source"], "sandbox");
}

#[test]
fn logging_out_forgets_the_api_url_that_login_noted() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    home.run_with(&["--api-url", &sandbox.api_url, "login", "--api-key-stdin"], "sandbox-api-key").exits(0);
    assert_eq!(home.run(&["--json", "whoami"]).exits(0).json()["apiUrl"], sandbox.api_url.as_str());
    home.run(&["logout"]).exits(0);
    let config = std::fs::read_to_string(home.config().join("config.toml")).unwrap();
    assert!(!config.contains("127.0.0.1"), "{config}");
}
