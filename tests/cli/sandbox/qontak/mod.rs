//! Qontak's sandbox, held to the contract by a client of the tests' own.

mod described;
mod limits;
mod listing;
mod page;
mod signed;
mod tokens;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;

use crate::support::{Answer, Home, Served, http};

const NEWER: &str = "/qontak/chat/v1";
const OLDER: &str = "/api/open/v1";

/// A sandbox that serves Qontak, with a client that has good credentials for its generation.
struct Qontak {
    home: Home,
    served: Served,
    is_newer: bool,
}

impl Qontak {
    fn new() -> Qontak {
        Qontak::with(&[])
    }

    fn older() -> Qontak {
        Qontak::with(&["--generation", "token"])
    }

    fn with(options: &[&str]) -> Qontak {
        Qontak::at(Home::new(), options)
    }

    fn at(home: Home, options: &[&str]) -> Qontak {
        let served = Served::start(&home, &[&["--platform", "qontak"], options].concat());
        Qontak { home, served, is_newer: !options.contains(&"token") }
    }

    /// Where it is served.
    fn origin(&self) -> &str {
        let base = if self.is_newer { NEWER } else { OLDER };
        self.served.api_url.strip_suffix(base).expect("the base of the generation")
    }

    fn send(&self, method: &str, target: &str, headers: &str, body: &str) -> Answer {
        http(method, &format!("{}{target}", self.origin()), headers, body)
    }

    /// With the credentials of the generation; the path stands below its base.
    fn ask(&self, method: &str, path: &str) -> Answer {
        let target = format!("{}{path}", if self.is_newer { NEWER } else { OLDER });
        let headers = match self.is_newer {
            true => headers(&now(), method, &target),
            false => "Authorization: Bearer sandbox-access-token\r\n".to_owned(),
        };
        self.send(method, &target, &headers, "")
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    /// All integrations, the newest first.
    #[track_caller]
    fn all(&self) -> Vec<Value> {
        let answer = self.get("/integrations?all=true");
        assert_eq!(answer.status, 200, "{}", answer.body);
        json(&answer)["data"].as_array().unwrap().clone()
    }

    /// The one whose name is this.
    #[track_caller]
    fn named(&self, name: &str) -> Value {
        let all = self.all();
        let found = all.iter().find(|own| own["settings"]["account_name"] == name);
        found.unwrap_or_else(|| panic!("{name} is not among {all:#?}")).clone()
    }

    fn post_form(&self, path: &str, form: &str) -> Answer {
        self.send("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", form)
    }

    fn post_token(&self, body: &Value) -> Answer {
        self.send("POST", "/oauth/token", "Content-Type: application/json\r\n", &body.to_string())
    }
}

/// Now, as it is signed.
fn now() -> String {
    httpdate::fmt_http_date(SystemTime::now())
}

/// So many seconds before now.
fn ago(seconds: u64) -> String {
    httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(seconds))
}

/// base64 of the HMAC, by the contract's recipe.
fn signature(secret: &str, date: &str, line: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("date: {date}\n{line}").as_bytes()))
}

/// `Date` and `Authorization` of a request that is signed as the contract says.
fn headers(date: &str, method: &str, target: &str) -> String {
    let signature = signature("sandbox-client-secret", date, &format!("{method} {target} HTTP/1.1"));
    format!(
        "Date: {date}\r\nAuthorization: hmac username=\"sandbox-client\", algorithm=\"hmac-sha256\", \
         headers=\"date request-line\", signature=\"{signature}\"\r\n"
    )
}

#[track_caller]
fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// The gateway's words, which must be all that it says.
#[track_caller]
fn gateway(answer: &Answer) -> (u16, String) {
    let body = json(answer);
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    (answer.status, body["message"].as_str().unwrap().to_owned())
}

/// The application's words.
#[track_caller]
fn application(answer: &Answer) -> (u16, String) {
    let body = json(answer);
    assert_eq!((&body["status"], &body["error"]["code"]), (&"error".into(), &answer.status.into()), "{body}");
    let messages: Vec<&str> =
        body["error"]["messages"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    (answer.status, messages.join("; "))
}

#[test]
fn the_client_of_these_tests_signs_as_the_contracts_vectors() {
    let line = "POST /v2/klikpajak/v1/efaktur/out?auto_approval=false HTTP/1.1";
    let signed = signature("YOUR_MEKARI_API_CLIENT_SECRET", "Wed, 10 Nov 2021 07:24:29 GMT", line);
    assert_eq!(signed, "6+Ah/UTmbqd+DDqlh6zYZ0HuCwVhtElYDOoucRPCaFg=");
    let line = "GET /qontak/chat/v1/integrations?target_channel=fb&limit=20&offset=1 HTTP/1.1";
    let signed = signature("demo-secret", "Fri, 11 Apr 2025 00:00:00 GMT", line);
    assert_eq!(signed, "ob6QO8PPcVhVESYmObHKgt+h4Z+KRIyr4wE5RY1KZgY=");
}
