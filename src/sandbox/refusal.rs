//! The errors that the API answers: each with its status, its English original and its Indonesian text.

use serde_json::json;

use super::error::SandboxError;
use super::http::Answer;

/// An answer that is an error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    original: String,
    message: String,
    allow: Option<&'static str>,
}

/// The documented ones in the vendor's own words, which are English for some; then three that gateways answer.
const KNOWN: [(u16, &str, &str); 15] = [
    (401, "invalid app id or secret key", "AppID atau SecretKey tidak valid"),
    (403, "Unauthorized", "Autentikasi tidak sah, silahkan login"),
    (403, "invalid body request", "invalid body request"),
    (403, "invalid token callback", "invalid token callback"),
    (402, "limit integration reached", "limit integration reached"),
    (402, "limit change to premium reached", "limit change to premium reached"),
    (403, "channel already connected with another account", "channel already connected with another account"),
    (403, "channel not found", "Channel tidak ditemukan"),
    (403, "invalid token", "Token tidak valid, silahkan cek kembali"),
    (403, "account not same", "Akun tidak sama, pastikan akun sama dengan yang sebelumnya"),
    (403, "virtual machine full, please contact technical", "Server Penuh, silahkan Hubungi Admin"),
    (500, "internal server error", "internal server error"),
    (429, "too many requests", "Terlalu banyak permintaan, silahkan coba beberapa saat lagi"),
    (413, "request entity too large", "Permintaan terlalu besar"),
    (503, "service unavailable", "Layanan sedang tidak tersedia"),
];

impl Refusal {
    /// A documented error, by its English text. Others are sent as they are, in both languages.
    pub fn of(status: u16, original: &str) -> Refusal {
        let known = KNOWN.iter().find(|(_, known, _)| *known == original);
        let message = known.map_or(original, |(_, _, message)| message).to_owned();
        Refusal { status, original: original.to_owned(), message, allow: None }
    }

    /// What a status means when nothing else is said: for faults on order.
    pub fn by_status(status: u16) -> Refusal {
        match KNOWN.iter().find(|(known, _, _)| *known == status) {
            Some((_, original, _)) => Refusal::of(status, original),
            None => Refusal::of(status, "fault on order"),
        }
    }

    /// What a status means, or what is said instead.
    pub fn said(status: u16, original: Option<&str>) -> Refusal {
        original.map_or_else(|| Refusal::by_status(status), |original| Refusal::of(status, original))
    }

    /// 400: a request that is not as documented. `field` and what is wrong with it.
    pub fn invalid(field: &str, original: &str, message: &str) -> Refusal {
        Refusal {
            status: 400,
            original: format!("{field} {original}"),
            message: format!("{field} {message}"),
            allow: None,
        }
    }

    /// 404: there is no such endpoint.
    pub fn no_route(method: &str, path: &str) -> Refusal {
        let original = format!("Cannot {method} {path}");
        Refusal { status: 404, original, message: "Alamat tidak ditemukan".to_owned(), allow: None }
    }

    /// 405: the endpoint exists, the method doesn't.
    pub fn method(allow: &'static str) -> Refusal {
        let (original, message) = ("method not allowed".to_owned(), "Metode tidak diizinkan".to_owned());
        Refusal { status: 405, original, message, allow: Some(allow) }
    }

    /// As it is sent.
    pub fn answer(&self) -> Answer {
        let body = json!({
            "statusCode": self.status,
            "message": self.message,
            "originalMessage": self.original,
        });
        let answer = Answer::json(self.status, &body);
        match self.allow {
            Some(methods) => answer.with("Allow", methods),
            None => answer,
        }
    }
}

/// Why a request was not done: the API refuses it, or the sandbox itself is in trouble.
pub enum Stop {
    Refused(Refusal),
    Broken(SandboxError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<SandboxError> for Stop {
    fn from(error: SandboxError) -> Stop {
        Stop::Broken(error)
    }
}

impl Stop {
    /// As it is sent: trouble is a 500 that says what it is, for whoever runs the sandbox.
    pub fn answer(&self) -> Answer {
        match self {
            Stop::Refused(refusal) => refusal.answer(),
            Stop::Broken(error) => Refusal::of(500, &format!("sandbox: {error}")).answer(),
        }
    }
}
