//! The pages for people: applications, and the app's settings at Meta.

use super::{Tendarts, json};

#[test]
fn both_pages_need_no_scripts_and_load_nothing() {
    let bench = Tendarts::new();
    for path in ["/app/applications", "/app/applications/", "/developers"] {
        let page = bench.send("GET", path, "", "");
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "values to copy stand on it");
        assert!(!page.body.contains("<script") && !page.body.contains("src="), "{}", page.body);
        assert!(!page.body.contains("CANARY"), "a person sees no secrets of others");
    }
    let home = bench.send("GET", "/", "", "").body;
    for path in ["/api/v1/", "/openapi.yaml", "/app/applications", "/graph/openapi.yaml", "/developers"] {
        assert!(home.contains(path), "{home}");
    }
}

#[test]
fn the_applications_page_shows_the_newest_first_and_not_ten_thousand() {
    let bench = Tendarts::with(&["--channels", "1200"]);
    let body = r#"{"name":"newest","platform":"MESSENGER","page_access_token":"sandbox-page-token"}"#;
    assert_eq!(bench.api("POST", "/api/v1/applications/", body).status, 200);
    let page = bench.send("GET", "/app/applications", "", "").body;
    let at = |name: &str| page.find(name).unwrap_or_else(|| panic!("no {name}"));
    assert!(at(">newest<") < at(">shop-01200<") && at(">shop-01200<") < at(">shop-00800<"));
    assert_eq!(page.matches("Webhook verification token</dt>").count(), 500);
    assert!(page.contains("and 701 more"), "{page}");
}

#[test]
fn the_app_demands_a_proof_where_a_person_ticks_it() {
    let bench = Tendarts::new();
    let code =
        |path: &str| json(&bench.graph("GET", path, "sandbox-page-token", ""))["error"]["code"].clone();
    let tick = |form: &str| {
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = bench.send("POST", "/developers", kind, form);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/developers")));
    };
    assert!(code("/me").is_null());
    tick("require_app_secret=on");
    assert_eq!(code("/me"), 100);
    assert!(bench.send("GET", "/developers", "", "").body.contains("checked"));
    // `printf sandbox-page-token | openssl dgst -sha256 -hmac sandbox-app-secret`
    let proof = "828a5d7ca622feded4b6e9b1c7e38077ce8053abf36a1b2542b2ef1fea32681a";
    assert!(code(&format!("/me?appsecret_proof={proof}")).is_null());
    tick("");
    assert!(code("/me").is_null());
}
