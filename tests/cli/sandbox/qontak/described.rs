//! Every answer, held against the contract's OpenAPI file that the sandbox carries.

use serde_json::{Value, json};

use super::{NEWER, OLDER, Qontak, headers, json, now};
use crate::support::Answer;

const CARRIED: &str = include_str!("../../../../src/sandbox/qontak/openapi.yaml");

/// The file, and the words of JSON Schema that it uses.
struct Description {
    document: Value,
    /// Which operations were seen with which statuses.
    seen: std::cell::RefCell<std::collections::BTreeSet<(String, u16)>>,
}

impl Description {
    fn of(qontak: &Qontak) -> Description {
        let served = qontak.send("GET", "/openapi.yaml", "", "");
        assert_eq!(served.status, 200);
        Description { document: serde_saphyr::from_str(&served.body).unwrap(), seen: Default::default() }
    }

    fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    /// Panics where the answer is not as described for this operation.
    #[track_caller]
    fn check(&self, operation: &str, answer: &Answer) {
        let (method, path) = operation.split_once(' ').unwrap();
        let responses = &self.document["paths"][path][method.to_lowercase()]["responses"];
        assert!(responses.is_object(), "{operation} is not described");
        let described = match &responses[answer.status.to_string()] {
            Value::Null if answer.status >= 400 => &responses["default"],
            Value::Null => panic!("{operation}: {} is not described: {}", answer.status, answer.body),
            described => described,
        };
        let at = format!("{operation} {}", answer.status);
        let described = self.follow(described);
        assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"), "{at}");
        let schema = &described["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{at}");
        self.hold(&json(answer), schema, &at).unwrap_or_else(|wrong| panic!("{wrong}"));
        self.seen.borrow_mut().insert((operation.to_owned(), answer.status));
    }

    fn hold(&self, value: &Value, schema: &Value, at: &str) -> Result<(), String> {
        let schema = self.follow(schema);
        if let Some(any) = schema["anyOf"].as_array() {
            let wrong: Vec<String> =
                any.iter().map_while(|schema| self.hold(value, schema, at).err()).collect();
            return if wrong.len() < any.len() { Ok(()) } else { Err(wrong.join(" and ")) };
        }
        let fits = |name: &Value| match name.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "null" => value.is_null(),
            other => panic!("{at}: a type that this check doesn't know: {other}"),
        };
        let is_right = match &schema["type"] {
            Value::Null => true,
            Value::Array(types) => types.iter().any(fits),
            name => fits(name),
        };
        if !is_right {
            return Err(format!("{at}: {value} is no {}", schema["type"]));
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if value.get(name.as_str().unwrap()).is_none() {
                return Err(format!("{at}: {name} is missing in {value}"));
            }
        }
        for (name, inner) in value.as_object().into_iter().flatten() {
            if !schema["properties"][name].is_null() {
                self.hold(inner, &schema["properties"][name], &format!("{at} {name}"))?;
            }
        }
        for inner in value.as_array().into_iter().flatten() {
            self.hold(inner, &schema["items"], at)?;
        }
        let Some(text) = value.as_str() else { return Ok(()) };
        let is_right = match schema["format"].as_str() {
            None => true,
            Some("uuid") => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
            Some("date-time") => text.len() == 24 && text.ends_with('Z') && &text[10..11] == "T",
            Some(other) => panic!("{at}: a format that this check doesn't know: {other}"),
        };
        if is_right { Ok(()) } else { Err(format!("{at}: {text} is no {}", schema["format"])) }
    }

    /// Panics unless every status that is described for these operations was seen.
    fn is_complete(&self, operations: &[&str], but: &[u16]) {
        for operation in operations {
            let (method, path) = operation.split_once(' ').unwrap();
            let responses =
                self.document["paths"][path][method.to_lowercase()]["responses"].as_object().unwrap();
            for status in responses.keys().filter_map(|status| status.parse().ok()) {
                let is_seen = self.seen.borrow().contains(&((*operation).to_owned(), status));
                assert!(is_seen || but.contains(&status), "{operation} was never answered with {status}");
            }
        }
    }
}

