//! What became of each Page or channel.

use anyhow::Result;

use crate::failure::{Failure, Undone};
use crate::types::{Channel, ChannelDbId, Invocation};

/// What was done with one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Connected,
    Reconnected,
    Disconnected,
    Skipped,
}

/// What became of one.
#[derive(Debug)]
pub struct Done {
    /// Socialchat's id, where it is known.
    pub id: Option<ChannelDbId>,
    /// The platform's own id.
    pub channel_id: Option<String>,
    pub name: String,
    /// What was done, or why it failed.
    pub outcome: Result<Action>,
}

impl Done {
    /// What became of a channel.
    pub fn of(channel: Channel, outcome: Result<Action>) -> Self {
        Done { id: Some(channel.id), channel_id: channel.channel_id, name: channel.name, outcome }
    }
}

/// What is told of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    Did(Action),
    Failed,
    /// Never tried: the run was interrupted, or its token died.
    NotStarted,
}

impl Done {
    /// What became of it.
    pub fn became(&self) -> Became {
        match &self.outcome {
            Ok(action) => Became::Did(*action),
            Err(error) => match error.downcast_ref() {
                Some(Failure::Interrupted(_) | Failure::TokenDied { .. } | Failure::NotStarted { .. }) => {
                    Became::NotStarted
                }
                _ => Became::Failed,
            },
        }
    }

    /// Whether it was not begun for a reason that people should hear: what it takes is missing.
    pub fn lacks_something(&self) -> bool {
        let failure = self.outcome.as_ref().err().and_then(|error| error.downcast_ref());
        matches!(failure, Some(Failure::NotStarted { .. } | Failure::TokenDied { .. }))
    }

    /// Whether it is not done, for whichever reason.
    pub fn is_undone(&self) -> bool {
        self.outcome.is_err()
    }
}

/// Fails when some or all are not done: after the results were shown, this decides the exit status. The failure of an
/// only one speaks for itself. `next` goes on with the rest, where there is such a command.
pub fn verdict(mut results: Vec<Done>, dry_run: bool, next: Option<Invocation>) -> Result<()> {
    let (total, is) = (results.len(), |became| move |done: &&Done| done.became() == became);
    let failed = results.iter().filter(is(Became::Failed)).count();
    let not_started = results.iter().filter(is(Became::NotStarted)).count();
    let is_nowhere = |done: &Done| {
        let failure = done.outcome.as_ref().err().and_then(|error| error.downcast_ref());
        matches!(failure, Some(Failure::NoSuchChannel { .. }))
    };
    let undone = Undone { failed, not_started, dry_run, none_found: results.iter().all(is_nowhere) };
    let signal = results.iter().find_map(|done| match done.outcome.as_ref().err()?.downcast_ref()? {
        Failure::Interrupted(signal) => Some(*signal),
        _ => None,
    });
    // What nobody could be asked for: with the command that does the first of it.
    let unasked = results.iter().find_map(|done| match done.outcome.as_ref().err()?.downcast_ref()? {
        Failure::NotStarted { next } => Some(next.clone()),
        _ => None,
    });
    match signal {
        _ if failed + not_started == 0 => Ok(()),
        Some(signal) => Err(Failure::Stopped { signal, next }.into()),
        None if total == 1 => results.remove(0).outcome.map(drop),
        None if not_started == total && unasked.is_some() => Err(unasked
            .map_or(Failure::AllFailed { undone, next }, |next| Failure::NotStarted { next })
            .into()),
        // Scripts tell by it that another token is all that lacks.
        None if not_started == total => Err(Failure::TokenDied { next }.into()),
        None if failed + not_started == total => Err(Failure::AllFailed { undone, next }.into()),
        None => Err(Failure::Partial { undone, total, next }.into()),
    }
}
