//! Files: ours alone, from where they belong, and whole.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::partner::{Partner, World};
use crate::support::{FakeApi, Home, Reply, Run};

fn log_in(home: &Home, partner: &Partner, key: &str) -> Run {
    home.run_with(&["--api-url", partner.url(), "login", "--api-key-stdin"], key).exits(0)
}

fn find(home: &Home, name: &str) -> PathBuf {
    home.files().into_keys().find(|path| path.ends_with(name)).unwrap_or_else(|| panic!("no {name}"))
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn nothing_in_the_working_folder_says_which_api_is_asked() {
    let evil = FakeApi::start(|_| Reply::Json(200, "{}".to_owned()));
    // The vendor's API is asked through a proxy of ours, which sees where to and goes no further.
    let proxy = FakeApi::start(|_| Reply::Close);
    let home = Home::new();
    let folder = home.dir.path().join("project");
    fs::create_dir_all(folder.join("config")).unwrap();
    let url = &evil.url;
    for (name, text) in [
        ("config.toml", format!("api-url = \"{url}\"\n[profiles.default]\napi-url = \"{url}\"\n")),
        ("socialchat-cli.toml", format!("api-url = \"{url}\"\n")),
        (".socialchat-cli.toml", format!("api-url = \"{url}\"\n")),
        (".env", format!("SOCIALCHAT_API_URL={url}\n")),
        (
            "credentials.json",
            format!(r#"{{"profiles":{{"default":{{"place":"file","apiUrl":"{url}","apiKey":"x"}}}}}}"#),
        ),
    ] {
        fs::write(folder.join(name), &text).unwrap();
        fs::write(folder.join("config").join(name), &text).unwrap();
    }
    let mut command = home.command(&["channels", "list"]);
    command.current_dir(&folder).env("SOCIALCHAT_API_KEY", "some-api-key");
    command.env("HTTPS_PROXY", proxy.url.trim_end_matches("/partner")).env_remove("NO_PROXY");
    Run::of(command).exits(1);
    assert!(evil.asked().is_empty());
    assert!(proxy.asked().iter().all(|asked| asked.target == "api.socialchat.id:443"), "{:?}", proxy.asked());
    assert!(!proxy.asked().is_empty());
    let mut command = home.command(&["whoami"]);
    command.current_dir(&folder);
    Run::of(command).exits(3);
}

#[test]
fn credentials_are_sent_to_no_other_api_than_the_one_they_were_stored_for() {
    let (partner, other) = (Partner::start(World::new()), Partner::start(World::new()));
    let home = Home::new();
    log_in(&home, &partner, "stored-api-key");
    let run = home.run(&["whoami"]).exits(0);
    assert!(run.stdout.contains(partner.url()), "whoami shows the API: {}", run.stdout);
    for arguments in
        [&["--api-url", other.url(), "whoami"][..], &["--api-url", other.url(), "channels", "list"]]
    {
        let run = home.run(arguments).exits(3);
        assert!(run.stderr.contains("are not sent to"), "{}", run.stderr);
    }
    // Nor when the configuration was changed behind their back.
    let config = find(&home, "config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace(partner.url(), other.url())).unwrap();
    home.run(&["channels", "list"]).exits(3);
    assert!(other.api.asked().is_empty());
}

#[test]
fn a_credentials_file_that_others_can_read_is_reported_and_tightened() {
    let partner = Partner::start(World::new());
    let home = Home::new();
    log_in(&home, &partner, "stored-api-key");
    let file = find(&home, "credentials.json");
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    for loose in [0o644, 0o640, 0o666] {
        fs::set_permissions(&file, fs::Permissions::from_mode(loose)).unwrap();
        let run = home.run(&["whoami"]).exits(0);
        assert!(run.stderr.contains("was readable by others"), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("mode {loose:04o}")), "{}", run.stderr);
        assert_eq!(mode(&file), 0o600);
    }
    assert!(!home.run(&["whoami"]).exits(0).stderr.contains("read by others"));
}

#[test]
fn a_symbolic_link_where_a_file_of_ours_should_be_is_refused_and_named() {
    let partner = Partner::start(World::new());
    for name in ["credentials.json", "config.toml"] {
        let home = Home::new();
        log_in(&home, &partner, "stored-api-key");
        let (file, elsewhere) = (find(&home, name), home.dir.path().join("elsewhere"));
        fs::rename(&file, &elsewhere).unwrap();
        let before = fs::read(&elsewhere).unwrap();
        symlink(&elsewhere, &file).unwrap();
        let run = home.run(&["whoami"]);
        assert_ne!(run.code, Some(0));
        assert!(run.stderr.contains(file.to_str().unwrap()) && run.stderr.contains("link"), "{}", run.stderr);
        let login = ["--api-url", partner.url(), "login", "--api-key-stdin"];
        assert_ne!(home.run_with(&login, "another-api-key").code, Some(0));
        assert_eq!(fs::read(&elsewhere).unwrap(), before, "nothing was written through it");
    }
}

#[test]
fn a_journal_that_is_a_link_is_refused_before_anything_is_changed() {
    let partner = Partner::start(World::new());
    let home = Home::new();
    let victim = home.dir.path().join("victim");
    fs::write(&victim, "theirs").unwrap();
    let arguments = ["authorize", "messenger", "--yes", "--no-browser"];
    let mut waiting = crate::support::Waiting::start(home.against(partner.url(), &arguments));
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
    let is_journal = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("messenger.") && name.ends_with(".json")
    };
    let journal = home.files().into_keys().find(is_journal).unwrap();
    fs::remove_file(&journal).unwrap();
    symlink(&victim, &journal).unwrap();
    partner.world().settings = World::new().settings;
    let puts = partner.count("PUT /partner");
    let run = Run::of(home.against(partner.url(), &arguments));
    assert_ne!(run.code, Some(0));
    assert!(run.stderr.contains("link"), "{}", run.stderr);
    assert_eq!(partner.count("PUT /partner"), puts);
    assert_eq!(fs::read(&victim).unwrap(), b"theirs");
}

#[test]
fn of_100_kills_while_it_writes_none_leaves_a_file_that_does_not_parse() {
    let partner = Partner::start(World::new());
    let home = Home::new();
    log_in(&home, &partner, "first-api-key-0123456789");
    let file = find(&home, "credentials.json");
    // What is being written, until it is whole.
    let fresh = file.with_file_name(".credentials.json.new");
    // Large, so that writing it takes a while.
    let mut stored: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    stored["profiles"]["other"] = stored["profiles"]["default"].clone();
    stored["profiles"]["other"]["apiKey"] = "k".repeat(200_000).into();
    fs::write(&file, stored.to_string()).unwrap();
    let mut cut_short = 0;
    for n in 0..100 {
        let mut command = home.command(&["--api-url", partner.url(), "login", "--api-key-stdin"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        use std::io::Write as _;
        let _ = fs::remove_file(&fresh);
        child.stdin.take().unwrap().write_all(format!("api-key-number-{n}").as_bytes()).unwrap();
        while !fresh.exists() && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(10 * n));
        let _ = child.kill();
        child.wait().unwrap();
        cut_short += u32::from(fresh.exists());
        let text = fs::read_to_string(&file).unwrap();
        let found: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{n}: {error}: {text}"));
        assert!(found["profiles"]["default"]["apiKey"].as_str().unwrap().contains("api-key-"), "{n}");
    }
    // Otherwise the kills hit nothing, and all of the above shows nothing.
    assert!(cut_short > 10, "{cut_short} kills came while it wrote");
    // The next write clears up.
    fs::write(&fresh, "{").unwrap();
    log_in(&home, &partner, "last-api-key-0123456789");
    assert!(!fresh.exists());
}

#[test]
fn processes_at_once_lose_nobodys_change() {
    let partner = Partner::start(World::new());
    let home = Home::new();
    let (here, api) = (&home, partner.url());
    let names: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
    thread::scope(|scope| {
        for names in names.chunks(5) {
            scope.spawn(move || {
                for name in names {
                    let arguments = ["--api-url", api, "--profile", name, "login", "--api-key-stdin"];
                    here.run_with(&arguments, &format!("api-key-of-{name}")).exits(0);
                }
            });
        }
    });
    for name in &names {
        home.run(&["--profile", name, "channels", "list"]).exits(0);
        let asked = partner.api.asked().pop().unwrap();
        assert_eq!(asked.authorization, format!("Bearer api-key-of-{name}"));
    }
}

#[test]
fn a_corrupt_file_is_reported_with_its_line_and_left_as_it_is() {
    let partner = Partner::start(World::new());
    for (name, text) in [("credentials.json", "{\"profiles\":\n{canary-key"), ("config.toml", "[profiles\nx")]
    {
        let home = Home::new();
        log_in(&home, &partner, "stored-api-key");
        let file = find(&home, name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let run = home.run(&["whoami"]);
        assert_ne!(run.code, Some(0));
        assert!(run.stderr.contains(&format!("{}:", file.display())), "{}", run.stderr);
        assert!(!run.stderr.contains("canary"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn a_corrupt_sandbox_says_how_to_begin_anew() {
    let home = Home::new();
    home.run(&["sandbox", "reset"]).exits(0);
    let file = find(&home, "sandbox.jsonl");
    fs::write(&file, "something else\n").unwrap();
    for arguments in [&["--sandbox", "--json", "channels", "list"][..], &["--json", "sandbox", "serve"]] {
        let error = home.run(arguments).exits(2).error();
        assert_eq!(error["code"], "usage", "{error}");
        assert!(error["message"].as_str().unwrap().contains(&file.display().to_string()), "{error}");
        assert_eq!(error["hint"], "`socialchat-cli sandbox reset` resets the sandbox");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "something else\n");
    home.run(&["sandbox", "reset"]).exits(0);
    home.run(&["--sandbox", "channels", "list"]).exits(0);
}

#[test]
fn a_sandbox_state_that_is_a_link_is_refused_and_nothing_is_written_through_it() {
    for name in ["sandbox.jsonl", "sandbox.jsonl.lock"] {
        let home = Home::new();
        home.run(&["--sandbox", "channels", "list"]).exits(0);
        let (file, elsewhere) = (find(&home, name), home.dir.path().join("elsewhere"));
        fs::rename(&file, &elsewhere).unwrap();
        let before = fs::read(&elsewhere).unwrap();
        symlink(&elsewhere, &file).unwrap();
        for arguments in [
            &["--sandbox", "--yes", "connect", "messenger", "--all"][..],
            &["sandbox", "serve"],
            &["sandbox", "reset"],
        ] {
            let run = home.run(arguments);
            assert!(matches!(run.code, Some(1 | 2)), "{name} {arguments:?}: {run:?}");
            assert!(run.stderr.contains("symbolic link") && run.stderr.contains(name), "{}", run.stderr);
        }
        assert!(file.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(&elsewhere).unwrap(), before, "nothing was written through it");
    }
}

/// Makes it somebody else's; false where only root could.
fn give_away(path: &Path) -> bool {
    let given = std::os::unix::fs::chown(path, Some(65534), Some(65534)).is_ok();
    if !given {
        eprintln!("left out: only root can give a file away");
    }
    given
}

#[test]
fn a_login_says_at_once_that_others_can_change_its_folder() {
    let partner = Partner::start(World::new());
    for (mode, given_away, says) in [
        (0o775, false, "others can write to"),
        (0o1777, false, "others can write to"),
        (0o755, true, "belongs to another user (ID 65534)"),
        (0o700, false, ""),
    ] {
        let home = Home::new();
        fs::create_dir(home.config()).unwrap();
        fs::set_permissions(home.config(), fs::Permissions::from_mode(mode)).unwrap();
        if given_away && !give_away(&home.config()) {
            continue;
        }
        let run = log_in(&home, &partner, "stored-api-key");
        let folder = home.config().display().to_string();
        let said = run.stderr.lines().collect::<Vec<_>>().join(" ");
        match says {
            "" => assert!(!said.contains("others") && !said.contains("somebody"), "{said}"),
            _ => assert!(
                said.contains(&format!("{folder} {says}")) || said.contains(&format!("{says} {folder}")),
                "{said}"
            ),
        }
    }
}

#[test]
fn a_configuration_that_somebody_else_could_have_written_says_nothing_of_the_api() {
    let (evil, home) = (Partner::start(World::new()), Home::new());
    fs::create_dir(home.config()).unwrap();
    let file = home.config().join("config.toml");
    for (mode, given_away, hint) in [
        (0o666, false, "chmod go-w"),
        (0o620, false, "chmod go-w"),
        (0o644, true, "chown $(id -u)"),
        (0o600, true, "chown $(id -u)"),
    ] {
        let text = format!("[profile.default]\napi-url = \"{}\"\n", evil.url());
        fs::write(&file, &text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        if given_away && !give_away(&file) {
            continue;
        }
        for arguments in [&["channels", "list", "--json"][..], &["login", "--api-key-stdin", "--json"]] {
            let mut command = home.command(arguments);
            command.env("SOCIALCHAT_API_KEY", "some-api-key-0123");
            let input = home.dir.path().join("input");
            fs::write(&input, "some-api-key-0123").unwrap();
            command.stdin(fs::File::open(&input).unwrap());
            let error = Run::of(command).exits(2).error();
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(file.to_str().unwrap()) && message.contains("not trusted"), "{error}");
            assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "it is left as it is");
        // Where the address comes from elsewhere, nobody need believe it.
        Run::of(home.against(evil.url(), &["channels", "list"])).exits(0);
        fs::remove_file(&file).unwrap();
    }
    assert!(evil.api.asked().iter().all(|asked| asked.authorization == "Bearer sandbox-api-key"));
    // One that says nothing is nobody's.
    fs::write(&file, "# nothing yet\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    log_in(&home, &evil, "stored-api-key");
}

#[test]
fn man_pages_are_written_over_plain_files_alone() {
    let home = Home::new();
    let (folder, victim) = (home.dir.path().join("man1"), home.dir.path().join("victim"));
    fs::create_dir(&folder).unwrap();
    fs::write(&victim, "theirs").unwrap();
    let page = folder.join("socialchat-cli-login.1");
    let pipe =
        |path: &Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    // A link, one to nowhere, a pipe, a folder.
    let ways: [&dyn Fn(&Path); 4] = [
        &|path| symlink(&victim, path).unwrap(),
        &|path| symlink("nowhere", path).unwrap(),
        &pipe,
        &|path| fs::create_dir(path).unwrap(),
    ];
    for (what, make) in ways.into_iter().enumerate() {
        make(&page);
        let run = home.run(&["man", folder.to_str().unwrap()]).exits(1);
        assert!(run.stderr.contains(page.to_str().unwrap()), "{what}: {}", run.stderr);
        assert!(!page.symlink_metadata().unwrap().is_file(), "{what}");
        let _ = fs::remove_file(&page).or_else(|_| fs::remove_dir(&page));
    }
    assert_eq!(fs::read(&victim).unwrap(), b"theirs");
    // Another name of somebody's file is replaced, not written into.
    fs::hard_link(&victim, &page).unwrap();
    home.run(&["man", folder.to_str().unwrap()]).exits(0);
    assert_eq!(fs::read(&victim).unwrap(), b"theirs");
    assert!(fs::read_to_string(&page).unwrap().contains(".TH \"SOCIALCHAT-CLI-LOGIN\" \"1\""));
    assert_eq!(mode(&page) & 0o444, 0o444 & !umask());
}

fn umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let umask = status.lines().find_map(|line| line.strip_prefix("Umask:")).unwrap_or("022");
    u32::from_str_radix(umask.trim(), 8).unwrap()
}

#[test]
fn a_lock_that_is_another_name_of_somebodys_file_is_not_written_into() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let victim = home.dir.path().join("victim");
    fs::write(&victim, "theirs").unwrap();
    fs::create_dir(home.config()).unwrap();
    for name in [".credentials.json.lock", ".config.toml.lock"] {
        fs::hard_link(&victim, home.config().join(name)).unwrap();
    }
    log_in(&home, &partner, "stored-api-key");
    assert_eq!(fs::read(&victim).unwrap(), b"theirs");
}

#[test]
fn a_file_that_another_process_holds_is_a_time_out_and_names_that_process() {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let list = ["reconnect", "messenger", "--all", "--json"];
    Run::of(home.against(partner.url(), &list)).exits(0);
    let lock = home
        .files()
        .into_keys()
        .find(|path| {
            path.to_str().unwrap().contains("/runs/") && path.extension().is_some_and(|end| end == "lock")
        })
        .expect("the lock of the record");
    fs::write(&lock, "4711").unwrap();
    let held = fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    let error = Run::of(home.against(partner.url(), &list)).exits(1).error();
    assert_eq!(error["code"], "timeout", "{error}");
    assert!(error["message"].as_str().unwrap().contains("is in use by process 4711"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("wait for process 4711"), "{error}");
}
