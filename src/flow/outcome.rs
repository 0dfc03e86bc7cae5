//! What became of each Page or channel.

use anyhow::Result;
use serde::Serialize;

use crate::failure::Failure;
use crate::types::{ChannelDbId, Invocation};

/// What was done with one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Connected,
    Reconnected,
    Skipped,
    Failed,
    Disconnected,
}

impl Action {
    /// All there are, in the order in which they are counted.
    pub const ALL: [Action; 5] =
        [Action::Connected, Action::Reconnected, Action::Disconnected, Action::Skipped, Action::Failed];

    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Connected => "connected",
            Action::Reconnected => "reconnected",
            Action::Skipped => "skipped",
            Action::Failed => "failed",
            Action::Disconnected => "disconnected",
        }
    }
}

/// What became of one.
#[derive(Debug)]
pub struct Done {
    /// Socialchat's id, where it is known.
    pub id: Option<ChannelDbId>,
    /// The platform's own id.
    pub channel_id: Option<String>,
    pub name: String,
    pub action: Action,
    /// Why it failed.
    pub error: Option<anyhow::Error>,
}

/// Fails when some or all did: after the results were shown, this decides the exit status. The failure of an only
/// one speaks for itself. `resume` goes on with those that failed, where there is such a command.
pub fn verdict(mut results: Vec<Done>, resume: Option<Invocation>) -> Result<()> {
    let total = results.len();
    let failed = results.iter().filter(|done| done.action == Action::Failed).count();
    match (failed, total) {
        (0, _) => Ok(()),
        (1, 1) => Err(results.remove(0).error.unwrap_or_else(|| Failure::AllFailed { total, resume }.into())),
        _ if failed == total => Err(Failure::AllFailed { total, resume }.into()),
        _ => Err(Failure::Partial { failed, total, resume }.into()),
    }
}
