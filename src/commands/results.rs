//! Shows what became of each, and decides the exit status.

use anyhow::Result;
use serde::Serialize;

use crate::context::Context;
use crate::error::{Code, Report};
use crate::flow::{self, Action, Done};
use crate::types::{ChannelDbId, ChannelKind, Invocation, SignInKind};
use crate::ui::{Cell, Column, Style, Table, Ui};

/// The JSON document of `connect` and `reconnect`; that of `disconnect` tells no `kind` and no `channelId`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a ChannelKind>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    results: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(rename = "_id")]
    id: Option<&'a ChannelDbId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<Option<&'a str>>,
    name: &'a str,
    action: &'static str,
    error: Option<Report<'a>>,
}

/// Prints the results; then fails when some or all did. `resume` goes on with those, where there is such a command.
pub fn show(
    context: &Context,
    kind: SignInKind,
    dry_run: bool,
    results: Vec<Done>,
    resume: Option<Invocation>,
) -> Result<()> {
    print(context, Some(&kind.into()), dry_run, &results)?;
    flow::verdict(results, resume)
}

/// Likewise, of a kind that needs no Facebook sign-in; or of channels of several kinds.
pub fn show_of(
    context: &Context,
    kind: Option<&ChannelKind>,
    dry_run: bool,
    results: Vec<Done>,
) -> Result<()> {
    print(context, kind, dry_run, &results)?;
    flow::verdict(results, None)
}

fn print(context: &Context, kind: Option<&ChannelKind>, dry_run: bool, results: &[Done]) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        let row = |done| row(kind.is_some(), done);
        let document = Document { kind, dry_run, results: results.iter().map(row).collect() };
        ui.print_json(&document)?;
    } else if !results.is_empty() {
        table(ui, kind.is_some(), dry_run, results);
    }
    Ok(())
}

fn row(is_of_kind: bool, done: &Done) -> Row<'_> {
    Row {
        id: done.id.as_ref(),
        channel_id: is_of_kind.then_some(done.channel_id.as_deref()),
        name: &done.name,
        action: word(false, action(done)),
        error: done.outcome.as_ref().err().map(Report::of),
    }
}

fn table(ui: &Ui, is_of_kind: bool, dry_run: bool, results: &[Done]) {
    let (result, name) = (Column::new("RESULT"), Column::new("NAME").flexible());
    let mut table = match is_of_kind {
        true => Table::new([result, name, Column::new("CHANNEL ID"), Column::new("_ID").spare()]),
        false => Table::new([result, name, Column::new("_ID")]),
    };
    for done in results {
        let action = action(done);
        let result = Cell::styled(style(action), word(dry_run, action));
        let id = Cell::new(done.id.as_ref().map_or("-", ChannelDbId::as_str));
        match is_of_kind {
            true => {
                let channel_id = Cell::new(done.channel_id.as_deref().unwrap_or("-"));
                table.row([result, Cell::new(&done.name), channel_id, id]);
            }
            false => {
                let name = if done.name.is_empty() { "-" } else { &done.name };
                table.row([result, Cell::new(name), id]);
            }
        }
    }
    ui.table(&table);
    if results.len() > 1 {
        explain(ui, results);
        count(ui, dry_run, results);
    }
}

/// How many of each.
fn count(ui: &Ui, dry_run: bool, results: &[Done]) {
    let actions = [Action::Connected, Action::Reconnected, Action::Disconnected, Action::Skipped];
    let counts: Vec<String> = actions
        .into_iter()
        .map(Some)
        .chain([None])
        .map(|of| (results.iter().filter(|done| action(done) == of).count(), word(dry_run, of)))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    ui.note(&counts.join(", "));
}

/// What was done; none where it failed.
fn action(done: &Done) -> Option<Action> {
    done.outcome.as_ref().ok().copied()
}

/// The word for what was, or would be, done.
fn word(dry_run: bool, action: Option<Action>) -> &'static str {
    match (dry_run, action) {
        (false, Some(Action::Connected)) => "connected",
        (false, Some(Action::Reconnected)) => "reconnected",
        (false, Some(Action::Disconnected)) => "disconnected",
        (false, Some(Action::Skipped)) => "skipped",
        (false, None) => "failed",
        (true, Some(Action::Connected)) => "would connect",
        (true, Some(Action::Reconnected)) => "would reconnect",
        (true, Some(Action::Disconnected)) => "would disconnect",
        (true, Some(Action::Skipped)) => "would skip",
        (true, None) => "would fail",
    }
}

/// Its colour, which only stresses the word.
fn style(action: Option<Action>) -> Style {
    match action {
        None => Style::Bad,
        Some(Action::Skipped) => Style::Dim,
        Some(Action::Connected | Action::Reconnected | Action::Disconnected) => Style::Good,
    }
}

/// Why some of several failed. The failure of an only one is the command's own, and said at its end.
fn explain(ui: &Ui, results: &[Done]) {
    for done in results {
        let Err(error) = &done.outcome else { continue };
        let report = Report::of(error);
        if report.code == Code::Interrupted {
            // That is said once, for all of them.
            continue;
        }
        let id = done.id.as_ref().map(ChannelDbId::as_str).or(done.channel_id.as_deref()).unwrap_or("-");
        let name = if done.name.is_empty() { id } else { &done.name };
        let original = report.original_message.map(|text| format!(" ({text})")).unwrap_or_default();
        let hint = report.hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        ui.warn(&format!("{name}: {}{original}{hint}", report.message));
    }
}
