//! What each endpoint of 10darts answers and refuses.

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};
use serde_json::{Value, json};

use super::*;
use crate::sandbox::state::Seed;
use crate::sandbox::{Options, Sandbox};
use crate::types::PlatformName;

const ORIGIN: &str = "http://127.0.0.1:9";
const TOKEN: &str = "Token sandbox-api-token";

struct Bench {
    turn: Turn<World>,
    options: Options,
}

impl Bench {
    fn new() -> Bench {
        Bench::of(&Seed::default())
    }

    fn of(seed: &Seed) -> Bench {
        Bench { turn: Turn::new(World::new(seed)), options: Options::of(PlatformName::Tendarts, "unused") }
    }

    fn send(&mut self, method: &str, target: &str, authorization: &str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "127.0.0.1:9".parse().unwrap());
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        if !authorization.is_empty() {
            headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        }
        let request = Request::new(method, target, &headers, body.as_bytes().to_vec()).unwrap();
        answer(&mut self.turn, &request, &Site { origin: ORIGIN, options: &self.options })
    }

    fn get(&mut self, target: &str) -> (u16, Value) {
        told(&self.send("GET", target, TOKEN, ""))
    }

    fn create(&mut self, body: &Value) -> (u16, Value) {
        told(&self.send("POST", "/api/v1/applications/", TOKEN, &body.to_string()))
    }
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_word_before_the_key_counts() {
    let mut bench = Bench::new();
    let none = "Authentication credentials were not provided.";
    for (given, path, status, detail) in [
        ("", "applications", 401, none),
        ("sandbox-api-token", "applications", 401, none),
        ("Bearer sandbox-api-token", "applications", 401, none),
        ("Token", "applications", 401, "Invalid token header. No credentials provided."),
        (
            "Token sandbox api",
            "applications",
            401,
            "Invalid token header. Token string should not contain spaces.",
        ),
        ("Token sandbox-app-token", "applications", 401, "Invalid token."),
        ("AppToken sandbox-api-token", "devices", 401, "Invalid token."),
        (
            "AppToken sandbox-app-token",
            "applications",
            403,
            "You do not have permission to perform this action.",
        ),
    ] {
        let answer = bench.send("GET", &format!("/api/v1/{path}/"), given, "");
        assert_eq!(told(&answer), (status, json!({ "detail": detail })), "{given}");
        let challenge = (status == 401).then_some("Token");
        assert_eq!(header(&answer, "WWW-Authenticate"), challenge, "{given}");
    }
    for (given, path) in [
        (TOKEN, "applications"),
        ("token sandbox-api-token", "platforms"),
        ("AppToken sandbox-app-token", "devices"),
        ("AppToken sandbox-app-token", "platforms"),
    ] {
        assert_eq!(bench.send("GET", &format!("/api/v1/{path}/"), given, "").status, 200, "{given} {path}");
    }
}

#[test]
fn a_path_without_its_slash_is_redirected_before_anything_is_looked_at() {
    let mut bench = Bench::new();
    for (target, location) in [
        ("/api/v1/applications", Some("/api/v1/applications/")),
        ("/api/v1/applications?page=1&x=%2F", Some("/api/v1/applications/?page=1&x=%2F")),
        ("/api/v1/applications/1", Some("/api/v1/applications/1/")),
        ("/api/v1/devices?token=1", Some("/api/v1/devices/?token=1")),
        ("/webhooks/messenger/1?hub.mode=subscribe", Some("/webhooks/messenger/1/?hub.mode=subscribe")),
        ("/api/v1/applications/x", None),
        ("/api/v1/personas", None),
        ("/api//v1/applications", None),
        ("/nothing", None),
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = bench.send(method, target, "", "{}");
            assert_eq!(header(&answer, "Location"), location, "{method} {target}");
            assert_eq!(answer.status, if location.is_some() { 301 } else { 404 }, "{method} {target}");
        }
    }
    assert!(!bench.turn.is_changed());
}

