//! channels list, channels show: what is connected, and what is disconnected.

use anyhow::Result;
use serde_json::{Map, Value};

use crate::cli::{ChannelSort, ChannelsList, ChannelsShow, Format, KindWord};
use crate::context::Context;
use crate::flow;
use crate::types::{Channel, ChannelFilter, ChannelKind};
use crate::ui::{Cell, Column, JsonList, Rows, Style, Table, Ui, text};

/// Lists the channels that the filters let through.
pub async fn list(context: &Context, args: &ChannelsList) -> Result<()> {
    let ui = &context.ui;
    let account = super::account(context).await?;
    let format = args.format.unwrap_or(if ui.json() { Format::Json } else { Format::Table });
    let kinds = KindWord::kinds(&args.kind);
    let filter = ChannelFilter::of(args.search.clone(), &kinds);
    let limit = args.limit.unwrap_or(u64::MAX);
    let progress = ui.spinner("Listing channels");
    let mut out = Out::new(ui, format)?;
    let mut matched = Matched::new(args, &kinds);
    let (mut sorted, mut kept) = (Vec::new(), flow::Kept::default());
    flow::counted_channels(&account.api, &filter, |batch, told| {
        for channel in matched.among(batch, told) {
            if args.sort.is_some() {
                kept.whole(&channel)?;
                sorted.push(channel);
            } else if out.count < limit {
                out.add(&channel)?;
            }
        }
        progress.set_text(&format!("Listing channels: {}", text::count(matched.count)));
        // Which ones come first is known when all are.
        Ok(args.sort.is_some() || out.count < limit)
    })
    .await?;
    drop(progress);
    if let Some(sort) = args.sort {
        sorted.sort_by_cached_key(|channel| key(sort, channel));
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        sorted.iter().take(most).try_for_each(|channel| out.add(channel))?;
    }
    out.end(matched.total())?;
    if let (0, Some(near)) = (matched.count, KindWord::near(&args.kind)) {
        ui.say(&format!("Did you mean --kind {near}?"));
    }
    Ok(())
}

/// What a channel is sorted by; those that share it, by their names.
fn key(sort: ChannelSort, channel: &Channel) -> (String, String) {
    let name = channel.name.to_lowercase();
    let first = match sort {
        ChannelSort::Name => name.clone(),
        ChannelSort::Kind => channel.kind.as_str().to_owned(),
        ChannelSort::State => match channel.is_connected {
            Some(false) => "1",
            None => "2",
            Some(true) => "3",
        }
        .to_owned(),
        // Whose time isn't told comes last.
        ChannelSort::Since => changed(channel).unwrap_or("~").to_owned(),
        ChannelSort::Id => channel.id.to_string(),
    };
    (first, name)
}

/// Which channels the filters let through, and how many.
struct Matched<'a> {
    args: &'a ChannelsList,
    kinds: &'a [ChannelKind],
    count: usize,
    /// How many the API says that there are.
    told: Option<u64>,
    saw_all: bool,
    /// Whether the API sent others too: it doesn't know a filter, and counts those as well.
    others: bool,
}

impl<'a> Matched<'a> {
    fn new(args: &'a ChannelsList, kinds: &'a [ChannelKind]) -> Self {
        let others = args.connected || args.disconnected;
        Matched { args, kinds, count: 0, told: None, saw_all: false, others }
    }

    fn among(&mut self, mut batch: Vec<Channel>, told: flow::Told) -> Vec<Channel> {
        let (args, before) = (self.args, batch.len());
        batch.retain(|channel| self.kinds.is_empty() || self.kinds.contains(&channel.kind));
        self.others |= batch.len() < before;
        batch.retain(|channel| {
            (!args.connected || channel.is_connected == Some(true))
                && (!args.disconnected || channel.is_disconnected())
        });
        self.count += batch.len();
        (self.told, self.saw_all) = (told.total.or(self.told), told.is_last);
        batch
    }

    /// How many there are in all, where that is known.
    fn total(&self) -> Option<usize> {
        if self.saw_all {
            return Some(self.count);
        }
        let told = self.told.filter(|_| !self.others).and_then(|told| usize::try_from(told).ok());
        told.filter(|told| *told >= self.count)
    }
}

/// Shows one channel.
pub async fn show(context: &Context, args: &ChannelsShow) -> Result<()> {
    let account = super::account(context).await?;
    let channel = flow::channel_named(&account.api, &args.id).await?;
    flow::tell_which(&context.ui, &args.id, &channel);
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

/// Where the rows go as they come: a table is laid out when all are there, all else is written at once.
struct Out<'a> {
    ui: &'a Ui,
    to: To,
    count: u64,
    disconnected: u64,
    kept: flow::Kept,
}

enum To {
    Table(Table),
    /// Begun with the first channel: where none comes, stdout stays empty.
    Json(Option<JsonList>),
    JsonLines(Rows),
    Csv(Rows),
    Ids(Rows),
}

