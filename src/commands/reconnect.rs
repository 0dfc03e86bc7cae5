//! reconnect messenger, reconnect instagram: one sign-in, a fresh token for each channel.

use std::sync::{Arc, Mutex};

use anyhow::Result;

use super::results;
use super::sign_in::{sign_in, sign_in_again};
use crate::cli::{ReconnectChannels, Shard};
use crate::context::Context;
use crate::flow::{self, Account, Action, ChannelChoice, Done, Failure, Listing, ReconnectPlan, SignIn};
use crate::store::run::{RunRecord, Step, Unfinished};
use crate::types::{Channel, Kind, Page};
use crate::ui::Ui;

/// Reconnects what is chosen. The channels are found before anybody has to sign in.
pub async fn reconnect(context: &Context, kind: Kind, args: ReconnectChannels) -> Result<()> {
    let ui = &context.ui;
    let sign_in = sign_in(context, kind, &args.sign_in).await?;
    let account = super::account(context).await?;
    let mut record = open_record(&account, kind, args.shard)?;
    let (channels, mut results) = if args.resume {
        resumed(&account, ui, kind, &mut record).await?
    } else {
        if let Some(left) = record.unfinished().filter(|_| !args.dry_run) {
            ui.note(&format!(
                "A run of {} was not finished; --resume would have gone on with it.",
                left.begun
            ));
        }
        let mut channels = flow::channels_meant(&account.api, ui, kind, choice(&args)).await?;
        if let Some(shard) = args.shard {
            channels.retain(|channel| flow::is_in_shard(&channel.id, shard.index, shard.count));
        }
        (channels, Vec::new())
    };
    if channels.is_empty() && results.is_empty() {
        ui.say(&format!("There is no {} channel to reconnect.", kind.title()));
    }
    if channels.is_empty() {
        if !args.dry_run && args.resume {
            record.finish()?;
        }
        return results::show(context, kind, args.dry_run, results);
    }
    let at_once = args.concurrency.into();
    if args.dry_run {
        return foretell(context, &account, kind, sign_in, channels).await;
    }
    if !args.resume {
        record.begin(&account.api_name, channels.iter().map(|channel| channel.id.clone()).collect())?;
    }
    let record = Arc::new(Mutex::new(record));
    let order: Vec<_> = channels.iter().map(|channel| channel.id.clone()).collect();
    let mut left = channels;
    let mut next = Some(sign_in);
    let mut returned = Ok(());
    while let Some(sign_in) = next.take() {
        let mut signed_in = flow::authorize(&account, ui, sign_in).await?;
        let covered = match covered(&account, ui, kind, &signed_in.token).await {
            Err(error) if flow::is_dead_token(&error) && context.ui.interactive() && returned.is_ok() => {
                ui.warn("the token is not valid any more: sign in once more to go on");
                next = Some(sign_in_again(context, kind, &args.sign_in)?);
                returned = Err(error);
                continue;
            }
            covered => covered?,
        };
        let plan = ReconnectPlan { kind, channels: left, covered: &covered, at_once };
        let outcome = flow::reconnect(&account, ui, &signed_in.token, &record, plan).await;
        results.extend(outcome.results);
        left = outcome.left;
        signed_in.callback_is_back().await;
        let first = returned.is_ok();
        returned = signed_in.finish().await;
        if left.is_empty() {
            break;
        }
        if first && ui.interactive() {
            ui.warn(&format!("the token died with {} left to do: sign in once more to go on", left.len()));
            next = Some(sign_in_again(context, kind, &args.sign_in)?);
            returned = Ok(());
        }
    }
    results.extend(left.into_iter().map(|channel| flow::done(channel, Err(Failure::TokenDied.into()))));
    results.sort_by_key(|done| order.iter().position(|id| Some(id) == done.id.as_ref()));
    let all_done = results.iter().all(|done| done.action != Action::Failed);
    if all_done && let Some(record) = Arc::into_inner(record).and_then(|record| record.into_inner().ok()) {
        record.finish()?;
    }
    results::show(context, kind, false, results)?;
    returned
}

