//! The opaque texts of the sandbox: callback tokens and listing offsets.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::error::SandboxError;

/// A new callback token: 175 characters, among them always `|`, `+`, `/` and `=`, so that a client that
/// decodes or encodes once too often or too seldom is caught here and not by its users.
pub fn callback() -> Result<String, SandboxError> {
    let mut random = [0; 120];
    fill(&mut random)?;
    Ok(format!("EAASANDBOX|{}+/==", STANDARD.encode(random)))
}

/// 128 random bits as hexadecimal digits.
pub fn nonce() -> Result<String, SandboxError> {
    let mut random = [0; 16];
    fill(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn fill(buffer: &mut [u8]) -> Result<(), SandboxError> {
    getrandom::fill(buffer).map_err(|error| SandboxError::Random(error.to_string()))
}

/// The offset that stands for a place in the listing of this token. A client has no business with what is in it.
pub fn offset(token: &str, place: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{place} {}", mark(token)))
}

/// The place, if the offset was made for this token.
pub fn place(token: &str, offset: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(offset).ok()?).ok()?;
    let (place, marked) = text.split_once(' ')?;
    place.parse().ok().filter(|_| marked == mark(token))
}

/// As much of a token as tells it from others.
fn mark(token: &str) -> &str {
    token.get(..32).unwrap_or(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_awkward_and_different() {
        let (one, other) = (callback().unwrap(), callback().unwrap());
        assert_eq!(one.len(), 175);
        assert!("|+/=".chars().all(|awkward| one.contains(awkward)));
        assert_ne!(one, other);
        assert_eq!(nonce().unwrap().len(), 32);
    }

    #[test]
    fn an_offset_belongs_to_its_token() {
        let (one, other) = (callback().unwrap(), callback().unwrap());
        for at in [0, 1, 25, 10_000] {
            assert_eq!(place(&one, &offset(&one, at)), Some(at));
            assert_eq!(place(&other, &offset(&one, at)), None);
        }
        for forged in ["", "25", "MjU", "AAAAAAAAAAAAAAAAAAAAAA", "é", &"A".repeat(10_000)] {
            assert_eq!(place("token", forged), None, "{forged}");
        }
    }
}
