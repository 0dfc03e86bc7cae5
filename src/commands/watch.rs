//! channels watch: tells when a channel is disconnected, and when it is connected again.

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::{ChannelsWatch, KindWord};
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{Commands, Now, Watch};
use crate::types::Channel;
use crate::ui::{Cell, Column, Style, Table, Ui};

/// With `--once`, so many commands wait at most.
const WAITING_AT_ONCE: usize = 100;

/// Looks once, or until a signal comes.
pub async fn watch(context: &Context, args: &ChannelsWatch) -> Result<()> {
    let ui = &context.ui;
    let account = super::account(context).await?;
    let mut commands = Commands::new(args.exec.clone(), ui, &context.interrupt);
    let whole = ui.json() || args.exec.is_some();
    let watch =
        Watch { account: &account, ui, kinds: KindWord::kinds(&args.kind), interval: args.interval, whole };
    if args.once {
        return tell_once(ui, watch.once().await?, args.expect_at_least, commands).await;
    }
    let mut lines = Lines::default();
    let tell = |channel: &Channel| {
        if ui.json() {
            ui.print_json(channel)?;
        } else {
            lines.tell(ui, channel);
            lines.tell_hidden(ui);
        }
        ui.bell();
        Ok(())
    };
    let outcome = watch.on(&mut commands, tell).await;
    commands.finish().await;
    outcome
}

/// Tells what is disconnected, and fails where something is, or where fewer are listed than expected.
async fn tell_once(ui: &Ui, now: Now, expected: usize, mut commands: Commands) -> Result<()> {
    let Now { total, unknown, disconnected } = now;
    if ui.json() {
        ui.print_json(&json!({ "disconnected": disconnected, "unknown": unknown, "total": total }))?;
    }
    if unknown > 0 {
        ui.warn(&format!("the API doesn't tell whether {unknown} of {total} channels are connected"));
    }
    let mut lines = Lines::default();
    for channel in &disconnected {
        if !ui.json() {
            lines.tell(ui, channel);
        }
        commands.down_to(WAITING_AT_ONCE).await;
        commands.add(channel);
    }
    lines.tell_hidden(ui);
    commands.all().await;
    // Of an account without channels, or a list that isn't whole, nobody can say that all are connected.
    if total < expected {
        return Err(Failure::TooFew { total, expected }.into());
    }
    if disconnected.is_empty() {
        ui.say(&match (total, unknown) {
            (0, _) => "There is no channel.".to_owned(),
            (1, 0) => "The only channel is connected.".to_owned(),
            (_, 0) => format!("All {total} channels are connected."),
            _ => "No channel is known to be disconnected.".to_owned(),
        });
        return Ok(());
    }
    let mut kinds: Vec<_> = disconnected.iter().map(|channel| channel.kind.clone()).collect();
    kinds.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    kinds.dedup();
    Err(Failure::Disconnected { disconnected: disconnected.len(), total, kinds }.into())
}

/// Its state; one that is no longer listed is marked by [`Watch::on`].
fn state(channel: &Channel) -> Cell {
    match channel.rest.get("vanished") {
        Some(Value::Bool(true)) => Cell::styled(Style::Bad, "vanished"),
        _ => super::channels::state(channel),
    }
}

/// The lines for people, with the columns of `channels list`.
#[derive(Default)]
struct Lines {
    hidden: usize,
    told_hidden: bool,
}

impl Lines {
    fn tell(&mut self, ui: &Ui, channel: &Channel) {
        let mut table = Table::new([
            Column::new("KIND").at_least(9).gives_way(3),
            Column::new("NAME").at_least(32).flexible(),
            Column::new("STATE").at_least(12),
            Column::new("CHANNEL ID").at_least(17).gives_way(1),
            Column::new("_ID").gives_way(2),
            Column::new("SINCE"),
        ]);
        table.row([
            Cell::new(channel.kind.as_str()),
            Cell::name(&channel.name),
            state(channel),
            Cell::new(channel.channel_id.as_deref().unwrap_or("-")),
            Cell::new(channel.id.as_str()),
            Cell::new(&super::channels::changed(channel).map_or("-".to_owned(), |time| ui.moment(time))),
        ]);
        self.hidden = ui.table_rows(&table);
    }

    /// Says once what the lines so far have left out.
    fn tell_hidden(&mut self, ui: &Ui) {
        if !std::mem::replace(&mut self.told_hidden, true) {
            ui.tell_hidden(self.hidden);
        }
    }
}
