//! The browser comes back, or goes out: what it is answered, and what that does to the sign-in.

use super::*;
use crate::browser::{opened, with_browser};
use crate::partner::AUTHORIZE_URL;

/// A sign-in that has started a browser, and the path which that was given.
pub fn with_go_address() -> (SignIn, String) {
    with_go_address_and(&[])
}

pub fn with_go_address_and(options: &[&str]) -> (SignIn, String) {
    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let arguments = [&["authorize", "messenger", "--yes"], options].concat();
    let command = with_browser(&home, home.against(partner.url(), &arguments));
    let waiting = Waiting::start(command);
    let go = opened(&home);
    let (_, path) = go.rsplit_once("/go/").unwrap();
    (SignIn::new(home, partner, waiting), format!("/go/{path}"))
}

/// What browsers leave unescaped in a query arrives unescaped.
#[test]
fn a_token_arrives_as_it_was_written() {
    for (sent, arrives) in [
        ("EAAB+x%2F%20", "EAAB+x/ "),
        ("EAAB|x", "EAAB|x"),
        ("{a}[b]^`~\\", "{a}[b]^`~\\"),
        ("a?b/c:d@e!$()*,;='+-_.", "a?b/c:d@e!$()*,;='+-_."),
        ("ü😀", "ü😀"),
    ] {
        let at = sign_in();
        let answer = at.get(&at.callback(&format!("token={sent}")), &NAVIGATION);
        assert_eq!(status(&answer), 200, "{sent}");
        assert!(answer.contains("You’re signed in") && !answer.contains("EAAB"), "{answer}");
        assert_eq!(at.waiting.end().exits(0).stdout, format!("{arrives}\n"));
    }
}

#[test]
fn a_token_may_have_8192_characters() {
    let at = sign_in();
    let of = |length: usize| at.callback(&format!("token={}", "x".repeat(length)));
    assert_eq!(status(&at.get(&of(8193), &[])), 400);
    at.tells("came back", 1);
    assert_eq!(status(&at.get(&of(8192), &[])), 200);
    assert_eq!(at.waiting.end().exits(0).stdout.len(), 8193);
}

#[test]
fn tokens_that_cannot_be_one_are_refused_and_waiting_goes_on() {
    let at = sign_in();
    let too_long = format!("token={}", "x".repeat(8193));
    for (count, (query, says)) in [
        ("token=", "empty"),
        ("token=a&token=b", "more than one"),
        ("token=a&token=a", "more than one"),
        (&too_long, "8192"),
        ("token=%zz", "percent-escape"),
        ("token=%ff", "percent-escape"),
        ("token=a%00b", "control"),
        ("token=a%0ab", "control"),
        ("code=1", "without a token"),
        ("", "without a token"),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = at.get(&at.callback(query), &NAVIGATION);
        assert_eq!(status(&answer), 400, "{query}");
        assert!(answer.contains("still waiting") && answer.contains(says), "{query}: {answer}");
        at.tells("came back", count + 1);
    }
    assert_eq!(status(&at.get(&at.path, &NAVIGATION)), 400, "no query at all");
    at.ends_well();
}

#[test]
fn an_error_ends_the_sign_in_on_the_right_path_only() {
    let at = sign_in();
    let wrong = format!("/callback/messenger/{}?error=no", "A".repeat(43));
    assert_eq!(status(&at.get(&wrong, &NAVIGATION)), 404);
    let right = at.callback("error=access_denied&error_description=Not+%3Cb%3Enow%3C/b%3E");
    let answer = at.get(&right, &NAVIGATION);
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("Not &lt;b&gt;now&lt;/b&gt;"), "{answer}");
    let run = at.waiting.end().exits(4);
    assert!(run.stdout.is_empty() && run.stderr.contains("Not <b>now</b>"), "{run:?}");
    assert_eq!(at.partner.settings(), World::new().settings);
}

#[test]
fn the_go_address_redirects_once_and_then_tells_of_whoever_opens_it_again() {
    let (at, go) = with_go_address();
    // What is no visit doesn't use it up.
    assert_eq!(status(&at.send(request("HEAD", &at.host, &go, &[]))), 405);
    assert_eq!(status(&at.get(&go, &["Sec-Purpose: prefetch"])), 403);
    let answer = at.get(&go, &NAVIGATION);
    assert_eq!(status(&answer), 302);
    assert_eq!(header(&answer, "location"), Some(AUTHORIZE_URL));
    assert_eq!(header(&answer, "connection"), Some("close"));
    for times in 1..=2 {
        let answer = at.get(&go, &NAVIGATION);
        assert_eq!(status(&answer), 410);
        assert!(answer.contains("opened before") && !answer.contains("facebook"), "{answer}");
        assert_eq!(header(&answer, "location"), None);
        at.tells("second time", times);
    }
    assert_eq!(status(&at.get(&format!("/go/{}", "A".repeat(43)), &NAVIGATION)), 404);
    at.tells("second time", 2);
    at.ends_well();
}

#[test]
fn every_page_carries_the_protecting_headers() {
    let at = sign_in();
    for target in [at.callback("x"), "/".to_owned(), at.callback("token=canary")] {
        let answer = at.get(&target, &NAVIGATION);
        for (name, value) in [
            ("connection", "close"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("content-type", "text/html; charset=utf-8"),
        ] {
            assert_eq!(header(&answer, name), Some(value));
        }
        let policy = header(&answer, "content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!answer.contains("canary"));
    }
}
