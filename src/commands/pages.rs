//! pages: everything that a sign-in covers.

use std::collections::HashMap;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::sign_in::sign_in;
use crate::cli::{Format, PageSort, Pages};
use crate::context::Context;
use crate::error::Report;
use crate::failure::Failure;
use crate::flow::{self, Next};
use crate::platform::Ability;
use crate::types::{Channel, ChannelDbId, Page};
use crate::ui::{Cell, Column, Rows, Style, Table, Ui, text};

/// Lists every Page or account, and which are connected already.
pub async fn pages(context: &Context, args: Pages) -> Result<()> {
    let (ui, kind) = (&context.ui, args.kind);
    let sign_in = sign_in(context, kind, &args.sign_in, Next::List).await?;
    let account = super::partner(context, Ability::ListPages).await?;
    let (pages, channels) = flow::with_token(&account, ui, sign_in, async |signed_in| {
        flow::listed(&account.api, ui, kind, &signed_in.token).await
    })
    .await?;
    show(ui, &args, &pages, &channels)
}

fn show(ui: &Ui, args: &Pages, pages: &[Page], channels: &[Channel]) -> Result<()> {
    let kind = args.kind;
    let connected: HashMap<&str, &ChannelDbId> =
        channels.iter().filter_map(|channel| Some((channel.channel_id.as_deref()?, &channel.id))).collect();
    let mut rows: Vec<Row> = pages
        .iter()
        .map(|page| Row { page, connected_as: connected.get(page.channel_id.as_str()).copied() })
        .collect();
    if let Some(sort) = args.sort {
        rows.sort_by_cached_key(|row| row.key(sort));
    }
    if pages.is_empty() {
        // A list of nothing is a result like any other, but one that nobody expects.
        let error = Failure::NothingCovered { kind }.into();
        let report = Report::of(&error);
        let hint = report.hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        ui.warn(&format!("{}{hint}", report.message));
    }
    let format = args.format.unwrap_or(if ui.json() { Format::Json } else { Format::Table });
    let mut lines = Rows::default();
    match format {
        Format::Json => {
            let fields = Map::from_iter([("kind".to_owned(), Value::from(kind.as_str()))]);
            let mut list = ui.json_list(&fields, "pages")?;
            rows.iter().try_for_each(|row| list.item(row))?;
            return Ok(list.end(&Map::new())?);
        }
        Format::Jsonl => rows.iter().try_for_each(|row| lines.json(row))?,
        Format::Csv => {
            lines.csv(&["channelId", "kind", "name", "connectedAs"]);
            for row in &rows {
                let connected_as = row.connected_as.map_or("", ChannelDbId::as_str);
                lines.csv(&[&row.page.channel_id, kind.as_str(), &row.page.name, connected_as]);
            }
        }
        Format::Id => rows.iter().for_each(|row| lines.line(&row.page.channel_id)),
        Format::Table if rows.is_empty() => {}
        Format::Table => table(ui, &rows),
    }
    lines.print(ui);
    if !pages.is_empty() {
        let count = rows.iter().filter(|row| row.connected_as.is_some()).count();
        let plural = if pages.len() == 1 { "" } else { "s" };
        let (all, count) = (text::count(pages.len()), text::count(count));
        ui.note(&format!("{all} {}{plural}, {count} connected", kind.noun()));
    }
    Ok(())
}

/// A Page, and as which channel it is connected.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(flatten)]
    page: &'a Page,
    connected_as: Option<&'a ChannelDbId>,
}

impl Row<'_> {
    /// What it is sorted by.
    fn key(&self, sort: PageSort) -> (bool, String) {
        match sort {
            PageSort::Name => (false, self.page.name.to_lowercase()),
            PageSort::State => (self.connected_as.is_some(), self.page.name.to_lowercase()),
            PageSort::Id => (false, self.page.channel_id.clone()),
        }
    }
}

fn table(ui: &Ui, rows: &[Row]) {
    let mut table = Table::new([
        Column::new("NAME").flexible(),
        Column::new("CHANNEL ID").gives_way(2),
        Column::new("CONNECTED AS").gives_way(1),
    ]);
    for row in rows {
        let state = match row.connected_as {
            Some(id) => Cell::styled(Style::Good, id.as_str()),
            None => Cell::styled(Style::Dim, "-"),
        };
        table.row([Cell::name(&row.page.name), Cell::new(&row.page.channel_id), state]);
    }
    ui.table(&table);
}
