//! What the sandbox remembers, and the file in which it does.

mod channel;
mod file;
mod world;

pub use channel::{Channel, Details};
pub use file::{Store, Turn, reset};
pub use world::{Change, Grant, Settings, Ticked, World};

use std::io;
use std::path::PathBuf;

use super::SandboxError;
use crate::files::FileError;

/// Why the state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file system refused.
    #[error("the sandbox's state {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// A symbolic link stands where the file belongs.
    #[error("the sandbox's state {path} is a symbolic link: none is followed here, remove it")]
    Link { path: PathBuf },
    /// Whatever else is wrong with it as a file.
    #[error("the sandbox's state: {0}")]
    File(FileError),
    /// The file holds something else. It is left as it is.
    #[error("line {line} of the sandbox's state {path} can't be read: {why}")]
    Corrupt { path: PathBuf, line: usize, why: String },
}

impl From<FileError> for SandboxError {
    fn from(error: FileError) -> Self {
        SandboxError::State(match error {
            FileError::Io { path, source, .. } => StateError::Io { path, source },
            FileError::Symlink { path } => StateError::Link { path },
            other => StateError::File(other),
        })
    }
}
