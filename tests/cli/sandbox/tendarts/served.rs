//! `sandbox serve` and `sandbox reset` with 10darts: what is printed, seeded, shared and fast.

use serde_json::{Value, json};

use super::{TOKEN, Tendarts, json};
use crate::support::{Home, Served};

/// Every application, by following `next`.
fn all(bench: &Tendarts) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), "/api/v1/applications/".to_owned());
    loop {
        let page = json(&bench.api("GET", &next, ""));
        found.extend(page["results"].as_array().unwrap().clone());
        let Some(address) = page["next"].as_str() else { return found };
        next = address.strip_prefix(bench.origin()).expect("an address of its own").to_owned();
    }
}

#[test]
fn the_environment_that_is_printed_names_graph_and_its_credentials() {
    let home = Home::new();
    let mut child = home.command(&["--json", "sandbox", "serve", "--platform", "10darts"]);
    let mut child =
        child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    let origin = printed["SOCIALCHAT_API_URL"].as_str().unwrap();
    let expected = json!({
        "SOCIALCHAT_API_URL": origin,
        "SOCIALCHAT_PLATFORM": "10darts",
        "SOCIALCHAT_GRAPH_URL": format!("{origin}/graph"),
        "TENDARTS_API_TOKEN": "sandbox-api-token",
        "META_PAGE_TOKEN": "sandbox-page-token",
        "META_APP_ID": "1000000000000001",
        "META_APP_SECRET": "sandbox-app-secret",
    });
    assert_eq!(printed, expected);
}

#[test]
fn ten_thousand_applications_are_many_pages() {
    let bench = Tendarts::with(&["--channels", "10000"]);
    let found = all(&bench);
    assert_eq!((found.len(), &found[9_999]["name"]), (10_000, &json!("shop-10000")));
    let state = bench.home.config().join("state/sandbox-10darts.json");
    assert!(std::fs::metadata(state).unwrap().len() < 1_000, "they are not stored");
}

#[test]
fn a_page_behind_the_last_is_none_and_what_is_deleted_moves_the_others_up() {
    let bench = Tendarts::with(&["--channels", "101"]);
    assert_eq!(bench.api("GET", "/api/v1/applications/?page=3", "").status, 404);
    assert_eq!(bench.api("DELETE", "/api/v1/applications/1/", "").status, 204);
    assert_eq!(bench.api("GET", "/api/v1/applications/?page=2", "").status, 404);
    assert_eq!(all(&bench)[99]["id"], 101);
}

#[test]
fn two_share_their_state_and_reset_begins_anew() {
    let bench = Tendarts::new();
    let other =
        Tendarts { served: Served::start(&bench.home, &["--platform", "10darts"]), home: Home::new() };
    assert_eq!(other.api("DELETE", "/api/v1/applications/2/", "").status, 204);
    assert_eq!(all(&bench).len(), 3);
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    bench.send("POST", "/developers", kind, "require_app_secret=on");
    assert_eq!(json(&other.graph("GET", "/me", "sandbox-page-token", ""))["error"]["code"], 100);
    bench.home.run(&["sandbox", "reset", "--platform", "10darts", "--channels", "2"]).exits(0);
    assert_eq!((all(&bench).len(), all(&other).len()), (2, 2));
    assert_eq!(other.graph("GET", "/me", "sandbox-page-token", "").status, 200);
    // Socialchat's own state is another.
    assert_eq!(bench.home.run(&["--sandbox", "--json", "channels", "list"]).exits(0).json()["total"], 3);
}

#[test]
fn a_redirected_post_creates_nothing() {
    let bench = Tendarts::new();
    let body = r#"{"name":"lost","platform":"MESSENGER","page_access_token":"sandbox-page-token"}"#;
    let answer = bench.api("POST", "/api/v1/applications", body);
    assert_eq!((answer.status, answer.body.as_str()), (301, ""));
    // As a client does that follows it.
    let headers = format!("Authorization: {TOKEN}\r\n");
    let followed = bench.send("GET", answer.header("location").unwrap(), &headers, "");
    assert_eq!(followed.status, 200, "which looks like success");
    assert!(!followed.body.contains("lost"));
}
