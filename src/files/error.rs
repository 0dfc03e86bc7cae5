//! What goes wrong with a file, whichever file it is.

use std::io;
use std::path::{Path, PathBuf};

/// A file or folder of ours that can't be used. Each names its path; the cause is its `source`.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has modes and owners to look at"))]
pub enum FileError {
    /// The operating system refused.
    #[error("can't {doing} {}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    /// A symbolic link stands where one of our files belongs.
    #[error("{} is a symbolic link: none is followed here, put the file itself in its place", path.display())]
    Symlink { path: PathBuf },
    /// A folder, a pipe or a device stands where one of our files belongs.
    #[error("{} is not a regular file", path.display())]
    NotAFile { path: PathBuf },
    /// Somebody else made the folder, or can write into it.
    #[error("{} is not a folder of this user alone", path.display())]
    #[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has a folder that everybody can write into"))]
    Foreign { path: PathBuf },
    /// It belongs to somebody else.
    #[error("{} belongs to somebody else (user id {uid}), and so nothing in it is believed", path.display())]
    OfAnother { path: PathBuf, uid: u32 },
    /// Others can write into it.
    #[error("others can write into {} (mode {mode:04o}), and so nothing in it is believed", path.display())]
    Writable { path: PathBuf, mode: u32 },
    /// No file of ours grows like that.
    #[error("{} is larger than {limit} bytes: that is no file of this program", path.display())]
    TooBig { path: PathBuf, limit: u64 },
    /// It isn't UTF-8.
    #[error("{}:{line}:{column}: not UTF-8 text", path.display())]
    NotText { path: PathBuf, line: usize, column: usize },
    /// Another process has locked it.
    #[error("{} is in use by {}", path.display(), named(*pid))]
    Busy { path: PathBuf, pid: Option<u32> },
}

impl FileError {
    /// For `map_err`: what was being done to which file.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
        let path = path.to_owned();
        move |source| FileError::Io { doing, path, source }
    }
}

/// `process 4711`, or `another process` where its number isn't known.
pub fn named(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
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
