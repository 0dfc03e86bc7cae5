//! Who is let in: the checks on one request, in their order, and what the sign-in knows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Request};
use tokio::sync::mpsc;
use url::Url;

use super::address::{Addresses, Route, Via};
use super::{Next, Notice, Outcome, page, query};
use crate::serve::{Answer, Body, Cut, Service};

/// One sign-in, as all its connections see it.
pub(super) struct Door {
    addresses: Arc<Addresses>,
    next: Next,
    state: Mutex<State>,
    tls_told: AtomicBool,
    notices: mpsc::Sender<Notice>,
    outcome: mpsc::Sender<Outcome>,
}

#[derive(Default)]
struct State {
    destination: Option<HeaderValue>,
    /// The redirect was given away.
    went: bool,
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
        Door { addresses, next, state: Mutex::default(), tls_told: AtomicBool::new(false), notices, outcome }
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
    pub(super) fn went(&self) -> bool {
        self.state().went
    }

    /// Judges a request by its head; the body is never looked at. The order is told in `loopback`.
    fn judge<B>(&self, request: &Request<B>) -> Answer {
        let Some(via) = self.called_by(request.headers()) else {
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
        if (route, via) == (Route::Go, Via::Public) || !self.is_meant(request.headers()) {
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
        let mut state = self.state();
        if state.ended {
            return page::gone();
        }
        let Some(url) = state.destination.clone() else { return page::not_found() };
        if std::mem::replace(&mut state.went, true) {
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

    /// Which of our names the one `Host` header says. With it, a foreign name that somebody lets point
    /// to 127.0.0.1 gets nowhere.
    fn called_by(&self, headers: &HeaderMap) -> Option<Via> {
        let mut hosts = headers.get_all(HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) => self.addresses.via(host.as_bytes()),
            _ => None,
        }
    }

    /// Whether a person's browser went here: a navigation of the whole tab, not something that a page
    /// fetches or frames, and not ahead of time. Programs without these headers pass; the nonce is what protects.
    fn is_meant(&self, headers: &HeaderMap) -> bool {
        let navigates = headers.get_all("sec-fetch-mode").iter().all(|mode| mode == "navigate");
        // A frame navigates as well.
        let whole_tab = headers.get_all("sec-fetch-dest").iter().all(|target| target == "document");
        let at_home =
            headers.get_all(ORIGIN).iter().all(|origin| self.addresses.is_origin(origin.as_bytes()));
        navigates && whole_tab && at_home && !is_ahead_of_time(headers)
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

/// Browsers fetch what they think will be wanted, and say so under one of these names.
fn is_ahead_of_time(headers: &HeaderMap) -> bool {
    const NAMES: [HeaderName; 4] = [
        HeaderName::from_static("sec-purpose"),
        HeaderName::from_static("purpose"),
        HeaderName::from_static("x-purpose"),
        HeaderName::from_static("x-moz"),
    ];
    NAMES.iter().flat_map(|name| headers.get_all(name)).any(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        ["prefetch", "prerender", "preview"]
            .iter()
            .any(|hint| value.windows(hint.len()).any(|part| part == hint.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;
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
