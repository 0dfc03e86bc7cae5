//! What the address says at which a sign-in of the back end ended.

use url::form_urlencoded;

use crate::loopback::{PasteError, query};
use crate::types::SignInKind;

/// What came back. It is a hint: what is connected is for the list to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// It says that channels of the kind are connected.
    Connected,
    /// It says so of another kind, in its own word for it: text from outside.
    OtherType { said: String },
    /// It says no, in the words of the back end or of Facebook: text from outside.
    Refused { error: String },
    /// It says neither.
    Nothing,
}

/// Reads a raw query. The guides name `facebook_connected` (with `type`), `instagram_connected` and `error`; the product's own
/// front end also reads `success`, `status` and `message`. A flag says yes by `true` alone, and an error that says something
/// wins over it.
pub(super) fn read(kind: SignInKind, query: &str) -> Returned {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
        .map(|(name, value)| (name.trim_start_matches('?').to_owned(), value.into_owned()))
        .collect();
    let values = |wanted: &'static str| {
        let named = parameters.iter().filter(move |(name, _)| name == wanted);
        named.map(|(_, value)| value.trim_end_matches("#_=_"))
    };
    let filled = |name| values(name).map(decoded).find(|text| !text.trim().is_empty());
    // Each that there is says it: one that contradicts itself says nothing.
    let is_true = |name| values(name).count() > 0 && values(name).all(|value| value == "true");
    let is = |name, word| values(name).any(|value| value == word);
    let has_failed = is("status", "error") || is("status", "failed") || is("success", "false");
    let message = || filled("message").filter(|_| has_failed);
    if let Some(error) = filled("error").or_else(message) {
        return Returned::Refused { error };
    }
    let (facebook, instagram) = (is_true("facebook_connected"), is_true("instagram_connected"));
    let said = values("type").next().filter(|said| !said.is_empty());
    let is_by_other_words = is_true("success") || is("status", "success");
    let says_yes = facebook || instagram || is_by_other_words;
    // An error without a word may just be a field that is always there.
    if has_failed || !says_yes && values("error").next().is_some() {
        return Returned::Refused { error: String::new() };
    }
    let is_kind = match (said, kind) {
        _ if !says_yes => return Returned::Nothing,
        (Some(said), kind) => said == kind.as_str(),
        (None, SignInKind::Messenger) => facebook || !instagram,
        (None, SignInKind::Instagram) if instagram || !facebook => true,
        // The older guide says `type` of either: without it nobody knows.
        (None, SignInKind::Instagram) => return Returned::Nothing,
    };
    match is_kind {
        true => Returned::Connected,
        false => Returned::OtherType { said: said.unwrap_or("instagram").to_owned() },
    }
}

/// Some back ends encode the text by hand and once more as a parameter. What isn't encoded twice stays as it is.
fn decoded(text: &str) -> String {
    let twice = query::unescape(text).and_then(|bytes| String::from_utf8(bytes).ok());
    twice.unwrap_or_else(|| text.to_owned())
}

