//! What a body holds, before anything of it is believed.

use serde_json::{Map, Value};

use crate::types::{as_text, as_yes_or_no};

/// The body of an answer with a status of success.
#[derive(Debug)]
pub enum Answer {
    /// It is empty: documented for some calls.
    Nothing,
    /// A JSON object: documented for all the others.
    Object(Map<String, Value>),
    /// Something else. Says what, in words that follow "the answer can't be read", and quotes nothing.
    Other(String),
}

/// The body as it was meant: without a byte order mark. One in a coding that nobody asked for can't be read.
pub fn plain<'a>(body: &'a [u8], coding: Option<&str>) -> Result<&'a [u8], String> {
    match coding
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
    {
        // The name alone: a header can hold anything.
        Some(coding) if !body.is_empty() => {
            let name: String =
                coding.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ',').take(20).collect();
            Err(format!("it is compressed ({name}), and was asked for as it is"))
        }
        _ => Ok(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)),
    }
}

impl Answer {
    /// Reads a body.
    pub fn of(body: &Result<&[u8], String>) -> Self {
        let body = match body {
            Ok(body) => body.trim_ascii(),
            Err(cause) => return Answer::Other(cause.clone()),
        };
        // Where there is nothing to tell, some servers write it out.
        if body.is_empty() || body == b"null" {
            return Answer::Nothing;
        }
        if body.starts_with(b"<") {
            return Answer::Other("it is a web page, not JSON: check the API URL".to_owned());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Answer::Object(fields),
            Ok(_) => Answer::Other(odd()),
            // The category alone: serde's own words would quote the answer, and with it a token.
            Err(error) => {
                Answer::Other(format!("{} ({:?} at line {})", odd(), error.classify(), error.line()))
            }
        }
    }

    /// The status of the refusal that this is, whatever the answer's own status says: an error body names it
    /// (`{"statusCode", "message", "originalMessage"}`), as a number or as text. None where this is no refusal.
    ///
    /// The answer to a write is one also where it says so in other words; what is read may have fields of those names.
    pub fn refused(&self, status: u16, is_write: bool) -> Option<u16> {
        let Answer::Object(fields) = self else { return None };
        let code = |name: &str| fields.get(name).and_then(number).filter(|code| *code >= 400);
        let other = || if is_write && !fields.contains_key("_id") { code("status") } else { None };
        match code("statusCode").or_else(other) {
            Some(said @ ..600) => u16::try_from(said).ok(),
            Some(_) => Some(500),
            None if fields.get("success") == Some(&Value::Bool(false)) => Some(status),
            None => (is_write && says_failure(fields)).then_some(status),
        }
    }
}

/// Whether an object that names no channel says that something went wrong.
fn says_failure(fields: &Map<String, Value>) -> bool {
    let is_something = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Bool(true) => true,
    };
    let is_bad = |text: &str| ["error", "fail"].iter().any(|bad| text.to_ascii_lowercase().contains(bad));
    !fields.contains_key("_id")
        && (["error", "errors"].iter().any(|name| fields.get(*name).is_some_and(is_something))
            || ["success", "ok"].iter().any(|name| fields.get(*name).and_then(as_yes_or_no) == Some(false))
            || fields.get("status").and_then(Value::as_str).is_some_and(is_bad))
}

/// Takes the answer to a write for what it is documented as: empty, or a channel. Likewise one that says yes. Any other
/// proves nothing.
pub fn acknowledged(fields: &Map<String, Value>) -> Result<(), String> {
    let is_yes = |name: &&str| fields.get(*name).and_then(as_yes_or_no) == Some(true);
    let is_fine = |name: &&str| match fields.get(*name) {
        Some(Value::String(text)) if text.parse::<u64>().is_err() => {
            ["ok", "success"].contains(&text.trim().to_ascii_lowercase().as_str())
        }
        Some(code) => matches!(number(code), Some(200..=299)),
        None => false,
    };
    let is_known = fields.is_empty()
        || fields.contains_key("_id")
        || ["success", "ok"].iter().any(is_yes)
        || ["status", "statusCode"].iter().any(is_fine);
    if is_known { Ok(()) } else { Err(odd()) }
}

/// What is said of an answer in another shape than the documented one.
pub fn odd() -> String {
    "it is not the documented JSON".to_owned()
}

/// What is said where a documented field isn't there.
pub fn missing(field: &str) -> String {
    format!("{}: {field} is missing", odd())
}

/// The entries of a listing.
pub struct Entries<T> {
    pub usable: Vec<T>,
    /// The place of each that can't be used, and its `channelId`.
    pub odd: Vec<(usize, Option<String>)>,
}

