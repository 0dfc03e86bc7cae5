//! How 10darts says no: in the ways of Django REST Framework.

use serde_json::{Map, Value};

use crate::http::{Explained, Refusal, Refusals, without_tokens};
use crate::types::Known;

/// `{"detail": "…"}`, or a list of texts for each field that is wrong.
pub const REFUSALS: Refusals = Refusals { hidden, explained, ..Refusals::PLAIN };

/// So many texts are told; a body can hold any number of them.
const MOST_TOLD: usize = 20;
/// So deep they may stand.
const MOST_DEPTH: usize = 5;

/// An answer to a write that holds what is wrong, and nothing else, is no success, whatever its status.
fn hidden(fields: &Map<String, Value>, status: u16, is_write: bool) -> Option<u16> {
    let is_said = |(name, value): (&String, &Value)| match name.as_str() {
        "detail" => value.is_string(),
        _ => value.as_array().is_some_and(|texts| !texts.is_empty()),
    };
    (is_write && !fields.is_empty() && fields.iter().all(is_said)).then_some(status)
}

fn explained(refusal: &Refusal<'_>) -> Explained {
    let message = refusal.body.and_then(flattened).map(|message| without_tokens(&message));
    let known = match refusal.status {
        401 => Some(Known::BadCredentials),
        // Without a word it may be any server's.
        404 if message.is_some() => Some(Known::NotFound),
        _ => None,
    };
    Explained { message, known, ..Explained::default() }
}

/// `field: text; field: text`, and the text alone where it is about no field. None where there is none.
fn flattened(body: &Map<String, Value>) -> Option<String> {
    let mut told = Vec::new();
    for (field, value) in body {
        tell(field, value, 0, &mut told);
    }
    (!told.is_empty()).then(|| told.join("; "))
}

fn tell(field: &str, value: &Value, depth: usize, told: &mut Vec<String>) {
    if depth > MOST_DEPTH || told.len() >= MOST_TOLD {
        return;
    }
    match value {
        Value::String(text) => {
            let (field, text) = (plain(field), plain(text));
            let is_about_none = matches!(field.as_str(), "detail" | "non_field_errors" | "");
            match (is_about_none, text.is_empty()) {
                (_, true) => {}
                (true, false) => told.push(text),
                (false, false) => told.push(format!("{field}: {text}")),
            }
        }
        Value::Array(items) => items.iter().for_each(|item| tell(field, item, depth + 1, told)),
        Value::Object(fields) => {
            for (name, value) in fields {
                tell(name, value, depth + 1, told);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// On one line, without control characters.
fn plain(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(body: &str) -> Option<String> {
        flattened(serde_json::from_str::<Value>(body).unwrap().as_object().unwrap())
    }

    #[test]
    fn errors_of_all_shapes_become_field_and_text() {
        for (body, says) in [
            (r#"{"detail":"Invalid token."}"#, "Invalid token."),
            (r#"{"name":["(already exists)"]}"#, "name: (already exists)"),
            (
                r#"{"name":["a","b"],"page_access_token":"(not accepted)"}"#,
                "name: a; name: b; page_access_token: (not accepted)",
            ),
            (r#"{"non_field_errors":["one of them"]}"#, "one of them"),
            (r#"{"a":[["deep"],[{"b":["x"]}]]}"#, "a: deep; b: x"),
            ("{\"na\\u001b[2Jme\":[\"a\\u0007\\r\\nb\"]}", "na [2Jme: a b"),
        ] {
            assert_eq!(of(body).as_deref(), Some(says), "{body}");
        }
        for nothing in ["{}", r#"{"detail":""}"#, r#"{"a":[null,1,true]}"#, r#"{"a":[[[[[["deep"]]]]]]}"#] {
            assert_eq!(of(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn no_error_panics(name in ".{0,20}", text in ".{0,40}", depth in 0usize..50) {
            let body = format!("{}{}{}", "[".repeat(depth), Value::from(text), "]".repeat(depth));
            let _ = of(&format!("{{{}:{body}}}", Value::from(name)));
        }
    }
}
