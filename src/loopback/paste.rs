//! What a person pastes instead of waiting for the browser.

use super::Outcome;
use super::query::{self, TokenFault};

/// Why a pasted text is no answer. Never contains the text: it may hold most of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasteError {
    /// Nothing, or spaces alone.
    Empty,
    /// White space or control characters inside: several lines, a sentence, half an escape sequence.
    Broken,
    /// An address, but not one a sign-in ends at.
    NoAnswer,
    /// A short word of letters alone, such as a yes that was meant for another question.
    Word,
    /// Text that is no address, where a token is no answer.
    NoAddress,
    /// An answer whose token can't be one.
    Token(TokenFault),
    /// The address of another sign-in than the one that is waited for.
    OtherSignIn,
    /// An address without the result of a sign-in.
    NoResult,
}

impl std::error::Error for PasteError {}

impl From<TokenFault> for PasteError {
    fn from(fault: TokenFault) -> Self {
        PasteError::Token(fault)
    }
}

/// Reads the address at which a sign-in ended (any host; `token=` or `error=` in its query, a fragment
/// like Facebook's `#_=_` is ignored), the query of one, or a bare token, which is taken as it is.
/// White space around it is not part of it.
pub fn read_pasted(text: &str) -> Result<Outcome, PasteError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PasteError::Broken);
    }
    match query_of(text) {
        Some(query) => query::read(query)?.ok_or(PasteError::NoAnswer),
        None => {
            // What Facebook leaves behind in the address bar comes along when the token alone is marked.
            let token = text.strip_suffix("#_=_").unwrap_or(text);
            if token.len() < 16 && token.bytes().all(|b| b.is_ascii_alphabetic()) {
                return Err(PasteError::Word);
            }
            Ok(Outcome::Token(query::bare_token(token.to_owned())?))
        }
    }
}

/// The query, where the text is an address or a part of one; `None` where it must be a bare token.
/// Cut by hand: a URL parser would respell what it holds.
fn query_of(text: &str) -> Option<&str> {
    let address = text.split('#').next().unwrap_or(text);
    let named = |query: &str| {
        query.split('&').any(|pair| {
            let name = pair.split('=').next().unwrap_or(pair);
            pair.len() > name.len() && matches!(name, "token" | "error")
        })
    };
    match address.split_once('?') {
        Some((_, query)) if named(query) || has_scheme(text) => Some(query),
        None if has_scheme(text) => Some(""),
        _ => ["token=", "error="].iter().any(|name| text.starts_with(name)).then_some(address),
    }
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::Secret;

    fn token(text: &str) -> Result<Outcome, PasteError> {
        Ok(Outcome::Token(Secret::new(text)))
    }

    #[test]
    fn addresses_give_their_token() {
        for address in [
            "http://127.0.0.1:4321/callback/messenger/abc?token=a+b%2Fc",
            "https://app.example/cb?x=1&token=a+b%2Fc#_=_",
            "  https://app.example/cb?token=a+b%2Fc&y=2  \r\n",
            "HTTPS://APP.EXAMPLE?token=a+b%2Fc",
            "127.0.0.1:4321/callback/messenger/abc?token=a+b%2Fc",
            "/callback/messenger/abc?token=a+b%2Fc",
            "?token=a+b%2Fc",
            "token=a+b%2Fc#_=_",
        ] {
            assert_eq!(read_pasted(address), token("a+b/c"), "{address}");
        }
    }

    #[test]
    fn a_bare_token_is_taken_as_it_is() {
        for bare in ["EAAB|x", "a+b%2Fc", "/9j+4=", "a?b", "eyJ.eyJ.x-_", "a#b", "mytoken=", "://x", "ü"] {
            assert_eq!(read_pasted(&format!("\t{bare}\n")), token(bare), "{bare}");
        }
        assert_eq!(read_pasted("EAAB4#_=_"), token("EAAB4"));
    }

    #[test]
    fn a_refusal_counts_as_an_answer() {
        assert_eq!(
            read_pasted("https://app.example/cb?error=access_denied&error_reason=user_denied#_=_"),
            Ok(Outcome::Refused { error: "access_denied".into(), description: Some("user_denied".into()) })
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("", PasteError::Empty),
            (" \n\t", PasteError::Empty),
            ("https://app.example/cb?token=a b", PasteError::Broken),
            ("https://app.example/cb\n?token=ab", PasteError::Broken),
            ("\u{1b}[200~abc", PasteError::Broken),
            ("hello", PasteError::Word),
            ("https://app.example/cb", PasteError::NoAnswer),
            ("https://app.example/cb?code=1", PasteError::NoAnswer),
            ("https://app.example/cb#token=a", PasteError::NoAnswer),
            ("https://app.example/cb?token=", PasteError::Token(TokenFault::Empty)),
            ("token=", PasteError::Token(TokenFault::Empty)),
            ("https://app.example/cb?token=a&token=b", PasteError::Token(TokenFault::Repeated)),
            ("https://app.example/cb?token=%zz", PasteError::Token(TokenFault::Undecodable)),
            ("https://app.example/cb?token=a%0Ab", PasteError::Token(TokenFault::Control)),
            (&"a".repeat(8193), PasteError::Token(TokenFault::TooLong)),
        ] {
            assert_eq!(read_pasted(text), Err(why), "{text}");
        }
    }

    #[test]
    fn no_error_repeats_what_was_pasted() {
        for text in ["https://app.example/?token=SECRET%", "SECRET x", "https://SECRET/"] {
            let error = read_pasted(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*", noisy in "[?#&=%:/ tokenerhp+]{0,60}") {
            let _ = read_pasted(&text);
            let _ = read_pasted(&noisy);
        }

        #[test]
        fn every_token_survives_the_address_bar(
            text in proptest::collection::vec(any::<char>().prop_filter("no token has one", |c| query::is_fit(*c)), 1..200),
            fragment in "(#[a-z_=?&]{0,8})?",
        ) {
            let text: String = text.into_iter().collect();
            let escaped: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
            let address = format!("https://app.example/cb?a=b&token={escaped}{fragment}");
            prop_assert_eq!(read_pasted(&address), token(&text));
        }
    }
}
