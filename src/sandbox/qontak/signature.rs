//! The newer generation's signature, as the gateway verifies it.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac};

use super::super::http::Request;
use super::refusal::Refusal;
use super::token::{CLIENT_ID, CLIENT_SECRET};

/// How far the signed time and the server's may lie apart.
const SKEW: Duration = Duration::from_secs(300);

const NONE: &str = "Unauthorized";
const DATE: &str =
    "HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication";
const UNREADABLE: &str = "HMAC signature cannot be verified";
const WRONG: &str = "HMAC signature does not match";

/// Verifies what the client sent, byte for byte: method, target and `Date` as they came, and the `Digest` where there is
/// one. Documented, but for the gateway's texts, which are assumed.
pub fn verify(request: &Request, now: SystemTime) -> Result<(), Refusal> {
    let refused = |text| Refusal::gateway(401, text);
    let given = request.authorization.as_deref().and_then(|value| value.split_once(' '));
    let Some((_, given)) = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("hmac")) else {
        return Err(refused(NONE));
    };
    let date = request.header("date").filter(|date| is_near(date, now)).ok_or_else(|| refused(DATE))?;
    let fields = Fields::of(given).ok_or_else(|| refused(UNREADABLE))?;
    let expected = fields.username == CLIENT_ID
        && fields.algorithm == "hmac-sha256"
        && fields.headers == "date request-line";
    let signature = STANDARD.decode(fields.signature).ok().filter(|_| expected);
    let signature = signature.ok_or_else(|| refused(UNREADABLE))?;
    let text = signed(date, &request.method, &request.target);
    hmac::verify(&key(CLIENT_SECRET), text.as_bytes(), &signature).map_err(|_| refused(WRONG))?;
    match request.header("digest") {
        Some(digest) if digest != digest_of(&request.body) => Err(refused(WRONG)),
        _ => Ok(()),
    }
}

/// Two lines, and no line break behind them.
fn signed(date: &str, method: &str, target: &str) -> String {
    format!("date: {date}\n{method} {target} HTTP/1.1")
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

fn digest_of(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest::digest(&digest::SHA256, body)))
}

/// Whether it is a time as RFC 7231 writes it today, near enough.
fn is_near(date: &str, now: SystemTime) -> bool {
    let Ok(time) = httpdate::parse_http_date(date) else { return false };
    // Only whole seconds are signed.
    let apart = |a: SystemTime, b: SystemTime| a.duration_since(b).unwrap_or_default().as_secs();
    let apart = apart(time, now).max(apart(now, time));
    httpdate::fmt_http_date(time) == date && apart <= SKEW.as_secs()
}

/// What stands in the header.
#[derive(Debug, Default, PartialEq)]
struct Fields<'a> {
    username: &'a str,
    algorithm: &'a str,
    headers: &'a str,
    signature: &'a str,
}

