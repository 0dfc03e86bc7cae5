//! A platform's contract: the OpenAPI file that its sandbox carries, the operations in it, and what it says of an answer.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::calls::{Call, Operation};
use crate::support::{Answer, http};

/// A description, and which of its operations were answered how.
pub struct Contract {
    document: Value,
    /// What stands under `servers`.
    base: String,
    met: RefCell<BTreeMap<(String, String), BTreeSet<u16>>>,
}

impl Contract {
    /// Reads the one that is served there. It is the file byte for byte, but for `servers`, which are this server alone.
    pub fn served(origin: &str, server: &str, carried: &str) -> Contract {
        let answer = http("GET", &format!("{origin}/openapi.yaml"), "", "");
        assert_eq!(answer.status, 200);
        let without_servers = |text: &str| {
            let begin = text.find("\nservers:\n").unwrap() + 1;
            let behind = text[begin..].lines().skip(1).take_while(|line| line.starts_with(' '));
            let length: usize = "servers:\n".len() + behind.map(|line| line.len() + 1).sum::<usize>();
            (text[..begin].to_owned() + &text[begin + length..], text[begin..begin + length].to_owned())
        };
        let ((served, servers), (carried, _)) = (without_servers(&answer.body), without_servers(carried));
        assert_eq!(served, carried);
        assert_eq!(servers, format!("servers:\n  - url: {server}\n"));
        Contract::read(&answer.body)
    }

    /// Reads it where it is served.
    pub fn at(url: &str) -> Contract {
        let served = http("GET", url, "", "");
        assert_eq!(served.status, 200, "{url}");
        Contract::read(&served.body)
    }

    fn read(text: &str) -> Contract {
        let document: Value = serde_saphyr::from_str(text).unwrap();
        let base = document["servers"][0]["url"].as_str().unwrap().to_owned();
        Contract { document, base, met: RefCell::default() }
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
        assert!((200..500).contains(&answer.status), "{method} {call:?} {} {}", answer.status, answer.body);
        self.hold(&method, operation.path, &answer, |header| header == "Location");
        answer
    }

    /// Panics where the answer is not as described for this operation, but for described headers that this server doesn't
    /// send.
    pub fn check_but(&self, headers: &[&str], method: &str, path: &str, answer: &Answer) {
        // These two are there at times.
        let at_times = [&["Set-Cookie", "Retry-After"], headers].concat();
        self.hold(method, path, answer, |header| !at_times.contains(&header));
    }

    fn hold(&self, method: &str, path: &str, answer: &Answer, is_needed: impl Fn(&str) -> bool) {
        let operation = &self.document["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not described");
        let key = (method.to_owned(), path.to_owned());
        self.met.borrow_mut().entry(key).or_default().insert(answer.status);
        let responses = &operation["responses"];
        let at = format!("{method} {path} {}", answer.status);
        let described = match &responses[answer.status.to_string()] {
            Value::Null if answer.status >= 400 && responses["default"].is_object() => &responses["default"],
            Value::Null => panic!("{at} is not described: {}", answer.body),
            described => described,
        };
        let described = self.follow(described);
        for (name, _) in described["headers"].as_object().into_iter().flatten() {
            assert!(!is_needed(name) || answer.header(name).is_some(), "{at}: no {name}");
        }
        let schema = &described["content"]["application/json"]["schema"];
        // What is empty is not described as anything; Done says that it may be.
        if answer.body.is_empty() {
            assert!(answer.status < 400, "{at}: an error without a word");
            return;
        }
        assert!(!schema.is_null(), "{at} has a body: {}", answer.body);
        let kind = answer.header("content-type").unwrap();
        assert!(kind.starts_with("application/json"), "{at}: {kind}");
        let body = serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{at}: {error}"));
        self.fits(&body, schema).unwrap_or_else(|why| panic!("{at}: {why}"));
    }

    /// Panics unless each status that the operations describe was answered, but for these.
    pub fn is_complete(&self, but: &[(&str, u16)]) {
        for operation in self.operations() {
            let spared = but.iter().filter(|(id, _)| *id == operation.id).map(|(_, status)| *status);
            self.is_met(&operation.method.to_uppercase(), operation.path, &spared.collect::<Vec<_>>());
        }
    }

    /// Panics unless this operation was answered with every status that is described for it, but these.
    pub fn is_met(&self, method: &str, path: &str, but: &[u16]) {
        let described = &self.document["paths"][path][method.to_lowercase()]["responses"];
        let described = described.as_object().unwrap().keys().filter_map(|status| status.parse().ok());
        let all = self.met.borrow();
        let met = all.get(&(method.to_owned(), path.to_owned()));
        let missing: BTreeSet<u16> =
            described.filter(|status| !met.is_some_and(|met| met.contains(status))).collect();
        assert_eq!(missing, but.iter().copied().collect(), "{method} {path} was never answered so");
    }

    /// The words of JSON Schema that the contracts use.
    fn fits(&self, value: &Value, schema: &Value) -> Result<(), String> {
        let schema = self.follow(schema);
        if let Some(all) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            let tried: Vec<_> = all.iter().map(|schema| self.fits(value, schema)).collect();
            if tried.iter().all(Result::is_err) {
                return Err(format!("{value} fits none: {tried:?}"));
            }
        }
        if !schema["const"].is_null() && *value != schema["const"] {
            return Err(format!("{value} is not {}", schema["const"]));
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
            return Err(format!("{value} is none of {}", schema["enum"]));
        }
        let is = |kind: &Value| match kind.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            other => panic!("a type that this check doesn't know: {other}"),
        };
        let is_of_type = match &schema["type"] {
            Value::Null => true,
            Value::Array(kinds) => kinds.iter().any(is),
            kind => is(kind),
        };
        let is_null = value.is_null() && schema["nullable"] == true;
        if !is_of_type && !is_null {
            return Err(format!("{value} is no {}", schema["type"]));
        }
        if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str()) {
            let is_right = match format {
                "uuid" => text.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
                "date-time" => text.len() >= 20 && text.ends_with('Z') && &text[10..11] == "T",
                _ => true,
            };
            if !is_right {
                return Err(format!("{value} is no {format}"));
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                return Err(format!("{name} is missing in {value}"));
            }
        }
        for (name, inner) in value.as_object().into_iter().flatten() {
            let described = match &schema["properties"][name] {
                Value::Null => &schema["additionalProperties"],
                described => described,
            };
            match described {
                Value::Bool(false) => return Err(format!("{name} is not described")),
                Value::Object(_) => {
                    self.fits(inner, described).map_err(|why| format!("{name}: {why}"))?;
                }
                _ => {}
            }
        }
        for inner in value.as_array().into_iter().flatten().filter(|_| schema["items"].is_object()) {
            self.fits(inner, &schema["items"])?;
        }
        Ok(())
    }
}
