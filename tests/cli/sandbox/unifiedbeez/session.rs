//! Signing in, with and without a second factor, and out.

use serde_json::{Value, json};

use super::{Beez, error};
use crate::support::{Answer, http};

fn body(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn login(beez: &Beez, email: &str) -> Value {
    let fields = json!({ "email": email, "password": "sandbox-password", "device_info": { "device_name": "a laptop" } });
    body(&beez.plain("POST", "/auth/login", &fields.to_string()))
}

fn verify(beez: &Beez, token: &str, kind: &str, code: &str) -> Answer {
    let fields = json!({ "tempToken": token, "token": code, "type": kind, "remember_me": true });
    beez.plain("POST", "/auth/2fa/verify", &fields.to_string())
}

#[test]
fn a_password_gives_a_session_that_ends_with_the_logout() {
    let beez = Beez::new();
    let given = login(&beez, "demo@example.com");
    let session = given["session_id"].as_str().unwrap();
    assert_eq!((&given["verified"], &given["user"]["email"]), (&json!(true), &json!("demo@example.com")));
    assert_eq!(beez.ask_as(session, "GET", "/auth/profile").status, 200);
    let listed = body(&beez.ask_as(session, "GET", "/auth/sessions"));
    assert_eq!(
        (&listed["sessions"][0]["device_name"], &listed["sessions"][0]["current"]),
        (&json!("a laptop"), &json!(true))
    );
    assert!(!listed.to_string().contains(session), "its value is a secret");
    assert_eq!(beez.ask_as(session, "POST", "/auth/logout").status, 200);
    let after = beez.ask_as(session, "GET", "/auth/profile");
    assert_eq!(error(&after), (401, "Session expired".to_owned()));
    // The one that every sandbox accepts goes on.
    assert_eq!(beez.ask("POST", "/auth/logout").status, 200);
    assert_eq!(beez.ask("GET", "/auth/profile").status, 200);
}

#[test]
fn one_session_can_end_another() {
    let beez = Beez::new();
    let [one, other] =
        [(); 2].map(|()| login(&beez, "demo@example.com")["session_id"].as_str().unwrap().to_owned());
    let listed = body(&beez.ask_as(&one, "GET", "/auth/sessions"));
    let others =
        listed["sessions"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/auth/sessions/{}", others["id"]);
    assert_eq!(beez.ask_as(&one, "DELETE", &path).status, 200);
    assert_eq!(beez.ask_as(&other, "GET", "/auth/profile").status, 401);
    assert_eq!(error(&beez.ask_as(&one, "DELETE", &path)).0, 404);
    assert_eq!(error(&beez.ask_as(&one, "DELETE", "/auth/sessions/x")).0, 400);
}

#[test]
fn a_wrong_password_and_a_wrong_session_are_401() {
    let beez = Beez::new();
    for (email, password) in [("demo@example.com", "x"), ("nobody@example.com", "sandbox-password")] {
        let fields = json!({ "email": email, "password": password }).to_string();
        assert_eq!(
            error(&beez.plain("POST", "/auth/login", &fields)),
            (401, "Invalid credentials".to_owned())
        );
    }
    assert_eq!(error(&beez.plain("GET", "/auth/profile", "")), (401, "No session".to_owned()));
    assert_eq!(error(&beez.ask_as("sandbox-sessio", "GET", "/auth/profile")).0, 401);
}

#[test]
fn the_session_counts_as_a_cookie_under_either_name() {
    let beez = Beez::new();
    for (cookie, status) in [
        ("session_id=sandbox-session", 200),
        ("theme=dark; connect.sid=sandbox-session", 200),
        ("sid=sandbox-session", 401),
        ("session_id=other", 401),
    ] {
        let answer = http("GET", &beez.url("/auth/profile"), &format!("Cookie: {cookie}\r\n"), "");
        assert_eq!(answer.status, status, "{cookie}");
    }
}

#[test]
fn a_second_factor_is_any_of_three() {
    let beez = Beez::new();
    for (kind, code) in [("totp", "123456"), ("backup", "backup-0001"), ("email", "654321")] {
        let demand = login(&beez, "2fa@example.com");
        assert_eq!(demand["requiresTwoFactor"], true);
        assert!(demand["session_id"].is_null(), "{demand}");
        let token = demand["tempToken"].as_str().unwrap();
        if kind == "email" {
            assert_eq!(error(&verify(&beez, token, kind, code)).0, 400, "it was not sent yet");
            let fields = json!({ "tempToken": token }).to_string();
            assert_eq!(beez.plain("POST", "/auth/2fa/backup-email", &fields).status, 200);
        }
        let given = body(&verify(&beez, token, kind, code));
        let session = given["session_id"].as_str().unwrap();
        let profile = body(&beez.ask_as(session, "GET", "/auth/profile"));
        assert_eq!(profile["email"], "2fa@example.com");
        let again = verify(&beez, token, kind, code);
        assert_eq!(error(&again), (401, "Temporary token expired".to_owned()), "a demand is met once");
    }
}

#[test]
fn a_code_can_be_tried_five_times() {
    let beez = Beez::new();
    let demand = login(&beez, "2fa@example.com");
    let token = demand["tempToken"].as_str().unwrap();
    for _ in 0..5 {
        assert_eq!(
            error(&verify(&beez, token, "totp", "000000")),
            (400, "Invalid verification code".to_owned())
        );
    }
    assert_eq!(error(&verify(&beez, token, "totp", "123456")), (400, "Too many attempts".to_owned()));
}

#[test]
fn fields_that_no_document_names_are_refused_by_name() {
    let beez = Beez::new();
    for (path, fields, says) in [
        (
            "/auth/login",
            json!({ "email": "demo@example.com", "password": "x", "remember_me": true }),
            "property remember_me should not exist",
        ),
        (
            "/auth/login",
            json!({ "email": "demo@example.com", "password": "x", "deviceInfo": {} }),
            "property deviceInfo should not exist",
        ),
        (
            "/auth/login",
            json!({ "email": "demo@example.com", "password": "x", "device_info": { "os": "x" } }),
            "device_info.property os should not exist",
        ),
        (
            "/auth/login",
            json!({ "email": "demo", "password": 7 }),
            "password must be a string; email must be an email",
        ),
        ("/auth/login", json!({}), "email should not be empty; password should not be empty"),
        ("/auth/2fa/verify", json!({ "tempToken": "x", "token": "x", "type": "sms" }), "type must be one of"),
        (
            "/auth/2fa/verify",
            json!({ "tempToken": "x", "token": "x", "type": "totp", "device_info": {} }),
            "property device_info should not exist",
        ),
        (
            "/auth/2fa/backup-email",
            json!({ "tempToken": "x", "email": "x" }),
            "property email should not exist",
        ),
    ] {
        let (status, message) = error(&beez.plain("POST", path, &fields.to_string()));
        assert!(status == 400 && message.contains(says), "{fields}: {message}");
    }
    for path in ["/auth/profile?x=1", "/channels/selected?page=1", "/channels/available/all?x="] {
        let (status, message) = error(&beez.ask("GET", path));
        assert!(status == 400 && message.ends_with("should not exist"), "{path}: {message}");
    }
    // A session is asked for before anything else is looked at.
    assert_eq!(error(&beez.plain("GET", "/auth/profile?x=1", "")).0, 401);
}
