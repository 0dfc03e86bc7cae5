//! channels watch: tells when a channel is disconnected, and when it is connected again.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::cli::{ChannelsWatch, KindWord};
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{self, Account, Commands, Kept, Look, Watched};
use crate::platform::socialchat::ChannelFilter;
use crate::platform::{ApiError, Known};
use crate::types::Channel;

/// How soon it looks again after a look that is doubted, where the interval isn't shorter.
const CONFIRMED_AFTER: Duration = Duration::from_secs(5);
/// How soon it tries again what failed before anything was seen: a person is likely to sit before it.
const BEGUN_AFTER: Duration = Duration::from_secs(1);
/// So many looks in a row end it, that are refused the credentials or come to no end. A firewall or a busy database
/// does either for a moment.
const FAILURES: u32 = 3;
/// With `--once`, so many commands wait at most.
const WAITING_AT_ONCE: usize = 100;

/// Looks once, or until a signal comes.
pub async fn watch(context: &Context, args: &ChannelsWatch) -> Result<()> {
    let account = super::account(context).await?;
    let mut commands = Commands::new(args.exec.clone(), &context.ui, &context.interrupt);
    if args.once {
        return once(context, &account, args, commands).await;
    }
    let outcome = on(context, &account, args, &mut commands).await;
    commands.finish().await;
    outcome
}

async fn on(
    context: &Context,
    account: &Account,
    args: &ChannelsWatch,
    commands: &mut Commands,
) -> Result<()> {
    let ui = &context.ui;
    let mut watched = Watched::default();
    let (mut unreachable, mut doubted) = (false, false);
    let mut failures = Failures::default();
    loop {
        let mut look = Look::default();
        let looking = channels(account, args, |channel| {
            look.see(&watched, channel, |channel| needed(context, args, channel))
        });
        let looked = commands.beside(looking).await;
        let mut pause = args.interval;
        match looked {
            Ok(()) => {
                failures = Failures::default();
                if std::mem::take(&mut unreachable) {
                    ui.say("The API answers again.");
                }
                if watched.doubts(&look) && !std::mem::replace(&mut doubted, true) {
                    pause = pause.min(CONFIRMED_AFTER);
                    let odd = what_is_odd(&look);
                    ui.warn(&format!(
                        "{odd}. Looking again in {} s before anything is told",
                        pause.as_secs()
                    ));
                } else {
                    doubted = false;
                    if !watched.has_begun() {
                        let (count, loose) = (look.count(), look.disconnected());
                        ui.say(&format!("Watching {count} channels, {loose} disconnected now."));
                    }
                    for channel in watched.believe(look) {
                        tell(context, commands, &channel)?;
                    }
                }
            }
            Err(error) => {
                unreachable = true;
                let Some(left) = failures.left(&error) else { return Err(error) };
                if !watched.has_begun() {
                    pause = pause.min(BEGUN_AFTER);
                }
                let ends = match left {
                    Some(1) => "; once more, and it ends",
                    Some(_) => "; a third time in a row, and it ends",
                    None => "",
                };
                ui.warn(&format!("{error:#}. Looking again in {} s{ends}", pause.as_secs()));
            }
        }
        if ui.reader_is_gone().await {
            return Ok(());
        }
        commands.beside(tokio::time::sleep(pause)).await;
    }
}

fn what_is_odd(look: &Look) -> String {
    match (look.count(), look.disconnected()) {
        (0, _) => "this look shows no channel at all".to_owned(),
        (_, 0) => "this look shows none of the channels that were there".to_owned(),
        _ => "this look shows none connected of the channels that were".to_owned(),
    }
}

/// What has gone wrong in a row.
#[derive(Default)]
struct Failures {
    refused: u32,
    endless: u32,
}

