//! A profile belongs to one platform: what is stored, and what contradicts it.

use serde_json::json;

use crate::support::{FakeApi, Home, Reply, Run};

const TOKEN: &str = "token-of-many-characters-7f3a";

/// Takes every token, and has no applications.
fn tendarts() -> FakeApi {
    FakeApi::start(|_| {
        Reply::Json(200, json!({ "count": 0, "next": null, "previous": null, "results": [] }).to_string())
    })
}

fn logged_in(home: &Home, api: &FakeApi) {
    let login = ["--api-url", &api.url, "--platform", "10darts", "--json", "login", "--api-token-stdin"];
    let run = home.run_with(&login, &format!("{TOKEN}\n")).exits(0);
    assert_eq!(run.json()["platform"], "10darts");
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "{run:?}");
}

#[test]
fn a_login_notes_the_platform_and_a_logout_forgets_it() {
    let (home, api) = (Home::new(), tendarts());
    logged_in(&home, &api);
    let config = || std::fs::read_to_string(home.config().join("config.toml")).unwrap();
    assert!(config().contains("platform = \"10darts\""), "{}", config());
    let who = home.run(&["--json", "whoami"]).exits(0).json();
    assert_eq!((&who["platform"], &who["credentials"]["key"]), (&json!("10darts"), &json!("••••7f3a")));
    assert!(api.asked().iter().all(|asked| asked.authorization == format!("Token {TOKEN}")));
    let listed = home.run(&["--json", "profile", "list"]).exits(0).json();
    assert_eq!(listed["profiles"][0]["platform"], "10darts");
    home.run(&["logout"]).exits(0);
    assert!(!config().contains("platform"), "{}", config());
}

#[test]
fn a_refused_login_says_where_that_platforms_credentials_come_from() {
    let api = FakeApi::start(|_| {
        Reply::Json(
            401,
            json!({ "message": "Unauthorized", "error": { "code": 401, "messages": ["Unauthorized"] } })
                .to_string(),
        )
    });
    let home = Home::new();
    for (arguments, says) in [
        (
            &["--platform", "unifiedbeez", "login", "--session-stdin"][..],
            "copy them from UnifiedBeez once more",
        ),
        (&["--platform", "qontak", "login", "--client-id", "id", "--client-secret-stdin"], "check them"),
        (&["--platform", "10darts", "login", "--api-token-stdin"], "of your account in 10darts"),
        (&["--platform", "socialchat", "login", "--api-key-stdin"], "Socialchat's partner settings"),
    ] {
        let arguments = [&["--json", "--api-url", &api.url], arguments].concat();
        let error = home.run_with(&arguments, "secret-of-many-characters\n").exits(3).error();
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains(says), "{arguments:?}: {error}");
        assert_eq!(hint.contains("Socialchat"), arguments.contains(&"socialchat"), "{hint}");
    }
}

#[test]
fn credentials_of_another_platform_in_the_environment_are_named_where_no_platform_is() {
    let home = Home::new();
    for (variables, platform) in [
        (&["UNIFIEDBEEZ_SESSION"][..], "unifiedbeez"),
        (&["QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET"], "qontak"),
        (&["QONTAK_ACCESS_TOKEN"], "qontak"),
        (&["TENDARTS_API_TOKEN"], "10darts"),
    ] {
        let mut command = home.command(&["--json", "channels", "list"]);
        command.envs(variables.iter().map(|name| (name, "of-many-characters")));
        let error = Run::of(command).exits(3).error();
        let hint = format!("{} is set: add --platform {platform}", variables.join(" and "));
        assert!(error["hint"].as_str().unwrap().starts_with(&hint), "{error}");
    }
}

