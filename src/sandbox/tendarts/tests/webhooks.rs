//! The webhook of an application, and the pages that show it.

use super::*;

#[test]
fn the_handshake_answers_the_bare_challenge_to_who_knows_the_token() {
    let mut bench = Bench::new();
    let mut shake = |id: &str, query: &str| {
        let answer = bench.send("GET", &format!("/webhooks/messenger/{id}/?{query}"), "", "");
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let good = "redirect_to=https%3A%2F%2Fa.example%2Fh&hub.mode=subscribe&hub.challenge=1158201444";
    let right = format!("{good}&hub.verify_token=sandboxverify00001");
    assert_eq!(shake("1", &right), (200, "1158201444".to_owned()));
    for (id, query) in [
        ("1", good.to_owned()),
        ("1", format!("{good}&hub.verify_token=sandboxverify00002")),
        ("1", right.replace("subscribe", "other")),
        ("1", right.replace("1158201444", "%3Cb%3E")),
        ("1", right.replace("1158201444", "")),
    ] {
        assert_eq!(shake(id, &query).0, 403, "{query}");
    }
    assert_eq!(shake("2", &right).0, 404, "of WEB, which has none");
    assert_eq!(shake("99", &right).0, 404);
    assert_eq!(bench.send("POST", "/webhooks/messenger/1/", "", "{}").status, 200);
}

#[test]
fn pages_for_people_show_what_facebook_asks_for() {
    let mut bench = Bench::new();
    let answer = bench.send("GET", "/app/applications", "", "");
    let page = String::from_utf8(answer.body).unwrap();
    let of =
        |id: u64| page.split("<section").find(|part| part.contains(&format!("application-{id}\""))).unwrap();
    assert!(of(1).contains("Webhook URL") && of(1).contains("Webhook verification token"), "{page}");
    assert!(
        of(1).contains("http://127.0.0.1:9/webhooks/messenger/1/") && of(1).contains("sandboxverify00001")
    );
    assert!(of(2).contains("It has no webhook.") && !of(2).contains("http"));
    for path in ["/app/applications", "/developers"] {
        let headers = HeaderMap::from_iter([(HOST, "evil.example".parse().unwrap())]);
        let request = Request::new("GET", path, &headers, Vec::new()).unwrap();
        let site = Site { origin: ORIGIN, options: &bench.options };
        let answer = super::answer(&mut bench.turn, &request, &site);
        assert_eq!(answer.status, 403, "{path}");
        let page = String::from_utf8(answer.body).unwrap();
        assert!(!page.contains("sandboxverify") && !page.contains("sandbox-"), "{page}");
    }
}

#[test]
fn what_stands_on_the_page_is_known_within_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::of(PlatformName::Tendarts, folder.path().join("state"));
    let sandbox = Sandbox::start(options, |_| ()).unwrap();
    let webhook = sandbox.webhook()(1).unwrap().unwrap();
    assert_eq!(webhook.url, format!("{}/webhooks/messenger/1/", sandbox.api_url()));
    assert_eq!(webhook.verify_token, "sandboxverify00001");
    assert!(sandbox.webhook()(2).unwrap().is_none() && sandbox.webhook()(99).unwrap().is_none());
}