impl<'a> Fields<'a> {
    /// `name="value"`, with commas between. Each of the four once, and no others.
    fn of(text: &'a str) -> Option<Fields<'a>> {
        let mut fields = Fields::default();
        for part in text.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let value = value.strip_prefix('"')?.strip_suffix('"').filter(|value| !value.is_empty())?;
            let place = match name {
                "username" => &mut fields.username,
                "algorithm" => &mut fields.algorithm,
                "headers" => &mut fields.headers,
                "signature" => &mut fields.signature,
                _ => return None,
            };
            if !place.is_empty() {
                return None;
            }
            *place = value;
        }
        let all = [fields.username, fields.algorithm, fields.headers, fields.signature];
        all.iter().all(|value| !value.is_empty()).then_some(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderMap;
    use proptest::prelude::*;

    fn signature(secret: &str, date: &str, line: &str) -> String {
        let (method, target) = line.split_once(' ').unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap();
        STANDARD.encode(hmac::sign(&key(secret), signed(date, method, target).as_bytes()))
    }

    #[test]
    fn the_vendors_own_example_comes_out() {
        let line = "POST /v2/klikpajak/v1/efaktur/out?auto_approval=false HTTP/1.1";
        let given = signature("YOUR_MEKARI_API_CLIENT_SECRET", "Wed, 10 Nov 2021 07:24:29 GMT", line);
        assert_eq!(given, "6+Ah/UTmbqd+DDqlh6zYZ0HuCwVhtElYDOoucRPCaFg=");
        let line = "GET /qontak/chat/v1/integrations?target_channel=fb&limit=20&offset=1 HTTP/1.1";
        let given = signature("demo-secret", "Fri, 11 Apr 2025 00:00:00 GMT", line);
        assert_eq!(given, "ob6QO8PPcVhVESYmObHKgt+h4Z+KRIyr4wE5RY1KZgY=");
    }

    const TARGET: &str = "/qontak/chat/v1/integrations?query=a%20b";

    /// What the gateway says of a request whose header is changed, so many seconds after it was signed.
    fn verdict(seconds: i64, change: impl Fn(&mut Request)) -> Option<String> {
        let signed_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let date = httpdate::fmt_http_date(signed_at);
        let signature = signature(CLIENT_SECRET, &date, &format!("GET {TARGET} HTTP/1.1"));
        let header = format!(
            "hmac username=\"{CLIENT_ID}\", algorithm=\"hmac-sha256\", headers=\"date request-line\", signature=\"{signature}\""
        );
        let mut headers = HeaderMap::new();
        headers.insert("date", date.parse().unwrap());
        headers.insert("authorization", header.parse().unwrap());
        let mut request = Request::new("GET", TARGET, &headers, Vec::new()).unwrap();
        change(&mut request);
        let by = Duration::from_secs(seconds.unsigned_abs());
        let now = if seconds < 0 { signed_at - by } else { signed_at + by };
        let refusal = verify(&request, now).err()?;
        assert_eq!(refusal.status, 401);
        let body: serde_json::Value = serde_json::from_slice(&refusal.answer().body).unwrap();
        Some(body["message"].as_str().unwrap().to_owned())
    }

    fn replace(request: &mut Request, from: &str, to: &str) {
        let header = request.authorization.take().unwrap();
        assert!(header.contains(from), "{header}");
        request.authorization = Some(header.replace(from, to));
    }

    fn set(request: &mut Request, name: &str, value: &str) {
        request.headers.retain(|(own, _)| own != name);
        request.headers.push((name.to_owned(), value.to_owned()));
    }

    #[test]
    fn a_signature_holds_300_seconds_either_way_and_not_301() {
        for good in [0, 300, -300] {
            assert_eq!(verdict(good, |_| ()), None, "{good}");
        }
        for bad in [301, -301, 100_000_000] {
            assert_eq!(verdict(bad, |_| ()).as_deref(), Some(DATE), "{bad}");
        }
    }

    #[test]
    fn what_was_sent_is_what_must_be_signed() {
        let says = |change: fn(&mut Request)| verdict(0, change).unwrap_or_default();
        assert_eq!(says(|request| request.target = TARGET.replace("%20", "+")), WRONG);
        assert_eq!(says(|request| request.target = TARGET.replace("%20", " ")), WRONG);
        assert_eq!(says(|request| request.target = "/qontak/chat/v1/integrations".to_owned()), WRONG);
        assert_eq!(says(|request| request.method = "DELETE".to_owned()), WRONG);
        assert_eq!(says(|request| set(request, "date", "Fri, 15 Jan 2027 08:00:01 GMT")), WRONG);
        assert_eq!(says(|request| set(request, "digest", "SHA-256=AAAA")), WRONG);
        // Of an empty body, from `openssl dgst -sha256 -binary < /dev/null | base64`.
        let empty = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert_eq!(verdict(0, |request| set(request, "digest", empty)), None);
        assert_eq!(verdict(0, |request| request.body = b"unsigned".to_vec()), None);
    }

    #[test]
    fn what_cannot_be_read_is_told_from_what_is_missing() {
        let says = |change: fn(&mut Request)| verdict(0, change).unwrap_or_default();
        assert_eq!(says(|request| request.authorization = None), NONE);
        assert_eq!(
            says(|request| request.authorization = Some("Bearer sandbox-access-token".to_owned())),
            NONE
        );
        assert_eq!(says(|request| request.headers.clear()), DATE);
        for date in ["", "now", "Friday, 15-Jan-27 08:00:00 GMT", "Fri, 15 Jan 2027 08:00:00 +0000"] {
            assert_eq!(verdict(0, |request| set(request, "date", date)).as_deref(), Some(DATE), "{date}");
        }
        for (from, to) in [
            (CLIENT_ID, "another"),
            ("hmac-sha256", "hmac-sha1"),
            ("date request-line", "date"),
            ("date request-line", "request-line date"),
            ("signature=\"", "signature=\"!"),
            (", signature", ", more=\"x\", signature"),
            ("username=\"sandbox-client\", ", ""),
            ("algorithm", "username"),
        ] {
            assert_eq!(
                verdict(0, |request| replace(request, from, to)).as_deref(),
                Some(UNREADABLE),
                "{from}"
            );
        }
        assert_eq!(says(|request| replace(request, "signature=\"", "signature=\"AAAA")), WRONG);
    }

    proptest! {
        #[test]
        fn no_header_panics(text in "\\PC{0,60}") {
            let _ = Fields::of(&text);
            prop_assert!(!is_near(&text, SystemTime::UNIX_EPOCH));
        }
    }
}
