//! Where the listener is reached: its two URLs, and which request paths and hosts mean them.

use url::Url;

use super::nonce::Nonce;
use crate::types::SignInKind;

/// The two addresses of a sign-in, and the names under which they are reached.
pub(super) struct Addresses {
    kind: SignInKind,
    callback_nonce: Nonce,
    go_nonce: Nonce,
    callback_url: Url,
    go_url: Url,
    /// `127.0.0.1:PORT`, as a browser writes it.
    loopback: Name,
    public: Option<Name>,
    /// The path of the public base, without a slash at its end.
    prefix: String,
}

/// A host as `Host` and `Origin` spell it.
struct Name {
    host: String,
    origin: String,
}

/// What a path asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Callback,
    Go,
}

/// By which name the listener was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    Loopback,
    Public,
}

/// Why a URL can't be the public base of our callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicUrlError {
    /// Neither https nor http.
    Scheme,
    UserInfo,
    QueryOrFragment,
}

impl Addresses {
    pub(super) fn new(
        kind: SignInKind,
        port: u16,
        public: Option<&Url>,
    ) -> Result<Addresses, super::BindError> {
        if let Some(public) = public {
            check_public(public).map_err(super::BindError::Public)?;
        }
        let callback_nonce = Nonce::random()?;
        let go_nonce = Nonce::random()?;
        let loopback =
            Url::parse(&format!("http://127.0.0.1:{port}")).expect("four numbers and a port are a URL");

        let base = public.unwrap_or(&loopback);
        let prefix = base.path().trim_end_matches('/').to_owned();
        let mut callback_url = base.clone();
        callback_url.set_path(&format!("{prefix}/callback/{kind}/{}", callback_nonce.as_str()));
        let mut go_url = loopback.clone();
        go_url.set_path(&format!("/go/{}", go_nonce.as_str()));

        Ok(Addresses {
            kind,
            callback_nonce,
            go_nonce,
            callback_url,
            go_url,
            loopback: Name::of(&loopback),
            public: public.map(Name::of),
            prefix,
        })
    }

    pub(super) fn callback_url(&self) -> &Url {
        &self.callback_url
    }

    pub(super) fn go_url(&self) -> &Url {
        &self.go_url
    }

    /// What a raw request path asks for. The public base's own path may still stand before the callback:
    /// some proxies strip it, some don't.
    pub(super) fn route(&self, path: &str) -> Option<Route> {
        if let Some(segment) = path.strip_prefix("/go/") {
            return self.go_nonce.is(segment).then_some(Route::Go);
        }
        let is_callback = |path: &str| {
            path.strip_prefix("/callback/")
                .and_then(|rest| rest.strip_prefix(self.kind.as_str()))
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|segment| self.callback_nonce.is(segment))
        };
        let below = path.strip_prefix(&self.prefix).unwrap_or(path);
        (is_callback(path) || is_callback(below)).then_some(Route::Callback)
    }

    /// Whose name a `Host` header says, if one of ours, character for character.
    pub(super) fn via(&self, host: &[u8]) -> Option<Via> {
        if host == self.loopback.host.as_bytes() {
            return Some(Via::Loopback);
        }
        self.public.as_ref().filter(|public| host == public.host.as_bytes()).map(|_| Via::Public)
    }

    /// Whether an `Origin` header names one of our own.
    pub(super) fn is_origin(&self, origin: &[u8]) -> bool {
        std::iter::once(&self.loopback).chain(&self.public).any(|name| origin == name.origin.as_bytes())
    }
}

impl Name {
    /// Without the port where it is the scheme's own, as browsers do.
    fn of(url: &Url) -> Name {
        let host = url.host_str().unwrap_or_default();
        Name {
            host: match url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            },
            origin: url.origin().ascii_serialization(),
        }
    }
}

