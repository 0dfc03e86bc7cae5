//! The temporary listener of a sign-in that is the back end's own: where the browser comes back to when it is over, without
//! any token.
//!
//! It is held to the same as the listener beside it, and differs in these:
//!
//! | what comes | answer |
//! | --- | --- |
//! | `Host` other than `localhost:PORT` or `127.0.0.1:PORT` | 403 |
//! | `/cb/` and another nonce | 404, and the terminal is told once |
//! | `/cb/NONCE` with a result, or with none | 303 to `/done`; the waiting goes on where there was none |
//! | `/cb/NONCE` once more | 410, and the terminal is told |
//! | `/done`, `/` | after a return the page that says what came; else 404 |
//!
//! It is reached as `localhost`, which is what back ends allow, and which means 127.0.0.1 or ::1: it listens on both.

mod gate;
mod result;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

use super::{BindError, LIMITS, NOTICES, PasteError, ShortAddress, bind_error};
use crate::serve;
use crate::types::SignInKind;
use gate::Gate;

pub use result::Returned;

/// How often a port is looked for that is free on both addresses.
const TRIES: u32 = 8;
/// For the browser to come to the page that it was sent on to.
const PAGE_TIME: Duration = Duration::from_secs(1);
/// Returns that nobody has taken yet: one without a result may be followed by another.
const RETURNS: usize = 4;

/// What the waiting terminal can tell in one line. Waiting goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnNotice {
    /// Somebody speaks https to the port. Told once.
    TlsHello,
    /// Somebody opened the short address after it had redirected once.
    OpenedAgain,
    /// A return of another sign-in. Told once.
    OtherNonce,
    /// The right return a second time.
    Again,
}

/// Reads what a person pastes instead of coming back.
pub struct Pasting(Arc<Gate>);

impl Pasting {
    /// Reads an address at which the sign-in ended, of whichever host, or its query.
    pub fn read(&self, text: &str) -> Result<Returned, PasteError> {
        self.0.read_pasted(text)
    }
}

/// One sign-in's listener. When it goes, every socket goes with it.
pub struct ReturnListener {
    gate: Arc<Gate>,
    notices: mpsc::Receiver<ReturnNotice>,
    returns: mpsc::Receiver<Returned>,
    closing: watch::Sender<bool>,
    accepting: Vec<JoinHandle<()>>,
}

impl ReturnListener {
    /// Listens on 127.0.0.1 and, where the system has it, on ::1, on the given port or a free one, and answers from tasks of
    /// the current tokio runtime.
    pub async fn bind(kind: SignInKind, port: Option<u16>) -> Result<ReturnListener, BindError> {
        let sockets = sockets(port)?;
        let port = sockets[0].local_addr().map_err(BindError::Io)?.port();
        let (notice_sender, notices) = mpsc::channel(NOTICES);
        let (return_sender, returns) = mpsc::channel(RETURNS);
        let (closing, closed) = watch::channel(false);
        let gate = Arc::new(Gate::new(kind, port, notice_sender, return_sender)?);
        let serve = |socket| tokio::spawn(serve::run(socket, gate.clone(), &LIMITS, closed.clone()));
        let accepting = sockets.into_iter().map(serve).collect();
        Ok(ReturnListener { gate, notices, returns, closing, accepting })
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.gate.port()
    }

    /// `http://localhost:PORT`: the base of the way back.
    pub fn origin(&self) -> &Url {
        self.gate.origin()
    }

    /// `/cb/NONCE`: the way back. The nonce is 256 random bits; the flow has no `state` that we could set.
    pub fn path(&self) -> String {
        self.gate.path()
    }

    /// What the browser is opened on.
    pub fn short_address(&self) -> ShortAddress {
        self.gate.short_address()
    }

    /// From now on the [`Self::short_address`] redirects there, once, and a return is taken: anew, if there was one.
    pub fn set_destination(&self, url: &Url) {
        self.gate.set_destination(url);
    }

    /// Waits for the browser to come back, and hands over what is worth telling meanwhile. There is no deadline here. It can
    /// be dropped and called again without losing anything.
    pub async fn wait(&mut self, mut on_notice: impl FnMut(ReturnNotice)) -> Returned {
        loop {
            tokio::select! {
                biased;
                Some(returned) = self.returns.recv() => return returned,
                Some(notice) = self.notices.recv() => on_notice(notice),
            }
        }
    }

    /// What reads an address at which this sign-in ended, as somebody pastes it.
    pub fn pasting(&self) -> Pasting {
        Pasting(self.gate.clone())
    }

    /// Takes nothing more, lets a browser see the page that it was sent on to, hands over what was not told yet, and closes
    /// every connection.
    pub async fn close(mut self, mut on_notice: impl FnMut(ReturnNotice)) {
        self.gate.end();
        let _ = timeout(PAGE_TIME, self.gate.page_is_seen()).await;
        self.closing.send_replace(true);
        for accepting in &mut self.accepting {
            // It ends by itself and in bounded time.
            let _ = accepting.await;
        }
        while let Ok(notice) = self.notices.try_recv() {
            on_notice(notice);
        }
    }
}

impl Drop for ReturnListener {
    fn drop(&mut self) {
        self.accepting.iter().for_each(JoinHandle::abort);
    }
}

/// On 127.0.0.1 and, where there is such an address, on ::1. A program that has the port there alone would get our return.
fn sockets(port: Option<u16>) -> Result<Vec<TcpListener>, BindError> {
    let wanted = port.unwrap_or(0);
    let mut tries = 0;
    loop {
        let v4 = serve::listen(wanted).map_err(|source| bind_error(wanted, source))?;
        let bound = v4.local_addr().map_err(BindError::Io)?.port();
        tries += 1;
        match serve::listen_v6(bound) {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => return Ok(vec![v4]),
            Err(error) if port.is_some() || tries == TRIES => return Err(bind_error(bound, error)),
            Err(_) => {}
        }
    }
}