/// Takes the documented `docs` out of a listing. One odd entry is no reason to refuse the others; where not one of
/// several has its id, this is another document.
pub fn entries<T>(
    fields: &mut Map<String, Value>,
    id: &str,
    read: impl Fn(Map<String, Value>) -> Option<T>,
) -> Result<Entries<T>, String> {
    let Some(Value::Array(docs)) = fields.remove("docs") else { return Err(missing("docs")) };
    let mut entries = Entries { usable: Vec::new(), odd: Vec::new() };
    for (index, entry) in docs.into_iter().enumerate() {
        let channel_id = entry.get("channelId").and_then(as_text);
        let entry = match entry {
            Value::Object(fields) => read(fields),
            _ => None,
        };
        match entry {
            Some(entry) => entries.usable.push(entry),
            None => entries.odd.push((index, channel_id)),
        }
    }
    match entries.usable.is_empty() && entries.odd.len() > 1 {
        true => Err(missing(&format!("docs[0].{id}"))),
        false => Ok(entries),
    }
}

/// A count, as a number or as text. Anything else is none.
pub fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| {
            let number = number.as_f64()?;
            // Exact up to there.
            (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Answer {
        Answer::of(&plain(body.as_bytes(), None))
    }

    #[test]
    fn an_answer_that_is_no_json_is_not_quoted() {
        for (body, says) in [
            ("{\"accessToken\":\"EAAB\"", "the documented JSON (Eof at line 1)"),
            (" <html>EAAB", "a web page"),
            ("[\"EAAB\"]", "the documented JSON"),
            ("\"EAAB\"", "the documented JSON"),
        ] {
            let Answer::Other(cause) = of(body) else { panic!("{body}") };
            assert!(cause.contains(says) && !cause.contains("EAAB"), "{cause}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_nothing_is_nothing() {
        assert!(matches!(of("\u{feff}{\"a\":1}"), Answer::Object(_)));
        for nothing in ["", " \r\n", "null", "\u{feff}"] {
            assert!(matches!(of(nothing), Answer::Nothing), "{nothing:?}");
        }
    }

    #[test]
    fn a_status_in_the_body_is_a_refusal_from_400_on() {
        let refused = |status: &str| of(&format!("{{\"statusCode\":{status}}}")).refused(201, false);
        for (status, is) in [("401", 401), ("\"403\"", 403), ("503.0", 503), ("1000", 500)] {
            assert_eq!(refused(status), Some(is), "{status}");
        }
        for fine in ["200", "201", "\"200\"", "null", "true", "-401", "\"x\""] {
            assert_eq!(refused(fine), None, "{fine}");
        }
        assert_eq!(of("{\"success\":false}").refused(201, false), Some(201));
        assert_eq!(of("{\"success\":false,\"statusCode\":401}").refused(201, false), Some(401));
        assert_eq!(of("{\"success\":true}").refused(201, true), None);
    }

    #[test]
    fn the_answer_to_a_write_is_yes_no_or_nothing_known() {
        let judged = |body: &str| match of(body) {
            answer if answer.refused(200, true).is_some() => "no",
            Answer::Object(fields) if acknowledged(&fields).is_ok() => "yes",
            _ => "unknown",
        };
        for (body, is) in [
            ("{}", "yes"),
            (r#"{"_id":"x","status":"error","errors":["x"]}"#, "yes"),
            (r#"{"success":"true","error":null,"errors":[]}"#, "yes"),
            (r#"{"ok":1,"error":""}"#, "yes"),
            (r#"{"status":"Success"}"#, "yes"),
            (r#"{"status":200,"message":"x"}"#, "yes"),
            (r#"{"statusCode":"201"}"#, "yes"),
            (r#"{"error":"x","success":true}"#, "no"),
            (r#"{"errors":{"a":1}}"#, "no"),
            (r#"{"error":7}"#, "no"),
            (r#"{"status":"failure"}"#, "no"),
            (r#"{"status":"500"}"#, "no"),
            (r#"{"success":"false"}"#, "no"),
            (r#"{"message":"x"}"#, "unknown"),
            (r#"{"status":"pending"}"#, "unknown"),
            (r#"{"status":302}"#, "unknown"),
            (r#"{"data":{"_id":"x"},"error":false}"#, "unknown"),
        ] {
            assert_eq!(judged(body), is, "{body}");
        }
        // A channel that is read may have fields of those names.
        assert_eq!(of(r#"{"error":"x","status":"failed"}"#).refused(200, false), None);
    }
}
