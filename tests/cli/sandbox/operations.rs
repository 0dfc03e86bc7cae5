//! A contract's operations, called well and badly.

use serde_json::{Map, Value, json};

use super::contract::Contract;
use crate::support::{Answer, http};

/// One operation, by the words of the file.
pub struct Operation<'a> {
    pub method: String,
    pub path: &'a str,
    pub id: &'a str,
    parameters: Vec<&'a Value>,
    /// The media type of its body.
    pub body: Option<&'a str>,
}

/// One call: what is added to the server's address, header lines, and a body.
#[derive(Clone, Debug)]
pub struct Call {
    pub target: String,
    pub headers: String,
    pub body: String,
}

/// All that a contract describes.
pub fn operations(contract: &Contract) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in contract.document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let parameters = [&item["parameters"], &operation["parameters"]];
            let parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
            let content = operation["requestBody"]["content"].as_object();
            operations.push(Operation {
                method: method.to_uppercase(),
                path,
                id,
                parameters: parameters.map(|parameter| contract.follow(parameter)).collect(),
                body: content.and_then(|content| content.keys().next()).map(String::as_str),
            });
        }
    }
    operations
}

/// Makes a call, and holds the answer to what the operation describes. A server's own trouble is never right.
#[track_caller]
pub fn call(contract: &Contract, operation: &Operation<'_>, call: &Call) -> Answer {
    let server = contract.document()["servers"][0]["url"].as_str().unwrap();
    let answer = http(&operation.method, &format!("{server}{}", call.target), &call.headers, &call.body);
    assert!((200..500).contains(&answer.status), "{call:?} {} {}", answer.status, answer.body);
    contract.check(&operation.method, operation.path, &answer);
    answer
}

/// Panics unless each status that is described was answered, but for these, which must not have been.
pub fn assert_complete(contract: &Contract, but: &[(&str, u16)]) {
    for operation in operations(contract) {
        let method = operation.method.to_lowercase();
        let responses = &contract.document()["paths"][operation.path][method]["responses"];
        let met = contract.met(&operation.method, operation.path);
        for status in responses.as_object().unwrap().keys().filter_map(|status| status.parse().ok()) {
            assert_ne!(
                met.contains(&status),
                but.contains(&(operation.id, status)),
                "{} {status}",
                operation.id
            );
        }
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
        if let Some(kind) = self.body {
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
