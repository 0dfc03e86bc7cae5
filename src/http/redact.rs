//! Secrets taken out of what an API, a proxy or a gateway says: it may quote what it was asked, in any usual writing.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::client::Http;
use super::error::Reason;
use crate::types::Secret;

/// A shorter text is no secret, and its letters stand in every message.
const SHORTEST: usize = 8;
/// A writing that was cut counts from this many of the secret's own characters on, or of its writing.
const CUT: usize = 20;
const CUT_WRITING: usize = 40;
/// So much of a text is looked at, and so much of that is kept: what begins in front of the cut is still seen whole.
const LONGEST_SEEN: usize = 256 << 10;
const LONGEST_KEPT: usize = 192 << 10;
/// A character that was escaped four times has so many backslashes before it.
const MOST_BACKSLASHES: usize = 15;

/// A word of so many letters and digits is a token, and no word.
const TOKEN_FROM: usize = 24;

const BASE64: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

impl Reason {
    /// Without these secrets, in all writings that [`redacted`] knows.
    pub fn without(mut self, secrets: &[Secret]) -> Self {
        if let Reason::Refused { message, original, .. } = &mut self {
            let needles: Vec<Needle> = secrets.iter().flat_map(needles).collect();
            for text in [message, original].into_iter().flatten() {
                *text = redacted(text, &needles);
            }
        }
        self
    }
}

impl Http {
    /// A text without the secrets of this client, in all writings that [`redacted`] knows.
    pub fn without_secrets(&self, text: &str) -> String {
        let needles: Vec<Needle> = self.secrets().iter().flat_map(needles).collect();
        redacted(text, &needles)
    }
}

/// Without what looks like a token: long, of letters and digits.
pub fn without_tokens(message: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-|".contains(c);
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(begin) = rest.find(is_part) {
        let word = &rest[begin..];
        let word = &word[..word.find(|c| !is_part(c)).unwrap_or(word.len())];
        out.push_str(&rest[..begin]);
        let is_token = word.len() >= TOKEN_FROM
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        out.push_str(if is_token { "[secret]" } else { word });
        rest = &rest[begin + word.len()..];
    }
    out + rest
}

/// One text to look for, and how its characters are compared.
struct Needle {
    text: Zeroizing<Vec<u8>>,
    kind: Writing,
}

#[derive(Clone, Copy, PartialEq)]
enum Writing {
    Plain,
    Hex,
    Base64,
}

/// What a secret looks like: itself, in hexadecimal digits, and in base64 from each of the three places in a group at
/// which it can begin.
fn needles(secret: &Secret) -> Vec<Needle> {
    let bytes = secret.expose().as_bytes();
    if bytes.len() < SHORTEST {
        return Vec::new();
    }
    let digit = |nibble: u8| b"0123456789abcdef"[usize::from(nibble)];
    let hex = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    let encoded = (0..3).map(|before| {
        let shifted = Zeroizing::new([&[0; 2][..before], bytes].concat());
        let text = Zeroizing::new(GeneralPurpose::new(&alphabet::STANDARD, BASE64).encode(&*shifted));
        // Characters that hold bits of what stands around it are left out.
        let (start, end) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
        Needle { text: Zeroizing::new(text.as_bytes()[start..end].to_vec()), kind: Writing::Base64 }
    });
    let plain = Needle { text: Zeroizing::new(bytes.to_vec()), kind: Writing::Plain };
    let hex = Needle { text: Zeroizing::new(hex), kind: Writing::Hex };
    [plain, hex].into_iter().chain(encoded).collect()
}

