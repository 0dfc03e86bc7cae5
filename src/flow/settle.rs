//! What became of a request whose answer proves nothing: it is looked for, not guessed, and not sent again blindly.

use std::time::Duration;

use tokio::time::sleep;

use crate::platform::ApiError;
use crate::types::Channel;

/// The waits before each look. What was just done may show late: lists lag, and a gateway gives up on an API that is
/// still at work.
const WAITS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2)];

/// Looks until `is_seen` finds it in what is there, three times at most; none where it isn't.
pub async fn seen<S, T, E, F>(
    look: impl Fn() -> F,
    mut is_seen: impl FnMut(S) -> Option<T>,
) -> Result<Option<T>, E>
where
    F: Future<Output = Result<S, E>>,
{
    for wait in WAITS {
        sleep(wait).await;
        if let Some(seen) = is_seen(look().await?) {
            return Ok(Some(seen));
        }
    }
    Ok(None)
}

/// Sends what may be done twice without harm. Where the answer proves nothing, the channel tells whether it was done; if not,
/// it is sent once more and looked at again. What may be the API's own no is not sent again.
///
/// Fails with what the API said to the last that was sent: also where nobody could look.
pub async fn settle<A, L>(
    send: impl Fn() -> A,
    look: impl Fn() -> L,
    is_done: impl Fn(Option<Channel>) -> bool,
) -> Result<(), ApiError>
where
    A: Future<Output = Result<(), ApiError>>,
    L: Future<Output = Result<Option<Channel>, ApiError>>,
{
    let mut again = true;
    loop {
        let error = match send().await {
            Err(error) if error.is_unanswered() => error,
            answer => return answer,
        };
        match seen(&look, |channel| is_done(channel).then_some(())).await {
            Ok(Some(())) => return Ok(()),
            Ok(None) if again && !error.may_be_refusal() => again = false,
            Ok(None) | Err(_) => return Err(error),
        }
    }
}
