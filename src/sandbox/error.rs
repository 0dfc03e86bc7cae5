//! Why a sandbox can't do what it was asked.

use std::io;
use std::path::PathBuf;

use crate::files::FileError;
use crate::types::SignInKind;

/// Why the sandbox could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, say.
    #[error("the sandbox can't listen on 127.0.0.1:{port}: {source}")]
    Listen { port: u16, source: io::Error },
    /// No threads, say.
    #[error("the sandbox can't start: {0}")]
    Start(io::Error),
    /// The state file.
    #[error(transparent)]
    State(#[from] StateError),
    /// Nobody said where a sign-in leads back to.
    #[error("the sandbox has no callback URL for {0}, so its sign-in leads nowhere")]
    NoCallback(SignInKind),
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// A change that can't be written down.
    #[error("the sandbox's state can't be written down: {0}")]
    Encode(serde_json::Error),
}

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
