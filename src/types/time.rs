//! Times as files, people and the API write them.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// Milliseconds since 1970.
pub type Millis = u64;

/// Now. A clock before 1970 is a broken clock: the epoch says as much.
pub fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}

/// RFC 3339 in UTC, to the second: `2026-11-20T23:48:05Z`.
pub fn to_the_second(at: Millis) -> String {
    format!("{:.0}", moment(at))
}

/// Unix seconds likewise.
pub fn of_seconds(at: i64) -> String {
    to_the_second(u64::try_from(at).unwrap_or_default().saturating_mul(1000))
}

/// The same to the millisecond, as the API writes it: `2026-07-01T08:30:00.000Z`.
pub fn to_the_millisecond(at: Millis) -> String {
    format!("{:.3}", moment(at))
}

/// The time of day: `08:30:00`.
pub fn clock(at: Millis) -> String {
    moment(at).strftime("%T").to_string()
}

/// A clock beyond the year 9999 is a broken clock: the last moment says as much.
fn moment(at: Millis) -> Timestamp {
    i64::try_from(at).ok().and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        // From `date -u -d @N +%FT%TZ`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (1_795_218_485, "2026-11-20T23:48:05Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(to_the_second(seconds * 1000 + 999), text);
        }
        assert_eq!(to_the_millisecond(951_782_400_023), "2000-02-29T00:00:00.023Z");
    }
}
