//! Shows what became of each, and decides the exit status.

mod csv;
pub use csv::check;
mod table;

use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::Report;
use crate::flow::{self, Action, Became, Done};
use crate::types::{Channel, ChannelDbId, ChannelKind, Invocation};

/// What goes with the results.
pub struct Told<'a> {
    /// None for channels of several kinds.
    pub kind: Option<ChannelKind>,
    /// Nothing was sent.
    pub dry_run: bool,
    /// Connected channels that the sign-in doesn't cover; none where that isn't known.
    pub lost: Option<Vec<Channel>>,
    /// What goes on with the rest.
    pub next: Option<Invocation>,
    /// Where the rows go of what is not done.
    pub failed_to: Option<&'a Path>,
}

/// The JSON document of `connect` and `reconnect`; that of `disconnect` tells no `kind`, `channelId`, `lost` and `next`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a ChannelKind>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    results: Vec<Row<'a>>,
    summary: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Option<&'a [Channel]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Option<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(rename = "_id")]
    id: Option<&'a ChannelDbId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<Option<&'a str>>,
    /// None where nobody knows it.
    name: Option<&'a str>,
    action: &'static str,
    error: Option<Report<'a>>,
}

/// Prints the results; then fails when some or all are not done.
pub fn show(context: &Context, told: Told<'_>, results: Vec<Done>) -> Result<()> {
    let next = told.next.clone().filter(|_| results.iter().any(Done::is_undone));
    show_all(context, told, next, results)
}

/// Likewise where something goes on from there although each is done.
pub fn show_and_next(context: &Context, told: Told<'_>, results: Vec<Done>) -> Result<()> {
    let next = told.next.clone();
    show_all(context, told, next, results)
}

fn show_all(context: &Context, told: Told<'_>, next: Option<Invocation>, results: Vec<Done>) -> Result<()> {
    let (ui, next) = (&context.ui, next.filter(|_| !told.dry_run));
    if ui.json() {
        ui.print_json(&document(&told, next.as_ref(), &results))?;
    } else if !results.is_empty() {
        table::show(ui, told.kind.is_some(), told.dry_run, &results);
    }
    let written = told.failed_to.filter(|_| !told.dry_run).map_or(Ok(()), |path| csv::write(path, &results));
    let verdict = flow::verdict(results, told.dry_run, next);
    if let (Err(_), Err(unwritten)) = (&verdict, &written) {
        ui.warn(&format!("{unwritten:#}"));
    }
    verdict.and(written)
}

/// Likewise of channels that came to be without a Facebook sign-in; or of several kinds.
pub fn show_of(
    context: &Context,
    kind: Option<&ChannelKind>,
    dry_run: bool,
    results: Vec<Done>,
) -> Result<()> {
    let told = Told { kind: kind.cloned(), dry_run, lost: Some(Vec::new()), next: None, failed_to: None };
    show(context, told, results)
}

fn document<'a>(told: &'a Told<'_>, next: Option<&Invocation>, results: &'a [Done]) -> Document<'a> {
    let is_of_kind = told.kind.is_some();
    Document {
        kind: told.kind.as_ref(),
        dry_run: told.dry_run,
        results: results.iter().map(|done| row(is_of_kind, told.dry_run, done)).collect(),
        summary: counts(told.dry_run, results)
            .map(|(word, count)| (word.to_owned(), Value::from(count)))
            .collect(),
        lost: is_of_kind.then_some(told.lost.as_deref()),
        // As it is typed, without the quotes that it has in a sentence.
        next: is_of_kind.then(|| next.map(|next| next.to_string().trim_matches('`').to_owned())),
    }
}

fn row(is_of_kind: bool, dry_run: bool, done: &Done) -> Row<'_> {
    Row {
        id: done.id.as_ref(),
        channel_id: is_of_kind.then_some(done.channel_id.as_deref()),
        name: Some(done.name.as_str()).filter(|name| !name.is_empty()),
        action: word(dry_run, done.became()),
        error: done.outcome.as_ref().err().map(Report::of),
    }
}

/// How many of each, of those that there are.
fn counts(dry_run: bool, results: &[Done]) -> impl Iterator<Item = (&'static str, usize)> {
    let each = [
        Became::Did(Action::Connected),
        Became::Did(Action::Reconnected),
        Became::Did(Action::Disconnected),
        Became::Did(Action::Skipped),
        Became::Failed,
        Became::NotStarted,
    ];
    let count = move |became| results.iter().filter(|done| done.became() == became).count();
    each.into_iter().map(move |became| (word(dry_run, became), count(became))).filter(|(_, count)| *count > 0)
}

/// The word for what became of one, or would.
fn word(dry_run: bool, became: Became) -> &'static str {
    match (dry_run, became) {
        (false, Became::Did(Action::Connected)) => "connected",
        (false, Became::Did(Action::Reconnected)) => "reconnected",
        (false, Became::Did(Action::Disconnected)) => "disconnected",
        (false, Became::Did(Action::Skipped)) => "skipped",
        (false, Became::Failed) => "failed",
        (true, Became::Did(Action::Connected)) => "would-connect",
        (true, Became::Did(Action::Reconnected)) => "would-reconnect",
        (true, Became::Did(Action::Disconnected)) => "would-disconnect",
        (true, Became::Did(Action::Skipped)) => "would-skip",
        (true, Became::Failed) => "would-fail",
        (_, Became::NotStarted) => "not-started",
    }
}
