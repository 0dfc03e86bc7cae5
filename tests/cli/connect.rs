//! connect: from the sign-in to the result.

use crate::support::{Home, Served, Waiting, consent, http};

#[test]
fn the_main_job_runs_on_the_sandbox_alone() {
    let home = Home::new();
    let run = home.run(&["--sandbox", "--yes", "--json", "connect", "messenger", "--all"]).exits(0);
    let results = run.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 5);
    assert!(
        results.iter().all(|result| result["action"] == "connected" && result["_id"].is_string()),
        "{results:?}"
    );
    let listed = home.run(&["--sandbox", "--json", "channels", "list", "--kind", "messenger"]).exits(0);
    assert_eq!(listed.json()["total"], 5);
}

#[test]
fn a_person_elsewhere_signs_in_and_the_callback_is_back() {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let before = "https://app.example.com/callback/messenger";
    sandbox.api("PUT", "/partner", &format!(r#"{{"callbackMessengerUrl":"{before}"}}"#));
    let waiting = Waiting::start(
        home.against(&sandbox.api_url, &["--yes", "--json", "connect", "messenger", "--all", "--no-browser"]),
    );
    let callback = consent(&waiting.authorize_url, "scope=all&decision=allow");
    assert_eq!(http("GET", &callback, "", "").status, 200);
    let run = waiting.end().exits(0);
    assert_eq!(run.json()["results"].as_array().unwrap().len(), 5);
    let (_, settings) = sandbox.api("GET", "/partner", "");
    assert!(settings.contains(before), "{settings}");
}
