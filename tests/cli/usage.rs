//! A command line that is wrong, in words and as JSON; and help, version and completion scripts.

use std::process::Stdio;

use serde_json::json;

use crate::person::names;
use crate::support::{Home, Run};

#[test]
fn a_wrong_command_line_is_an_error_document_too() {
    let home = Home::new();
    for arguments in [
        vec!["--json"],
        vec!["--json", "conect"],
        vec!["connect", "--json"],
        vec!["connect", "fax", "--json"],
        vec!["authorize", "--json"],
        vec!["--json", "authorize", "telegram"],
        vec!["--json", "channels", "list", "--unknown"],
        vec!["--json", "connect", "messenger", "--concurrency", "0"],
        vec!["--json", "channels", "list", "--limit"],
    ] {
        let run = home.run(&arguments).exits(2);
        assert_eq!(run.stdout, "");
        let error = run.error();
        assert_eq!(names(&error), ["code", "message", "originalMessage", "status", "hint"]);
        assert_eq!(error["code"], "usage");
        assert_eq!((&error["originalMessage"], &error["status"]), (&json!(null), &json!(null)));
        let message = error["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.starts_with("error") && !message.contains('\n'), "{message}");
        assert!(error["hint"].as_str().unwrap().contains("--help"));
        assert_eq!(run.stderr.lines().count(), 1, "nothing but the document: {}", run.stderr);
    }
    // What stands beside the first line for people is in the document too.
    let error = home.run(&["--json", "authorize", "telegram"]).exits(2).error();
    assert!(
        error["message"].as_str().unwrap().ends_with("[possible values: messenger, instagram]"),
        "{error}"
    );
    let error = home.run(&["--json", "conect"]).exits(2).error();
    assert!(error["hint"].as_str().unwrap().contains("'connect'"), "{error}");
    let mut command = home.command(&["conect"]);
    command.env("SOCIALCHAT_JSON", "1");
    assert_eq!(Run::of(command).exits(2).error()["code"], "usage");
    for off in ["", "0", "false", "no", "off", "NO"] {
        let mut command = home.command(&["conect"]);
        command.env("SOCIALCHAT_JSON", off);
        let run = Run::of(command).exits(2);
        assert!(!run.stderr.contains('{'), "{off:?}: {}", run.stderr);
    }
}

#[test]
fn an_unknown_command_suggests_the_near_one() {
    let home = Home::new();
    for (typed, meant) in [("conect", "connect"), ("chanels", "channels"), ("log-in", "login")] {
        let run = home.run(&[typed]).exits(2);
        assert!(run.stderr.contains(&format!("'{meant}'")), "{}", run.stderr);
    }
    assert!(home.run(&["channels", "list", "--discon"]).exits(2).stderr.contains("--disconnected"));
}

#[test]
fn no_secret_can_be_an_options_value() {
    let home = Home::new();
    for option in ["--api-key", "--secret-key", "--token"] {
        for command in [vec!["login"], vec!["authorize", "messenger"]] {
            let run = home.run(&[command, vec![option, "CANARY"]].concat()).exits(2);
            assert!(!run.stderr.contains("CANARY"), "{}", run.stderr);
        }
    }
}

#[test]
fn nothing_typed_is_help_and_an_error() {
    let home = Home::new();
    let run = home.run(&[]).exits(2);
    for command in ["login", "connect", "reconnect", "channels", "sandbox"] {
        assert!(run.stderr.contains(command), "{}", run.stderr);
    }
}

#[test]
fn help_and_version_are_results() {
    let home = Home::new();
    let version = home.run(&["--version"]).exits(0);
    assert_eq!(version.stdout, format!("socialchat-cli {}\n", env!("CARGO_PKG_VERSION")));
    for arguments in [["--version", "--json"], ["--json", "-V"]] {
        let version = home.run(&arguments).exits(0).json();
        assert_eq!(version, json!({ "name": "socialchat-cli", "version": env!("CARGO_PKG_VERSION") }));
    }
    for arguments in
        [vec!["--help"], vec!["help"], vec!["help", "connect", "messenger"], vec!["channels", "list", "-h"]]
    {
        let run = home.run(&arguments).exits(0);
        assert!(run.stdout.contains("Usage:") && run.stderr.is_empty(), "{arguments:?}: {run:?}");
    }
}

#[test]
fn no_input_is_implied_without_a_terminal() {
    let home = Home::new();
    for arguments in [vec!["login"], vec!["--no-input", "login"]] {
        let run = home.run(&[arguments, vec!["--json"]].concat()).exits(2);
        assert_eq!(run.error()["code"], "usage");
        assert!(run.error()["hint"].as_str().unwrap().contains("--api-key-stdin"), "{}", run.error());
    }
}

#[test]
fn a_reader_that_goes_is_no_error() {
    let home = Home::new();
    home.run(&["sandbox", "reset", "--pages", "3000", "--channels", "3000"]).exits(0);
    for arguments in [
        vec!["--sandbox", "channels", "list"],
        vec!["--sandbox", "--json", "channels", "list"],
        vec!["completions", "zsh"],
    ] {
        let mut command = home.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = Run::from(child.wait_with_output().unwrap()).exits(0);
        assert!(!run.stderr.contains("error"), "{}", run.stderr);
    }
}

#[test]
fn each_shell_gets_its_completions() {
    let home = Home::new();
    for (shell, mark, asks) in [
        ("bash", "complete -F", true),
        ("zsh", "#compdef socialchat-cli", true),
        ("fish", "complete -c socialchat-cli", true),
        ("powershell", "Register-ArgumentCompleter", false),
        ("elvish", "edit:completion", false),
    ] {
        let run = home.run(&["completions", shell]).exits(0);
        assert!(run.stdout.contains(mark), "{shell}");
        // Those that don't ask the program hold the whole command line.
        for word in ["reconnect", "if-connected", "disconnected", "messenger", "config-dir"] {
            assert!(asks || run.stdout.contains(word), "{shell}: {word}");
        }
        assert_eq!(run.stderr, "");
        let document = home.run(&["--json", "completions", shell]).exits(0).json();
        assert_eq!((&document["shell"], &document["script"]), (&json!(shell), &json!(run.stdout)));
    }
    home.run(&["completions", "tcsh"]).exits(2);
    home.run(&["completions"]).exits(2);
}

#[test]
fn the_shells_themselves_take_them() {
    let home = Home::new();
    for (shell, name, check) in
        [("bash", "bash", "-n"), ("zsh", "zsh", "-n"), ("fish", "fish", "--no-execute")]
    {
        let script = home.dir.path().join(name);
        std::fs::write(&script, home.run(&["completions", shell]).exits(0).stdout).unwrap();
        // Whoever has the shell checks it.
        if let Ok(output) = std::process::Command::new(shell).arg(check).arg(&script).output() {
            assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn what_is_typed_where_a_secret_may_stand_is_shown_nowhere() {
    const CANARY: &str = "EAABcanary0123456789/abc+def=";
    const KEY: &str = "sk_live_canary_0123456789";
    let home = Home::new();
    let glued = "--api-keysk_live_1";
    let misspelt = format!("--tokn-stdin={CANARY}");
    let flag = format!("--json={CANARY}");
    let host = format!("https://user:{KEY}@api.example/partner");
    for (arguments, kept) in [
        (vec!["login", KEY], "argument 2 is not shown"),
        (vec!["authorize", "messenger", CANARY], "argument 3 is not shown"),
        (vec!["authorize", CANARY], "possible values: messenger, instagram"),
        (vec!["authorize", "messenger", "--token", CANARY], "'--token'"),
        (vec!["authorize", "messenger", &misspelt], "'--token-stdin'"),
        (vec!["authorize", "messenger", "--", CANARY], "argument 4 is not shown"),
        (vec!["login", glued], "'--api-key-stdin'"),
        (vec!["connect", "telegram", CANARY], "Usage: socialchat-cli connect telegram"),
        (vec!["connect", CANARY], "unrecognized subcommand"),
        (vec![CANARY], "unrecognized subcommand"),
        (vec!["help", CANARY], "unrecognized subcommand"),
        (vec![&flag, "whoami"], "'--json'"),
        (vec!["connect", "messenger", "--timeout", "9988776655"], "'--timeout <SECONDS>'"),
        (vec!["sandbox", "serve", "--fault", CANARY], "'--fault <FAULT>'"),
        (vec!["--api-url", &host, "whoami"], "'--api-url <URL>'"),
        (vec!["--api-url", CANARY, "whoami"], "'--api-url <URL>'"),
    ] {
        for json in [false, true] {
            let more: &[&str] = if json { &["--json"] } else { &[] };
            let run = home.run(&[more, &arguments].concat()).exits(2);
            let said = format!("{}{}", run.stdout, run.stderr);
            for secret in ["EAAB", "canary", "CANARY", "sk_live", "9988776655", "user:"] {
                assert!(!said.contains(secret), "{arguments:?}: {said}");
            }
            let kept = if json { kept.replace("argument 2", "argument 3") } else { kept.to_owned() };
            // The document holds what is wrong and what to do, not all that clap says.
            let in_text_only = ["is not shown", "-stdin'", "Usage:"].iter().any(|part| kept.contains(part));
            assert!(said.contains(&kept) || (json && in_text_only), "{arguments:?}: {said}");
            let is_url = arguments.contains(&"--api-url");
            assert_eq!(said.contains("secrets are never arguments"), !is_url, "{arguments:?}: {said}");
        }
    }
    // What is only misspelt is still shown.
    let run = home.run(&["connect", "mesenger"]).exits(2);
    assert!(run.stderr.contains("'mesenger'") && run.stderr.contains("'messenger'"), "{}", run.stderr);
    assert!(!run.stderr.contains("secret"), "{}", run.stderr);
}

#[test]
fn a_token_that_is_taken_for_an_id_or_a_name_is_not_shown() {
    const TOKEN: &str = "EAABcanary0123456789abcdef";
    let home = Home::new();
    for arguments in [
        &["channels", "show", TOKEN][..],
        &["disconnect", TOKEN],
        &["reconnect", "messenger", TOKEN],
        &["reconnect", "telegram", TOKEN],
        &["--profile", "EAAB/canary+0123456789", "whoami"],
        &["connect", "whatsapp", "--name", "x", "--phone", TOKEN, "--qr-file", "x.png"],
        &["connect", "messenger", "--page", TOKEN],
    ] {
        for format in [&["-vv"][..], &["--json"]] {
            let mut command = home.command(&[&["--sandbox", "--yes"], arguments, format].concat());
            command.env("SOCIALCHAT_TOKEN", "sandbox-token");
            let run = Run::of(command);
            assert!(matches!(run.code, Some(1 | 2 | 4)), "{arguments:?}: {run:?}");
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(!said.contains("EAAB") && !said.contains("canary"), "{arguments:?}: {said}");
        }
    }
}

#[test]
fn a_url_that_holds_a_secret_is_refused_without_being_shown() {
    let home = Home::new();
    let chat = ["connect", "webchat", "--name", "x", "--website-url"];
    let listen = ["authorize", "messenger", "--port", "4711", "--callback-url"];
    for url in [
        "https://user:canary-pass@host.example/partner",
        "https://canary-user@host.example/partner",
        "https://host.example/partner?key=canary-0123",
        "https://host.example/partner?tenant=1&access_token=canary-0123",
        "https://host.example/partner?X-Signature=canary-0123",
        "https://host.example/partner?%74oken=canary-0123",
        "https://host.example/partner#token=canary-0123",
        "canary-scheme:canary",
    ] {
        for arguments in [
            &["--api-url", url, "whoami"][..],
            &[&listen[..], &[url]].concat(),
            &[&chat[..], &[url]].concat(),
            &["callback", "set", "--messenger", url],
            &["callback", "set", "--instagram", url],
            &["callback", "set", "--webhook", url],
        ] {
            for json in [false, true] {
                let more: &[&str] = if json { &["--json"] } else { &[] };
                let run = home.run(&[arguments, more].concat()).exits(2);
                let option = arguments[arguments.iter().position(|argument| *argument == url).unwrap() - 1];
                assert!(!run.stderr.contains("canary"), "{arguments:?}: {}", run.stderr);
                assert!(run.stderr.contains(&format!("'{option} <URL>'")), "{arguments:?}: {}", run.stderr);
            }
        }
        let mut command = home.command(&["whoami", "--json"]);
        command.env("SOCIALCHAT_API_URL", url);
        let run = Run::of(command).exits(2);
        assert!(!run.stderr.contains("canary"), "{}", run.stderr);
        assert!(run.error()["message"].as_str().unwrap().contains("'SOCIALCHAT_API_URL'"), "{}", run.stderr);

        std::fs::create_dir_all(home.config()).unwrap();
        let file = home.config().join("config.toml");
        std::fs::write(&file, format!("[profile.default]\napi-url = '{url}'\n")).unwrap();
        let mut command = home.command(&["whoami"]);
        command.env("SOCIALCHAT_API_KEY", "some-api-key-0123");
        let run = Run::of(command).exits(2);
        assert!(!run.stderr.contains("canary"), "{}", run.stderr);
        assert!(run.stderr.contains("api-url") && run.stderr.contains("config.toml"), "{}", run.stderr);
        std::fs::remove_file(file).unwrap();
    }
    let url = "https://app.example/cb?tenant=1&x=%20";
    let run = home.run(&["--sandbox", "callback", "set", "--messenger", url, "--json"]).exits(0);
    assert_eq!(run.json()["callbackMessengerUrl"], url);
}
