//! authorize, and the sign-in options that it shares with pages, connect and reconnect.

use std::io::Write as _;
use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::person::{CALLBACK, names, requests, token, with_token};
use crate::support::{Home, Run, Served, Waiting, consent, http};

fn with_callback(sandbox: &Served) {
    sandbox.api("PUT", "/partner", &format!(r#"{{"callbackMessengerUrl":"{CALLBACK}"}}"#));
}

#[track_caller]
fn callback_is_back(sandbox: &Served) {
    let (_, settings) = sandbox.api("GET", "/partner", "");
    assert!(settings.contains(&format!(r#""callbackMessengerUrl":"{CALLBACK}""#)), "{settings}");
}

#[test]
fn stdout_is_the_token_and_nothing_else() {
    let home = Home::new();
    let run = home.run(&["--sandbox", "--yes", "authorize", "messenger"]).exits(0);
    let token = run.stdout.strip_suffix('\n').unwrap();
    assert!(token.starts_with("EAASANDBOX|") && !token.contains(char::is_whitespace), "{token}");
    assert!(!run.stderr.contains(token), "{}", run.stderr);
    // It is good: what was escaped on its way is as the API made it.
    let piped = home.run_with(&["--sandbox", "pages", "messenger", "--token-stdin"], &run.stdout).exits(0);
    assert!(piped.stdout.contains("Kopi Senja Bandung"), "{}", piped.stdout);
}

#[test]
fn as_json_it_is_the_kind_and_the_token() {
    let home = Home::new();
    for kind in ["messenger", "instagram"] {
        let run = home.run(&["--sandbox", "--yes", "authorize", kind, "--json"]).exits(0);
        let document = run.json();
        assert_eq!(names(&document), ["kind", "token"]);
        assert_eq!(document["kind"], kind);
        assert!(document["token"].as_str().unwrap().starts_with("EAASANDBOX|"));
    }
}

#[test]
fn a_token_that_is_there_needs_no_sign_in_and_leaves_the_callback_alone() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let token = token(&sandbox, "messenger");
    let before = requests(&sandbox, "PUT", "/partner");
    let run = Run::of(with_token(&home, &sandbox, &token, &["--json", "pages", "messenger"])).exits(0);
    assert_eq!(run.json()["pages"].as_array().unwrap().len(), 5);
    let mut command = home.against(&sandbox.api_url, &["--json", "pages", "messenger", "--token-stdin"]);
    // What stands on stdin wins over the environment.
    command
        .env("SOCIALCHAT_TOKEN", "another")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{token}\r\n").as_bytes()).unwrap();
    let run = Run::from(child.wait_with_output().unwrap()).exits(0);
    assert_eq!(run.json()["pages"].as_array().unwrap().len(), 5);
    assert_eq!(requests(&sandbox, "PUT", "/partner"), before);
    assert_eq!(requests(&sandbox, "GET", "/partner/channel/messenger/authorize"), 1, "ours, by hand");
    assert_eq!(requests(&sandbox, "GET", "/partner"), 0);
}

#[test]
fn a_token_that_is_none_is_told_in_the_apis_words() {
    let home = Home::new();
    let run =
        home.run_with(&["--sandbox", "--json", "pages", "messenger", "--token-stdin"], "stale").exits(1);
    let error = run.error();
    assert_eq!((&error["code"], &error["status"]), (&"api".into(), &403.into()));
    assert_eq!(error["originalMessage"], "invalid token callback");
    assert!(error["message"].as_str().unwrap().contains("invalid token callback"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("sign in again"), "{error}");
}

#[test]
fn people_read_the_translated_message_and_the_english_one_and_what_to_do() {
    let home = Home::new();
    let fault = "GET /partner/channel=403;message=channel not found";
    let sandbox = Served::start(&home, &["--fault", fault]);
    let run = Run::of(home.against(&sandbox.api_url, &["channels", "list"])).exits(1);
    let lines: Vec<&str> = run.stderr.lines().map(str::trim).collect();
    assert!(
        lines[0].starts_with("error: can't list the channels: Channel tidak ditemukan"),
        "{}",
        run.stderr
    );
    assert!(lines.contains(&"in English: channel not found"), "{}", run.stderr);
    assert!(lines.iter().any(|line| line.starts_with("try: ")), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn an_empty_stdin_is_no_token() {
    let home = Home::new();
    for stdin in ["", " \n", "two words"] {
        let run = home
            .run_with(&["--sandbox", "--json", "authorize", "messenger", "--token-stdin"], stdin)
            .exits(2);
        assert_eq!(run.error()["code"], "usage");
    }
}

/// `authorize --paste` with what the function makes of the address that the browser would end on.
fn paste(home: &Home, sandbox: &Served, form: &str, spoken: impl Fn(&str) -> String) -> Run {
    let mut command = home.against(&sandbox.api_url, &["--json", "authorize", "messenger", "--paste"]);
    command.stdin(Stdio::piped());
    let mut waiting = Waiting::start(command);
    let address = consent(&waiting.authorize_url, form);
    let mut stdin = waiting.child.stdin.take().unwrap();
    stdin.write_all(spoken(&address).as_bytes()).unwrap();
    drop(stdin);
    waiting.end()
}

#[test]
fn what_is_pasted_may_be_the_address_a_part_of_it_or_the_token() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    let before = requests(&sandbox, "PUT", "/partner");
    let pasted: [fn(&str) -> String; 4] = [
        |address| format!("{address}\n"),
        |address| format!("  {address}#_=_  \r\n"),
        |address| address.split_once('?').unwrap().1.to_owned(),
        |address| {
            address
                .replace("https://app.example.com/callback/messenger?", "app.example.com/callback/messenger?")
        },
    ];
    for spoken in pasted {
        let run = paste(&home, &sandbox, "scope=all&decision=allow", spoken).exits(0);
        assert!(run.json()["token"].as_str().unwrap().starts_with("EAASANDBOX|"), "{run:?}");
    }
    let token = token(&sandbox, "messenger");
    let run = paste(&home, &sandbox, "scope=all&decision=allow", |_| format!("{token}\n")).exits(0);
    assert_eq!(run.json()["token"], token.as_str(), "taken as it is");
    assert_eq!(requests(&sandbox, "PUT", "/partner") - before, 1, "only the one of `token` here");
}

#[test]
fn a_pasted_refusal_ends_with_4_and_its_description() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    let run = paste(&home, &sandbox, "decision=deny", |address| format!("{address}\n")).exits(4);
    let error = run.error();
    assert_eq!(error["code"], "not-authorized-by-person");
    assert!(error["message"].as_str().unwrap().contains("refused"), "{error}");
    assert_eq!(run.stdout, "");
    let spoken =
        |_: &str| "https://x.example/?error=access_denied&error_description=Not+now%2C+thanks".to_owned();
    let run = paste(&home, &sandbox, "decision=deny", spoken).exits(4);
    assert!(run.stderr.contains("Not now, thanks"), "{}", run.stderr);
}

#[test]
fn pasted_garbage_is_named_and_not_repeated() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    for garbage in
        ["CANARY https://x/", "https://CANARY.example/nothing", "https://x.example/?token=&a=CANARY"]
    {
        let run = paste(&home, &sandbox, "decision=deny", |_| format!("{garbage}\n")).exits(4);
        assert!(run.error()["message"].as_str().unwrap().contains("pasted"), "{}", run.stderr);
        assert!(!run.stderr.contains("CANARY"), "{}", run.stderr);
    }
    let run = paste(&home, &sandbox, "decision=deny", |_| String::new()).exits(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("--token-stdin"), "{}", run.stderr);
}

#[test]
fn nobody_pasting_is_a_timeout() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let mut command =
        home.against(&sandbox.api_url, &["--json", "authorize", "messenger", "--paste", "--timeout", "1"]);
    command.stdin(Stdio::piped());
    let mut waiting = Waiting::start(command);
    let stdin = waiting.child.stdin.take();
    let run = waiting.end().exits(4);
    drop(stdin);
    assert_eq!(run.error()["code"], "timeout");
}

#[test]
fn a_refusal_in_the_browser_ends_with_4_and_the_callback_is_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    let arguments = ["--yes", "--json", "connect", "messenger", "--all", "--no-browser"];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    let callback = consent(&waiting.authorize_url, "decision=deny");
    let page = http("GET", &callback, "", "");
    assert!(page.body.contains("<html"), "a page of our own: {}", page.body);
    let run = waiting.end().exits(4);
    assert_eq!(run.error()["code"], "not-authorized-by-person");
    callback_is_back(&sandbox);
    assert_eq!(requests(&sandbox, "POST", "/partner/channel/messenger"), 0);
}

#[test]
fn nobody_in_the_browser_ends_with_4_after_the_timeout_and_the_callback_is_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    let begun = Instant::now();
    let arguments = ["--yes", "--json", "authorize", "messenger", "--no-browser", "--timeout", "1"];
    let run = Waiting::start(home.against(&sandbox.api_url, &arguments)).end().exits(4);
    assert!(begun.elapsed() < Duration::from_secs(15));
    let error = run.error();
    assert_eq!(error["code"], "timeout");
    assert!(error["message"].as_str().unwrap().contains("1 s"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--timeout"), "{error}");
    callback_is_back(&sandbox);
}

#[test]
fn a_real_callback_is_not_taken_without_leave() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    with_callback(&sandbox);
    let before = requests(&sandbox, "PUT", "/partner");
    for arguments in [vec!["--no-browser"], vec!["--no-browser", "--no-input"]] {
        let arguments = [vec!["--json", "authorize", "messenger"], arguments].concat();
        let run = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2);
        assert!(run.stderr.contains(CALLBACK), "it says what would be taken: {}", run.stderr);
        for option in ["--yes", "--paste", "--token-stdin"] {
            assert!(run.error()["hint"].as_str().unwrap().contains(option), "{}", run.error());
        }
    }
    assert_eq!(requests(&sandbox, "PUT", "/partner"), before, "nothing was changed");
}

#[test]
fn other_settings_are_written_back_as_they_were() {
    let home = Home::new();
    let sandbox = Served::start(&home, &["--put", "replace"]);
    let settings = r#"{"webhookUrl":"https://app.example.com/w","webhookSecondaryUrls":["https://b.example/1"],"callbackMessengerUrl":"https://app.example.com/m","callbackInstagramUrl":"https://app.example.com/i"}"#;
    sandbox.api("PUT", "/partner", settings);
    let arguments = ["--yes", "authorize", "instagram", "--no-browser"];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    let (_, during) = sandbox.api("GET", "/partner", "");
    assert!(during.contains("http://127.0.0.1:") && during.contains("https://app.example.com/m"), "{during}");
    http("GET", &consent(&waiting.authorize_url, "scope=all&decision=allow"), "", "");
    waiting.end().exits(0);
    let (_, after) = sandbox.api("GET", "/partner", "");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&after).unwrap(),
        serde_json::from_str::<serde_json::Value>(settings).unwrap()
    );
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_port_is_listened_on_and_one_that_is_taken_is_named() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let port = free_port().to_string();
    let arguments = ["--yes", "authorize", "messenger", "--no-browser", "--port", &port];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    let callback = consent(&waiting.authorize_url, "scope=all&decision=allow");
    assert!(callback.starts_with(&format!("http://127.0.0.1:{port}/callback/messenger/")), "{callback}");
    http("GET", &callback, "", "");
    waiting.end().exits(0);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let arguments = ["--yes", "--json", "authorize", "messenger", "--no-browser", "--port", &port];
    let before = requests(&sandbox, "PUT", "/partner");
    let run = Run::of(home.against(&sandbox.api_url, &arguments)).exits(1);
    assert!(run.error()["hint"].as_str().unwrap().contains("--port"), "{}", run.stderr);
    assert_eq!(requests(&sandbox, "PUT", "/partner"), before, "nothing was borrowed for it");
}

