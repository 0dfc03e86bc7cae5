//! Every answer, held against the OpenAPI description that the sandbox of that generation serves.

use serde_json::{Value, json};

use super::bench::{Bench, Reply, id};

/// The description, and the few words of JSON Schema that it uses.
struct Description(Value);

impl Description {
    fn of(bench: &Bench) -> Description {
        let served = bench.send("GET", "/openapi.yaml", "", "");
        assert_eq!(served.status, 200);
        assert!(!served.body.contains("#20") && !served.body.contains("#end"), "{}", served.body);
        Description(serde_saphyr::from_str(&served.body).unwrap())
    }

    fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    /// Panics where the reply is not as described for this operation.
    fn check(&self, path: &str, method: &str, reply: &Reply) {
        let responses = &self.0["paths"][path][method]["responses"];
        assert!(responses.is_object(), "{method} {path} is not described");
        let described = match &responses[reply.status.to_string()] {
            Value::Null if reply.status >= 400 => &responses["default"],
            Value::Null => panic!("{method} {path}: {} is not described", reply.status),
            described => described,
        };
        let at = format!("{method} {path} {}", reply.status);
        match &self.follow(described)["content"]["application/json"]["schema"] {
            Value::Null => assert_eq!(reply.body, "", "{at}"),
            schema => {
                assert_eq!(reply.header("Content-Type"), Some("application/json; charset=utf-8"));
                self.hold(&reply.json(), schema, &at);
            }
        }
    }

    fn hold(&self, value: &Value, schema: &Value, at: &str) {
        let schema = self.follow(schema);
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        let fits = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64() || value.is_u64(),
            None => true,
            Some(other) => panic!("{at}: a type that this check doesn't know: {other}"),
        };
        assert!(fits, "{at}: {value} is no {}", schema["type"]);
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(value.get(name.as_str().unwrap()).is_some(), "{at}: {name} is missing in {value}");
        }
        for (name, inner) in value.as_object().into_iter().flatten() {
            match &schema["properties"][name] {
                Value::Null => {
                    assert_ne!(schema["additionalProperties"], false, "{at}: {name} is not described")
                }
                schema => self.hold(inner, schema, &format!("{at} {name}")),
            }
        }
        for inner in value.as_array().into_iter().flatten() {
            self.hold(inner, &schema["items"], at);
        }
        if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
            assert_eq!(pattern, "^[0-9a-f]{24}$");
            assert!(
                text.len() == 24 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
                "{at}: {text}"
            );
        }
        if schema["format"] == "date-time" {
            let text = value.as_str().unwrap();
            assert!(text.len() == 24 && text.ends_with('Z') && &text[10..11] == "T", "{at}: {text}");
        }
    }
}

#[test]
fn every_answer_is_as_described() {
    let bench = Bench::new();
    let description = Description::of(&bench);
    let check = |path: &str, method: &str, reply: Reply| {
        description.check(path, method, &reply);
        reply
    };
    check(
        "/partner",
        "put",
        bench.put(json!({ "webhookUrl": "https://a.example", "webhookSecondaryUrls": [] })),
    );
    check("/partner", "put", bench.put(json!({ "x": 1 })));
    check("/partner", "get", bench.get("/partner"));
    check("/partner", "get", bench.send("GET", "/partner", "", ""));

    for kind in ["messenger", "instagram"] {
        let at = |rest: &str| format!("/partner/channel/{kind}{rest}");
        check("/partner/channel/{kind}/authorize", "get", bench.get(&at("/authorize")));
        let token = bench.token(kind, "scope=all");
        let listed =
            check("/partner/channel/{kind}/account", "get", bench.accounts(kind, &token, None)).json();
        check("/partner/channel/{kind}/account", "get", bench.accounts(kind, "wrong", None));
        let page = &listed["docs"][0]["channelId"];
        check(
            "/partner/channel/{kind}",
            "post",
            bench.post(&at(""), json!({ "channelId": page, "token": token })),
        );
        check("/partner/channel/{kind}", "post", bench.post(&at(""), json!({})));
        let channel = bench.channel_of(page.as_str().unwrap());
        let path = at(&format!("/{}", id(&channel)));
        check("/partner/channel/{kind}/{id}", "post", bench.post(&path, json!({ "token": token })));
        check("/partner/channel/{kind}/{id}", "post", bench.post(&path, json!({ "token": "wrong" })));
        check("/partner/channel/{id}", "get", bench.get(&format!("/partner/channel/{}", id(&channel))));
        check("/partner/channel/{kind}/{id}", "delete", bench.delete(&path));
        check("/partner/channel/{kind}/{id}", "delete", bench.delete(&path));
    }

    for (kind, body) in [
        ("telegram", json!({ "token": "7098765432:AAF-abcdefghijklmnopqrstuvwxyz_0123" })),
        ("whatsapp-unofficial", json!({ "name": "CS", "phone": "081234567890" })),
        ("whatsapp-official", json!({ "whatsappId": "106540352242922", "token": "any" })),
        ("webchat", json!({ "name": "Toko", "websiteUrl": "https://toko.example", "isActivePreChat": true })),
        ("linkchat", json!({ "name": "Toko", "isActivePreChat": true })),
    ] {
        let path = format!("/partner/channel/{kind}");
        check(&path, "post", bench.post(&path, json!({})));
        let created = check(&path, "post", bench.post(&path, body.clone())).json();
        let own = format!("{path}/{}", id(&created));
        let described = format!("{path}/{{id}}");
        if kind == "telegram" {
            check(&described, "post", bench.post(&own, body));
            check(&described, "post", bench.post(&own, json!({ "token": "wrong" })));
        }
        if kind.ends_with("chat") {
            let (described, own) = (format!("{described}/status"), format!("{own}/status"));
            check(&described, "post", bench.post(&own, json!({ "status": "free" })));
            check(&described, "post", bench.post(&own, json!({ "status": "gold" })));
        }
        check("/partner/channel", "get", bench.get("/partner/channel?page=1&limit=100"));
        check("/partner/channel/{id}", "get", bench.get(&format!("/partner/channel/{}", id(&created))));
        check(&described, "delete", bench.delete(&own));
        check(&described, "delete", bench.delete(&own));
    }
    let official = "/partner/channel/whatsapp-official/65b37833afe781e84afa001f";
    check("/partner/channel/whatsapp-official/{id}", "delete", bench.delete(official));
    check("/partner/channel", "get", bench.get("/partner/channel?page=1&limit=2&search=kopi"));
    check("/partner/channel", "get", bench.get("/partner/channel"));
}

