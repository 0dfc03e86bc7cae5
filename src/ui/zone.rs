//! A time zone: when its clocks are how far ahead of UTC. Read from files of RFC 8536 and from rules as POSIX has them in
//! `TZ`, which also stand at the end of such files, for all times behind the last that is listed.

/// Changes of the clocks, and the rule that holds behind the last of them. Everything in seconds.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    /// Since 1970, in order; and how far ahead of UTC the clocks are from then on.
    changes: Vec<(i64, i64)>,
    before: i64,
    rule: Option<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    standard: i64,
    summer: Option<Summer>,
}

#[derive(Clone, Debug)]
struct Summer {
    ahead: i64,
    begins: Change,
    ends: Change,
}

/// A day of every year, and the second of that day.
#[derive(Clone, Debug)]
struct Change {
    day: Day,
    second: i64,
}

#[derive(Clone, Debug)]
enum Day {
    /// From 1 to 365; the 29th of February isn't counted.
    CommonYear(i64),
    /// From 0 to 365.
    Year(i64),
    /// The month, which of those days of the week in it (5: the last), and which day of the week, from Sunday.
    Week(i64, i64, i64),
}

impl Zone {
    pub const UTC: Zone = Zone { changes: Vec::new(), before: 0, rule: None };

    /// The zone that a file of RFC 8536 holds; none where it is another file.
    pub fn of_file(bytes: &[u8]) -> Option<Zone> {
        let first = Header::of(bytes)?;
        if first.version == 0 {
            return block(&bytes[44..], &first, 4, None);
        }
        let second = bytes.get(44 + first.length(4)..)?;
        let header = Header::of(second)?;
        let footer = second.get(44 + header.length(8)..)?;
        let rule = std::str::from_utf8(footer).ok()?.trim_matches('\n');
        block(&second[44..], &header, 8, Some(rule))
    }

    /// The zone of a rule such as `WIB-7` or `CET-1CEST,M3.5.0,M10.5.0/3`.
    pub fn of_rule(text: &str) -> Option<Zone> {
        let rule = Rule::of(text)?;
        Some(Zone { changes: Vec::new(), before: rule.standard, rule: Some(rule) })
    }

    /// How far its clocks are ahead of UTC at that time.
    pub fn offset(&self, seconds: i64) -> i64 {
        let count = self.changes.partition_point(|(from, _)| *from <= seconds);
        match (&self.rule, count.checked_sub(1)) {
            (Some(rule), _) if count == self.changes.len() => rule.offset(seconds),
            (_, Some(last)) => self.changes[last].1,
            (_, None) => self.before,
        }
    }
}

/// What stands at the beginning of either part of a file.
struct Header {
    version: u8,
    counts: [usize; 6],
}

impl Header {
    fn of(bytes: &[u8]) -> Option<Header> {
        let header = bytes.get(..44).filter(|header| header.starts_with(b"TZif"))?;
        let mut counts = [0; 6];
        for (count, four) in counts.iter_mut().zip(header[20..].chunks_exact(4)) {
            *count = usize::try_from(u32::from_be_bytes(four.try_into().ok()?)).ok()?.min(1 << 20);
        }
        Some(Header { version: header[4], counts })
    }

    /// The bytes behind the header, where a time takes `size`.
    fn length(&self, size: usize) -> usize {
        let [utc, standard, leaps, times, types, letters] = self.counts;
        times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc
    }
}

fn block(bytes: &[u8], header: &Header, size: usize, rule: Option<&str>) -> Option<Zone> {
    let [_, _, _, times, types, _] = header.counts;
    let moments = bytes.get(..times * size)?;
    let kinds = bytes.get(times * size..times * (size + 1))?;
    let types = bytes.get(times * (size + 1)..times * (size + 1) + types * 6)?;
    let ahead = |kind: usize| -> Option<i64> {
        let four = types.get(kind * 6..kind * 6 + 4)?;
        Some(i32::from_be_bytes(four.try_into().ok()?).into())
    };
    let moment = |bytes: &[u8]| match size {
        8 => bytes.try_into().ok().map(i64::from_be_bytes),
        _ => bytes.try_into().ok().map(|four| i64::from(i32::from_be_bytes(four))),
    };
    let changes = moments.chunks_exact(size).zip(kinds);
    let changes = changes.map(|(time, kind)| Some((moment(time)?, ahead(usize::from(*kind))?)));
    let rule = match rule.filter(|rule| !rule.is_empty()) {
        Some(rule) => Some(Rule::of(rule)?),
        None => None,
    };
    Some(Zone { changes: changes.collect::<Option<_>>()?, before: ahead(0)?, rule })
}

