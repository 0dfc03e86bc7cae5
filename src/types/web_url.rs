//! URLs that people give: of an API, of a tunnel, for the settings, of a website.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use url::Url;

use super::url::is_loopback;
use super::{secret_fields, typed};

/// The base URL of a Partner API: https, or http on this machine; no user info, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(Url);

/// The public address of a tunnel that reaches our port: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// The address of a webhook: https, or http on this machine; it may have a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackUrl(Url);

/// A URL for the partner settings, or the empty text, which unsets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingUrl(String);

impl ApiUrl {
    /// The URL, with a slash at its end where it was given with one: the settings stand at that very URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// As it was given, to be noted. Its name, which is displayed and compared, is without the slash.
    pub fn as_given(&self) -> String {
        let slash = if self.0.path().len() > 1 && self.0.path().ends_with('/') { "/" } else { "" };
        format!("{self}{slash}")
    }
}

impl PublicUrl {
    /// The URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl CallbackUrl {
    /// The URL.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl SettingUrl {
    /// The text as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for ApiUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut url = web_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError::QueryOrFragment);
        }
        let slash = if url.path().ends_with('/') { "/" } else { "" };
        let path = format!("{}{slash}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(ApiUrl(url))
    }
}

impl FromStr for PublicUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = web_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError::QueryOrFragment);
        }
        Ok(PublicUrl(url))
    }
}

impl FromStr for CallbackUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = web_url(text)?;
        match url.fragment() {
            Some(_) => Err(UrlError::Fragment),
            None => Ok(CallbackUrl(url)),
        }
    }
}

impl FromStr for SettingUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.is_empty() {
            web_url(text)?;
        }
        Ok(SettingUrl(with_scheme(text).into_owned()))
    }
}

/// Why a text can't be such a URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is none; what it may have been meant to be.
    NoUrl {
        guess: Option<String>,
    },
    NoHost,
    /// http to another computer would send keys and tokens in the clear.
    PlainHttp,
    /// Neither https nor http.
    Scheme,
    /// Likewise, of a website.
    NotWeb,
    QueryOrFragment,
    Fragment,
    /// http where https alone will do.
    NotHttps,
    /// A user name or a password.
    UserInfo,
    /// A key, token or password as a parameter.
    Secret,
}

/// The address of a website: http or https, without user info.
pub fn website(text: &str) -> Result<Url, UrlError> {
    let url = parsed(text)?;
    match url.scheme() {
        "http" | "https" => without_secrets(url),
        _ => Err(UrlError::NotWeb),
    }
}

/// Refuses a URL with a user name, a password, a key or a token: what is typed is seen in `ps` and kept in the shell's
/// history, and the others who read these settings see it as well.
fn without_secrets(url: Url) -> Result<Url, UrlError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::UserInfo);
    }
    match secret_fields::is_in_url(&url) {
        true => Err(UrlError::Secret),
        false => Ok(url),
    }
}

/// With https:// in front, where a host name stands without a scheme: `toko.example.com/chat`. What is not clearly one, such
/// as a token, stays as it is.
fn with_scheme(text: &str) -> Cow<'_, str> {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_letter)
    };
    let is_word = |last: &str| last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_name =
        host.split('.').all(is_label) && host.rsplit_once('.').is_some_and(|(_, last)| is_word(last));
    let has_scheme = text[host.len()..].starts_with("://");
    if is_name && !has_scheme && !typed::may_be_secret(host) {
        return Cow::Owned(format!("https://{text}"));
    }
    Cow::Borrowed(text)
}

fn parsed(text: &str) -> Result<Url, UrlError> {
    Url::parse(&with_scheme(text)).map_err(|_| {
        // A host without its scheme is what people type. Nothing else is repeated.
        let is_host = text.contains('.')
            && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-:/".contains(&c))
            && !typed::may_be_secret(text);
        UrlError::NoUrl { guess: is_host.then(|| format!("https://{text}")) }
    })
}

/// https, or http to this machine: anything else would send keys and tokens in the clear.
fn web_url(text: &str) -> Result<Url, UrlError> {
    let url = parsed(text)?;
    if url.host().is_none() {
        return Err(UrlError::NoHost);
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(UrlError::PlainHttp),
        _ => return Err(UrlError::Scheme),
    }
    without_secrets(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_without_a_scheme_means_https() {
        let website = |text: &str| super::website(text).map(|url| url.to_string());
        assert_eq!(website("toko.example.com").unwrap(), "https://toko.example.com/");
        assert_eq!(website("toko.example.com:8443/a?b=c").unwrap(), "https://toko.example.com:8443/a?b=c");
        assert_eq!(website("http://toko.example.com").unwrap(), "http://toko.example.com/");
        let api: ApiUrl = "api.socialchat.id/partner".parse().unwrap();
        assert_eq!(api.to_string(), "https://api.socialchat.id/partner");
        let callback: SettingUrl = "app.example.com/callback".parse().unwrap();
        assert_eq!(callback.as_str(), "https://app.example.com/callback");
        for bad in [
            "toko",
            "toko.",
            ".com",
            "toko..com",
            "toko shop.com",
            "ftp://toko.example.com",
            "1.2.3.4",
            "user:pass@toko.example.com",
            "toko.example:pass@toko.example.com",
        ] {
            assert!(website(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_api_url_is_https_or_loopback() {
        let shown = |text: &str| text.parse::<ApiUrl>().map(|url| url.to_string());
        assert_eq!(shown("https://api.socialchat.id/partner/").unwrap(), "https://api.socialchat.id/partner");
        assert_eq!(shown("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        for (given, noted) in [
            ("https://host/partner/", "https://host/partner/"),
            ("https://host/partner//", "https://host/partner/"),
            ("https://host/partner", "https://host/partner"),
            ("https://host", "https://host"),
            ("https://host/", "https://host"),
        ] {
            assert_eq!(given.parse::<ApiUrl>().unwrap().as_given(), noted, "{given}");
        }
        assert!(shown("http://localhost/partner").is_ok() && shown("http://[::1]:1/partner").is_ok());
        for bad in [
            "http://api.socialchat.id/partner",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "https://user@host/",
            "https://host/?a=b",
            "https://host/#x",
            "file:///etc/passwd",
            "",
        ] {
            assert!(shown(bad).is_err(), "{bad}");
        }
        assert_eq!(shown("EAABsbCS1iHg.x"), Err(UrlError::NoUrl { guess: None }));
        assert_eq!(shown("EAABsbCS1iHg.abc"), Err(UrlError::NoUrl { guess: None }));
    }
}
