//! What goes wrong with a file, whichever file it is.

use std::io;
use std::path::{Path, PathBuf};

/// A file or folder of ours that can't be used. Each names its path; the cause is its `source`.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has modes and owners to look at"))]
pub enum FileError {
    /// The operating system refused.
    Io { access: Access, path: PathBuf, source: io::Error },
    /// A symbolic link stands where one of our files belongs.
    Symlink { path: PathBuf },
    /// A folder, a pipe or a device stands where one of our files belongs.
    NotAFile { path: PathBuf },
    /// Somebody else made the folder, or can write into it.
    #[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has a folder that everybody can write into"))]
    Foreign { path: PathBuf },
    /// It belongs to somebody else.
    OfAnother { path: PathBuf, uid: u32 },
    /// Others can write into it.
    Writable { path: PathBuf, mode: u32 },
    /// No file of ours grows like that.
    TooBig { path: PathBuf, limit: u64 },
    /// It isn't UTF-8.
    NotText { path: PathBuf, line: usize, column: usize },
    /// Another process has locked it.
    Busy { path: PathBuf, pid: Option<u32> },
}

/// What was being done to a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    LookAt,
    Open,
    Read,
    Write,
    Remove,
    Lock,
    MakeFolder,
    ListFolder,
    /// To the disk, so that a file just renamed into the folder survives a power cut.
    SyncFolder,
}

/// Makes an error out of a type whose variant `File` passes on a [`FileError`]: what that says, and what stands behind it.
macro_rules! passes_on_files {
    ($error:ty) => {
        impl From<$crate::files::FileError> for $error {
            fn from(error: $crate::files::FileError) -> Self {
                Self::File(error)
            }
        }

        impl std::error::Error for $error {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                match self {
                    Self::File(error) => error.source(),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use passes_on_files;

impl FileError {
    /// For `map_err`: what was being done to which file.
    pub fn io(access: Access, path: &Path) -> impl FnOnce(io::Error) -> FileError {
        let path = path.to_owned();
        move |source| FileError::Io { access, path, source }
    }
}

/// Line and column, both counted from 1 and the column in characters, of a byte offset.
pub fn position(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "añb\nñx".as_bytes();
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 3), (1, 3));
        assert_eq!(position(text, 5), (2, 1));
        assert_eq!(position(text, 7), (2, 2));
        assert_eq!(position(text, 999), (2, 3));
    }
}