/// A tunnel: forwards each connection, as it is, to that port.
fn tunnel(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let Ok(to) = TcpStream::connect(("127.0.0.1", port)) else { continue };
            let (mut to_read, mut from_write) = (to.try_clone().unwrap(), from.try_clone().unwrap());
            thread::spawn(move || {
                let _ = copy(&mut to_read, &mut from_write);
                let _ = from_write.shutdown(Shutdown::Both);
            });
            let (mut from, mut to) = (from, to);
            thread::spawn(move || copy(&mut from, &mut to));
        }
    });
    own
}

#[test]
fn a_public_address_is_what_the_api_is_given_and_reaches_the_port() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let port = free_port();
    let public = format!("http://127.0.0.1:{}/tunnel", tunnel(port));
    let port = port.to_string();
    let arguments = [
        "--yes",
        "--json",
        "authorize",
        "messenger",
        "--no-browser",
        "--port",
        &port,
        "--callback-url",
        &public,
    ];
    let waiting = Waiting::start(home.against(&sandbox.api_url, &arguments));
    let callback = consent(&waiting.authorize_url, "scope=all&decision=allow");
    assert!(callback.starts_with(&format!("{public}/callback/messenger/")), "{callback}");
    assert_eq!(http("GET", &callback, "", "").status, 200);
    assert!(waiting.end().exits(0).json()["token"].is_string());

    for (arguments, names) in [
        (vec!["--callback-url", "https://t.example"], "--port"),
        (vec!["--port", "1234", "--callback-url", "http://t.example"], "https"),
        (vec!["--port", "1234", "--callback-url", "https://t.example/?a=b"], "query"),
        (vec!["--port", "0"], "--port"),
        (vec!["--paste", "--port", "1234"], "--paste"),
        (vec!["--token-stdin", "--paste"], "--token-stdin"),
        (vec!["--timeout", "0"], "--timeout"),
    ] {
        let run = home.run(&[vec!["--sandbox", "authorize", "messenger"], arguments].concat()).exits(2);
        assert!(run.stderr.contains(names), "{names}: {}", run.stderr);
    }
}

