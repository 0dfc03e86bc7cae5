//! Gives existing channels a fresh token: one sign-in for all of them, several at a time, with a record to go on from.

mod one;
mod round;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use super::choose::{ChannelChoice, channels_meant};
use super::resume::{Closing, is_unfinished_on, open_record, resumed, tell_earlier, warn_unrecorded};
use super::sign_in::SignIn;
use super::{Done, Partner};
use crate::failure::Failure;
use crate::store::run::RunRecord;
use crate::types::{Channel, Invocation, Shard, SignInKind};
use crate::ui::{Ui, text};

pub use one::{is_dead_token, reconnect_one, was_reconnected, was_reconnected_since};

/// What is to be reconnected, and how.
pub struct ReconnectPlan {
    pub kind: SignInKind,
    pub choice: ChannelChoice,
    /// Of those chosen, this share alone.
    pub shard: Option<Shard>,
    /// Go on with an interrupted run, whatever is chosen.
    pub resume: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// How many at the same time.
    pub concurrency: usize,
}

/// A run whose channels are known.
pub struct Reconnecting<'a> {
    account: &'a Partner,
    ui: &'a Ui,
    plan: ReconnectPlan,
    /// Those that are still to be done.
    channels: Vec<Channel>,
    results: Vec<Done>,
    /// The tasks share it.
    record: Arc<Mutex<RunRecord>>,
    /// A larger run is unfinished: its record is kept, and learns what is done here.
    beside: bool,
    /// Whether a sign-in was begun that sends something.
    begun: bool,
    /// All channels of the kind that are connected and not to be done, where they were listed.
    others: Option<Vec<Channel>>,
    /// Connected channels that the sign-in doesn't cover; none where not all were listed.
    lost: Option<Vec<Channel>>,
}

impl<'a> Reconnecting<'a> {
    /// Finds the channels: those chosen, or what an interrupted run has left. Nobody has to sign in for that.
    pub async fn find(account: &'a Partner, ui: &'a Ui, plan: ReconnectPlan) -> Result<Self> {
        let kind = plan.kind;
        let mut record = open_record(account, kind, plan.shard)?;
        let by_name = matches!(plan.choice, ChannelChoice::Named(_));
        let beside = !plan.resume && by_name && is_unfinished_on(account, &record);
        let (channels, results, others) = if plan.resume {
            let (channels, results) = resumed(account, ui, kind, &mut record).await?;
            (channels, results, None)
        } else {
            if !plan.dry_run {
                tell_earlier(ui, &mut record, beside);
            }
            // The list has all of them: those that are left alone may lose their access.
            let only_disconnected = matches!(plan.choice, ChannelChoice::Disconnected);
            let listed = if only_disconnected { &ChannelChoice::All } else { &plan.choice };
            let found = channels_meant(&(&account.api).into(), ui, kind, listed).await?;
            let is_whole = matches!(listed, ChannelChoice::All);
            if is_whole {
                tell_counts(ui, kind, &found);
            }
            let is_meant = |channel: &Channel| {
                (!only_disconnected || channel.is_disconnected())
                    && plan.shard.is_none_or(|shard| shard.contains(&channel.id))
            };
            let (channels, others) = found.into_iter().partition(is_meant);
            (channels, Vec::new(), is_whole.then_some(others))
        };
        let record = Arc::new(Mutex::new(record));
        let (begun, lost) = (false, None);
        Ok(Reconnecting { account, ui, plan, channels, results, record, beside, begun, others, lost })
    }

    /// Whether nothing is left to be sent, and so nobody has to sign in.
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Reconnects them. Where the token dies on the way, it goes on with the sign-in `again`.
    pub async fn send(&mut self, mut sign_in: SignIn, mut again: Option<SignIn>) -> Result<()> {
        self.begin();
        let order = self.channels.iter().enumerate().map(|(index, channel)| (channel.id.clone(), index));
        let order: HashMap<_, _> = order.collect();
        loop {
            let next = match self.round(sign_in).await {
                // Where the callback URL isn't back, another sign-in has nothing to borrow.
                Ok(()) if self.is_empty() || !self.account.interrupt.borrowed().left().is_empty() => None,
                Ok(()) => again.take(),
                Err(error) if again.is_some() && is_dead_token(&error) => again.take(),
                // What is done already has to be told, whatever comes after it.
                Err(error) if !self.results.is_empty() => {
                    self.ui.warn(&format!("{error:#}"));
                    None
                }
                Err(error) => return Err(error),
            };
            // A token that dies twice is not cured by a third.
            let Some(next) = next else { break };
            self.ui.warn(&format!(
                "the token is not valid any more, with {} left to do: sign in once more to go on",
                self.channels.len()
            ));
            sign_in = next;
        }
        let next = resume_command(self.plan.kind, self.plan.shard);
        let died = |channel| Done::of(channel, Err(Failure::TokenDied { next: Some(next.clone()) }.into()));
        self.results.extend(self.channels.drain(..).map(died));
        self.results.sort_by_key(|done| done.id.as_ref().and_then(|id| order.get(id)));
        Ok(())
    }

    fn begin(&mut self) {
        self.begun = true;
        let mut record = locked(&self.record);
        if self.beside {
            warn_unrecorded(self.ui, record.go_on());
        } else if !self.plan.resume {
            let targets = self.channels.iter().map(|channel| channel.id.clone()).collect();
            warn_unrecorded(self.ui, record.begin(&self.account.api_name, targets));
        }
    }

    /// Connected channels that the sign-in doesn't cover; none where that isn't known.
    pub fn lost(&mut self) -> Option<Vec<Channel>> {
        self.lost.take()
    }

    /// A result for each, and what closes the record once they have been shown.
    pub fn results(self) -> (Vec<Done>, Option<Closing>) {
        let is_closed = self.begun || self.plan.resume && !self.plan.dry_run;
        let record = Arc::into_inner(self.record).and_then(|record| record.into_inner().ok());
        // Of those that an earlier run has left, none is there any more where nothing was begun.
        let is_done = self.channels.is_empty() && self.results.iter().all(|done| done.outcome.is_ok());
        let all_done = !self.begun || !self.beside && is_done;
        let resume = resume_command(self.plan.kind, self.plan.shard);
        (self.results, record.filter(|_| is_closed).map(|record| Closing { record, all_done, resume }))
    }
}

/// How many there are, before anybody signs in: all of them should be ticked.
fn tell_counts(ui: &Ui, kind: SignInKind, channels: &[Channel]) {
    if channels.is_empty() {
        return;
    }
    let disconnected = channels.iter().filter(|channel| channel.is_disconnected()).count();
    let connected = text::count(channels.len().saturating_sub(disconnected));
    ui.note(&format!(
        "{} channels now: {connected} connected, {} disconnected",
        kind.title(),
        text::count(disconnected)
    ));
}

fn locked(record: &Mutex<RunRecord>) -> MutexGuard<'_, RunRecord> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

fn resume_command(kind: SignInKind, shard: Option<Shard>) -> Invocation {
    let shard = shard.map(|shard| format!(" --shard {shard}")).unwrap_or_default();
    Invocation::new(format!("reconnect {kind}{shard} --resume"))
}
