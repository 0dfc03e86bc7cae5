//! How many requests there were lately. It isn't kept in the file: a sandbox counts its own.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::types::time::Millis;

/// Requests in a minute, and in a second. Documented for broadcasts; that integrations share it is assumed.
pub const MINUTE: usize = 100;
const SECOND: usize = 10;

/// When the requests of the last minute came.
#[derive(Debug, Default)]
pub struct Rate(Mutex<VecDeque<Millis>>);

/// What is left of a minute, and how many seconds it takes until there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub is_allowed: bool,
    pub remaining: usize,
    pub reset: u64,
}

impl Left {
    /// Where nobody counts.
    pub const ENOUGH: Left = Left { is_allowed: true, remaining: MINUTE - 1, reset: 60 };
}

impl Rate {
    /// Counts one that comes now, unless it is too many: those are refused, and don't count.
    pub fn take(&self, now: Millis) -> Left {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back begins anew.
        times.retain(|&time| time <= now && now - time < 60_000);
        let of_second = times.iter().filter(|&&time| now - time < 1000).count();
        let until = |times: &VecDeque<Millis>, place: usize, window: u64| {
            times.get(place).map_or(window, |time| time + window - now).div_ceil(1000)
        };
        if times.len() >= MINUTE {
            return Left { is_allowed: false, remaining: 0, reset: until(&times, 0, 60_000) };
        }
        if of_second >= SECOND {
            let reset = until(&times, times.len() - of_second, 1000);
            return Left { is_allowed: false, remaining: 0, reset };
        }
        times.push_back(now);
        Left { is_allowed: true, remaining: MINUTE - times.len(), reset: until(&times, 0, 60_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_come_in_a_second_and_a_hundred_in_a_minute() {
        let rate = Rate::default();
        let taken = |at| (0..20).filter(|_| rate.take(at).is_allowed).count();
        assert_eq!(taken(1_000_000), 10);
        assert_eq!(rate.take(1_000_900), Left { is_allowed: false, remaining: 0, reset: 1 });
        for second in 1..10 {
            assert_eq!(taken(1_000_000 + second * 1000), 10, "{second}");
        }
        assert_eq!(rate.take(1_030_000), Left { is_allowed: false, remaining: 0, reset: 30 });
        assert_eq!(taken(1_059_999), 0);
        assert_eq!(rate.take(1_060_000), Left { is_allowed: true, remaining: 9, reset: 1 });
    }

    #[test]
    fn a_clock_that_is_put_back_locks_nobody_out() {
        let rate = Rate::default();
        (0..10).for_each(|_| assert!(rate.take(2_000_000).is_allowed));
        assert!(!rate.take(2_000_000).is_allowed);
        assert!(rate.take(1_000_000).is_allowed);
    }
}
