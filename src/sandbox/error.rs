//! Why a sandbox can't do what it was asked.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::files::FileError;
use crate::types::SignInKind;

/// Why the sandbox could not do what it was asked.
#[derive(Debug)]
pub enum SandboxError {
    /// The port is taken, say.
    Listen { port: u16, source: io::Error },
    /// No threads, say.
    Start(io::Error),
    /// The state file.
    State(StateError),
    /// Nobody said where a sign-in leads back to.
    NoCallback(SignInKind),
    /// The dialog of a sign-in that nobody began, or that is over.
    NoDialog,
    /// The system has no random numbers.
    Random(String),
    /// A change that can't be written down.
    Encode(serde_json::Error),
}

/// Why the state could not be read or written.
#[derive(Debug)]
pub enum StateError {
    /// The file system refused.
    Io { path: PathBuf, source: io::Error },
    /// A symbolic link stands where the file belongs.
    Link { path: PathBuf },
    /// Whatever else is wrong with it as a file.
    File(FileError),
    /// The file holds something else. It is left as it is.
    Corrupt { path: PathBuf, line: usize, why: Corrupt },
}

/// What is wrong in the state file.
#[derive(Debug)]
pub enum Corrupt {
    /// It is no state of a sandbox, as far as its begin shows; in the words of the JSON parser.
    NoState(Option<String>),
    /// It was written by another version.
    Version(String),
    /// A line, in the words of the JSON parser.
    Line(String),
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SandboxError::Listen { source, .. } | SandboxError::Start(source) => Some(source),
            SandboxError::State(StateError::Io { source, .. }) => Some(source),
            SandboxError::State(StateError::File(error)) => error.source(),
            SandboxError::Encode(error) => Some(error),
            SandboxError::State(StateError::Link { .. } | StateError::Corrupt { .. })
            | SandboxError::NoCallback(_)
            | SandboxError::NoDialog
            | SandboxError::Random(_) => None,
        }
    }
}

impl From<StateError> for SandboxError {
    fn from(error: StateError) -> Self {
        SandboxError::State(error)
    }
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
