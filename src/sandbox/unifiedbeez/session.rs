//! Signing in with password and second factor, who is signed in, and signing out.

use serde_json::{Value, json};

use super::refusal::{Fields, Refusal};
use super::world::{Challenge, Session, World};
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::site::Turn;
use crate::sandbox::token;
use crate::types::time::{self, Millis};

/// The session that every sandbox accepts, always.
pub const SESSION: &str = "sandbox-session";
/// Whose it is. No second factor.
pub const EMAIL: &str = "demo@example.com";
/// The account with a second factor.
pub const EMAIL_2FA: &str = "2fa@example.com";
/// The password of both.
pub const PASSWORD: &str = "sandbox-password";
/// The second factors: of an authenticator, of the list of backup codes, and by e-mail once it was asked for.
const TOTP: &str = "123456";
const BACKUP_CODE: &str = "backup-0001";
const EMAILED_CODE: &str = "654321";

/// The names that pages of the documentation give the cookie.
const COOKIES: [&str; 2] = ["session_id", "connect.sid"];
const CHALLENGE_TIME: Millis = 5 * 60_000;
const MAX_ATTEMPTS: u32 = 5;
/// More are not remembered.
const MAX_KEPT: usize = 100;

/// The session of a request: the Bearer value or the cookie's.
pub fn signed_in(world: &World, request: &Request) -> Result<Session, Refusal> {
    let bearer = request.authorization.as_deref().and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, value)| value);
    let value = bearer.or_else(|| cookie(request));
    let Some(value) = value else { return Err(Refusal::of(401, "No session")) };
    let fixed = || Session {
        id: 0,
        value: SESSION.to_owned(),
        email: EMAIL.to_owned(),
        device: None,
        created_at: crate::sandbox::state::SEEDED_AT,
    };
    let own = world.sessions.iter().find(|session| session.value == value).cloned();
    own.or_else(|| (value == SESSION).then(fixed)).ok_or_else(|| Refusal::of(401, "Session expired"))
}

fn cookie(request: &Request) -> Option<&str> {
    let cookies = request.header("cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
    cookies.into_iter().find(|(name, _)| COOKIES.contains(name)).map(|(_, value)| value)
}

/// `POST /auth/login`: a session, or the demand for a second factor.
pub fn login(turn: &mut Turn<World>, request: &Request) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(request)?;
    let (email, password) = (fields.text("email"), fields.text("password"));
    let device = fields.device("device_info");
    if !email.is_empty()
        && !email.split_once('@').is_some_and(|(own, host)| !own.is_empty() && host.contains('.'))
    {
        fields.is_wrong("email must be an email".to_owned());
    }
    fields.end()?;
    if password != PASSWORD || ![EMAIL, EMAIL_2FA].contains(&email.as_str()) {
        return Err(Refusal::of(401, "Invalid credentials"));
    }
    if email == EMAIL {
        return begin(turn, EMAIL, device, false);
    }
    let temporary = token::nonce()?;
    let challenge =
        Challenge { token: temporary.clone(), created_at: time::now(), attempts: 0, is_code_sent: false };
    keep(&mut turn.change().challenges, challenge);
    let message = "Two-factor authentication required";
    Ok(Answer::json(200, &json!({ "requiresTwoFactor": true, "tempToken": temporary, "message": message })))
}

/// `POST /auth/2fa/verify`: a session for the second factor.
pub fn verify(turn: &mut Turn<World>, request: &Request) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(request)?;
    let (temporary, code, kind) = (fields.text("tempToken"), fields.text("token"), fields.text("type"));
    let is_remembered = fields.flag("remember_me");
    let device = fields.device("deviceInfo");
    if !kind.is_empty() && !["totp", "backup", "email"].contains(&kind.as_str()) {
        fields.is_wrong("type must be one of the following values: totp, backup, email".to_owned());
    }
    fields.end()?;
    let at = challenge(turn.world(), &temporary)?;
    let challenge = &mut turn.change().challenges[at];
    if challenge.attempts >= MAX_ATTEMPTS {
        return Err(Refusal::of(400, "Too many attempts"));
    }
    let is_good = match kind.as_str() {
        "totp" => code == TOTP,
        "backup" => code == BACKUP_CODE,
        _ => code == EMAILED_CODE && challenge.is_code_sent,
    };
    if !is_good {
        challenge.attempts += 1;
        return Err(Refusal::of(400, "Invalid verification code"));
    }
    turn.change().challenges.remove(at);
    begin(turn, EMAIL_2FA, device, is_remembered)
}

