//! reconnect messenger, reconnect instagram: one sign-in, a fresh token for each channel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::Result;

use super::results;
use super::sign_in::{sign_in, sign_in_again};
use crate::cli::ReconnectChannels;
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{self, Account, Action, ChannelChoice, Done, Listing, ReconnectPlan, SignIn, SignedIn};
use crate::store::run::RunRecord;
use crate::types::{Channel, Invocation, Page, SignInKind};
use crate::ui::Ui;

/// Reconnects what is chosen. The channels are found before anybody has to sign in.
pub async fn reconnect(context: &Context, kind: SignInKind, args: ReconnectChannels) -> Result<()> {
    let ui = &context.ui;
    let account = super::account(context).await?;
    let mut record = flow::open_record(&account, kind, args.shard.map(|shard| (shard.index, shard.count)))?;
    // Some by name, while a larger run is unfinished: its record is kept, and learns what is done here.
    let beside = !args.resume && !args.ids.is_empty() && flow::is_unfinished_on(&account, &record);
    let (channels, mut results) = if args.resume {
        flow::resumed(&account, ui, kind, &mut record).await?
    } else {
        if let Some(damage) = record.damage().filter(|_| !args.dry_run) {
            let damage = anyhow::Error::from(damage);
            ui.warn(&format!("{damage:#}. This run's record takes its place"));
        }
        if let Some(left) = record.unfinished().filter(|_| !args.dry_run) {
            let what = if beside { "--resume goes on with it" } else { "this one takes its place" };
            ui.note(&format!("A run of {} was not finished; {what}.", left.begun));
        }
        let mut channels = flow::channels_meant(&account.api, ui, kind, choice(&args)).await?;
        if let Some(shard) = args.shard {
            channels.retain(|channel| flow::is_in_shard(&channel.id, shard.index, shard.count));
        }
        (channels, Vec::new())
    };
    if channels.is_empty() && results.is_empty() {
        ui.say(&match args.disconnected {
            true => format!("No {} channel is disconnected.", kind.title()),
            false => format!("There is no {} channel to reconnect.", kind.title()),
        });
    }
    let resume = resume_command(kind, &args);
    if channels.is_empty() {
        let shown = results::show(context, kind, args.dry_run, results);
        if !args.dry_run && args.resume {
            flow::close_record(ui, record, true, &resume);
        }
        return shown;
    }
    // Only now: where nothing is to be done, or nothing was chosen, nobody has to be there who signs in.
    let mut sign_in = sign_in(context, kind, &args.sign_in).await?;
    if args.dry_run {
        return foretell(context, &account, kind, sign_in, channels).await;
    }
    if beside {
        flow::warn_unrecorded(ui, record.go_on());
    } else if !args.resume {
        let targets = channels.iter().map(|channel| channel.id.clone()).collect();
        flow::warn_unrecorded(ui, record.begin(&account.api_name, targets));
    }
    let order: HashMap<_, _> =
        channels.iter().enumerate().map(|(index, channel)| (channel.id.clone(), index)).collect();
    let record = Arc::new(Mutex::new(record));
    let mut left = channels;
    let mut again = ui.interactive();
    let returned = loop {
        match round(context, &account, sign_in, &record, &args, &mut left, &mut results).await {
            Ok(returned) if left.is_empty() || !again || returned.is_err() => break returned,
            Ok(_) => {}
            Err(error) if again && flow::is_dead_token(&error) => {}
            // What is done already has to be told, whatever comes after it.
            Err(error) if !results.is_empty() => {
                ui.warn(&format!("{error:#}"));
                break Ok(());
            }
            Err(error) => return Err(error),
        }
        // A token that dies twice is not cured by a third.
        again = false;
        ui.warn(&format!(
            "the token is not valid any more, with {} left to do: sign in once more to go on",
            left.len()
        ));
        sign_in = sign_in_again(context, kind, &args.sign_in)?;
    };
    results.extend(left.into_iter().map(|channel| flow::done(channel, Err(Failure::TokenDied.into()))));
    results.sort_by_key(|done| done.id.as_ref().and_then(|id| order.get(id)));
    let all_done = results.iter().all(|done| done.action != Action::Failed);
    let shown = results::show(context, kind, false, results);
    // What becomes of the record comes after what became of the channels.
    if let Some(record) = Arc::into_inner(record).and_then(|record| record.into_inner().ok()) {
        flow::close_record(ui, record, all_done && !beside, &resume);
    }
    shown?;
    returned
}

/// One sign-in and what can be done with it. Leaves in `left` what its token was too old for; gives whether the
/// callback URL could be put back.
async fn round(
    context: &Context,
    account: &Account,
    sign_in: SignIn,
    record: &Arc<Mutex<RunRecord>>,
    args: &ReconnectChannels,
    left: &mut Vec<Channel>,
    results: &mut Vec<Done>,
) -> Result<Result<()>> {
    let (ui, kind) = (&context.ui, sign_in.kind);
    let mut signed_in = flow::authorize(account, ui, sign_in).await?;
    let covered = covered(account, ui, kind, &mut signed_in).await?;
    let plan = ReconnectPlan {
        kind,
        channels: std::mem::take(left),
        covered: &covered,
        at_once: args.concurrency.into(),
        go_on: format!("{} goes on with the rest.", resume_command(kind, args)),
    };
    let outcome = flow::reconnect(account, ui, &signed_in.token, record, plan).await;
    results.extend(outcome.results);
    *left = outcome.left;
    signed_in.callback_is_back().await;
    Ok(signed_in.finish().await)
}

fn resume_command(kind: SignInKind, args: &ReconnectChannels) -> Invocation {
    let shard = args.shard.map(|shard| format!(" --shard {shard}")).unwrap_or_default();
    Invocation::new(format!("reconnect {kind}{shard} --resume"))
}

fn choice(args: &ReconnectChannels) -> ChannelChoice {
    match (args.all, args.disconnected) {
        (true, _) => ChannelChoice::All,
        (_, true) => ChannelChoice::Disconnected,
        _ if !args.ids.is_empty() => ChannelChoice::Named(args.ids.clone()),
        _ => ChannelChoice::Ask,
    }
}

/// What the token covers. Where that can't be listed, the callback URL is back first: another sign-in may follow.
async fn covered(
    account: &Account,
    ui: &Ui,
    kind: SignInKind,
    signed_in: &mut SignedIn,
) -> Result<Vec<Page>> {
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    let covered = Listing::new(&account.api, kind, &signed_in.token)
        .all(|count| progress.set_text(&format!("Listing {}s: {count}", kind.noun())))
        .await;
    drop(progress);
    if covered.is_err() {
        signed_in.callback_is_back().await;
    }
    covered
}

/// With `--dry-run`: signs in, to see what the token covers, and sends nothing.
async fn foretell(
    context: &Context,
    account: &Account,
    kind: SignInKind,
    sign_in: SignIn,
    channels: Vec<Channel>,
) -> Result<()> {
    let mut signed_in = flow::authorize(account, &context.ui, sign_in).await?;
    let covered = covered(account, &context.ui, kind, &mut signed_in).await?;
    let (channels, mut results) = flow::only_covered(&context.ui, kind, channels, &covered);
    results.extend(channels.into_iter().map(|channel| flow::done(channel, Ok(()))));
    signed_in.callback_is_back().await;
    results::show(context, kind, true, results)?;
    signed_in.finish().await
}