impl Failures {
    /// Counts a failure. Gives whether it goes on, and how many more of this sort end it: without credentials that are
    /// accepted, or with a list that has no end, there is nothing to wait for.
    fn left(&mut self, error: &anyhow::Error) -> Option<Option<u32>> {
        let api = error.downcast_ref::<ApiError>();
        let refused = api.is_some_and(|error| error.known() == Some(Known::BadCredentials));
        let endless = matches!(error.downcast_ref(), Some(Failure::EndlessChannels { .. }));
        if api.is_none() && !endless {
            return None;
        }
        self.refused = if refused { self.refused + 1 } else { 0 };
        self.endless = if endless { self.endless + 1 } else { 0 };
        match self.refused.max(self.endless) {
            0 => Some(None),
            FAILURES.. => None,
            count => Some(Some(FAILURES - count)),
        }
    }
}

async fn once(
    context: &Context,
    account: &Account,
    args: &ChannelsWatch,
    mut commands: Commands,
) -> Result<()> {
    let (total, unknown, loose) = match loose(context, account, args).await {
        // Channels that come and go while it is read can make a page look like another.
        Err(error) if matches!(error.downcast_ref(), Some(Failure::EndlessChannels { .. })) => {
            tokio::time::sleep(BEGUN_AFTER).await;
            loose(context, account, args).await?
        }
        found => found?,
    };
    let ui = &context.ui;
    if ui.json() {
        ui.print_json(&json!({ "disconnected": loose, "unknown": unknown, "total": total }))?;
    }
    if unknown > 0 {
        ui.warn(&format!("the API doesn't tell whether {unknown} of {total} channels are connected"));
    }
    for channel in &loose {
        if !ui.json() {
            ui.line(&line(channel));
        }
        commands.down_to(WAITING_AT_ONCE).await;
        commands.add(channel);
    }
    commands.all().await;
    if loose.is_empty() {
        ui.say(&match (total, unknown) {
            (0, _) => "There is no channel.".to_owned(),
            (1, 0) => "The only channel is connected.".to_owned(),
            (_, 0) => format!("All {total} channels are connected."),
            _ => "No channel is known to be disconnected.".to_owned(),
        });
        return Ok(());
    }
    let mut kinds: Vec<_> = loose.iter().map(|channel| channel.kind.clone()).collect();
    kinds.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    kinds.dedup();
    Err(Failure::Loose { loose: loose.len(), total, kinds }.into())
}

/// How many channels are watched, of how many the API tells no state, and those that are disconnected.
async fn loose(
    context: &Context,
    account: &Account,
    args: &ChannelsWatch,
) -> Result<(usize, usize, Vec<Channel>)> {
    let (mut total, mut unknown, mut loose, mut kept) = (0, 0, Vec::new(), Kept::default());
    channels(account, args, |channel| {
        total += 1;
        unknown += usize::from(channel.is_connected.is_none());
        if channel.is_disconnected() {
            let channel = needed(context, args, channel);
            kept.whole(&channel)?;
            loose.push(channel);
        }
        Ok(())
    })
    .await?;
    Ok((total, unknown, loose))
}

/// Each channel that is watched, as it is now.
async fn channels(
    account: &Account,
    args: &ChannelsWatch,
    mut each: impl FnMut(Channel) -> Result<()>,
) -> Result<()> {
    let filter = ChannelFilter { search: None, kinds: KindWord::kinds(&args.kind) };
    flow::channels(&account.api, &filter, |batch| {
        let wanted = |channel: &Channel| filter.kinds.is_empty() || filter.kinds.contains(&channel.kind);
        batch.into_iter().filter(wanted).try_for_each(&mut each)?;
        Ok(true)
    })
    .await
}

/// As much of a channel as is told of it.
fn needed(context: &Context, args: &ChannelsWatch, channel: Channel) -> Channel {
    match context.ui.json() || args.exec.is_some() {
        true => channel,
        false => flow::slim(channel, &["disconnectedAt", "updatedAt"]),
    }
}

/// A line for one that changed.
fn tell(context: &Context, commands: &mut Commands, channel: &Channel) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        ui.print_json(channel)?;
    } else {
        ui.line(&line(channel));
    }
    ui.bell();
    commands.add(channel);
    Ok(())
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
