//! disconnect: deletes channels, after asking.

use anyhow::Result;
use serde::Serialize;

use crate::cli::Disconnect;
use crate::context::Context;
use crate::error::Report;
use crate::failure::{Cancelled, Failure, Question, Usage};
use crate::flow::{self, Account, Action, Done};
use crate::types::{Channel, ChannelDbId, typed};
use crate::ui::{Cell, Column, Table, Ui, text};

/// Shows what would go, asks, and deletes it.
pub async fn disconnect(context: &Context, args: Disconnect) -> Result<()> {
    let ui = &context.ui;
    let account = super::account(context).await?;
    let (channels, mut results) = find(&account, &args.ids).await?;
    if !channels.is_empty() {
        show_what_goes(ui, &channels);
        if !args.dry_run {
            agree(context, channels.len()).await?;
        }
        results.extend(if args.dry_run {
            channels.into_iter().map(foretold).collect()
        } else {
            flow::disconnect(&account, ui, channels).await
        });
    }
    report(ui, args.dry_run, &results)?;
    flow::verdict(results, None)
}

/// The channels that are there, and a failure for each id that isn't: it went before, or never was.
async fn find(account: &Account, ids: &[String]) -> Result<(Vec<Channel>, Vec<Done>)> {
    let (mut channels, mut missing): (Vec<Channel>, Vec<Done>) = (Vec::new(), Vec::new());
    let found = flow::channels_named(&account.api, ids).await?;
    for (text, found) in ids.iter().zip(found) {
        match found {
            Ok(channel) if !ChannelDbId::looks_like(text) => {
                let (typed, channel) = (text.clone(), (&channel).into());
                return Err(Failure::Usage(Usage::NamedToDelete { typed, channel }).into());
            }
            Ok(channel) if channels.iter().any(|known| known.id == channel.id) => {}
            Ok(channel) => channels.push(channel),
            Err(error) => match error.downcast_ref() {
                Some(Failure::NoSuchChannel { near, .. }) if near.is_empty() => {
                    let error = Failure::AlreadyGone { id: text.clone() }.into();
                    let id = text.parse().ok().filter(|_| !typed::may_be_secret(text));
                    let name = String::new();
                    missing.push(Done {
                        id,
                        channel_id: None,
                        name,
                        action: Action::Failed,
                        error: Some(error),
                    });
                }
                _ => return Err(error),
            },
        }
    }
    Ok((channels, missing))
}

fn show_what_goes(ui: &Ui, channels: &[Channel]) {
    ui.say("These channels would be disconnected:");
    for channel in channels {
        let platform_id = channel.channel_id.as_deref().unwrap_or("-");
        let (kind, name) = (text::name(channel.kind.as_str()), text::name(&channel.name));
        ui.say(&format!("  {}  {kind}  {name} ({})", channel.id, text::name(platform_id)));
    }
    ui.warn("disconnecting a channel also deletes it in Socialchat: connecting it again makes a new one");
}

/// One is agreed to with yes; several by typing how many, which nobody does without having read.
async fn agree(context: &Context, count: usize) -> Result<()> {
    let ui = &context.ui;
    if context.yes {
        return Ok(());
    }
    let question = Question::Delete { count };
    let agreed = if count == 1 {
        flow::answered(ui.confirm("Disconnect and delete it?", false).await, question)?
    } else {
        let label = format!("Type {count} to disconnect and delete all {count}");
        flow::answered(ui.ask(&label).await, question)?.trim() == count.to_string()
    };
    if agreed { Ok(()) } else { Err(Failure::Cancelled(Cancelled::NothingDeleted).into()) }
}

fn foretold(channel: Channel) -> Done {
    let (id, name) = (Some(channel.id), channel.name);
    Done { id, channel_id: channel.channel_id, name, action: Action::Disconnected, error: None }
}

fn report(ui: &Ui, dry_run: bool, results: &[Done]) -> Result<()> {
    if ui.json() {
        #[derive(Serialize)]
        struct Row<'a> {
            #[serde(rename = "_id")]
            id: Option<&'a ChannelDbId>,
            name: &'a str,
            action: Action,
            error: Option<Report<'a>>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Document<'a> {
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            dry_run: bool,
            results: Vec<Row<'a>>,
        }
        let results = results
            .iter()
            .map(|done| Row {
                id: done.id.as_ref(),
                name: &done.name,
                action: done.action,
                error: done.error.as_ref().map(Report::of),
            })
            .collect();
        return Ok(ui.print_json(&Document { dry_run, results })?);
    }
    let mut table = Table::new([Column::new("RESULT"), Column::new("NAME").flexible(), Column::new("_ID")]);
    for done in results {
        let word = super::results::word(dry_run, done.action);
        let name = if done.name.is_empty() { "-" } else { &done.name };
        table.row([
            Cell::styled(super::results::style(done.action), word),
            Cell::new(name),
            Cell::new(done.id.as_ref().map_or("-", ChannelDbId::as_str)),
        ]);
    }
    ui.table(&table);
    super::results::explain(ui, results);
    super::results::count(ui, dry_run, results);
    Ok(())
}
