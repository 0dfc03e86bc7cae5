//! The record of a bulk run: what was begun and what is done, so that an interrupted run can go on.
//!
//! A file of JSON lines, mode 0600, one for each profile and job. Lines are only added, each in one write: what a
//! killed process has written stays readable. A line that a power cut or a full disk tore is cut off before others are
//! added, and one that can't be read is passed over: what it said is looked at again. It holds no token.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Folders, ProfileName};
use crate::files::atomic::Locked;
use crate::files::{Access, FileError, guard, passes_on_files};
use crate::types::{ChannelDbId, time};

/// The longest first line: the `_id`s of two million channels.
const LONGEST_HEAD: usize = 64 << 20;
/// The longest of the others.
const LONGEST_LINE: usize = 4 << 10;

/// A run that is being recorded. Others of the same profile and job are refused while it lives.
#[derive(Debug)]
pub struct RunRecord {
    lock: Locked,
    file: Option<File>,
    unfinished: Option<Unfinished>,
    damage: Option<RunError>,
    /// Where the last whole line ends.
    end: u64,
    /// Lines that found no room, and whether that was said.
    unwritten: Vec<u8>,
    unwritten_done: usize,
    trouble_was_told: bool,
}

/// What an earlier run left.
#[derive(Debug, Default)]
pub struct Unfinished {
    /// The API it ran on.
    pub api_url: String,
    /// When it began: RFC 3339, UTC.
    pub begun: String,
    /// What it was to do, in its order.
    pub targets: Vec<ChannelDbId>,
    /// What became of each: those that aren't in here were not begun.
    pub steps: HashMap<ChannelDbId, Step>,
    /// How many lines could not be read.
    pub unreadable: usize,
}

/// How far one of them came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "step")]
pub enum Step {
    /// The request may have been sent. `updated_at` is what the channel said before.
    Begun {
        #[serde(rename = "updatedAt")]
        updated_at: Option<String>,
    },
    /// It was carried out.
    Done,
    /// It failed.
    Failed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_url: String,
    begun: String,
    targets: Vec<ChannelDbId>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: ChannelDbId,
    #[serde(flatten)]
    step: Step,
}

/// A record that can't be used.
#[derive(Debug)]
pub enum RunError {
    File(FileError),
    /// Its first line, with the channels of the run, is damaged.
    Corrupt {
        path: PathBuf,
    },
    /// Somebody removed it meanwhile.
    Gone {
        path: PathBuf,
    },
}

passes_on_files!(RunError);

impl RunRecord {
    /// The record of a job (`reconnect.messenger`), with what an earlier run left in it. Refuses with
    /// [`FileError::Busy`] while another run has it. One that can't be read is no failure before somebody wants to go
    /// on with it: see [`RunRecord::damage`].
    pub fn open(folders: &Folders, profile: &ProfileName, job: &str) -> Result<Self, RunError> {
        let path = folders.state().join("runs").join(format!("{}.{job}.jsonl", profile.file_stem()));
        let lock = Locked::take(path.clone(), std::time::Duration::ZERO)?;
        let (unfinished, damage, end) = match read(&path) {
            Ok((unfinished, end)) => (unfinished, None, end),
            Err(error) => (None, Some(error), 0),
        };
        let (file, unwritten) = (None, Vec::new());
        Ok(RunRecord {
            lock,
            file,
            unfinished,
            damage,
            end,
            unwritten,
            unwritten_done: 0,
            trouble_was_told: false,
        })
    }

    /// What an earlier run left.
    pub fn unfinished(&self) -> Option<&Unfinished> {
        self.unfinished.as_ref()
    }

    /// Why it can't be known what an earlier run left.
    pub fn damage(&mut self) -> Option<RunError> {
        self.damage.take()
    }

    /// Begins a new run: whatever stood in the record is replaced.
    pub fn begin(&mut self, api_url: &str, targets: Vec<ChannelDbId>) -> Result<(), RunError> {
        let head = line(
            &Head { api_url: api_url.to_owned(), begun: time::to_the_second(time::now()), targets },
            self.lock.path(),
        )?;
        self.lock.replace(&head)?;
        self.end = head.len() as u64;
        self.go_on()
    }

