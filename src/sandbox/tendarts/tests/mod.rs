//! What each endpoint of 10darts answers and refuses.

mod applications;
mod webhooks;

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
