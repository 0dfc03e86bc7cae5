//! Every operation of the contract, called well and badly; every answer, held to what is described.

use serde_json::{Value, json};

use super::super::calls::{Call, Operation};
use super::super::contract::Contract;
use super::Beez;
use crate::support::http;

const CARRIED: &str = include_str!("../../../../src/sandbox/unifiedbeez/openapi.yaml");

/// What only the newer generation has.
const NEWER: [&str; 4] =
    ["connectInstagram", "listFacebookPages", "listInstagramAccounts", "disconnectInstagramAccount"];

/// These fail now and then; a refusal of the plan, and the throttle.
const ORDERED: [&str; 6] = [
    "--fault",
    "POST /api/v1/auth/login=429@every 200;retry-after=1",
    "--fault",
    "GET /api/v1/channels/selected=429@every 50;retry-after=1",
    "--fault",
    "GET /api/v1/auth/facebook/connect=403@every 80",
];

fn headers(session: &str) -> String {
    format!("Authorization: Bearer {session}\r\nContent-Type: application/json\r\n")
}

/// The body of a good call.
fn body(beez: &Beez, operation: &Operation<'_>) -> Value {
    let login = |email: &str| {
        let device = json!({ "device_type": "desktop", "device_name": "a laptop" });
        json!({ "email": email, "password": "sandbox-password", "device_info": device })
    };
    let temporary = || {
        let answer = beez.plain("POST", "/auth/login", &login("2fa@example.com").to_string());
        serde_json::from_str::<Value>(&answer.body).unwrap()["tempToken"].clone()
    };
    match operation.id {
        "login" => login("demo@example.com"),
        "verifySecondFactor" => {
            let device = json!({ "device_name": "a laptop" });
            json!({ "tempToken": temporary(), "token": "123456", "type": "totp", "remember_me": true, "deviceInfo": device })
        }
        "sendBackupCode" => json!({ "tempToken": temporary() }),
        _ => json!({}),
    }
}

/// The target of a good call: of a callback, what the dialog sends a browser to.
fn target(beez: &Beez, operation: &Operation<'_>, is_older: bool) -> String {
    let connect = |kind: &str| match is_older {
        true => format!("/auth/facebook/connect?redirect_path=%2Fcb&type={kind}"),
        false if kind == "instagram" => "/auth/instagram/connect?redirect_path=%2Fcb".to_owned(),
        false => "/auth/facebook/connect?redirect_path=%2Fcb".to_owned(),
    };
    let callback = |kind: &str| {
        let dialog = beez.dialog(&connect(kind));
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let sent = http("POST", &dialog, form, "decision=allow&scope=all");
        let location = sent.header("location").unwrap().trim_end_matches("#_=_").to_owned();
        location.strip_prefix(&beez.served.api_url).unwrap().to_owned()
    };
    let account =
        |slug: &str| beez.accounts().into_iter().find(|(own, ..)| own == slug).map(|(_, id, ..)| id);
    let with_id =
        |id: Option<u64>| format!("{}/{}", operation.path.rsplit_once('/').unwrap().0, id.unwrap_or(99));
    match operation.id {
        "connectFacebook" => connect("messenger"),
        "connectInstagram" => "/auth/instagram/connect?redirect_path=%2Fcb".to_owned(),
        "facebookCallback" => callback("messenger"),
        "instagramCallback" => callback("instagram"),
        "disconnectFacebookAccount" => with_id(account("facebook_messenger")),
        "disconnectInstagramAccount" => with_id(account("instagram_direct")),
        "disconnectFacebookChannel" => with_id(beez.channel("facebook_messenger")),
        _ => operation.path.to_owned(),
    }
}

