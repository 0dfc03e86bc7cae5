//! What Qontak refuses, and what is said then.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::json;

use crate::fake::{CLIENT_ID, Qontak, World, clean, error, integration};
use crate::support::{Home, Reply, Run, refusing_port};

#[test]
fn a_clock_that_is_off_is_said_in_seconds() {
    let home = Home::new();
    for (clock, way) in [(301, "behind"), (-301, "ahead"), (7200, "behind")] {
        // A request takes a moment, and each second may turn meanwhile.
        let clock = if clock > 0 { clock + 2 } else { clock - 2 };
        let qontak = Qontak::newer(World { clock, ..World::default() });
        let error = qontak.run(&home, &["--json", "channels", "list"]).exits(3).error();
        let message = error["message"].as_str().unwrap();
        let told = (clock.abs() - 2..=clock.abs() + 2)
            .any(|off| message.contains(&format!("off by {off} s ({way}")));
        assert!(told, "{clock}: {message}");
        assert!(!message.contains("ahead the"), "{message}");
        assert_eq!((&error["code"], &error["status"]), (&json!("unauthorized"), &json!(401)));
        assert!(error["hint"].as_str().unwrap().contains("clock"), "{error}");
    }
    let far = Qontak::newer(World { clock: 900, ..World::default() });
    let who = far.run(&home, &["--json", "whoami"]).exits(3);
    assert_eq!(who.json()["accepted"], false);
    assert!(who.error()["message"].as_str().unwrap().contains("off by"), "{who:?}");
    let near = Qontak::newer(World { clock: 290, ..World::of(vec![integration(0, "fb")]) });
    near.run(&home, &["channels", "list"]).exits(0);
}

#[test]
fn a_wrong_secret_is_credentials_and_no_clock() {
    let home = Home::new();
    let qontak = Qontak::newer(World::default());
    let mut command = qontak.command(&home, &["--json", "whoami"]);
    command.env("QONTAK_CLIENT_SECRET", "another-secret-than-the-right-one");
    let run = clean(&home, Run::of(command)).exits(3);
    assert_eq!(run.json()["accepted"], false);
    assert!(
        run.error()["hint"].as_str().unwrap().contains("QONTAK_CLIENT_ID and QONTAK_CLIENT_SECRET"),
        "{run:?}"
    );

    let mut command =
        qontak.without_credentials(&home, &["login", "--client-id", CLIENT_ID, "--client-secret-stdin"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"another-secret-than-the-right-one\n")
        .unwrap();
    let run = Run::from(child.wait_with_output().unwrap()).exits(3);
    assert!(
        run.stderr.contains("nothing is saved") && !home.config().join("credentials.json").exists(),
        "{run:?}"
    );
}

#[test]
fn after_429_it_waits_as_long_as_any_of_both_generations_says() {
    let home = Home::new();
    let messages = json!({ "status": "error", "error": { "code": 429, "messages":
        ["rate_limit_limit: 100", "rate_limit_remaining: 0", "rate_limit_reset: 1"] } });
    for (is_newer, headers, body) in [
        (true, "X-RateLimit-Reset: 1\r\n", error(429, "API rate limit exceeded")),
        (false, "", messages),
        (false, "Retry-After: 1\r\n", error(429, "slowly")),
    ] {
        let body = body.to_string();
        let qontak = Qontak::meddled(is_newer, World::of(vec![integration(0, "fb")]), move |_, number| {
            (number == 1).then(|| Reply::With(429, headers.to_owned(), body.clone()))
        });
        let run = qontak.run(&home, &["channels", "list"]).exits(0);
        assert!(run.stderr.contains("in 1.0 s (1 of 3)"), "{}", run.stderr);
        let times = qontak.world.lock().unwrap().times.clone();
        assert!(times[1] - times[0] >= std::time::Duration::from_millis(990), "{headers}");
    }
}

#[test]
fn after_429_without_a_word_it_waits_a_minute() {
    let home = Home::new();
    let qontak = Qontak::meddled(true, World::default(), |_, _| Some(Reply::Json(429, String::new())));
    let mut command = qontak.command(&home, &["channels", "list"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    while !said.contains("(1 of 3)") {
        let mut buffer = [0; 512];
        let count = stderr.read(&mut buffer).unwrap();
        assert!(count > 0, "it ended: {said}");
        said.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains("in 60.0 s (1 of 3)"), "{said}");
}

#[test]
fn where_the_older_host_is_gone_the_newer_generation_is_named() {
    let home = Home::new();
    let says = |error: serde_json::Value| {
        let hint = error["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains("https://api.mekari.com/qontak/chat/v1"), "{hint}");
        assert!(hint.contains("11 April 2025") && hint.contains("login --client-id"), "{hint}");
    };
    for status in [404, 410] {
        let qontak =
            Qontak::meddled(false, World::default(), move |_, _| Some(Reply::Json(status, String::new())));
        says(qontak.run(&home, &["--json", "channels", "list"]).exits(1).error());
    }
    let (_socket, port) = refusing_port();
    for host in [format!("http://127.0.0.1:{port}"), "https://service-chat.qontak.invalid".to_owned()] {
        let mut command = home.command(&["--json", "channels", "list"]);
        command.env("SOCIALCHAT_PLATFORM", "qontak").env("QONTAK_ACCESS_TOKEN", "an-older-access-token");
        command.env("SOCIALCHAT_API_URL", format!("{host}/api/open/v1"));
        says(Run::of(command).exits(1).error());
    }
    // The newer one has nothing newer.
    let newer = Qontak::meddled(true, World::default(), |_, _| Some(Reply::Json(404, String::new())));
    let error = newer.run(&home, &["--json", "channels", "list"]).exits(1).error();
    assert!(error["hint"].as_str().unwrap().contains("check the API URL"), "{error}");
}

#[test]
fn a_401_amid_a_list_ends_it_and_prints_no_half_of_it_as_the_whole() {
    let home = Home::new();
    let integrations = (0..130).map(|number| integration(number, "fb")).collect();
    let qontak = Qontak::meddled(true, World::of(integrations), |_, number| {
        (number == 2).then(|| Reply::Json(401, json!({ "message": "Unauthorized" }).to_string()))
    });
    let run = qontak.run(&home, &["channels", "list"]).exits(3);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_refusal_says_what_else_it_may_be_in_each_generation() {
    let home = Home::new();
    let qontak = Qontak::newer(World::default());
    let hint = |token: Option<&str>| {
        let mut command = qontak.without_credentials(&home, &["--json", "channels", "list"]);
        match token {
            Some(token) => command.env("QONTAK_ACCESS_TOKEN", token),
            None => command.env("QONTAK_CLIENT_ID", CLIENT_ID).env("QONTAK_CLIENT_SECRET", "another-secret"),
        };
        Run::of(command).exits(3).error()["hint"].as_str().unwrap().to_owned()
    };
    assert!(hint(None).contains("must have enabled the account"), "{}", hint(None));
    let older = hint(Some("an-older-access-token"));
    assert!(older.contains("QONTAK_ACCESS_TOKEN") && older.contains("the older API alone"), "{older}");
}
