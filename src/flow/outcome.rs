//! What became of each Page or channel.

use anyhow::Result;

use crate::failure::Failure;
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

/// Fails when some or all did: after the results were shown, this decides the exit status. The failure of an only
/// one speaks for itself. `resume` goes on with those that failed, where there is such a command.
pub fn verdict(mut results: Vec<Done>, resume: Option<Invocation>) -> Result<()> {
    let total = results.len();
    let failed = results.iter().filter(|done| done.outcome.is_err()).count();
    match (failed, total) {
        (0, _) => Ok(()),
        (1, 1) => results.remove(0).outcome.map(drop),
        _ if failed == total => Err(Failure::AllFailed { total, resume }.into()),
        _ => Err(Failure::Partial { failed, total, resume }.into()),
    }
}
