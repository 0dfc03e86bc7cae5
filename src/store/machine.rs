//! Locks that every process of this user on this machine meets, whatever folder it keeps its files in.
//!
//! `--config-dir` moves everything that is stored. An account stays the same account, and so does its callback URL: who
//! borrows it takes a lock here as well. Nothing is stored but the lock's holder, and nothing is lost with it.

use std::path::PathBuf;
use std::time::Duration;

use crate::files::atomic::Locked;
use crate::files::{FileError, guard};

/// So many holders can come and go while one waits. More are a file system that gives a file no number of its own.
const MOST_HOLDERS: usize = 1000;

/// A lock that leaves no file behind where its holder ends in order.
#[derive(Debug)]
pub(super) struct MachineLock(Locked);

impl Drop for MachineLock {
    fn drop(&mut self) {
        self.0.forget();
    }
}

/// Takes the lock of that name; waits that long for another process, and then refuses with [`FileError::Busy`].
pub(super) fn lock(name: &str, wait: Duration) -> Result<MachineLock, FileError> {
    let folder = folder();
    guard::make_folder(&folder)?;
    guard::refuse_foreign_folder(&folder)?;
    let mut lock = Locked::take(folder.join(name), wait)?;
    for _ in 0..MOST_HOLDERS {
        // One whose file the last holder has just removed excludes nobody.
        if lock.is_current() {
            break;
        }
        lock = Locked::take(folder.join(name), wait)?;
    }
    Ok(MachineLock(lock))
}

/// In the folder for temporary files: what lies there needs to live no longer than the machine runs.
#[cfg(unix)]
fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("socialchat-cli-{}", rustix::process::geteuid().as_raw()))
}

#[cfg(not(unix))]
fn folder() -> PathBuf {
    std::env::temp_dir().join("socialchat-cli")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn of_many_who_want_a_lock_one_has_it_at_a_time_and_no_file_is_left() {
        let name = format!("test.{}", std::process::id());
        let holders = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let lock = lock(&name, Duration::from_secs(20)).unwrap();
                        assert_eq!(holders.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        holders.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        drop(lock);
                    }
                });
            }
        });
        assert!(!folder().join(format!(".{name}.lock")).exists());
    }
}
