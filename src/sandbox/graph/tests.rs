//! What each call to Graph answers and refuses.

use std::cell::RefCell;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

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
fn a_token_is_told_by_what_me_answers() {
    let mut bench = Bench::new();
    assert_eq!(bench.get("/me", PAGE_TOKEN), json!({ "id": PAGE, "name": "Kopi Senja Bandung" }));
    let page = bench.get("/me?fields=id,name,category", PAGE_TOKEN);
    assert_eq!(page["category"], "Local business");
    assert_eq!(bench.get("/me?fields=id,name", USER)["name"], "Sari Wulandari");
    assert_eq!(bench.refused("GET", "/me?fields=id,name,category", USER, ""), (400, 100, None));
    let said = bench.message("GET", "/me?fields=id,name,category", USER, "");
    assert_eq!(said, "(#100) Tried accessing nonexisting field (category) on node type (User)");
    assert_eq!(bench.refused("GET", "/me?fields=nonsense", PAGE_TOKEN, ""), (400, 100, None));
    assert_eq!(bench.refused("GET", "/me", APP, ""), (400, 2500, None));
    assert_eq!(bench.get("/me", "sandbox-page-token-no-messaging")["id"], PAGE);
    for (token, subcode) in [
        ("sandbox-page-token-expired", Some(463)),
        ("sandbox-page-token-password", Some(460)),
        ("sandbox-page-token-nothing", None),
        ("1000000000000001|wrong", None),
        ("nonsense", None),
    ] {
        assert_eq!(bench.refused("GET", "/me", token, ""), (400, 190, subcode), "{token}");
    }
    assert_eq!(bench.refused("GET", "/me", "", ""), (400, 104, None));
    let as_parameter = format!("/me?access_token={PAGE_TOKEN}");
    assert_eq!(bench.get(&as_parameter, "")["id"], PAGE);
    assert_eq!(bench.get(&as_parameter, "nonsense")["id"], PAGE, "the parameter counts");
}

