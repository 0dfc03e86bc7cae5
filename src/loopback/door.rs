//! Who is let in: the checks on one request, in their order, and what the sign-in knows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::header::HeaderValue;
use hyper::{Method, Request};
use tokio::sync::mpsc;
use url::Url;

use super::address::{Addresses, Route, Via};
use super::{Next, Notice, Outcome, guard, page, query};
use crate::serve::{Answer, Body, Cut, Service};

/// One sign-in, as all its connections see it.
pub(super) struct Door {
    addresses: Arc<Addresses>,
    next: Next,
    state: Mutex<State>,
    /// The redirect was given away.
    went: Arc<AtomicBool>,
    tls_told: AtomicBool,
    notices: mpsc::Sender<Notice>,
    outcome: mpsc::Sender<Outcome>,
}

#[derive(Default)]
struct State {
    destination: Option<HeaderValue>,
    /// The outcome is known; nothing is taken any more.
    ended: bool,
}

impl Door {
    pub(super) fn new(
        addresses: Arc<Addresses>,
        next: Next,
        notices: mpsc::Sender<Notice>,
        outcome: mpsc::Sender<Outcome>,
    ) -> Door {
        let (state, went, tls_told) = (Mutex::default(), Arc::default(), AtomicBool::new(false));
        Door { addresses, next, state, went, tls_told, notices, outcome }
    }

    pub(super) fn set_destination(&self, url: &Url) {
        // A serialized URL is printable ASCII. Should it ever not be, the address stays a 404.
        self.state().destination = HeaderValue::from_str(url.as_str()).ok();
    }

    /// Takes nothing from now on.
    pub(super) fn end(&self) {
        self.state().ended = true;
    }

    /// Whether the browser was sent on, and so the short address is used up.
    pub(super) fn went(&self) -> Arc<AtomicBool> {
        self.went.clone()
    }

    /// Judges a request by its head; the body is never looked at. The order is told in `loopback`.
    fn judge<B>(&self, request: &Request<B>) -> Answer {
        let Some(via) = guard::only_host(request.headers()).and_then(|host| self.addresses.via(host)) else {
            return page::forbidden();
        };
        if request.method() != Method::GET {
            return page::method_not_allowed();
        }
        // `GET http://somewhere/...` is how proxies are spoken to, and would overrule `Host`.
        if request.uri().authority().is_some() {
            return page::forbidden();
        }
        let path = request.uri().path();
        let Some(route) = self.addresses.route(path) else {
            // Where our page's script has put the tab: who loads it again learns that it is over, and no more.
            return if path == "/" && self.state().ended { page::gone() } else { page::not_found() };
        };
        // A public name leads to the callback alone.
        if (route, via) == (Route::Go, Via::Public)
            || !guard::is_meant(request.headers(), |origin| self.addresses.is_origin(origin))
        {
            return page::forbidden();
        }
        match route {
            Route::Go => self.go(),
            Route::Callback => self.callback(request.uri().query().unwrap_or_default()),
        }
    }

    /// Redirects once. The address is an argument of the browser's launcher, which other users of the machine may
    /// read; had they used it before the person, the person is turned away, and the terminal says so.
    ///
    /// The callback isn't bound to the browser that went through here (by a cookie, say): whoever opens the printed
    /// authorize URL in another browser, or on another computer, comes back without ever having been here.
    fn go(&self) -> Answer {
        let state = self.state();
        if state.ended {
            return page::gone();
        }
        let Some(url) = state.destination.clone() else { return page::not_found() };
        if self.went.swap(true, Ordering::Relaxed) {
            self.tell(Notice::OpenedAgain);
            return page::opened_before();
        }
        page::found(url)
    }

    fn callback(&self, query: &str) -> Answer {
        let mut state = self.state();
        if state.ended {
            return page::gone();
        }
        match query::read(query) {
            Ok(Some(outcome)) => {
                let answer = page::ended(&outcome, self.next);
                state.ended = true;
                // There is room for one and only one is sent; who waited may be gone, though.
                let _ = self.outcome.try_send(outcome);
                answer
            }
            Ok(None) => {
                self.tell(Notice::CallbackWithoutToken);
                page::without_token()
            }
            Err(fault) => {
                self.tell(Notice::BadToken(fault));
                page::bad_token(fault)
            }
        }
    }

    fn tell(&self, notice: Notice) {
        let _ = self.notices.try_send(notice);
    }

    /// Nothing that holds the lock can leave the state half changed, so a panic elsewhere is no obstacle.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Door {
    async fn answer(&self, request: Request<Body>) -> Result<Answer, Cut> {
        Ok(self.judge(&request))
    }

    /// A page that keeps trying is told of once.
    fn tls_hello(&self) {
        if !self.tls_told.swap(true, Ordering::Relaxed) {
            self.tell(Notice::TlsHello);
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;
    use hyper::header::HOST;
    use proptest::prelude::*;

    use super::*;
    use crate::types::SignInKind;

    proptest! {
        #[test]
        fn no_request_without_the_nonce_gets_anything(
            method in "(GET|HEAD|POST|[A-Z]{1,8})",
            path in "(/|/go/|/callback/|/callback/messenger/)[!-~]{0,50}",
            ours: bool,
            headers in proptest::collection::vec(("(host|origin|purpose|sec-fetch-mode|x)", "[ -~]{0,30}"), 0..5),
        ) {
            let (notices, mut told) = mpsc::channel(1);
            let (outcomes, mut ended) = mpsc::channel(1);
            let addresses = Arc::new(Addresses::new(SignInKind::Messenger, 4321, None).unwrap());
            let door = Door::new(addresses, Next::Choose, notices, outcomes);
            door.set_destination(&Url::parse("https://app.example/").unwrap());

            let mut request = Request::builder().method(method.as_str()).uri(path);
            if ours {
                request = request.header(HOST, "127.0.0.1:4321");
            }
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let Ok(request) = request.body(()) else { return Ok(()) };
            let status = door.judge(&request).status();
            let refusals = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
            prop_assert!(refusals.contains(&status), "{}", status);
            prop_assert!(ended.try_recv().is_err() && told.try_recv().is_err());
        }
    }
}