impl Rule {
    fn of(text: &str) -> Option<Rule> {
        let mut rest = text;
        name(&mut rest)?;
        let standard = -time(&mut rest)?;
        if rest.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        name(&mut rest)?;
        let ahead = if rest.starts_with(',') { standard + 3600 } else { -time(&mut rest)? };
        let (begins, ends) = rest.strip_prefix(',')?.split_once(',')?;
        let summer = Summer { ahead, begins: Change::of(begins)?, ends: Change::of(ends)? };
        Some(Rule { standard, summer: Some(summer) })
    }

    fn offset(&self, seconds: i64) -> i64 {
        let Some(summer) = &self.summer else { return self.standard };
        let (year, _, _) = date((seconds + self.standard).div_euclid(86_400));
        let begins = summer.begins.moment(year) - self.standard;
        let ends = summer.ends.moment(year) - summer.ahead;
        let is_summer = match begins < ends {
            true => (begins..ends).contains(&seconds),
            false => !(ends..begins).contains(&seconds),
        };
        if is_summer { summer.ahead } else { self.standard }
    }
}

impl Change {
    fn of(text: &str) -> Option<Change> {
        let (day, second) = match text.split_once('/') {
            Some((day, mut at)) => (day, time(&mut at).filter(|_| at.is_empty())?),
            None => (text, 2 * 3600),
        };
        let number = |text: &str, most| text.parse::<i64>().ok().filter(|number| (0..=most).contains(number));
        let day = if let Some(day) = day.strip_prefix('J') {
            Day::CommonYear(number(day, 365)?)
        } else if let Some(day) = day.strip_prefix('M') {
            let mut parts = day.splitn(3, '.');
            let month = number(parts.next()?, 12).filter(|month| *month > 0)?;
            Day::Week(month, number(parts.next()?, 5)?, number(parts.next()?, 6)?)
        } else {
            Day::Year(number(day, 365)?)
        };
        Some(Change { day, second })
    }

    /// When it is, by the clocks before it, as if they showed UTC.
    fn moment(&self, year: i64) -> i64 {
        let first = days_since_1970(year, 1, 1);
        let days = match self.day {
            Day::Year(day) => first + day,
            Day::CommonYear(day) => {
                let is_leap = days_since_1970(year, 3, 1) - first == 60;
                first + day - 1 + i64::from(is_leap && day >= 60)
            }
            Day::Week(month, week, weekday) => {
                let first = days_since_1970(year, month, 1);
                let next = if month == 12 {
                    days_since_1970(year + 1, 1, 1)
                } else {
                    days_since_1970(year, month + 1, 1)
                };
                // 1970 began on a Thursday.
                let ahead = (weekday - (first + 4)).rem_euclid(7);
                let day = first + ahead + 7 * (week.max(1) - 1);
                if day >= next { day - 7 } else { day }
            }
        };
        days * 86_400 + self.second
    }
}

/// Takes the name of a zone: letters, or anything between angle brackets.
fn name(rest: &mut &str) -> Option<()> {
    let text = *rest;
    let end = match text.strip_prefix('<') {
        Some(inner) => inner.find('>')? + 2,
        None => text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()),
    };
    *rest = &text[end..];
    (end >= 3).then_some(())
}

/// Takes a time: `[+-]hh[:mm[:ss]]`.
fn time(rest: &mut &str) -> Option<i64> {
    let text = *rest;
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | ':'))).unwrap_or(text.len());
    let (time, after) = text.split_at(end);
    *rest = after;
    let (sign, time) = match time.strip_prefix('-') {
        Some(time) => (-1, time),
        None => (1, time.trim_start_matches('+')),
    };
    let mut seconds = 0;
    for (part, unit) in time.splitn(3, ':').zip([3600, 60, 1]) {
        seconds += part.parse::<i64>().ok().filter(|part| (0..=167).contains(part))? * unit;
    }
    Some(sign * seconds)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. The year is taken to begin in March, so that the leap day
