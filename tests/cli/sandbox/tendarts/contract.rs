//! A contract's OpenAPI 3.1 file as it is served: its operations, called well and badly, and its answers, held to it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::support::{Answer, http};

/// The file, where it is served, and what was answered so far.
pub struct Contract {
    document: Value,
    /// What stands under `servers`.
    pub base: String,
    seen: RefCell<BTreeSet<(String, u16)>>,
}

/// One operation, by the words of the file.
pub struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub id: &'a str,
    pub parameters: Vec<&'a Value>,
    /// The kind of its body, and the schema.
    pub body: Option<(&'a str, &'a Value)>,
}

/// One call: what is added to the base, header lines, and a body.
#[derive(Clone, Debug, Default)]
pub struct Call {
    pub target: String,
    pub headers: String,
    pub body: String,
}

impl Contract {
    /// Reads it where it is served.
    pub fn at(url: &str) -> Contract {
        let served = http("GET", url, "", "");
        assert_eq!(served.status, 200, "{url}");
        let document: Value = serde_saphyr::from_str(&served.body).unwrap();
        let base = document["servers"][0]["url"].as_str().unwrap().to_owned();
        Contract { document, base, seen: RefCell::default() }
    }

    fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    /// All that it describes.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        for (path, item) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let parameters = [&item["parameters"], &operation["parameters"]];
                let parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
                let content = operation["requestBody"]["content"].as_object();
                let body = content.and_then(|content| content.iter().next());
                operations.push(Operation {
                    method,
                    path,
                    id,
                    parameters: parameters.map(|parameter| self.follow(parameter)).collect(),
                    body: body.map(|(kind, content)| (kind.as_str(), self.follow(&content["schema"]))),
                });
            }
        }
        operations
    }

    /// Makes a call, and holds the answer to what the operation describes. A server's own trouble is never right.
    #[track_caller]
    pub fn call(&self, operation: &Operation<'_>, call: &Call) -> Answer {
        let method = operation.method.to_uppercase();
        let answer = http(&method, &format!("{}{}", self.base, call.target), &call.headers, &call.body);
        let at = format!("{method} {call:?} {} {}", answer.status, answer.body);
        assert!((200..500).contains(&answer.status), "{at}");
        self.check(operation, &answer).unwrap_or_else(|wrong| panic!("{at}\n{wrong}"));
        answer
    }

    /// What is wrong with an answer to an operation.
    pub fn check(&self, operation: &Operation<'_>, answer: &Answer) -> Result<(), String> {
        let responses = &self.document["paths"][operation.path][operation.method]["responses"];
        let described = match &responses[answer.status.to_string()] {
            Value::Null if answer.status >= 400 => &responses["default"],
            described => described,
        };
        let described = self.follow(described);
        if !described.is_object() {
            return Err(format!("{} is not described", answer.status));
        }
        self.seen.borrow_mut().insert((operation.id.to_owned(), answer.status));
        match &described["content"]["application/json"]["schema"] {
            Value::Null if answer.body.is_empty() => Ok(()),
            Value::Null => Err("it has a body".to_owned()),
            schema => {
                if answer.header("content-type") != Some("application/json; charset=utf-8") {
                    return Err(format!("it is no JSON: {}", answer.head));
                }
                let value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
                self.hold(&value, schema, "")
            }
        }
    }

    fn hold(&self, value: &Value, schema: &Value, at: &str) -> Result<(), String> {
        let schema = self.follow(schema);
        let wrong = |what: &str| Err(format!("{at}: {value} {what}"));
        if let Some(any) = schema["anyOf"].as_array() {
            let tried: Vec<_> = any.iter().map(|schema| self.hold(value, schema, at)).collect();
            if tried.iter().all(Result::is_err) {
                return wrong(&format!("is none of {tried:?}"));
            }
        }
        let types = match &schema["type"] {
            Value::Null => Vec::new(),
            Value::Array(types) => types.iter().collect(),
            one => vec![one],
        };
        if !types.is_empty() && !types.iter().any(|name| is_a(value, name.as_str().unwrap())) {
            return wrong(&format!("is no {}", schema["type"]));
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
            return wrong("is none of the enum");
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if value.get(name.as_str().unwrap()).is_none() {
                return wrong(&format!("lacks {name}"));
            }
        }
        for (name, inner) in value.as_object().into_iter().flatten() {
            let described = match &schema["properties"][name] {
                Value::Null => &schema["additionalProperties"],
                described => described,
            };
            if described.is_object() {
                self.hold(inner, described, &format!("{at}.{name}"))?;
            } else if described == false {
                return wrong(&format!("has {name}"));
            }
        }
        for inner in value.as_array().into_iter().flatten() {
            self.hold(inner, &schema["items"], &format!("{at}[]"))?;
        }
        Ok(())
    }

    /// Panics unless each status that the operations describe was answered, but for these.
    pub fn is_complete(&self, but: &[(&str, u16)]) {
        for operation in self.operations() {
            let responses = &self.document["paths"][operation.path][operation.method]["responses"];
            for status in responses.as_object().unwrap().keys().filter_map(|status| status.parse().ok()) {
                let seen = self.seen.borrow().contains(&(operation.id.to_owned(), status));
                let is_spared = but.contains(&(operation.id, status));
                assert_ne!(seen, is_spared, "{} {status}", operation.id);
            }
        }
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("a type that this check doesn't know: {other}"),
    }
}

/// Values that fit nowhere, or nearly so.
pub const ODD: [&str; 9] =
    ["", "0", "-1", "99999999999999999999", "x y", "\u{1b}[2J", "\u{202e}\u{0}", "<b>'\"&", "../../etc"];

impl Operation<'_> {
    /// Its bad calls, from a good one with this body: each field left out and of each wrong type, bodies that are none,
    /// and each parameter of the query with odd values.
    pub fn bad_calls(&self, good: &Call, body: &Value) -> Vec<Call> {
        let mut calls = Vec::new();
        if let Some((kind, _)) = self.body {
            let fields = body.as_object().unwrap();
            let odd = [
                json!(null),
                json!(7),
                json!([1]),
                json!({ "a": {} }),
                json!(true),
                json!("x".repeat(9_000)),
            ];
            for name in fields.keys() {
                let mut bodies: Vec<Map<String, Value>> = vec![fields.clone(); odd.len() + ODD.len() + 1];
                let values = odd.iter().cloned().chain(ODD.iter().map(|odd| json!(odd)));
                for (body, value) in bodies.iter_mut().zip(values) {
                    body.insert(name.clone(), value);
                }
                bodies.last_mut().unwrap().shift_remove(name);
                calls.extend(bodies.iter().map(|body| Call { body: encoded(kind, body), ..good.clone() }));
            }
            for body in ["", "{", "[]", "7", "null", "\u{0}"] {
                calls.push(Call { body: body.to_owned(), ..good.clone() });
            }
        }
        for parameter in self.parameters.iter().filter(|parameter| parameter["in"] == "query") {
            for value in ODD {
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                let query = query.append_pair(parameter["name"].as_str().unwrap(), value).finish();
                let mark = if good.target.contains('?') { '&' } else { '?' };
                calls.push(Call { target: format!("{}{mark}{query}", good.target), ..good.clone() });
            }
        }
        calls
    }
}

/// A body of that kind.
pub fn encoded(kind: &str, fields: &Map<String, Value>) -> String {
    if kind == "application/json" {
        return Value::Object(fields.clone()).to_string();
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        form.append_pair(name, value.as_str().map_or(&*value.to_string(), |text| text));
    }
    form.finish()
}
