//! How the newer generation proves a request: an HMAC over its date and its request line (Mekari's developer centre,
//! "HMAC authentication").

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac};

use crate::http::Unsigned;
use crate::types::Secret;

/// The headers of a request that is sent now. The date that is signed is the one that is sent, and so is the target.
pub fn headers(
    client_id: &str,
    secret: &Secret,
    now: SystemTime,
    unsigned: &Unsigned<'_>,
) -> Vec<(&'static str, Secret)> {
    let date = httpdate::fmt_http_date(now);
    let signature = signature(secret, &date, unsigned.method, unsigned.target);
    let authorization = format!(
        "hmac username=\"{client_id}\", algorithm=\"hmac-sha256\", headers=\"date request-line\", \
         signature=\"{signature}\""
    );
    let mut headers = vec![("date", Secret::new(date)), ("authorization", Secret::new(authorization))];
    if !unsigned.body.is_empty() {
        let digest = STANDARD.encode(digest::digest(&digest::SHA256, unsigned.body));
        headers.push(("digest", Secret::new(format!("SHA-256={digest}"))));
    }
    headers
}

/// Two lines, the date and the request line, without an end of line behind the second.
fn signature(secret: &Secret, date: &str, method: &str, target: &str) -> String {
    let text = format!("date: {date}\n{method} {target} HTTP/1.1");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_vector_and_our_own_agree() {
        for (secret, date, method, target, signed) in [
            (
                "YOUR_MEKARI_API_CLIENT_SECRET",
                "Wed, 10 Nov 2021 07:24:29 GMT",
                "POST",
                "/v2/klikpajak/v1/efaktur/out?auto_approval=false",
                "6+Ah/UTmbqd+DDqlh6zYZ0HuCwVhtElYDOoucRPCaFg=",
            ),
            (
                "demo-secret",
                "Fri, 11 Apr 2025 00:00:00 GMT",
                "GET",
                "/qontak/chat/v1/integrations?target_channel=fb&limit=20&offset=1",
                "ob6QO8PPcVhVESYmObHKgt+h4Z+KRIyr4wE5RY1KZgY=",
            ),
        ] {
            assert_eq!(signature(&Secret::new(secret), date, method, target), signed, "{target}");
        }
    }

    #[test]
    fn the_headers_hold_the_date_that_is_signed_and_of_a_body_its_digest() {
        let now = httpdate::parse_http_date("Fri, 11 Apr 2025 00:00:00 GMT").unwrap();
        let target = "/qontak/chat/v1/integrations?target_channel=fb&limit=20&offset=1";
        let of = |body: &[u8]| {
            let unsigned = Unsigned { method: "GET", target, body };
            let headers = headers("demo", &Secret::new("demo-secret"), now, &unsigned);
            headers.into_iter().map(|(name, value)| format!("{name}: {}", value.expose())).collect::<Vec<_>>()
        };
        let without = [
            "date: Fri, 11 Apr 2025 00:00:00 GMT",
            "authorization: hmac username=\"demo\", algorithm=\"hmac-sha256\", headers=\"date request-line\", \
             signature=\"ob6QO8PPcVhVESYmObHKgt+h4Z+KRIyr4wE5RY1KZgY=\"",
        ];
        assert_eq!(of(b""), without);
        // From `printf '{}' | openssl dgst -sha256 -binary | base64`.
        assert_eq!(of(b"{}")[2], "digest: SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
    }
}
