//! A callback over TLS: its certificate has to be one that Meta would trust.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::graph::Graph;
use crate::subscribe::piped;

/// An endpoint that answers every handshake, under a certificate that nobody but itself has signed. Gives its address and
/// that certificate.
fn self_signed() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/hook", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = BufReader::with_capacity(1, StreamOwned::new(connection, stream));
            let mut line = String::new();
            if stream.read_line(&mut line).is_err() {
                continue;
            }
            let query = line.split(['?', ' ']).nth(2).unwrap_or_default();
            let challenge = crate::graph::params(query).remove("hub.challenge").unwrap_or_default();
            while stream.read_line(&mut line).is_ok() && !line.ends_with("\r\n\r\n") {}
            let length = challenge.len();
            let _ = write!(
                stream.get_mut(),
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{challenge}"
            );
        }
    });
    (url, certificate.pem())
}

#[test]
fn a_certificate_that_nobody_trusts_is_told_and_nothing_is_set() {
    let graph = Graph::start();
    let (url, pem) = self_signed();
    let arguments =
        ["--json", "meta", "subscribe", "--dry-run", "--callback-url", &url, "--verify-token-stdin"];
    let error = piped(graph.command(&graph.home, &arguments)).exits(1).error();
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("{url} fails Meta's handshake: the certificate of")), "{message}");
    assert!(graph.changes().is_empty());

    // It is the certificate and nothing else: trusted, the same endpoint will do.
    let file = graph.home.dir.path().join("trusted.pem");
    std::fs::write(&file, pem).unwrap();
    let mut command = graph.command(&graph.home, &arguments);
    command.env("SSL_CERT_FILE", file);
    let run = piped(command).exits(0);
    assert_eq!(run.json()["app"]["action"], "would-subscribe");
}
