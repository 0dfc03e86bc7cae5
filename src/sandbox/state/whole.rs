//! A state file that holds one platform's state as a whole: a line that tells this writing of it from every other, then
//! the state on the next.
//!
//! Several processes share it. Each request takes the lock beside the file, reads the file where the first line is not
//! the one it knows, and puts another file in its place where it changed something.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::lock::{Locked, io_error, open_lock};
use crate::files::{FileError, atomic, guard};
use crate::sandbox::error::{Corrupt, SandboxError, StateError};
use crate::sandbox::site::Turn;
use crate::sandbox::token;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "socialchatSandbox")]
    version: u32,
    /// Differs with every writing.
    mark: String,
    platform: String,
}

const VERSION: u32 = 1;
/// More bytes than a first line has.
const LONGEST_HEAD: u64 = 256;

/// The state of one platform, kept in step with its file.
pub struct Whole<W> {
    path: PathBuf,
    platform: &'static str,
    lock: Arc<File>,
    /// What the file held when it was last read or written, and its first line then.
    known: Option<(String, W)>,
    begin: Box<dyn Fn() -> W + Send + Sync>,
}

impl<W: Serialize + DeserializeOwned> Whole<W> {
    /// Opens the state, or begins it. A file that holds something else is an error.
    pub fn open(
        path: &Path,
        platform: &'static str,
        begin: impl Fn() -> W + Send + Sync + 'static,
    ) -> Result<Whole<W>, SandboxError> {
        let mut whole = Whole::unread(path, platform, begin)?;
        whole.turn(|_| ())?;
        Ok(whole)
    }

    /// Begins anew, whatever the file holds.
    pub fn reset(
        path: &Path,
        platform: &'static str,
        begin: impl Fn() -> W + Send + Sync + 'static,
    ) -> Result<(), SandboxError> {
        let whole = Whole::unread(path, platform, begin)?;
        let _locked = Locked::take(&whole.lock, path)?;
        whole.write(&(whole.begin)()).map(drop)
    }

    fn unread(
        path: &Path,
        platform: &'static str,
        begin: impl Fn() -> W + Send + Sync + 'static,
    ) -> Result<Whole<W>, SandboxError> {
        let lock = Arc::new(open_lock(path)?);
        Ok(Whole { path: path.to_owned(), platform, lock, known: None, begin: Box::new(begin) })
    }

    /// Does one piece of work on the state as it is now, in all processes.
    pub fn turn<R>(&mut self, work: impl FnOnce(&mut Turn<W>) -> R) -> Result<R, SandboxError> {
        let lock = Arc::clone(&self.lock);
        let _locked = Locked::take(&lock, &self.path)?;
        let (mut head, world) = self.current()?;
        let mut turn = Turn::new(world);
        let result = work(&mut turn);
        let is_changed = turn.is_changed();
        let world = turn.end();
        if is_changed {
            // What is in memory is only true once it is written: until then, nothing is known.
            head = self.write(&world)?;
        }
        self.known = Some((head, world));
        Ok(result)
    }

