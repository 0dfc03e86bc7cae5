//! What is stored, and how: private, and never overwritten when it can't be read.

use std::fs;

use crate::support::{FakeApi, Home, Reply, Run};

fn welcoming() -> FakeApi {
    FakeApi::start(|_| Reply::Json(200, r#"{"docs":[]}"#.to_owned()))
}

fn written(home: &Home, name: &str, text: &str) -> std::path::PathBuf {
    fs::create_dir_all(home.config()).unwrap();
    let path = home.config().join(name);
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(home.config(), fs::Permissions::from_mode(0o700)).unwrap();
    }
    path
}

#[cfg(unix)]
#[test]
fn files_are_0600_and_folders_0700_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let api = welcoming();
    let mut login = std::process::Command::new("sh");
    let inner = home.command(&["--api-url", &api.url, "login", "--api-key-stdin"]);
    login
        .arg("-c")
        .arg(r#"umask 000; printf the-key | "$0" "$@""#)
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            login.env(name, value);
        }
    }
    Run::of(login).exits(0);
    home.run(&["--sandbox", "--yes", "connect", "messenger", "--all"]).exits(0);
    home.run(&["callback", "set", "--messenger", "https://app.example.com/x"]).code.unwrap();
    let mut seen = 0;
    let mut folders = vec![home.config()];
    while let Some(folder) = folders.pop() {
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 3, "configuration, credentials, the sandbox's state: {seen}");
}

#[test]
fn a_corrupt_configuration_is_placed_and_left_alone() {
    let home = Home::new();
    let api = welcoming();
    let text = "# mine\n[profile.default]\napi-url = \"unclosed\n";
    let path = written(&home, "config.toml", text);
    let place = format!("{}:3:", path.display());
    for arguments in [
        vec!["--json", "whoami"],
        vec!["--json", "channels", "list"],
        vec!["--json", "--api-url", &api.url, "callback", "set", "--messenger", "https://app.example.com/x"],
        vec!["--json", "--api-url", &api.url, "login", "--api-key-stdin"],
    ] {
        let mut command = home.command(&arguments);
        let is_login = arguments.contains(&"login");
        if !is_login {
            command.env("SOCIALCHAT_API_KEY", "key");
        }
        let run = if is_login { home.run_with(&arguments, "key") } else { Run::of(command) };
        let run = run.exits(2);
        let error = run.error();
        assert_eq!(error["code"], "usage", "{error}");
        assert!(error["message"].as_str().unwrap().contains(&place), "{arguments:?}: {error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_corrupt_configuration_fails_before_anything_is_changed() {
    let home = Home::new();
    let api = FakeApi::start(|asked| match asked.method.as_str() {
        "GET" if asked.target == "/partner" => Reply::Json(200, "{}".to_owned()),
        _ => Reply::Json(200, String::new()),
    });
    written(&home, "config.toml", "[profile");
    Run::of(home.against(&api.url, &["callback", "set", "--messenger", "https://app.example.com/x"]))
        .exits(2);
    assert!(api.asked().iter().all(|asked| asked.method == "GET"), "{:?}", api.asked());
    home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], "key").exits(2);
    assert!(!home.config().join("credentials.json").exists(), "no half of a login stays behind");
}

