//! One connection: a first byte, requests with their answers, and its end.

use std::error::Error;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::phase::{Phase, Socket, Step};
use super::{Body, Cut, Limits, Service};

/// For what the peer was still sending when it was answered.
const LINGER_TIME: Duration = Duration::from_millis(300);
const LINGER_LIMIT: usize = 16 * 1024 * 1024;
/// Before a reset, for the peer to read what was written: on some systems a reset takes that with it.
const RESET_DELAY: Duration = Duration::from_millis(20);
/// The first byte of a TLS record that holds a handshake; no HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves a connection to its end. When `closing` turns true, one that was not asked anything ends at once, and an
/// answer under way is still written.
pub(super) async fn serve(
    stream: TcpStream,
    service: &impl Service,
    limits: &Limits,
    phase: Phase,
    mut closing: watch::Receiver<bool>,
) {
    tokio::select! {
        biased;
        () = converse(stream, service, limits, &phase) => {}
        () = phase.overdue(limits) => {}
        () = phase.closed(&mut closing) => {}
    }
}

async fn converse(mut stream: TcpStream, service: &impl Service, limits: &Limits, phase: &Phase) {
    match first_byte(&stream).await {
        Some(TLS_HANDSHAKE) => return service.tls_hello(),
        Some(_) => {}
        None => return,
    }
    // The last piece of a long answer must not wait for the peer's acknowledgement. Without this it only may.
    let _ = stream.set_nodelay(true);
    match answer(&mut stream, service, limits, phase).await {
        Some(Cut::Hang) => {
            phase.set(Step::Work);
            discard(&mut stream, usize::MAX).await;
        }
        Some(Cut::Reset(bytes)) => {
            let _ = stream.write_all(&bytes).await;
            sleep(RESET_DELAY).await;
            let _ = stream.set_zero_linger();
        }
        Some(Cut::Close) | None => {
            let _ = stream.shutdown().await;
            let _ = timeout(LINGER_TIME, discard(&mut stream, LINGER_LIMIT)).await;
        }
    }
}

/// Looks without taking it away.
async fn first_byte(stream: &TcpStream) -> Option<u8> {
    let mut byte = [0];
    match stream.peek(&mut byte).await {
        Ok(1) => Some(byte[0]),
        _ => None,
    }
}

/// Answers requests until there are no more, or one is cut.
async fn answer(
    stream: &mut TcpStream,
    service: &impl Service,
    limits: &Limits,
    phase: &Phase,
) -> Option<Cut> {
    let serve = service_fn(|request: Request<Incoming>| async move {
        phase.set(Step::Work);
        let request = request.map(|body| Body::new(body, limits.body, phase.clone()));
        let answer = service.answer(request).await;
        phase.set(Step::Write);
        answer
    });
    let served = http1::Builder::new()
        .keep_alive(limits.idle_time.is_some())
        // Somebody who has nothing more to say, and says so, still gets the answer.
        .half_close(true)
        .header_read_timeout(None)
        .max_header_size(limits.head)
        .max_buf_size(limits.head)
        .serve_connection(Socket::new(stream, phase), serve)
        .await;
    // Other errors are a peer that has gone, or nonsense that hyper has answered with 400 or 431.
    served.err()?.source()?.downcast_ref::<Cut>().cloned()
}

/// Reads on until the peer has closed: closing a socket that holds unread bytes resets the connection,
/// and a reset can take the answer with it.
async fn discard(stream: &mut TcpStream, mut left: usize) {
    let mut buffer = [0; 4096];
    while left > 0 {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => left = left.saturating_sub(read),
            _ => return,
        }
    }
}
