//! What a body holds, before anything of it is believed.

use serde_json::{Map, Value};

use super::error::{Refusals, Unread};

/// A redirect that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// `Location` as it came. It can hold secrets.
    pub location: String,
    /// The names of the cookies that it sets.
    pub cookies: Vec<String>,
}

/// The body of an answer with a status of success.
#[derive(Debug)]
pub enum Answer {
    /// It is empty: documented for some calls.
    Nothing,
    /// A JSON object: documented for all the others.
    Object(Map<String, Value>),
    /// Other JSON: documented for none of Socialchat's calls.
    Value(Value),
    /// Where it sends us: asked for by [`Call::redirect`](super::Call::redirect) alone, and never followed.
    Redirect(Redirect),
    /// Something else.
    Other(Unread),
}

/// The body as it was meant: without a byte order mark. One in a coding that nobody asked for can't be read.
pub fn plain<'a>(body: &'a [u8], coding: Option<&str>) -> Result<&'a [u8], Unread> {
    match coding
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
    {
        // The name alone: a header can hold anything.
        Some(coding) if !body.is_empty() => {
            let name: String =
                coding.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ',').take(20).collect();
            Err(Unread::Compressed { coding: name })
        }
        _ => Ok(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)),
    }
}

impl Answer {
    /// Reads a body.
    pub fn of(body: &Result<&[u8], Unread>) -> Self {
        let body = match body {
            Ok(body) => body.trim_ascii(),
            Err(cause) => return Answer::Other(cause.clone()),
        };
        // Where there is nothing to tell, some servers write it out.
        if body.is_empty() || body == b"null" {
            return Answer::Nothing;
        }
        if body.starts_with(b"<") {
            return Answer::Other(Unread::WebPage);
        }
        let read = serde_json::from_slice(body).or_else(|error| match without_half_characters(body) {
            Some(whole) => serde_json::from_slice(&whole),
            None => Err(error),
        });
        match read {
            Ok(Value::Object(fields)) => Answer::Object(fields),
            Ok(value) => Answer::Value(value),
            // The category alone: serde's own words would quote the answer, and with it a token.
            Err(error) => Answer::Other(Unread::NotJson { category: error.classify(), line: error.line() }),
        }
    }

    /// The status of the refusal that this is, whatever the answer's own status says. None where this is no refusal.
    pub fn refused(&self, status: u16, is_write: bool, refusals: &Refusals) -> Option<u16> {
        let Answer::Object(fields) = self else { return None };
        (refusals.hidden)(fields, status, is_write)
    }
}

/// The text with U+FFFD for each half of a character that lacks its other one (`\ud83d` without `\udc4d`): names that were
/// cut in the middle of an emoji are answered so, and no JSON. None where there is no such half.
fn without_half_characters(body: &[u8]) -> Option<Vec<u8>> {
    let half = |at: usize| {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16)
            .ok()
            .filter(|unit| (0xd800..0xe000).contains(unit))
    };
    let (mut whole, mut at, mut found) = (Vec::with_capacity(body.len()), 0, false);
    while at < body.len() {
        match (half(at), half(at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => {
                whole.extend_from_slice(&body[at..at + 12]);
                at += 12;
            }
            (Some(_), _) => {
                whole.extend_from_slice(b"\\ufffd");
                (at, found) = (at + 6, true);
            }
            // What is escaped by a backslash begins nothing.
            (None, _) => {
                let length = if body[at] == b'\\' { 2 } else { 1 };
                whole.extend_from_slice(&body[at..body.len().min(at + length)]);
                at += length;
            }
        }
    }
    found.then_some(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::error::Category;

    use super::*;

    fn of(body: &str) -> Answer {
        Answer::of(&plain(body.as_bytes(), None))
    }

    #[test]
    fn an_answer_that_is_no_json_is_not_quoted() {
        for (body, says) in [
            ("{\"accessToken\":\"EAAB\"", Unread::NotJson { category: Category::Eof, line: 1 }),
            (" <html>EAAB", Unread::WebPage),
        ] {
            let Answer::Other(cause) = of(body) else { panic!("{body}") };
            assert_eq!(cause, says, "{body}");
        }
    }

    #[test]
    fn half_a_character_is_replaced_and_nothing_else_is_changed() {
        for (body, name) in [
            (r#"{"n":"cut \ud83d"}"#, "cut \u{fffd}"),
            (r#"{"n":"\udc4d\ud83d\ud83d\udc4d"}"#, "\u{fffd}\u{fffd}👍"),
            (r#"{"n":"\\ud83d \ud83d"}"#, "\\ud83d \u{fffd}"),
        ] {
            let Answer::Object(fields) = of(body) else { panic!("{body}") };
            assert_eq!(fields["n"], name, "{body}");
        }
        assert!(matches!(of(r#"{"n":"\ud83"}"#), Answer::Other(_)));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_nothing_is_nothing() {
        assert!(matches!(of("\u{feff}{\"a\":1}"), Answer::Object(_)));
        for nothing in ["", " \r\n", "null", "\u{feff}"] {
            assert!(matches!(of(nothing), Answer::Nothing), "{nothing:?}");
        }
    }
}