const LIST: &str = "GET /integrations";
const SHOW: &str = "GET /integrations/{id}";
const TOKEN: &str = "POST /oauth/token";

/// Calls both of the generation well and badly.
fn check_integrations(qontak: &Qontak, description: &Description) {
    let base = if qontak.is_newer { NEWER } else { OLDER };
    for query in ["", "?all=true", "?target_channel=fb&limit=2&offset=2", "?limit=0", "?order_by=x", "?x=y"] {
        description.check(LIST, &qontak.get(&format!("/integrations{query}")));
    }
    description.check(LIST, &qontak.send("GET", &format!("{base}/integrations"), "", ""));
    description.check(LIST, &qontak.ask("DELETE", "/integrations"));
    for own in qontak.all() {
        description.check(SHOW, &qontak.get(&format!("/integrations/{}", own["id"].as_str().unwrap())));
    }
    let nowhere = "/integrations/3b241101-e2bb-4255-8caf-4136c566a962";
    description.check(SHOW, &qontak.get(nowhere));
    description.check(SHOW, &qontak.ask("DELETE", nowhere));
    let target = format!("{base}{nowhere}");
    description.check(SHOW, &qontak.send("GET", &target, &headers(&super::ago(900), "GET", &target), ""));
    description.check(SHOW, &qontak.send("GET", &target, &headers(&now(), "GET", "/"), ""));
}

#[test]
fn every_answer_is_as_the_contract_describes() {
    for generation in ["hmac", "token"] {
        let qontak = Qontak::with(&["--generation", generation, "--fault", "GET /forbidden=403"]);
        let description = Description::of(&qontak);
        check_integrations(&qontak, &description);
        // Nobody is forbidden anything here, but on order.
        let forbidden = qontak.send("GET", "/forbidden", "", "");
        description.check(LIST, &forbidden);
        description.check(SHOW, &forbidden);
        let busy = Qontak::with(&["--generation", generation, "--throttle"]);
        let answers: Vec<Answer> = (0..60).map(|_| busy.get("/integrations?limit=1")).collect();
        let refused = answers.iter().find(|answer| answer.status == 429).expect("more than ten a second");
        description.check(LIST, refused);
        description.check(SHOW, refused);
        description.is_complete(&[LIST, SHOW], &[]);
    }
}

#[test]
fn the_token_endpoint_answers_as_the_contract_describes() {
    let qontak = Qontak::with(&["--generation", "token", "--fault", "POST /oauth/token=429@every 7"]);
    let description = Description::of(&qontak);
    let mut password =
        json!({ "grant_type": "password", "username": "demo@example.com", "password": "sandbox-password" });
    description.check(TOKEN, &qontak.post_token(&password));
    (password["client_id"], password["client_secret"]) = (json!("sandbox-client"), json!("wrong"));
    description.check(TOKEN, &qontak.post_token(&password));
    password["client_secret"] = json!("sandbox-client-secret");
    description.check(TOKEN, &qontak.post_token(&password));
    password["password"] = json!("wrong");
    description.check(TOKEN, &qontak.post_token(&password));
    description.check(TOKEN, &qontak.post_form("/oauth/token", "grant_type=password"));
    for _ in 0..2 {
        description.check(TOKEN, &qontak.post_token(&json!({ "grant_type": "x" })));
    }
    // 201 is what some servers may answer; this one answers 200.
    description.is_complete(&[TOKEN], &[201]);
}

#[test]
fn the_file_is_served_as_it_is_carried_but_for_its_servers() {
    for (qontak, base) in [(Qontak::new(), NEWER), (Qontak::older(), OLDER)] {
        let served = qontak.send("GET", "/openapi.yaml", "", "").body;
        let (start, rest) = CARRIED.split_once("servers:\n").unwrap();
        let (_, end) = rest.split_once("\nsecurity:\n").unwrap();
        // Where the older generation's tokens are asked for.
        let end = end.replace("https://service-chat.qontak.com\n", &format!("{}\n", qontak.origin()));
        let expected = format!("{start}servers:\n  - url: {}{base}\nsecurity:\n{end}", qontak.origin());
        assert_eq!(served, expected);
        assert!(!served.contains("qontak.com") && !served.contains("mekari.com"), "{served}");
    }
}
