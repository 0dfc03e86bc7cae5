//! Each code of Graph has its cause and its cure.

use std::collections::BTreeSet;

use crate::graph::{Graph, error};
use crate::support::{Reply, Run};

/// Code, subcode, a word of the cause, one of the cure, exit status.
const CODES: &[(i64, Option<i64>, &str, &str, i32)] = &[
    (190, Some(458), "removed the app", "sign in to the app again", 3),
    (190, Some(459), "log in there first", "https://www.facebook.com", 3),
    (190, Some(460), "changed the password", "make a new Page token", 3),
    (190, Some(463), "has expired", "long-lived", 3),
    (190, Some(464), "not confirmed", "confirm the account", 3),
    (190, Some(467), "no longer valid", "make a new Page token", 3),
    (190, Some(492), "no longer has a role", "give the person a role", 3),
    (190, None, "doesn't accept the token", "make a new Page token", 3),
    (102, None, "doesn't accept the token", "make a new Page token", 3),
    (10, None, "a permission is missing", "advanced access", 1),
    (10, Some(2_018_278), "outside of the time", "24 hours", 1),
    (10, Some(1_893_063), "restricted the Page", "Page Quality", 1),
    (200, None, "a permission is missing", "role with that task", 1),
    (299, None, "a permission is missing", "is ticked in the sign-in", 1),
    (3, None, "lacks a capability", "products and access levels", 1),
    (341, None, "a limit of its own", "which limit", 1),
    (368, None, "for its policies", "alerts", 1),
    (506, None, "the same was sent", "look first", 1),
    (2200, None, "can't reach the callback URL", "verify token must agree", 1),
    (2201, None, "Meta's challenge", "verify token must agree", 1),
    (4242, None, "Meta refuses it", "look up Meta's code 4242", 1),
];

#[test]
fn each_code_is_told_with_its_cause_and_its_cure() {
    let mut told = BTreeSet::new();
    for &(code, subcode, cause, cure, exit) in CODES {
        let body = error(code, subcode, "(Meta's words)");
        let graph =
            Graph::with(move |_, _| Some(Reply::Json(if code == 190 { 401 } else { 400 }, body.clone())));
        let run = Run::of(graph.without_app(&graph.home, &["--json", "meta", "subscribe"])).exits(exit);
        let error = run.error();
        let (message, hint) = (error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
        assert!(message.contains(cause) && message.contains("(Meta's words)"), "{code}: {message}");
        let number = subcode.map_or(code.to_string(), |subcode| format!("{code}/{subcode}"));
        assert!(message.contains(&format!("Meta's code {number}")), "{message}");
        assert!(hint.contains(cure), "{code}: {hint}");
        assert_eq!(error["code"], if exit == 3 { "unauthorized" } else { "api" });
        told.insert(message.to_owned());
        // Who asks for a category of a person asks once more without it; nothing else is repeated.
        assert_eq!(graph.calls(), ["GET /me"], "{code}");
    }
    assert_eq!(told.len(), CODES.len());
}

#[test]
fn a_wrong_parameter_is_told() {
    let graph = Graph::with(|_, _| Some(Reply::Json(400, error(100, Some(33), "(#100) no such object"))));
    let run = Run::of(graph.without_app(&graph.home, &["--json", "meta", "subscribe"])).exits(1);
    let error = run.error();
    assert!(error["message"].as_str().unwrap().contains("finds no such thing"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("check the ids"), "{error}");
}

#[test]
fn an_error_with_a_status_of_success_is_one() {
    let graph = Graph::with(|_, _| Some(Reply::Json(200, error(190, Some(460), "x"))));
    Run::of(graph.without_app(&graph.home, &["meta", "subscribe"])).exits(3);
}

#[test]
fn the_code_decides_whatever_the_status() {
    for status in [400, 401, 403, 404, 500] {
        let graph = Graph::with(move |_, _| Some(Reply::Json(status, error(190, Some(463), "x"))));
        let run = Run::of(graph.without_app(&graph.home, &["--json", "meta", "subscribe"])).exits(3);
        assert_eq!(run.error()["status"], status);
        assert_eq!(graph.calls(), ["GET /me"], "{status}");
    }
}
