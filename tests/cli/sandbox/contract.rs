//! A platform's contract: the OpenAPI file that its sandbox carries, and what it says of an answer.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Answer, http};

/// A description, and which of its operations were answered how.
pub struct Contract {
    document: Value,
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
        Contract { document: serde_saphyr::from_str(&answer.body).unwrap(), met: RefCell::default() }
    }

    fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    /// Panics where the answer is not as described for this operation.
    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        self.check_but(&[], method, path, answer);
    }

    /// The same, but for described headers that this server doesn't send.
    pub fn check_but(&self, headers: &[&str], method: &str, path: &str, answer: &Answer) {
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
            // These two are there at times.
            let is_always =
                !["Set-Cookie", "Retry-After"].iter().chain(headers).any(|at_times| name == at_times);
            assert!(!is_always || answer.header(name).is_some(), "{at}: no {name}");
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

    /// Panics where an operation was not asked for well and badly, but those to which that can't be done.
    pub fn is_all_met(&self, never_bad: &[&str]) {
        let met = self.met.borrow();
        for (path, operations) in self.document["paths"].as_object().unwrap() {
            for method in ["get", "post", "put", "patch", "delete"] {
                if operations[method].is_null() {
                    continue;
                }
                let key = (method.to_uppercase(), path.clone());
                let statuses = met.get(&key).unwrap_or_else(|| panic!("{key:?} was never asked for"));
                assert!(statuses.iter().any(|status| *status < 400), "{key:?}: {statuses:?}");
                let is_bad = statuses.iter().any(|status| *status >= 400);
                assert!(is_bad || never_bad.contains(&path.as_str()), "{key:?}: {statuses:?}");
            }
        }
    }

    /// Panics unless this operation was answered with every status that is described for it, but these.
    pub fn is_met(&self, method: &str, path: &str, but: &[u16]) {
        let described = &self.document["paths"][path][method.to_lowercase()]["responses"];
        let described = described.as_object().unwrap().keys().filter_map(|status| status.parse().ok());
        let met = &self.met.borrow()[&(method.to_owned(), path.to_owned())];
        let missing: Vec<u16> = described.filter(|status| !met.contains(status)).collect();
        assert_eq!(missing, but, "{method} {path} was never answered so");
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
        if !is_of_type && !(value.is_null() && schema["nullable"] == true) {
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
