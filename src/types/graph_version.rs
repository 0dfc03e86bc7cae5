//! Versions of Meta's Graph API, and when they end ("Platform Versioning", "Changelog").

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::time::Millis;
use super::value::ValueError;

/// The days on which versions end, as far as they are set. Meta serves a call with an older one by the oldest that lives.
const ENDS: [(u16, Date); 7] = [
    (19, date(2026, 5, 21)),
    (20, date(2026, 9, 24)),
    (21, date(2027, 1, 21)),
    (22, date(2027, 5, 20)),
    (23, date(2027, 10, 8)),
    (24, date(2028, 2, 18)),
    (25, date(2028, 7, 29)),
];
/// An end is told of from so many days before.
const TOLD_BEFORE: i64 = 90;
const DAY: i64 = 86_400;

/// A version of the Graph API: `v26.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphVersion {
    major: u16,
    minor: u16,
}

/// How long a version lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionLife {
    /// For longer than anybody has to know, as far as the table goes.
    Lives,
    /// It ends on that day, in so many days.
    Ends { on: String, days: i64 },
    /// It has ended, on that day where the table has it.
    Ended { on: Option<String> },
}

impl Default for GraphVersion {
    fn default() -> Self {
        GraphVersion { major: 26, minor: 0 }
    }
}

impl GraphVersion {
    /// How it stands at that time.
    pub fn life(self, now: Millis) -> VersionLife {
        let Some((_, on)) = ENDS.iter().find(|(major, _)| *major == self.major) else {
            let is_older = ENDS.first().is_some_and(|(oldest, _)| self.major < *oldest);
            return if is_older { VersionLife::Ended { on: None } } else { VersionLife::Lives };
        };
        let end = on.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |begin| begin.timestamp());
        let left = end.as_second() - i64::try_from(now / 1000).unwrap_or(i64::MAX);
        let on = on.to_string();
        match left {
            ..=0 => VersionLife::Ended { on: Some(on) },
            left if left <= TOLD_BEFORE * DAY => VersionLife::Ends { on, days: left.div_euclid(DAY) },
            _ => VersionLife::Lives,
        }
    }
}

impl FromStr for GraphVersion {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let (major, minor) = number.split_once('.').ok_or(ValueError::GraphVersion)?;
        let digits = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().map_err(|_| ValueError::GraphVersion),
            false => Err(ValueError::GraphVersion),
        };
        Ok(GraphVersion { major: digits(major)?, minor: digits(minor)? })
    }
}

impl fmt::Display for GraphVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Millis {
        format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap().as_millisecond() as Millis
    }

    fn life(version: &str, day: &str) -> VersionLife {
        version.parse::<GraphVersion>().unwrap().life(at(day))
    }

    #[test]
    fn the_end_of_a_version_is_told_from_90_days_before() {
        assert_eq!(life("v21.0", "2026-10-22"), VersionLife::Lives);
        let ends = |days| VersionLife::Ends { on: "2027-01-21".to_owned(), days };
        assert_eq!(life("v21.0", "2026-10-23"), ends(90));
        assert_eq!(life("21.0", "2027-01-20"), ends(1));
        assert_eq!(life("v21.0", "2027-01-21"), VersionLife::Ended { on: Some("2027-01-21".to_owned()) });
        assert_eq!(life("v3.2", "2026-01-01"), VersionLife::Ended { on: None });
        assert_eq!(life("v26.0", "2029-01-01"), VersionLife::Lives);
        assert_eq!(life("v99.0", "2029-01-01"), VersionLife::Lives);
    }

    #[test]
    fn a_version_is_two_numbers() {
        assert_eq!("26.0".parse::<GraphVersion>().unwrap().to_string(), "v26.0");
        for bad in ["", "v", "v26", "v26.", "v26.0/me", "latest", "v-1.0", "v+1.0", "v999999.0", "v1.0.0"] {
            assert!(bad.parse::<GraphVersion>().is_err(), "{bad}");
        }
    }
}
