//! Sessions: given, or made of an e-mail address with its password and second factor.

use std::process::Command;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::backend::{Backend, Clean, Guide, SESSION, refusal};
use crate::support::{Asked, Home, Reply, Run};
use crate::terminal::Terminal;

const PASSWORD: &str = "canary-password-1";
const TEMPORARY: &str = "canary-temporary-token";
const TOTP: &str = "123456";

fn json(value: &Value) -> Reply {
    Reply::Json(200, value.to_string())
}

/// Signs in with that password; with a second factor where it is said so, whose codes are these.
fn signing_in(second_factor: bool) -> Backend {
    let is_sent = Mutex::new(false);
    Backend::meddled(Guide::Two, &[], move |asked, _| {
        let session = json!({ "session_id": SESSION, "user": { "id": 7 }, "verified": true });
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let only = |names: &[&str]| {
            let fields = body.as_object().map(|body| body.keys().map(String::as_str).collect::<Vec<_>>());
            let mut fields = fields.unwrap_or_default();
            fields.sort_unstable();
            fields == names
        };
        Some(match asked.target.trim_start_matches("/api/v1") {
            "/auth/login" if !only(&["email", "password"]) => refusal(400, vec![Value::from("odd fields")]),
            "/auth/login" if body["password"] != PASSWORD => {
                refusal(401, format!("Wrong: {}", body["password"]))
            }
            "/auth/login" if second_factor => {
                json(&json!({ "requiresTwoFactor": true, "tempToken": TEMPORARY, "message": "Code?" }))
            }
            "/auth/login" => json(&session),
            "/auth/2fa/backup-email" if only(&["tempToken"]) && body["tempToken"] == TEMPORARY => {
                *is_sent.lock().unwrap() = true;
                json(&json!({ "success": true, "message": "sent" }))
            }
            "/auth/2fa/verify"
                if !only(&["tempToken", "token", "type"]) || body["tempToken"] != TEMPORARY =>
            {
                refusal(400, "odd fields")
            }
            "/auth/2fa/verify" => match (body["type"].as_str().unwrap(), body["token"].as_str().unwrap()) {
                ("totp", TOTP) | ("backup", "backup-code-1") => json(&session),
                ("email", "654321") if *is_sent.lock().unwrap() => json(&session),
                ("totp", "000000") => refusal(401, "Temporary token expired"),
                (_, code) => refusal(400, format!("Invalid code {code}")),
            },
            _ => return None,
        })
    })
}

/// A login without a session in the environment.
fn login(backend: &Backend, home: &Home, arguments: &[&str]) -> Command {
    let mut command = backend.command(home, &[&["login"], arguments].concat());
    command.env_remove("UNIFIEDBEEZ_SESSION");
    command
}

fn piped(mut command: Command, text: &str) -> Run {
    use std::process::Stdio;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    Run::from(child.wait_with_output().unwrap()).clean()
}

fn posts(backend: &Backend) -> Vec<Asked> {
    backend.requests().into_iter().filter(|asked| asked.method == "POST").collect()
}

#[test]
fn a_given_session_is_tried_on_the_profile_and_stored_whatever_it_came_in() {
    for given in [
        SESSION.to_owned(),
        format!("Cookie: theme=dark; session_id={SESSION}"),
        format!("connect.sid={SESSION}"),
        format!(".unifiedbeez.com\tTRUE\t/\tTRUE\t0\tsession_id\t{SESSION}\n"),
    ] {
        let (backend, home) = (Backend::start(Guide::Two, &[]), Home::new());
        let stored = piped(login(&backend, &home, &["--json", "--session-stdin"]), &given).exits(0).json();
        assert_eq!((&stored["platform"], &stored["accepted"]), (&json!("unifiedbeez"), &json!(true)));
        assert_eq!(backend.asked(), ["GET /auth/profile", "GET /auth/instagram/accounts"]);
        assert_eq!(backend.requests()[0].authorization, format!("Bearer {SESSION}"));
        let mut listed = backend.command(&home, &["--json", "channels", "list"]);
        listed.env_remove("UNIFIEDBEEZ_SESSION");
        Run::of(listed).clean().exits(0);
    }
}

#[test]
fn what_is_no_session_or_no_profile_is_not_stored() {
    let (backend, home) = (Backend::start(Guide::Two, &[]), Home::new());
    piped(login(&backend, &home, &["--session-stdin"]), "another-session").exits(3);
    for body in [
        "",
        "<html></html>",
        "{}",
        "[]",
        "{\"message\":\"hello\"}",
        "{\"user\":null,\"data\":{}}",
        "{\"loggedIn\":false}",
    ] {
        let odd = Backend::meddled(Guide::Two, &[], move |_, _| Some(Reply::Json(200, body.to_owned())));
        piped(login(&odd, &home, &["--session-stdin"]), SESSION).exits(1);
    }
    assert!(home.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("session\"")));
}