/// The text with `[secret]` for each needle in it, whole or cut. A long one ends early, with "…".
///
/// Each character may be written as it is, percent-encoded (by any rule, in either case, any number of times), as an HTML
/// entity, or escaped as in JSON.
fn redacted(text: &str, needles: &[Needle]) -> String {
    let is_long = text.len() > LONGEST_SEEN;
    let bytes = &text.as_bytes()[..text.len().min(LONGEST_SEEN)];
    let kept = if is_long { LONGEST_KEPT } else { bytes.len() };
    let kept = (0..=kept).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < kept {
        let longest = needles.iter().filter_map(|n| Some((n.end_in(bytes, at)?, n.kind))).max_by_key(|m| m.0);
        let Some((mut end, kind)) = longest else {
            out.push(bytes[at]);
            at += 1;
            continue;
        };
        if kind == Writing::Base64 {
            // The characters on both sides may hold bits of it.
            let is_near = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
            out.truncate(out.iter().rposition(|byte| !is_near(byte)).map_or(0, |before| before + 1));
            end += bytes[end..].iter().take_while(|byte| is_near(byte)).count();
        }
        out.extend(b"[secret]");
        at = end;
    }
    if is_long {
        out.extend("…".as_bytes());
    }
    // Where a cut one ended amid a character.
    String::from_utf8_lossy(&out).into_owned()
}

impl Needle {
    /// Where the needle ends that begins here, if it does.
    fn end_in(&self, text: &[u8], start: usize) -> Option<usize> {
        // A `%` can stand for itself or begin `%25`: all ways to read the text are followed.
        let (mut ends, mut next) = (vec![], vec![]);
        let mut matched = 0;
        for &byte in self.text.iter() {
            if matched == 0 {
                self.ways(text, start, byte, &mut next);
            }
            for &at in &ends {
                self.ways(text, at, byte, &mut next);
            }
            if next.is_empty() {
                break;
            }
            next.sort_unstable();
            next.dedup();
            std::mem::swap(&mut ends, &mut next);
            next.clear();
            matched += 1;
        }
        let end = *ends.last()?;
        let is_cut = matched >= CUT || (matched >= SHORTEST && end - start >= CUT_WRITING);
        (matched == self.text.len() || is_cut).then_some(end)
    }

    /// Adds the places behind each writing of `byte` that begins here.
    fn ways(&self, text: &[u8], at: usize, byte: u8, ends: &mut Vec<usize>) {
        let Some((&first, rest)) = text.get(at..).and_then(<[u8]>::split_first) else { return };
        let mut found = |found: u8, rest: &[u8]| {
            let is_it = match self.kind {
                Writing::Plain => found == byte,
                Writing::Hex => found.eq_ignore_ascii_case(&byte),
                Writing::Base64 => found == byte || matches!((byte, found), (b'+', b'-') | (b'/', b'_')),
            };
            if is_it {
                ends.push(text.len() - rest.len());
            }
        };
        found(first, rest);
        match first {
            b'%' => percent(rest, &mut found),
            b'&' => entity(rest, &mut found),
            b'\\' => escape(rest, &mut found),
            _ => {}
        }
    }
}

/// Behind a `%`: `2B`, `252b`, `25252B`.
fn percent(mut rest: &[u8], found: &mut impl FnMut(u8, &[u8])) {
    while let Some((digits, after)) = rest.split_at_checked(2)
        && let Some(byte) = number(digits, 16)
    {
        found(byte, after);
        if digits != b"25" {
            return;
        }
        rest = after;
    }
}