#[test]
fn lists_name_the_whole_address_of_the_next_batch() {
    let mut bench = Bench::of(&Seed { pages: Some(250), channels: 250, ..Seed::default() });
    let (status, first) = bench.get("/api/v1/applications/");
    assert_eq!((status, &first["count"], &first["previous"]), (200, &json!(250), &Value::Null));
    assert_eq!(first["next"], format!("{ORIGIN}/api/v1/applications/?page=2"));
    let (_, second) = bench.get("/api/v1/applications/?page=2");
    assert_eq!(second["previous"], format!("{ORIGIN}/api/v1/applications/"));
    let (_, third) = bench.get("/api/v1/applications/?x=a%26b&page=3");
    assert_eq!(third["previous"], format!("{ORIGIN}/api/v1/applications/?x=a%26b&page=2"));
    assert_eq!((&third["next"], third["results"].as_array().unwrap().len()), (&Value::Null, 50));
    let ids = [&first, &second, &third].map(|page| page["results"].as_array().unwrap().clone()).concat();
    assert!(ids.iter().zip(1..).all(|(application, id)| application["id"] == id));
    assert_eq!(bench.get("/api/v1/applications/?page=last").1, third_without_x(&third));
    for page in ["0", "4", "-1", "x", ""] {
        let (status, body) = bench.get(&format!("/api/v1/applications/?page={page}"));
        assert_eq!((status, body), (404, json!({ "detail": "Invalid page." })), "{page}");
    }
    let (status, empty) = Bench::of(&Seed { pages: Some(0), ..Seed::default() }).get("/api/v1/applications/");
    assert_eq!((status, empty), (200, json!({ "count": 0, "next": null, "previous": null, "results": [] })));
}

fn third_without_x(third: &Value) -> Value {
    let mut page = third.clone();
    page["previous"] = json!(format!("{ORIGIN}/api/v1/applications/?page=2"));
    page
}

#[test]
fn what_is_wrong_with_each_field_is_said_at_once() {
    let mut bench = Bench::new();
    let token = "sandbox-page-token";
    let required = "This field is required.";
    for (body, wrong) in [
        (json!({}), json!({ "name": [required], "platform": [required] })),
        (
            json!({ "name": " ", "platform": null }),
            json!({
                "name": ["This field may not be blank."],
                "platform": ["This field may not be null."],
            }),
        ),
        (
            json!({ "name": 7, "platform": "messenger" }),
            json!({
                "name": ["Not a valid string."],
                "platform": ["\"messenger\" is not a valid choice."],
            }),
        ),
        (json!({ "name": "a", "platform": "MESSENGER" }), json!({ "page_access_token": [required] })),
        (
            json!({ "name": "a", "platform": "APNS", "platform_credential": "x" }),
            json!({ "platform_principal": [required] }),
        ),
        (
            json!({ "name": "kopi-senja", "platform": "MESSENGER", "page_access_token": token }),
            json!({ "name": ["application with this name already exists."] }),
        ),
        (json!([]), json!({ "non_field_errors": ["Invalid data. Expected a dictionary."] })),
    ] {
        assert_eq!(bench.create(&body), (400, wrong), "{body}");
    }
    for name in ["my shop", "caf\u{e9}", "a/b", "a\nb", "Toko+"] {
        let (status, body) =
            bench.create(&json!({ "name": name, "platform": "MESSENGER", "page_access_token": token }));
        assert_eq!(status, 400, "{name}");
        assert!(body["name"][0].as_str().unwrap().starts_with("Enter a valid name"), "{body}");
    }
    let (status, body) = bench.create(&json!({ "name": "a".repeat(256), "platform": "WEB" }));
    assert!(status == 400 && body["name"][0].as_str().unwrap().contains("255"), "{body}");
    for end in ["-expired", "-password", "-user", "-nothing"] {
        let token = format!("{token}{end}");
        let (status, body) =
            bench.create(&json!({ "name": "a", "platform": "MESSENGER", "page_access_token": token }));
        assert_eq!(status, 400, "{token}");
        assert!(body["page_access_token"][0].is_string() && !body.to_string().contains(&token), "{body}");
    }
    let answer = bench.send("POST", "/api/v1/applications/", TOKEN, "{");
    assert!(answer.status == 400 && told(&answer).1["detail"].as_str().unwrap().starts_with("JSON parse"));
    assert!(!bench.turn.is_changed(), "nothing of it was done");
}

