//! The limits on time, and who makes room, over real sockets. Those on size are tested through loopback and sandbox.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::{Answer, Body, BodyError, Cut, Limits, Service, listen, run};

const LIMIT: Duration = Duration::from_secs(1);

const LIMITS: Limits = Limits {
    connections: 2,
    head: 16 * 1024,
    head_time: LIMIT,
    body: 1000,
    body_time: LIMIT,
    write_time: LIMIT,
    idle_time: Some(LIMIT),
};

/// Takes its time for `/wait`, answers `/large` with more than sockets hold, and else with the length of the body.
#[derive(Default)]
struct Served {
    at_work: Notify,
    go_on: Notify,
}

impl Service for Served {
    async fn answer(&self, request: Request<Body>) -> Result<Answer, Cut> {
        let text = match request.uri().path() {
            "/wait" => {
                self.at_work.notify_one();
                self.go_on.notified().await;
                "done".to_owned()
            }
            "/large" => "x".repeat(64 << 20),
            _ => match request.into_body().read().await {
                Ok(body) => body.len().to_string(),
                Err(BodyError::TooLarge) => "too large".to_owned(),
                Err(BodyError::Broken) => return Err(Cut::Close),
            },
        };
        Ok(Response::new(Full::from(text)))
    }
}

struct Server {
    served: Arc<Served>,
    port: u16,
    _closing: watch::Sender<bool>,
}

impl Server {
    fn start() -> Server {
        let (closing, closed) = watch::channel(false);
        let socket = listen(0).unwrap();
        let (served, port) = (Arc::new(Served::default()), socket.local_addr().unwrap().port());
        tokio::spawn(run(socket, served.clone(), &LIMITS, closed));
        Server { served, port, _closing: closing }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

/// Everything until the server closes, which may show as a reset where it has not read all.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.expect("it closes");
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_peer_that_is_too_slow_in_its_turn_is_closed() {
    for (begun, answers) in [
        ("", 0),
        ("GET / HTTP/1.1\r\nX: ", 0),
        ("PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf", 0),
        ("GET / HTTP/1.1\r\n\r\n", 1),
        ("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nX: ", 1),
    ] {
        let server = Server::start();
        let start = Instant::now();
        let answer = rest(server.send(begun).await).await;
        assert_eq!(answer.matches("HTTP/1.1 200").count(), answers, "{begun:?}: {answer}");
        assert!(start.elapsed() >= LIMIT, "{begun:?}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let server = Server::start();
    let mut stream = server.send("GET /large HTTP/1.1\r\n\r\n").await;
    let start = Instant::now();
    // What is sent to a closed socket fails.
    while stream.write_all(b"x").await.is_ok() {
        assert!(start.elapsed() < LIMIT * 20, "it is held for ever");
        sleep(Duration::from_millis(10)).await;
    }
    assert!(start.elapsed() >= LIMIT, "{:?}", start.elapsed());
}

#[tokio::test]
async fn who_waits_longest_makes_room_and_who_is_worked_for_stays() {
    let server = Server::start();
    let worked_for = server.send("GET /wait HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    server.served.at_work.notified().await;
    let start = Instant::now();
    let idle = server.send("GET / HTT").await;
    let third = server.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(rest(third).await.ends_with("\r\n0"));
    assert!(start.elapsed() < LIMIT, "the idle one was not waited for: {:?}", start.elapsed());
    assert_eq!(rest(idle).await, "");
    // Longer than any peer may take.
    sleep(LIMIT + LIMIT / 2).await;
    server.served.go_on.notify_one();
    assert!(rest(worked_for).await.ends_with("\r\ndone"));
}

#[tokio::test]
async fn a_body_is_read_to_its_limit() {
    for (length, answer) in [(0, "0"), (1000, "1000"), (1001, "too large")] {
        let server = Server::start();
        let body = "x".repeat(length);
        let head = "PUT / HTTP/1.1\r\nConnection: close\r\n";
        let announced = format!("{head}Content-Length: {length}\r\n\r\n{body}");
        assert!(rest(server.send(&announced).await).await.ends_with(&format!("\r\n{answer}")), "{length}");
        let pieces = "1\r\nx\r\n".repeat(length);
        let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{pieces}0\r\n\r\n");
        assert!(rest(server.send(&chunked).await).await.ends_with(&format!("\r\n{answer}")), "{length}");
    }
}