#[test]
fn password_and_every_second_factor_are_asked_hidden() {
    let home = Home::new();
    for (second_factor, typed, calls) in [
        (false, &[][..], 1),
        (true, &[("Code, or", TOTP)][..], 2),
        (true, &[("Code, or", "backup-code-1")], 2),
        (true, &[("Code, or", "email"), ("Code from the e-mail", "654321")], 3),
        (true, &[("Code, or", "111111"), ("Code, or", TOTP)], 3),
    ] {
        let backend = signing_in(second_factor);
        let mut terminal = Terminal::start(&login(&backend, &home, &["--email", "sari@example.com"]));
        terminal.wait_for("Password (input hidden):");
        terminal.wait_until_hidden();
        terminal.send(&format!("{PASSWORD}\r"));
        for (place, (label, code)) in typed.iter().enumerate() {
            let times = typed[..=place].iter().filter(|(other, _)| other == label).count();
            terminal.wait_until(label, |screen| screen.matches(label).count() >= times);
            terminal.wait_until_hidden();
            terminal.send(&format!("{code}\r"));
        }
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{typed:?}: {}", ended.text);
        assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
        for (_, code) in typed.iter().filter(|(_, code)| *code != "email" && *code != "111111") {
            assert!(!ended.bytes.contains(code), "{}", ended.bytes);
        }
        let posts = posts(&backend);
        assert_eq!(posts.len(), calls, "{typed:?}");
        assert!(posts.iter().all(|asked| asked.authorization.is_empty()), "nobody is signed in yet");
        let whoami = Run::of({
            let mut command = backend.command(&home, &["whoami"]);
            command.env_remove("UNIFIEDBEEZ_SESSION");
            command
        });
        whoami.clean().exits(0);
    }
}

#[test]
fn a_wrong_password_an_expired_sign_in_and_a_code_that_nobody_can_be_asked_for_are_said() {
    let home = Home::new();
    let wrong = piped(
        login(&signing_in(false), &home, &["--json", "--email", "sari@example.com", "--password-stdin"]),
        "canary-wrong-password",
    );
    let error = wrong.exits(3).error();
    assert!(
        error["message"].as_str().unwrap().contains("rejects this e-mail address or password"),
        "{error}"
    );

    let backend = signing_in(true);
    let unasked = piped(
        login(&backend, &home, &["--json", "--email", "sari@example.com", "--password-stdin"]),
        PASSWORD,
    );
    assert!(unasked.exits(2).error()["hint"].as_str().unwrap().contains("--session-stdin"));

    let backend = signing_in(true);
    let mut terminal = Terminal::start(&login(&backend, &home, &["--email", "sari@example.com"]));
    terminal.wait_for("Password (input hidden):");
    terminal.wait_until_hidden();
    terminal.send(&format!("{PASSWORD}\r"));
    terminal.wait_for("Code, or `email` to have one sent");
    terminal.wait_until_hidden();
    terminal.send("000000\r");
    let ended = terminal.end();
    assert_eq!(ended.code, 3, "{}", ended.text);
    assert!(ended.text.contains("Temporary token expired"), "{}", ended.text);
    assert!(home.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("canary")));
}

#[test]
fn a_login_whose_answer_was_lost_is_not_sent_again() {
    for reply in
        [|| Reply::Close, || Reply::Json(500, String::new()), || Reply::Json(200, "{\"user\":{}}".into())]
    {
        let home = Home::new();
        let backend = Backend::meddled(Guide::Two, &[], move |_, _| Some(reply()));
        piped(login(&backend, &home, &["--email", "sari@example.com", "--password-stdin"]), PASSWORD)
            .exits(1);
        assert_eq!(backend.asked(), ["POST /auth/login"]);
    }
}

#[test]
fn a_password_from_stdin_logs_in_without_a_terminal() {
    let (backend, home) = (signing_in(false), Home::new());
    let done = piped(
        login(&backend, &home, &["--json", "--email", "sari@example.com", "--password-stdin"]),
        &format!("{PASSWORD}\n"),
    );
    assert_eq!(done.exits(0).json()["accepted"], true);
    assert_eq!(backend.asked()[..2], ["POST /auth/login", "GET /auth/profile"]);
}

