//! Moments in the machine's own time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Ui;

impl Ui {
    /// A time of an API as a person reads it: `2026-08-30 08:00` in the machine's zone, with a `Z` behind it where that is
    /// unknown and UTC is shown. In a pipe, or where it is no time, the text itself.
    pub fn moment(&self, time: &str) -> String {
        if !self.stdout_is_terminal() {
            return time.to_owned();
        }
        let Ok(at) = time.parse::<Timestamp>() else { return time.to_owned() };
        match TimeZone::try_system() {
            Ok(zone) => at.to_zoned(zone).strftime("%F %H:%M").to_string(),
            Err(_) => at.strftime("%F %H:%MZ").to_string(),
        }
    }
}
