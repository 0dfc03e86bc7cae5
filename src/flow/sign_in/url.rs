//! Which authorize URLs may be shown to a person and opened in a browser.

use url::Url;

use crate::failure::UnsafeUrl;
use crate::types::is_loopback;

/// The longest authorize URL that is opened.
const LONGEST_URL: usize = 8 << 10;

/// An authorize URL that may be shown and opened: https, or http on this machine; no user info, no
/// control characters, at most 8 KiB. The error names what is wrong and never quotes the URL.
pub fn checked(text: &str) -> Result<Url, UnsafeUrl> {
    if text.len() > LONGEST_URL {
        return Err(UnsafeUrl::TooLong);
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(UnsafeUrl::Spaces);
    }
    if !text.is_ascii() {
        return Err(UnsafeUrl::Characters);
    }
    // No URL has these; shells and programs that open URLs have made something else of each.
    if text.contains(['|', '\\', '`', '<', '>', '^']) {
        return Err(UnsafeUrl::Characters);
    }
    let Ok(url) = Url::parse(text) else { return Err(UnsafeUrl::NoUrl) };
    if !matches!(url.scheme(), "https" | "http") {
        return Err(UnsafeUrl::Scheme(url.scheme().to_owned()));
    }
    if !text[url.scheme().len()..].starts_with("://") {
        return Err(UnsafeUrl::NoHost);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UnsafeUrl::UserInfo);
    }
    if url.host().is_none() {
        return Err(UnsafeUrl::NoHost);
    }
    match url.scheme() == "https" || is_loopback(&url) {
        true => Ok(url),
        false => Err(UnsafeUrl::PlainHttp),
    }
}
