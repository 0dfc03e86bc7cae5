//! What every request is held to, whichever listener it comes to.

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};

/// The one `Host` header. With it, a foreign name that somebody lets point to 127.0.0.1 gets nowhere.
pub(super) fn only_host(headers: &HeaderMap) -> Option<&[u8]> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(host.as_bytes()),
        _ => None,
    }
}

/// Whether a person's browser went here: a navigation of the whole tab, not something that a page
/// fetches or frames, and not ahead of time. Programs without these headers pass; the nonce is what protects.
pub(super) fn is_meant(headers: &HeaderMap, is_origin: impl Fn(&[u8]) -> bool) -> bool {
    let navigates = headers.get_all("sec-fetch-mode").iter().all(|mode| mode == "navigate");
    // A frame navigates as well.
    let whole_tab = headers.get_all("sec-fetch-dest").iter().all(|target| target == "document");
    let at_home = headers.get_all(ORIGIN).iter().all(|origin| is_origin(origin.as_bytes()));
    navigates && whole_tab && at_home && !is_ahead_of_time(headers)
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
