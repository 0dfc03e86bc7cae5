//! The unguessable part of our addresses.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

/// 256 bits in base64url without padding.
const LENGTH: usize = 43;

/// 256 random bits, as one path segment. Not printable by accident.
pub(super) struct Nonce(String);

impl Nonce {
    pub(super) fn random() -> Result<Nonce, getrandom::Error> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits)?;
        Ok(Nonce(URL_SAFE_NO_PAD.encode(bits)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in constant time with the segment as it came over the wire: an escaped spelling of the
    /// same characters is a different one. (That lengths differ may show; the length is no secret.)
    pub(super) fn is(&self, segment: &str) -> bool {
        self.0.as_bytes().ct_eq(segment.as_bytes()).into()
    }

    /// Whether a path segment could be a nonce of ours.
    pub(super) fn has_shape(segment: &str) -> bool {
        segment.len() == LENGTH
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_long_url_safe_and_different() {
        let nonces: std::collections::HashSet<String> =
            (0..1000).map(|_| Nonce::random().unwrap().as_str().to_owned()).collect();
        assert_eq!(nonces.len(), 1000);
        assert!(nonces.iter().all(|nonce| Nonce::has_shape(nonce)));
    }

    #[test]
    fn only_the_very_same_text_is_it() {
        let nonce = Nonce::random().unwrap();
        let text = nonce.as_str().to_owned();
        assert!(nonce.is(&text));
        for i in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[i] ^= 1;
            assert!(!nonce.is(&String::from_utf8(other).unwrap()), "byte {i}");
            assert!(!nonce.is(&text[..i]), "prefix of {i}");
            let escaped = format!("{}%{:02X}{}", &text[..i], text.as_bytes()[i], &text[i + 1..]);
            assert!(!nonce.is(&escaped), "escape at {i}");
        }
        assert!(!nonce.is(&format!("{text}A")));
    }
}
