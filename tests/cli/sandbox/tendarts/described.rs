//! Every operation of the two contracts, called well and badly; every answer, held to what is described.

use serde_json::{Value, json};

use super::super::calls::{Call, Operation, encoded};
use super::super::contract::Contract;
use super::{APP, PAGE, TOKEN, Tendarts};

const TENDARTS: &str = include_str!("../../../../src/sandbox/tendarts/openapi.yaml");
const GRAPH: &str = include_str!("../../../../src/sandbox/graph/openapi.yaml");

/// What stands in the braces of a path: by the parameter's name.
fn filled(path: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
}

fn authorized(authorization: &str, kind: Option<&str>) -> String {
    let kind = kind.map_or(String::new(), |kind| format!("Content-Type: {kind}\r\n"));
    format!("Authorization: {authorization}\r\n{kind}")
}

/// A call as it should be, with this body.
fn good(operation: &Operation<'_>, target: String, authorization: &str, body: &Value) -> Call {
    let kind = operation.body.map(|(kind, _)| kind);
    let body = kind.map_or(String::new(), |kind| encoded(kind, body.as_object().unwrap()));
    Call { target, headers: authorized(authorization, kind), body }
}

#[test]
fn every_answer_of_10darts_is_as_its_contract_describes() {
    let bench = Tendarts::with(&["--fault", "POST /api/v1/applications/=429@every 100;retry-after=1"]);
    let contract = Contract::at(&format!("{}/openapi.yaml", bench.origin()));
    assert_eq!(contract.operations().len(), 5);
    for operation in contract.operations() {
        let body =
            json!({ "name": "shop", "platform": "MESSENGER", "page_access_token": "sandbox-page-token" });
        let call = good(&operation, filled(operation.path, &[("id", "1")]), TOKEN, &body);
        let answer = contract.call(&operation, &call);
        let done = if operation.id == "deleteApplication" { 204 } else { 200 };
        assert_eq!(answer.status, done, "{} {}", operation.id, answer.body);
        for bad in operation.bad_calls(&call, &body) {
            let answer = contract.call(&operation, &bad);
            // A name may be odd, as long as its characters are allowed.
            if operation.method != "get" && answer.status < 400 {
                let made: Value = serde_json::from_str(&answer.body).unwrap();
                let name = made["name"].as_str().unwrap();
                let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
                assert!(!name.is_empty() && name.len() < 100 && name.chars().all(is_allowed), "{bad:?}");
            }
        }
        for (authorization, status) in [
            ("", 401),
            ("sandbox-api-token", 401),
            ("Bearer sandbox-api-token", 401),
            ("Token wrong", 401),
            ("AppToken sandbox-app-token", 403),
        ] {
            let headers = authorized(authorization, operation.body.map(|(kind, _)| kind));
            let answer = contract.call(&operation, &Call { headers, ..call.clone() });
            let is_lists = ["listPlatforms", "listTouchpoints"].contains(&operation.id);
            let expected = if status == 403 && is_lists { 200 } else { status };
            assert_eq!(answer.status, expected, "{} {authorization}", operation.id);
        }
        for id in ["99", "0", "99999999999999999999999"] {
            let target = filled(operation.path, &[("id", id)]);
            let answer = contract.call(&operation, &Call { target, ..call.clone() });
            assert!(operation.id != "deleteApplication" || answer.status == 404);
        }
        // Without the slash nothing is done, and nothing said.
        let target = call.target.trim_end_matches('/').to_owned();
        let answer = bench.send(&operation.method.to_uppercase(), &target, &call.headers, &call.body);
        assert_eq!((answer.status, answer.header("location")), (301, Some(&*call.target)), "{target}");
        if operation.id == "createApplication" {
            let kind = call.headers.replace("application/json", "text/plain");
            assert_eq!(contract.call(&operation, &Call { headers: kind, ..call.clone() }).status, 415);
            let refused =
                (0..100).map(|_| contract.call(&operation, &call)).find(|answer| answer.status == 429);
            assert_eq!(refused.expect("as ordered").header("retry-after"), Some("1"));
        }
    }
    // 200 is what is documented of creating; nothing has a limit here but on order.
    contract.is_complete(&[("createApplication", 201), ("listApplications", 429)]);
}

