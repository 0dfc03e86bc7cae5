//! One connection: the client's socket, ours to tiny_http, and what passes between them.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::sandbox::exchange::MAX_BODY;

/// More than this without an answer is no request: the longest body, and room for its head.
const MAX_UNANSWERED: usize = MAX_BODY + 64 * 1024;
/// A request whose bytes stop coming for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// tiny_http's pool counts a thread as free until it runs: of several connections that come at once, one can
/// be left to a thread that another took, and wait for as long as that one stays. Whatever of a new
/// connection's first request it hasn't begun on after so long, it is nudged about.
const FIRST_NUDGE: Duration = Duration::from_millis(5);
/// How long a client may go on sending what is thrown away.
pub const LINGER: Duration = Duration::from_millis(500);

/// One connection: the client's socket, and ours to tiny_http, known by its port.
pub struct Line {
    pub outer: TcpStream,
    pub inner: TcpStream,
    /// Bytes passed on since the last byte of an answer.
    unanswered: AtomicUsize,
    /// The server has begun on this connection.
    pub known: AtomicBool,
    /// The request is complete and being worked on: silence is not the client's fault.
    pub working: AtomicBool,
    /// What still comes, from either side, is thrown away.
    pub deaf: AtomicBool,
    /// ... for as long as the client stays.
    pub hung: AtomicBool,
    used: Mutex<Instant>,
}

impl Line {
    /// Joins the two sockets. Nothing passes before both `pass_` functions run.
    pub fn new(outer: TcpStream, inner: TcpStream) -> io::Result<Line> {
        outer.set_nodelay(true)?;
        inner.set_nodelay(true)?;
        outer.set_read_timeout(Some(PATIENCE))?;
        Ok(Line {
            outer,
            inner,
            unanswered: AtomicUsize::new(0),
            known: AtomicBool::new(false),
            working: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            hung: AtomicBool::new(false),
            used: Mutex::new(Instant::now()),
        })
    }

    /// Whether it could be closed without anybody losing an answer.
    pub fn is_idle(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) == 0 && !self.working.load(Ordering::Relaxed)
    }

    /// When something was last answered on it.
    pub fn last_used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a client that sends nothing is right to: it waits for an answer, or asks nothing.
    fn may_be_silent(&self) -> bool {
        if self.deaf.load(Ordering::Relaxed) {
            return self.hung.load(Ordering::Relaxed);
        }
        self.working.load(Ordering::Relaxed) || self.unanswered.load(Ordering::Relaxed) == 0
    }

    /// Ends it, in both directions.
    pub fn hang_up(&self) {
        let _ = self.outer.shutdown(Shutdown::Both);
        let _ = self.inner.shutdown(Shutdown::Both);
    }

    /// Client to server, until one of them is done.
    pub fn pass_requests(&self, server: SocketAddr) {
        let mut buffer = [0; 16 * 1024];
        let mut thrown_away = 0;
        let mut patience = PATIENCE;
        loop {
            match (&self.outer).read(&mut buffer) {
                Ok(0) => break,
                Ok(count) if self.deaf.load(Ordering::Relaxed) => {
                    thrown_away += count;
                    if thrown_away > 16 * MAX_UNANSWERED {
                        break;
                    }
                }
                Ok(count) => {
                    let unanswered = self.unanswered.fetch_add(count, Ordering::Relaxed) + count;
                    if unanswered > MAX_UNANSWERED || (&self.inner).write_all(&buffer[..count]).is_err() {
                        return self.hang_up();
                    }
                    if !self.known.load(Ordering::Relaxed) {
                        patience = FIRST_NUDGE;
                        let _ = self.outer.set_read_timeout(Some(patience));
                    }
                }
                Err(error) if is_timeout(&error) && patience < PATIENCE => {
                    let wait = if self.deaf.load(Ordering::Relaxed) {
                        patience = PATIENCE;
                        LINGER
                    } else if self.known.load(Ordering::Relaxed) {
                        patience = PATIENCE;
                        PATIENCE
                    } else {
                        nudge(server);
                        patience = (patience * 2).min(PATIENCE);
                        patience
                    };
                    let _ = self.outer.set_read_timeout(Some(wait));
                }
                Err(error) if is_timeout(&error) && self.may_be_silent() => {}
                Err(_) => return self.hang_up(),
            }
        }
        if self.hung.load(Ordering::Relaxed) {
            return self.hang_up();
        }
        // The client has said all it will, and may still wait for the answer.
        let _ = self.inner.shutdown(Shutdown::Write);
        while patience < PATIENCE / 64 && !self.known.load(Ordering::Relaxed) {
            thread::sleep(patience);
            nudge(server);
            patience *= 2;
        }
    }

    /// Server to client, until the server is done.
    pub fn pass_answers(&self) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count) = (&self.inner).read(&mut buffer) {
            if count == 0 {
                break;
            }
            if self.deaf.load(Ordering::Relaxed) {
                continue;
            }
            self.unanswered.store(0, Ordering::Relaxed);
            self.working.store(false, Ordering::Relaxed);
            *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            if (&self.outer).write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        if !self.deaf.load(Ordering::Relaxed) {
            self.hang_up();
        }
    }
}

/// A connection that ends at once: the thread that deals with it looks for forgotten ones afterwards.
fn nudge(server: SocketAddr) {
    drop(TcpStream::connect(server));
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
