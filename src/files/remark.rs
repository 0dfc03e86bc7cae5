//! What the person should hear about, although the work went on.

use std::path::PathBuf;

/// Something found about our files that isn't an error. Keys come from a file, so they pass through the terminal's text
/// filter like any other text from outside.
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
