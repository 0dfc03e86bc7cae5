//! Calls that somebody writes by hand.

use serde_json::Value;

use super::client::Socialchat;
use crate::http::ApiError;
use crate::types::typed::may_be_secret;
use crate::types::{ApiPath, Method, Request, Secret};

impl Socialchat {
    /// Sends it as it is, with the account's credentials; none where the answer is empty. Sent again at most where that is
    /// harmless by the method's own meaning: GET and PUT.
    pub async fn raw(
        &self,
        method: Method,
        path: &ApiPath,
        body: Option<Value>,
    ) -> Result<Option<Value>, ApiError> {
        let request = Request::Raw(method, path.to_string());
        let segments = path.segments();
        let mut call = match method {
            Method::Get => self.http.get(&segments, request),
            Method::Put => self.http.put(&segments, request),
            Method::Post => self.http.post(&segments, request).once(),
            Method::Patch => self.http.patch(&segments, request).once(),
            Method::Delete => self.http.delete(&segments, request).once(),
        };
        for (name, value) in path.query() {
            call = match may_be_secret(value) {
                true => call.secret_query(name, &Secret::new(value)),
                false => call.query(name, value),
            };
        }
        if let Some(body) = body {
            call = call.foreign_body(body);
        }
        call.value().await
    }
}
