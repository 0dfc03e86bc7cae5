//! What these tests do by hand beside the program: sign in, and use an API of 2024.

use std::process::Command;

use crate::support::{Home, Served, consent};

/// The callback that a partner's production app would have set.
pub const CALLBACK: &str = "https://app.example.com/callback/messenger";

/// The sandbox's Messenger Pages: two share a name.
pub const SENJA: &str = "104872913558201";
pub const BATIK: &str = "106215480937742";
pub const ROTI: &str = "108930276415583";
pub const BENGKEL: &str = "111407365829164";
pub const BATIK_TOO: &str = "113562094718325";

/// A token for everything that the sandbox's person has, got without the program.
pub fn token(sandbox: &Served, kind: &str) -> String {
    token_for(sandbox, kind, "scope=all&decision=allow")
}

/// A token for these Pages alone.
pub fn token_of_pages(sandbox: &Served, kind: &str, ids: &[&str]) -> String {
    let ticked: String = ids.iter().map(|id| format!("page={id}&")).collect();
    token_for(sandbox, kind, &format!("{ticked}decision=allow"))
}

fn token_for(sandbox: &Served, kind: &str, form: &str) -> String {
    let field = if kind == "messenger" { "callbackMessengerUrl" } else { "callbackInstagramUrl" };
    let callback = format!("https://app.example.com/callback/{kind}");
    assert_eq!(sandbox.api("PUT", "/partner", &format!(r#"{{"{field}":"{callback}"}}"#)).0, 200);
    let location = consent(&authorize_url(sandbox, kind), form);
    let (_, token) = location.split_once("token=").unwrap_or_else(|| panic!("no token in {location}"));
    unescaped(token)
}

/// What the API gives as the authorize URL.
fn authorize_url(sandbox: &Served, kind: &str) -> String {
    let (status, body) = sandbox.api("GET", &format!("/partner/channel/{kind}/authorize"), "");
    assert_eq!(status, 200, "{body}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["url"].as_str().unwrap().to_owned()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// How many requests with this method and exactly this path the sandbox has logged.
pub fn requests(sandbox: &Served, method: &str, path: &str) -> usize {
    let wanted = format!(" {method} {path} ");
    sandbox.log().iter().filter(|line| line.contains(&wanted)).count()
}

/// The program against a sandbox, with a token of that kind in the environment: no sign-in happens.
pub fn with_token(home: &Home, sandbox: &Served, token: &str, arguments: &[&str]) -> Command {
    let mut command = home.against(&sandbox.api_url, arguments);
    command.env("SOCIALCHAT_TOKEN", token);
    command
}

/// The program with the credentials of 2024.
pub fn with_pair(home: &Home, api_url: &str, arguments: &[&str]) -> Command {
    let mut command = home.against(api_url, arguments);
    command.env_remove("SOCIALCHAT_API_KEY");
    command.env("SOCIALCHAT_APP_ID", "sandbox-app-id").env("SOCIALCHAT_SECRET_KEY", "sandbox-secret-key");
    command
}

/// The names of an object's fields, in their order.
pub fn names(value: &serde_json::Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().map(String::as_str).collect()
}