fn choice(args: &ReconnectChannels) -> ChannelChoice {
    match (args.all, args.disconnected) {
        (true, _) => ChannelChoice::All,
        (_, true) => ChannelChoice::Disconnected,
        _ if !args.ids.is_empty() => ChannelChoice::Named(args.ids.clone()),
        _ => ChannelChoice::Ask,
    }
}

async fn covered(account: &Account, ui: &Ui, kind: Kind, token: &crate::types::Secret) -> Result<Vec<Page>> {
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    Listing::new(&account.api, kind, token)
        .all(|count| progress.set_text(&format!("Listing {}s: {count}", kind.noun())))
        .await
}

/// With `--dry-run`: signs in, to see what the token covers, and sends nothing.
async fn foretell(
    context: &Context,
    account: &Account,
    kind: Kind,
    sign_in: SignIn,
    channels: Vec<Channel>,
) -> Result<()> {
    let mut signed_in = flow::authorize(account, &context.ui, sign_in).await?;
    let covered = covered(account, &context.ui, kind, &signed_in.token).await?;
    let (channels, mut results) = flow::only_covered(&context.ui, kind, channels, &covered);
    results.extend(channels.into_iter().map(|channel| flow::done(channel, Ok(()))));
    signed_in.callback_is_back().await;
    results::show(context, kind, true, results)?;
    signed_in.finish().await
}

fn open_record(account: &Account, kind: Kind, shard: Option<Shard>) -> Result<RunRecord> {
    let shard = shard.map(|shard| format!(".{}-of-{}", shard.index, shard.count)).unwrap_or_default();
    Ok(RunRecord::open(&account.folders, &account.profile, &format!("reconnect.{kind}{shard}"))?)
}

/// What an interrupted run has left, and results for those of which it is found that they were done.
async fn resumed(
    account: &Account,
    ui: &Ui,
    kind: Kind,
    record: &mut RunRecord,
) -> Result<(Vec<Channel>, Vec<Done>)> {
    let Some(left) = record.unfinished() else {
        let message = format!("there is no unfinished run of `reconnect {kind}` to go on with");
        let hint = "begin one with --disconnected or --all".to_owned();
        return Err(Failure::Usage { message, hint }.into());
    };
    if left.api_url != account.api_name {
        let message = format!("the unfinished run was on {}, not on {}", left.api_url, account.api_name);
        return Err(Failure::Usage { message, hint: format!("give --api-url {}", left.api_url) }.into());
    }
    let was_done = left.targets.iter().filter(|id| left.steps.get(*id) == Some(&Step::Done)).count();
    ui.say(&format!(
        "Going on with the run of {}: {was_done} of {} are done.",
        left.begun,
        left.targets.len()
    ));
    let (channels, results) = split(left, flow::channels_of(&account.api, kind).await?);
    let doubtful: Vec<_> =
        results.iter().filter_map(|done: &Done| Some((done.id.clone()?, done.error.is_none()))).collect();
    record.go_on()?;
    for (id, was_done) in doubtful {
        record.note(&id, if was_done { Step::Done } else { Step::Failed })?;
    }
    Ok((channels, results))
}

/// Those still to be done, and results for those that were under way when the run ended and show that they were carried
/// out, and for those that are gone.
fn split(left: &Unfinished, channels: Vec<Channel>) -> (Vec<Channel>, Vec<Done>) {
    let mut now: std::collections::HashMap<_, _> =
        channels.into_iter().map(|channel| (channel.id.clone(), channel)).collect();
    let (mut todo, mut results) = (Vec::new(), Vec::new());
    for id in &left.targets {
        let step = left.steps.get(id);
        if step == Some(&Step::Done) {
            continue;
        }
        let Some(channel) = now.remove(id) else {
            let error = Failure::NoSuchChannel { id: id.to_string(), near: Vec::new() }.into();
            let (id, name) = (Some(id.clone()), String::new());
            results.push(Done { id, channel_id: None, name, action: Action::Failed, error: Some(error) });
            continue;
        };
        match step {
            Some(Step::Begun { updated_at }) if flow::was_mended(&channel, true, updated_at.as_deref()) => {
                results.push(flow::done(channel, Ok(())));
            }
            _ => todo.push(channel),
        }
    }
    (todo, results)
}
