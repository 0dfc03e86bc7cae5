//! One call, however it was written: the token in a header or a parameter, parameters in the query, a form or JSON.

use ring::hmac;
use serde_json::Value;

use super::refusal::Refusal;
use super::token::{Owner, Token};
use super::world::{APP_SECRET, World};
use crate::sandbox::http::Request;

/// A call that has been read.
pub struct Call {
    /// What is done; a POST may say that it is a GET or DELETE.
    pub method: String,
    params: Vec<(String, String)>,
    token: Option<String>,
}

impl Call {
    /// Reads it. 100 where the body is no form and no JSON object.
    pub fn of(request: &Request) -> Result<Call, Refusal> {
        let mut params = request.query.clone();
        if !request.body.is_empty() {
            params.extend(if request.is_json() { json_fields(&request.body)? } else { request.form() });
        }
        let mut call = Call { method: request.method.clone(), params, token: None };
        if let (true, Some(method @ ("GET" | "DELETE"))) = (call.method == "POST", call.param("method")) {
            call.method = method.to_owned();
        }
        let header = request.authorization.as_deref().and_then(|value| value.split_once(' '));
        let header = header.filter(|(word, _)| ["bearer", "oauth"].contains(&&*word.to_ascii_lowercase()));
        let token = call.param("access_token").or(header.map(|(_, token)| token)).map(str::trim);
        call.token = token.filter(|token| !token.is_empty()).map(str::to_owned);
        Ok(call)
    }

    /// Whether it reads.
    pub fn is_get(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// A parameter that is there and not empty.
    pub fn param(&self, name: &str) -> Option<&str> {
        let value = self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// A compulsory one. 100 without it.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.param(name).ok_or_else(|| Refusal::missing(name))
    }

    /// A list: joined by commas, or a JSON array. Empty where it is missing.
    pub fn list(&self, name: &str) -> Vec<String> {
        let text = self.param(name).unwrap_or_default();
        serde_json::from_str(text).unwrap_or_else(|_| {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        })
    }

    /// The token as it was given.
    pub fn token_text(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Whose call it is. 104 without a token, 190 with one that doesn't work, 100 with a wrong proof, or without one where
    /// the app demands it. An app's own token holds the secret and needs none.
    pub fn caller(&self, world: &World) -> Result<Token, Refusal> {
        let text = self.token.as_deref();
        let text =
            text.ok_or_else(|| Refusal::new(104, "An access token is required to request this resource."))?;
        let token = Token::working(world, text)?;
        match self.param("appsecret_proof") {
            Some(proof) if proof != proof_of(text) => {
                Err(Refusal::proof("Invalid appsecret_proof provided in the API argument"))
            }
            None if world.requires_proof && token.owner != Owner::App => {
                Err(Refusal::proof("API calls from the server require an appsecret_proof argument"))
            }
            _ => Ok(token),
        }
    }
}

/// Text stands as it is; everything else as the JSON that it is.
fn json_fields(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect()),
        _ => Err(Refusal::parameter("The body must be a JSON object")),
    }
}

/// What proves that whoever uses a token knows the app's secret.
pub(super) fn proof_of(token: &str) -> String {
    hex_hmac(APP_SECRET, token)
}

fn hex_hmac(key: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};

    fn call(method: &str, target: &str, headers: &[(hyper::header::HeaderName, &str)], body: &str) -> Call {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let request = Request::new(method, target, &headers, body.as_bytes().to_vec()).unwrap();
        Call::of(&request).map_err(|error| format!("{error:?}")).unwrap()
    }

    #[test]
    fn a_proof_is_the_contracts() {
        assert_eq!(
            hex_hmac("demo-app-secret", "demo-page-token"),
            "ca014e1c2f82017b71f98ff4ffd96c868398c4491affc0b4ec8644c870a4ef59"
        );
    }

    #[test]
    fn a_call_is_read_however_it_is_written() {
        let form = (CONTENT_TYPE, "application/x-www-form-urlencoded");
        let json = (CONTENT_TYPE, "application/json; charset=utf-8");
        for call in [
            call("POST", "/", std::slice::from_ref(&form), "fields=a%2C+b&access_token=T"),
            call("POST", "/?access_token=T", &[json], r#"{"fields": ["a", "b"]}"#),
            call("POST", "/?fields=a,b", &[(AUTHORIZATION, "Bearer T")], ""),
            call("POST", "/?fields=[%22a%22,%22b%22]", &[(AUTHORIZATION, "oauth T")], ""),
        ] {
            assert_eq!((call.list("fields"), call.token_text()), (vec!["a".to_owned(), "b".to_owned()], "T"));
            assert!(!call.is_get());
        }
        assert!(call("POST", "/", &[form], "method=GET").is_get());
        assert_eq!(call("GET", "/?method=DELETE", &[], "").method, "GET", "only a POST may say so");
        assert_eq!(call("GET", "/?access_token=", &[(AUTHORIZATION, "Basic T")], "").token_text(), "");
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, "application/json".parse().unwrap())]);
        let request = Request::new("POST", "/", &headers, b"[1]".to_vec()).unwrap();
        assert_eq!(Call::of(&request).map(drop).unwrap_err().code, 100);
    }
}
