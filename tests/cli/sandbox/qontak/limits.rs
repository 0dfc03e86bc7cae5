//! The rate limit, and faults on order.

use super::{Qontak, application, headers, json, now};

#[test]
fn a_rate_limit_on_order_is_ten_a_second_and_said_on_every_answer() {
    let qontak = Qontak::with(&["--throttle"]);
    let left = |answer: &crate::support::Answer| -> u32 {
        answer.header("x-ratelimit-remaining").unwrap().parse().unwrap()
    };
    let mut refused = None;
    let mut remaining = 100;
    // On a machine that is busy, ten may take longer than a second.
    for _ in 0..99 {
        let answer = qontak.get("/integrations?limit=1");
        assert_eq!(answer.header("x-ratelimit-limit"), Some("100"));
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!((answer.status, left(&answer)), (200, remaining - 1));
        remaining -= 1;
    }
    let refused = refused.expect("that were more than ten a second");
    assert!(remaining <= 90);
    assert_eq!((application(&refused).1.as_str(), left(&refused)), ("API rate limit exceeded", 0));
    assert_eq!(refused.header("x-ratelimit-reset"), Some("1"), "seconds");
    assert_eq!(refused.header("retry-after"), None);
    // Pages for people have none.
    assert!((0..20).all(|_| qontak.send("GET", "/integrations", "", "").status == 200));
    // Nor do they count who is not let in.
    assert_eq!(qontak.send("GET", "/qontak/chat/v1/integrations", "", "").status, 401);
}

#[test]
fn the_older_generation_says_it_among_the_messages() {
    let qontak = Qontak::with(&["--generation", "token", "--throttle"]);
    let refused = (0..99).map(|_| qontak.get("/integrations?limit=1")).find(|answer| answer.status == 429);
    let refused = refused.expect("that were more than ten a second");
    let says = "rate_limit_limit: 100; rate_limit_remaining: 0; rate_limit_reset: 1";
    assert_eq!(application(&refused), (429, says.to_owned()));
    assert_eq!(refused.header("x-ratelimit-limit"), None);
}

#[test]
fn unless_it_is_ordered_nobody_counts() {
    let qontak = Qontak::new();
    for _ in 0..120 {
        let answer = qontak.get("/integrations?limit=1");
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, Some("99")));
    }
}

#[test]
fn faults_come_in_qontaks_shape() {
    let fault = [
        "--fault",
        "GET /qontak/chat/v1/integrations=503*1",
        "--fault",
        "GET /x=422;message=no",
        "--latency",
        "50",
    ];
    let qontak = Qontak::with(&fault);
    assert_eq!(application(&qontak.get("/integrations")), (503, "Under maintenance".to_owned()));
    assert_eq!(qontak.get("/integrations").status, 200);
    assert_eq!(application(&qontak.send("GET", "/x", "", "")), (422, "no".to_owned()));
    let begun = std::time::Instant::now();
    let target = "/qontak/chat/v1/integrations";
    assert_eq!(qontak.send("GET", target, &headers(&now(), "GET", target), "").status, 200);
    assert!(begun.elapsed() >= std::time::Duration::from_millis(50));
    let large = qontak.send("POST", "/oauth/token", "", &"x".repeat(2 * 1024 * 1024));
    assert!(large.status == 0 || json(&large)["error"]["code"] == 413, "{}", large.body);
}

#[test]
fn it_prints_what_selects_it() {
    for (qontak, expected) in [
        (Qontak::new(), ["QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET"].as_slice()),
        (Qontak::older(), &["QONTAK_ACCESS_TOKEN"]),
    ] {
        let mut arguments = vec!["--platform", "qontak", "--json"];
        if !qontak.is_newer {
            arguments.extend(["--generation", "token"]);
        }
        let line = &super::super::printed(&qontak.home, &arguments, 1)[0];
        let document: serde_json::Value = serde_json::from_str(line).unwrap();
        for name in expected {
            assert!(
                document[*name].as_str().is_some_and(|value| value.starts_with("sandbox-")),
                "{document}"
            );
        }
        assert_eq!(document["SOCIALCHAT_PLATFORM"], "qontak");
    }
}

#[test]
fn reset_begins_it_anew_and_leaves_the_others() {
    let qontak = Qontak::new();
    let begun = qontak.all();
    qontak.post_form("/integrations/channel", "target_channel=telegram");
    assert_eq!(qontak.all().len(), begun.len() + 1);
    qontak.home.run(&["sandbox", "reset"]).exits(0);
    assert_eq!(qontak.all().len(), begun.len() + 1, "that was Socialchat's");
    qontak.home.run(&["sandbox", "reset", "--platform", "qontak"]).exits(0);
    assert_eq!(qontak.all(), begun);
    qontak.home.run(&["sandbox", "reset", "--platform", "qontak", "--channels", "7"]).exits(0);
    assert_eq!(qontak.all().len(), 7);
}
