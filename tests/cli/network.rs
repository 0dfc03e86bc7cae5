//! What stands between the program and the API: proxies, certificates, ports that don't speak https. Real sockets and real
//! TLS, with an authority of the test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::{Home, Run, refusing_port};

const HOST: &str = "partner.example.com";

/// An authority whose certificate stands in `ca.pem` of the home.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(home: &Home) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // Two of the same name would be told apart by their signatures alone.
        params.distinguished_name.push(DnType::CommonName, home.dir.path().to_str().unwrap());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let file = home.dir.path().join("ca.pem");
        std::fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Authority { issuer: Issuer::new(params, key), file }
    }

    /// Serves an empty list of channels over TLS, under a certificate for these names. Gives its port.
    fn serve(&self, change: impl FnOnce(&mut CertificateParams), names: &[&str]) -> u16 {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        listen(move |stream| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            answer(StreamOwned::new(connection, stream));
        })
        .0
    }
}

/// Does this with each connection. Gives the port, and how many there were.
fn listen(each: impl Fn(TcpStream) + Send + Sync + 'static) -> (u16, Arc<AtomicUsize>) {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let (counted, each) = (count.clone(), Arc::new(each));
    thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let each = each.clone();
            thread::spawn(move || each(stream));
        }
    });
    (port, count)
}

fn answer(mut stream: impl Read + Write) {
    if head(&mut stream).is_some() {
        let body = r#"{"docs":[],"totalPages":0}"#;
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let _ = stream.flush();
    }
}

/// The lines up to the empty one.
fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = String::new();
    let mut reader = BufReader::with_capacity(1, stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

fn tunnel(client: TcpStream, port: u16) {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    let (mut from, mut to) = (server, client);
    let _ = std::io::copy(&mut from, &mut to);
}

/// A proxy that reaches nothing but the server at that port, whatever name it is asked for.
fn proxy(port: u16) -> u16 {
    listen(move |mut client| {
        let asked = head(&mut client).unwrap();
        assert!(asked.starts_with(&format!("CONNECT {HOST}:443 ")), "{asked}");
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        tunnel(client, port);
    })
    .0
}

/// Likewise, by SOCKS 5 (RFC 1928), which is given the name and looks it up itself.
fn socks(port: u16) -> u16 {
    listen(move |mut client| {
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).unwrap();
        client.read_exact(&mut vec![0; greeting[1].into()]).unwrap();
        client.write_all(&[5, 0]).unwrap();
        let mut request = [0; 5];
        client.read_exact(&mut request).unwrap();
        assert_eq!(request[..4], [5, 1, 0, 3], "connect to a name");
        let mut name = vec![0; request[4].into()];
        client.read_exact(&mut name).unwrap();
        assert_eq!(name, HOST.as_bytes());
        client.read_exact(&mut [0; 2]).unwrap();
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        tunnel(client, port);
    })
    .0
}

/// `whoami` at that API, with these variables.
fn whoami(home: &Home, api_url: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = home.against(api_url, &["whoami"]);
    command.envs(variables.iter().copied());
    Run::of(command)
}

fn example() -> String {
    format!("https://{HOST}/partner")
}

