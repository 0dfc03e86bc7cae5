//! The consent page, and the sandbox that consents in a person's place.

use serde_json::json;

use super::bench::Bench;

#[test]
fn the_token_survives_the_redirect() {
    let bench = Bench::new();
    bench.put(json!({ "callbackMessengerUrl": "https://app.example/cb?a=1%202&b" }));
    let reply = bench.submit(&bench.consent_page("messenger"), "decision=allow&scope=all");
    let location = reply.header("Location").unwrap();
    let (kept, token) = location.split_once("&token=").unwrap();
    assert_eq!(kept, "https://app.example/cb?a=1%202&b");
    assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"%-_.*".contains(&b)), "{token}");
    let token = url::form_urlencoded::parse(format!("t={token}").as_bytes()).next().unwrap().1.into_owned();
    assert!("+/=|".chars().all(|awkward| token.contains(awkward)), "{token}");
    assert_eq!(bench.accounts("messenger", &token, None).status, 200);
}

#[test]
fn consent_can_be_refused() {
    let bench = Bench::new();
    bench.put(json!({ "callbackInstagramUrl": "http://127.0.0.1:9/cb" }));
    let before = bench.token("messenger", "scope=all");
    let reply = bench.submit(&bench.consent_page("instagram"), "decision=deny&scope=all");
    let location = reply.header("Location").unwrap();
    assert!(
        location.starts_with(
            "http://127.0.0.1:9/cb?error=access_denied&error_reason=user_denied&error_description="
        ),
        "{location}"
    );
    assert!(!location.contains("token"));
    assert_eq!(bench.accounts("messenger", &before, None).status, 200);
}

#[test]
fn the_callback_counts_that_is_set_when_the_person_agrees() {
    let bench = Bench::new();
    let page = bench.consent_page("messenger");
    let reply = bench.submit(&page, "decision=allow&scope=all");
    assert_eq!(reply.status, 409);
    let says = ["This sign-in has expired", "no Messenger callback URL is set", "Start the sign-in again."];
    assert!(says.iter().all(|text| reply.body.contains(text)), "{}", reply.body);
    bench.put(json!({ "callbackMessengerUrl": "https://later.example/" }));
    assert!(
        bench.submit(&page, "decision=allow&scope=all").header("Location").unwrap().contains("later.example")
    );
}

#[test]
fn the_page_is_safe_and_only_for_this_machine() {
    let bench = Bench::new();
    let path = bench.consent_page("messenger");
    let page = bench.send("GET", &path, "", "");
    assert_eq!(page.status, 200);
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-") && !policy.contains("form-action"));
    assert!(!page.body.contains("<script") && !page.body.contains(" style="));
    assert_eq!(page.body.matches("type=\"checkbox\"").count(), 5);
    assert!(page.body.contains("Toko Roti Mawar 🌹"));
    let foreign = bench
        .raw(format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").as_bytes());
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    assert_eq!(bench.send("GET", "/consent/messenger/0123", "", "").status, 410);
    assert_eq!(bench.send("GET", &path.replace("messenger", "instagram"), "", "").status, 410);
}

#[test]
fn a_very_long_list_is_cut_and_fast() {
    let bench = Bench::with(&["--pages", "50000"]);
    let page = bench.send("GET", &bench.consent_page("messenger"), "", "");
    assert_eq!(page.body.matches("type=\"checkbox\"").count(), 1000);
    assert!(page.body.contains("and 49000 more"));
}