#[test]
fn corrupt_credentials_are_placed_and_left_alone_and_not_quoted() {
    let home = Home::new();
    let api = welcoming();
    let text = "{\"profiles\": {\n  \"default\": {\"apiKey\": \"CANARY\" oops\n}}";
    let path = written(&home, "credentials.json", text);
    let place = format!("{}:2:", path.display());
    for run in [
        home.run(&["--json", "whoami"]),
        home.run(&["--json", "logout"]),
        home.run_with(&["--json", "--api-url", &api.url, "login", "--api-key-stdin"], "key"),
    ] {
        let run = run.exits(2);
        assert!(run.error()["message"].as_str().unwrap().contains(&place), "{}", run.error());
        assert!(!run.stderr.contains("CANARY"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn credentials_that_say_something_else_are_named() {
    let home = Home::new();
    for (text, what) in [
        ("[]", "credentials.json"),
        (r#"{"profiles":7}"#, "profiles"),
        (r#"{"profiles":{"default":{"place":"moon"}}}"#, "profile default"),
        (
            r#"{"profiles":{"default":{"place":"file","apiUrl":"https://api.socialchat.id/partner"}}}"#,
            "profile default",
        ),
    ] {
        let path = written(&home, "credentials.json", text);
        let run = home.run(&["whoami"]).exits(2);
        assert!(
            run.stderr.contains(what) && run.stderr.contains("credentials.json"),
            "{text}: {}",
            run.stderr
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn an_address_in_the_configuration_is_checked_like_any_other() {
    let home = Home::new();
    for bad in ["http://api.socialchat.id/partner", "nonsense", "https://user@host/", "ftp://127.0.0.1/"] {
        written(&home, "config.toml", &format!("[profile.default]\napi-url = \"{bad}\"\n"));
        let mut command = home.command(&["whoami"]);
        command.env("SOCIALCHAT_API_KEY", "key");
        let run = Run::of(command).exits(2);
        assert!(
            run.stderr.contains("config.toml") && run.stderr.contains("api-url"),
            "{bad}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_misspelt_key_stops_the_run_before_a_key_goes_to_the_wrong_api() {
    let home = Home::new();
    let api = welcoming();
    let text = format!("[profile.default]\napi_url = \"{}\"\n", api.url);
    let path = written(&home, "config.toml", &text);
    let mut command = home.command(&["--json", "whoami"]);
    command.env("SOCIALCHAT_API_KEY", "key");
    let error = Run::of(command).exits(2).error();
    assert_eq!(error["code"], "usage");
    let said = format!("{}:2:1: unknown key profile.default.api_url; did you mean api-url?", path.display());
    assert_eq!(error["message"], said);
    // Where the address is given, the file isn't asked for it.
    Run::of(home.against(&api.url, &["whoami"])).exits(0);
    assert!(std::fs::read_to_string(&path).unwrap().contains("api_url"), "it stays as it is");
}

#[test]
fn a_key_of_another_profile_that_means_nothing_is_said_once() {
    let home = Home::new();
    let api = welcoming();
    let text = format!("[profile.b]\ncolour = \"blue\"\n[profile.default]\napi-url = \"{}\"\n", api.url);
    let path = written(&home, "config.toml", &text);
    let mut command = home.command(&["whoami"]);
    command.env("SOCIALCHAT_API_KEY", "key");
    let run = Run::of(command).exits(0);
    let said =
        run.stderr.matches(&format!("{}:2: unknown key profile.b.colour is ignored", path.display())).count();
    assert_eq!(said, 1, "{}", run.stderr);
}

#[test]
fn no_file_of_the_working_folder_is_read() {
    let home = Home::new();
    let other = welcoming();
    for name in ["config.toml", ".socialchat-cli.toml", ".env", "socialchat.toml"] {
        fs::write(home.dir.path().join(name), format!("[profile.default]\napi-url = \"{}\"\n", other.url))
            .unwrap();
    }
    let api = welcoming();
    home.run_with(&["--api-url", &api.url, "login", "--api-key-stdin"], "key").exits(0);
    home.run(&["channels", "list"]).exits(0);
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let home = Home::new();
    let path = home.dir.path().join("file");
    fs::write(&path, "").unwrap();
    let path = path.to_str().unwrap();
    for arguments in [vec!["--sandbox", "channels", "list"], vec!["sandbox", "reset"], vec!["whoami"]] {
        let run = home.run(&[vec!["--config-dir", path], arguments.clone()].concat());
        assert_ne!(run.code, Some(0), "{arguments:?}");
        assert!(run.stderr.contains(path) || run.code == Some(3), "{arguments:?}: {}", run.stderr);
    }
}
