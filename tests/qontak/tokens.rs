//! The older generation's tokens: given for a password, renewed once, never sent twice.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::fake::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, Qontak, World, integration};
use crate::support::{Home, Reply, Run, until};
use crate::terminal::Terminal;

const REFRESH_TOKEN: &str = "a-refresh-token-that-holds-once-0";

fn world() -> World {
    World::of(vec![integration(0, "fb")])
}

/// A home whose profile has a grant that expired so many seconds ago.
fn home_with_grant(qontak: &Qontak, ago: i64) -> Home {
    let home = Home::new();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let stored = json!({ "profiles": { "default": {
        "place": "file", "apiUrl": qontak.url(), "platform": "qontak", "username": "sari@example.com",
        "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "accessToken": ACCESS_TOKEN,
        "refreshToken": REFRESH_TOKEN, "expiresAt": now - ago,
    } } });
    std::fs::create_dir_all(home.config()).unwrap();
    let file = home.config().join("credentials.json");
    std::fs::write(&file, stored.to_string()).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    home
}

fn stored(home: &Home) -> Value {
    let text = std::fs::read_to_string(home.config().join("credentials.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["profiles"]["default"].clone()
}

fn run(qontak: &Qontak, home: &Home, arguments: &[&str]) -> Run {
    let run = Run::of(qontak.without_credentials(home, arguments));
    for secret in ["holds-once", ACCESS_TOKEN, CLIENT_SECRET, "a password of hers"] {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{secret}: {run:?}");
    }
    run
}

/// How often a token was asked for.
fn grants(qontak: &Qontak) -> usize {
    qontak.asked().iter().filter(|asked| *asked == "POST /oauth/token").count()
}

#[test]
fn a_password_gives_tokens_that_are_stored_with_the_address_of_their_generation() {
    let home = Home::new();
    let qontak = Qontak::older(world());
    let login = ["login", "--username", "sari@example.com", "--client-id", CLIENT_ID];
    let mut terminal = Terminal::start(&qontak.without_credentials(&home, &login));
    terminal.wait_for("Password (input hidden):");
    terminal.wait_until_hidden();
    terminal.send("a password of hers\r");
    terminal.wait_for("Client secret (input hidden):");
    terminal.wait_until_hidden();
    terminal.send(&format!("{CLIENT_SECRET}\r"));
    let ended = terminal.end();
    assert_eq!(ended.code, 0, "{}", ended.text);
    for secret in ["a password of hers", CLIENT_SECRET, ACCESS_TOKEN, "holds-once"] {
        assert!(!ended.bytes.contains(secret), "{secret}: {}", ended.bytes);
    }
    let kept = stored(&home);
    assert_eq!(kept["accessToken"], format!("{ACCESS_TOKEN}-1"));
    assert_eq!(kept["refreshToken"], "a-refresh-token-that-holds-once-1");
    assert_eq!(kept["apiUrl"], qontak.url());
    assert!(!kept.to_string().contains("a password of hers"));
    run(&qontak, &home, &["channels", "list"]).exits(0);
    assert_eq!(grants(&qontak), 1, "it holds for a year");
}

#[test]
fn on_a_terminal_either_of_both_generations_can_be_logged_in_to() {
    for (newer, typed, secret) in [(true, CLIENT_ID, CLIENT_SECRET), (false, "", ACCESS_TOKEN)] {
        let home = Home::new();
        let qontak = if newer { Qontak::newer(world()) } else { Qontak::older(world()) };
        let mut terminal = Terminal::start(&qontak.without_credentials(&home, &["login"]));
        terminal.wait_for("Client ID (Enter alone: access token of the older generation):");
        terminal.send(&format!("{typed}\r"));
        terminal.wait_for("(input hidden):");
        terminal.wait_until_hidden();
        terminal.send(&format!("{secret}\r"));
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{}", ended.text);
        assert!(!ended.bytes.contains(secret), "{}", ended.bytes);
        run(&qontak, &home, &["channels", "list"]).exits(0);
    }
}

#[test]
fn a_password_that_is_refused_stores_nothing() {
    let home = Home::new();
    let qontak = Qontak::older(world());
    let login = ["login", "--username", "sari@example.com", "--client-id", CLIENT_ID, "--password-stdin"];
    let mut terminal = {
        // The password is piped in, so nobody can be asked for the secret.
        let mut command = qontak.without_credentials(&home, &login);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"a password of hers\n").unwrap();
        let run = Run::from(child.wait_with_output().unwrap()).exits(2);
        assert!(run.stderr.contains("--client-secret-stdin"), "{}", run.stderr);
        assert_eq!(grants(&qontak), 0);
        Terminal::start(&qontak.without_credentials(&home, &login[..5]))
    };
    terminal.wait_for("Password (input hidden):");
    terminal.wait_until_hidden();
    terminal.send("another password\r");
    terminal.wait_for("Client secret (input hidden):");
    terminal.wait_until_hidden();
    terminal.send(&format!("{CLIENT_SECRET}\r"));
    let ended = terminal.end();
    assert_eq!(ended.code, 3, "{}", ended.text);
    assert!(ended.text.contains("nothing is saved"), "{}", ended.text);
    assert!(!home.config().join("credentials.json").exists());
}

#[test]
fn an_access_token_that_was_copied_is_stored_for_the_older_generation() {
    let home = Home::new();
    let qontak = Qontak::older(world());
    let mut command = qontak.without_credentials(&home, &["--json", "login", "--access-token-stdin"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{ACCESS_TOKEN}\n").as_bytes())
        .unwrap();
    let done = Run::from(child.wait_with_output().unwrap()).exits(0).json();
    assert_eq!((&done["platform"], &done["apiUrl"]), (&json!("qontak"), &json!(qontak.url())));
    // Where no address is named, it is the vendor's older one.
    let mut command = home.command(&["--json", "whoami"]);
    command.env("SOCIALCHAT_PLATFORM", "qontak").env("QONTAK_ACCESS_TOKEN", ACCESS_TOKEN);
    command
        .env("SOCIALCHAT_CONFIG_DIR", home.dir.path().join("other"))
        .env("HTTPS_PROXY", "http://127.0.0.1:1");
    let error = Run::of(command).exits(1).error();
    assert!(error["message"].as_str().unwrap().contains("service-chat.qontak.com"), "{error}");
}

#[test]
fn a_login_of_the_other_generation_goes_to_its_own_host() {
    for (option, noted, host) in [
        (
            &["--client-id", "x", "--client-secret-stdin"][..],
            "service-chat.qontak.com/api/open/v1",
            "api.mekari.com",
        ),
        (&["--access-token-stdin"], "api.mekari.com/qontak/chat/v1", "service-chat.qontak.com"),
        // What somebody runs by themselves stays.
        (&["--access-token-stdin"], "qontak.example/api/open/v1", "qontak.example"),
    ] {
        let home = Home::new();
        std::fs::create_dir_all(home.config()).unwrap();
        let config = format!("[profile.default]\nplatform = \"qontak\"\napi-url = \"https://{noted}\"\n");
        std::fs::write(home.config().join("config.toml"), config).unwrap();
        let mut command = home.command(&[&["--json", "login"], option].concat());
        command.env("HTTPS_PROXY", "http://127.0.0.1:1");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"a-secret-of-some-length\n").unwrap();
        let error = Run::from(child.wait_with_output().unwrap()).exits(1).error();
        let said = error["message"].as_str().unwrap();
        assert!(said.contains(&format!("connect to {host} ")), "{said}");
    }
}

#[test]
fn an_expired_token_is_renewed_once_and_stored_before_it_is_used() {
    let was_stored = Arc::new(AtomicBool::new(false));
    let (seen, file) = (was_stored.clone(), Arc::new(std::sync::Mutex::new(std::path::PathBuf::new())));
    let path = file.clone();
    let qontak = Qontak::meddled(false, world(), move |asked, _| {
        if asked.target.contains("/integrations") {
            let text = std::fs::read_to_string(&*path.lock().unwrap()).unwrap();
            let token = asked.authorization.trim_start_matches("Bearer ").to_owned();
            seen.store(text.contains(&token) && text.contains("holds-once-1"), Ordering::SeqCst);
        }
        None
    });
    let home = home_with_grant(&qontak, 10);
    *file.lock().unwrap() = home.config().join("credentials.json");
    run(&qontak, &home, &["-v", "channels", "list"]).exits(0);
    assert!(was_stored.load(Ordering::SeqCst), "both tokens are on the disk before the first is used");
    assert_eq!(stored(&home)["accessToken"], format!("{ACCESS_TOKEN}-1"));
    run(&qontak, &home, &["whoami"]).exits(0);
    assert_eq!(grants(&qontak), 1);
}

#[test]
fn two_runs_at_once_renew_it_once_and_lose_nothing() {
    // Slow enough that both are there before the first has its answer.
    let qontak = Qontak::meddled(false, world(), |asked, _| {
        if asked.method == "POST" {
            std::thread::sleep(Duration::from_millis(700));
        }
        None
    });
    let home = home_with_grant(&qontak, 10);
    let start = || {
        let mut command = qontak.without_credentials(&home, &["channels", "list"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs = [start(), start(), start()];
    for child in runs {
        Run::from(child.wait_with_output().unwrap()).exits(0);
    }
    assert_eq!(grants(&qontak), 1, "{:?}", qontak.asked());
    assert_eq!(stored(&home)["refreshToken"], "a-refresh-token-that-holds-once-1");
}

#[test]
fn a_refresh_whose_answer_was_lost_is_never_sent_again() {
    for odd in [|| Reply::Close, || Reply::Json(200, String::new()), || Reply::Json(502, String::new())] {
        let qontak = Qontak::meddled(false, world(), move |asked, _| (asked.method == "POST").then(odd));
        let home = home_with_grant(&qontak, 10);
        for _ in 0..2 {
            let error = run(&qontak, &home, &["--json", "channels", "list"]).exits(3).error();
            assert_eq!(error["code"], "unauthorized");
            assert!(error["message"].as_str().unwrap().contains("the answer to it was lost"), "{error}");
            assert!(error["hint"].as_str().unwrap().contains("log in again"), "{error}");
        }
        assert_eq!(grants(&qontak), 1);
        let noted = home.config().join("state/refresh/default");
        assert!(!std::fs::read_to_string(noted).unwrap().contains(REFRESH_TOKEN));
    }
}

#[test]
fn ctrl_c_amid_a_refresh_waits_until_the_fresh_tokens_are_stored() {
    let qontak = Qontak::meddled(false, world(), |asked, _| {
        if asked.method == "POST" {
            std::thread::sleep(Duration::from_millis(1200));
        }
        None
    });
    let home = home_with_grant(&qontak, 10);
    let mut command = qontak.without_credentials(&home, &["channels", "list"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the refresh was sent", || grants(&qontak) == 1);
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    Run::from(child.wait_with_output().unwrap()).exits(130);
    assert_eq!(stored(&home)["refreshToken"], "a-refresh-token-that-holds-once-1");
    run(&qontak, &home, &["channels", "list"]).exits(0);
    assert_eq!(grants(&qontak), 1);
}

#[test]
fn a_run_that_is_killed_amid_a_refresh_leaves_a_note_of_it() {
    let qontak = Qontak::meddled(false, world(), |asked, _| (asked.method == "POST").then_some(Reply::Hang));
    let home = home_with_grant(&qontak, 10);
    let mut command = qontak.without_credentials(&home, &["channels", "list"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the refresh was sent", || grants(&qontak) == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let error = run(&qontak, &home, &["--json", "channels", "list"]).exits(3).error();
    assert!(error["message"].as_str().unwrap().contains("the answer to it was lost"), "{error}");
    assert_eq!(grants(&qontak), 1);
}

#[test]
fn a_refresh_that_was_not_carried_out_may_be_tried_by_the_next_run() {
    for refused in [
        || Reply::With(503, "Retry-After: 1\r\n".to_owned(), String::new()),
        || Reply::Json(429, String::new()),
    ] {
        let qontak = Qontak::meddled(false, world(), move |asked, number| {
            (asked.method == "POST" && number == 1).then(refused)
        });
        let home = home_with_grant(&qontak, 10);
        run(&qontak, &home, &["channels", "list"]).exits(1);
        run(&qontak, &home, &["channels", "list"]).exits(0);
        assert_eq!(grants(&qontak), 2);
    }
}

#[test]
fn a_refresh_token_that_is_refused_asks_to_log_in_again() {
    let qontak = Qontak::older(World { refresh_token: "another-one".to_owned(), ..world() });
    let home = home_with_grant(&qontak, 10);
    let error = run(&qontak, &home, &["--json", "channels", "list"]).exits(3).error();
    assert!(error["message"].as_str().unwrap().contains("rejects the refresh token"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--username NAME"), "{error}");
    assert_eq!(stored(&home)["refreshToken"], REFRESH_TOKEN, "what is stored stays");
}

#[test]
fn a_token_that_still_holds_is_used_as_it_is() {
    let qontak = Qontak::older(world());
    let home = home_with_grant(&qontak, -3600);
    run(&qontak, &home, &["channels", "list"]).exits(0);
    assert_eq!(grants(&qontak), 0);
}
