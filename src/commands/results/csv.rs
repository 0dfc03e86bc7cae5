//! `--failed-to FILE`: what is not done, as rows for a spreadsheet.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::word;
use crate::error::{Report, shared_reason};
use crate::failure::Doing;
use crate::files::put::{Readers, can_be_put, put};
use crate::flow::Done;
use crate::types::ChannelDbId;
use crate::ui::csv_line;

const HEADINGS: [&str; 7] = ["_id", "channelId", "name", "action", "code", "reason", "hint"];

/// Whether the file can be written, before anything is done that it is to tell of.
pub fn check(path: Option<&Path>) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    can_be_put(path).map(drop).with_context(|| Doing::WritingFailed(path.to_owned()))
}

/// Replaces the file. Where nothing failed, only the headings are in it: an earlier one would tell of what is done by now.
pub fn write(path: &Path, results: &[Done]) -> Result<()> {
    let mut rows = csv_line(&HEADINGS);
    for done in results {
        let Err(error) = &done.outcome else { continue };
        let report = Report::of(error);
        rows += &csv_line(&[
            done.id.as_ref().map_or("", ChannelDbId::as_str),
            done.channel_id.as_deref().unwrap_or_default(),
            &done.name,
            word(false, done.became()),
            serde_json::to_value(report.code)?.as_str().unwrap_or_default(),
            &shared_reason(error),
            &report.hint.map(|hint| hint.to_string()).unwrap_or_default(),
        ]);
    }
    put(path, Readers::Owner, rows.as_bytes()).with_context(|| Doing::WritingFailed(path.to_owned()))
}
