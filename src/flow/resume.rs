//! Going on with a bulk run that was interrupted, or failed in part.

use std::collections::HashMap;

use anyhow::Result;

use super::Partner;
use super::listing::channels_of;
use super::outcome::{Action, Done};
use super::reconnect::was_reconnected;
use crate::failure::{Failure, Usage};
use crate::store::run::{RunError, RunRecord, Step, Unfinished};
use crate::types::{Channel, ChannelDbId, Invocation, Shard, SignInKind};
use crate::ui::Ui;

/// The record of `reconnect` for a kind, and for a share its own.
pub fn open_record(account: &Partner, kind: SignInKind, shard: Option<Shard>) -> Result<RunRecord> {
    let share = shard.map(|shard| format!(".{}-of-{}", shard.index, shard.count)).unwrap_or_default();
    Ok(RunRecord::open(&account.folders, &account.profile, &format!("reconnect.{kind}{share}"))?)
}

/// Says what an earlier run has left, where a new one begins.
pub fn tell_earlier(ui: &Ui, record: &mut RunRecord, is_kept: bool) {
    if let Some(damage) = record.damage() {
        let damage = anyhow::Error::from(damage);
        ui.warn(&format!("{damage:#}. This run's record takes its place"));
    }
    if let Some(left) = record.unfinished() {
        let what = if is_kept { "--resume goes on with it" } else { "this one takes its place" };
        ui.note(&format!("A run of {} was not finished; {what}.", left.begun));
    }
}

/// Whether an earlier run on the same API has left something in the record.
pub fn is_unfinished_on(account: &Partner, record: &RunRecord) -> bool {
    record.unfinished().is_some_and(|left| left.api_url == account.api_name)
}

/// Says that this run isn't recorded, where that has failed. It goes on: the record is only for going on after it.
pub fn warn_unrecorded(ui: &Ui, outcome: Result<(), RunError>) {
    if let Err(error) = outcome {
        let error = anyhow::Error::from(error);
        ui.warn(&format!("{error:#}. This run is not recorded: --resume can't go on with it"));
    }
}

/// A record that can't be written doesn't stop the work: what it is for is going on after a failure. It is said once.
pub fn note(ui: &Ui, record: &mut RunRecord, id: &ChannelDbId, step: Step) {
    if let Err(error) = record.note(id, step) {
        let error = anyhow::Error::from(error);
        ui.warn(&format!(
            "{error:#}. The channels go on being reconnected; what is done from here on is noted when there is room"
        ));
    }
}

/// The record of a run that has ended.
pub struct Closing {
    pub record: RunRecord,
    pub all_done: bool,
    /// The command that goes on with the run.
    pub resume: Invocation,
}

impl Closing {
    /// Ends the record, once the results have been shown. What is wrong with it is said, and doesn't undo them.
    pub fn close(self, ui: &Ui) {
        let Closing { record, all_done, resume } = self;
        if all_done {
            if let Err(error) = record.finish() {
                let error = anyhow::Error::from(error);
                ui.warn(&format!("{error:#}. All channels of this run are done: {resume} isn't needed"));
            }
            return;
        }
        match record.close() {
            Ok(0) => {}
            Ok(lost) => {
                let channels = if lost == 1 {
                    "1 channel that is done"
                } else {
                    &format!("{lost} channels that are done")
                };
                ui.warn(&format!("{resume} can't know of {channels}, and does them again"));
            }
            Err(error) => {
                let error = anyhow::Error::from(error);
                ui.warn(&format!("{error:#}: {resume} can't go on with this run"));
            }
        }
    }
}

/// What an interrupted run has left, and results for those of which it is found that they were done.
pub async fn resumed(
    account: &Partner,
    ui: &Ui,
    kind: SignInKind,
    record: &mut RunRecord,
) -> Result<(Vec<Channel>, Vec<Done>)> {
    if let Some(damage) = record.damage() {
        return Err(damage.into());
    }
    let Some(left) = record.unfinished() else {
        return Err(Failure::Usage(Usage::NothingToResume { kind }).into());
    };
    if left.api_url != account.api_name {
        let (was_on, asked) = (left.api_url.clone(), account.api_name.clone());
        return Err(Failure::Usage(Usage::OtherApi { was_on, asked }).into());
    }
    let was_done = left.targets.iter().filter(|id| left.steps.get(*id) == Some(&Step::Done)).count();
    ui.say(&format!(
        "Going on with the run of {}: {was_done} of {} are done.",
        left.begun,
        left.targets.len()
    ));
    match left.unreadable {
        0 => {}
        1 => ui.warn("1 line of the record can't be read: its channel is looked at again"),
        lines => {
            ui.warn(&format!("{lines} lines of the record can't be read: their channels are looked at again"))
        }
    }
    let (channels, results) = split(left, channels_of(&(&account.api).into(), kind).await?);
    let doubtful: Vec<_> = results
        .iter()
        .filter_map(|result: &Done| Some((result.id.clone()?, result.outcome.is_ok())))
        .collect();
    warn_unrecorded(ui, record.go_on());
    for (id, was_done) in doubtful {
        note(ui, record, &id, if was_done { Step::Done } else { Step::Failed });
    }
    Ok((channels, results))
}

/// Those still to be done, and results for those that were under way when the run ended and show that they were carried
/// out, and for those that are gone.
fn split(left: &Unfinished, channels: Vec<Channel>) -> (Vec<Channel>, Vec<Done>) {
    let mut now: HashMap<_, _> = channels.into_iter().map(|channel| (channel.id.clone(), channel)).collect();
    let (mut todo, mut results) = (Vec::new(), Vec::new());
    for id in &left.targets {
        let step = left.steps.get(id);
        if step == Some(&Step::Done) {
            continue;
        }
        let Some(channel) = now.remove(id) else {
            let outcome = Err(Failure::NoSuchChannel { id: id.to_string(), near: Vec::new() }.into());
            results.push(Done { id: Some(id.clone()), channel_id: None, name: String::new(), outcome });
            continue;
        };
        match step {
            Some(Step::Begun { updated_at }) if was_reconnected(&channel, true, updated_at.as_deref()) => {
                results.push(Done::of(channel, Ok(Action::Reconnected)));
            }
            _ => todo.push(channel),
        }
    }
    (todo, results)
}