#[test]
fn where_nobody_can_ever_sign_in_it_says_so_before_anything_happens() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    for command in
        [vec!["authorize", "messenger"], vec!["pages", "messenger"], vec!["connect", "messenger", "--all"]]
    {
        let run =
            Run::of(home.against(&sandbox.api_url, &[vec!["--json", "--yes"], command].concat())).exits(2);
        assert_eq!(run.error()["code"], "usage");
        for option in ["--token-stdin", "SOCIALCHAT_TOKEN", "--paste", "--no-browser"] {
            assert!(run.error()["hint"].as_str().unwrap().contains(option), "{}", run.error());
        }
    }
    assert_eq!(requests(&sandbox, "PUT", "/partner"), 0);
}

#[test]
fn pasting_is_warned_of_where_no_callback_is_set_to_end_on() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let arguments = ["authorize", "messenger", "--paste", "--no-browser"];
    let mut command = home.against(&sandbox.api_url, &arguments);
    command.stdin(std::process::Stdio::null());
    let run = Run::of(command).exits(2);
    assert!(
        run.stderr.contains("callback URL is not set") && run.stderr.contains("callback set --messenger")
    );
    sandbox.api("PUT", "/partner", r#"{"callbackMessengerUrl":"https://app.example.com/cb"}"#);
    let run = Run::of(home.against(&sandbox.api_url, &arguments)).exits(2);
    assert!(!run.stderr.contains("is not set"), "{}", run.stderr);
}