/// A token that each operation takes.
fn token_of(operation: &Operation<'_>) -> &'static str {
    match operation.id {
        "listPages" | "listBusinesses" | "listOwnedPages" | "listClientPages" => "sandbox-page-token-user",
        "debugToken" | "getAppSubscriptions" | "setAppSubscription" | "deleteAppSubscription" => APP,
        _ => "sandbox-page-token",
    }
}

#[test]
fn every_answer_of_graph_is_as_its_contract_describes() {
    let bench = Tendarts::with(&["--fault", "GET /graph/v26.0/me=401@every 40"]);
    let contract = Contract::at(&format!("{}/graph/openapi.yaml", bench.origin()));
    assert_eq!(contract.operations().len(), 14);
    for operation in contract.operations() {
        let path = filled(
            operation.path,
            &[("page_id", PAGE), ("app_id", "1000000000000001"), ("business_id", "2000000000000001")],
        );
        let query = match operation.id {
            "debugToken" => "?input_token=sandbox-page-token",
            "exchangeToken" => {
                "?grant_type=client_credentials&client_id=1000000000000001&client_secret=sandbox-app-secret"
            }
            "deleteAppSubscription" => "?object=page",
            _ => "",
        };
        let body = match operation.id {
            "setAppSubscription" => json!({
                "object": "page",
                "callback_url": format!("{}/webhooks/messenger/1/", bench.origin()),
                "verify_token": "sandboxverify00001",
                "fields": "messages,messaging_postbacks",
                "include_values": "true",
            }),
            _ => json!({ "subscribed_fields": "messages,message_reads" }),
        };
        let token = token_of(&operation);
        let call = good(&operation, format!("{path}{query}"), &format!("Bearer {token}"), &body);
        let answer = contract.call(&operation, &call);
        assert_eq!(answer.status, 200, "{} {}", operation.id, answer.body);
        let usage = ["x-app-usage", "x-business-use-case-usage"].map(|name| answer.header(name));
        let usage = usage.into_iter().flatten().map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(usage.count(), usize::from(operation.id != "exchangeToken"), "{}", operation.id);
        for bad in operation.bad_calls(&call, &body) {
            contract.call(&operation, &bad);
        }
        let kind = operation.body.map(|(kind, _)| kind);
        for wrong in ["", "wrong", "sandbox-page-token-expired", "sandbox-page-token-password", "1|x"] {
            let headers = authorized(&format!("Bearer {wrong}"), kind);
            let answer = contract.call(&operation, &Call { headers, ..call.clone() });
            assert!(answer.status >= 400 || operation.id == "exchangeToken", "{} {wrong}", operation.id);
        }
        for other in ["sandbox-page-token", "sandbox-page-token-user", "sandbox-page-token-no-messaging", APP]
        {
            let headers = authorized(&format!("Bearer {other}"), kind);
            contract.call(&operation, &Call { headers, ..call.clone() });
        }
        for id in ["0", "7", "99999999999999999999999", "106215480937742"] {
            let target = filled(operation.path, &[("page_id", id), ("app_id", id), ("business_id", id)]);
            contract.call(&operation, &Call { target: format!("{target}{query}"), ..call.clone() });
        }
        if operation.id == "whoIsThis" {
            let ordered =
                (0..40).map(|_| contract.call(&operation, &call)).find(|answer| answer.status == 401);
            assert!(ordered.expect("as ordered").body.contains("\"code\":190"));
        }
    }
    contract.is_complete(&[]);
}

#[test]
fn both_files_are_served_as_they_are_carried_but_for_their_servers() {
    let bench = Tendarts::new();
    for (carried, path, base, vendor) in [
        (TENDARTS, "/openapi.yaml", "", "10darts.com"),
        (GRAPH, "/graph/openapi.yaml", "/graph/v26.0", "graph.facebook.com"),
    ] {
        let served = bench.send("GET", path, "", "").body;
        let (start, rest) = carried.split_once("servers:\n").unwrap();
        let (_, end) = rest.split_once("\nsecurity:\n").unwrap();
        assert_eq!(served, format!("{start}servers:\n  - url: {}{base}\nsecurity:\n{end}", bench.origin()));
        assert!(!served.contains(&format!("//{vendor}")), "{served}");
    }
}