/// The columns of CSV: fields of the API under its own names.
const CSV: [&str; 9] = [
    "_id",
    "channelId",
    "channelType",
    "name",
    "isConnected",
    "status",
    "createdAt",
    "updatedAt",
    "disconnectedAt",
];

impl<'a> Out<'a> {
    fn new(ui: &'a Ui, format: Format) -> Result<Self> {
        let to = match format {
            Format::Table => {
                let table = Table::new([
                    Column::new("KIND").gives_way(3),
                    Column::new("NAME").flexible(),
                    Column::new("STATE"),
                    Column::new("CHANNEL ID").gives_way(2),
                    Column::new("_ID").gives_way(4),
                    Column::new("SINCE").gives_way(1),
                ]);
                To::Table(table)
            }
            Format::Json => To::Json(None),
            Format::Jsonl => To::JsonLines(Rows::default()),
            Format::Csv => {
                let mut rows = Rows::default();
                rows.csv(&CSV);
                To::Csv(rows)
            }
            Format::Id => To::Ids(Rows::default()),
        };
        Ok(Out { ui, to, kept: flow::Kept::default(), count: 0, disconnected: 0 })
    }

    fn add(&mut self, channel: &Channel) -> Result<()> {
        self.count += 1;
        self.disconnected += u64::from(channel.is_disconnected());
        match &self.to {
            // As it is printed, nothing of it is kept.
            To::Json(_) => {}
            To::JsonLines(_) => self.kept.whole(channel)?,
            To::Csv(_) | To::Ids(_) | To::Table(_) => self.kept.slim(channel)?,
        }
        match &mut self.to {
            To::Json(Some(list)) => list.item(channel)?,
            To::Json(none) => none.insert(self.ui.json_list(&Map::new(), "channels")?).item(channel)?,
            To::JsonLines(rows) => rows.json(channel)?,
            To::Csv(rows) => rows.csv(&csv(channel)),
            To::Ids(rows) => rows.line(channel.id.as_str()),
            To::Table(table) => {
                table.row([
                    Cell::new(channel.kind.as_str()),
                    Cell::name(&channel.name),
                    state(channel),
                    Cell::new(channel.channel_id.as_deref().unwrap_or("-")),
                    Cell::new(channel.id.as_str()),
                    Cell::new(&since(self.ui, channel)),
                ]);
            }
        }
        Ok(())
    }

    /// `total` says how many there are, where that is known.
    fn end(self, total: Option<usize>) -> Result<()> {
        match self.to {
            To::Json(list) => {
                let list = list.map_or_else(|| self.ui.json_list(&Map::new(), "channels"), Ok)?;
                let total = Map::from_iter([("total".to_owned(), Value::from(total))]);
                return Ok(list.end(&total)?);
            }
            To::Table(table) if !table.is_empty() => self.ui.table(&table),
            To::Table(_) => {}
            To::JsonLines(rows) | To::Csv(rows) | To::Ids(rows) => rows.print(self.ui),
        }
        let shown = usize::try_from(self.count).unwrap_or(usize::MAX);
        let plural = if total.unwrap_or(shown) == 1 { "" } else { "s" };
        let disconnected = text::count(usize::try_from(self.disconnected).unwrap_or(shown));
        let count = text::count(shown);
        self.ui.note(&match total {
            Some(total) if total == shown => format!("{count} channel{plural}, {disconnected} disconnected"),
            Some(total) => format!("Showing {count} of {} channel{plural}", text::count(total)),
            None => format!("Showing the first {count}"),
        });
        Ok(())
    }
}

/// The cells of a channel, in the order of [`CSV`].
fn csv(channel: &Channel) -> [&str; 9] {
    let is_connected = match channel.is_connected {
        Some(true) => "true",
        Some(false) => "false",
        None => "",
    };
    let text = |field| channel.text(field).unwrap_or_default();
    [
        channel.id.as_str(),
        channel.channel_id.as_deref().unwrap_or_default(),
        channel.kind.as_str(),
        &channel.name,
        is_connected,
        text("status"),
        text("createdAt"),
        text("updatedAt"),
        text("disconnectedAt"),
    ]
}

/// Its state, in a word and a colour.
pub(super) fn state(channel: &Channel) -> Cell {
    match channel.is_connected {
        Some(true) => Cell::styled(Style::Good, "connected"),
        Some(false) => Cell::styled(Style::Bad, "disconnected"),
        None => Cell::styled(Style::Dim, "unknown"),
    }
}

/// The day of the last change of state that the API tells of.
fn since(ui: &Ui, channel: &Channel) -> String {
    let time = changed(channel).map_or("-".to_owned(), |time| ui.moment(time));
    time.split(['T', ' ']).next().unwrap_or_default().to_owned()
}

/// When its state last changed, as the API tells it.
pub(super) fn changed(channel: &Channel) -> Option<&str> {
    let fields =
        if channel.is_disconnected() { ["disconnectedAt", "updatedAt"] } else { ["updatedAt", "createdAt"] };
    fields.iter().find_map(|field| channel.text(field))
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
