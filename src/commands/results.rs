//! Shows what became of each, and decides the exit status.

use anyhow::Result;
use serde::Serialize;

use crate::context::Context;
use crate::error::{Code, Report};
use crate::flow::{self, Action, Done};
use crate::types::{ChannelDbId, ChannelKind, SignInKind};
use crate::ui::{Cell, Column, Style, Table, Ui};

/// The JSON document of `connect` and `reconnect`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    kind: &'a ChannelKind,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    results: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(rename = "_id")]
    id: Option<&'a ChannelDbId>,
    channel_id: Option<&'a str>,
    name: &'a str,
    action: Action,
    error: Option<Report<'a>>,
}

/// Prints the results; then fails when some or all did.
pub fn show(context: &Context, kind: SignInKind, dry_run: bool, results: Vec<Done>) -> Result<()> {
    show_of(context, &kind.into(), dry_run, results)
}

/// Likewise, of a kind that needs no Facebook sign-in.
pub fn show_of(context: &Context, kind: &ChannelKind, dry_run: bool, results: Vec<Done>) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        let rows = results.iter().map(row).collect();
        ui.print_json(&Document { kind, dry_run, results: rows })?;
    } else if !results.is_empty() {
        table(ui, dry_run, &results);
    }
    flow::verdict(results, None)
}

fn row(done: &Done) -> Row<'_> {
    Row {
        id: done.id.as_ref(),
        channel_id: done.channel_id.as_deref(),
        name: &done.name,
        action: done.action,
        error: done.error.as_ref().map(|error| Report::of(error)),
    }
}

fn table(ui: &Ui, dry_run: bool, results: &[Done]) {
    let mut table = Table::new([
        Column::new("RESULT"),
        Column::new("NAME").flexible(),
        Column::new("CHANNEL ID"),
        Column::new("_ID").spare(),
    ]);
    for done in results {
        table.row([
            Cell::styled(style(done.action), word(dry_run, done.action)),
            Cell::new(&done.name),
            Cell::new(done.channel_id.as_deref().unwrap_or("-")),
            Cell::new(done.id.as_ref().map_or("-", ChannelDbId::as_str)),
        ]);
    }
    ui.table(&table);
    explain(ui, results);
    count(ui, dry_run, results);
}

/// How many of each, where a table of several was shown.
pub fn count(ui: &Ui, dry_run: bool, results: &[Done]) {
    if results.len() < 2 {
        return;
    }
    let of = |action| results.iter().filter(|done| done.action == action).count();
    let counts: Vec<String> = Action::ALL
        .into_iter()
        .map(|action| (of(action), word(dry_run, action)))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    ui.note(&counts.join(", "));
}

/// The word for what was, or would be, done.
pub fn word(dry_run: bool, action: Action) -> &'static str {
    match (dry_run, action) {
        (true, Action::Connected) => "would connect",
        (true, Action::Reconnected) => "would reconnect",
        (true, Action::Disconnected) => "would disconnect",
        (true, Action::Skipped) => "would skip",
        (true, Action::Failed) => "would fail",
        (false, action) => action.as_str(),
    }
}

/// Its colour, which only stresses the word.
pub fn style(action: Action) -> Style {
    match action {
        Action::Failed => Style::Bad,
        Action::Skipped => Style::Dim,
        Action::Connected | Action::Reconnected | Action::Disconnected => Style::Good,
    }
}

/// Why some of several failed. The failure of an only one is the command's own, and said at its end.
pub fn explain(ui: &Ui, results: &[Done]) {
    if results.len() < 2 {
        return;
    }
    for done in results {
        let Some(error) = &done.error else { continue };
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