#[test]
fn creating_answers_200_with_the_record_and_a_deleted_name_is_free_again() {
    let mut bench = Bench::new();
    let body =
        json!({ "name": "Toko_2.b-c", "platform": "MESSENGER", "page_access_token": "sandbox-page-token" });
    let (status, made) = bench.create(&body);
    assert_eq!((status, &made["id"], &made["name"]), (200, &json!(5), &json!("Toko_2.b-c")));
    assert_eq!(bench.create(&body).0, 400);
    let listed = bench.get("/api/v1/applications/").1["results"][4].clone();
    assert_eq!(listed, made);
    let mut delete = |id: &str| {
        let answer = bench.send("DELETE", &format!("/api/v1/applications/{id}/"), TOKEN, "");
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    assert_eq!(delete("5"), (204, String::new()));
    for gone in ["5", "99", "99999999999999999999999"] {
        assert_eq!(delete(gone), (404, r#"{"detail":"Not found."}"#.to_owned()), "{gone}");
    }
    assert_eq!(bench.create(&body).1["id"], 6, "no id is used twice");
}

#[test]
fn a_plan_has_its_limit() {
    let mut bench = Bench::new();
    bench.options.limit = Some(5);
    assert_eq!(bench.create(&json!({ "name": "a", "platform": "WEB" })).0, 200);
    let (status, body) = bench.create(&json!({ "name": "b", "platform": "WEB" }));
    assert!(status == 400 && body["non_field_errors"][0].is_string(), "{body}");
}

#[test]
fn the_token_that_was_given_is_kept_nowhere_and_canaries_are_shown() {
    let mut bench = Bench::new();
    let own = "sandbox-page-token-no-messaging";
    bench.create(&json!({ "name": "a", "platform": "MESSENGER", "page_access_token": own }));
    bench.create(&json!({ "name": "b", "platform": "GCM", "platform_credential": "MINE" }));
    assert!(!serde_json::to_string(bench.turn.world()).unwrap().contains("no-messaging"));
    let (_, listed) = bench.get("/api/v1/applications/");
    let text = listed.to_string();
    assert!(!text.contains(own) && !text.contains("MINE"), "{text}");
    for application in listed["results"].as_array().unwrap() {
        let secrets = ["platform_principal", "platform_credential", "page_access_token"];
        let shown = secrets.iter().filter_map(|name| application[name].as_str()).collect::<Vec<_>>();
        assert!(shown.iter().all(|secret| secret.contains("CANARY")), "{application}");
        assert_eq!(shown.is_empty(), application["platform"] == "WEB", "{application}");
    }
}

#[test]
fn what_is_not_documented_does_not_exist() {
    let mut bench = Bench::new();
    for (method, target, allow) in [
        ("PUT", "/api/v1/applications/", "GET, POST"),
        ("GET", "/api/v1/applications/1/", "DELETE"),
        ("PATCH", "/api/v1/applications/1/", "DELETE"),
        ("POST", "/api/v1/platforms/", "GET"),
        ("DELETE", "/api/v1/devices/", "GET"),
    ] {
        let answer = bench.send(method, target, TOKEN, "{}");
        assert_eq!((answer.status, header(&answer, "Allow")), (405, Some(allow)), "{method} {target}");
    }
    for target in ["/api/v1/personas/", "/api/v1/applications/x/", "/api/v1/applications//", "/api/v1/"] {
        assert_eq!(bench.get(target), (404, json!({ "detail": "Not found." })), "{target}");
    }
    assert!(!bench.turn.is_changed());
}

#[test]
fn touchpoints_are_found_by_token_and_platform() {
    let mut bench = Bench::new();
    let mut codes = |query: &str| {
        let (_, listed) = bench.get(&format!("/api/v1/devices/{query}"));
        let results = listed["results"].as_array().unwrap().clone();
        assert_eq!(listed["count"], results.len());
        results.iter().map(|device| device["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("").len(), 4);
    assert_eq!(codes("?platform=messenger"), ["IECwPN", "mR4tXa"]);
    assert_eq!(codes("?platform=messenger&token=2876543210987655"), ["mR4tXa"]);
    assert!(codes("?platform=MESSENGER").is_empty());
    let names = bench.get("/api/v1/platforms/").1["results"].clone();
    assert!(names.as_array().unwrap().contains(&json!({ "name": "messenger" })));
}

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

#[test]
fn ten_thousand_applications_are_listed_without_delay() {
    let mut bench = Bench::of(&Seed { pages: Some(10_000), channels: 10_000, ..Seed::default() });
    let begun = std::time::Instant::now();
    for page in 1..=100 {
        assert_eq!(bench.get(&format!("/api/v1/applications/?page={page}")).0, 200);
    }
    // 15 ms each, of which a debug build takes a part.
    assert!(begun.elapsed() < std::time::Duration::from_millis(1500), "{:?}", begun.elapsed());
}
