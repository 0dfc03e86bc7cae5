//! Too much for a server: what abuse of their ports costs `sandbox serve` and the listener of a sign-in, and that both
//! still serve afterwards.

use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::partner::{Partner, TOKEN, World};
use crate::support::{Home, PROGRAM, Served, Waiting, http};

/// Clients at once, where each has something to send.
const CLIENTS: usize = 20;
/// What one of them sends at most, which is more than a server may keep of all of them.
const MOST: usize = 64 << 20;
/// What a server may grow by, in kilobytes, debug build.
const GROWTH: u64 = 48 << 10;

/// The most memory that a process has had, in kilobytes.
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Does the same to both servers. `abuse` is given the host.
fn both_stay_bounded(abuse: impl Fn(&str)) {
    let home = Home::new();
    let sandbox = Served::start(&home, &[]);
    let host = sandbox.api_url.strip_prefix("http://").unwrap().trim_end_matches("/partner");
    let before = peak_memory(sandbox.pid());
    abuse(host);
    let grown = peak_memory(sandbox.pid()) - before;
    assert!(grown < GROWTH, "the sandbox grew by {grown} kB");
    let begun = Instant::now();
    assert_eq!(sandbox.api("GET", "/partner", "").0, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());

    let (home, partner) = (Home::new(), Partner::start(World::new()));
    let waiting =
        Waiting::start(home.against(partner.url(), &["authorize", "messenger", "--yes", "--no-browser"]));
    let callback = partner.callback("messenger");
    let host = callback.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let before = peak_memory(waiting.child.id());
    abuse(host);
    let grown = peak_memory(waiting.child.id()) - before;
    assert!(grown < GROWTH, "the listener grew by {grown} kB");
    let begun = Instant::now();
    assert_eq!(http("GET", &format!("{callback}?token={TOKEN}"), "", "").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(waiting.end().exits(0).stdout, format!("{TOKEN}\n"));
}

/// Clients that send this, and then that again and again until they are cut off.
fn send_without_end(clients: usize, host: &str, begin: &str, go_on: &[u8]) {
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(host).unwrap();
                stream.write_all(begin.as_bytes()).unwrap();
                let mut sent = 0;
                while stream.write_all(go_on).is_ok() {
                    sent += go_on.len();
                    assert!(sent < MOST, "nobody cuts it off");
                }
            });
        }
    });
}

#[test]
fn an_endless_header_is_cut_off() {
    both_stay_bounded(|host| send_without_end(CLIENTS, host, "GET / HTTP/1.1\r\nX: ", &[b'x'; 16 << 10]));
}

#[test]
fn endless_headers_are_cut_off() {
    let line = format!("X: {}\r\n", "x".repeat(1000)).repeat(16);
    both_stay_bounded(|host| send_without_end(CLIENTS, host, "GET / HTTP/1.1\r\n", line.as_bytes()));
}

#[test]
fn a_body_without_end_is_cut_off() {
    let begin = format!("PUT /partner HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000)).repeat(4);
    both_stay_bounded(|host| send_without_end(CLIENTS, host, &begin.replace(HOST, host), chunk.as_bytes()));
    // Pieces of one byte must not cost more than they hold. One client, since it takes the processor's time.
    both_stay_bounded(|host| {
        send_without_end(1, host, &begin.replace(HOST, host), &b"1\r\nx\r\n".repeat(2000))
    });
}

/// What stands for the host.
const HOST: &str = "{host}";

#[test]
fn a_thousand_idle_connections_keep_nobody_out() {
    let (limit, wanted) = (getrlimit(Resource::Nofile), 2500);
    let enough = limit.current.is_none_or(|current| current >= wanted);
    if !enough {
        setrlimit(Resource::Nofile, rustix::process::Rlimit { current: Some(wanted), ..limit }).unwrap();
    }
    both_stay_bounded(|host| {
        let idle: Vec<TcpStream> = (0..1000).map(|_| TcpStream::connect(host).unwrap()).collect();
        // While they stay, somebody else is answered.
        assert_ne!(http("GET", &format!("http://{host}/"), "", "").status, 0);
        drop(idle);
    });
}

#[test]
fn a_slow_reader_is_not_waited_for_in_memory() {
    both_stay_bounded(|host| {
        let request = format!("GET /openapi.yaml HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let mut readers: Vec<TcpStream> = (0..CLIENTS).map(|_| TcpStream::connect(host).unwrap()).collect();
        for reader in &mut readers {
            reader.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
            // As many requests as are taken, without ever reading an answer.
            let many = request.repeat(1000);
            let mut sent = 0;
            let end = loop {
                match reader.write(many.as_bytes()) {
                    Ok(count) => sent += count,
                    Err(error) => break error,
                }
                assert!(sent < MOST, "answers that nobody reads are kept without end");
            };
            let is_held_up = matches!(end.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
            assert!(
                is_held_up || matches!(end.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
                "{end}"
            );
        }
    });
}

#[test]
fn without_free_descriptors_the_sandbox_goes_on() {
    let home = Home::new();
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"ulimit -n 40 && exec "$0" sandbox serve"#, PROGRAM])
        .env_clear()
        .stdin(Stdio::null());
    for (name, value) in home.command(&[]).get_envs() {
        command.envs(value.map(|value| (name, value)));
    }
    let sandbox = Served::by(command);
    let host = sandbox.api_url.strip_prefix("http://").unwrap().trim_end_matches("/partner");
    // More than it has descriptors for, each with a request begun.
    let crowd: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(host).unwrap()).collect();
    for mut stream in &crowd {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n");
    }
    assert_eq!(http("GET", &format!("http://{host}/openapi.yaml"), "", "").status, 200);
    drop(crowd);
    assert_eq!(sandbox.api("GET", "/partner", "").0, 200);
}
