//! What a connection is doing, since when, and how long it may.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Limits;

/// Whose turn it is. In all but `Work` the peer is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Idle,
    Head,
    Body,
    Work,
    Write,
}

/// What one connection is doing, as its task, its service and the accept loop see it.
#[derive(Clone)]
pub(super) struct Phase(Arc<watch::Sender<(Step, Instant)>>);

impl Phase {
    /// Of a connection that has just been accepted.
    pub(super) fn new() -> Phase {
        Phase(Arc::new(watch::Sender::new((Step::Head, Instant::now()))))
    }

    pub(super) fn set(&self, step: Step) {
        self.0.send_replace((step, Instant::now()));
    }

    fn set_after(&self, before: Step, step: Step) {
        if self.0.borrow().0 == before {
            self.set(step);
        }
    }

    /// Since when the peer is waited for; `None` while it waits for us.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        let (step, since) = *self.0.borrow();
        (step != Step::Work).then_some(since)
    }

    /// Returns when the peer has been too slow.
    pub(super) async fn overdue(&self, limits: &Limits) {
        let mut changes = self.0.subscribe();
        loop {
            let (step, since) = *changes.borrow_and_update();
            let limit = match step {
                Step::Idle => Some(limits.idle_time.unwrap_or(limits.write_time)),
                Step::Head => Some(limits.head_time),
                Step::Body => Some(limits.body_time),
                Step::Write => Some(limits.write_time),
                Step::Work => None,
            };
            let overdue = async {
                match limit {
                    Some(limit) => sleep_until(since + limit).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = overdue => return,
                _ = changes.changed() => {}
            }
        }
    }

    /// Returns when the server closes and no request is under way.
    pub(super) async fn closed(&self, closing: &mut watch::Receiver<bool>) {
        // Fails where the server is gone, which closes as well.
        let _ = closing.wait_for(|closing| *closing).await;
        let mut changes = self.0.subscribe();
        let _ = changes.wait_for(|(step, _)| matches!(step, Step::Idle | Step::Head)).await;
    }
}

/// The socket as hyper sees it. It notices when a request begins and when an answer is written.
pub(super) struct Socket<'a> {
    io: TokioIo<&'a mut TcpStream>,
    phase: &'a Phase,
}

impl<'a> Socket<'a> {
    pub(super) fn new(stream: &'a mut TcpStream, phase: &'a Phase) -> Socket<'a> {
        Socket { io: TokioIo::new(stream), phase }
    }

    fn io(&mut self) -> Pin<&mut TokioIo<&'a mut TcpStream>> {
        Pin::new(&mut self.io)
    }
}

impl Read for Socket<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = ready!(self.io().poll_read(cx, buffer));
        self.phase.set_after(Step::Idle, Step::Head);
        Poll::Ready(read)
    }
}

impl Write for Socket<'_> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, bytes)
    }

    /// hyper asks for this when it has handed over all that it had to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(self.io().poll_flush(cx));
        self.phase.set_after(Step::Write, Step::Idle);
        Poll::Ready(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    /// Head and body in one piece: in two, delayed acknowledgements can hold the second back for 40 ms.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.io().poll_write_vectored(cx, pieces)
    }
}
