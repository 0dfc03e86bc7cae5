//! Moments in the machine's own time zone. The zone is read from `TZ` and the system's files (RFC 8536) by ourselves: the
//! standard library knows none, and the C library's way isn't safe where threads run.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Ui;
use super::zone::{Zone, days_since_1970};

/// No file of a zone is larger.
const LARGEST: u64 = 1 << 20;

impl Ui {
    /// A time of an API as a person reads it: `2026-08-30 08:00` in the machine's zone, with a `Z` behind it where that is
    /// unknown and UTC is shown. In a pipe, or where it is no time, the text itself.
    pub fn moment(&self, time: &str) -> String {
        if !self.stdout_is_terminal() {
            return time.to_owned();
        }
        let Some(seconds) = seconds(time) else { return time.to_owned() };
        let zone = self.zone();
        let offset = zone.as_ref().map_or(0, |zone| zone.offset(seconds));
        written(seconds + offset) + if zone.is_some() { "" } else { "Z" }
    }
}

/// The machine's zone, where it can be known.
pub(super) fn zone_of_machine(env: impl Fn(&str) -> Option<String>) -> Option<Zone> {
    let read = |path: &Path| {
        let is_small_file = fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
        is_small_file.then(|| fs::read(path).ok()).flatten().and_then(|bytes| Zone::of_file(&bytes))
    };
    let Some(name) = env("TZ") else { return read(Path::new("/etc/localtime")) };
    let name = name.trim_start_matches(':');
    if name.is_empty() {
        return Some(Zone::UTC);
    }
    let folder = env("TZDIR").map_or_else(|| PathBuf::from("/usr/share/zoneinfo"), PathBuf::from);
    // An absolute path takes the folder's place.
    read(&folder.join(name)).or_else(|| Zone::of_rule(name))
}

/// Seconds since 1970 of `2026-08-30T01:00:00.000Z` or `2026-08-30T08:00:00+07:00`.
fn seconds(text: &str) -> Option<i64> {
    let part = |range: Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    };
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let (hour, minute) = (part(11..13)?, part(14..16)?);
    let is_written_so = text.as_bytes()[4] == b'-' && matches!(text.as_bytes()[10], b'T' | b' ');
    if !is_written_so || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 24 || minute > 59 {
        return None;
    }
    let rest = text.get(16..)?;
    let second = rest.strip_prefix(':').and_then(|rest| rest.get(..2)?.parse().ok()).unwrap_or(0);
    let zone = rest.find(['Z', 'z', '+', '-']).map(|at| &rest[at..])?;
    let offset = match zone.as_bytes()[0] {
        b'Z' | b'z' => 0,
        sign => {
            let hours: i64 = zone.get(1..3)?.parse().ok()?;
            let minutes: i64 = zone.get(3..)?.trim_start_matches(':').parse().unwrap_or(0);
            (hours * 3600 + minutes * 60) * if sign == b'-' { -1 } else { 1 }
        }
    };
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// A moment to the minute.
fn written(seconds: i64) -> String {
    let (year, month, day) = super::zone::date(seconds.div_euclid(86_400));
    let minutes = seconds.rem_euclid(86_400) / 60;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_apis_are_understood() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-08-30T01:00:00.000Z", 1_788_051_600),
            ("2026-08-30T08:00:00+07:00", 1_788_051_600),
            ("2026-08-29T21:30:00-03:30", 1_788_051_600),
            ("2026-08-30 01:00Z", 1_788_051_600),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
            assert_eq!(
                written(expected),
                if expected == 0 { "1970-01-01 00:00" } else { "2026-08-30 01:00" }
            );
        }
        for odd in [
            "",
            "-",
            "yesterday",
            "2026-08-30",
            "2026-13-01T00:00Z",
            "2026-08-30T01:00",
            "２０２６-08-30T01:00Z",
        ] {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_zone_is_that_of_the_variable() {
        let offset = |tz: &str| {
            let zone = zone_of_machine(|name| (name == "TZ").then(|| tz.to_owned()));
            zone.map(|zone| zone.offset(1_788_051_600))
        };
        assert_eq!(offset(""), Some(0));
        assert_eq!(offset("WIB-7"), Some(7 * 3600));
        assert_eq!(offset(":nowhere/at all"), None);
        if Path::new("/usr/share/zoneinfo/Asia/Jakarta").exists() {
            assert_eq!(offset("Asia/Jakarta"), Some(7 * 3600));
            assert_eq!(offset(":/usr/share/zoneinfo/America/New_York"), Some(-4 * 3600));
        }
    }
}
