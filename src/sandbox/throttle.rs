//! A platform's own limit on requests, where it is ordered.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many requests in so long.
pub type Rule = (usize, Duration);

/// The requests of late, held against the rules. All who ask count as one.
pub struct Throttle {
    rules: &'static [Rule],
    taken: Mutex<VecDeque<Instant>>,
}

impl Throttle {
    /// Without a rule nothing is ever too much.
    pub fn new(rules: &'static [Rule]) -> Throttle {
        Throttle { rules, taken: Mutex::default() }
    }

    /// Counts a request. How long to wait instead, where it is one too many: those don't count.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let longest = self.rules.iter().map(|(_, time)| *time).max().unwrap_or_default();
        while taken.front().is_some_and(|first| now.duration_since(*first) >= longest) {
            taken.pop_front();
        }
        for (most, time) in self.rules {
            let Some(first) = taken.len().checked_sub(*most).and_then(|at| taken.get(at)) else { continue };
            let since = now.duration_since(*first);
            if since < *time {
                return Err(*time - since);
            }
        }
        if !self.rules.is_empty() {
            taken.push_back(now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_rule_is_held() {
        const RULES: &[Rule] = &[(2, SECOND), (3, Duration::from_secs(60))];
        let throttle = Throttle::new(RULES);
        let begin = Instant::now();
        let at = |millis| begin + Duration::from_millis(millis);
        let takes = [0, 100, 200, 1000, 1100, 2000, 60_000].map(|millis| throttle.take(at(millis)));
        let millis = Duration::from_millis;
        assert_eq!(
            takes,
            [Ok(()), Ok(()), Err(millis(800)), Ok(()), Err(millis(58_900)), Err(millis(58_000)), Ok(())]
        );
    }

    #[test]
    fn without_a_rule_nothing_is_too_much() {
        let throttle = Throttle::new(&[]);
        assert!((0..1000).all(|_| throttle.take(Instant::now()).is_ok()));
    }
}
