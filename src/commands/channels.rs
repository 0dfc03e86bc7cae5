//! channels list, channels show: what is connected, and what is disconnected.

use anyhow::Result;
use serde_json::{Map, Value};

use crate::cli::{ChannelsList, ChannelsShow, KindWord};
use crate::context::Context;
use crate::flow;
use crate::types::{Channel, ChannelFilter};
use crate::ui::{Cell, Column, Style, Table, Ui};

/// Lists the channels that the filters let through.
pub async fn list(context: &Context, args: &ChannelsList) -> Result<()> {
    let ui = &context.ui;
    let account = super::partner(context).await?;
    let filter = ChannelFilter { search: args.search.clone(), kinds: KindWord::kinds(&args.kind) };
    let limit = args.limit.unwrap_or(u64::MAX);
    // A server that doesn't know a filter sends everything.
    let wanted = |channel: &Channel| {
        (filter.kinds.is_empty() || filter.kinds.contains(&channel.kind))
            && (!args.connected || channel.is_connected == Some(true))
            && (!args.disconnected || channel.is_disconnected())
    };
    let progress = ui.spinner("Listing channels");
    // Begun with the first answer: where there is none, stdout stays empty.
    let mut begun = None;
    flow::channels(&account.api, &filter, |batch| {
        let out = match &mut begun {
            Some(out) => out,
            none => none.insert(Out::new(ui)?),
        };
        for channel in batch.into_iter().filter(|channel| wanted(channel)) {
            if out.count < limit {
                out.add(&channel)?;
            }
        }
        progress.set_text(&format!("Listing channels: {}", out.count));
        Ok(out.count < limit)
    })
    .await?;
    drop(progress);
    begun.map_or_else(|| Out::new(ui), Ok)?.end()
}

/// Shows one channel.
pub async fn show(context: &Context, args: &ChannelsShow) -> Result<()> {
    let account = super::partner(context).await?;
    let channel = flow::channel_named(&account.api, &args.id).await?;
    if context.ui.json() {
        return Ok(context.ui.print_json(&channel)?);
    }
    let mut fields = vec![
        ("Name".to_owned(), Cell::new(&channel.name)),
        ("Kind".to_owned(), Cell::new(channel.kind.as_str())),
        ("State".to_owned(), state(&channel)),
        ("_id".to_owned(), Cell::new(channel.id.as_str())),
        ("Channel id".to_owned(), Cell::new(channel.channel_id.as_deref().unwrap_or("-"))),
    ];
    flatten("", &channel.rest, &mut fields);
    let fields: Vec<(&str, Cell)> = fields.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
    context.ui.fields(&fields);
    Ok(())
}

/// Where the rows go as they come: a table is laid out when all are there, JSON is written at once.
struct Out<'a> {
    ui: &'a Ui,
    to: To,
    count: u64,
    disconnected: u64,
}

enum To {
    Json(crate::ui::JsonList),
    Table(Table, flow::Kept),
}

impl<'a> Out<'a> {
    fn new(ui: &'a Ui) -> Result<Self> {
        let to = if ui.json() {
            To::Json(ui.json_list(&Map::new(), "channels")?)
        } else {
            let table = Table::new([
                Column::new("KIND"),
                Column::new("NAME").flexible(),
                Column::new("STATE"),
                Column::new("CHANNEL ID").spare(),
                Column::new("_ID"),
                Column::new("SINCE").spare(),
            ]);
            To::Table(table, flow::Kept::default())
        };
        Ok(Out { ui, to, count: 0, disconnected: 0 })
    }

    fn add(&mut self, channel: &Channel) -> Result<()> {
        self.count += 1;
        self.disconnected += u64::from(channel.is_disconnected());
        match &mut self.to {
            To::Json(list) => list.item(channel)?,
            To::Table(table, kept) => {
                kept.slim(channel)?;
                table.row([
                    Cell::new(channel.kind.as_str()),
                    Cell::new(&channel.name),
                    state(channel),
                    Cell::new(channel.channel_id.as_deref().unwrap_or("-")),
                    Cell::new(channel.id.as_str()),
                    Cell::new(since(channel)),
                ]);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        match self.to {
            To::Json(list) => {
                let total = Map::from_iter([("total".to_owned(), Value::from(self.count))]);
                return Ok(list.end(&total)?);
            }
            To::Table(table, _) if !table.is_empty() => self.ui.table(&table),
            To::Table(..) => {}
        }
        let plural = if self.count == 1 { "" } else { "s" };
        self.ui.note(&format!("{} channel{plural}, {} disconnected", self.count, self.disconnected));
        Ok(())
    }
}

fn state(channel: &Channel) -> Cell {
    match channel.is_connected {
        Some(true) => Cell::styled(Style::Good, "connected"),
        Some(false) => Cell::styled(Style::Bad, "disconnected"),
        None => Cell::styled(Style::Dim, "unknown"),
    }
}

/// The day of the last change of state that the API tells of.
fn since(channel: &Channel) -> &str {
    let fields =
        if channel.is_disconnected() { ["disconnectedAt", "updatedAt"] } else { ["updatedAt", "createdAt"] };
    let time = fields.iter().find_map(|field| channel.text(field));
    time.map_or("-", |time| time.split('T').next().unwrap_or(time))
}

/// Nested fields as `additionalData.hashId`.
fn flatten(prefix: &str, map: &Map<String, Value>, fields: &mut Vec<(String, Cell)>) {
    for (name, value) in map {
        let name = format!("{prefix}{name}");
        match value {
            Value::Null => {}
            Value::Object(inner) => flatten(&format!("{name}."), inner, fields),
            Value::String(text) => fields.push((name, Cell::new(text))),
            other => fields.push((name, Cell::new(&other.to_string()))),
        }
    }
}
