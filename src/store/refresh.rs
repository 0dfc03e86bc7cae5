//! The right to use up a profile's refresh token, and the note that it was sent.
//!
//! A refresh token may hold for one use: two runs that send the same one can lose the account's access, and so can one that
//! sends it a second time because the first answer was lost. So one process at a time may send it, and it is noted on the
//! disk before; the note goes when the answer is dealt with. It holds nothing of the token.

use std::time::Duration;

use ring::hmac;

use super::{Folders, ProfileName};
use crate::files::atomic::Locked;
use crate::files::{FileError, guard};
use crate::types::Secret;

/// Another run may be waiting for an answer, which takes 30 s at most, and storing what came.
const WAIT: Duration = Duration::from_secs(45);

/// That right, for as long as this lives.
#[derive(Debug)]
pub struct RefreshRight(Locked);

impl RefreshRight {
    /// Waits for another process that has it, and refuses with [`FileError::Busy`] when that takes too long.
    pub fn take(folders: &Folders, profile: &ProfileName) -> Result<Self, FileError> {
        let path = folders.state().join("refresh").join(profile.file_stem());
        Locked::take(path, WAIT).map(RefreshRight)
    }

    /// Whether this token was sent before, and nobody knows what became of it.
    pub fn was_sent(&self, token: &Secret) -> Result<bool, FileError> {
        let path = self.0.path();
        let Some(file) = guard::open(path)? else { return Ok(false) };
        Ok(guard::text(&file, path)?.trim() == mark(token))
    }

    /// Notes that this token is about to be sent. Once this returns, that is on the disk.
    pub fn note(&self, token: &Secret) -> Result<(), FileError> {
        self.0.replace(format!("{}\n", mark(token)).as_bytes())
    }

    /// The token wasn't used, or the one that replaces it is stored.
    pub fn clear(&self) -> Result<(), FileError> {
        self.0.remove()
    }
}

/// 128 bits by which the same token is known again, and nothing of it.
fn mark(token: &Secret) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.expose().as_bytes());
    let tag = hmac::sign(&key, b"socialchat-cli refresh token");
    tag.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_was_sent_is_known_again_and_no_other_is() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        let (profile, token) = (ProfileName::default(), Secret::new("refresh-1"));
        let right = RefreshRight::take(&folders, &profile).unwrap();
        assert!(!right.was_sent(&token).unwrap());
        right.note(&token).unwrap();
        drop(right);
        let right = RefreshRight::take(&folders, &profile).unwrap();
        assert!(right.was_sent(&token).unwrap() && !right.was_sent(&Secret::new("refresh-2")).unwrap());
        right.clear().unwrap();
        assert!(!right.was_sent(&token).unwrap());
    }
}
