//! The system's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! A keychain can be missing, and it can be silent: locked behind a question that nobody sees, or hung. Each request runs
//! on a thread of its own, which is left behind when the answer takes too long; it ends with the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use zeroize::Zeroizing;

/// How long the keychain may take over one answer.
pub const LIMIT: Duration = Duration::from_secs(3);

/// The name that our entries have in it.
const SERVICE: &str = "socialchat-cli";

/// A keychain that was silent once is not asked again: the person has waited enough.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Whether credentials can be kept in the keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeychainState {
    /// It answers. A locked one does too, and may still refuse the first entry.
    Usable,
    /// There is none, and why.
    Missing(String),
    /// It didn't answer within [`LIMIT`].
    Unanswering,
}

/// Why the keychain did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeychainError {
    /// There is none, in the system's words.
    Missing(String),
    /// It didn't answer within [`LIMIT`]; it may be locked.
    Unanswering,
    /// In the system's words.
    Refused(String),
}

/// Whether the keychain can be had, found out by asking it something harmless. Takes at most [`LIMIT`].
pub fn probe() -> KeychainState {
    match read("probe") {
        Ok(_) => KeychainState::Usable,
        Err(KeychainError::Missing(why) | KeychainError::Refused(why)) => KeychainState::Missing(why),
        Err(KeychainError::Unanswering) => KeychainState::Unanswering,
    }
}

/// The entry's secret; `None` if there is no such entry.
pub(super) fn read(entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    let entry = entry.to_owned();
    ask(move || platform::read(SERVICE, &entry), || ())
}

/// Makes or replaces the entry.
pub(super) fn write(entry: &str, secret: Zeroizing<Vec<u8>>) -> Result<(), KeychainError> {
    let (entry, late) = (entry.to_owned(), entry.to_owned());
    // Written after we had given up and said so: then it must not be there.
    let undo = move || drop(platform::remove(SERVICE, &late));
    ask(move || platform::write(SERVICE, &entry, &secret), undo)
}

/// Removes the entry, if there is one.
pub(super) fn remove(entry: &str) -> Result<(), KeychainError> {
    let entry = entry.to_owned();
    ask(move || platform::remove(SERVICE, &entry), || ())
}

/// Asks within the limit, unless the keychain was silent before. What it does too late is undone.
fn ask<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
    undo: impl FnOnce() + Send + 'static,
) -> Result<T, KeychainError> {
    if SILENT.load(Ordering::Relaxed) {
        return Err(KeychainError::Unanswering);
    }
    let answer = bounded(LIMIT, work, undo);
    if matches!(answer, Err(KeychainError::Unanswering)) {
        SILENT.store(true, Ordering::Relaxed);
    }
    answer
}

/// Does the work on a thread of its own, and gives up after the limit. What is done later than that is undone.
fn bounded<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
    undo: impl FnOnce() + Send + 'static,
) -> Result<T, KeychainError> {
    // Without a buffer, sending succeeds only when somebody takes the answer.
    let (sender, receiver) = mpsc::sync_channel(0);
    let asking = move || {
        let done = work();
        let succeeded = done.is_ok();
        if sender.send(done).is_err() && succeeded {
            undo();
        }
    };
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(asking)
        .map_err(|error| KeychainError::Missing(error.to_string()))?;
    receiver.recv_timeout(limit).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(KeychainError::Unanswering),
        RecvTimeoutError::Disconnected => Err(KeychainError::Refused("asking it failed".to_owned())),
    })
}

#[cfg(all(feature = "keychain", any(target_os = "linux", target_os = "macos", windows)))]
mod platform {
    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(target_os = "linux")]
    use dbus_secret_service_keyring_store::Store;
    #[cfg(windows)]
    use windows_native_keyring_store::Store;

    use keyring_core::api::CredentialStoreApi;
    use keyring_core::{Entry, Error};
    use zeroize::Zeroizing;

    use super::KeychainError;

    pub fn read(service: &str, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        match open(service, entry)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(KeychainError::Refused, &error)),
        }
    }

    pub fn write(service: &str, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        open(service, entry)?.set_secret(secret).map_err(|error| failed(KeychainError::Refused, &error))
    }

    pub fn remove(service: &str, entry: &str) -> Result<(), KeychainError> {
        match open(service, entry)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(KeychainError::Refused, &error)),
        }
    }

    fn open(service: &str, entry: &str) -> Result<Entry, KeychainError> {
        // On Linux this connects, and so finds out whether there is a keychain.
        let store = Store::new().map_err(|error| failed(KeychainError::Missing, &error))?;
        store.build(service, entry, None).map_err(|error| failed(KeychainError::Refused, &error))
    }

    /// A service that is there and silent comes as an error of the bus after 2 s; where there is no bus at all, the
    /// error is about how one could have been started. Their types aren't to be had through the layers between, their
    /// words are libdbus's own, which is built in.
    fn failed(kind: fn(String) -> KeychainError, error: &Error) -> KeychainError {
        let text = error.to_string();
        if text.contains("Did not receive a reply") {
            return KeychainError::Unanswering;
        }
        if text.contains("dbus-daemon") && text.contains("autolaunch") {
            return kind("there is no session bus".to_owned());
        }
        kind(text)
    }
}

#[cfg(not(all(feature = "keychain", any(target_os = "linux", target_os = "macos", windows))))]
mod platform {
    use zeroize::Zeroizing;

    use super::KeychainError;

    pub fn read(_service: &str, _entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        none()
    }

    pub fn write(_service: &str, _entry: &str, _secret: &[u8]) -> Result<(), KeychainError> {
        none()
    }

    pub fn remove(_service: &str, _entry: &str) -> Result<(), KeychainError> {
        none()
    }

    fn none<T>() -> Result<T, KeychainError> {
        Err(KeychainError::Missing("this program was built without it".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_time_is_given_and_stands() {
        let answer = bounded(Duration::from_secs(30), || Ok(7), || panic!("undone"));
        assert_eq!(answer, Ok(7));
    }

    #[test]
    fn what_is_done_too_late_is_undone() {
        let (go_on, wait) = mpsc::channel::<()>();
        let (undone, was_undone) = mpsc::channel();
        let work = move || {
            wait.recv().unwrap();
            Ok(())
        };
        let answer = bounded(Duration::from_millis(20), work, move || undone.send(()).unwrap());
        assert_eq!(answer, Err(KeychainError::Unanswering));
        go_on.send(()).unwrap();
        assert_eq!(was_undone.recv_timeout(Duration::from_secs(30)), Ok(()));
    }

    #[test]
    fn a_keychain_library_that_panics_is_a_refusal() {
        let answer: Result<(), _> = bounded(Duration::from_secs(30), || panic!("on purpose"), || ());
        assert!(matches!(answer, Err(KeychainError::Refused(_))));
    }

    #[cfg(not(feature = "keychain"))]
    #[test]
    fn without_the_feature_there_is_no_keychain_and_that_is_said() {
        assert!(matches!(probe(), KeychainState::Missing(why) if why.contains("built without")));
    }
}