#[test]
fn another_platform_than_the_profiles_is_an_error_that_names_both_and_sends_nothing() {
    let (home, api) = (Home::new(), tendarts());
    logged_in(&home, &api);
    let asked = api.asked().len();
    let both = |run: Run| {
        let error = run.exits(2).error();
        assert_eq!(error["code"], "usage");
        assert_eq!(error["message"], "profile default is of 10darts, not of Qontak");
    };
    both(home.run(&["--json", "--platform", "qontak", "whoami"]));
    both(home.run(&["--json", "--platform", "qontak", "channels", "list"]));
    both(home.run_with(&["--json", "--platform", "qontak", "login", "--access-token-stdin"], TOKEN));
    let mut command = home.command(&["--json", "whoami"]);
    command.env("SOCIALCHAT_PLATFORM", "qontak");
    both(Run::of(command));
    // Nor where the configuration forgot it: the credentials know.
    std::fs::write(home.config().join("config.toml"), "").unwrap();
    let error = home.run(&["--json", "--api-url", &api.url, "whoami"]).exits(2).error();
    assert_eq!(error["message"], "profile default is of 10darts, not of Socialchat");
    assert_eq!(api.asked().len(), asked);
}

#[test]
fn credentials_of_one_platform_are_never_taken_for_another() {
    let home = Home::new();
    for (arguments, says) in [
        (["--platform", "qontak", "login", "--api-token-stdin"], "--api-token-stdin is for 10darts"),
        (["--platform", "10darts", "login", "--session-stdin"], "--session-stdin is for UnifiedBeez"),
        (["--platform", "unifiedbeez", "login", "--api-key-stdin"], "--api-key-stdin is for Socialchat"),
    ] {
        let error = home.run_with(&[&["--json"], &arguments[..]].concat(), TOKEN).exits(2).error();
        assert!(error["message"].as_str().unwrap().starts_with(says), "{error}");
    }
    // A key for Socialchat in the environment is none for another platform.
    let mut command = home.command(&["--json", "--platform", "unifiedbeez", "whoami"]);
    command.env("SOCIALCHAT_API_KEY", TOKEN);
    let error = Run::of(command).exits(3).error();
    assert!(error["hint"].as_str().unwrap().contains("UNIFIEDBEEZ_SESSION"), "{error}");
    let mut half = home.command(&["--json", "--platform", "qontak", "whoami"]);
    half.env("QONTAK_CLIENT_ID", "client");
    let error = Run::of(half).exits(2).error();
    assert_eq!(error["message"], "QONTAK_CLIENT_ID is set, but QONTAK_CLIENT_SECRET is not");
}

#[test]
fn options_of_other_platforms_are_refused_by_name_before_anything_is_sent() {
    let home = Home::new();
    for (arguments, says) in [
        (&["connect", "messenger", "--all", "--name", "shop"][..], "--name is for 10darts"),
        (&["connect", "messenger", "--all", "--origin", "https://a.example"], "--origin is for UnifiedBeez"),
        (&["reconnect", "instagram", "--all", "--page-token-stdin"], "--page-token-stdin is for 10darts"),
        (&["disconnect", "--whole-channel", "12"], "--whole-channel is for UnifiedBeez"),
    ] {
        let error = home.run(&[&["--sandbox", "--yes", "--json"], arguments].concat()).exits(2).error();
        assert!(error["message"].as_str().unwrap().starts_with(says), "{error}");
    }
}

#[test]
fn a_platform_that_there_is_none_of_is_refused_with_those_that_there_are() {
    let home = Home::new();
    let run = home.run(&["--platform", "fax", "platforms"]).exits(2);
    assert!(run.stderr.contains("socialchat, unifiedbeez, qontak, 10darts"), "{run:?}");
    std::fs::create_dir_all(home.config()).unwrap();
    std::fs::write(home.config().join("config.toml"), "[profile.default]\nplatform = \"fax\"\n").unwrap();
    let error = home.run(&["--json", "whoami"]).exits(2).error();
    assert!(
        error["message"].as_str().unwrap().contains("config.toml:2:1: \"fax\" is no platform"),
        "{error}"
    );
}
