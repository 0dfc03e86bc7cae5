//! The operations of a contract, and calls to them: good ones, and bad ones made of those.

use serde_json::{Map, Value, json};

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
