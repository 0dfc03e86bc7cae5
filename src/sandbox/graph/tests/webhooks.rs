//! The two halves of a webhook.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use super::*;

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
