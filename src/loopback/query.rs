//! What a callback's query says. A parser of our own: the usual ones read `+` as a space, and repair or
//! drop what they can't decode; either would change a token unnoticed.

use url::form_urlencoded;

use super::Outcome;
use crate::types::Secret;

/// Characters in a token, once decoded.
pub const LONGEST_TOKEN: usize = 8192;

/// Why a `token` parameter can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    Empty,
    Repeated,
    TooLong,
    /// A broken percent-escape, or no UTF-8.
    Undecodable,
    /// Line breaks or control characters.
    Control,
}

/// Reads a raw query (no `?` before it, no fragment after it).
///
/// One `token` of 1 to 8192 characters, none of which is a line break or another control character, is taken as it is:
/// percent-escapes are decoded, and nothing else is changed. An `error` ends the sign-in and wins over a token that stands beside it, unless the error
/// is empty and the token isn't. `None`: it says neither.
pub(super) fn read(query: &str) -> Result<Option<Outcome>, TokenFault> {
    let token = find_token(query).transpose();
    match (find_refusal(query), token) {
        (Some((error, _)), Ok(Some(token))) if error.is_empty() => Ok(Some(Outcome::Token(token))),
        (Some((error, description)), _) => Ok(Some(Outcome::Refused { error, description })),
        (None, token) => Ok(token?.map(Outcome::Token)),
    }
}

/// A token that was given by itself, not in a query.
pub(super) fn bare_token(text: String) -> Result<Secret, TokenFault> {
    if !text.chars().all(is_fit) {
        return Err(TokenFault::Control);
    }
    match text.chars().take(LONGEST_TOKEN + 1).count() {
        0 => Err(TokenFault::Empty),
        1..=LONGEST_TOKEN => Ok(Secret::new(text)),
        _ => Err(TokenFault::TooLong),
    }
}

/// Whether a token may hold it. (U+2028 and U+2029 are line breaks, though no control characters.)
pub(super) fn is_fit(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}')
}

fn find_token(query: &str) -> Option<Result<Secret, TokenFault>> {
    let mut values = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // The name may be escaped: what another reader would take for a second token is one for us too.
        (unescape(name)? == b"token").then_some(value)
    });
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(TokenFault::Repeated));
    }
    let decoded = unescape(value).and_then(|bytes| String::from_utf8(bytes).ok());
    Some(decoded.ok_or(TokenFault::Undecodable).and_then(bare_token))
}

/// The refusal is text for people, so it is read as forms are: `+` is a space, and what can't be decoded
/// is shown as well as it goes.
fn find_refusal(query: &str) -> Option<(String, Option<String>)> {
    let value = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let filled = |name| value(name).filter(|text| !text.trim().is_empty());
    Some((value("error")?, filled("error_description").or_else(|| filled("error_reason"))))
}

