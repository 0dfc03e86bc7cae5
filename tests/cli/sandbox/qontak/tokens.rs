//! The older generation: access tokens, and refresh tokens that hold once.

use serde_json::{Value, json};

use super::{OLDER, Qontak, application, gateway, json};
use crate::support::Answer;

fn password() -> Value {
    json!({
        "username": "demo@example.com",
        "password": "sandbox-password",
        "grant_type": "password",
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
    })
}

fn refresh(token: &str) -> Value {
    json!({
        "refresh_token": token,
        "grant_type": "refresh_token",
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
    })
}

/// The same with another field.
fn but(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn list(qontak: &Qontak, token: &str) -> Answer {
    let header = format!("Authorization: Bearer {token}\r\n");
    qontak.send("GET", &format!("{OLDER}/integrations"), &header, "")
}

#[test]
fn a_password_gives_a_pair_that_works() {
    let qontak = Qontak::older();
    let answer = qontak.post_token(&password());
    assert_eq!(answer.status, 200, "{}", answer.body);
    let pair = json(&answer);
    assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("Bearer"), &json!(29_802_000)));
    let created_at = pair["created_at"].as_u64().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(created_at) < 60, "seconds, not milliseconds: {created_at}");
    assert_eq!(list(&qontak, pair["access_token"].as_str().unwrap()).status, 200);
    assert_eq!(list(&qontak, "sandbox-access-token").status, 200);
    for wrong in ["", "sandbox-access-token-77", "sandbox-refresh-token"] {
        assert_eq!(application(&list(&qontak, wrong)), (401, "Unauthorized".to_owned()), "{wrong}");
    }
}

#[test]
fn a_refresh_token_holds_once_and_gives_the_next() {
    let qontak = Qontak::older();
    let mut token = "sandbox-refresh-token".to_owned();
    for _ in 0..3 {
        let answer = qontak.post_token(&refresh(&token));
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(application(&qontak.post_token(&refresh(&token))).0, 401, "it was used");
        let pair = json(&answer);
        assert_eq!(list(&qontak, pair["access_token"].as_str().unwrap()).status, 200);
        assert_ne!(pair["refresh_token"], token);
        token = pair["refresh_token"].as_str().unwrap().to_owned();
    }
    // Whoever serves the same state knows what was used.
    let Qontak { home, served, .. } = qontak;
    drop(served);
    let qontak = Qontak::at(home, &["--generation", "token"]);
    assert_eq!(application(&qontak.post_token(&refresh("sandbox-refresh-token"))).0, 401);
    assert_eq!(qontak.post_token(&refresh(&token)).status, 200);
}

#[test]
fn a_grant_that_is_refused_spends_nothing() {
    let qontak = Qontak::older();
    let token = "sandbox-refresh-token";
    let client = qontak.post_token(&but(refresh(token), "client_secret", json!("wrong")));
    assert_eq!(gateway(&client), (401, "Unauthorized".to_owned()));
    let client = qontak.post_token(&but(password(), "client_id", json!("wrong")));
    assert_eq!(gateway(&client), (401, "Unauthorized".to_owned()));
    for (name, value) in [("username", "x@example.com"), ("password", "wrong")] {
        let person = qontak.post_token(&but(password(), name, json!(value)));
        assert_eq!(application(&person), (401, "Invalid username or password".to_owned()));
    }
    for (name, value, says) in [
        ("grant_type", json!("client_credentials"), "grant_type is invalid"),
        ("grant_type", json!(""), "grant_type is required"),
        ("password", json!(7), "password is invalid"),
        ("username", Value::Null, "username is invalid"),
        ("client_id", json!(""), "client_id is required"),
    ] {
        let refused = qontak.post_token(&but(password(), name, value));
        assert_eq!(application(&refused), (422, says.to_owned()));
    }
    let form =
        qontak.post_form("/oauth/token", "grant_type=refresh_token&refresh_token=sandbox-refresh-token");
    assert_eq!(application(&form).0, 400);
    let text = qontak.send("POST", "/oauth/token", "Content-Type: application/json\r\n", "[]");
    assert_eq!(application(&text).0, 400);
    assert_eq!(application(&qontak.send("GET", "/oauth/token", "", "")).0, 405);
    assert_eq!(qontak.post_token(&refresh(token)).status, 200, "it still holds");
}
