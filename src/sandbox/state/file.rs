//! The state file: a first line that names the beginning, then one change a line.
//!
//! Several processes share it: a `sandbox serve`, and commands with the sandbox inside. Each request takes the
//! lock beside the file, reads what others have added, and adds its own changes in one write. A process that
//! dies in the middle of that leaves half a line, which the next one cuts off. A file that is begun anew is
//! another file put in its place, so it is opened for each request and known by the mark in its first line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lock::{Locked, io_error, open_lock};
use super::seed::Seed;
use super::world::{Change, World};
use crate::files::{FileError, atomic, guard};
use crate::sandbox::error::{Corrupt, SandboxError, StateError};
use crate::sandbox::token;

/// The first line. Its first bytes hold `mark`, which differs in every new file.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "socialchatSandbox")]
    version: u32,
    mark: String,
    seed: Seed,
    /// In a file that was rewritten, all channels stand in it, and the numbers below this are used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

const VERSION: u32 = 1;
/// As many bytes of the first line as surely hold the mark.
const MARKED: usize = 64;
/// Changes beyond what is needed that make it worth writing the file anew.
const WORTH: usize = 4096;

/// The state, kept in step with its file.
pub struct Store {
    path: PathBuf,
    lock: Arc<File>,
    world: World,
    /// The beginning of the file that `world` was read from, how far, and how many lines.
    mark: Vec<u8>,
    read: u64,
    lines: usize,
}

/// One request's turn with the state: what it changes is written when it is over.
pub struct Turn<'a> {
    world: &'a mut World,
    lines: String,
    count: usize,
}

impl Turn<'_> {
    /// The state as it is, own changes included.
    pub fn world(&self) -> &World {
        self.world
    }

    /// Makes a change.
    pub fn apply(&mut self, change: Change) -> Result<(), SandboxError> {
        self.lines += &serde_json::to_string(&change).map_err(SandboxError::Encode)?;
        self.lines.push('\n');
        self.count += 1;
        self.world.apply(change);
        Ok(())
    }
}

/// Begins anew, whatever the file holds.
pub fn reset(path: &Path, seed: &Seed) -> Result<(), SandboxError> {
    let lock = open_lock(path)?;
    let _locked = Locked::take(&lock, path)?;
    replace(path, &head(seed, None)?)
}

impl Store {
    /// Opens the state, or begins it with `seed`. A file that holds something else is an error.
    pub fn open(path: &Path, seed: &Seed) -> Result<Store, SandboxError> {
        let lock = Arc::new(open_lock(path)?);
        let _locked = Locked::take(&lock, path)?;
        let (path_kept, lock) = (path.to_owned(), Arc::clone(&lock));
        let mut store =
            Store { path: path_kept, lock, world: World::default(), mark: Vec::new(), read: 0, lines: 0 };
        if fs::metadata(path).map_or(true, |meta| meta.len() == 0) {
            replace(path, &head(seed, None)?)?;
        }
        store.catch_up()?;
        if store.lines > WORTH + 2 * store.world.channel_count() {
            store.rewrite()?;
        }
        Ok(store)
    }

    /// Makes it so that this many generated pages of each kind exist. Channels stay.
    pub fn set_pages(&mut self, count: usize) -> Result<(), SandboxError> {
        self.turn(|turn| match turn.world().seed.pages {
            Some(pages) if pages == count => Ok(()),
            _ => turn.apply(Change::Pages(count)),
        })
    }

