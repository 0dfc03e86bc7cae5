//! What each call to Graph answers and refuses.

mod tokens;
mod webhooks;

use std::cell::RefCell;

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use super::*;
use crate::sandbox::Options;
use crate::sandbox::state::Seed;
use crate::types::PlatformName;

const ORIGIN: &str = "http://127.0.0.1:9";
const APP: &str = "1000000000000001|sandbox-app-secret";
const USER: &str = "sandbox-page-token-user";
const PAGE: &str = "104872913558201";

struct Bench {
    world: World,
    /// What its own address answers to the handshake; `None` repeats the challenge.
    own: Option<(u16, &'static str)>,
    shaken: RefCell<Vec<String>>,
    options: Options,
}

impl Bench {
    fn new() -> Bench {
        Bench::of(&Seed::default())
    }

    fn of(seed: &Seed) -> Bench {
        Bench {
            world: World::new(seed),
            own: None,
            shaken: RefCell::default(),
            options: Options::of(PlatformName::Tendarts, "unused"),
        }
    }

    fn send(&mut self, method: &str, target: &str, token: &str, form: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        if !token.is_empty() {
            headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        let target = format!("/graph{target}");
        let request = Request::new(method, &target, &headers, form.as_bytes().to_vec()).unwrap();
        let own = |url: &Url| {
            self.shaken.borrow_mut().push(url.to_string());
            let challenge = url.query_pairs().find(|(name, _)| name == "hub.challenge").unwrap().1;
            let (status, body) = self.own.map_or((200, challenge.to_string()), |(s, b)| (s, b.to_owned()));
            Met { status, body: body.into_bytes() }
        };
        answer(&mut self.world, &request, &Site { origin: ORIGIN, options: &self.options }, &own)
    }

    #[track_caller]
    fn call(&mut self, method: &str, path: &str, token: &str, form: &str) -> Value {
        let answer = self.send(method, &format!("/v26.0{path}"), token, form);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        body(&answer)
    }

    #[track_caller]
    fn get(&mut self, path: &str, token: &str) -> Value {
        self.call("GET", path, token, "")
    }

    /// Status, code and subcode of what is refused.
    #[track_caller]
    fn refused(&mut self, method: &str, path: &str, token: &str, form: &str) -> (u16, u64, Option<u64>) {
        let answer = self.send(method, &format!("/v26.0{path}"), token, form);
        let error = &body(&answer)["error"];
        assert!(error["message"].is_string() && error["type"].is_string(), "{error}");
        assert!(error["fbtrace_id"].as_str().unwrap().starts_with('A'), "{error}");
        (answer.status, error["code"].as_u64().unwrap(), error["error_subcode"].as_u64())
    }

    fn message(&mut self, method: &str, path: &str, token: &str, form: &str) -> String {
        let answer = self.send(method, &format!("/v26.0{path}"), token, form);
        body(&answer)["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
}

#[test]
fn a_batch_can_be_empty_and_still_have_a_next() {
    let mut bench = Bench::new();
    let (mut after, mut sizes, mut ids) = (String::new(), Vec::new(), Vec::new());
    loop {
        let page = bench.get(&format!("/me/accounts?limit=1&fields=id,access_token{after}"), USER);
        let data = page["data"].as_array().unwrap();
        sizes.push(data.len());
        ids.extend(data.clone());
        let Some(next) = page["paging"]["next"].as_str() else { break };
        assert!(next.starts_with(&format!("{ORIGIN}/graph/v26.0/me/accounts?access_token={USER}")), "{next}");
        let cursor = page["paging"]["cursors"]["after"].as_str().unwrap();
        assert!(next.ends_with(&format!("&after={cursor}")), "{next}");
        after = format!("&after={cursor}");
    }
    assert_eq!(sizes, [1, 1, 1, 0, 1]);
    let token = ids[1]["access_token"].as_str().unwrap().to_owned();
    assert!(token.contains("CANARY"), "a secret of others");
    assert_eq!(bench.get("/me", &token)["id"], ids[1]["id"], "and a token that works");
    for bad in ["limit=0", "limit=101", "limit=x", "after=x", "after=YXQgOQ"] {
        assert_eq!(bench.refused("GET", &format!("/me/accounts?{bad}"), USER, ""), (400, 100, None), "{bad}");
    }
    assert_eq!(bench.refused("GET", "/me/accounts", PAGE_TOKEN, ""), (400, 100, None));
    assert_eq!(bench.get("/me/accounts", USER)["data"].as_array().unwrap().len(), 4);
}

#[test]
fn a_page_of_the_portfolio_is_found_through_it() {
    let mut bench = Bench::new();
    let business = bench.get("/me/businesses", USER)["data"][0]["id"].as_str().unwrap().to_owned();
    let owned = bench.get(&format!("/{business}/owned_pages?fields=id,name,access_token"), USER);
    assert_eq!(owned["data"][0]["name"], "Bengkel Jaya Motor");
    let id = owned["data"][0]["id"].as_str().unwrap();
    assert!(!bench.get("/me/accounts", USER).to_string().contains(id));
    let page = bench.get(&format!("/{id}?fields=id,name,access_token"), USER);
    assert_eq!(page, owned["data"][0]);
    assert_eq!(bench.get(&format!("/{business}/client_pages"), USER), json!({ "data": [] }));
    assert_eq!(bench.refused("GET", "/1/owned_pages", USER, ""), (400, 100, Some(33)));
    assert_eq!(bench.refused("GET", &format!("/{id}"), PAGE_TOKEN, ""), (403, 10, None), "another's Page");
    assert!(bench.get(&format!("/{PAGE}?fields=access_token"), PAGE_TOKEN)["access_token"].is_null());
}

#[test]
fn a_version_that_nobody_knows_has_no_paths_and_a_retired_one_is_another() {
    let mut bench = Bench::new();
    for version in ["v27.0", "v99.0", "v26.1", "v0.0"] {
        let answer = bench.send("GET", &format!("/{version}/me"), PAGE_TOKEN, "");
        assert_eq!((answer.status, body(&answer)["error"]["code"].as_u64()), (400, Some(2500)), "{version}");
    }
    let answer = bench.send("GET", "/v26.0/me", PAGE_TOKEN, "");
    assert_eq!(header(&answer, "facebook-api-version"), Some("v26.0"));
    let answer = bench.send("GET", "/v19.0/me", PAGE_TOKEN, "");
    assert_eq!(answer.status, 200);
    assert_ne!(header(&answer, "facebook-api-version"), Some("v19.0"));
    assert_eq!(bench.send("GET", "/me", PAGE_TOKEN, "").status, 200, "the app's own version");
    for path in ["/nonsense", "/me/nonsense", "/1/2/3", "", "/Me"] {
        assert_eq!(bench.refused("GET", path, PAGE_TOKEN, ""), (400, 2500, None), "{path}");
    }
    assert_eq!(bench.refused("POST", "/me", PAGE_TOKEN, ""), (400, 100, Some(33)));
    assert_eq!(bench.refused("GET", "/7", PAGE_TOKEN, ""), (400, 100, Some(33)));
}

#[test]
fn what_is_used_stands_in_the_header_of_who_uses_it() {
    let mut bench = Bench::new();
    for (token, name) in [(PAGE_TOKEN, BUSINESS_USAGE), (USER, USAGE), (APP, USAGE)] {
        let answer = bench.send("GET", "/v26.0/debug_token", token, "");
        let used: Value = serde_json::from_str(header(&answer, name).unwrap()).unwrap();
        let used = used.get(PAGE).map_or(&used, |of_page| &of_page[0]);
        assert_eq!(used["call_count"], 1, "{token}: {used}");
        assert_eq!([USAGE, BUSINESS_USAGE].iter().filter(|name| header(&answer, name).is_some()).count(), 1);
    }
}

#[test]
fn the_allowance_on_order_is_used_up_and_then_refused() {
    let mut bench = Bench::new();
    bench.options.throttle = true;
    let mut percent = |token: &str, name: &str| {
        let answer = bench.send("GET", "/v26.0/me", token, "");
        let used: Value = serde_json::from_str(header(&answer, name).unwrap()).unwrap();
        let used = used.get(PAGE).map_or(used.clone(), |of_page| of_page[0].clone());
        let wait = used["estimated_time_to_regain_access"].as_u64();
        (used["call_count"].as_u64().unwrap(), body(&answer)["error"]["code"].as_u64(), wait)
    };
    for expected in 1..100 {
        assert_eq!(percent(PAGE_TOKEN, BUSINESS_USAGE), (expected, None, Some(0)));
    }
    for _ in 0..2 {
        assert_eq!(percent(PAGE_TOKEN, BUSINESS_USAGE), (100, Some(80001), Some(1)));
        assert_eq!(percent(USER, USAGE), (100, Some(4), None));
    }
    let mut world = World::new(&Seed::default());
    assert_eq!([1000, 1059, 1060, 1061].map(|now| world.used(now)), [1, 2, 1, 2], "of a minute");
}

#[test]
fn faults_on_order_are_errors_of_graph() {
    for (status, code) in [(400, 100), (401, 190), (403, 200), (429, 4), (500, 2), (503, 2)] {
        let answer = error(status, None);
        let error = body(&answer)["error"].clone();
        assert_eq!((answer.status, error["code"].as_u64()), (status, Some(code)));
        assert_eq!(error["is_transient"] == true, status >= 500, "{error}");
        assert_eq!(header(&answer, USAGE).is_some_and(|used| used.contains("100")), status == 429);
    }
    assert_eq!(body(&error(400, Some("as ordered")))["error"]["message"], "as ordered");
}
