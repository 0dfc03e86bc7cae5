//! What the person should hear about, although the work went on.

use std::fmt;
use std::path::PathBuf;

/// Something found about our files that isn't an error. `Display` says it in one sentence; keys come from a file,
/// so pass it through the terminal's text filter like any other text from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix has modes and owners to remark on"))]
pub enum Remark {
    /// Others could read a file with secrets; whether that could be ended.
    ReadableByOthers { path: PathBuf, mode: u32, tightened: bool },
    /// A file with secrets belongs to somebody else, who can change it.
    OwnedByAnother { path: PathBuf, uid: u32 },
    /// Our folder belongs to somebody else, who can replace every file in it.
    FolderOfAnother { path: PathBuf, uid: u32 },
    /// Others can put files into our folder.
    FolderWritable { path: PathBuf, mode: u32 },
    /// The configuration has a key that means nothing here: a misspelling, or from a later version.
    UnknownKey { path: PathBuf, line: usize, key: String },
    /// Credentials moved out of the keychain, but the old ones couldn't be removed from it.
    LeftInKeychain { entry: String, why: String },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::ReadableByOthers { path, mode, tightened: true } => write!(
                f,
                "{} could be read by others (mode {mode:04o}); it is 0600 now. Whoever else uses this machine may have seen the keys in it",
                path.display()
            ),
            Remark::ReadableByOthers { path, mode, tightened: false } => write!(
                f,
                "{} can be read by others (mode {mode:04o}), and that could not be changed",
                path.display()
            ),
            Remark::OwnedByAnother { path, uid } => {
                write!(f, "{} belongs to somebody else (user id {uid}), who can change it", path.display())
            }
            Remark::FolderOfAnother { path, uid } => write!(
                f,
                "{} belongs to somebody else (user id {uid}), who can replace the files in it: use a folder of your own",
                path.display()
            ),
            Remark::FolderWritable { path, mode } => write!(
                f,
                "others can write into {} (mode {mode:04o}), and so replace the files in it: make it 0700",
                path.display()
            ),
            Remark::UnknownKey { path, line, key } => {
                write!(f, "{}:{line}: nothing is called {key} here; it is ignored", path.display())
            }
            Remark::LeftInKeychain { entry, why } => {
                write!(f, "the earlier credentials are still in the keychain as {entry:?}: {why}")
            }
        }
    }
}
