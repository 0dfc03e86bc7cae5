//! The temporary listener of a sign-in: where the browser comes back to with the token.
//!
//! It knows no API and prints nothing. It is bound to `127.0.0.1` alone, lives as long as one sign-in,
//! and believes nobody: everything that can reach a local port (other pages in the same browser, other
//! programs, DNS names that point here) is expected to try. Once the sign-in has ended it takes nothing more, and says so
//! on a few connections until the command has ended as well. What it holds against them, in the order in which a request
//! meets it:
//!
//! | what comes | answer | file |
//! | --- | --- | --- |
//! | a TLS hello | closed, and told | `serve`, `door` |
//! | a head over 16 KiB / not complete after 5 s | 431 / closed | `serve` |
//! | `Host` not exactly ours, missing, or twice | 403 | `door` |
//! | a method other than GET | 405 | `door` |
//! | a target that names a host itself (absolute form) | 403 | `door` |
//! | any path but our two, compared in constant time | 404; `/` after the sign-in has ended 410 | `address`, `door` |
//! | not a navigation of a whole tab, a foreign `Origin`, a prefetch | 403 | `door` |
//! | anything after the sign-in has ended | 410 | `door` |
//! | `/go/…` a second time | 410, and the terminal is told | `door` |
//! | `error=` | page, and the sign-in ends | `query` |
//! | a token that is empty, repeated, oversized, undecodable, or has control characters in it | 400, waiting goes on | `query` |
//! | neither token nor error | 400, waiting goes on | `query` |
//! | one token | page, and the sign-in ends | `query` |
//!
//! The method comes before the path, so that 405 tells nobody which paths exist; the path comes before
//! the fetch metadata, so that a browser's own `/favicon.ico` is an ordinary 404.

mod address;
mod door;
mod guard;
mod lease;
mod nonce;
mod page;
mod paste;
mod query;
mod returning;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use url::Url;

use crate::serve::{self, Limits};
use crate::types::{Secret, SignInKind};
use address::Addresses;
use door::Door;

pub use address::PublicUrlError;
pub use lease::{is_callback_of, is_lease_url};
pub use paste::{PasteError, read_pasted};
pub use query::{LONGEST_TOKEN, TokenFault};
pub use returning::{ReturnListener, ReturnNotice, Returned};

/// One request a connection, and no body.
static LIMITS: Limits = Limits {
    connections: 32,
    // The longest token has 8,192 characters; browsers send 1 to 2 KiB beside it.
    head: 16 * 1024,
    head_time: Duration::from_secs(5),
    body: 0,
    body_time: Duration::ZERO,
    // The answer fits into the socket's buffer: only a stuck peer needs the time.
    write_time: Duration::from_secs(2),
    idle_time: None,
};

/// After the sign-in has ended: a person who comes too late, or loads a page again.
static LIMITS_AFTERWARDS: Limits = Limits {
    connections: 4,
    head: LIMITS.head,
    head_time: Duration::from_secs(1),
    body: LIMITS.body,
    body_time: LIMITS.body_time,
    write_time: LIMITS.write_time,
    idle_time: None,
};

/// Notices that nobody has read yet. Further ones are dropped: they are for people, and alike.
const NOTICES: usize = 8;

/// How a sign-in ends in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The callback token, percent-decoded and otherwise as it came.
    Token(Secret),
    /// The person, or the platform, said no. Both texts come from outside.
    Refused {
        /// The code, such as `access_denied`; can be empty.
        error: String,
        /// `error_description`, else `error_reason`.
        description: Option<String>,
    },
}

/// What comes after the sign-in, in the terminal: the page that ends it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Somebody chooses what to connect.
    Choose,
    /// What was chosen beforehand is connected.
    Connect,
    /// What was chosen beforehand is reconnected.
    Reconnect,
    /// It is listed.
    List,
    /// The token is printed.
    Token,
}

/// What the waiting terminal can tell in one line. Waiting goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody speaks https to the port, whose address is http. Told once for each listener.
    TlsHello,
    /// The browser came back to the right address with neither `token` nor `error`.
    CallbackWithoutToken,
    /// The browser came back to the right address with a token that can't be one.
    BadToken(TokenFault),
    /// Somebody opened the [`ShortAddress`] after it had redirected once: the person again, or somebody else on this
    /// machine, who may also have been the first.
    OpenedAgain,
}

/// `http://127.0.0.1:PORT/go/NONCE2`, always loopback: it redirects once.
pub struct ShortAddress {
    url: Url,
    went: Arc<AtomicBool>,
}

impl ShortAddress {
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether somebody has been redirected already.
    pub fn is_used(&self) -> bool {
        self.went.load(Ordering::Relaxed)
    }
}

