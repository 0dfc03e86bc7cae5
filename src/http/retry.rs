//! When a call is tried again, and how long to wait before.

use std::time::{Duration, SystemTime};

/// How often a call is tried in all.
pub const TRIES: u32 = 4;

/// The longest wait that an answer may ask for.
const LONGEST: Duration = Duration::from_secs(60);

/// Whether a call may be carried out twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is the same as once: GET, PUT.
    Harmless,
    /// Only when the first was not carried out, as far as anybody can know: POST, DELETE.
    IfNotDone,
}

/// Statuses after which the same call may succeed a moment later. A gateway answers a bare 503 or 429 also when the
/// API behind it has the request already; who says when to come again has not passed it on.
pub fn may_pass(status: u16, repeat: Repeat, asked_to_wait: bool) -> bool {
    match repeat {
        Repeat::Harmless => matches!(status, 429 | 502 | 503 | 504),
        Repeat::IfNotDone => matches!(status, 429 | 503) && asked_to_wait,
    }
}

/// The wait before try number `next` (2 for the second): what the answer asked for, up to 60 s, else
/// half a second, doubled each time. `jitter` in 0..=1 spreads clients that failed together.
pub fn delay(next: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
    match retry_after {
        Some(asked) => asked.min(LONGEST),
        None => {
            let doubled = Duration::from_millis(500) * 2u32.pow(next.saturating_sub(2).min(6));
            doubled.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
        }
    }
}

/// A `Retry-After` header: seconds, or a date (RFC 9110, 10.2.3). A date in the past is no wait.
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(value.parse().map_or(LONGEST, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

/// A random number in 0..=1. Without a source of randomness the middle does: it only spreads load.
pub fn jitter() -> f64 {
    getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retry_after_in_seconds_as_a_date_and_absurd() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let seconds = Duration::from_secs;
        assert_eq!(retry_after(" 3 ", now), Some(seconds(3)));
        assert_eq!(retry_after("99999999999999999999999", now), Some(seconds(60)));
        assert_eq!(retry_after("Sun, 09 Sep 2001 01:46:45 GMT", now), Some(seconds(5)));
        assert_eq!(retry_after("Sun, 09 Sep 2001 01:46:35 GMT", now), Some(seconds(0)));
        for nonsense in ["", "-1", "1.5", "soon", "0x10"] {
            assert_eq!(retry_after(nonsense, now), None, "{nonsense}");
        }
        assert_eq!(delay(2, Some(seconds(86_400)), 0.3), seconds(60));
    }

    #[test]
    fn waits_double_and_stay_within_their_jitter() {
        assert_eq!(delay(2, None, 1.0), Duration::from_millis(500));
        assert_eq!(delay(4, None, 1.0), Duration::from_millis(2000));
        assert_eq!(delay(4, None, 0.0), Duration::from_millis(1000));
    }

    proptest! {
        #[test]
        fn any_header_gives_a_bounded_wait(value in ".{0,64}", next in 0u32..50) {
            let asked = retry_after(&value, SystemTime::now());
            prop_assert!(delay(next, asked, 1.0) <= LONGEST);
        }
    }
}
