//! For people: a table of what was done and what failed, and the causes, each once.

use super::{counts, word};
use crate::error::{Cause, causes, shared_reason};
use crate::flow::{Action, Became, Done};
use crate::types::ChannelDbId;
use crate::ui::{Cell, Column, Style, Table, Ui, text};

/// What was done, then what failed, so that it stands beside its causes. What was never tried is counted only: thousands of
/// those would hide the rest.
pub fn show(ui: &Ui, is_of_kind: bool, dry_run: bool, results: &[Done]) {
    let tells_reasons = results.len() > 1 && results.iter().any(|done| done.became() == Became::Failed);
    let mut columns = vec![Column::new("RESULT"), Column::new("NAME").flexible()];
    if is_of_kind {
        columns.push(Column::new("CHANNEL ID").gives_way(1));
    }
    columns.push(Column::new("_ID"));
    if tells_reasons {
        // Below the table each cause stands once more.
        columns.push(Column::new("REASON").flexible().gives_way(2));
    }
    let mut table = Table::new(columns);
    let done = results.iter().filter(|done| matches!(done.became(), Became::Did(_)));
    let failed = results.iter().filter(|done| done.became() == Became::Failed);
    for done in done.chain(failed) {
        let became = done.became();
        let mut cells =
            vec![Cell::styled(style(became), &words(word(dry_run, became))), Cell::name(&done.name)];
        if is_of_kind {
            cells.push(Cell::new(done.channel_id.as_deref().unwrap_or("-")));
        }
        cells.push(Cell::new(done.id.as_ref().map_or("-", ChannelDbId::as_str)));
        if tells_reasons {
            cells.push(Cell::new(&done.outcome.as_ref().err().map(shared_reason).unwrap_or_default()));
        }
        table.row(cells);
    }
    if !table.is_empty() {
        ui.table(&table);
    }
    if results.len() > 1 {
        explain(ui, results);
        let counts = counts(dry_run, results);
        let counts: Vec<String> =
            counts.map(|(word, count)| format!("{} {}", text::count(count), words(word))).collect();
        ui.note(&counts.join(", "));
    }
}

/// Why some of several failed: each cause once, the commonest first, with how many it hit and what helps. The failure of
/// an only one is the command's own, and said at its end.
fn explain(ui: &Ui, results: &[Done]) {
    let failed = results.iter().filter(|done| done.became() == Became::Failed || done.lacks_something());
    for Cause { reason, report, count } in causes(failed.filter_map(|done| done.outcome.as_ref().err())) {
        let hint = report.hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        ui.warn(&format!("{} × {reason}{hint}", text::count(count)));
    }
}

/// As people read it.
fn words(word: &str) -> String {
    word.replace('-', " ")
}

/// Its colour, which only stresses the word.
fn style(became: Became) -> Style {
    match became {
        Became::Failed => Style::Bad,
        Became::Did(Action::Skipped) | Became::NotStarted => Style::Dim,
        Became::Did(Action::Connected | Action::Reconnected | Action::Disconnected) => Style::Good,
    }
}
