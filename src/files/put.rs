//! Files that people name: they needn't be ours, and nothing else of ours ever changes them.

use std::io::{self, Write as _};
use std::path::Path;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone: mode 0600.
    Owner,
    /// Everybody, as far as the umask lets them.
    Everybody,
}

/// Puts a whole new file in the place of the one that stands there. What is no plain file is refused, links too: it may be a
/// device, or lead to a file of somebody else's.
pub fn put(path: &Path, readers: Readers, bytes: &[u8]) -> io::Result<()> {
    let folder = can_be_put(path)?;
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix has modes"))]
    let mut builder = tempfile::Builder::new();
    // Without it, mode 0600.
    #[cfg(unix)]
    if readers == Readers::Everybody {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Whether a file can be put there, as far as that can be known before; gives its folder.
pub fn can_be_put(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() => return Err(io::Error::other("it is not a plain file")),
        _ => {}
    }
    if !folder.metadata()?.is_dir() {
        return Err(io::Error::other("its folder is none"));
    }
    Ok(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_link_is_refused_and_a_private_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, path) = (folder.path().join("victim"), folder.path().join("x"));
        fs::write(&victim, "theirs").unwrap();
        symlink(&victim, &path).unwrap();
        assert!(put(&path, Readers::Owner, b"ours").is_err());
        fs::remove_file(&path).unwrap();
        put(&path, Readers::Owner, b"ours").unwrap();
        assert_eq!(path.symlink_metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            (fs::read(&path).unwrap(), fs::read(&victim).unwrap()),
            (b"ours".into(), b"theirs".into())
        );
    }
}
