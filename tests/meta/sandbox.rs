//! The same commands against the embedded sandbox.

use crate::check::states;
use crate::support::{Home, Run};

fn run(home: &Home, arguments: &[&str]) -> Run {
    home.run(&[&["--sandbox", "--platform", "10darts", "--json", "meta"], arguments].concat())
}

#[test]
fn the_sandbox_has_a_page_token_an_app_and_a_page_to_subscribe() {
    let home = Home::new();
    let before = run(&home, &["check"]).exits(1);
    assert_eq!((&states(&before)["valid"], &states(&before)["webhook.page"]), (&"ok".into(), &"fail".into()));
    assert_eq!(
        run(&home, &["subscribe", "--dry-run"]).exits(0).json()["subscription"]["action"],
        "would-subscribe"
    );
    assert_eq!(run(&home, &["subscribe"]).exits(0).json()["subscription"]["action"], "subscribed");
    assert_eq!(run(&home, &["subscribe"]).exits(0).json()["subscription"]["action"], "unchanged");
    assert_eq!(states(&run(&home, &["check"]).exits(1))["webhook.page"], "ok");
    run(&home, &["review"]).exits(0);
}

#[test]
fn each_of_its_tokens_is_told_apart() {
    let home = Home::new();
    for (token, exit, says) in [
        ("sandbox-page-token-user", 3, "the token of a person"),
        ("sandbox-page-token-expired", 3, "the token has expired"),
        ("sandbox-page-token-password", 3, "changed the password"),
        ("sandbox-page-token-no-messaging", 1, "lacks pages_messaging"),
        ("some-other-token", 3, "doesn't accept the token"),
    ] {
        let arguments =
            ["--sandbox", "--platform", "10darts", "--json", "meta", "subscribe", "--page-token-stdin"];
        let error = home.run_with(&arguments, token).exits(exit).error();
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    }
}

#[test]
fn only_the_sandbox_of_10darts_has_graph() {
    let run = Home::new().run(&["--sandbox", "--json", "meta", "review"]).exits(2);
    assert_eq!(run.error()["hint"], "add --platform 10darts");
}
