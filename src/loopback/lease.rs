//! How a borrowed callback is told from somebody's real one.

use url::Url;

use super::nonce::Nonce;
use crate::types::{SignInKind, is_loopback};

/// Whether a URL is some sign-in's loopback lease, of this machine or another: a loopback host and our
/// path shape, `/callback/KIND/` and 43 URL-safe characters. Text that is no URL is none.
pub fn is_lease_url(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    is_loopback(&url) && matches!(url.scheme(), "http" | "https") && has_lease_path(url.path())
}

/// Whether a URL is one that a sign-in of that kind sets as its callback: ours on this computer, or below the public address
/// of a tunnel. Its nonce makes it an address that nobody else has.
pub fn is_callback_of(kind: SignInKind, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let mut segments = url.path().rsplit('/');
    matches!(url.scheme(), "http" | "https")
        && segments.next().is_some_and(Nonce::has_shape)
        && segments.next() == Some(kind.as_str())
        && segments.next() == Some("callback")
}

fn has_lease_path(path: &str) -> bool {
    let mut segments = path.split('/');
    segments.next() == Some("")
        && segments.next() == Some("callback")
        && segments.next().is_some_and(|kind| SignInKind::ALL.iter().any(|known| known.as_str() == kind))
        && segments.next().is_some_and(Nonce::has_shape)
        && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::address::{Addresses, Route};
    use super::*;

    #[test]
    fn leases_are_known_by_host_and_path() {
        let nonce = "A-_0".repeat(10) + "xyz";
        for yes in [
            format!("http://127.0.0.1:1/callback/messenger/{nonce}"),
            format!("http://127.8.9.1/callback/instagram/{nonce}"),
            format!("http://localhost:65535/callback/instagram/{nonce}"),
            format!("http://LOCALHOST:80/callback/instagram/{nonce}"),
            format!("http://[::1]:7/callback/messenger/{nonce}"),
        ] {
            assert!(is_lease_url(&yes), "{yes}");
        }
        for no in [
            String::new(),
            "127.0.0.1".into(),
            format!("/callback/messenger/{nonce}"),
            format!("https://app.example/callback/messenger/{nonce}"),
            format!("http://127.0.0.1.evil.example/callback/messenger/{nonce}"),
            format!("http://localhost.example/callback/messenger/{nonce}"),
            format!("http://127.0.0.1:1/callback/telegram/{nonce}"),
            format!("http://127.0.0.1:1/callback/messenger/{nonce}x"),
            format!("http://127.0.0.1:1/callback/messenger/{}", &nonce[1..]),
            format!("http://127.0.0.1:1/callback/messenger/{nonce}/"),
            format!("http://127.0.0.1:1/a/callback/messenger/{nonce}"),
            format!("http://127.0.0.1:1/callback/messenger/{}+", &nonce[1..]),
            "http://127.0.0.1:3000/callback/messenger".into(),
        ] {
            assert!(!is_lease_url(&no), "{no}");
        }
    }

    #[test]
    fn a_callback_of_ours_ends_in_our_path_wherever_the_tunnel_leads() {
        let nonce = "A-_0".repeat(10) + "xyz";
        for yes in [
            format!("http://127.0.0.1:1/callback/messenger/{nonce}"),
            format!("https://tunnel.example/a/b/callback/messenger/{nonce}"),
        ] {
            assert!(is_callback_of(SignInKind::Messenger, &yes), "{yes}");
            assert!(!is_callback_of(SignInKind::Instagram, &yes), "{yes}");
        }
        for no in [
            "https://app.example/callback/messenger".to_owned(),
            format!("https://app.example/messenger/{nonce}"),
            format!("ftp://app.example/callback/messenger/{nonce}"),
            format!("https://app.example/?/callback/messenger/{nonce}"),
            "x".to_owned(),
        ] {
            assert!(!is_callback_of(SignInKind::Messenger, &no), "{no}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_none_is_one_by_chance(text in ".*", tail in "[ -~]{0,60}") {
            prop_assert!(!is_lease_url(&text));
            let elsewhere = format!("http://evil.example/callback/messenger/{tail}");
            prop_assert!(!is_lease_url(&elsewhere));
        }

        #[test]
        fn every_callback_of_ours_is_one_and_no_go_address(port in 1u16.., instagram: bool) {
            let kind = if instagram { SignInKind::Instagram } else { SignInKind::Messenger };
            let ours = Addresses::new(kind, port, None).unwrap();
            prop_assert!(is_lease_url(ours.callback_url().as_str()));
            prop_assert!(!is_lease_url(ours.go_url().as_str()));
            prop_assert_eq!(ours.route(ours.callback_url().path()), Some(Route::Callback));
            prop_assert_eq!(ours.route(ours.go_url().path()), Some(Route::Go));
        }
    }
}
