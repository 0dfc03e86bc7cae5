//! The options of every command, before it and after it, and their environment variables.

use crate::person::{requests, token, with_token};
use crate::support::{FakeApi, Home, Reply, Run, Served};

fn welcoming() -> FakeApi {
    FakeApi::start(|_| Reply::Json(200, r#"{"docs":[]}"#.to_owned()))
}

fn whoami(home: &Home, before: &[&str], after: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = home.command(&[before, &["whoami"], after].concat());
    command.env("SOCIALCHAT_API_KEY", "the-key-in-the-environment").envs(environment.iter().copied());
    Run::of(command)
}

#[test]
fn they_are_accepted_before_and_after_the_command() {
    let home = Home::new();
    let api = welcoming();
    let options: [&[&str]; 9] = [
        &["--profile", "b"],
        &["--sandbox"],
        &["--json"],
        &["--yes"],
        &["-y"],
        &["--no-input"],
        &["-q"],
        &["-v"],
        &["--color", "never"],
    ];
    for options in options {
        // The sandbox is no other API.
        let url = ["--api-url", api.url.as_str()];
        let url: &[&str] = if options == ["--sandbox"] { &[] } else { &url };
        let before = whoami(&home, &[url, options].concat(), &[], &[]).exits(0);
        let after = whoami(&home, url, options, &[]).exits(0);
        let last = whoami(&home, &[], &[options, url].concat(), &[]).exits(0);
        // The embedded sandbox takes another port each time.
        if options != ["--sandbox"] {
            assert_eq!(before.stdout, after.stdout, "{options:?}");
            assert_eq!(before.stdout, last.stdout, "{options:?}");
        }
    }
    let run = home.run(&["--sandbox", "channels", "--json", "list", "--kind", "webchat"]).exits(0);
    assert_eq!(run.json()["total"], 1, "in the middle as well");
}

#[test]
fn each_has_its_environment_variable_and_the_option_wins() {
    let home = Home::new();
    let (api, other) = (welcoming(), welcoming());
    let run = whoami(
        &home,
        &[],
        &[],
        &[("SOCIALCHAT_API_URL", &api.url), ("SOCIALCHAT_JSON", "1"), ("SOCIALCHAT_PROFILE", "b")],
    )
    .exits(0);
    assert_eq!((&run.json()["profile"], &run.json()["apiUrl"]), (&"b".into(), &api.url.as_str().into()));
    let environment = [("SOCIALCHAT_API_URL", other.url.as_str()), ("SOCIALCHAT_PROFILE", "b")];
    let run = whoami(&home, &["--api-url", &api.url, "--json"], &["--profile", "c"], &environment).exits(0);
    assert_eq!((&run.json()["profile"], &run.json()["apiUrl"]), (&"c".into(), &api.url.as_str().into()));
    assert_eq!(other.asked().len(), 0);

    let run = whoami(&home, &[], &["--json"], &[("SOCIALCHAT_SANDBOX", "1")]).exits(0);
    assert_eq!(run.json()["credentials"]["source"], "sandbox");
    for off in ["", "0", "false", "no", "off", "NO"] {
        let environment =
            [("SOCIALCHAT_SANDBOX", off), ("SOCIALCHAT_JSON", off), ("SOCIALCHAT_API_URL", &api.url)];
        let run = whoami(&home, &[], &[], &environment).exits(0);
        assert!(
            run.stdout.contains("from the environment") && !run.stdout.starts_with('{'),
            "{off:?}: {}",
            run.stdout
        );
    }
}

#[test]
fn the_sandbox_and_another_api_are_not_both_to_be_had() {
    let home = Home::new();
    let api = welcoming();
    let url = ["--api-url", &api.url];
    for (before, after) in [
        ([&["--sandbox", "--json"], &url[..]].concat(), vec![]),
        (vec!["--json"], [&url[..], &["--sandbox"]].concat()),
        (vec!["--json", "--sandbox"], url.to_vec()),
        ([&["--json"], &url[..]].concat(), vec!["--sandbox"]),
    ] {
        let run = whoami(&home, &before, &after, &[]).exits(2);
        let message = run.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains("--sandbox") && message.contains("--api-url"), "{message}");
        assert_eq!(run.error()["code"], "usage");
    }
    // A variable that is set for good contradicts nobody.
    for environment in [
        (&["--sandbox"][..], ("SOCIALCHAT_API_URL", api.url.as_str())),
        (&url[..], ("SOCIALCHAT_SANDBOX", "1")),
    ] {
        let run = whoami(&home, environment.0, &["--json"], &[environment.1]).exits(0);
        assert_eq!(run.json()["credentials"]["source"], "sandbox");
    }
    assert_eq!(api.asked().len(), 0);
}

#[test]
fn a_variable_that_is_empty_counts_as_not_set() {
    let home = Home::new();
    let environment = [
        ("SOCIALCHAT_PROFILE", ""),
        ("SOCIALCHAT_API_URL", ""),
        ("SOCIALCHAT_TOKEN", ""),
        ("SOCIALCHAT_APP_ID", ""),
        ("SOCIALCHAT_SECRET_KEY", ""),
        ("SOCIALCHAT_CONFIG_DIR", ""),
    ];
    let run = whoami(&home, &["--json", "--sandbox"], &[], &environment).exits(0);
    assert_eq!(run.json()["profile"], "sandbox");
    let run = whoami(&home, &["--json"], &[], &[("SOCIALCHAT_API_KEY", "")]).exits(3);
    assert_eq!(run.error()["code"], "unauthorized");
}

#[test]
fn the_configuration_folder_holds_everything() {
    let home = Home::new();
    let api = welcoming();
    let own = home.dir.path().join("elsewhere");
    let option = own.to_str().unwrap();
    home.run_with(&["--config-dir", option, "--api-url", &api.url, "login", "--api-key-stdin"], "key")
        .exits(0);
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all", "--config-dir", option]).exits(0);
    assert!(home.files().keys().all(|path| path.starts_with(&own)), "{:?}", home.files().keys());
    assert!(own.join("credentials.json").exists() && own.join("config.toml").exists());
    home.run(&["whoami"]).exits(3);
    home.run(&["--config-dir", "elsewhere", "whoami"]).exits(0);
}

#[cfg(target_os = "linux")]
#[test]
fn without_one_the_platforms_folders_are_used() {
    let home = Home::new();
    let mut command = home.command(&["--sandbox", "channels", "list"]);
    command.env_remove("SOCIALCHAT_CONFIG_DIR");
    Run::of(command).exits(0);
    assert!(
        home.dir.path().join(".local/state/socialchat-cli/sandbox.jsonl").exists(),
        "{:?}",
        home.files().keys()
    );
}

#[test]
fn an_api_url_is_https_or_on_this_machine() {
    let home = Home::new();
    for bad in [
        "http://api.socialchat.id/partner",
        "http://127.0.0.1.evil.example/partner",
        "http://10.0.0.1/partner",
        "ftp://127.0.0.1/",
        "https://user:pass@api.socialchat.id/",
        "https://api.socialchat.id/?a=b",
        "api",
        "file:///etc/passwd",
    ] {
        let run = whoami(&home, &["--json", "--api-url", bad], &[], &[]).exits(2);
        assert_eq!(run.error()["code"], "usage");
        assert!(run.stderr.contains("--api-url"), "{bad}: {}", run.stderr);
        let run = whoami(&home, &[], &[], &[("SOCIALCHAT_API_URL", bad)]).exits(2);
        assert!(run.stderr.contains("'SOCIALCHAT_API_URL'"), "{bad}: {}", run.stderr);
    }
    let api = welcoming();
    let localhost = api.url.replace("127.0.0.1", "localhost") + "/";
    let run = whoami(&home, &["--json", "--api-url", &localhost], &[], &[]).exits(0);
    assert_eq!(run.json()["apiUrl"], localhost.trim_end_matches('/'), "without the slash at its end");
}

#[test]
fn a_profile_has_a_name_that_can_be_a_file() {
    let home = Home::new();
    for bad in ["a/b", "..", "a b", "con", "", "x\u{202e}y"] {
        let run = whoami(&home, &["--json", "--profile", bad], &[], &[]).exits(2);
        assert_eq!(run.error()["code"], "usage");
        assert!(run.error()["message"].as_str().unwrap().contains("--profile"), "{bad:?}: {}", run.stderr);
        assert!(!run.stderr.contains('\u{202e}'));
    }
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let loud = Run::of(with_token(&home, &sandbox, &token, &["channels", "list"])).exits(0);
    let quiet = Run::of(with_token(&home, &sandbox, &token, &["channels", "list", "-q"])).exits(0);
    assert_eq!(loud.stdout, quiet.stdout);
    assert!(!loud.stderr.is_empty());
    assert_eq!(quiet.stderr, "");
    let run =
        Run::of(with_token(&home, &sandbox, &token, &["-q", "connect", "messenger", "--page", "x"])).exits(1);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    home.run(&["--quiet", "--verbose", "channels", "list"]).exits(2);
}

#[test]
fn verbose_shows_each_request_and_nothing_secret() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    for level in ["-v", "-vv", "-vvv"] {
        let run =
            Run::of(with_token(&home, &sandbox, &token, &[level, "--json", "connect", "messenger", "--all"]))
                .exits(0);
        for request in ["GET /partner/channel/messenger/account", "GET /partner/channel"] {
            let line = run
                .stderr
                .lines()
                .find(|line| line.starts_with(&format!("{request} ")))
                .unwrap_or_else(|| panic!("{}", run.stderr));
            assert!(line.contains("200") && line.ends_with(" ms"), "{line}");
        }
        assert!(run.stderr.contains("POST /partner/channel/messenger"), "{}", run.stderr);
        for secret in [token.as_str(), &token[..40], "sandbox-api-key", "Bearer", "?", "nextOffset"] {
            assert!(!run.stderr.contains(secret), "{secret}: {}", run.stderr);
        }
    }
    // Without it nothing of the kind is said.
    let run = Run::of(with_token(&home, &sandbox, &token, &["--json", "pages", "messenger"])).exits(0);
    assert!(!run.stderr.contains("/partner"), "{}", run.stderr);
    assert!(requests(&sandbox, "GET", "/partner/channel/messenger/account") >= 4);
}

