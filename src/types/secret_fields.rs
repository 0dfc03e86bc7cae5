//! Which fields and URL parameters are secrets, by their names, and JSON without them.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value};
use url::form_urlencoded;

/// So many names are remembered.
const MOST_JUDGED: usize = 1000;

/// One of these among the words of a name says so: `auth.key`, `sessionId`, `user_pwd`.
const WORDS: [&str; 18] = [
    "auth", "session", "sessions", "sid", "pin", "otp", "pwd", "pass", "passcode", "sig", "hmac", "refresh",
    "key", "keys", "cookie", "cookies", "jwt", "qr",
];
/// One of these anywhere in a name, whatever separates its words: `accessToken`, `API_KEY`, `x-authorization`.
const PARTS: [&str; 16] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "authorization",
    "bearer",
    "cookie",
    "sessionid",
    "sessid",
    "signature",
    "qrcode",
];

/// Where a list goes on, as the Partner API calls it: a place, which opens nothing.
const PLACE: &str = "nextToken";

/// Whether a field or a URL's parameter of that name is taken for a secret.
pub fn is_secret_name(name: &str) -> bool {
    if name == PLACE {
        return false;
    }
    let joined: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let words = words(name);
    // A public key is none.
    let is_public =
        words.iter().any(|word| word == "public") && !PARTS[..4].iter().any(|part| joined.contains(part));
    !is_public
        && (PARTS.iter().any(|part| joined.contains(part))
            || words.iter().any(|word| WORDS.contains(&word.as_str())))
}

/// The words of a name, in lower case: of camelCase, snake_case, kebab-case, and with dots.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        let starts = c.is_uppercase()
            && (before.is_lowercase() || letters.peek().is_some_and(|next| next.is_lowercase()));
        if starts || !c.is_alphabetic() {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

/// Whether the URL holds user info, or a parameter that is a secret, in its query or its fragment.
pub fn is_in_url(url: &url::Url) -> bool {
    let is_secret =
        |part: &str| form_urlencoded::parse(part.as_bytes()).any(|(name, _)| is_secret_name(&name));
    !url.username().is_empty()
        || url.password().is_some()
        || [url.query(), url.fragment()].into_iter().flatten().any(is_secret)
}

/// Removes every field whose name says that it is a secret, at any depth; of texts that are URLs, the parameters that are
/// secrets; and texts that are JSON with such fields.
pub fn drop_secrets(map: &mut Map<String, Value>) {
    map.retain(|name, value| !is_known_secret_name(name) && stays(value));
}

/// Likewise, judged once for each name: ten thousand channels have the same seventeen.
fn is_known_secret_name(name: &str) -> bool {
    thread_local!(static JUDGED: RefCell<HashMap<String, bool>> = RefCell::default());
    JUDGED.with_borrow_mut(|judged| match judged.get(name) {
        Some(is) => *is,
        None => {
            let is = is_secret_name(name);
            // An API that makes up names without end fills no memory.
            if judged.len() < MOST_JUDGED {
                judged.insert(name.to_owned(), is);
            }
            is
        }
    })
}

/// Cleans the value below its name. False where nothing of it may stay.
fn stays(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => drop_secrets(map),
        Value::Array(items) => items.retain_mut(stays),
        Value::String(text) => {
            if is_json_with_secrets(text) {
                return false;
            }
            if let Some(cleaned) = without_secret_parameters(text) {
                *text = cleaned;
            }
        }
        _ => {}
    }
    true
}

fn is_json_with_secrets(text: &str) -> bool {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    let Ok(before) = serde_json::from_str::<Value>(text) else { return false };
    let mut after = before.clone();
    !stays(&mut after) || after != before
}

/// The text with the URLs in it without user info and secret parameters; none where there are none.
pub fn without_secret_parameters(text: &str) -> Option<String> {
    if !text.contains(['?', '#', '@']) {
        return None;
    }
    let mut cleaned = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        cleaned += &in_word(word).unwrap_or_else(|| word.to_owned());
        cleaned += &piece[word.len()..];
    }
    (cleaned != text).then_some(cleaned)
}

