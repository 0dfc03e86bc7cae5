//! What the sandbox remembers, and the file in which it does.

mod channel;
mod file;
mod world;

pub use channel::{Channel, ChannelType, Details};
pub use file::{Store, Turn, reset};
pub use world::{Change, Grant, Settings, Ticked, World};

use std::io;
use std::path::PathBuf;

/// Why the state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file system refused.
    #[error("the sandbox's state {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// A symbolic link stands where the file belongs.
    #[error("the sandbox's state {path} is a symbolic link: none is followed here, remove it")]
    Link { path: PathBuf },
    /// The file holds something else. It is left as it is.
    #[error("line {line} of the sandbox's state {path} can't be read: {why}")]
    Corrupt { path: PathBuf, line: usize, why: String },
}
