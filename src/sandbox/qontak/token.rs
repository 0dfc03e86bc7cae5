//! `POST /oauth/token`, older generation: a token pair for a password, or for a refresh token, which holds once.

use serde_json::{Map, Value, json};

use super::super::http::{Answer, Request};
use super::super::site::Turn;
use super::refusal::Refusal;
use super::world::World;
use crate::types::time;

/// Signs the newer generation's requests, and asks for the older one's tokens.
pub const CLIENT_ID: &str = "sandbox-client";
/// What belongs to it.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
/// The one person.
pub const USERNAME: &str = "demo@example.com";
/// Theirs.
pub const PASSWORD: &str = "sandbox-password";
/// The token that the settings page shows: it always holds.
pub const ACCESS_TOKEN: &str = "sandbox-access-token";
/// Holds once, in a fresh sandbox.
pub const REFRESH_TOKEN: &str = "sandbox-refresh-token";

/// About 345 days, as in the guide's example.
const LIFETIME: u64 = 29_802_000;

/// Gives a new pair. A wrong client is the gateway's refusal, a wrong person or refresh token the application's.
pub fn grant(turn: &mut Turn<World>, request: &Request) -> Result<Answer, Refusal> {
    let fields = fields(request)?;
    match text(&fields, "grant_type")? {
        "password" => {
            let given = [text(&fields, "username")?, text(&fields, "password")?];
            check_client(&fields)?;
            if given != [USERNAME, PASSWORD] {
                return Err(Refusal::application(401, "Invalid username or password"));
            }
        }
        "refresh_token" => {
            let given = text(&fields, "refresh_token")?;
            check_client(&fields)?;
            if !turn.world().refreshes(given) {
                return Err(Refusal::application(401, "The refresh token is invalid or was used"));
            }
            turn.change().spend(given);
        }
        _ => return Err(Refusal::invalid("grant_type")),
    }
    let (access_token, refresh_token) = turn.change().grant();
    Ok(Answer::json(
        200,
        &json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "refresh_token": refresh_token,
            "created_at": time::now() / 1000,
        }),
    )
    .with("Cache-Control", "no-store"))
}

fn fields(request: &Request) -> Result<Map<String, Value>, Refusal> {
    let refusal = || Refusal::application(400, "The body must be a JSON object, sent as application/json");
    if !request.is_json() {
        return Err(refusal());
    }
    serde_json::from_slice(&request.body).map_err(|_| refusal())
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    match fields.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) | None => Err(Refusal::application(422, format!("{name} is required"))),
        Some(_) => Err(Refusal::invalid(name)),
    }
}

fn check_client(fields: &Map<String, Value>) -> Result<(), Refusal> {
    match [text(fields, "client_id")?, text(fields, "client_secret")?] {
        [CLIENT_ID, CLIENT_SECRET] => Ok(()),
        _ => Err(Refusal::gateway(401, "Unauthorized")),
    }
}

/// Whether the access token holds.
pub fn check(world: &World, request: &Request) -> Result<(), Refusal> {
    let given = request.authorization.as_deref().and_then(|value| value.split_once(' '));
    match given {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && world.admits(token) => Ok(()),
        _ => Err(Refusal::application(401, "Unauthorized")),
    }
}
