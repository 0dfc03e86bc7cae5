//! The record of a bulk run: what was begun and what is done, so that an interrupted run can go on.
//!
//! A file of JSON lines, mode 0600, one for each profile and job. Lines are only added, each in one write: what a
//! killed process has written stays readable, but for a last line that was cut. It holds no token.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::atomic::Locked;
use super::{FileError, Folders, ProfileName, guard, time};
use crate::types::ChannelDbId;

/// A run that is being recorded. Others of the same profile and job are refused while it lives.
#[derive(Debug)]
pub struct RunRecord {
    lock: Locked,
    file: Option<File>,
    unfinished: Option<Unfinished>,
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
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    File(#[from] FileError),
    /// It is damaged. It is never removed unread.
    #[error("{}:{line}: the record of an earlier run is damaged: remove the file to begin anew", path.display())]
    Corrupt { path: PathBuf, line: usize },
}

impl RunRecord {
    /// The record of a job (`reconnect.messenger`), with what an earlier run left in it. Refuses with
    /// [`FileError::Busy`] while another run has it.
    pub fn open(folders: &Folders, profile: &ProfileName, job: &str) -> Result<Self, RunError> {
        let path = folders.state().join("runs").join(format!("{}.{job}.jsonl", profile.file_stem()));
        let lock = Locked::take(path.clone(), std::time::Duration::ZERO)?;
        let unfinished = match guard::read(&path)? {
            Some(text) => Some(parse(&text).map_err(|line| RunError::Corrupt { path, line })?),
            None => None,
        };
        Ok(RunRecord { lock, file: None, unfinished })
    }

    /// What an earlier run left.
    pub fn unfinished(&self) -> Option<&Unfinished> {
        self.unfinished.as_ref()
    }

    /// Begins anew: whatever stood in the record is replaced.
    pub fn begin(&mut self, api_url: &str, targets: Vec<ChannelDbId>) -> Result<(), RunError> {
        let head = Head { api_url: api_url.to_owned(), begun: time::now(), targets };
        self.lock.replace(&line(&head, self.lock.path())?)?;
        self.go_on()
    }

    /// Adds to what stands in the record.
    pub fn go_on(&mut self) -> Result<(), RunError> {
        let path = self.lock.path();
        let mut options = OpenOptions::new();
        options.append(true);
        self.file = Some(guard::open_with(path, &mut options)?);
        Ok(())
    }

    /// Notes how far one of them came. It is in the system's hands when this returns: a kill doesn't lose it.
    pub fn note(&mut self, id: &ChannelDbId, step: Step) -> Result<(), RunError> {
        let path = self.lock.path();
        let line = line(&Line { id: id.clone(), step }, path)?;
        let Some(file) = &mut self.file else { return Ok(()) };
        Ok(file.write_all(&line).map_err(FileError::io("write", path))?)
    }

    /// Everything is done: nothing is left to go on with.
    pub fn finish(self) -> Result<(), RunError> {
        Ok(self.lock.remove()?)
    }
}

fn line(value: &impl Serialize, path: &std::path::Path) -> Result<Vec<u8>, FileError> {
    let mut line = serde_json::to_vec(value).map_err(|error| FileError::io("write", path)(error.into()))?;
    line.push(b'\n');
    Ok(line)
}

/// Reads a record; a last line without its end was cut by a kill and doesn't count. Fails with the number of a line
/// that can't be read.
fn parse(text: &str) -> Result<Unfinished, usize> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let mut lines = whole.lines().enumerate();
    let Some((_, first)) = lines.next() else { return Ok(Unfinished::default()) };
    let head: Head = serde_json::from_str(first).map_err(|_| 1usize)?;
    let mut steps = HashMap::new();
    for (index, line) in lines {
        let line: Line = serde_json::from_str(line).map_err(|_| index + 1)?;
        steps.insert(line.id, line.step);
    }
    Ok(Unfinished { api_url: head.api_url, begun: head.begun, targets: head.targets, steps })
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

    #[test]
    fn a_cut_last_line_does_not_count_and_a_damaged_one_is_named() {
        let head = r#"{"apiUrl":"u","begun":"b","targets":["a"]}"#;
        assert!(parse(&format!("{head}\n{{\"id\":\"a\",\"st")).unwrap().steps.is_empty());
        assert_eq!(parse(&format!("{head}\nnonsense\n")).unwrap_err(), 2);
        assert_eq!(parse("nonsense\n").unwrap_err(), 1);
        assert!(parse("").unwrap().targets.is_empty());
    }

    proptest! {
        #[test]
        fn no_record_breaks_the_reader(text in ".{0,300}") {
            let _ = parse(&text);
        }
    }
}