#[test]
fn waiting_for_the_api_is_said_and_the_call_repeated() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--fault", "GET /partner/channel=503*1;retry-after=1"]);
    let run = Run::of(home.against(&sandbox.api_url, &["--json", "channels", "list"])).exits(0);
    assert_eq!(run.json()["total"], 3);
    assert!(run.stderr.contains("Retrying GET /partner/channel in 1.0 s"), "{}", run.stderr);
    assert_eq!(requests(&sandbox, "GET", "/partner/channel"), 2);
}

#[test]
fn colours_are_for_terminals_unless_they_are_asked_for() {
    let home = Home::new();
    let colored = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = home.command(&[&["--sandbox", "channels", "list"], arguments].concat());
        command.envs(environment.iter().copied());
        let run = Run::of(command).exits(0);
        let (out, err) = (run.stdout.contains('\u{1b}'), run.stderr.contains('\u{1b}'));
        assert_eq!(out, err, "both or none: {run:?}");
        out
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[]));
    assert!(colored(&["--color=always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "auto"], &[("TERM", "xterm-256color")]));
    let run = home.run(&["--sandbox", "--json", "--color", "always", "channels", "list"]).exits(0);
    assert!(!run.stdout.contains('\u{1b}'), "JSON is JSON");
    let run = home.run(&["--json", "--color", "always", "whoami"]).exits(3);
    assert_eq!(run.error()["code"], "unauthorized", "and so is an error");
}

#[test]
fn ci_asks_nothing() {
    let home = Home::new();
    let mut command = home.command(&["--json", "login"]);
    command.env("CI", "true");
    assert_eq!(Run::of(command).exits(2).error()["code"], "usage");
}

#[test]
fn commands_that_are_said_to_be_typed_have_the_options_of_the_run() {
    let home = Home::new();
    let id = "000000000000000000000000";
    let error = home.run(&["--sandbox", "--json", "channels", "show", id]).exits(1).error();
    assert_eq!(error["hint"], "see your channels: `socialchat-cli --sandbox channels list`");
    let run = home.run(&["--sandbox", "channels", "show", id]).exits(1);
    assert!(run.stderr.contains("`socialchat-cli --sandbox channels list`"), "{}", run.stderr);
    let run = home.run(&["--sandbox", "--json", "--yes", "disconnect", id, &id.replace('0', "1")]).exits(1);
    let hint = run.json()["results"][0]["error"]["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains("`socialchat-cli --sandbox channels list`"), "{hint}");
    let error = home.run(&["--profile", "agency-b", "--json", "channels", "list"]).exits(3).error();
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("run `socialchat-cli --profile agency-b login`"), "{hint}");
}
