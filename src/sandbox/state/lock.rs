//! The lock beside a state file: the processes that share it work on it one after another.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use crate::files::guard;
use crate::sandbox::error::{SandboxError, StateError};

/// The lock stands beside the state, since the state itself is replaced now and then.
pub fn open_lock(path: &Path) -> Result<File, SandboxError> {
    path.parent().map_or(Ok(()), guard::make_folder)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    // Through a link, somebody else's file would be made or changed.
    guard::refuse_link(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    Ok(guard::open_with(Path::new(&name), &mut options)?)
}

/// The lock, held.
pub struct Locked<'a>(&'a File);

impl<'a> Locked<'a> {
    pub fn take(file: &'a File, path: &Path) -> Result<Locked<'a>, SandboxError> {
        file.lock().map_err(|error| io_error(path, error))?;
        Ok(Locked(file))
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

pub fn io_error(path: &Path, source: io::Error) -> SandboxError {
    StateError::Io { path: path.to_owned(), source }.into()
}
