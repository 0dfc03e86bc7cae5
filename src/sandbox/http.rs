//! A request as the routes see it, and their answers.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;
use url::Url;

use crate::types;

/// One request, read completely.
pub struct Request {
    pub method: String,
    /// Percent-decoded segments: `/partner/channel/` is `["partner", "channel"]`.
    pub segments: Vec<String>,
    /// The path as it came, without the query: for logs and faults.
    pub path: String,
    pub query: Vec<(String, String)>,
    /// Path and query as they came.
    pub target: String,
    /// All of them as they came, with names in lower case.
    pub headers: Vec<(String, String)>,
    pub authorization: Option<String>,
    pub content_type: Option<String>,
    pub host: Option<String>,
    pub body: Vec<u8>,
}

impl Request {
    /// Splits the target of a request line. `None` where it is no path (`*`, `http://...`).
    pub fn new(method: &str, target: &str, headers: &HeaderMap, body: Vec<u8>) -> Option<Request> {
        let header = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if !path.starts_with('/') {
            return None;
        }
        Some(Request {
            method: method.to_owned(),
            segments: path.split('/').filter(|part| !part.is_empty()).map(decode_segment).collect(),
            path: path.to_owned(),
            query: pairs(query.as_bytes()),
            target: target.to_owned(),
            headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            authorization: header(AUTHORIZATION),
            content_type: header(CONTENT_TYPE),
            host: header(HOST),
            body,
        })
    }

    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body says that it is JSON.
    pub fn is_json(&self) -> bool {
        let kind = self.content_type.as_deref().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it asks for a name of this machine. Any port will do, since one may be forwarded; any name would let a
    /// foreign page read ours by having its name resolved to this machine.
    pub fn is_from_here(&self) -> bool {
        let url = self.host.as_ref().and_then(|host| Url::parse(&format!("http://{host}/")).ok());
        url.is_some_and(|url| types::is_loopback(&url))
    }

    /// The body as the fields of a form.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// Percent-escapes only: in a path, `+` and `&` are themselves.
fn decode_segment(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B").replace('&', "%26");
    pairs(format!("={escaped}").as_bytes()).into_iter().next().map(|(_, value)| value).unwrap_or_default()
}

/// What is sent back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A status and nothing else: what connect, reconnect and delete answer.
    pub fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A JSON document.
    pub fn json(status: u16, value: &Value) -> Answer {
        Answer::typed(status, "application/json; charset=utf-8", value.to_string())
    }

    /// Text of any kind.
    pub fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        Answer::empty(status).with("Content-Type", content_type).with_body(body)
    }

    /// The same with one header more. The value must hold no line breaks.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    fn with_body(mut self, body: impl Into<Vec<u8>>) -> Answer {
        self.body = body.into();
        self
    }

    /// As the server takes it. What can't be sent is a fault of ours: 500.
    pub fn into_response(self) -> Response<Full<Bytes>> {
        let builder = Response::builder().status(self.status);
        let builder =
            self.headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
        builder.body(Full::from(self.body)).unwrap_or_else(|_| {
            let mut broken = Response::default();
            *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            broken
        })
    }

    /// As bytes, for whoever sends a part of them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", self.body.len());
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_split_and_decoded_once() {
        let request = |method, target| Request::new(method, target, &HeaderMap::new(), Vec::new());
        assert!(request("OPTIONS", "*").is_none());
        assert_eq!(request("GET", "/a&b=c").unwrap().segments, ["a&b=c"]);
        let request = request("GET", "/partner/channel/%61b+c/?token=a%2Bb+c%253D&x=1&x=2").unwrap();
        assert_eq!(request.segments, ["partner", "channel", "ab+c"]);
        assert_eq!(request.path, "/partner/channel/%61b+c/");
        assert_eq!(request.param("token"), Some("a+b c%3D"));
        assert_eq!(request.param("x"), Some("1"));
        assert_eq!(request.target, "/partner/channel/%61b+c/?token=a%2Bb+c%253D&x=1&x=2");
    }

    #[test]
    fn only_names_of_this_machine_are_served() {
        let asking = |host: Option<&str>| {
            let mut headers = HeaderMap::new();
            host.map(|host| headers.insert(HOST, host.parse().unwrap()));
            let request = Request::new("GET", "/", &headers, Vec::new()).unwrap();
            assert_eq!(request.header("host"), host);
            request.is_from_here()
        };
        for good in ["127.0.0.1:80", "localhost", "LOCALHOST:1", "[::1]:9"] {
            assert!(asking(Some(good)), "{good}");
        }
        for bad in
            ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "", "a b"]
        {
            assert!(!asking(Some(bad)), "{bad}");
        }
        assert!(!asking(None));
    }
}
