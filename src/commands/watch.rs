//! channels watch: tells when a channel is disconnected, and when it is connected again.

use anyhow::Result;
use serde_json::json;

use crate::cli::{ChannelsWatch, KindWord};
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{Commands, Now, Watch};
use crate::types::Channel;
use crate::ui::Ui;

/// With `--once`, so many commands wait at most.
const WAITING_AT_ONCE: usize = 100;

/// Looks once, or until a signal comes.
pub async fn watch(context: &Context, args: &ChannelsWatch) -> Result<()> {
    let ui = &context.ui;
    let account = super::partner(context).await?;
    let mut commands = Commands::new(args.exec.clone(), ui, &context.interrupt);
    let whole = ui.json() || args.exec.is_some();
    let watch =
        Watch { account: &account, ui, kinds: KindWord::kinds(&args.kind), interval: args.interval, whole };
    if args.once {
        return tell_once(ui, watch.once().await?, commands).await;
    }
    let tell = |channel: &Channel| {
        if ui.json() {
            ui.print_json(channel)?;
        } else {
            ui.line(&line(channel));
        }
        ui.bell();
        Ok(())
    };
    let outcome = watch.on(&mut commands, tell).await;
    commands.finish().await;
    outcome
}

/// Tells what is disconnected, and fails where something is.
async fn tell_once(ui: &Ui, now: Now, mut commands: Commands) -> Result<()> {
    let Now { total, unknown, disconnected } = now;
    if ui.json() {
        ui.print_json(&json!({ "disconnected": disconnected, "unknown": unknown, "total": total }))?;
    }
    if unknown > 0 {
        ui.warn(&format!("the API doesn't tell whether {unknown} of {total} channels are connected"));
    }
    for channel in &disconnected {
        if !ui.json() {
            ui.line(&line(channel));
        }
        commands.down_to(WAITING_AT_ONCE).await;
        commands.add(channel);
    }
    commands.all().await;
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
    Err(Failure::Loose { loose: disconnected.len(), total, kinds }.into())
}

fn line(channel: &Channel) -> String {
    let (state, since) = match channel.is_connected {
        Some(true) => ("connected", "updatedAt"),
        Some(false) => ("disconnected", "disconnectedAt"),
        None => ("unknown", "updatedAt"),
    };
    let since = channel.text(since).or_else(|| channel.text("updatedAt")).unwrap_or("-");
    format!("{state:<12}  {:<10}  {}  {}  {since}", channel.kind.as_str(), channel.id, channel.name)
}