#[test]
fn debug_token_answers_200_for_a_dead_token_as_well() {
    let mut bench = Bench::new();
    let told = bench.get(&format!("/debug_token?input_token={PAGE_TOKEN}"), APP)["data"].clone();
    assert_eq!((&told["type"], &told["is_valid"]), (&json!("PAGE"), &json!(true)));
    assert_eq!((&told["expires_at"], &told["profile_id"]), (&json!(0), &json!(PAGE)));
    let messaging = json!({ "scope": "pages_messaging", "target_ids": [PAGE] });
    assert!(told["granular_scopes"].as_array().unwrap().contains(&messaging), "{told}");
    // As a form, which shows the token to nobody.
    let form = "method=GET&input_token=sandbox-page-token-expired";
    let dead = bench.call("POST", "/debug_token", USER, form)["data"].clone();
    assert_eq!((&dead["is_valid"], &dead["error"]["code"]), (&json!(false), &json!(190)));
    assert_eq!((&dead["error"]["subcode"], &dead["scopes"]), (&json!(463), &json!([])));
    assert!(dead["error"]["message"].is_string());
    let unknown = bench.get("/debug_token?input_token=nonsense", APP)["data"].clone();
    assert_eq!((&unknown["is_valid"], &unknown["type"]), (&json!(false), &Value::Null));
    let lacks = bench.get("/debug_token?input_token=sandbox-page-token-no-messaging", APP);
    assert!(!lacks.to_string().contains("pages_messaging"), "{lacks}");
    let user = bench.get(&format!("/debug_token?input_token={USER}"), APP)["data"].clone();
    assert_eq!((&user["type"], &user["profile_id"]), (&json!("USER"), &Value::Null));
    assert!(user["granular_scopes"][0]["target_ids"].is_null(), "for all");
    assert!(user["expires_at"].as_u64().unwrap() > time::now() / 1000);
    assert_eq!(
        bench.get(&format!("/debug_token?input_token={}", APP.replace('|', "%7C")), APP)["data"]["type"],
        "APP"
    );
    assert_eq!(bench.refused("GET", "/debug_token", APP, ""), (400, 100, None));
    let by_page = format!("/debug_token?input_token={PAGE_TOKEN}");
    assert_eq!(bench.refused("GET", &by_page, PAGE_TOKEN, ""), (400, 100, None));
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
fn a_short_token_is_exchanged_and_an_app_gets_its_own() {
    let mut bench = Bench::new();
    let app = "client_id=1000000000000001&client_secret=sandbox-app-secret";
    let long = bench
        .get(&format!("/oauth/access_token?grant_type=fb_exchange_token&{app}&fb_exchange_token={USER}"), "");
    assert_eq!((&long["expires_in"], &long["token_type"]), (&json!(5_184_000), &json!("bearer")));
    assert_eq!(bench.get("/me", long["access_token"].as_str().unwrap())["name"], "Sari Wulandari");
    let own = bench.get(&format!("/oauth/access_token?grant_type=client_credentials&{app}"), "");
    assert_eq!(own["access_token"], APP);
    for query in [
        "grant_type=client_credentials&client_id=1000000000000001&client_secret=wrong".to_owned(),
        format!("grant_type=fb_exchange_token&{app}&fb_exchange_token={PAGE_TOKEN}"),
        format!("grant_type=fb_exchange_token&{app}"),
        format!("grant_type=password&{app}"),
        app.to_owned(),
    ] {
        assert_eq!(bench.refused("GET", &format!("/oauth/access_token?{query}"), "", "").0, 400, "{query}");
    }
}

#[test]
fn a_page_is_subscribed_read_back_and_taken_away() {
    let mut bench = Bench::new();
    let path = format!("/{PAGE}/subscribed_apps");
    assert_eq!(bench.get(&path, PAGE_TOKEN), json!({ "data": [] }));
    let done = bench.call("POST", &path, PAGE_TOKEN, "subscribed_fields=messages,%20feed,messages");
    assert_eq!(done, json!({ "success": true }));
    let app = bench.get(&path, PAGE_TOKEN)["data"][0].clone();
    assert_eq!((&app["id"], &app["subscribed_fields"]), (&json!(APP_ID), &json!(["messages", "feed"])));
    bench.call("POST", &path, PAGE_TOKEN, "subscribed_fields=%5B%22message_reads%22%5D");
    let fields = bench.get(&path, PAGE_TOKEN)["data"][0]["subscribed_fields"].clone();
    assert_eq!(fields, json!(["message_reads"]), "a second POST replaces them");
    assert_eq!(bench.call("DELETE", &path, PAGE_TOKEN, ""), json!({ "success": "true" }));
    assert_eq!(bench.get(&path, PAGE_TOKEN), json!({ "data": [] }));
    bench.call("POST", "/me/subscribed_apps", PAGE_TOKEN, "subscribed_fields=messages");
    bench.call("DELETE", &path, APP, "");
    assert!(bench.world.subscribed.is_empty(), "the app's token may take it away");

    let post = |bench: &mut Bench, token: &str, form: &str| bench.refused("POST", &path, token, form);
    assert_eq!(post(&mut bench, PAGE_TOKEN, ""), (400, 100, None), "without fields");
    assert_eq!(post(&mut bench, PAGE_TOKEN, "subscribed_fields=nonsense"), (400, 100, None));
    assert_eq!(post(&mut bench, USER, "subscribed_fields=messages"), (403, 210, None));
    assert_eq!(post(&mut bench, APP, "subscribed_fields=messages"), (403, 210, None));
    let lacking = "sandbox-page-token-no-messaging";
    assert_eq!(post(&mut bench, lacking, "subscribed_fields=feed,messages"), (403, 200, None));
    let said = bench.message("POST", &path, lacking, "subscribed_fields=messages");
    assert!(said.contains("pages_messaging") && said.contains("messages"), "{said}");
    bench.call("POST", &path, lacking, "subscribed_fields=feed");
    assert_eq!(
        bench.refused("GET", "/106215480937742/subscribed_apps", PAGE_TOKEN, ""),
        (400, 100, Some(33))
    );
    assert_eq!(bench.refused("PUT", &path, PAGE_TOKEN, ""), (400, 100, Some(33)));
}

#[test]
fn a_callback_is_asked_at_once_and_there_is_one() {
    let mut bench = Bench::new();
    let path = "/1000000000000001/subscriptions";
    assert_eq!(bench.get(path, APP), json!({ "data": [] }));
    let set = |hook: &str| {
        let fields = "messages,messaging_postbacks";
        format!("object=page&callback_url={hook}&verify_token=V&fields={fields}&include_values=true")
    };
    for hook in ["http://127.0.0.1:9/a/?redirect_to=https%253A%252F%252Fb.example", "http://localhost:9/b/"] {
        assert_eq!(bench.call("POST", path, APP, &set(hook)), json!({ "success": true }));
        let shaken = bench.shaken.borrow().last().unwrap().clone();
        assert!(shaken.contains("hub.mode=subscribe") && shaken.contains("hub.verify_token=V"), "{shaken}");
    }
    let all = bench.get(path, APP)["data"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1, "the one that was set last");
    assert_eq!((&all[0]["callback_url"], &all[0]["active"]), (&json!("http://localhost:9/b/"), &json!(true)));
    assert_eq!(all[0]["fields"][1], json!({ "name": "messaging_postbacks", "version": "v26.0" }));
    for (own, code) in
        [((404, "gone"), 2200), ((301, ""), 2200), ((200, "<b>"), 2201), ((200, "\"1\""), 2201)]
    {
        bench.own = Some(own);
        assert_eq!(bench.refused("POST", path, APP, &set("http://127.0.0.1:9/c/")), (400, code, None));
    }
    assert_eq!(bench.get(path, APP)["data"], all, "what was there stays");
    bench.own = None;
    for hook in
        ["https://bot.example.com/hook", "http://10.0.0.1/", "https://127.0.0.1:9/x", "http://127.0.0.1:1/"]
    {
        let shaken = bench.shaken.borrow().len();
        assert_eq!(bench.refused("POST", path, APP, &set(hook)), (400, 2200, None), "{hook}");
        assert_eq!(bench.shaken.borrow().len(), shaken, "{hook} is not its own");
    }
    for missing in ["object", "callback_url", "verify_token", "fields"] {
        let form = set("http://127.0.0.1:9/").replace(&format!("{missing}="), "x=");
        assert_eq!(bench.refused("POST", path, APP, &form), (400, 100, None), "{missing}");
    }
    for (from, to) in
        [("object=page", "object=user"), ("messages", "nonsense"), ("true", "maybe"), ("http:", "")]
    {
        let form = set("http://127.0.0.1:9/").replacen(from, to, 1);
        assert_eq!(bench.refused("POST", path, APP, &form), (400, 100, None), "{to}");
    }
    for token in [PAGE_TOKEN, USER] {
        assert_eq!(bench.refused("GET", path, token, ""), (400, 15, None));
    }
    assert_eq!(bench.refused("GET", "/5/subscriptions", APP, ""), (400, 100, Some(33)));
    bench.call("DELETE", &format!("{path}?object=page&fields=messages"), APP, "");
    assert_eq!(bench.get(path, APP)["data"][0]["fields"].as_array().unwrap().len(), 1);
    assert_eq!(bench.refused("DELETE", &format!("{path}?object=user"), APP, ""), (400, 100, None));
    bench.call("DELETE", path, APP, "");
    assert_eq!(bench.get(path, APP), json!({ "data": [] }));
}

#[test]
fn a_callback_elsewhere_on_this_computer_is_asked_by_http() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let mut asked = Vec::new();
        for wrong in [false, true] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 2048];
            let count = stream.read(&mut head).unwrap();
            let head = String::from_utf8_lossy(&head[..count]).into_owned();
            let challenge = head.split("hub.challenge=").nth(1).unwrap().split('&').next().unwrap();
            let end = if wrong { "\n" } else { "" };
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{challenge}{end}").unwrap();
            asked.push(head);
        }
        asked
    });
    let mut bench = Bench::new();
    let form = format!("object=page&callback_url=http://{address}/hook?x%3D1&verify_token=V&fields=messages");
    bench.call("POST", "/1000000000000001/subscriptions", APP, &form);
    assert_eq!(bench.refused("POST", "/1000000000000001/subscriptions", APP, &form), (400, 2201, None));
    let asked = server.join().unwrap();
    assert!(asked[0].starts_with("GET /hook?x=1&hub.mode=subscribe&hub.challenge="), "{asked:?}");
    assert!(asked[0].contains("hub.verify_token=V HTTP/1.0\r\n"), "{asked:?}");
    assert!(bench.shaken.borrow().is_empty(), "it is not its own");
}

