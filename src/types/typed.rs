//! What was typed, as far as an error may repeat it: people paste keys and tokens where a name, an id or a command belongs,
//! and errors end up in the logs of CI systems.

use std::borrow::Cow;

/// What stands in the place of a text that may be a secret.
pub const HIDDEN: &str = "…";

/// Said where a secret may have been typed.
pub const SECRETS_ARE_PIPED: &str = "secrets are never arguments; these options read them: --token-stdin, --api-key-stdin, \
    --secret-key-stdin, --session-stdin, --password-stdin, --client-secret-stdin, --access-token-stdin, --api-token-stdin, \
    --page-token-stdin, --verify-token-stdin, --bot-token-stdin";

/// Whether it can only be a misspelt word, option or small number: lower-case letters and hyphens, or a few digits.
pub fn is_plain_word(text: &str) -> bool {
    let word = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or(text);
    let is_word = word.len() <= 20 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let is_number =
        word.len() <= 5 && word.bytes().all(|byte| byte.is_ascii_digit() || b"/smh".contains(&byte));
    is_word || is_number || (word.len() == 1 && text.starts_with('-'))
}

/// Whether a name or an id may be a secret that was typed in the wrong place.
///
/// No secret of the API is shorter, has blanks, or consists of letters or of digits alone; an `_id` is 24 hexadecimal
/// digits, and the name of an account has few digits and no capitals.
pub fn may_be_secret(text: &str) -> bool {
    let is_id = text.len() <= 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_name = text.chars().all(|c| c.is_alphabetic() || ".-&'".contains(c));
    let is_account = text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@".contains(&byte))
        && text.bytes().filter(u8::is_ascii_digit).count() <= 3;
    let is_harmless = is_id || (text.chars().count() < 32 && (is_name || is_account));
    text.len() >= 12 && !is_harmless && !text.contains(char::is_whitespace)
}

/// A name or an id as it was typed, on one line; what may be a secret is not shown.
pub fn shown(text: &str) -> Cow<'_, str> {
    if may_be_secret(text) { "… (it is not shown, since it may be a secret)".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_cannot_be_secrets_are_shown() {
        for word in
            ["fax", "conect", "--discon", "-x", "0", "7/5", "99999", "25h", "", "whatsapp-unofficialx"]
        {
            assert!(is_plain_word(word), "{word}");
        }
        for other in
            ["EAAB", "sk_live_1", "--api-keysk_live_1", "123456", "correct-horse-battery-staple", "a b", "é"]
        {
            assert!(!is_plain_word(other), "{other}");
        }
    }

    #[test]
    fn names_and_ids_are_shown_and_tokens_are_not() {
        for name in [
            "Toko Bunga 2",
            "65b37833afe781e84afa001f",
            "102030405060708",
            "TokoBungaSenjaIndah",
            "@toko.bunga_senja99",
            "toko2",
        ] {
            assert_eq!(shown(name), name);
        }
        for token in ["EAABsbCS1iHgBA", "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "sk_live_0123456789"]
        {
            assert!(shown(token).starts_with(HIDDEN), "{token}");
        }
    }
}