fn check_public(url: &Url) -> Result<(), PublicUrlError> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(PublicUrlError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PublicUrlError::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(PublicUrlError::QueryOrFragment);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn addresses(public: Option<&str>) -> Addresses {
        let public = public.map(|url| Url::parse(url).unwrap());
        Addresses::new(SignInKind::Messenger, 4321, public.as_ref()).unwrap()
    }

    #[test]
    fn on_loopback_it_is_the_documented_shape() {
        let ours = addresses(None);
        let nonce = ours.callback_nonce.as_str();
        assert_eq!(ours.callback_url().as_str(), format!("http://127.0.0.1:4321/callback/messenger/{nonce}"));
        assert_eq!(ours.go_url().as_str(), format!("http://127.0.0.1:4321/go/{}", ours.go_nonce.as_str()));
        assert_ne!(nonce, ours.go_nonce.as_str());
        assert_eq!(ours.via(b"127.0.0.1:4321"), Some(Via::Loopback));
        for foreign in ["", "127.0.0.1", "127.0.0.1:4322", "localhost:4321", "127.0.0.1:4321.", "[::1]:4321"]
        {
            assert_eq!(ours.via(foreign.as_bytes()), None, "{foreign}");
        }
        assert!(ours.is_origin(b"http://127.0.0.1:4321"));
        assert!(!ours.is_origin(b"null") && !ours.is_origin(b"https://127.0.0.1:4321"));
    }

    #[test]
    fn a_public_base_keeps_its_path_and_its_port() {
        for (base, begin, host) in [
            ("https://me.example", "https://me.example/callback/messenger/", "me.example"),
            ("https://me.example/", "https://me.example/callback/messenger/", "me.example"),
            ("https://me.example:443/a", "https://me.example/a/callback/messenger/", "me.example"),
            (
                "http://me.example:8080/a/b%20c/",
                "http://me.example:8080/a/b%20c/callback/messenger/",
                "me.example:8080",
            ),
        ] {
            let ours = addresses(Some(base));
            assert!(ours.callback_url().as_str().starts_with(begin), "{}", ours.callback_url());
            assert_eq!(ours.go_url().host_str(), Some("127.0.0.1"), "{base}");
            assert_eq!(ours.via(host.as_bytes()), Some(Via::Public), "{base}");
            assert_eq!(ours.via(b"127.0.0.1:4321"), Some(Via::Loopback), "{base}");
            assert_eq!(ours.via(b"evil.example"), None, "{base}");
            assert_eq!(ours.route(ours.callback_url().path()), Some(Route::Callback), "{base}");
            let stripped = format!("/callback/messenger/{}", ours.callback_nonce.as_str());
            assert_eq!(ours.route(&stripped), Some(Route::Callback), "{base}");
        }
    }

    #[test]
    fn a_public_base_that_cannot_carry_a_path_is_refused() {
        for (base, why) in [
            ("ftp://me.example", PublicUrlError::Scheme),
            ("data:text/plain,x", PublicUrlError::Scheme),
            ("https://a:b@me.example", PublicUrlError::UserInfo),
            ("https://me.example/?x=1", PublicUrlError::QueryOrFragment),
            ("https://me.example/#x", PublicUrlError::QueryOrFragment),
        ] {
            assert_eq!(check_public(&Url::parse(base).unwrap()), Err(why), "{base}");
        }
    }

    #[test]
    fn other_spellings_of_the_path_are_other_paths() {
        let ours = addresses(None);
        let nonce = ours.callback_nonce.as_str().to_owned();
        let right = format!("/callback/messenger/{nonce}");
        assert_eq!(ours.route(&right), Some(Route::Callback));
        for wrong in [
            String::new(),
            "/".into(),
            "/favicon.ico".into(),
            "/callback/messenger/".into(),
            format!("/callback/instagram/{nonce}"),
            format!("/Callback/messenger/{nonce}"),
            format!("/callback/%6dessenger/{nonce}"),
            format!("/callback/messenger//{nonce}"),
            format!("/callback/./messenger/{nonce}"),
            format!("/callback/messenger/{nonce}/"),
            format!("//callback/messenger/{nonce}"),
            format!("/callback/messenger/%{:02x}{}", nonce.as_bytes()[0], &nonce[1..]),
            format!("/callback/messenger/{}", swap_case(&nonce)),
            format!("/callback/messenger/{}", ours.go_nonce.as_str()),
            format!("/go/{nonce}"),
        ] {
            assert_eq!(ours.route(&wrong), None, "{wrong}");
        }
    }

    fn swap_case(text: &str) -> String {
        text.chars()
            .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect()
    }

    proptest! {
        #[test]
        fn no_text_panics_and_none_is_ours_by_chance(path in ".*", tail in "[ -~]{0,60}") {
            let ours = addresses(Some("https://me.example/callback/messenger"));
            prop_assert_eq!(ours.route(&path), None);
            prop_assert_eq!(ours.route(&format!("/callback/messenger/{tail}")), None);
            prop_assert_eq!(ours.via(path.as_bytes()), None);
        }
    }
}
