//! Values that are parsed into types at the edge.

use std::time::Duration;

use crate::types::ValueError;

/// A time such as `60s`, `5m` or `1h`; a bare number is seconds. From one second to a day.
pub fn duration(text: &str) -> Result<Duration, ValueError> {
    let (number, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
    let seconds = match unit {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(ValueError::DurationForm),
    };
    let number: u64 = number.parse().map_err(|_| ValueError::DurationForm)?;
    match number.checked_mul(seconds) {
        Some(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err(ValueError::DurationRange),
    }
}

/// A whole number above 0.
pub fn count(text: &str) -> Result<u64, ValueError> {
    match text.parse() {
        Ok(0) => Err(ValueError::TooSmall { least: 1 }),
        Ok(count) => Ok(count),
        Err(_) => Err(ValueError::NoNumber),
    }
}

/// The name of a webhook's field, such as `messaging_postbacks`.
pub fn webhook_field(text: &str) -> Result<String, ValueError> {
    let text = text.trim().to_ascii_lowercase();
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { Ok(text) } else { Err(ValueError::WebhookField) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_checked() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        for bad in ["", "0s", "s", "25h", "1d", "-1s", "1.5s", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