/// Calls each operation, and gives the contract with what was seen.
fn called(beez: &Beez, is_older: bool) -> Contract {
    let contract = Contract::at(&format!("{}/openapi.yaml", beez.served.origin()));
    assert_eq!(contract.operations().len(), 17);
    for operation in contract.operations() {
        if is_older && operation.id == "instagramCallback" {
            assert_eq!(beez.plain("GET", operation.path, "").status, 404);
            continue;
        }
        let fields = body(beez, &operation);
        let call = Call {
            target: target(beez, &operation, is_older),
            headers: headers("sandbox-session"),
            body: operation.body.map_or(String::new(), |_| fields.to_string()),
        };
        let answer = contract.call(&operation, &call);
        let expected = match operation.id {
            id if is_older && NEWER.contains(&id) => 404,
            "connectFacebook" | "connectInstagram" | "facebookCallback" | "instagramCallback" => 302,
            "disconnectInstagramAccount" => 204,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{} {}", operation.id, answer.body);
        for bad in operation.bad_calls(&call, &fields) {
            contract.call(&operation, &bad);
        }
        let is_open = ["/login", "/2fa/", "/callback"].iter().any(|part| operation.path.contains(part));
        for session in ["", "wrong", "sandbox-session-wrong"] {
            let answer = contract.call(&operation, &Call { headers: headers(session), ..call.clone() });
            assert!(is_open || expected == 404 || answer.status == 401, "{}", operation.id);
        }
        if let Some((before, _)) = operation.path.split_once('{') {
            for (id, status) in [("99", 404), ("x", 400), ("-1", 400), ("9".repeat(30).as_str(), 400)] {
                let answer =
                    contract.call(&operation, &Call { target: format!("{before}{id}"), ..call.clone() });
                assert!(answer.status == status || expected == 404, "{} {id}", operation.id);
            }
        }
        if operation.id.starts_with("connect") {
            let target = operation.path.to_owned();
            let answer = contract.call(&operation, &Call { target, ..call.clone() });
            assert!([400, 404].contains(&answer.status), "a way back is required");
        }
        if operation.id == "login" {
            for (email, password) in [("2fa@example.com", "sandbox-password"), ("demo@example.com", "x")] {
                let body = json!({ "email": email, "password": password }).to_string();
                contract.call(&operation, &Call { body, ..call.clone() });
            }
        }
        let ordered = match operation.id {
            "login" | "listSelectedChannels" => 429,
            "connectFacebook" => 403,
            _ => continue,
        };
        let met = (0..200).any(|_| contract.call(&operation, &call).status == ordered);
        assert!(met, "{} {ordered}", operation.id);
    }
    contract
}

#[test]
fn every_answer_of_the_newer_generation_is_as_its_contract_describes() {
    let beez = Beez::with(&ORDERED);
    // Of what an answer may be, it is one; nothing is of the older generation.
    called(&beez, false).is_complete(&[
        ("listFacebookPages", 404),
        ("disconnectFacebookAccount", 204),
        ("disconnectFacebookChannel", 204),
        ("connectInstagram", 404),
        ("listInstagramAccounts", 404),
        ("disconnectInstagramAccount", 200),
    ]);
}

#[test]
fn every_answer_of_the_older_generation_is_as_its_contract_describes() {
    let beez = Beez::with(&[&ORDERED[..], &["--generation", "guide-1"]].concat());
    called(&beez, true).is_complete(&[
        ("instagramCallback", 302),
        ("disconnectFacebookAccount", 204),
        ("disconnectFacebookChannel", 204),
        // All these are 404.
        ("connectInstagram", 302),
        ("connectInstagram", 400),
        ("connectInstagram", 401),
        ("listFacebookPages", 200),
        ("listFacebookPages", 401),
        ("listInstagramAccounts", 200),
        ("listInstagramAccounts", 401),
        ("disconnectInstagramAccount", 200),
        ("disconnectInstagramAccount", 204),
        ("disconnectInstagramAccount", 400),
        ("disconnectInstagramAccount", 401),
    ]);
}

#[test]
fn the_file_is_served_as_it_is_carried_but_for_its_servers() {
    let beez = Beez::new();
    let served = http("GET", &format!("{}/openapi.yaml", beez.served.origin()), "", "").body;
    let (start, rest) = CARRIED.split_once("servers:\n").unwrap();
    let (_, end) = rest.split_once("\nsecurity:\n").unwrap();
    assert_eq!(served, format!("{start}servers:\n  - url: {}\nsecurity:\n{end}", beez.served.api_url));
}
