//! Opaque cursors: the place at which a listing goes on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::asked::{By, one_of};

/// Where an integration stands in an order: the time it is ordered by, and its number.
pub type Place = (u64, u64);

/// Bytes that become four plus signs, so that a client which doesn't encode is caught here and not by its users.
const AWKWARD: [u8; 3] = [0xfb, 0xef, 0xbe];

/// The cursor that stands for a place. A client has no business with what is in it.
pub fn sealed((time, seq): Place, by: By) -> String {
    let order = if by == By::Created { "c" } else { "u" };
    // So long that it ends in two equals signs.
    let mut text = format!("{order} {time} {seq}");
    while text.len() % 3 != 1 {
        text.push(' ');
    }
    STANDARD.encode([&AWKWARD[..], text.as_bytes()].concat())
}

/// The place, and what it was ordered by.
pub fn opened(cursor: &str) -> Option<(Place, By)> {
    let bytes = STANDARD.decode(cursor).ok()?;
    let text = std::str::from_utf8(bytes.strip_prefix(&AWKWARD)?).ok()?;
    let mut parts = text.split_whitespace();
    let by = one_of(parts.next()?, [("c", By::Created), ("u", By::Updated)])?;
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some((place, by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_opens_as_it_was_sealed_and_needs_encoding(time in any::<u64>(), seq in any::<u64>()) {
            let cursor = sealed((time, seq), By::Updated);
            prop_assert!(cursor.starts_with("++++") && cursor.ends_with("=="));
            prop_assert_eq!(opened(&cursor), Some(((time, seq), By::Updated)));
        }

        #[test]
        fn no_cursor_panics(text in "\\PC{0,40}", cursor in "[A-Za-z0-9+/=]{0,30}") {
            let _ = (opened(&text), opened(&cursor), opened(&format!("++++{cursor}")));
        }
    }
}
