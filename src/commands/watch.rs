//! channels watch: tells when a channel comes loose or comes back.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::api::{ApiError, ChannelFilter, Known};
use crate::cli::ChannelsWatch;
use crate::context::{Context, SECRET_VARIABLES};
use crate::flow::{self, Account, Failure};
use crate::types::{Channel, ChannelDbId};

/// How long a command of `--exec` may take.
const LONGEST_COMMAND: Duration = Duration::from_secs(60);

/// Looks once, or until a signal comes.
pub async fn watch(context: &Context, args: &ChannelsWatch) -> Result<()> {
    let account = super::account(context).await?;
    if args.once {
        return once(context, &account, args).await;
    }
    let ui = &context.ui;
    let mut known: Option<HashMap<ChannelDbId, bool>> = None;
    let mut unreachable = false;
    loop {
        // Only what is needed is kept of each: there can be ten thousand.
        let (mut now, mut changed) = (HashMap::new(), Vec::new());
        let looked = look(&account, args, |channel| {
            let before = known.as_ref().map(|known| known.get(&channel.id).copied());
            now.insert(channel.id.clone(), channel.is_connected);
            // One that wasn't there before and is loose has come loose meanwhile.
            if before.is_some_and(|before| before.unwrap_or(true) != channel.is_connected) {
                changed.push(channel);
            }
        });
        match looked.await {
            Ok(()) => {
                if std::mem::take(&mut unreachable) {
                    ui.say("The API answers again.");
                }
                if known.is_none() {
                    let loose = now.values().filter(|connected| !**connected).count();
                    ui.say(&format!("Watching {} channels, {loose} disconnected now.", now.len()));
                }
                for channel in &changed {
                    tell(context, args, channel).await?;
                }
                known = Some(now);
            }
            Err(error) if is_final(&error) => return Err(error),
            Err(error) => {
                unreachable = true;
                ui.warn(&format!("{error:#}. Looking again in {} s", args.interval.as_secs()));
            }
        }
        if ui.reader_is_gone().await {
            return Ok(());
        }
        tokio::time::sleep(args.interval).await;
    }
}

async fn once(context: &Context, account: &Account, args: &ChannelsWatch) -> Result<()> {
    let (mut total, mut loose) = (0, Vec::new());
    look(account, args, |channel| {
        total += 1;
        if !channel.is_connected {
            loose.push(channel);
        }
    })
    .await?;
    let ui = &context.ui;
    if ui.json() {
        ui.print_json(&json!({ "disconnected": loose, "total": total }))?;
    }
    for channel in &loose {
        if !ui.json() {
            ui.line(&line(channel));
        }
        run(context, args, channel).await;
    }
    if loose.is_empty() {
        ui.say(&format!("All {total} channels are connected."));
        return Ok(());
    }
    let mut kinds: Vec<String> = loose.iter().map(|channel| channel.channel_type.clone()).collect();
    kinds.sort();
    kinds.dedup();
    Err(Failure::Loose { loose: loose.len(), total, kinds }.into())
}

/// Each channel that is watched, as it is now.
async fn look(account: &Account, args: &ChannelsWatch, mut each: impl FnMut(Channel)) -> Result<()> {
    let types: Vec<String> = args.kind.iter().map(|kind| kind.as_str().to_owned()).collect();
    let filter = ChannelFilter { search: None, types };
    flow::channels(&account.api, &filter, |batch| {
        let wanted =
            |channel: &Channel| filter.types.is_empty() || filter.types.contains(&channel.channel_type);
        batch.into_iter().filter(wanted).for_each(&mut each);
        Ok(true)
    })
    .await
}

/// A line for one that changed.
async fn tell(context: &Context, args: &ChannelsWatch, channel: &Channel) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        ui.print_json(channel)?;
    } else {
        ui.line(&line(channel));
    }
    ui.bell();
    run(context, args, channel).await;
    Ok(())
}

fn line(channel: &Channel) -> String {
    let state = if channel.is_connected { "connected" } else { "disconnected" };
    let since = if channel.is_connected { "updatedAt" } else { "disconnectedAt" };
    let since = channel.text(since).or_else(|| channel.text("updatedAt")).unwrap_or("-");
    format!("{state:<12}  {:<10}  {}  {}  {since}", channel.channel_type, channel.id, channel.name)
}

/// Without credentials that are accepted there is nothing to wait for.
fn is_final(error: &anyhow::Error) -> bool {
    let api = error.downcast_ref::<ApiError>();
    api.is_none_or(|error| error.known() == Some(Known::BadCredentials))
}

/// Runs the command of `--exec`. Its failure is said, and doesn't end the watching.
async fn run(context: &Context, args: &ChannelsWatch, channel: &Channel) {
    let Some(command) = args.exec.clone() else { return };
    let outcome = match serde_json::to_vec(channel) {
        Ok(input) => tokio::task::spawn_blocking(move || shell(&command, input)).await.map_err(Into::into),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = outcome.and_then(|outcome| outcome) {
        context.ui.warn(&format!("--exec: {error:#}"));
    }
}

fn shell(command: &str, input: Vec<u8>) -> Result<()> {
    use std::io::Write as _;
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut process = std::process::Command::new(shell);
    process.arg(flag).arg(command).stdin(Stdio::piped());
    // What it is for needs none of our secrets.
    for name in SECRET_VARIABLES {
        process.env_remove(name);
    }
    // Our stdout is the result: what the command prints goes beside it.
    process.stdout(std::io::stderr());
    let mut child = process.spawn().context("the shell can't be started")?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that doesn't read it is fine; on a thread of its own, since it may not even read it to the end.
        std::thread::spawn(move || stdin.write_all(&input));
    }
    let until = std::time::Instant::now() + LONGEST_COMMAND;
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => anyhow::bail!("the command ended with {status}"),
            None if std::time::Instant::now() > until => {
                let _ = child.kill();
                let _ = child.wait();
                anyhow::bail!("the command took longer than {} s and was ended", LONGEST_COMMAND.as_secs());
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