/// Reads the address at which a sign-in ended (of any host: the product's front end, say), or the query of one. `#_=_`, which
/// Facebook leaves behind, is no part of it.
pub(super) fn read_pasted(
    kind: SignInKind,
    text: &str,
    is_ours: impl Fn(&str) -> bool,
) -> Result<Returned, PasteError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PasteError::Empty);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(PasteError::Broken);
    }
    let address = text.split('#').next().unwrap_or(text);
    let is_address = address.contains("://");
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, query),
        None if is_address => address.split_once('&').unwrap_or((address, "")),
        None => ("", address),
    };
    let nonce = path.split_once("/cb/").map(|(_, nonce)| nonce.split(['/', '&']).next().unwrap_or(nonce));
    if nonce.is_some_and(|nonce| !is_ours(nonce)) {
        return Err(PasteError::OtherSignIn);
    }
    let behind = path.split_once('&').map_or("", |(_, behind)| behind);
    match read(kind, &format!("{behind}&{query}")) {
        Returned::Nothing => Err(if is_address { PasteError::NoResult } else { PasteError::NoAddress }),
        returned => Ok(returned),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use SignInKind::{Instagram, Messenger};

    fn refused(error: &str) -> Returned {
        Returned::Refused { error: error.to_owned() }
    }

    #[test]
    fn each_documented_return_is_read() {
        let other = |said: &str| Returned::OtherType { said: said.to_owned() };
        for (kind, query, is) in [
            (Messenger, "facebook_connected=true&type=messenger", Returned::Connected),
            (Messenger, "facebook_connected=true", Returned::Connected),
            (Messenger, "&facebook_connected=true&type=messenger", Returned::Connected),
            (Messenger, "?facebook_connected=true&type=messenger", Returned::Connected),
            (Messenger, "success=true&message=Done&channelId=12", Returned::Connected),
            (Messenger, "status=success", Returned::Connected),
            (Instagram, "instagram_connected=true", Returned::Connected),
            (Instagram, "facebook_connected=true&type=instagram", Returned::Connected),
            (Messenger, "facebook_connected=true&type=instagram", other("instagram")),
            (Instagram, "facebook_connected=true&type=messenger", other("messenger")),
            (Messenger, "instagram_connected=true", other("instagram")),
            (Messenger, "instagram_connected=true&type=page", other("page")),
            (Messenger, "", Returned::Nothing),
            (Messenger, "type=messenger", Returned::Nothing),
            (Messenger, "facebook_connected=1&type=messenger", Returned::Nothing),
            (Messenger, "facebook_connected=TRUE", Returned::Nothing),
            (Messenger, "facebook_connected=true&facebook_connected=false", Returned::Nothing),
            (Instagram, "facebook_connected=true", Returned::Nothing),
            (Messenger, "error=No%20page%20was%20chosen", refused("No page was chosen")),
            (Messenger, "error=No%2520page%2520%2526%2520none", refused("No page & none")),
            (Messenger, "error=100%25", refused("100%")),
            (Messenger, "error=%25E9%25", refused("%E9%")),
            (Messenger, "error=a%2Bb+c", refused("a+b c")),
            (Messenger, "facebook_connected=true&error=denied", refused("denied")),
            (Messenger, "error=", refused("")),
            (Messenger, "facebook_connected=true&type=messenger&error=", Returned::Connected),
            (Messenger, "facebook_connected=false&error=", refused("")),
            (Messenger, "facebook_connected=true&success=false&error=", refused("")),
            (Messenger, "status=error&message=Limit", refused("Limit")),
            (Messenger, "success=false", refused("")),
        ] {
            assert_eq!(read(kind, query), is, "{kind} {query}");
        }
    }

    #[test]
    fn a_pasted_address_is_read_whatever_host_it_is_on() {
        let read = |text: &str| read_pasted(Messenger, text, |nonce| nonce == "N");
        for good in [
            "http://localhost:1/cb/N?facebook_connected=true&type=messenger#_=_",
            "http://localhost:1/cb/N&facebook_connected=true&type=messenger",
            "  https://app.unifiedbeez.com/channels?facebook_connected=true&type=messenger \n",
            "facebook_connected=true&type=messenger",
        ] {
            assert_eq!(read(good), Ok(Returned::Connected), "{good}");
        }
        for (bad, why) in [
            ("", PasteError::Empty),
            ("yes", PasteError::NoAddress),
            ("a b", PasteError::Broken),
            ("https://app.unifiedbeez.com/channels", PasteError::NoResult),
            ("http://localhost:1/cb/M?facebook_connected=true&type=messenger", PasteError::OtherSignIn),
        ] {
            assert_eq!(read(bad), Err(why), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = read(Messenger, &text);
            let _ = read_pasted(Instagram, &text, |_| false);
        }
    }
}
