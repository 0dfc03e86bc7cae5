//! Telegram, WhatsApp, web chat and link chat.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::bench::Bench;

const BOT: &str = "7098765432:AAF-abcdefghijklmnopqrstuvwxyz_0123";

#[test]
fn a_bot_is_connected_and_reconnected() {
    let bench = Bench::new();
    let reply = bench.post("/partner/channel/telegram", json!({ "token": BOT, "isBusiness": true }));
    assert_eq!(reply.status, 201, "{reply:?}");
    let id = reply.json()["_id"].as_str().unwrap().to_owned();
    assert_eq!(bench.post("/partner/channel/telegram", json!({ "token": BOT })).json()["_id"], id);
    let path = format!("/partner/channel/telegram/{id}");
    let post = |path: &str, token: &str| bench.post(path, json!({ "token": token }));
    assert_eq!(post(&path, BOT).status, 200);
    // The vendor documents one body for both.
    let business = bench.post(&path, json!({ "token": BOT, "isBusiness": true }));
    assert_eq!(business.status, 200, "{business:?}");
    let other = BOT.replace("7098", "7099");
    assert_eq!(post(&path, &other).error(), (403, "account not same".to_owned()));
    assert_eq!(post(&path, "7098765432:short").error(), (403, "invalid token".to_owned()));
    let unknown = "/partner/channel/telegram/000000000000000000000000";
    assert_eq!(post(unknown, BOT).error(), (403, "channel not found".to_owned()));
    for bad in ["x", "7098765432", ":AAF-abcdefghijklmnopqrstuvwxyz_0123", &format!("{BOT}x")] {
        assert_eq!(
            post("/partner/channel/telegram", bad).error(),
            (403, "invalid token".to_owned()),
            "{bad}"
        );
    }
    assert_eq!(bench.delete(&path).status, 200);
    assert_eq!(bench.delete(&path).status, 403);
}

#[test]
fn chats_are_created() {
    let bench = Bench::new();
    let web = json!({ "name": "Toko", "websiteUrl": "https://toko.example", "isActivePreChat": true });
    let link = json!({ "name": "Toko", "isActivePreChat": false });
    for (kind, body) in [("webchat", web), ("linkchat", link)] {
        let path = format!("/partner/channel/{kind}");
        let reply = bench.post(&path, body.clone());
        assert_eq!(reply.status, 201, "{reply:?}");
        let channel =
            bench.get(&format!("/partner/channel/{}", reply.json()["_id"].as_str().unwrap())).json();
        assert_eq!((&channel["channelType"], &channel["isConnected"]), (&json!(kind), &json!(true)));
        for name in body.as_object().unwrap().keys() {
            let mut less = body.clone();
            less.as_object_mut().unwrap().remove(name);
            assert_eq!(bench.post(&path, less).error(), (400, format!("{name} is required")));
        }
    }
    let bad = json!({ "name": "Toko", "websiteUrl": "toko", "isActivePreChat": true });
    assert_eq!(bench.post("/partner/channel/webchat", bad).status, 400);
    let script = json!({ "name": "Toko", "websiteUrl": "javascript:alert(1)", "isActivePreChat": true });
    assert_eq!(bench.post("/partner/channel/webchat", script).status, 400);
}

fn phone(bench: &Bench, number: &str) -> impl Fn() -> Value {
    let reply = bench.post("/partner/channel/whatsapp-unofficial", json!({ "name": "CS", "phone": number }));
    assert_eq!(reply.status, 201, "{reply:?}");
    let path = format!("/partner/channel/{}", reply.json()["_id"].as_str().unwrap());
    move || bench.get(&path).json()
}

#[test]
fn a_phone_shows_qr_codes_until_it_is_linked() {
    let bench = Bench::with(&["--qr-period", "1000"]);
    let look = phone(&bench, "081234567890");
    let mut codes = Vec::new();
    let linked = loop {
        let channel = look();
        assert_eq!(channel["isTimeout"], false);
        match channel["additionalData"]["qrcode"].as_str() {
            Some(code) => codes.push(code.to_owned()),
            None => break channel,
        }
        assert_eq!(channel["isConnected"], false);
        thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(linked["isConnected"], true);
    assert!(linked["updatedAt"].as_str() > linked["createdAt"].as_str());
    codes.dedup();
    assert_eq!(codes.len(), 3, "each shown code differs from the one before");
    assert_eq!(
        codes.iter().map(|code| code.starts_with("data:image/png;base64,")).collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn a_phone_that_never_answers_times_out() {
    let bench = Bench::with(&["--qr-period", "100"]);
    let look = phone(&bench, "+6281234560000");
    thread::sleep(Duration::from_millis(400));
    let channel = look();
    assert_eq!((&channel["isTimeout"], &channel["isConnected"]), (&json!(true), &json!(false)));
    assert_eq!(channel["additionalData"]["qrcode"], Value::Null);
    for bad in ["", "0812", "0812 3456 7890", "08123456789012345"] {
        let body = json!({ "name": "CS", "phone": bad });
        assert_eq!(bench.post("/partner/channel/whatsapp-unofficial", body).status, 400, "{bad}");
    }
}

#[test]
fn a_chat_changes_its_plan() {
    let bench = Bench::new();
    let made =
        bench.post("/partner/channel/linkchat", json!({ "name": "Toko", "isActivePreChat": false })).json();
    let path = format!("/partner/channel/linkchat/{}", made["_id"].as_str().unwrap());
    let status = || bench.get(&path.replace("/linkchat", "")).json()["status"].clone();
    assert_eq!(status(), "premium");
    for plan in ["free", "premium", "free"] {
        let reply = bench.post(&format!("{path}/status"), json!({ "status": plan }));
        assert_eq!((reply.status, reply.body.as_str()), (200, ""));
        assert_eq!(status(), plan);
    }
    assert_eq!(bench.post(&format!("{path}/status"), json!({ "status": "gold" })).status, 400);
    assert_eq!(bench.post("/partner/channel/telegram/1/status", json!({ "status": "free" })).status, 404);
}
