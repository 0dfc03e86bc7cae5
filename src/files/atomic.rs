//! A file that is locked while it is changed, and changed whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::{Access, FileError};
use super::guard;

/// How often a lock that somebody else holds is tried.
const PAUSE: Duration = Duration::from_millis(10);

/// What a file is called until it is whole. Always the same name: only the lock's holder uses it.
const FRESH: &str = ".new";

/// The right to change one of our files, against every other process that asks for it this way. The operating system
/// takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct Locked {
    path: PathBuf,
    // The lock stands on a file of its own: the file itself is replaced with every write.
    lock: File,
}

impl Locked {
    /// Locks the file, which needn't exist, making its folder. Waits that long for another process, and then refuses
    /// with [`FileError::Busy`].
    pub fn take(path: PathBuf, wait: Duration) -> Result<Self, FileError> {
        if let Some(folder) = path.parent() {
            guard::make_folder(folder)?;
        }
        let lock_path = beside(&path, ".lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut lock = guard::open_with(&lock_path, &mut options)?;
        let end = Instant::now() + wait;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < end => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let pid = pid_in(&mut lock);
                    return Err(FileError::Busy { path, pid });
                }
                Err(TryLockError::Error(source)) => {
                    return Err(FileError::io(Access::Lock, &lock_path)(source));
                }
            }
        }
        // For whoever finds it locked. Not knowing is no harm, so neither is failing.
        if guard::has_one_name(&lock) {
            let _ = lock.set_len(0).and_then(|()| lock.write_all(std::process::id().to_string().as_bytes()));
        }
        remove_leftover(&path)?;
        Ok(Locked { path, lock })
    }

    /// Whether the lock still has its file: who [removed](Locked::forget) it held it before us.
    #[cfg(unix)]
    pub fn is_current(&self) -> bool {
        use std::os::unix::fs::MetadataExt;

        let there = fs::symlink_metadata(beside(&self.path, ".lock"));
        let ours = self.lock.metadata();
        matches!((there, ours), (Ok(there), Ok(ours)) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()))
    }

    /// Removes the lock's file, for locks that are nothing but that. The last thing to do with it.
    #[cfg(unix)]
    pub fn forget(&self) {
        let _ = fs::remove_file(beside(&self.path, ".lock"));
    }

    /// Windows removes no file that is open: it stays.
    #[cfg(not(unix))]
    pub fn is_current(&self) -> bool {
        let _ = &self.lock;
        true
    }

    #[cfg(not(unix))]
    pub fn forget(&self) {}

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the file: afterwards there is either the old text or the new one, whatever happens meanwhile,
    /// and once this returns the new one is on the disk. Mode 0600.
    pub fn replace(&self, text: &[u8]) -> Result<(), FileError> {
        replace(&self.path, text)
    }

    /// Removes the file; once this returns that is on the disk.
    pub fn remove(&self) -> Result<(), FileError> {
        remove_if_there(&self.path)?;
        self.path.parent().map_or(Ok(()), guard::sync_folder)
    }
}

/// Whether somebody holds the lock of a file. Creates nothing.
pub fn is_held(path: &Path) -> Result<bool, FileError> {
    let lock = guard::open(&beside(path, ".lock"))?;
    // Shared and let go when this returns: two who look don't see each other as the holder.
    Ok(lock.is_some_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))))
}

/// Replaces a file whose lock is held, as [`Locked::replace`] does.
pub fn replace(path: &Path, text: &[u8]) -> Result<(), FileError> {
    guard::refuse_link(path)?;
    let fresh = beside(path, FRESH);
    let written = write_new(&fresh, text).and_then(|()| fs::rename(&fresh, path));
    if let Err(source) = written {
        let _ = fs::remove_file(&fresh);
        return Err(FileError::io(Access::Write, path)(source));
    }
    path.parent().map_or(Ok(()), guard::sync_folder)
}