/// `POST /auth/2fa/backup-email`: the e-mailed code is good from now on.
pub fn send_code(turn: &mut Turn<World>, request: &Request) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(request)?;
    let temporary = fields.text("tempToken");
    fields.end()?;
    let at = challenge(turn.world(), &temporary)?;
    turn.change().challenges[at].is_code_sent = true;
    Ok(done("Code sent"))
}

/// `GET /auth/profile`.
pub fn profile(session: &Session) -> Answer {
    Answer::json(200, &user(&session.email))
}

/// `GET /auth/sessions`: without their values.
pub fn list(world: &World, session: &Session) -> Answer {
    let own = world.sessions.iter().filter(|other| other.email == session.email);
    let all = own.map(|other| {
        json!({
            "id": other.id,
            "device_name": other.device,
            "created_at": time::to_the_millisecond(other.created_at),
            "current": other.id == session.id,
        })
    });
    Answer::json(200, &json!({ "sessions": all.collect::<Vec<_>>() }))
}

/// `DELETE /auth/sessions/{id}`.
pub fn remove(turn: &mut Turn<World>, session: &Session, id: u64) -> Result<Answer, Refusal> {
    let is_own = |other: &Session| other.id == id && other.email == session.email;
    if !turn.world().sessions.iter().any(is_own) {
        return Err(Refusal::of(404, "Session not found"));
    }
    turn.change().sessions.retain(|other| !is_own(other));
    Ok(done("Session ended"))
}

/// `POST /auth/logout`. The session that every sandbox accepts goes on.
pub fn logout(turn: &mut Turn<World>, session: &Session) -> Answer {
    turn.change().sessions.retain(|other| other.value != session.value);
    done("Logged out")
}

/// What calls answer that have nothing to say.
pub fn done(message: &str) -> Answer {
    Answer::json(200, &json!({ "success": true, "message": message }))
}

fn challenge(world: &World, token: &str) -> Result<usize, Refusal> {
    let now = time::now();
    let at = world.challenges.iter().position(|challenge| {
        challenge.token == token && now.saturating_sub(challenge.created_at) < CHALLENGE_TIME
    });
    at.ok_or_else(|| Refusal::of(401, "Temporary token expired"))
}

fn begin(
    turn: &mut Turn<World>,
    email: &str,
    device: Option<String>,
    is_remembered: bool,
) -> Result<Answer, Refusal> {
    let (value, now) = (format!("{SESSION}-{}", token::nonce()?), time::now());
    let world = turn.change();
    let id = world.next_session;
    world.next_session += 1;
    let session = Session { id, value: value.clone(), email: email.to_owned(), device, created_at: now };
    keep(&mut world.sessions, session);
    let cookie = format!("session_id={value}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=None");
    let body = json!({
        "user": user(email),
        "timestamp": time::to_the_millisecond(now),
        "verified": true,
        "session_id": value,
        "remember_me": is_remembered,
    });
    Ok(Answer::json(200, &body).with("Set-Cookie", cookie))
}

fn keep<T>(kept: &mut Vec<T>, new: T) {
    if kept.len() >= MAX_KEPT {
        kept.remove(0);
    }
    kept.push(new);
}

fn user(email: &str) -> Value {
    json!({
        "id": if email == EMAIL { 7 } else { 8 },
        "email": email,
        "firstName": "Sari",
        "lastName": "Wulandari",
        "company": "Kopi Senja",
        "verified": true,
        "twoFactorEnabled": email == EMAIL_2FA,
    })
}