    /// Does one piece of work on the state as it is now, in all processes.
    pub fn turn<R, E: From<SandboxError>>(
        &mut self,
        work: impl FnOnce(&mut Turn<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let lock = Arc::clone(&self.lock);
        let _locked = Locked::take(&lock, &self.path)?;
        let mut file = self.catch_up()?;
        let mut turn = Turn { world: &mut self.world, lines: String::new(), count: 0 };
        let result = work(&mut turn);
        let (lines, count) = (turn.lines, turn.count);
        if !lines.is_empty() {
            // What is in memory is only true once it is written: until then, nothing was read.
            let mark = std::mem::take(&mut self.mark);
            append(&mut file, self.read, &lines).map_err(|error| io_error(&self.path, error))?;
            self.mark = mark;
            self.read += lines.len() as u64;
            self.lines += count;
        }
        result
    }

    /// Reads what is new. The lock must be held.
    fn catch_up(&mut self) -> Result<File, SandboxError> {
        let mut file = match self.open_file() {
            Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                // Deleted while we run: the person wants a fresh one.
                replace(&self.path, &head(&self.world.seed, None)?)?;
                self.open_file()
            }
            other => other,
        }?;
        let length = file.metadata().map_err(|error| io_error(&self.path, error))?.len();
        let mut mark = Vec::with_capacity(MARKED);
        (&file).take(MARKED as u64).read_to_end(&mut mark).map_err(|error| io_error(&self.path, error))?;
        if mark != self.mark || length < self.read {
            (self.mark, self.read, self.lines) = (Vec::new(), 0, 0);
        }
        if length > self.read {
            let mut new = Vec::new();
            file.seek(SeekFrom::Start(self.read)).map_err(|error| io_error(&self.path, error))?;
            file.read_to_end(&mut new).map_err(|error| io_error(&self.path, error))?;
            self.take_in(&new)?;
        }
        self.mark = mark;
        Ok(file)
    }

    fn open_file(&self) -> Result<File, FileError> {
        guard::open_with(&self.path, OpenOptions::new().read(true).write(true))
    }

    /// Takes in every line that is complete.
    fn take_in(&mut self, new: &[u8]) -> Result<(), SandboxError> {
        let complete = new.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        if complete == 0 && self.read == 0 {
            return Err(self.corrupt(1, Corrupt::NoState(None)));
        }
        for line in new[..complete].split_inclusive(|&byte| byte == b'\n') {
            let number = self.lines + 1;
            let line_text = &line[..line.len() - 1];
            if number == 1 {
                self.world = self.begin(line_text)?;
            } else {
                let change = serde_json::from_slice(line_text)
                    .map_err(|error| self.corrupt(number, Corrupt::Line(error.to_string())))?;
                self.world.apply(change);
            }
            self.lines = number;
            self.read += line.len() as u64;
        }
        Ok(())
    }

    fn begin(&self, line: &[u8]) -> Result<World, SandboxError> {
        let head: Head = serde_json::from_slice(line)
            .map_err(|error| self.corrupt(1, Corrupt::NoState(Some(error.to_string()))))?;
        if head.version != VERSION {
            return Err(self.corrupt(1, Corrupt::Version(head.version.to_string())));
        }
        Ok(match head.next {
            Some(next) => World::empty(head.seed, next),
            None => World::new(head.seed),
        })
    }

    /// Writes a shorter file that says the same.
    fn rewrite(&mut self) -> Result<(), SandboxError> {
        let mut text = head(&self.world.seed, Some(self.world.next()))?;
        for change in self.world.as_changes() {
            text += &serde_json::to_string(&change).map_err(SandboxError::Encode)?;
            text.push('\n');
        }
        replace(&self.path, &text)?;
        self.mark = Vec::new();
        self.catch_up().map(drop)
    }

    fn corrupt(&self, line: usize, why: Corrupt) -> SandboxError {
        StateError::Corrupt { path: self.path.clone(), line, why }.into()
    }
}

fn head(seed: &Seed, next: Option<u64>) -> Result<String, SandboxError> {
    let head = Head { version: VERSION, mark: token::nonce()?, seed: seed.clone(), next };
    Ok(serde_json::to_string(&head).map_err(SandboxError::Encode)? + "\n")
}

/// Adds the lines where the last complete one ends: half a line behind it is nobody's.
fn append(file: &mut File, end: u64, lines: &str) -> io::Result<()> {
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(lines.as_bytes())
}

/// Puts a new file in the place of the old one, in one step. The lock must be held.
fn replace(path: &Path, text: &str) -> Result<(), SandboxError> {
    atomic::remove_leftover(path)?;
    Ok(atomic::replace(path, text.as_bytes())?)
}
