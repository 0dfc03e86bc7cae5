//! Every answer of the 2026 generation, held against the OpenAPI description that the sandbox serves.

use serde_json::{Value, json};

use super::support::{Bench, Reply, id};

/// The description, and the few words of JSON Schema that it uses.
struct Description(Value);

impl Description {
    fn read() -> Description {
        Description(serde_saphyr::from_str(include_str!("../openapi.yaml")).unwrap())
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
    let description = Description::read();
    let check = |path: &str, method: &str, reply: Reply| {
        description.check(path, method, &reply);
        reply
    };
    let bench = Bench::new();
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