/// Behind an `&`: `amp;`, `#43;`, `#x2B;`, `amp;#43;`.
fn entity(mut rest: &[u8], found: &mut impl FnMut(u8, &[u8])) {
    const NAMED: [(&[u8], u8); 10] = [
        (b"amp", b'&'),
        (b"lt", b'<'),
        (b"gt", b'>'),
        (b"quot", b'"'),
        (b"apos", b'\''),
        (b"sol", b'/'),
        (b"plus", b'+'),
        (b"equals", b'='),
        (b"colon", b':'),
        (b"lowbar", b'_'),
    ];
    while let Some(end) = rest.iter().take(9).position(|&byte| byte == b';') {
        let (name, after) = (&rest[..end], &rest[end + 1..]);
        let byte = match name {
            [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
            [b'#', digits @ ..] => number(digits, 10),
            _ => NAMED.iter().find(|(known, _)| *known == name).map(|(_, byte)| *byte),
        };
        let Some(byte) = byte else { return };
        found(byte, after);
        if name != b"amp" {
            return;
        }
        // `&amp;#43;` is a `+` that was escaped twice.
        rest = after;
    }
}

/// Behind a backslash: `/`, `"`, `u002b`; and behind several, where it was escaped more than once.
fn escape(rest: &[u8], found: &mut impl FnMut(u8, &[u8])) {
    let deeper = rest.iter().take(MOST_BACKSLASHES - 1).take_while(|&&byte| byte == b'\\').count();
    if deeper > 0 {
        found(b'\\', &rest[1..]);
    }
    match &rest[deeper..] {
        [b'u' | b'U', b'0', b'0', high, low, after @ ..] => {
            if let Some(byte) = number(&[*high, *low], 16) {
                found(byte, after);
            }
        }
        [byte @ (b'/' | b'"' | b'\''), after @ ..] => found(*byte, after),
        _ => {}
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    if !digits.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(message: &str, secrets: &[Secret]) -> String {
        let reason = Reason::Refused {
            status: 403,
            message: Some(message.to_owned()),
            original: None,
            known: None,
            asked_to_wait: false,
            web_page: false,
        };
        reason.without(secrets).to_string()
    }

    fn quoted(message: &str, secret: &str) -> String {
        refused(message, &[Secret::new(secret)])
    }

    #[test]
    fn a_short_text_is_no_secret_and_other_words_stay() {
        for (message, secret) in
            [("no: key-123", "key-123"), ("100% & more: \\ &# %2", "canary-0123"), ("", "canary-0123")]
        {
            assert_eq!(quoted(message, secret), message);
        }
        assert_eq!(quoted("Tokö: canary-0123, ö", "canary-0123"), "Tokö: [secret], ö");
    }

    /// What is shown of that message.
    fn shown(message: String, secrets: &[Secret]) -> String {
        let reason = Reason::Refused {
            status: 403,
            message: Some(message),
            original: None,
            known: None,
            asked_to_wait: false,
            web_page: false,
        };
        reason.without(secrets).shortened().to_string()
    }

    #[test]
    fn a_million_of_any_character_takes_bounded_time() {
        let secret = [Secret::new("canary\\\"/%&0123456789")];
        for unit in [
            "\\",
            "\"",
            "%",
            "&",
            "\\\"",
            "%25",
            "25",
            "&amp;",
            "amp;",
            "\\u005c",
            "\\%&\"",
            "canary\\",
            "canary\\%&0123456789 ",
        ] {
            for first in ["", "%", "canary\\"] {
                let text = format!("{first}{}", unit.repeat(1_000_000 / unit.len()));
                let begun = std::time::Instant::now();
                let shown = shown(text, &secret);
                assert!(shown.ends_with('…') && shown.chars().count() == 601, "{first} {unit}: {shown}");
                // Half a second on an idle machine; minutes, were it not linear.
                assert!(begun.elapsed().as_secs() < 20, "{first} {unit}: {:?}", begun.elapsed());
            }
        }
    }

    #[test]
    fn no_part_of_a_secret_is_shown_where_a_long_text_is_cut() {
        use base64::engine::general_purpose::STANDARD;
        // One run of base64 is taken out as a whole: what stands at the cut is shown.
        let secret = "canary-0123456789/abcdefghijklmnop";
        let start = STANDARD.encode(secret);
        for cut in [LONGEST_KEPT, LONGEST_SEEN] {
            for before in [0, 1, 8, 10, 19, 30] {
                let run = "A".repeat(cut - before - start.len() - 1);
                let shown =
                    shown(format!("{start}{run} {secret} {}", "ö".repeat(cut)), &[Secret::new(secret)]);
                assert!(!shown.contains("cana") && !shown.contains('\u{fffd}'), "{cut} {before}: {shown}");
                assert!(shown.starts_with("[secret]") && shown.ends_with('…'), "{cut} {before}: {shown}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>(), secret in "[ -~]{8,60}") {
            let _ = quoted(&text, &secret);
            let marked = quoted(&format!("é{secret}é"), &secret);
            prop_assert_eq!(marked, "é[secret]é");
        }
    }
}
