//! Errors as the back end words them, and what it refuses before it looks: fields and parameters that it doesn't know.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

use crate::sandbox::error::SandboxError;
use crate::sandbox::http::{Answer, Request};

/// An answer that is an error.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    status: u16,
    message: Value,
}

impl Refusal {
    /// With one message.
    pub fn of(status: u16, message: impl Into<String>) -> Refusal {
        Refusal { status, message: Value::String(message.into()) }
    }

    /// 400, with a message for each thing that is wrong.
    pub fn invalid(messages: Vec<String>) -> Refusal {
        Refusal { status: 400, message: messages.into() }
    }

    /// 404: there is no such endpoint.
    pub fn no_route(request: &Request) -> Refusal {
        Refusal::of(404, format!("Cannot {} {}", request.method, request.path))
    }

    /// As it is sent.
    pub fn answer(&self) -> Answer {
        let error = reason(self.status);
        let body = json!({ "statusCode": self.status, "message": self.message, "error": error });
        Answer::json(self.status, &body)
    }
}

impl From<SandboxError> for Refusal {
    /// Trouble is a 500 that says what it is, for whoever runs the sandbox.
    fn from(error: SandboxError) -> Refusal {
        Refusal::of(500, format!("sandbox: {error}"))
    }
}

/// An error of this status, as the framework behind the back end words it where nothing else is said.
pub fn error(status: u16, message: Option<&str>) -> Answer {
    let usual = match status {
        429 => "ThrottlerException: Too Many Requests",
        500 => "Internal server error",
        _ => reason(status),
    };
    Refusal::of(status, message.unwrap_or(usual)).answer()
}

fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

/// Refuses parameters other than these.
pub fn only(request: &Request, known: &[&str]) -> Result<(), Refusal> {
    let unknown = request.query.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    match unknown.map(|(name, _)| unexpected(name)).collect::<Vec<_>>() {
        wrong if wrong.is_empty() => Ok(()),
        wrong => Err(Refusal::invalid(wrong)),
    }
}

fn unexpected(name: &str) -> String {
    format!("property {name} should not exist")
}

/// A JSON body, whose fields are taken out one after another; what is wrong with them is gathered.
pub struct Fields {
    fields: Map<String, Value>,
    wrong: Vec<String>,
}

impl Fields {
    /// Reads it. Anything but JSON is no body at all, as the framework has it.
    pub fn of(request: &Request) -> Result<Fields, Refusal> {
        let fields = match request.is_json() {
            true => serde_json::from_slice(&request.body)
                .map_err(|_| Refusal::of(400, "Unexpected token in JSON at position 0"))?,
            false => Map::new(),
        };
        Ok(Fields { fields, wrong: Vec::new() })
    }

    /// A required text.
    pub fn text(&mut self, name: &str) -> String {
        match self.fields.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => text,
            Some(Value::String(_)) | None => self.is_wrong(format!("{name} should not be empty")),
            Some(_) => self.is_wrong(format!("{name} must be a string")),
        }
    }

    /// A Boolean that may be missing.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.fields.remove(name) {
            None => false,
            Some(Value::Bool(value)) => value,
            Some(_) => {
                self.is_wrong(format!("{name} must be a boolean value"));
                false
            }
        }
    }

    /// The description of the device, which may be missing; the name that it gives the device.
    pub fn device(&mut self, name: &str) -> Option<String> {
        match self.fields.remove(name)? {
            Value::Object(device) => {
                for (key, value) in &device {
                    if !["device_type", "device_name", "user_agent", "ip_address"].contains(&key.as_str()) {
                        self.wrong.push(format!("{name}.{}", unexpected(key)));
                    } else if !value.is_string() {
                        self.wrong.push(format!("{name}.{key} must be a string"));
                    }
                }
                Some(device.get("device_name")?.as_str()?.to_owned())
            }
            _ => {
                self.is_wrong(format!("{name} must be an object"));
                None
            }
        }
    }

    /// Notes what is wrong with the value of a field.
    pub fn is_wrong(&mut self, why: String) -> String {
        self.wrong.push(why);
        String::new()
    }

    /// Refuses all that is wrong, and what has not been taken out.
    pub fn end(self) -> Result<(), Refusal> {
        let unexpected = self.fields.keys().map(|name| unexpected(name));
        match unexpected.chain(self.wrong).collect::<Vec<_>>() {
            wrong if wrong.is_empty() => Ok(()),
            wrong => Err(Refusal::invalid(wrong)),
        }
    }
}