    /// Adds to what stands in the record, behind its last whole line.
    pub fn go_on(&mut self) -> Result<(), RunError> {
        let path = self.lock.path();
        let mut options = OpenOptions::new();
        options.append(true);
        let file = guard::open_with(path, &mut options)?;
        file.set_len(self.end).map_err(FileError::io(Access::Write, path))?;
        self.file = Some(file);
        Ok(())
    }

    /// Notes how far one of them came. It is in the system's hands when this returns: a kill doesn't lose it.
    ///
    /// What finds no room is kept, and written with what comes later. Fails at the first that can't be written, and
    /// not again: [`RunRecord::close`] tells how many there are in the end.
    pub fn note(&mut self, id: &ChannelDbId, step: Step) -> Result<(), RunError> {
        if self.file.is_none() {
            return Ok(());
        }
        self.unwritten_done += usize::from(step == Step::Done);
        self.unwritten.extend(line(&Line { id: id.clone(), step }, self.lock.path())?);
        match self.write() {
            Err(_) if std::mem::replace(&mut self.trouble_was_told, true) => Ok(()),
            outcome => outcome,
        }
    }

    /// Everything is done: nothing is left to go on with.
    pub fn finish(self) -> Result<(), RunError> {
        Ok(self.lock.remove()?)
    }

    /// Something is left to go on with. Gives how many of those that are done the record doesn't tell; fails where
    /// it has gone.
    pub fn close(mut self) -> Result<usize, RunError> {
        let path = self.lock.path();
        if self.file.is_some() && guard::open(path)?.is_none() {
            return Err(RunError::Gone { path: path.to_owned() });
        }
        // What can't be written now either is what the answer counts.
        let _ = self.write();
        Ok(self.unwritten_done)
    }

    fn write(&mut self) -> Result<(), RunError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        if let Err(source) = file.write_all(&self.unwritten) {
            // A part may stand there. Where it can't be cut off, it is a line that can't be read.
            let _ = file.set_len(self.end);
            return Err(FileError::io(Access::Write, self.lock.path())(source).into());
        }
        self.end += self.unwritten.len() as u64;
        self.unwritten.clear();
        self.unwritten_done = 0;
        Ok(())
    }
}

fn line(value: &impl Serialize, path: &Path) -> Result<Vec<u8>, FileError> {
    let mut line =
        serde_json::to_vec(value).map_err(|error| FileError::io(Access::Write, path)(error.into()))?;
    line.push(b'\n');
    Ok(line)
}

/// What an earlier run left in its record, and where the last whole line ends.
fn read(path: &Path) -> Result<(Option<Unfinished>, u64), RunError> {
    let Some(file) = guard::open(path)? else { return Ok((None, 0)) };
    match parse(&mut BufReader::new(file)).map_err(FileError::io(Access::Read, path))? {
        Some((unfinished, end)) => Ok((unfinished, end)),
        None => Err(RunError::Corrupt { path: path.to_owned() }),
    }
}

/// Reads a record line by line, whatever its size; nothing where its first line can't be read. A last line without its
/// end was torn, and doesn't count.
fn parse(reader: &mut impl BufRead) -> io::Result<Option<(Option<Unfinished>, u64)>> {
    let mut text = Vec::new();
    let mut end = match next_line(reader, LONGEST_HEAD, &mut text)? {
        Some(length) => length,
        None if text.is_empty() => return Ok(Some((None, 0))),
        None => return Ok(None),
    };
    let Ok(head) = serde_json::from_slice::<Head>(&text) else { return Ok(None) };
    let mut steps: HashMap<ChannelDbId, Option<Step>> =
        head.targets.iter().map(|id| (id.clone(), None)).collect();
    let mut unreadable = 0;
    while let Some(length) = next_line(reader, LONGEST_LINE, &mut text)? {
        end += length;
        match serde_json::from_slice::<Line>(&text) {
            // Of others, which were done beside it, nothing has to be known.
            Ok(line) => drop(steps.get_mut(&line.id).map(|step| step.replace(line.step))),
            Err(_) => unreadable += 1,
        }
    }
    let steps = steps.into_iter().filter_map(|(id, step)| Some((id, step?))).collect();
    let Head { api_url, begun, targets } = head;
    Ok(Some((Some(Unfinished { api_url, begun, targets, steps, unreadable }), end)))
}

