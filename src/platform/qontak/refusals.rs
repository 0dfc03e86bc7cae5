//! How Qontak says no: the application in a shape of its own, the gateway before it in another, and both about the pace.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::http::{Explained, Headers, Refusal, Refusals};
use crate::types::Known;

/// A signature holds so long around the server's clock.
const SKEW: i64 = 300;
/// The wait where a 429 says nothing.
const SILENT_WAIT: Duration = Duration::from_secs(60);

/// The newer generation's.
pub const NEWER: Refusals =
    Refusals { hidden, original: "message", known: |_, _| None, explained: newer, ..Refusals::PLAIN };
/// The older generation's.
pub const OLDER: Refusals = Refusals { explained: older, ..NEWER };

/// An error in the application's shape is one whatever its status.
fn hidden(fields: &Map<String, Value>, status: u16, _: bool) -> Option<u16> {
    let is_error = fields.get("status").and_then(Value::as_str) == Some("error");
    let error = fields.get("error").filter(|error| error.is_object());
    let code = error.and_then(|error| error.get("code")?.as_u64()).and_then(|code| u16::try_from(code).ok());
    (is_error || error.is_some()).then_some(code.filter(|code| (400..600).contains(code)).unwrap_or(status))
}

fn newer(refusal: &Refusal<'_>) -> Explained {
    let explained = older(refusal);
    // Some gateways of that make answer a signature that doesn't verify so (assumed).
    let said = explained.message.as_deref().or_else(|| refusal.body?.get("message")?.as_str());
    let is_about_proof =
        refusal.status == 403 && said.is_some_and(|said| said.to_ascii_lowercase().contains("hmac"));
    if refusal.status != 401 && !is_about_proof {
        return explained;
    }
    let off = (refusal.header)("date").and_then(|date| clock_off(&date, SystemTime::now()));
    let known = off.map_or(Known::BadCredentials, |seconds| Known::ClockOff { seconds });
    Explained { known: Some(known), ..explained }
}

fn older(refusal: &Refusal<'_>) -> Explained {
    let messages: Vec<&str> = messages(refusal.body).collect();
    let wait = (refusal.status == 429).then(|| wait(&messages, refusal.header, SystemTime::now()));
    let said: Vec<&str> =
        messages.into_iter().filter(|text| refusal.status != 429 || limit(text).is_none()).collect();
    Explained {
        message: Some(said.join("; ")).filter(|text| !text.is_empty()),
        known: (refusal.status == 401).then_some(Known::BadCredentials),
        wait,
        is_passing: false,
    }
}

