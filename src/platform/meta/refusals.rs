//! How the Graph API says no: by a code, whatever the status ("Handling Errors"), and by how much of an allowance is used
//! up ("Rate Limits").

use std::time::Duration;

use serde_json::{Map, Value};

use crate::http::{Explained, Headers, Refusal, Refusals, without_tokens};
use crate::types::{Known, MetaCode, MetaMeaning, as_text, as_yes_or_no};

pub(super) const REFUSALS: Refusals = Refusals {
    hidden: |fields, status, _| error_in(fields).map(|_| status),
    explained,
    pause,
    ..Refusals::PLAIN
};

/// From this share of an allowance on, in percent, requests are slowed down; from 100 on they are refused.
const SLOW_FROM: f64 = 80.0;
/// What a request waits for each percent from there on.
const EACH_PERCENT: Duration = Duration::from_millis(250);
/// Refused for too many calls, without a word on how long: rates are counted over an hour or a day, bursts over less.
const USUAL_WAIT: Duration = Duration::from_secs(3);
/// For more than this nobody waits in front of a terminal.
const LONGEST_WAIT_MINUTES: u32 = 2;

/// The error in an answer, if it is one.
fn error_in(fields: &Map<String, Value>) -> Option<(&Map<String, Value>, i64)> {
    let error = fields.get("error")?.as_object()?;
    let code = error.get("code")?;
    Some((error, code.as_i64().or_else(|| as_text(code)?.trim().parse().ok())?))
}

fn explained(refusal: &Refusal<'_>) -> Explained {
    let Some((error, code)) = refusal.body.and_then(error_in) else { return Explained::default() };
    let text = |name: &str| error.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let message = text("message");
    let minutes = business_usage(refusal.header).map(|usage| usage.minutes).filter(|minutes| *minutes > 0);
    let code = MetaCode {
        code,
        subcode: error.get("error_subcode").and_then(Value::as_i64),
        is_about_proof: message.is_some_and(|message| message.contains("appsecret_proof")),
        is_transient: error.get("is_transient").and_then(as_yes_or_no) == Some(true),
        minutes,
    };
    let means = code.means();
    let wait = match minutes {
        Some(minutes) if minutes > LONGEST_WAIT_MINUTES => None,
        Some(minutes) => Some(Duration::from_secs(60 * u64::from(minutes))),
        None => Some(USUAL_WAIT),
    };
    Explained {
        message: message.or(text("error_user_msg")).map(without_tokens),
        known: Some(Known::Meta(code)),
        wait: wait.filter(|_| means == MetaMeaning::TooManyCalls),
        is_passing: means == MetaMeaning::Passing,
    }
}

/// How long the next request waits: longer with each percent from 80 on.
fn pause(headers: &Headers<'_>) -> Option<Duration> {
    let app = headers("x-app-usage").and_then(|text| serde_json::from_str(&text).ok());
    let app = app.as_ref().map(highest);
    let used = app.into_iter().chain(business_usage(headers).map(|usage| usage.percent)).reduce(f64::max)?;
    let over = used.min(100.0) - SLOW_FROM;
    (over >= 0.0).then(|| EACH_PERCENT.mul_f64(over + 1.0))
}

/// The highest of the percentages: `{call_count, total_time, total_cputime}`.
fn highest(usage: &Value) -> f64 {
    let names = ["call_count", "total_time", "total_cputime"];
    names.iter().filter_map(|name| usage.get(name)?.as_f64()).fold(0.0, f64::max)
}

struct BusinessUsage {
    percent: f64,
    minutes: u32,
}

/// `{"ID": [{type, call_count, …, estimated_time_to_regain_access}]}`, of which the last is in minutes.
fn business_usage(headers: &Headers<'_>) -> Option<BusinessUsage> {
    let usage: Map<String, Value> = serde_json::from_str(&headers("x-business-use-case-usage")?).ok()?;
    let entries = || usage.values().filter_map(Value::as_array).flatten();
    let minutes = entries().filter_map(|entry| entry.get("estimated_time_to_regain_access")?.as_u64()).max();
    Some(BusinessUsage {
        percent: entries().map(highest).fold(0.0, f64::max),
        minutes: minutes.map_or(0, |minutes| u32::try_from(minutes).unwrap_or(u32::MAX)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn explained_by(error: Value, usage: Option<&str>) -> Explained {
        let body = json!({ "error": error });
        let header = |name: &str| usage.filter(|_| name == "x-business-use-case-usage").map(str::to_owned);
        explained(&Refusal { status: 400, body: body.as_object(), header: &header })
    }

    fn meaning(explained: &Explained) -> MetaMeaning {
        let Some(Known::Meta(code)) = explained.known else { panic!("{explained:?}") };
        code.means()
    }

    #[test]
    fn the_code_decides() {
        let said = explained_by(json!({ "message": "m", "code": 190, "error_subcode": 463 }), None);
        assert_eq!((meaning(&said), said.wait, said.is_passing), (MetaMeaning::TokenExpired, None, false));
        let said = explained_by(json!({ "message": "needs appsecret_proof", "code": 100 }), None);
        assert_eq!(meaning(&said), MetaMeaning::Proof);
        for code in [1, 2] {
            assert!(explained_by(json!({ "code": code }), None).is_passing, "{code}");
        }
        assert!(explained_by(json!({ "code": 7, "is_transient": true }), None).is_passing);
        for code in [4, 17, 32, 613, 80_001, 80_006] {
            assert_eq!(explained_by(json!({ "code": code }), None).wait, Some(USUAL_WAIT), "{code}");
        }
    }

    #[test]
    fn what_takes_long_is_not_waited_for() {
        let usage = |minutes| format!(r#"{{"1":[{{"estimated_time_to_regain_access":{minutes}}}]}}"#);
        let wait = |minutes| explained_by(json!({ "code": 32 }), Some(&usage(minutes))).wait;
        assert_eq!(wait(0), Some(USUAL_WAIT));
        assert_eq!(wait(1), Some(Duration::from_secs(60)));
        assert_eq!(wait(30), None);
    }

    #[test]
    fn requests_slow_down_from_80_percent_on() {
        let pause = |name: &'static str, text: &'static str| {
            super::pause(&move |asked: &str| (asked == name).then(|| text.to_owned()))
        };
        assert_eq!(pause("x-app-usage", r#"{"call_count":79,"total_time":0}"#), None);
        assert_eq!(pause("x-app-usage", r#"{"call_count":1,"total_cputime":80}"#), Some(EACH_PERCENT));
        assert_eq!(pause("x-app-usage", r#"{"call_count":250}"#), Some(EACH_PERCENT * 21));
        assert_eq!(
            pause("x-business-use-case-usage", r#"{"1":[{"call_count":3},{"total_time":81}]}"#),
            Some(EACH_PERCENT * 2)
        );
        for odd in ["", "[]", "7", r#"{"1":7}"#] {
            assert_eq!(pause("x-business-use-case-usage", odd), None, "{odd}");
            assert_eq!(pause("x-app-usage", odd), None, "{odd}");
        }
    }

    #[test]
    fn what_looks_like_a_token_is_cut_out() {
        assert_eq!(
            without_tokens("token EAABsbCS1iHgBAKZCx7z0ZAp9, é of 138|abcdefghij0123456789klm!"),
            "token [secret], é of [secret]!"
        );
        for plain in ["(#100) Param fields[0] must be one of {messaging_postbacks}", "1002003004005006", "é"]
        {
            assert_eq!(without_tokens(plain), plain);
        }
    }
}
