//! What became of a request whose answer proves nothing: it is looked for, not guessed, and not sent again blindly.

use std::time::Duration;

use tokio::time::sleep;

use super::outcome::Done;
use crate::failure::{Change, Failure};
use crate::platform::{ApiError, Known};
use crate::types::{Channel, ChannelDbId};

/// The waits before each further look. What was just done may show late: lists lag, a gateway gives up on an API that is
/// still at work, and one odd or old answer proves nothing.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(2)];

/// Looks, and looks again after 0.3 s and 2 s as long as `is_enough` says no. Gives what the last look gave.
pub async fn look_until<T, F>(mut look: impl FnMut() -> F, mut is_enough: impl FnMut(&T) -> bool) -> T
where
    F: Future<Output = T>,
{
    let mut waits = LOOK_AGAIN.into_iter();
    loop {
        let found = look().await;
        if is_enough(&found) {
            return found;
        }
        let Some(wait) = waits.next() else { return found };
        sleep(wait).await;
    }
}

/// Looks until `is_seen` finds it in what is there, three times at most; none where it isn't. Fails where no look
/// succeeds: after one that does, those that don't have just not seen it.
pub async fn seen<S, T, E, F>(
    look: impl FnMut() -> F,
    mut is_seen: impl FnMut(&S) -> Option<T>,
) -> Result<Option<T>, E>
where
    F: Future<Output = Result<S, E>>,
{
    let (mut found, mut has_looked) = (None, false);
    let is_found = |looked: &Result<S, E>| {
        let Ok(there) = looked else { return false };
        has_looked = true;
        found = is_seen(there);
        found.is_some()
    };
    match look_until(look, is_found).await {
        Err(error) if !has_looked => Err(error),
        _ => Ok(found),
    }
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
    is_done: impl Fn(Option<&Channel>) -> bool,
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
        match seen(&look, |channel| is_done(channel.as_ref()).then_some(())).await {
            Ok(Some(())) => return Ok(()),
            Ok(None) if again && !error.may_be_refusal() => again = false,
            looked => return Err(Undone { error, unknown: looked.is_err() }),
        }
    }
}

/// Settles those of several whose answers prove nothing, at places `lost` among the results, which may not be done twice.
/// What is there tells which of them were done; the others are sent once more, and looked for again. Those that the API may
/// just have refused are not sent again. `is_done` makes a result of what it finds. Fails where nobody could look: what is
/// lost stays a failure then.
pub async fn settle_all<S, E, F>(
    results: &mut [Done],
    mut lost: Vec<usize>,
    look: impl Fn() -> F,
    is_done: impl Fn(&S, &mut Done) -> bool,
    send_again: impl AsyncFn(&[usize]) -> Vec<Done>,
) -> Result<(), E>
where
    F: Future<Output = Result<S, E>>,
{
    for is_first in [true, false] {
        if lost.is_empty() {
            break;
        }
        let all_done = |there: &S| {
            lost.retain(|index| !is_done(there, &mut results[*index]));
            lost.is_empty().then_some(())
        };
        seen(&look, all_done).await?;
        let may_be_sent =
            |index: &usize| answer_to(&results[*index]).is_some_and(|error| !error.may_be_refusal());
        let again: Vec<usize> = lost.iter().copied().filter(|index| is_first && may_be_sent(index)).collect();
        if again.is_empty() {
            break;
        }
        for (index, second) in again.iter().zip(send_again(&again).await) {
            results[*index] = second;
        }
        lost.retain(|index| !again.contains(index) || is_in_doubt(&results[*index]));
    }
    Ok(())
}

/// Whether the answer proves nothing: it may have been done.
pub fn is_lost(done: &Done) -> bool {
    answer_to(done).is_some_and(ApiError::is_unanswered)
}

/// Likewise of the second time, when "connected with another account" may be said of what the first has done, and the
/// list shows late.
fn is_in_doubt(second: &Done) -> bool {
    is_lost(second) || answer_to(second).and_then(ApiError::known) == Some(Known::ConnectedElsewhere)
}

/// What the API said, where it failed by that.
fn answer_to(done: &Done) -> Option<&ApiError> {
    done.outcome.as_ref().err()?.downcast_ref()
}
