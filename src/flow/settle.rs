//! What became of a request whose answer proves nothing: it is looked for, not guessed, and not sent again blindly.

use std::time::Duration;

use tokio::time::sleep;

use crate::failure::{Change, Failure};
use crate::platform::ApiError;
use crate::types::{Channel, ChannelDbId};

/// The waits before each look. What was just done may show late: lists lag, and a gateway gives up on an API that is
/// still at work.
const WAITS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2)];

/// Looks until `is_seen` finds it in what is there, three times at most; none where it isn't. Fails where no look
/// succeeds: after one that does, those that don't have just not seen it.
pub async fn seen<S, T, E, F>(
    look: impl Fn() -> F,
    mut is_seen: impl FnMut(S) -> Option<T>,
) -> Result<Option<T>, E>
where
    F: Future<Output = Result<S, E>>,
{
    let mut unseen = None;
    for wait in WAITS {
        sleep(wait).await;
        let looked = look().await.map(&mut is_seen);
        match looked {
            Ok(Some(seen)) => return Ok(Some(seen)),
            Ok(None) => unseen = Some(Ok(None)),
            Err(error) => unseen = unseen.filter(Result::is_ok).or(Some(Err(error))),
        }
    }
    unseen.unwrap_or(Ok(None))
}

/// What was sent and isn't known to be done.
pub struct Undone {
    /// What the API said to the last that was sent.
    pub error: ApiError,
    /// Whether nobody could look.
    unknown: bool,
}

impl Undone {
    /// Says so of what was asked for, of that channel.
    pub fn told(self, change: Change, id: &ChannelDbId) -> anyhow::Error {
        let unknown = self.unknown;
        let error = anyhow::Error::new(self.error);
        if unknown { error.context(Failure::Unknown { change, id: id.to_string() }) } else { error }
    }
}

/// Sends what may be done twice without harm. Where the answer proves nothing, the channel tells whether it was done; if not,
/// it is sent once more and looked at again. What may be the API's own no is not sent again.
pub async fn settle<A, L>(
    send: impl Fn() -> A,
    look: impl Fn() -> L,
    is_done: impl Fn(Option<Channel>) -> bool,
) -> Result<(), Undone>
where
    A: Future<Output = Result<(), ApiError>>,
    L: Future<Output = Result<Option<Channel>, ApiError>>,
{
    let mut again = true;
    loop {
        let error = match send().await {
            Err(error) if error.is_unanswered() => error,
            answer => return answer.map_err(|error| Undone { error, unknown: false }),
        };
        match seen(&look, |channel| is_done(channel).then_some(())).await {
            Ok(Some(())) => return Ok(()),
            Ok(None) if again && !error.may_be_refusal() => again = false,
            looked => return Err(Undone { error, unknown: looked.is_err() }),
        }
    }
}
