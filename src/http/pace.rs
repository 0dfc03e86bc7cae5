//! One pace for all requests of a process: when the API asks one of them to wait, all wait, and then
//! they go on one after another, faster with each success.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The first distance between two requests after a 429.
const FIRST_GAP: Duration = Duration::from_millis(20);
/// The widest.
const WIDEST_GAP: Duration = Duration::from_millis(640);
/// The gap that is as good as none.
const SMALLEST_GAP: Duration = Duration::from_millis(2);
/// Nobody notices a shorter wait.
const NOTICED: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub struct Pace {
    state: Mutex<State>,
    /// What the platform allows to everybody.
    rates: Vec<Rate>,
    /// Whether somebody has been told that they wait for a rate.
    is_told: AtomicBool,
}

/// So many requests in any such time.
#[derive(Debug)]
struct Rate {
    requests: usize,
    within: Duration,
    /// When the last so many were allowed to start, the earliest first.
    starts: Mutex<VecDeque<Instant>>,
}

impl Rate {
    /// When one more may start; counts it.
    fn next(&self, now: Instant) -> Instant {
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        let start = match starts.len() < self.requests {
            true => now,
            false => starts.pop_front().map_or(now, |earliest| now.max(earliest + self.within)),
        };
        starts.push_back(start);
        start
    }
}

#[derive(Debug, Default)]
struct State {
    /// None while nothing has been refused.
    slowed: Option<Slowed>,
    /// Counts the refusals: a place in the queue is good until the next.
    refusals: u64,
}

#[derive(Debug)]
struct Slowed {
    /// Nobody starts before: what the API asked for.
    pause_ends: Instant,
    /// When the next request may start.
    next_start: Instant,
    gap: Duration,
}

impl Pace {
    /// Allows no more than so many requests in any such time.
    pub fn limit(&mut self, requests: usize, within: Duration) {
        self.rates.push(Rate { requests, within, starts: Mutex::default() });
    }

    /// Waits until this request may start. The first long wait for a rate is told: requests, within, how long it is.
    pub async fn wait(&self, tell: impl Fn(usize, Duration, Duration)) {
        for rate in &self.rates {
            let now = Instant::now();
            let start = rate.next(now);
            if start - now > NOTICED && !self.is_told.swap(true, Ordering::Relaxed) {
                tell(rate.requests, rate.within, start - now);
            }
            sleep_until(start).await;
        }
        loop {
            let (start, refusals) = {
                let mut state = self.lock();
                let refusals = state.refusals;
                let Some(slowed) = &mut state.slowed else { return };
                let start = slowed.next_start.max(Instant::now());
                slowed.next_start = start + slowed.gap;
                (start, refusals)
            };
            sleep_until(start).await;
            // Whoever was in the queue when the API asked for more waits for that as well.
            if self.lock().refusals == refusals {
                return;
            }
        }
    }

    /// The API asked to wait this long: nobody starts earlier.
    pub fn slow_down(&self, delay: Duration) {
        let mut state = self.lock();
        state.refusals += 1;
        let now = Instant::now();
        let asked = now + delay;
        let (pause_ends, gap) = match &state.slowed {
            None => (asked, FIRST_GAP),
            // Requests that were under way together are refused together: that is one refusal.
            Some(slowed) if now < slowed.pause_ends => (asked.max(slowed.pause_ends), slowed.gap),
            Some(slowed) => (asked, (slowed.gap * 2).clamp(FIRST_GAP, WIDEST_GAP)),
        };
        state.slowed = Some(Slowed { pause_ends, next_start: pause_ends, gap });
    }

    /// A request succeeded: the gap shrinks by a tenth, until it is none.
    pub fn succeeded(&self) {
        let mut state = self.lock();
        let Some(slowed) = &mut state.slowed else { return };
        // What was sent before the refusal says nothing about what the API bears after it.
        if Instant::now() < slowed.pause_ends {
            return;
        }
        slowed.gap = slowed.gap.mul_f64(0.9);
        if slowed.gap < SMALLEST_GAP {
            state.slowed = None;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(test);
    }

    #[test]
    fn all_wait_after_a_refusal_and_the_pace_recovers() {
        run(async {
            let pace = Pace::default();
            let begun = Instant::now();
            pace.wait(|_, _, _| {}).await;
            assert!(begun.elapsed() < Duration::from_millis(20), "no gap before the first refusal");
            pace.slow_down(Duration::from_millis(60));
            pace.wait(|_, _, _| {}).await;
            assert!(begun.elapsed() >= Duration::from_millis(60), "nobody starts before the wait is over");
            pace.wait(|_, _, _| {}).await;
            assert!(begun.elapsed() >= Duration::from_millis(80), "the second starts a gap later");
            for _ in 0..40 {
                pace.succeeded();
            }
            assert!(pace.lock().slowed.is_none(), "forty successes end it");
        });
    }

    #[test]
    fn no_more_than_the_rate_allows_start_in_any_such_time() {
        run(async {
            let mut pace = Pace::default();
            pace.limit(3, Duration::from_millis(60));
            // As they are allowed to start; when they are woken depends on how busy the machine is.
            let starts: Vec<Instant> = {
                let now = Instant::now();
                (0..7).map(|_| pace.rates[0].next(now)).collect()
            };
            assert!(starts[..3].iter().all(|start| *start == starts[0]), "three go at once: {starts:?}");
            for (first, fourth) in starts.iter().zip(&starts[3..]) {
                assert!(*fourth - *first >= Duration::from_millis(60), "{starts:?}");
            }
            let begun = Instant::now();
            pace.wait(|_, _, _| {}).await;
            assert!(begun.elapsed() >= Duration::from_millis(60), "it is waited for");
        });
    }

    #[test]
    fn a_long_wait_for_a_rate_is_told_once() {
        let pace = {
            let mut pace = Pace::default();
            pace.limit(1, Duration::from_secs(60));
            pace
        };
        run(async {
            let told = std::cell::RefCell::new(Vec::new());
            for _ in 0..3 {
                let tell = |requests, within, delay| told.borrow_mut().push((requests, within, delay));
                let _ = tokio::time::timeout(Duration::from_millis(5), pace.wait(tell)).await;
            }
            let told = told.into_inner();
            assert!(
                matches!(told[..], [(1, within, delay)] if within.as_secs() == 60 && delay <= within),
                "{told:?}"
            );
        });
    }

    #[test]
    fn whoever_is_in_the_queue_waits_for_a_later_refusal_too() {
        run(async {
            let pace = Pace::default();
            pace.slow_down(Duration::from_millis(10));
            let begun = Instant::now();
            let waiting = pace.wait(|_, _, _| {});
            let refused = async {
                tokio::time::sleep(Duration::from_millis(2)).await;
                pace.slow_down(Duration::from_millis(100));
            };
            futures_util::future::join(waiting, refused).await;
            assert!(begun.elapsed() >= Duration::from_millis(100));
        });
    }

    #[test]
    fn successes_of_requests_sent_before_do_not_end_the_wait() {
        run(async {
            let pace = Pace::default();
            let begun = Instant::now();
            pace.slow_down(Duration::from_millis(60));
            for _ in 0..64 {
                pace.succeeded();
                pace.slow_down(Duration::from_millis(1));
            }
            assert_eq!(pace.lock().slowed.as_ref().unwrap().gap, FIRST_GAP, "one burst is one refusal");
            pace.wait(|_, _, _| {}).await;
            assert!(begun.elapsed() >= Duration::from_millis(60));
        });
    }
}
