//! Which version of Graph serves a call.

use crate::types::time::{self, Millis};

/// Each version with the day on which it ends, as the changelog has them. All before the first have ended.
const ENDS: [(u32, Option<&str>); 8] = [
    (19, Some("2026-05-21")),
    (20, Some("2026-09-24")),
    (21, Some("2027-01-21")),
    (22, Some("2027-05-20")),
    (23, Some("2027-10-08")),
    (24, Some("2028-02-18")),
    (25, Some("2028-07-29")),
    (26, None),
];

/// Whether a segment of a path names a version, be it one that exists or not.
pub fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// What serves a call: the version that it names, or the oldest that lives where that has ended or none is named.
/// `None` where there is none of that name.
pub fn serving(named: Option<&str>, now: Millis) -> Option<String> {
    let today = time::to_the_second(now);
    let lives = |end: &Option<&str>| end.is_none_or(|end| today.as_str() < end);
    let oldest = ENDS.iter().find(|(_, end)| lives(end)).map_or(0, |(number, _)| *number);
    let number = match named {
        None => oldest,
        Some(named) => {
            let (major, minor) = named.strip_prefix('v')?.split_once('.')?;
            let (major, minor): (u32, u32) = (major.parse().ok()?, minor.parse().ok()?);
            let newest = ENDS.last().map_or(0, |(number, _)| *number);
            // The last with another minor number was v3.3.
            (1..=newest).contains(&major).then_some(())?;
            (minor == 0 || major < 4).then_some(())?;
            major.max(oldest)
        }
    };
    Some(format!("v{number}.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_has_ended_is_served_by_the_oldest_that_lives() {
        // 2026-11-21, and 2027-01-21, on which v21.0 ends.
        for (now, named, serves) in [
            (1_795_219_200_000, Some("v26.0"), Some("v26.0")),
            (1_795_219_200_000, Some("v21.0"), Some("v21.0")),
            (1_795_219_200_000, Some("v20.0"), Some("v21.0")),
            (1_795_219_200_000, Some("v2.12"), Some("v21.0")),
            (1_795_219_200_000, None, Some("v21.0")),
            (1_800_489_600_000, Some("v21.0"), Some("v22.0")),
            (1_795_219_200_000, Some("v27.0"), None),
            (1_795_219_200_000, Some("v26.1"), None),
            (1_795_219_200_000, Some("v0.0"), None),
            (1_795_219_200_000, Some("v26"), None),
        ] {
            assert_eq!(serving(named, now).as_deref(), serves, "{named:?}");
        }
        assert!(is_version("v99.0") && !is_version("me") && !is_version("verify"));
    }
}