/// Decodes `%XX`; `None` when an escape is broken.
pub(super) fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        decoded.push(hex(*high)? << 4 | hex(*low)?);
        rest = after;
    }
    Some(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(text: &str) -> Result<Option<Outcome>, TokenFault> {
        Ok(Some(Outcome::Token(Secret::new(text))))
    }

    fn refused(error: &str, description: Option<&str>) -> Result<Option<Outcome>, TokenFault> {
        Ok(Some(Outcome::Refused { error: error.to_owned(), description: description.map(str::to_owned) }))
    }

    #[test]
    fn a_token_is_taken_as_it_is() {
        assert_eq!(read("token=abc"), token("abc"));
        assert_eq!(read("a=1&token=a+b%2Bc%20d&z"), token("a+b+c d"));
        assert_eq!(read("token==a=b="), token("=a=b="));
        assert_eq!(read("token=%20x%C2%A0"), token(" x\u{a0}"));
        assert_eq!(read("token=%25%32%35"), token("%25"));
        assert_eq!(read("%74oken=x"), token("x"));
        assert_eq!(read("token=%F0%9F%98%80ü"), token("😀ü"));
        assert_eq!(read("token=a?b/c;d"), token("a?b/c;d"));
        assert_eq!(read("100%=yes&token=x"), token("x"));
    }

    #[test]
    fn what_is_no_token_parameter_is_no_token() {
        for query in
            ["", "&", "=", "=token", "tokens=a", "Token=a", "access_token=a", "to+ken=a", "x=token=a"]
        {
            assert_eq!(read(query), Ok(None), "{query}");
        }
    }

    #[test]
    fn a_bad_token_is_named() {
        for (query, fault) in [
            ("token", TokenFault::Empty),
            ("token=", TokenFault::Empty),
            ("token=a&token=a", TokenFault::Repeated),
            ("token=&token=a", TokenFault::Repeated),
            ("token=a&%74%6Fken=b", TokenFault::Repeated),
            ("token=%", TokenFault::Undecodable),
            ("token=a%2", TokenFault::Undecodable),
            ("token=%2G", TokenFault::Undecodable),
            ("token=%+1", TokenFault::Undecodable),
            ("token=%FF", TokenFault::Undecodable),
            ("token=%C3%28", TokenFault::Undecodable),
            ("token=a%00b", TokenFault::Control),
            ("token=a%0Ab", TokenFault::Control),
            ("token=a%0D", TokenFault::Control),
            ("token=a%1B[31m", TokenFault::Control),
            ("token=a%C2%85b", TokenFault::Control),
            ("token=a%E2%80%A8b", TokenFault::Control),
        ] {
            assert_eq!(read(query), Err(fault), "{query}");
        }
    }

    #[test]
    fn the_longest_token_has_8192_characters() {
        for character in ["a", "%41", "%C3%BC", "😀"] {
            assert!(read(&format!("token={}", character.repeat(8192))).is_ok(), "{character}");
            let too_long = format!("token={}", character.repeat(8193));
            assert_eq!(read(&too_long), Err(TokenFault::TooLong), "{character}");
        }
    }

    #[test]
    fn a_refusal_is_text_for_people() {
        let facebook = "error=access_denied&error_code=200&error_description=Permissions+error%21&error_reason=user_denied";
        assert_eq!(read(facebook), refused("access_denied", Some("Permissions error!")));
        assert_eq!(read("error_reason=user_denied&error=no"), refused("no", Some("user_denied")));
        assert_eq!(read("error=no&error_description=&error_reason=+"), refused("no", None));
        assert_eq!(read("error=100%&error_description=%FF"), refused("100%", Some("\u{fffd}")));
        assert_eq!(read("error_description=alone"), Ok(None));
    }

    #[test]
    fn an_error_wins_over_a_token_unless_it_is_empty() {
        assert_eq!(read("error=no&token=abc"), refused("no", None));
        assert_eq!(read("token=a&token=b&error=no"), refused("no", None));
        assert_eq!(read("error=&token=abc"), token("abc"));
        assert_eq!(read("error="), refused("", None));
        assert_eq!(read("error=&token="), refused("", None));
    }

    proptest! {
        #[test]
        fn no_query_panics(query in ".*", noisy in "[%&=+#a-f0-9tokenr]{0,80}") {
            let _ = read(&query);
            let _ = read(&noisy);
        }

        #[test]
        fn every_token_comes_back_identical(
            text in proptest::collection::vec(any::<char>().prop_filter("no token has one", |c| is_fit(*c)), 1..200),
            raw in proptest::collection::vec(any::<bool>(), 200),
            before in "([a-z]{1,5}=[a-z+%]{0,5}&)?",
        ) {
            prop_assume!(!before.starts_with("token=") && !before.starts_with("error="));
            let text: String = text.into_iter().collect();
            let mut escaped = String::new();
            for (index, character) in text.chars().enumerate() {
                if raw[index] && !matches!(character, '%' | '&') {
                    escaped.push(character);
                } else {
                    let mut bytes = [0; 4];
                    escaped.extend(character.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02x}")));
                }
            }
            prop_assert_eq!(read(&format!("{before}token={escaped}")), token(&text));
        }
    }
}