    /// The state of the file and its first line, taken out of memory where they are there. The lock must be held.
    fn current(&mut self) -> Result<(String, W), SandboxError> {
        let known = self.known.take();
        let file = match guard::open_with(&self.path, OpenOptions::new().read(true)) {
            Ok(file) => file,
            Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return self.begun();
            }
            Err(error) => return Err(error.into()),
        };
        let (mut file, mut head) = (BufReader::new(file), String::new());
        let read = file.by_ref().take(LONGEST_HEAD).read_line(&mut head);
        match read {
            Ok(0) => return self.begun(),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(self.corrupt(1, Corrupt::NoState(None)));
            }
            Err(error) => return Err(io_error(&self.path, error)),
        }
        match known {
            Some((known, world)) if known == head => return Ok((head, world)),
            _ => self.check(&head)?,
        }
        // Reading it piece by piece takes serde_json many times as long.
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|error| io_error(&self.path, error))?;
        let world = serde_json::from_slice(&text)
            .map_err(|error| self.corrupt(2, Corrupt::Line(error.to_string())))?;
        Ok((head, world))
    }

    fn begun(&self) -> Result<(String, W), SandboxError> {
        let world = (self.begin)();
        Ok((self.write(&world)?, world))
    }

    fn check(&self, head: &str) -> Result<(), SandboxError> {
        let read: Head = serde_json::from_str(head)
            .map_err(|error| self.corrupt(1, Corrupt::NoState(Some(error.to_string()))))?;
        if read.version != VERSION {
            return Err(self.corrupt(1, Corrupt::Version(read.version.to_string())));
        }
        if read.platform != self.platform {
            return Err(self.corrupt(1, Corrupt::NoState(None)));
        }
        Ok(())
    }

    /// Puts a new file in the place of the old one, in one step, and gives its first line. The lock must be held.
    fn write(&self, world: &W) -> Result<String, SandboxError> {
        let head = Head { version: VERSION, mark: token::nonce()?, platform: self.platform.to_owned() };
        let head = serde_json::to_string(&head).map_err(SandboxError::Encode)? + "\n";
        let mut text = head.clone().into_bytes();
        serde_json::to_writer(&mut text, world).map_err(SandboxError::Encode)?;
        text.push(b'\n');
        atomic::remove_leftover(&self.path)?;
        atomic::replace(&self.path, &text)?;
        Ok(head)
    }

    fn corrupt(&self, line: usize, why: Corrupt) -> SandboxError {
        StateError::Corrupt { path: self.path.clone(), line, why }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &tempfile::TempDir, begin: u32) -> Result<Whole<u32>, SandboxError> {
        Whole::open(&folder.path().join("state"), "qontak", move || begin)
    }

    fn count_up(whole: &mut Whole<u32>) -> u32 {
        let turn = |turn: &mut Turn<u32>| {
            *turn.change() += 1;
            *turn.world()
        };
        whole.turn(turn).unwrap()
    }

    #[test]
    fn two_that_share_a_file_see_each_others_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (open(&folder, 7).unwrap(), open(&folder, 0).unwrap());
        assert_eq!([count_up(&mut one), count_up(&mut other), count_up(&mut one)], [8, 9, 10]);
        let written = std::fs::read(folder.path().join("state")).unwrap();
        assert_eq!(other.turn(|turn| *turn.world()).unwrap(), 10);
        assert_eq!(std::fs::read(folder.path().join("state")).unwrap(), written, "looking writes nothing");
        Whole::reset(&folder.path().join("state"), "qontak", || 3).unwrap();
        assert_eq!([count_up(&mut one), count_up(&mut other)], [4, 5]);
        std::fs::remove_file(folder.path().join("state")).unwrap();
        assert_eq!(count_up(&mut one), 8, "deleted while we run: as it began");
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        open(&folder, 1).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        let head = whole.lines().next().unwrap();
        for (text, line) in [
            ("a letter".to_owned(), 1),
            ("{}\n1\n".to_owned(), 1),
            ("\u{e9}".repeat(300), 1),
            (whole.replace("qontak", "10darts"), 1),
            (whole.replace(":1,", ":2,"), 1),
            (format!("{head}\n"), 2),
            (format!("{head}\n\"x\"\n"), 2),
        ] {
            std::fs::write(&path, &text).unwrap();
            let error = open(&folder, 1).map(drop).unwrap_err();
            let is_named =
                matches!(&error, SandboxError::State(StateError::Corrupt { line: at, .. }) if *at == line);
            assert!(is_named, "{text:?}: {error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn what_could_not_be_written_is_not_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let mut whole = open(&folder, 1).unwrap();
        std::fs::create_dir(folder.path().join(".state.new")).unwrap();
        let error = whole.turn(|turn| *turn.change() = 5).unwrap_err();
        assert!(matches!(error, SandboxError::State(_)), "{error}");
        assert_eq!(whole.turn(|turn| *turn.world()).unwrap(), 1);
    }
}