/// The next line without its end, and its length with it; none where it has no end. What is beyond `longest` is left
/// out.
fn next_line(reader: &mut impl BufRead, longest: usize, text: &mut Vec<u8>) -> io::Result<Option<u64>> {
    text.clear();
    let mut length = 0;
    loop {
        let found = reader.fill_buf()?;
        if found.is_empty() {
            return Ok(None);
        }
        let line_end = found.iter().position(|byte| *byte == b'\n');
        let part = &found[..line_end.unwrap_or(found.len())];
        text.extend(&part[..part.len().min(longest.saturating_sub(text.len()))]);
        let used = part.len() + usize::from(line_end.is_some());
        reader.consume(used);
        length += used as u64;
        if line_end.is_some() {
            return Ok(Some(length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(text: &str) -> ChannelDbId {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_noted_is_found_again_and_a_finished_run_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        let profile = ProfileName::default();
        let open = || RunRecord::open(&folders, &profile, "reconnect.messenger").unwrap();
        let mut record = open();
        assert!(record.unfinished().is_none());
        record.begin("https://api", vec![id("a"), id("b"), id("c")]).unwrap();
        record.note(&id("a"), Step::Begun { updated_at: Some("t".into()) }).unwrap();
        record.note(&id("a"), Step::Done).unwrap();
        record.note(&id("b"), Step::Begun { updated_at: None }).unwrap();
        assert!(
            matches!(
                RunRecord::open(&folders, &profile, "reconnect.messenger"),
                Err(RunError::File(FileError::Busy { .. }))
            ),
            "two runs of the same job"
        );
        drop(record);
        let record = open();
        let left = record.unfinished().unwrap();
        assert_eq!(left.targets.len(), 3);
        assert_eq!(left.steps[&id("a")], Step::Done);
        assert_eq!(left.steps[&id("b")], Step::Begun { updated_at: None });
        record.finish().unwrap();
        assert!(open().unfinished().is_none());
    }

    fn parsed(text: &str) -> Option<(Option<Unfinished>, u64)> {
        parse(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn a_torn_last_line_does_not_count_and_one_that_cannot_be_read_is_counted() {
        let head = r#"{"apiUrl":"u","begun":"b","targets":["a"]}"#;
        let left = |text: &str| {
            let (left, end) = parsed(text).unwrap();
            (left.unwrap(), end as usize)
        };
        let (torn, end) = left(&format!("{head}\n{{\"id\":\"a\",\"st"));
        assert!(torn.steps.is_empty() && torn.unreadable == 0 && end == head.len() + 1);
        let damaged = format!("{head}\nnonsense\n{{\"id\":\"a\",\"step\":\"done\"}}\n");
        let (damaged, end) = (left(&damaged).0, damaged.len());
        assert_eq!((damaged.unreadable, damaged.steps[&id("a")].clone(), end), (1, Step::Done, end));
        assert!(parsed("nonsense\n").is_none() && parsed("{").is_none());
        assert!(parsed("").unwrap().0.is_none());
    }

    #[test]
    fn a_line_is_cut_at_the_longest_and_the_next_one_is_found() {
        let mut reader = BufReader::with_capacity(3, &b"abcdefgh\nij\nk"[..]);
        let mut text = Vec::new();
        let mut next = || {
            let length = next_line(&mut reader, 5, &mut text).unwrap();
            (length, String::from_utf8(text.clone()).unwrap())
        };
        assert_eq!(next(), (Some(9), "abcde".into()));
        assert_eq!(next(), (Some(3), "ij".into()));
        assert_eq!(next(), (None, "k".into()));
    }

    proptest! {
        #[test]
        fn no_record_breaks_the_reader(text in ".{0,300}") {
            let _ = parsed(&text);
        }
    }
}