/// Removes what a kill left of an earlier write to a file whose lock is held: it may hold secrets, and nobody else would
/// ever remove it.
pub fn remove_leftover(path: &Path) -> Result<(), FileError> {
    remove_if_there(&beside(path, FRESH))
}

fn write_new(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

fn remove_if_there(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(FileError::io(Access::Remove, path)(error))
        }
        _ => Ok(()),
    }
}

/// `credentials.json` with `.lock` is `.credentials.json.lock`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(suffix);
    path.with_file_name(name)
}

/// The number of the process that holds the lock. Windows lets nobody read a locked file.
fn pid_in(lock: &mut File) -> Option<u32> {
    if !guard::has_one_name(lock) {
        return None;
    }
    let mut text = String::new();
    lock.rewind().and_then(|()| lock.take(16).read_to_string(&mut text)).ok()?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locked(folder: &tempfile::TempDir) -> Locked {
        Locked::take(folder.path().join("sub/file"), Duration::ZERO).unwrap()
    }

    #[test]
    fn a_second_holder_is_refused_and_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = locked(&folder);
        let error = Locked::take(first.path().to_owned(), Duration::from_millis(30)).unwrap_err();
        let expected = if cfg!(windows) { None } else { Some(std::process::id()) };
        assert!(matches!(error, FileError::Busy { pid, .. } if pid == expected), "{error}");
        drop(first);
        locked(&folder);
    }

    #[test]
    fn looking_tells_whether_it_is_held_and_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/file");
        assert!(matches!(is_held(&path), Ok(false)));
        assert!(!folder.path().join("sub").exists());
        let held = locked(&folder);
        assert!(matches!(is_held(&path), Ok(true)));
        drop(held);
        assert!(matches!(is_held(&path), Ok(false)));
    }

    #[test]
    fn a_leftover_of_a_kill_goes_before_anything_else_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let leftover = beside(locked(&folder).path(), FRESH);
        fs::write(&leftover, "half a secr").unwrap();
        let file = locked(&folder);
        assert!(!leftover.exists());
        file.replace(b"whole").unwrap();
        assert_eq!(fs::read(file.path()).unwrap(), b"whole");
        assert!(!leftover.exists());
        file.remove().unwrap();
        file.remove().unwrap();
        assert!(!file.path().exists());
    }

    #[cfg(unix)]
    #[test]
    fn modes_are_private_whatever_was_there_before() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;

        let folder = tempfile::tempdir().unwrap();
        let file = locked(&folder);
        fs::write(file.path(), "").unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o666)).unwrap();
        file.replace(b"x").unwrap();
        assert_eq!(mode(file.path()), 0o600);
        assert_eq!(mode(&beside(file.path(), ".lock")), 0o600);
        assert_eq!(mode(file.path().parent().unwrap()), 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_into_a_lock_that_is_a_hard_link_to_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "4711").unwrap();
        fs::hard_link(&victim, folder.path().join(".file.lock")).unwrap();
        let held = Locked::take(folder.path().join("file"), Duration::ZERO).unwrap();
        let error = Locked::take(held.path().to_owned(), Duration::ZERO).unwrap_err();
        assert!(matches!(error, FileError::Busy { pid: None, .. }), "{error}");
        assert_eq!(fs::read(&victim).unwrap(), b"4711");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_refused_for_the_file_and_its_lock() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "theirs").unwrap();
        let file = locked(&folder);
        symlink(&victim, file.path()).unwrap();
        assert!(matches!(file.replace(b"ours"), Err(FileError::Symlink { path }) if path == file.path()));

        fs::remove_file(file.path()).unwrap();
        symlink(&victim, beside(file.path(), FRESH)).unwrap();
        assert!(matches!(file.replace(b"ours"), Err(FileError::Io { .. })));

        let other = folder.path().join("other");
        symlink(&victim, beside(&other, ".lock")).unwrap();
        assert!(matches!(Locked::take(other, Duration::ZERO), Err(FileError::Symlink { .. })));
        assert_eq!(fs::read(&victim).unwrap(), b"theirs");
    }
}