fn in_word(text: &str) -> Option<String> {
    let (before, fragment) =
        text.split_once('#').map_or((text, None), |(before, after)| (before, Some(after)));
    let (address, query) =
        before.split_once('?').map_or((before, None), |(before, after)| (before, Some(after)));
    let mut cleaned = match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => address.to_owned(),
    };
    for (mark, parameters) in [('?', query), ('#', fragment)] {
        let Some(parameters) = parameters else { continue };
        let is_harmless = |pair: &&str| {
            form_urlencoded::parse(pair.as_bytes()).next().is_none_or(|(name, _)| !is_secret_name(&name))
        };
        let kept: Vec<&str> = parameters.split('&').filter(is_harmless).collect();
        if !kept.is_empty() {
            cleaned.push(mark);
            cleaned.push_str(&kept.join("&"));
        }
    }
    (cleaned != text).then_some(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        assert!(!is_secret_name("nextToken") && is_secret_name("pageToken"));
        for name in [
            "token",
            "accessToken",
            "access_token",
            "ACCESS-TOKEN",
            "pageTokens",
            "secret",
            "clientSecret",
            "client_secret",
            "password",
            "apiKey",
            "api_key",
            "APIKey",
            "x-api-key",
            "apikey",
            "accessKey",
            "access_key",
            "privateKey",
            "authorization",
            "Authorization",
            "bearer",
            "bearerValue",
            "auth",
            "auth.key",
            "basicAuth",
            "pwd",
            "db_pwd",
            "passwd",
            "pass",
            "smtpPass",
            "cookie",
            "setCookies",
            "session",
            "sessionId",
            "session_id",
            "sessionid",
            "PHPSESSID",
            "sid",
            "connect.sid",
            "jwt",
            "idJWT",
            "pin",
            "PIN",
            "devicePin",
            "otp",
            "signature",
            "X-Amz-Signature",
            "refresh",
            "refreshToken",
            "refresh_key",
            "qrcode",
            "qrCode",
            "credentials",
            "key",
            "encryptionKey",
            "publicSecret",
            "token2",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn everything_documented_but_the_token_and_the_qr_code_stays() {
        let channel = json!({
            "_id": "65b37833afe781e84afa001f", "name": "Toko", "channelId": "1", "channelType": "webchat",
            "isConnected": true, "isTimeout": false, "picture": "https://cdn.example/p.jpg?w=1&oh=2&oe=3", "status": "free",
            "label": { "name": "a@b?", "phone": "0812" }, "createdBy": { "_id": "1", "email": "a@b.example" },
            "additionalData": {
                "assistantId": "1", "shortId": "2", "hashId": "3", "websiteUrl": "https://toko.example/?ref=a#top",
                "isActivePreChat": true, "preChatForm": [{ "question": "Name?", "required": true }],
                "welcomeMessage": "Hi {name}, see [1]", "welcomeDelay": 3, "virtualMachineId": "4", "isBusiness": false,
                "pagingCounter": 1, "waitingRoom": { "isActive": true, "minutes": 5 }, "agentRotation": "a",
                "autoResponse": "{hello}", "theme": "dark", "color": "#ffcc00", "icon": "x", "pinnedMessage": "p",
                "passenger": 1, "author": "x", "side": "left", "keyword": "a", "publicKey": "b", "keyboard": "c",
                "shipping": "d", "insideId": "e", "assessment": "f", "isAuthorized": true, "psid": "9", "text": "\"x\""
            },
            "disconnectedAt": "2026-01-01T00:00:00Z", "createdAt": "x", "updatedAt": "y", "totalDocs": 1
        });
        let mut map = channel.as_object().unwrap().clone();
        drop_secrets(&mut map);
        assert_eq!(Value::Object(map), channel);
    }

    #[test]
    fn secrets_go_from_urls_and_json_in_texts() {
        for (text, left) in [
            ("https://cdn.example/p.jpg?w=1&access_token=EAAB&h=2", "https://cdn.example/p.jpg?w=1&h=2"),
            ("https://cdn.example/p.jpg?access%5Ftoken=EAAB#x", "https://cdn.example/p.jpg#x"),
            ("https://u:p@cdn.example/p@2x.jpg?key=1", "https://cdn.example/p@2x.jpg"),
            ("/p.jpg?sig=1&a", "/p.jpg?a"),
            ("See\nhttps://a.example/?token=1&b=2  now?", "See\nhttps://a.example/?b=2  now?"),
            ("https://cdn.example/#token=EAAB&x=1", "https://cdn.example/#x=1"),
            (
                "https://cdn.example/p.jpg?X-Amz-Signature=1&X-Amz-Date=2",
                "https://cdn.example/p.jpg?X-Amz-Date=2",
            ),
        ] {
            let mut map = Map::from_iter([("picture".to_owned(), json!([text]))]);
            drop_secrets(&mut map);
            assert_eq!(map["picture"], json!([left]), "{text}");
        }
        let nested = json!({ "a": [{ "apiKey": "EAAB" }] }).to_string();
        for text in [nested.clone(), json!(nested).to_string(), json!([nested, "x"]).to_string()] {
            let mut map =
                Map::from_iter([("raw".to_owned(), json!(text)), ("kept".to_owned(), json!("{\"a\":1}"))]);
            drop_secrets(&mut map);
            assert_eq!(Value::Object(map), json!({ "kept": "{\"a\":1}" }), "{text}");
        }
    }
}