/// Why there is no listener.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program listens there.
    PortInUse { port: u16 },
    /// The system lets only others listen there (below 1024, usually).
    NotAllowed { port: u16 },
    /// The public base URL can't have our path added.
    Public(PublicUrlError),
    /// No random bits for the path.
    Random(#[from] getrandom::Error),
    /// Anything else.
    Io(#[source] io::Error),
}

/// One sign-in's listener. When it goes, its tasks are stopped, and with them every socket; that takes
/// the runtime one turn, so prefer [`Listener::close`] before anything that blocks the thread.
pub struct Listener {
    port: u16,
    addresses: Arc<Addresses>,
    door: Arc<Door>,
    notices: mpsc::Receiver<Notice>,
    outcome: mpsc::Receiver<Outcome>,
    closing: watch::Sender<bool>,
    /// Gives the socket back when it is done.
    accepting: JoinHandle<TcpListener>,
}

impl Listener {
    /// Listens on `127.0.0.1`, on the given port or a free one, and answers from a task of the current
    /// tokio runtime. That one socket is kept to the end.
    ///
    /// `public` is the base URL (a tunnel's, say) that reaches the port: the callback URL is then built
    /// on it, and its host is accepted in `Host` beside ours. Its path may or may not be stripped on the
    /// way. User info, a query and a fragment in it are refused.
    pub async fn bind(
        kind: SignInKind,
        port: Option<u16>,
        public: Option<&Url>,
        next: Next,
    ) -> Result<Listener, BindError> {
        let wanted = port.unwrap_or(0);
        let socket = serve::listen(wanted).map_err(|source| bind_error(wanted, source))?;
        let port = socket.local_addr().map_err(BindError::Io)?.port();

        let addresses = Arc::new(Addresses::new(kind, port, public)?);
        let (notice_sender, notices) = mpsc::channel(NOTICES);
        let (outcome_sender, outcome) = mpsc::channel(1);
        let (closing, closed) = watch::channel(false);
        let door = Arc::new(Door::new(addresses.clone(), next, notice_sender, outcome_sender));
        let served = door.clone();
        let accepting = tokio::spawn(async move {
            serve::run_on(&socket, served, &LIMITS, closed).await;
            socket
        });
        Ok(Listener { port, addresses, door, notices, outcome, closing, accepting })
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the API is given: `http://127.0.0.1:PORT/callback/KIND/NONCE`, or the same path on the
    /// public base. The nonce is 256 random bits and stands in for OAuth's `state`.
    pub fn callback_url(&self) -> &Url {
        self.addresses.callback_url()
    }

    /// What the browser is opened on.
    pub fn short_address(&self) -> ShortAddress {
        ShortAddress { url: self.addresses.go_url().clone(), went: self.door.went() }
    }

    /// From now on the [`Self::short_address`] redirects there, once. Before this it is 404.
    pub fn set_destination(&self, authorize_url: Url) {
        self.door.set_destination(&authorize_url);
    }

    /// Waits for the browser to come back, and hands over what is worth telling meanwhile. There is no
    /// deadline here. It can be dropped and called again without losing anything; once it has given the
    /// outcome, a further call waits for ever.
    pub async fn wait(&mut self, mut on_notice: impl FnMut(Notice)) -> Outcome {
        loop {
            tokio::select! {
                biased;
                Some(outcome) = self.outcome.recv() => return outcome,
                Some(notice) = self.notices.recv() => on_notice(notice),
            }
        }
    }

    /// Takes nothing more from now on, lets answers that are under way be written out (for 300 ms at most), and closes
    /// every connection. Whoever comes from then on is told that the sign-in has expired.
    pub async fn expire(mut self) -> Expired {
        self.door.end();
        self.closing.send_replace(true);
        // The task ends by itself and in bounded time; had it panicked, there would be nothing to go on with.
        let socket = (&mut self.accepting).await;
        let (closing, closed) = watch::channel(false);
        let door = self.door.clone();
        let answering =
            socket.map(|socket| tokio::spawn(serve::run(socket, door, &LIMITS_AFTERWARDS, closed)));
        Expired { answering: answering.ok(), _closing: closing }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// What is left of a listener: it answers, and takes nothing.
pub struct Expired {
    answering: Option<JoinHandle<()>>,
    _closing: watch::Sender<bool>,
}

impl Expired {
    /// Closes the port and every connection, at once: nobody waits for a page that says nothing new.
    pub async fn close(mut self) {
        if let Some(answering) = &mut self.answering {
            answering.abort();
            let _ = answering.await;
        }
    }
}

impl Drop for Expired {
    fn drop(&mut self) {
        if let Some(answering) = &self.answering {
            answering.abort();
        }
    }
}

fn bind_error(port: u16, source: io::Error) -> BindError {
    match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PortInUse { port },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { port },
        _ => BindError::Io(source),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn what_is_left_of_a_listener_leaves_the_port_at_once_whoever_is_connected() {
        let listener = Listener::bind(SignInKind::Messenger, None, None, Next::Choose).await.unwrap();
        let port = listener.port();
        let expired = listener.expire().await;
        // Half a request, which could take its time.
        let mut half = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        half.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        let mut whole = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        whole
            .write_all(format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        whole.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 410 ") && answer.contains("This sign-in has expired"),
            "{answer}"
        );
        expired.close().await;
        let next = Listener::bind(SignInKind::Messenger, Some(port), None, Next::Choose).await;
        assert!(next.is_ok_and(|next| next.port() == port));
        let mut nothing = Vec::new();
        let _ = half.read_to_end(&mut nothing).await;
        assert!(nothing.is_empty());
    }
}
