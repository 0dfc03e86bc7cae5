//! Who is let in, and what a return says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::header::HeaderValue;
use hyper::{Method, Request};
use tokio::sync::{mpsc, watch};
use url::Url;

use super::{ReturnNotice, Returned, result};
use crate::loopback::nonce::Nonce;
use crate::loopback::{BindError, PasteError, ShortAddress, guard, page};
use crate::serve::{Answer, Body, Cut, Service};
use crate::types::SignInKind;

/// Where a return is sent on to.
const DONE: &str = "/done";

/// One sign-in, as all its connections see it.
pub(super) struct Gate {
    kind: SignInKind,
    port: u16,
    origin: Url,
    /// The names under which it is reached, as `Host` and `Origin` spell them.
    hosts: [String; 2],
    return_nonce: Nonce,
    go_nonce: Nonce,
    state: Mutex<State>,
    /// The redirect was given away.
    went: Arc<AtomicBool>,
    told: [AtomicBool; 2],
    /// Whether a browser that was sent on to the page has come there.
    seen: watch::Sender<bool>,
    notices: mpsc::Sender<ReturnNotice>,
    returns: mpsc::Sender<Returned>,
}

#[derive(Default)]
struct State {
    destination: Option<HeaderValue>,
    /// What came last.
    last: Option<Returned>,
    /// Nothing is taken any more.
    ended: bool,
}

impl Gate {
    pub(super) fn new(
        kind: SignInKind,
        port: u16,
        notices: mpsc::Sender<ReturnNotice>,
        returns: mpsc::Sender<Returned>,
    ) -> Result<Gate, BindError> {
        let origin = Url::parse(&format!("http://localhost:{port}")).expect("a name and a port are a URL");
        let (return_nonce, go_nonce) = (Nonce::random()?, Nonce::random()?);
        let hosts = [format!("localhost:{port}"), format!("127.0.0.1:{port}")];
        let (state, went, seen) = (Mutex::default(), Arc::default(), watch::Sender::new(true));
        let told = Default::default();
        Ok(Gate {
            kind,
            port,
            origin,
            hosts,
            return_nonce,
            go_nonce,
            state,
            went,
            told,
            seen,
            notices,
            returns,
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn origin(&self) -> &Url {
        &self.origin
    }

    pub(super) fn path(&self) -> String {
        format!("/cb/{}", self.return_nonce.as_str())
    }

    pub(super) fn short_address(&self) -> ShortAddress {
        let mut url = self.origin.clone();
        url.set_path(&format!("/go/{}", self.go_nonce.as_str()));
        ShortAddress { url, went: self.went.clone() }
    }

    pub(super) fn set_destination(&self, url: &Url) {
        let mut state = self.state();
        // A serialized URL is printable ASCII. Should it ever not be, the address stays a 404.
        state.destination = HeaderValue::from_str(url.as_str()).ok();
        state.ended = false;
        self.went.store(false, Ordering::Relaxed);
    }

    /// Takes nothing from now on.
    pub(super) fn end(&self) {
        self.state().ended = true;
    }

    /// Returns when no browser is on its way to the page.
    pub(super) async fn page_is_seen(&self) {
        // Fails where the sender is gone, which is ours.
        let _ = self.seen.subscribe().wait_for(|seen| *seen).await;
    }

    pub(super) fn read_pasted(&self, text: &str) -> Result<Returned, PasteError> {
        result::read_pasted(self.kind, text, |nonce| self.return_nonce.is(nonce))
    }

    /// Judges a request by its head; the body is never looked at. The order is told in `loopback`.
    fn judge<B>(&self, request: &Request<B>) -> Answer {
        let is_ours = |host: &[u8]| self.hosts.iter().any(|ours| ours.as_bytes() == host);
        if !guard::only_host(request.headers()).is_some_and(is_ours) {
            return page::forbidden();
        }
        if request.method() != Method::GET {
            return page::method_not_allowed();
        }
        if request.uri().authority().is_some() {
            return page::forbidden();
        }
        let is_origin = |origin: &[u8]| origin.strip_prefix(b"http://").is_some_and(is_ours);
        let is_meant = || guard::is_meant(request.headers(), is_origin);
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        if path.strip_prefix("/go/").is_some_and(|nonce| self.go_nonce.is(nonce)) {
            return if is_meant() { self.go() } else { page::forbidden() };
        }
        if let Some(rest) = path.strip_prefix("/cb/") {
            // Some back ends put `&` before the result where there is no query yet.
            let (nonce, behind) = rest.split_once('&').unwrap_or((rest, ""));
            return match (self.return_nonce.is(nonce), is_meant()) {
                (true, true) => self.take(&format!("{behind}&{query}")),
                (true, false) => page::forbidden(),
                (false, is_meant) => {
                    if is_meant {
                        self.tell_once(0, ReturnNotice::OtherNonce);
                    }
                    page::not_found()
                }
            };
        }
        match (&self.state().last, path) {
            (Some(last), DONE | "/") if is_meant() => {
                self.seen.send_replace(true);
                page::returned(last)
            }
            _ => page::not_found(),
        }
    }

    /// Redirects once. The address is an argument of the browser's launcher, which other users of the machine may read.
    fn go(&self) -> Answer {
        let state = self.state();
        if state.ended {
            return page::gone();
        }
        let Some(url) = state.destination.clone() else { return page::not_found() };
        if self.went.swap(true, Ordering::Relaxed) {
            self.tell(ReturnNotice::OpenedAgain);
            return page::opened_before();
        }
        page::found(url)
    }

    /// Takes a return: one with a result ends it.
    fn take(&self, query: &str) -> Answer {
        let mut state = self.state();
        if state.ended {
            self.tell(ReturnNotice::Again);
            return page::gone();
        }
        let returned = result::read(self.kind, query);
        state.ended = returned != Returned::Nothing;
        state.last = Some(returned.clone());
        self.seen.send_replace(false);
        let _ = self.returns.try_send(returned);
        page::see_other(DONE)
    }

    fn tell(&self, notice: ReturnNotice) {
        let _ = self.notices.try_send(notice);
    }

    /// Whoever keeps trying is told of once.
    fn tell_once(&self, place: usize, notice: ReturnNotice) {
        if !self.told[place].swap(true, Ordering::Relaxed) {
            self.tell(notice);
        }
    }

    /// Nothing that holds the lock can leave the state half changed, so a panic elsewhere is no obstacle.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Gate {
    async fn answer(&self, request: Request<Body>) -> Result<Answer, Cut> {
        Ok(self.judge(&request))
    }

    fn tls_hello(&self) {
        self.tell_once(1, ReturnNotice::TlsHello);
    }
}