#[test]
fn https_on_this_machine_reads_the_certificates() {
    let home = Home::new();
    let authority = Authority::new(&home);
    let port = authority.serve(|_| (), &["localhost", "127.0.0.1"]);
    let file = authority.file.to_str().unwrap();
    for host in ["localhost", "127.0.0.1"] {
        let run =
            whoami(&home, &format!("https://{host}:{port}/partner"), &[("SSL_CERT_FILE", file)]).exits(0);
        assert!(run.stdout.contains("Accepted     yes"), "{}", run.stdout);
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_named_with_its_cause_and_not_tried_again() {
    let home = Home::new();
    let authority = Authority::new(&home);
    let stranger = Authority::new(&Home::new());
    let past = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    };
    let file = authority.file.to_str().unwrap();
    for (port, cause, next) in [
        (
            stranger.serve(|_| (), &["localhost"]),
            "no authority that this computer trusts",
            "SSL_CERT_FILE is set",
        ),
        (authority.serve(past, &["localhost"]), "it has expired", "clock"),
        (authority.serve(|_| (), &["other.example.com"]), "it is for another host", "whoami"),
    ] {
        let run =
            whoami(&home, &format!("https://localhost:{port}/partner"), &[("SSL_CERT_FILE", file)]).exits(1);
        let says = format!("the certificate of localhost is not trusted: {cause}");
        assert!(run.stderr.contains(&says) && run.stderr.contains(next), "{}", run.stderr);
        assert!(!run.stderr.contains("Retrying"), "{}", run.stderr);
    }
    let port = stranger.serve(|_| (), &["localhost"]);
    let run = whoami(&home, &format!("https://localhost:{port}/partner"), &[]).exits(1);
    assert!(run.stderr.contains("SSL_CERT_FILE=ca.pem"), "{}", run.stderr);
}

#[test]
fn a_proxy_is_used_for_https_and_for_socks() {
    let home = Home::new();
    let authority = Authority::new(&home);
    let file = authority.file.to_str().unwrap();
    let server = authority.serve(|_| (), &[HOST]);
    let (plain, by_socks) = (proxy(server), socks(server));
    for (variable, address) in [
        ("HTTPS_PROXY", format!("http://127.0.0.1:{plain}")),
        ("ALL_PROXY", format!("127.0.0.1:{plain}")),
        ("ALL_PROXY", format!("socks5h://127.0.0.1:{by_socks}")),
    ] {
        let variables = [(variable, address.as_str()), ("SSL_CERT_FILE", file)];
        let run = whoami(&home, &example(), &variables).exits(0);
        assert!(run.stdout.contains("Accepted     yes"), "{variable}={address}: {}", run.stdout);
    }
}

#[test]
fn a_proxy_that_does_not_let_us_through_is_named_with_its_variable_and_not_tried_again() {
    let home = Home::new();
    let (_held, closed) = refusing_port();
    let (refusing, asked) = listen(|mut client| {
        let _ = head(&mut client);
        let _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    });
    for (variable, address, shown) in [
        (
            "HTTPS_PROXY",
            format!("http://user:hunter2-secret@127.0.0.1:{closed}"),
            format!("http://127.0.0.1:{closed}"),
        ),
        ("all_proxy", format!("socks5://127.0.0.1:{closed}"), format!("socks5://127.0.0.1:{closed}")),
        ("https_proxy", format!("http://127.0.0.1:{refusing}"), format!("http://127.0.0.1:{refusing}")),
    ] {
        let run = whoami(&home, &example(), &[(variable, &address)]).exits(1);
        let says = format!("the proxy {shown} (from {variable}) doesn't connect to {HOST}");
        assert!(run.stderr.contains(&says), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("check {variable}; NO_PROXY={HOST}")), "{}", run.stderr);
        assert!(!run.stderr.contains("Retrying"), "{}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_certificate_behind_a_proxy_names_the_proxy_too() {
    let home = Home::new();
    let proxy = proxy(Authority::new(&home).serve(|_| (), &[HOST]));
    let run = whoami(&home, &example(), &[("HTTPS_PROXY", &format!("http://127.0.0.1:{proxy}"))]).exits(1);
    assert!(run.stderr.contains(&format!("the certificate of {HOST} is not trusted")), "{}", run.stderr);
    assert!(
        run.stderr.contains(&format!("The proxy http://127.0.0.1:{proxy} (from HTTPS_PROXY)")),
        "{}",
        run.stderr
    );
}

#[test]
fn a_port_that_does_not_speak_https_is_told_and_tried_once() {
    let home = Home::new();
    // One answers at once in plain HTTP, the other reads on and on: it waits for the end of a line.
    let (plain, asked) = listen(|mut client| {
        let _ = client.read(&mut [0; 1]);
        let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        // A close with bytes unread would reset the connection before the answer is read.
        let _ = std::io::copy(&mut client, &mut std::io::sink());
    });
    let (silent, _) = listen(|mut client| drop(std::io::copy(&mut client, &mut std::io::sink())));
    for port in [plain, silent] {
        let begun = Instant::now();
        let run = whoami(&home, &format!("https://127.0.0.1:{port}/partner"), &[]).exits(1);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert!(
            run.stderr.contains("127.0.0.1 takes connections at that port but does not speak https"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_variable_that_names_no_proxy_is_named_and_nothing_is_sent_past_it() {
    let home = Home::new();
    for value in ["ftp://127.0.0.1:9", "http://", "://", "http://[::1"] {
        let run = whoami(&home, &example(), &[("HTTPS_PROXY", value)]).exits(1);
        assert!(run.stderr.contains("HTTPS_PROXY is not the URL of a proxy"), "{value}: {}", run.stderr);
        assert!(!run.stderr.contains("Retrying"), "{value}: {}", run.stderr);
    }
    let (_held, closed) = refusing_port();
    let url = format!("https://localhost:{closed}/partner");
    let run = whoami(&home, &url, &[("HTTPS_PROXY", "ftp://x"), ("NO_PROXY", "localhost")]).exits(1);
    assert!(run.stderr.contains("can't reach localhost"), "{}", run.stderr);
}

#[test]
fn what_a_proxy_answers_in_the_place_of_tls_is_the_proxys_fault() {
    let home = Home::new();
    let (garbage, _) = listen(|mut client| {
        let _ = head(&mut client);
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\nno TLS at all, but something else");
        let _ = std::io::copy(&mut client, &mut std::io::sink());
    });
    let address = format!("http://127.0.0.1:{garbage}");
    let run = whoami(&home, &example(), &[("HTTPS_PROXY", &address)]).exits(1);
    assert!(run.stderr.contains(&format!("the proxy {address} (from HTTPS_PROXY)")), "{}", run.stderr);
}