#[test]
fn whoami_says_who_and_by_which_guide() {
    for (guide, generation) in [(Guide::One, "guide-1"), (Guide::Two, "guide-2")] {
        let who = Backend::start(guide, &[]).run(&["--json", "whoami"]).exits(0).json();
        assert_eq!((&who["account"], &who["generation"]), (&json!("sari@example.com"), &json!(generation)));
    }
}

#[test]
fn logout_ends_the_session_of_a_login_and_leaves_one_that_was_given() {
    for (is_own, answer) in [(true, 200), (true, 401), (true, 500), (false, 200)] {
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            match asked.target.trim_start_matches("/api/v1") {
                "/auth/login" => Some(json(&json!({ "session_id": SESSION, "user": {} }))),
                "/auth/logout" => {
                    Some(if answer == 200 { Reply::Json(200, String::new()) } else { refusal(answer, "x") })
                }
                _ => None,
            }
        });
        let home = Home::new();
        let arguments: &[&str] = match is_own {
            true => &["--email", "sari@example.com", "--password-stdin"],
            false => &["--session-stdin"],
        };
        piped(login(&backend, &home, arguments), if is_own { PASSWORD } else { SESSION }).exits(0);
        let mut logout = backend.command(&home, &["logout"]);
        logout.env_remove("UNIFIEDBEEZ_SESSION");
        let out = Run::of(logout).clean().exits(0);
        let ends = posts(&backend).iter().filter(|asked| asked.target.ends_with("/auth/logout")).count();
        assert_eq!(ends, usize::from(is_own), "{is_own} {answer}: {}", out.stderr);
        let says = match (is_own, answer) {
            (true, 500) => "the session is not ended at UnifiedBeez",
            (true, _) => "are gone from the file",
            (false, _) => "sign out of UnifiedBeez in your browser to end it",
        };
        assert!(out.stderr.contains(says), "{is_own} {answer}: {}", out.stderr);
        assert!(home.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("canary")));
    }
}

#[test]
fn a_session_that_comes_as_a_cookie_alone_is_taken_and_shown_under_its_name() {
    for second_factor in [false, true] {
        let backend = Backend::meddled(Guide::Two, &[], move |asked, _| {
            let cookie =
                format!("Set-Cookie: theme=dark\r\nSet-Cookie: connect.sid={SESSION}; Path=/; HttpOnly\r\n");
            let body = json!({ "user": { "id": 7 }, "verified": true }).to_string();
            Some(match asked.target.trim_start_matches("/api/v1") {
                "/auth/login" if second_factor => {
                    json(&json!({ "requiresTwoFactor": true, "tempToken": TEMPORARY, "message": "Code?" }))
                }
                "/auth/login" | "/auth/2fa/verify" => Reply::With(200, cookie, body),
                _ if asked.header("cookie") == Some(&format!("connect.sid={SESSION}")) => {
                    json(&json!({ "id": 7, "email": "sari@example.com", "channels": [] }))
                }
                _ => refusal(401, "No session"),
            })
        });
        let home = Home::new();
        let mut terminal = Terminal::start(&login(&backend, &home, &["--email", "sari@example.com"]));
        terminal.wait_for("Password (input hidden):");
        terminal.wait_until_hidden();
        terminal.send(&format!("{PASSWORD}\r"));
        if second_factor {
            terminal.wait_for("Code, or `email` to have one sent");
            terminal.wait_until_hidden();
            terminal.send(&format!("{TOTP}\r"));
        }
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{}", ended.text);
        assert!(!ended.bytes.contains("canary"), "{}", ended.bytes);
        let mut whoami = backend.command(&home, &["--json", "whoami"]);
        whoami.env_remove("UNIFIEDBEEZ_SESSION");
        assert_eq!(Run::of(whoami).clean().exits(0).json()["account"], "sari@example.com");
    }
}

#[test]
fn a_profile_in_a_shape_that_is_not_known_proves_the_session_and_names_nobody() {
    for body in ["{\"profile\":{\"firstName\":\"Sari\"}}", "{\"firstName\":\"Sari\"}"] {
        let odd = Backend::meddled(Guide::Two, &[], move |asked, _| {
            asked.target.ends_with("/auth/profile").then(|| Reply::Json(200, body.to_owned()))
        });
        let home = Home::new();
        piped(login(&odd, &home, &["--session-stdin"]), SESSION).exits(0);
        let who = odd.run(&["--json", "whoami"]).exits(0).json();
        assert_eq!((&who["accepted"], &who["account"]), (&json!(true), &json!(null)), "{body}");
    }
}