#[test]
fn the_older_generation_describes_itself() {
    let bench = Bench::with(&["--generation", "2024"]);
    let description = Description::of(&bench);
    let check = |path: &str, method: &str, reply: Reply| {
        description.check(path, method, &reply);
        reply
    };
    assert!(description.0["paths"]["/partner"]["get"].is_null());
    assert_eq!(description.0["info"]["version"], "2024");
    check("/partner", "put", bench.put(json!({ "webhookChatUrl": "https://a.example" })));
    check("/partner", "put", bench.put(json!({ "webhookUrl": "https://a.example" })));
    check("/partner/channel", "get", bench.get("/partner/channel"));
    check("/partner/channel", "get", bench.get("/partner/channel?type=telegram"));
    check("/partner/channel", "get", bench.send("GET", "/partner/channel", "", ""));
    let token = bench.token("messenger", "scope=all");
    check("/partner/channel/{kind}/account", "get", bench.accounts("messenger", &token, None));
    let body = json!({ "token": "7098765432:AAF-abcdefghijklmnopqrstuvwxyz_0123" });
    let made =
        check("/partner/channel/telegram", "post", bench.post("/partner/channel/telegram", body)).json();
    check("/partner/channel/{id}", "get", bench.get(&format!("/partner/channel/{}", id(&made))));
    // What it describes is all there is.
    for (path, methods) in description.0["paths"].as_object().unwrap() {
        assert!(methods["delete"].is_null(), "{path}");
    }
    for path in ["messenger", "telegram", "webchat"] {
        let gone = bench.delete(&format!("/partner/channel/{path}/{}", id(&made)));
        assert_eq!(gone.status, 404, "{path}");
    }
    assert_eq!(bench.post("/partner/channel/whatsapp-official", json!({})).status, 404);
}

#[test]
fn the_description_names_the_server_that_serves_it() {
    let bench = Bench::new();
    let description = Description::of(&bench);
    assert_eq!(description.0["servers"], json!([{ "url": format!("http://{}", bench.host()) }]));
    let text = description.0.to_string();
    assert!(!text.contains("api.socialchat.id\"") && !text.contains("socialchat.md"), "{text}");
}

#[test]
fn numbers_and_phones_are_refused_where_the_description_refuses_them() {
    let bench = Bench::new();
    let described = Description::of(&bench);
    let most = &described.0["paths"]["/partner/channel"]["get"]["parameters"][0]["schema"]["maximum"];
    let list = |page: u64| bench.get(&format!("/partner/channel?page={page}&limit=1")).status;
    assert_eq!(*most, 1_000_000_000);
    assert_eq!([list(1_000_000_000), list(1_000_000_001)], [200, 400]);
    let phone = &described.0["paths"]["/partner/channel/whatsapp-unofficial"]["post"]["requestBody"]["content"]
        ["application/json"]["schema"]["properties"]["phone"]["pattern"];
    assert_eq!(*phone, r"^\+?[0-9]{8,15}$");
    for (phone, status) in
        [("0", 400), ("+++++++++", 400), ("0812345+6789", 400), ("+6281234567890", 201), ("08123456", 201)]
    {
        let body = json!({ "name": "a", "phone": phone });
        assert_eq!(bench.post("/partner/channel/whatsapp-unofficial", body).status, status, "{phone}");
    }
}
