//! The browser comes back, or goes out: what it is answered, and what that does to the sign-in.

use super::super::TokenFault;
use super::*;

#[tokio::test]
async fn the_right_callback_is_taken_once() {
    let mut listener = listener().await;
    let target = callback(&listener, "token=EAAB+x%2F%20");
    let answer = send(&listener, get(&listener, &target, &NAVIGATION)).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("You’re signed in") && !answer.contains("EAAB"), "{answer}");
    assert_eq!(ended(&mut listener).await, (token("EAAB+x/ "), vec![]));

    for later in [target, callback(&listener, "token=other"), callback(&listener, "error=no")] {
        assert_eq!(status(&send(&listener, get(&listener, &later, &[])).await), 410, "{later}");
    }
    assert_eq!(still_waiting(&mut listener).await, vec![]);
}

/// What browsers leave unescaped in a query arrives unescaped.
#[tokio::test]
async fn unescaped_characters_of_a_token_arrive() {
    for text in ["EAAB|x", "{a}[b]^`~\\", "a?b/c:d@e!$()*,;='+-_.", "ü😀"] {
        let mut listener = listener().await;
        let target = callback(&listener, &format!("token={text}"));
        assert_eq!(status(&send(&listener, get(&listener, &target, &NAVIGATION)).await), 200, "{text}");
        assert_eq!(ended(&mut listener).await.0, token(text));
    }
}

#[tokio::test]
async fn a_token_may_have_8192_characters() {
    for (length, expected) in [(1, 200), (8192, 200), (8193, 400)] {
        let listener = listener().await;
        let target = callback(&listener, &format!("token={}", "x".repeat(length)));
        assert_eq!(status(&send(&listener, get(&listener, &target, &[])).await), expected, "{length}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_one_is_told_and_waiting_goes_on() {
    let mut listener = listener().await;
    for (query, fault) in [
        ("token=".to_owned(), TokenFault::Empty),
        ("token=a&token=b".to_owned(), TokenFault::Repeated),
        (format!("token={}", "x".repeat(8193)), TokenFault::TooLong),
        ("token=%zz".to_owned(), TokenFault::Undecodable),
        ("token=%ff".to_owned(), TokenFault::Undecodable),
        ("token=a%00b".to_owned(), TokenFault::Control),
        ("token=a%0ab".to_owned(), TokenFault::Control),
    ] {
        let answer = send(&listener, get(&listener, &callback(&listener, &query), &NAVIGATION)).await;
        assert_eq!(status(&answer), 400, "{fault}");
        assert!(answer.contains(&fault.to_string()), "{answer}");
        assert_eq!(still_waiting(&mut listener).await, vec![Notice::BadToken(fault)]);
    }
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn a_callback_with_neither_token_nor_error_is_told_and_waiting_goes_on() {
    let mut listener = listener().await;
    for target in [listener.callback_url().path().to_owned(), callback(&listener, "code=1")] {
        let answer = send(&listener, get(&listener, &target, &NAVIGATION)).await;
        assert_eq!(status(&answer), 400);
        assert!(answer.contains("still waiting"), "{answer}");
        assert_eq!(still_waiting(&mut listener).await, vec![Notice::CallbackWithoutToken]);
    }
    takes_the_right_one(listener).await;
}

#[tokio::test]
async fn an_error_ends_the_sign_in_on_the_right_path_only() {
    let mut listener = listener().await;
    let wrong = format!("/callback/messenger/{}?error=no", "A".repeat(43));
    assert_eq!(status(&send(&listener, get(&listener, &wrong, &NAVIGATION)).await), 404);
    assert_eq!(still_waiting(&mut listener).await, vec![]);

    let right = callback(&listener, "error=access_denied&error_description=Not+%3Cb%3Enow%3C/b%3E");
    let answer = send(&listener, get(&listener, &right, &NAVIGATION)).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("Not &lt;b&gt;now&lt;/b&gt;"), "{answer}");
    let refused =
        Outcome::Refused { error: "access_denied".into(), description: Some("Not <b>now</b>".into()) };
    assert_eq!(ended(&mut listener).await.0, refused);
    assert_eq!(status(&send(&listener, get(&listener, &callback(&listener, "token=x"), &[])).await), 410);
}

#[tokio::test]
async fn the_go_address_redirects_once_and_then_tells_of_whoever_opens_it_again() {
    let mut listener = listener().await;
    let target = listener.go_url().path().to_owned();
    assert_eq!(status(&send(&listener, get(&listener, &target, &NAVIGATION)).await), 404);

    let authorize = "https://facebook.example/dialog?a=1&b=%20|&c=ü";
    listener.set_destination(url(authorize));
    // What is no visit doesn't use it up.
    let host = format!("127.0.0.1:{}", listener.port());
    assert_eq!(status(&send(&listener, request("HEAD", &host, &target, &[])).await), 405);
    assert_eq!(status(&send(&listener, get(&listener, &target, &["Sec-Purpose: prefetch"])).await), 403);
    let answer = send(&listener, get(&listener, &target, &NAVIGATION)).await;
    assert_eq!(status(&answer), 302);
    assert_eq!(header(&answer, "location"), Some(url(authorize).as_str()));
    assert_eq!(header(&answer, "connection"), Some("close"));
    assert_eq!(still_waiting(&mut listener).await, vec![]);
    for _ in 0..2 {
        let answer = send(&listener, get(&listener, &target, &NAVIGATION)).await;
        assert_eq!(status(&answer), 410);
        assert!(answer.contains("opened before") && !answer.contains("facebook"), "{answer}");
        assert_eq!(header(&answer, "location"), None);
        assert_eq!(still_waiting(&mut listener).await, vec![Notice::OpenedAgain]);
    }
    let wrong = format!("/go/{}", "A".repeat(43));
    assert_eq!(status(&send(&listener, get(&listener, &wrong, &NAVIGATION)).await), 404);
    assert_eq!(still_waiting(&mut listener).await, vec![]);

    send(&listener, get(&listener, &callback(&listener, "token=x"), &[])).await;
    assert_eq!(status(&send(&listener, get(&listener, &target, &NAVIGATION)).await), 410);
}

#[tokio::test]
async fn every_page_carries_the_protecting_headers() {
    let listener = listener().await;
    for target in [callback(&listener, "token=canary"), callback(&listener, "x"), "/".to_owned()] {
        let answer = send(&listener, get(&listener, &target, &NAVIGATION)).await;
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
