//! One pace for all requests of a process: when the API asks one of them to wait, all wait, and then
//! they go on one after another, faster with each success.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The first distance between two requests after a 429.
const FIRST_GAP: Duration = Duration::from_millis(20);
/// The widest.
const WIDEST_GAP: Duration = Duration::from_millis(640);
/// The gap that is as good as none.
const SMALLEST_GAP: Duration = Duration::from_millis(2);

#[derive(Debug, Default)]
pub struct Pace(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// When the next request may start; none while nothing has been refused.
    next_start: Option<Instant>,
    gap: Duration,
}

impl Pace {
    /// Waits until this request may start.
    pub async fn wait(&self) {
        let start = {
            let mut state = self.lock();
            let Some(next) = state.next_start else { return };
            let start = next.max(Instant::now());
            state.next_start = Some(start + state.gap);
            start
        };
        sleep_until(start).await;
    }

    /// The API asked to wait this long: nobody starts earlier.
    pub fn slow_down(&self, delay: Duration) {
        let mut state = self.lock();
        let until = Instant::now() + delay;
        state.next_start = Some(state.next_start.map_or(until, |next| next.max(until)));
        state.gap = (state.gap * 2).clamp(FIRST_GAP, WIDEST_GAP);
    }

    /// A request succeeded: the gap shrinks by a tenth, until it is none.
    pub fn succeeded(&self) {
        let mut state = self.lock();
        if state.next_start.is_none() {
            return;
        }
        state.gap = state.gap.mul_f64(0.9);
        if state.gap < SMALLEST_GAP {
            *state = State::default();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_wait_after_a_refusal_and_the_pace_recovers() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let pace = Pace::default();
            let begun = Instant::now();
            pace.wait().await;
            assert!(begun.elapsed() < Duration::from_millis(20), "no gap before the first refusal");
            pace.slow_down(Duration::from_millis(60));
            pace.wait().await;
            assert!(begun.elapsed() >= Duration::from_millis(60), "nobody starts before the wait is over");
            pace.wait().await;
            assert!(begun.elapsed() >= Duration::from_millis(80), "the second starts a gap later");
            for _ in 0..40 {
                pace.succeeded();
            }
            assert!(pace.lock().next_start.is_none(), "forty successes end it");
        });
    }
}