#[test]
fn a_proof_is_looked_at_and_demanded_where_the_app_demands_it() {
    let mut bench = Bench::new();
    let proof = |text: &str| call::proof_of(text);
    assert_eq!(bench.get(&format!("/me?appsecret_proof={}", proof(PAGE_TOKEN)), PAGE_TOKEN)["id"], PAGE);
    for wrong in ["0", &proof(USER), &proof(PAGE_TOKEN).to_uppercase()] {
        let path = format!("/me?appsecret_proof={wrong}");
        assert_eq!(bench.refused("GET", &path, PAGE_TOKEN, ""), (400, 100, None), "{wrong}");
    }
    bench.world.requires_proof = true;
    let said = bench.message("GET", "/me", PAGE_TOKEN, "");
    assert!(said.contains("require an appsecret_proof"), "{said}");
    let path = format!("/{PAGE}/subscribed_apps");
    let form = "subscribed_fields=messages";
    assert_eq!(bench.refused("POST", &path, PAGE_TOKEN, form), (400, 100, None));
    assert!(bench.world.subscribed.is_empty());
    bench.call("POST", &path, PAGE_TOKEN, &format!("{form}&appsecret_proof={}", proof(PAGE_TOKEN)));
    bench.get("/1000000000000001/subscriptions", APP);
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
