//! The opaque texts of the sandbox: callback tokens and listing offsets.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::SandboxError;

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

/// The offset that stands for a place in the listing of this token.
pub fn offset(token: &str, place: usize) -> String {
    let place = place as u64;
    let seal = seal(token, place);
    let hidden = place ^ mask(token, seal);
    URL_SAFE_NO_PAD.encode([seal.to_be_bytes(), hidden.to_be_bytes()].concat())
}

/// The place, if the offset was made for this token.
pub fn place(token: &str, offset: &str) -> Option<usize> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(offset).ok()?.try_into().ok()?;
    let number = u128::from_be_bytes(bytes);
    let (seal_given, hidden) = ((number >> 64) as u64, number as u64);
    let place = hidden ^ mask(token, seal_given);
    (seal(token, place) == seal_given).then(|| usize::try_from(place).ok()).flatten()
}

/// Not cryptography: it has to be opaque, not safe.
fn seal(token: &str, place: u64) -> u64 {
    hash(&(token, "seal", place))
}

fn mask(token: &str, seal: u64) -> u64 {
    hash(&(token, "mask", seal))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
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
    fn an_offset_belongs_to_its_token_and_hides_its_place() {
        for at in [0, 1, 25, 10_000] {
            let sealed = offset("token", at);
            assert_eq!(place("token", &sealed), Some(at));
            assert_eq!(place("another", &sealed), None);
            assert_eq!(sealed.len(), 22);
        }
        for forged in ["", "25", "MjU", "AAAAAAAAAAAAAAAAAAAAAA", "é", &"A".repeat(10_000)] {
            assert_eq!(place("token", forged), None, "{forged}");
        }
    }
}