/// `{"error": {"messages": ["…"]}}`
fn messages<'a>(body: Option<&'a Map<String, Value>>) -> impl Iterator<Item = &'a str> {
    let messages = body.and_then(|body| body.get("error")?.get("messages")?.as_array());
    messages.into_iter().flatten().filter_map(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// The name and value of a limit that the older generation tells among its messages: `rate_limit_reset: 10`.
fn limit(message: &str) -> Option<(&str, &str)> {
    let (name, value) = message.split_once(':')?;
    name.trim().starts_with("rate_limit_").then_some((name.trim(), value.trim()))
}

fn wait(messages: &[&str], header: &Headers<'_>, now: SystemTime) -> Duration {
    let told = header("x-ratelimit-reset").and_then(|reset| until(&reset, now));
    let among = || {
        let reset =
            messages.iter().filter_map(|text| limit(text)).find(|(name, _)| *name == "rate_limit_reset");
        until(reset?.1, now)
    };
    told.or_else(among).unwrap_or(SILENT_WAIT)
}

/// How long until then: seconds, a Unix time, or a date; which of them it is, no document says.
fn until(reset: &str, now: SystemTime) -> Option<Duration> {
    let at = match reset.trim().parse::<f64>() {
        Ok(number) if !number.is_finite() || number < 0.0 => return None,
        Ok(seconds) if seconds < 1e9 => return Some(Duration::from_secs_f64(seconds)),
        Ok(time) => UNIX_EPOCH
            .checked_add(Duration::try_from_secs_f64(if time < 1e11 { time } else { time / 1e3 }).ok()?)?,
        Err(_) => match reset.trim().parse::<jiff::Timestamp>() {
            Ok(time) => time.into(),
            Err(_) => httpdate::parse_http_date(reset.trim()).ok()?,
        },
    };
    Some(at.duration_since(now).unwrap_or(Duration::ZERO))
}

/// By how many seconds our clock is off, behind where it is positive; none where a signature holds all the same.
fn clock_off(date: &str, now: SystemTime) -> Option<i64> {
    let seconds = |time: SystemTime| i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok();
    let off = seconds(httpdate::parse_http_date(date).ok()?)? - seconds(now)?;
    (off.abs() > SKEW).then_some(off)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn explained(generation: Refusals, status: u16, body: &str, headers: &[(&str, &str)]) -> Explained {
        let fields = serde_json::from_str(body).ok();
        let header = |name: &str| {
            headers.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        (generation.explained)(&Refusal { status, body: fields.as_ref(), header: &header })
    }

    #[test]
    fn a_wait_is_what_any_of_both_generations_says_or_a_minute() {
        let seconds = Duration::from_secs;
        let told = r#"{"status":"error","error":{"code":429,"messages":["rate_limit_limit: 100","rate_limit_reset: 10"]}}"#;
        for (body, headers, wait) in [
            (told, &[][..], 10),
            (told, &[("x-ratelimit-reset", "7")][..], 7),
            (told, &[("x-ratelimit-reset", "soon")][..], 10),
            (r#"{"message":"API rate limit exceeded"}"#, &[][..], 60),
            ("", &[][..], 60),
            ("", &[("x-ratelimit-reset", "Sun, 09 Sep 2001 01:46:45 GMT")][..], 0),
        ] {
            for generation in [NEWER, OLDER] {
                assert_eq!(explained(generation, 429, body, headers).wait, Some(seconds(wait)), "{body}");
            }
        }
        assert_eq!(explained(OLDER, 429, told, &[]).message, None, "the limits explain nothing to a person");
        let now = UNIX_EPOCH + seconds(2_000_000_000);
        for (reset, left) in
            [("2000000005", 5), ("2000000005000", 5), ("2033-05-18T03:33:30Z", 10), ("1900000000", 0)]
        {
            assert_eq!(until(reset, now), Some(seconds(left)), "{reset}");
        }
        assert_eq!(until("-1", now), None);
    }

    #[test]
    fn both_shapes_are_explained_and_a_refusal_is_one_with_any_status() {
        let error = r#"{"status":"error","error":{"code":422,"messages":["target_channel is invalid","x"]}}"#;
        for generation in [NEWER, OLDER] {
            let said = explained(generation, 422, error, &[]);
            assert_eq!(said.message.as_deref(), Some("target_channel is invalid; x"));
            assert_eq!((said.known, said.wait), (None, None));
            let fields = serde_json::from_str(error).unwrap();
            assert_eq!((generation.hidden)(&fields, 200, false), Some(422));
            let known = explained(generation, 401, r#"{"message":"Unauthorized"}"#, &[]).known;
            assert_eq!(known, Some(Known::BadCredentials));
        }
        let fine = serde_json::from_str(r#"{"status":"success","data":[],"error":null}"#).unwrap();
        assert_eq!((NEWER.hidden)(&fine, 200, false), None);
    }

    #[test]
    fn a_clock_that_is_off_is_told_from_credentials_that_are_wrong() {
        let at = |off: i64| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
            httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(off)))
        };
        let known = |generation, status, said: &str, date: &str| {
            explained(generation, status, &format!(r#"{{"message":"{said}"}}"#), &[("date", date)]).known
        };
        for off in [-7200_i64, 302, 900] {
            let Some(Known::ClockOff { seconds }) = known(NEWER, 401, "Unauthorized", &at(off)) else {
                panic!("{off}")
            };
            assert!((seconds - off).abs() <= 1, "{seconds} {off}");
        }
        for off in [-298, 0, 298] {
            assert_eq!(known(NEWER, 401, "Unauthorized", &at(off)), Some(Known::BadCredentials), "{off}");
        }
        assert_eq!(known(NEWER, 401, "x", "yesterday"), Some(Known::BadCredentials));
        assert_eq!(known(OLDER, 401, "x", &at(900)), Some(Known::BadCredentials), "nothing is signed there");
        let said = "HMAC signature does not match";
        assert_eq!(known(NEWER, 403, said, &at(0)), Some(Known::BadCredentials));
        assert_eq!(known(NEWER, 403, "not allowed", &at(0)), None);
    }

    proptest! {
        #[test]
        fn any_reset_gives_a_wait_or_none(reset in ".{0,40}", number in any::<f64>()) {
            until(&reset, SystemTime::now());
            until(&number.to_string(), SystemTime::now());
        }
    }
}
