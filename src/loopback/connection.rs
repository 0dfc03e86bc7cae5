//! One connection: a first byte, a head, an answer, and its end. Never a second request.

use std::convert::Infallible;
use std::future::ready;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::door::Door;

/// Request line and headers together; more is 431.
const HEAD_LIMIT: usize = 16 * 1024;
/// From the moment the connection was accepted until its head is complete.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// For the answer, which fits into the socket's buffer: only a stuck peer needs it.
const ANSWER_TIME: Duration = Duration::from_secs(2);
/// For what the peer was still sending when it was answered.
const LINGER_TIME: Duration = Duration::from_millis(300);
const LINGER_LIMIT: usize = 1024 * 1024;
/// The first byte of a TLS record that holds a handshake; no HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves a connection to its end. When `closing` turns true, one that was not asked anything yet ends
/// at once, and an answer under way is still written.
pub(super) async fn serve(mut stream: TcpStream, door: &Door, mut closing: watch::Receiver<bool>) {
    let deadline = Instant::now() + HEAD_TIME;
    match until_closing(&mut closing, timeout_at(deadline, first_byte(&stream))).await {
        Some(Ok(Some(TLS_HANDSHAKE))) => return door.tls_hello(),
        Some(Ok(Some(_))) => {}
        _ => return,
    }
    if answer(&mut stream, door, deadline, &mut closing).await {
        until_closing(&mut closing, timeout(LINGER_TIME, discard(&mut stream))).await;
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

/// Reads the head and writes the answer; false when there was nobody to answer, or no time left.
async fn answer(
    stream: &mut TcpStream,
    door: &Door,
    deadline: Instant,
    closing: &mut watch::Receiver<bool>,
) -> bool {
    let asked = AtomicBool::new(false);
    let service = service_fn(|request| {
        asked.store(true, Ordering::Relaxed);
        ready(Ok::<_, Infallible>(door.answer(&request)))
    });
    let mut connection = pin!(
        http1::Builder::new()
            .keep_alive(false)
            // Somebody who has nothing more to say, and says so, still gets the answer.
            .half_close(true)
            .header_read_timeout(None)
            .max_header_size(HEAD_LIMIT)
            .max_buf_size(HEAD_LIMIT)
            .serve_connection(TokioIo::new(stream), service)
    );
    // An error here is a peer that went away, or nonsense that hyper has answered with 400 or 431.
    match until_closing(closing, timeout_at(deadline, &mut connection)).await {
        Some(Ok(_)) => true,
        _ => asked.load(Ordering::Relaxed) && timeout(ANSWER_TIME, connection).await.is_ok(),
    }
}

/// Reads on until the peer has closed: closing a socket that holds unread bytes resets the connection,
/// and a reset can take the answer with it.
async fn discard(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    let mut left = LINGER_LIMIT;
    while left > 0 {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => left = left.saturating_sub(read),
            _ => return,
        }
    }
}

/// `None` when the listener is closing first, or is gone.
async fn until_closing<F: Future>(closing: &mut watch::Receiver<bool>, future: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        output = future => Some(output),
        _ = closing.wait_for(|closing| *closing) => None,
    }
}
