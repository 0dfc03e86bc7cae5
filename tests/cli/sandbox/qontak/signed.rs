//! What the gateway verifies, and what it says where it doesn't pass.

use super::{NEWER, OLDER, Qontak, ago, application, gateway, headers, now};

const LIST: &str = "/qontak/chat/v1/integrations?target_channel=fb&limit=20&offset=1";
const DATE: &str =
    "HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication";
const WRONG: &str = "HMAC signature does not match";

#[test]
fn a_clock_that_is_301_seconds_off_is_refused_with_the_servers_time() {
    let qontak = Qontak::new();
    let send = |date: &str| qontak.send("GET", LIST, &headers(date, "GET", LIST), "");
    // Of the 300 that are allowed, ten are left for a machine that is busy.
    assert_eq!(send(&ago(290)).status, 200);
    let refused = send(&ago(301));
    assert_eq!(gateway(&refused), (401, DATE.to_owned()));
    let theirs = httpdate::parse_http_date(refused.header("date").unwrap()).unwrap();
    assert!(theirs > httpdate::parse_http_date(&ago(60)).unwrap(), "a client can tell how far it is off");
    // A day of another zone, and no day at all.
    for date in ["Fri, 11 Apr 2025 00:00:00 +0700", "today"] {
        assert_eq!(gateway(&send(date)), (401, DATE.to_owned()), "{date}");
    }
}

#[test]
fn the_query_must_be_signed_as_it_is_sent() {
    let qontak = Qontak::new();
    let date = now();
    let signed_for = |signed: &str, sent: &str| qontak.send("GET", sent, &headers(&date, "GET", signed), "");
    assert_eq!(signed_for(LIST, LIST).status, 200);
    assert_eq!(gateway(&signed_for("/qontak/chat/v1/integrations", LIST)), (401, WRONG.to_owned()));
    // The official client signs the decoded query and sends the encoded one.
    let [decoded, encoded] =
        ["kopi senja", "kopi%20senja"].map(|text| format!("{NEWER}/integrations?query={text}"));
    assert_eq!(gateway(&signed_for(&decoded, &encoded)), (401, WRONG.to_owned()));
    assert_eq!(signed_for(&encoded, &encoded).status, 200);
    let head = qontak.send("HEAD", LIST, &headers(&date, "GET", LIST), "");
    assert_eq!(head.status, 401, "the method is signed as well");
}

#[test]
fn a_digest_that_is_sent_must_be_the_bodys() {
    let qontak = Qontak::new();
    let send = |digest: &str| {
        qontak.send("GET", LIST, &format!("{}Digest: {digest}\r\n", headers(&now(), "GET", LIST)), "{}")
    };
    // `printf '{}' | openssl dgst -sha256 -binary | base64`
    assert_eq!(send("SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=").status, 200);
    assert_eq!(
        gateway(&send("SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")),
        (401, WRONG.to_owned())
    );
}

#[test]
fn the_gateway_says_unauthorized_to_whoever_does_not_sign() {
    let qontak = Qontak::new();
    for header in ["", "Authorization: Bearer sandbox-access-token\r\n", "Authorization: Basic eDp5\r\n"] {
        assert_eq!(
            gateway(&qontak.send("GET", LIST, header, "")),
            (401, "Unauthorized".to_owned()),
            "{header}"
        );
    }
    let date = now();
    let good = headers(&date, "GET", LIST);
    for (from, to, says) in [
        ("sandbox-client", "another-client", "HMAC signature cannot be verified"),
        ("hmac-sha256", "hmac-sha1", "HMAC signature cannot be verified"),
        ("date request-line", "date", "HMAC signature cannot be verified"),
        ("signature=\"", "signature=\"AAAA", WRONG),
    ] {
        let refused = qontak.send("GET", LIST, &good.replace(from, to), "");
        assert_eq!(gateway(&refused), (401, says.to_owned()), "{from}");
    }
}

#[test]
fn one_generation_does_not_answer_for_the_other() {
    let qontak = Qontak::new();
    let older = format!("{OLDER}/integrations");
    let no_route = (404, "no Route matched with those values".to_owned());
    assert_eq!(
        gateway(&qontak.send("GET", &older, "Authorization: Bearer sandbox-access-token\r\n", "")),
        no_route
    );
    assert_eq!(gateway(&qontak.post_token(&serde_json::json!({}))), no_route);
    let qontak = Qontak::older();
    let newer = format!("{NEWER}/integrations");
    assert_eq!(application(&qontak.send("GET", &newer, &headers(&now(), "GET", &newer), "")).0, 404);
    let older = format!("{OLDER}/integrations");
    assert_eq!(application(&qontak.send("GET", &older, &headers(&now(), "GET", &older), "")).0, 401);
}

#[test]
fn no_call_changes_a_channel() {
    for qontak in [Qontak::new(), Qontak::older()] {
        let before = qontak.all();
        let id = before[0]["id"].as_str().unwrap();
        for (method, path) in [
            ("DELETE", format!("/integrations/{id}")),
            ("PUT", format!("/integrations/{id}")),
            ("POST", "/integrations".to_owned()),
        ] {
            let refused = qontak.ask(method, &path);
            assert_eq!(application(&refused), (405, "Method not allowed".to_owned()), "{method} {path}");
            assert_eq!(refused.header("allow"), Some("GET"));
        }
        assert_eq!(qontak.all(), before);
    }
}
