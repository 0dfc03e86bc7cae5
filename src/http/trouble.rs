//! Why no connection came about: a proxy, a certificate, or a port that doesn't speak https. None of these passes by itself.

use std::error::Error;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use rustls::CertificateError;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::client::cause_of;
use super::error::{Distrust, Proxy, Reason};

/// A port that takes connections does so within this.
const PROBE: Duration = Duration::from_secs(2);

/// What a request to `base` came to that got no answer.
pub(super) async fn reason(base: &Url, proxy: Option<Box<Proxy>>, error: &reqwest::Error) -> Reason {
    let host = base.host_str().unwrap_or("the API").to_owned();
    let cause = cause_of(error);
    if !error.is_connect() {
        return Reason::Unanswered { host, cause };
    }
    match tls(error) {
        Some(rustls::Error::InvalidCertificate(problem)) => {
            return Reason::Certificate { host, problem: distrust(problem), proxy };
        }
        // Behind a proxy, what came may be the proxy's own.
        Some(rustls::Error::InvalidMessage(_)) if proxy.is_none() => return Reason::NotHttps { host },
        _ => {}
    }
    if let Some(proxy) = proxy {
        return Reason::Proxy { host, proxy, cause };
    }
    if error.is_timeout() && base.scheme() == "https" && takes_connections(base).await {
        return Reason::NotHttps { host };
    }
    Reason::Unreachable { host, cause }
}

/// The proxy through which the environment, or the system, sends requests to `base`.
pub(super) fn proxy_to(base: &Url) -> Option<Box<Proxy>> {
    let found = Matcher::from_system().intercept(&base.as_str().parse().ok()?)?;
    let uri = found.uri();
    // Not the whole address: it may hold a password.
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let address = format!("{}://{}{port}", uri.scheme_str().unwrap_or("http"), uri.host()?);
    let variable = variables(base).into_iter().find(|name| set(name).is_some());
    Some(Box::new(Proxy { address, variable }))
}

/// The variable that names a proxy which can't be one, where a request to `base` would go through it.
pub(super) fn unusable_proxy(base: &Url) -> Option<&'static str> {
    let uri = base.as_str().parse().ok()?;
    let names = variables(base);
    let (name, value) = names.into_iter().find_map(|name| Some((name, set(name)?)))?;
    let no = set("NO_PROXY").or_else(|| set("no_proxy")).unwrap_or_default();
    // Where any proxy would be passed by, a wrong one does no harm.
    let would = Matcher::builder().all("http://127.0.0.1").no(no).build().intercept(&uri).is_some();
    let usable = Matcher::builder().all(value).build().intercept(&uri).is_some_and(|proxy| {
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        matches!(scheme, "http" | "https") || scheme.starts_with("socks")
    });
    (would && !usable).then_some(name)
}

/// The variables that may name the proxy to `base`, in their order.
fn variables(base: &Url) -> [&'static str; 4] {
    match base.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    }
}

/// A variable that is not empty.
fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What the TLS library says, if it was it that failed.
fn tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        // What an `io::Error` wraps is no source of it.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(tls) = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref()) {
            return Some(tls);
        }
        cause = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn distrust(problem: &CertificateError) -> Distrust {
    match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Distrust::NotYetValid,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Distrust::OtherName
        }
        CertificateError::Revoked => Distrust::Revoked,
        CertificateError::UnknownIssuer => Distrust::UnknownIssuer,
        // webpki's word for a certificate that is its own authority.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => Distrust::SelfSigned,
        other => Distrust::Other(other.to_string()),
    }
}

/// Whether somebody listens there: then it was TLS that nobody answered.
async fn takes_connections(base: &Url) -> bool {
    let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else { return false };
    let host = host.trim_matches(['[', ']']);
    timeout(PROBE, TcpStream::connect((host, port))).await.is_ok_and(|connected| connected.is_ok())
}
