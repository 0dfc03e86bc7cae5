//! Credentials, settings and routes.

use serde_json::json;

use super::bench::{Bench, KEY, PAIR, Reply};

fn v2024() -> Bench {
    Bench::with(&["--generation", "2024"])
}

/// What a fresh account's settings are.
fn unset() -> serde_json::Value {
    let names = ["webhookUrl", "webhookSecondaryUrls", "callbackMessengerUrl", "callbackInstagramUrl"];
    names
        .into_iter()
        .map(|name| (name.to_owned(), serde_json::Value::Null))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn each_generation_knows_its_credentials() {
    let cases = [(Bench::new(), KEY, 200), (Bench::new(), PAIR, 200)];
    let older = [(v2024(), KEY, 403), (v2024(), PAIR, 200)];
    for (bench, key, status) in cases.into_iter().chain(older) {
        let headers = format!("Authorization: Bearer {key}\r\n");
        let reply = bench.send("GET", "/partner/channel?page=1&limit=1", &headers, "");
        assert_eq!(reply.status, status, "{reply:?}");
    }
    for wrong in ["", "Authorization: Bearer wrong\r\n", "Authorization: sandbox-api-key\r\n"] {
        let refused = Bench::new().send("GET", "/partner", wrong, "");
        assert_eq!(refused.error(), (401, "invalid app id or secret key".to_owned()));
        let refused = v2024().send("GET", "/partner/channel", wrong, "");
        assert_eq!(refused.error(), (403, "Unauthorized".to_owned()));
        assert_eq!(refused.json()["message"], "Autentikasi tidak sah, silahkan login");
    }
}

#[test]
fn settings_are_kept_and_unset_ones_are_null() {
    let bench = Bench::new();
    assert_eq!(bench.get("/partner").json(), unset());
    let reply = bench.put(json!({ "callbackMessengerUrl": "https://a.example/cb" }));
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    bench
        .put(json!({ "webhookUrl": "https://a.example/w", "webhookSecondaryUrls": ["https://b.example/w"] }));
    let expected = json!({
        "webhookUrl": "https://a.example/w",
        "webhookSecondaryUrls": ["https://b.example/w"],
        "callbackMessengerUrl": "https://a.example/cb",
        "callbackInstagramUrl": null,
    });
    assert_eq!(bench.get("/partner/").json(), expected);
    bench.put(json!({ "callbackMessengerUrl": "" }));
    assert_eq!(bench.get("/partner").json()["callbackMessengerUrl"], "");
}

#[test]
fn a_put_can_replace() {
    let bench = Bench::with(&["--put", "replace"]);
    bench.put(json!({ "webhookUrl": "https://a.example/w", "callbackInstagramUrl": "https://a.example/i" }));
    bench.put(json!({ "callbackInstagramUrl": "http://127.0.0.1:9/i" }));
    let mut expected = unset();
    expected["callbackInstagramUrl"] = json!("http://127.0.0.1:9/i");
    assert_eq!(bench.get("/partner").json(), expected);
}

#[test]
fn settings_that_are_not_as_documented_are_refused() {
    let bench = Bench::new();
    bench.put(json!({ "webhookUrl": "https://kept.example" }));
    for wrong in [
        json!({ "webhookChatUrl": "https://a.example" }),
        json!({ "webhookUrl": "https://a.example", "more": 1 }),
        json!({ "webhookUrl": null }),
        json!({ "webhookUrl": "not a url" }),
        json!({ "webhookUrl": "javascript:alert(1)" }),
        json!({ "webhookSecondaryUrls": "https://a.example" }),
        json!({ "webhookSecondaryUrls": [1] }),
        json!([]),
    ] {
        assert_eq!(bench.put(wrong.clone()).error(), (403, "invalid body request".to_owned()), "{wrong}");
    }
    let bearer = format!("Authorization: Bearer {KEY}\r\n");
    assert_eq!(bench.send("PUT", "/partner", &bearer, "{}").status, 403);
    let mut expected = unset();
    expected["webhookUrl"] = json!("https://kept.example");
    assert_eq!(bench.get("/partner").json(), expected);
}

#[test]
fn the_older_generation_has_fewer_endpoints() {
    let bench = v2024();
    assert_eq!(bench.get("/partner").status, 404);
    assert_eq!(bench.delete("/partner/channel/messenger/65b37833afe781e84afa001f").status, 404);
    assert_eq!(bench.put(json!({ "webhookChatUrl": "https://a.example" })).status, 200);
    for newer in ["webhookUrl", "webhookSecondaryUrls"] {
        assert_eq!(bench.put(json!({ newer: "https://a.example" })).status, 403);
    }
    assert_eq!(bench.get("/partner/channel").json()["docs"].as_array().unwrap().len(), 3);
}

#[test]
fn what_is_not_there_is_said_in_json() {
    let bench = Bench::new();
    for path in [
        "/partner/nothing",
        "/partner/channel/messenger/1/2",
        "/partner/channel/telegram/authorize/x",
        "/elsewhere",
        "/consent/telegram/x",
        "/partner/channel/fax/1",
    ] {
        assert_eq!(bench.get(path).error(), (404, format!("Cannot GET {path}")));
    }
    for (method, path) in [
        ("PATCH", "/partner"),
        ("POST", "/partner/channel"),
        ("PUT", "/partner/channel/messenger"),
        ("DELETE", "/partner/channel/65b37833afe781e84afa001f"),
        ("POST", "/partner/channel/messenger/authorize"),
        ("GET", "/partner/channel/webchat"),
        ("DELETE", "/openapi.yaml"),
    ] {
        let bearer = format!("Authorization: Bearer {KEY}\r\n");
        let reply = bench.send(method, path, &bearer, "");
        assert_eq!(reply.error(), (405, "method not allowed".to_owned()), "{method} {path}");
        assert!(reply.header("Allow").is_some());
    }
}

#[test]
fn pictures_are_drawn() {
    let bench = Bench::new();
    assert!(bench.send("GET", "/picture/104872913558201.svg", "", "").body.starts_with("<svg"));
}

#[test]
fn which_methods_there_are_is_told_by_kind_and_generation() {
    let allow = |bench: &Bench, path: &str| {
        let bearer = format!(
            "Authorization: Bearer {}\r\n",
            if bench.get("/partner").status == 404 { PAIR } else { KEY }
        );
        let reply = bench.send("OPTIONS", path, &bearer, "");
        (reply.status, reply.header("Allow").map(str::to_owned))
    };
    let (bench, older) = (Bench::new(), v2024());
    for (kind, now, then) in [
        ("messenger", Some("POST, DELETE"), Some("POST")),
        ("telegram", Some("POST, DELETE"), Some("POST")),
        ("webchat", Some("DELETE"), None),
        ("whatsapp-official", Some("DELETE"), None),
    ] {
        let path = format!("/partner/channel/{kind}/65b37833afe781e84afa001f");
        assert_eq!(allow(&bench, &path), (405, now.map(str::to_owned)), "{kind}");
        let status = if then.is_some() { 405 } else { 404 };
        assert_eq!(allow(&older, &path), (status, then.map(str::to_owned)), "{kind} in 2024");
    }
    assert_eq!(allow(&bench, "/partner").1.as_deref(), Some("GET, PUT"));
    assert_eq!(allow(&older, "/partner").1.as_deref(), Some("PUT"));
}

#[test]
fn the_scheme_the_ids_and_head_are_as_loose_as_http_and_mongodb_are() {
    let bench = Bench::new();
    let path = format!("/partner/channel/{}", bench.channels()[0]["_id"].as_str().unwrap().to_uppercase());
    let reply = bench.send("GET", &path, &format!("Authorization: bearer {KEY}\r\n"), "");
    assert_eq!(reply.json()["channelId"], "17841407723164802");
    let reply = bench.send(
        "HEAD",
        "/partner/channel?page=1&limit=1",
        &format!("Authorization: BEARER {KEY}\r\n"),
        "",
    );
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
}

#[test]
fn refusals_are_in_the_vendors_own_words() {
    let bench = Bench::with(&["--limit", "3"]);
    let message = |reply: Reply| reply.json()["message"].as_str().unwrap().to_owned();
    assert_eq!(message(bench.send("GET", "/partner", "", "")), "AppID atau SecretKey tidak valid");
    assert_eq!(message(bench.put(json!({ "x": 1 }))), "invalid body request");
    assert_eq!(message(bench.accounts("messenger", "wrong", None)), "invalid token callback");
    let bot = |token: &str| bench.post("/partner/channel/telegram", json!({ "token": token }));
    assert_eq!(message(bot("x")), "Token tidak valid, silahkan cek kembali");
    let other = "7098765432:AAF-abcdefghijklmnopqrstuvwxyz_0123";
    assert_eq!(message(bot(other)), "limit integration reached");
    let path = format!("/partner/channel/telegram/{}", bench.channels()[1]["_id"].as_str().unwrap());
    let again = bench.post(&path, json!({ "token": other }));
    assert_eq!(message(again), "Akun tidak sama, pastikan akun sama dengan yang sebelumnya");
    let gone = bench.delete("/partner/channel/telegram/000000000000000000000000");
    assert_eq!(message(gone), "Channel tidak ditemukan");
    let full = "GET /partner=403*1;message=virtual machine full, please contact technical";
    let bench = Bench::with(&["--fault", full, "--fault", "GET /partner=500"]);
    assert_eq!(message(bench.get("/partner")), "Server Penuh, silahkan Hubungi Admin");
    assert_eq!(message(bench.get("/partner")), "internal server error");
}
