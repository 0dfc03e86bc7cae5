//! From a Page token to a webhook that both halves of Facebook know, step by step.

use serde_json::json;

use super::{APP, PAGE, Tendarts, json};
use crate::support::{Home, Served};

const SUBSCRIPTIONS: &str = "/1000000000000001/subscriptions";

#[test]
fn an_application_is_created_and_its_webhook_set_up() {
    let bench = Tendarts::new();
    assert_eq!(
        json(&bench.graph("GET", "/me?fields=id,name,category", "sandbox-page-token", ""))["id"],
        PAGE
    );
    let body = r#"{"name":"shop","platform":"MESSENGER","page_access_token":"sandbox-page-token"}"#;
    let made = json(&bench.api("POST", "/api/v1/applications/", body));
    let page = bench.send("GET", "/app/applications", "", "").body;
    let section = page.split("<section").find(|part| part.contains("shop<")).unwrap();
    let values: Vec<&str> =
        section.split("<code>").skip(1).map(|part| part.split("</code>").next().unwrap()).collect();
    let [url, token] = values[..] else { panic!("{section}") };
    assert!(url.starts_with(bench.origin()) && url.contains(&made["id"].to_string()), "{url}");

    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("object", "page").append_pair("fields", "messages,messaging_postbacks");
    form.append_pair("callback_url", &format!("{url}?redirect_to=https%3A%2F%2Fbot.example.com%2Fhook"));
    let right = form.append_pair("verify_token", token).finish();
    let wrong = right.replace(token, "another");
    let refused = bench.graph("POST", SUBSCRIPTIONS, APP, &wrong);
    assert_eq!((refused.status, &json(&refused)["error"]["code"]), (400, &json!(2200)), "403 of the webhook");
    assert_eq!(bench.graph("POST", SUBSCRIPTIONS, APP, &right).status, 200);
    let set = json(&bench.graph("GET", SUBSCRIPTIONS, APP, ""))["data"][0].clone();
    assert_eq!(set["callback_url"], format!("{url}?redirect_to=https%3A%2F%2Fbot.example.com%2Fhook"));

    let subscribed = format!("/{PAGE}/subscribed_apps");
    bench.graph("POST", &subscribed, "sandbox-page-token", "subscribed_fields=messages");
    let read = json(&bench.graph("GET", &subscribed, "sandbox-page-token", ""));
    assert_eq!(read["data"][0]["subscribed_fields"], json!(["messages"]));

    // The webhook ends with its application.
    bench.api("DELETE", &format!("/api/v1/applications/{}/", made["id"]), "");
    assert_eq!(json(&bench.graph("POST", SUBSCRIPTIONS, APP, &right))["error"]["code"], 2200);
    assert_eq!(json(&bench.graph("GET", SUBSCRIPTIONS, APP, ""))["data"][0], set, "what was set stays");
}

#[test]
fn a_callback_of_its_own_is_where_the_sandbox_is_now() {
    let bench = Tendarts::new();
    let other =
        Tendarts { served: Served::start(&bench.home, &["--platform", "10darts"]), home: Home::new() };
    let url = |bench: &Tendarts| format!("{}/webhooks/messenger/1/?a=b", bench.origin());
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("object", "page").append_pair("fields", "messages");
    form.append_pair("callback_url", &url(&bench)).append_pair("verify_token", "sandboxverify00001");
    assert_eq!(bench.graph("POST", SUBSCRIPTIONS, APP, &form.finish()).status, 200);
    for bench in [&bench, &other] {
        let set = json(&bench.graph("GET", SUBSCRIPTIONS, APP, ""));
        assert_eq!(set["data"][0]["callback_url"], url(bench));
        assert!(bench.send("GET", "/developers", "", "").body.contains(&url(bench)));
    }
}

#[test]
fn a_callback_without_its_slash_is_a_redirect_and_refused() {
    let bench = Tendarts::new();
    let url = format!("{}/webhooks/messenger/1", bench.origin());
    let form =
        |url: &str| format!("object=page&callback_url={url}&verify_token=sandboxverify00001&fields=messages");
    let refused = json(&bench.graph("POST", SUBSCRIPTIONS, APP, &form(&url)));
    assert!(refused["error"]["message"].as_str().unwrap().contains("301"), "{refused}");
    assert_eq!(bench.graph("POST", SUBSCRIPTIONS, APP, &form(&format!("{url}/"))).status, 200);
    let localhost = url.replace("127.0.0.1", "localhost");
    assert_eq!(bench.graph("POST", SUBSCRIPTIONS, APP, &form(&format!("{localhost}/"))).status, 200);
}

#[test]
fn tokens_are_not_logged() {
    let bench = Tendarts::new();
    let secret = "sandbox-page-token-user";
    bench.send("GET", &format!("/graph/v26.0/me/accounts?access_token={secret}"), "", "");
    bench.graph("POST", "/debug_token", APP, &format!("method=GET&input_token={secret}"));
    let log = bench.served.log();
    assert!(log.iter().any(|line| line.contains(" GET /graph/v26.0/me/accounts 200 ")), "{log:?}");
    assert!(!log.iter().any(|line| line.contains(secret)), "{log:?}");
}

#[test]
fn faults_on_order_are_in_the_shape_of_whom_they_hit() {
    let bench = Tendarts::with(&[
        "--fault",
        "GET /graph/v26.0/me=500*1",
        "--fault",
        "GET /graph/v26.0/me=400;message=as ordered",
        "--fault",
        "GET /api/v1/applications/=503;retry-after=7",
    ]);
    let first = bench.graph("GET", "/me", "sandbox-page-token", "");
    assert_eq!((first.status, &json(&first)["error"]["is_transient"]), (500, &json!(true)));
    let second = bench.graph("GET", "/me", "sandbox-page-token", "");
    assert_eq!((second.status, &json(&second)["error"]["message"]), (400, &json!("as ordered")));
    let list = bench.api("GET", "/api/v1/applications/", "");
    assert_eq!((list.status, list.header("retry-after")), (503, Some("7")));
    assert!(json(&list)["detail"].is_string(), "{}", list.body);
}
