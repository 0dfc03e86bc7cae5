//! JSON bodies, held to what the OpenAPI description says of them.

use serde_json::{Map, Value};

use super::http::Request;
use super::refusal::Refusal;

/// A body that is a JSON object; its fields are taken out one after another.
pub struct Body(Map<String, Value>);

impl Body {
    /// Reads it. Anything but a JSON object sent as `application/json` is 400.
    pub fn of(request: &Request) -> Result<Body, Refusal> {
        if !request.is_json() {
            return Err(Refusal::invalid(
                "content-type",
                "must be application/json",
                "harus application/json",
            ));
        }
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Ok(Body(fields)),
            _ => Err(Refusal::invalid("body", "must be a JSON object", "harus berupa objek JSON")),
        }
    }

    /// A required text, not empty.
    pub fn text(&mut self, name: &str) -> Result<String, Refusal> {
        match self.0.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(Value::String(_)) => {
                Err(Refusal::invalid(name, "should not be empty", "tidak boleh kosong"))
            }
            Some(_) => Err(Refusal::invalid(name, "must be a string", "harus berupa teks")),
            None => Err(Refusal::invalid(name, "is required", "wajib diisi")),
        }
    }

    /// A Boolean that may be missing.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.0.remove(name) {
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(_) => Err(Refusal::invalid(name, "must be a boolean", "harus berupa boolean")),
            None => Ok(None),
        }
    }

    /// A required Boolean.
    pub fn required_flag(&mut self, name: &str) -> Result<bool, Refusal> {
        self.flag(name)?.ok_or_else(|| Refusal::invalid(name, "is required", "wajib diisi"))
    }

    /// Refuses what has not been taken out: the description allows no further fields.
    pub fn end(self) -> Result<(), Refusal> {
        match self.0.keys().next() {
            Some(name) => Err(Refusal::invalid(name, "should not exist", "tidak dikenal")),
            None => Ok(()),
        }
    }
}