/// comes last.
pub(super) fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a day counted so: year, month, day.
pub(super) fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (era * 400 + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Times about the changes of 2026, from `TZ=... date -d @N +%z`.
    #[test]
    fn rules_change_the_clocks_when_they_say() {
        for (rule, seconds, hours) in [
            ("UTC0", 0, 0.0),
            ("WIB-7", 1_788_051_600, 7.0),
            ("<+0545>-5:45", 1_788_051_600, 5.75),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_745_999, 1.0),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_746_000, 2.0),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_889_999, 2.0),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_890_000, 1.0),
            ("EST5EDT,M3.2.0,M11.1.0", 1_772_953_199, -5.0),
            ("EST5EDT,M3.2.0,M11.1.0", 1_772_953_200, -4.0),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_767_225_600, 11.0),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_788_051_600, 10.0),
        ] {
            let zone = Zone::of_rule(rule).unwrap_or_else(|| panic!("{rule}"));
            assert!(
                (zone.offset(seconds) as f64 - hours * 3600.0).abs() < 1.0,
                "{rule} at {seconds}: {}",
                zone.offset(seconds)
            );
        }
        for odd in [
            "",
            "7",
            "WIB",
            "WIB-7x",
            "CET-1CEST",
            "CET-1CEST,M3.5.0",
            "CET-1CEST,M13.5.0,M10.5.0",
            "<a-7",
            "W-7",
        ] {
            assert!(Zone::of_rule(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_leap_day_is_counted_or_not_as_the_rule_says() {
        let change = |text: &str, year| date(Change::of(text).unwrap().moment(year) / 86_400);
        assert_eq!((change("J60", 2024), change("J60", 2026)), ((2024, 3, 1), (2026, 3, 1)));
        assert_eq!((change("59", 2024), change("59", 2026)), ((2024, 2, 29), (2026, 3, 1)));
    }

    #[cfg(unix)]
    #[test]
    fn the_files_of_this_machine_say_what_its_date_says() {
        for name in
            ["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "UTC"]
        {
            let Ok(file) = std::fs::read(format!("/usr/share/zoneinfo/{name}")) else { continue };
            let zone = Zone::of_file(&file).unwrap_or_else(|| panic!("{name}"));
            for seconds in
                [-2_000_000_000, 0, 500_000_000, 1_172_000_000, 1_774_746_000, 1_788_051_600, 4_000_000_000]
            {
                let run = std::process::Command::new("date")
                    .env("TZ", name)
                    .args(["-d", &format!("@{seconds}"), "+%z"])
                    .output();
                let Some(told) = run.ok().filter(|run| run.status.success()) else { return };
                let told = String::from_utf8(told.stdout).unwrap();
                let minutes = zone.offset(seconds) / 60;
                let ours = format!(
                    "{}{:02}{:02}",
                    if minutes < 0 { '-' } else { '+' },
                    minutes.abs() / 60,
                    minutes.abs() % 60
                );
                assert_eq!(ours, told.trim(), "{name} at {seconds}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_zone_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200), time in any::<i32>()) {
            for file in [bytes.clone(), [b"TZif2".as_slice(), &[0; 15], &bytes].concat()] {
                if let Some(zone) = Zone::of_file(&file) {
                    zone.offset(time.into());
                }
            }
        }

        #[test]
        fn any_text_is_a_rule_or_none(rule in "(<?[A-Z]{1,4}>?[-+0-9:]{0,4}){1,2}(,[JM]?[0-9.]{1,6}(/[-0-9:]{1,4})?){0,2}", time in any::<i32>()) {
            if let Some(zone) = Zone::of_rule(&rule) {
                zone.offset(time.into());
            }
        }

        #[test]
        fn dates_and_days_agree(days in -800_000i64..800_000) {
            let (year, month, day) = date(days);
            prop_assert_eq!(days_since_1970(year, month, day), days);
        }
    }
}
