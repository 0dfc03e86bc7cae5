//! Values that are parsed into types at the edge.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

use crate::types::is_loopback;
use crate::types::secret_fields;

/// The base URL of a Partner API: https, or http on this machine; no user info, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(Url);

/// The public address of a tunnel that reaches our port: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

/// A URL for the partner settings, or the empty text, which unsets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingUrl(String);

/// One of several equal shares: `2/5` is the second of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    pub count: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
            Some(_) => Err("the first number goes from 1 to the second".to_owned()),
            None => Err("it is written I/N, such as 2/5".to_owned()),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A time such as `60s`, `5m` or `1h`; a bare number is seconds. From one second to a day.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
    let seconds = match unit {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err("it is written like 60s, 5m or 1h".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "it is written like 60s, 5m or 1h".to_owned())?;
    match number.checked_mul(seconds) {
        Some(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("it goes from 1s to 24h".to_owned()),
    }
}

impl ApiUrl {
    /// The vendor's address.
    pub const DEFAULT: &str = "https://api.socialchat.id/partner";

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
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut url = web_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it can't have a query or a fragment".to_owned());
        }
        let slash = if url.path().ends_with('/') { "/" } else { "" };
        let path = format!("{}{slash}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(ApiUrl(url))
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = web_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it can't have a query or a fragment".to_owned());
        }
        Ok(PublicUrl(url))
    }
}

impl FromStr for SettingUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.is_empty() {
            web_url(text)?;
        }
        Ok(SettingUrl(with_scheme(text).into_owned()))
    }
}

/// The address of a website: http or https, without user info.
pub fn website(text: &str) -> Result<Url, String> {
    let url = Url::parse(&with_scheme(text)).map_err(|error| format!("it is no URL: {error}"))?;
    match url.scheme() {
        "http" | "https" => without_secrets(url),
        _ => Err("that is no website: one begins with https://".to_owned()),
    }
}

/// Refuses a URL with a user name, a password, a key or a token: what is typed is seen in `ps` and kept in the shell's
/// history, and the others who read these settings see it as well.
fn without_secrets(url: Url) -> Result<Url, String> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it can't hold a user name or password".to_owned());
    }
    match secret_fields::is_in_url(&url) {
        true => Err("it can't hold a key, token or password as a parameter".to_owned()),
        false => Ok(url),
    }
}

/// With https:// in front, where a host name stands without a scheme: `toko.example.com/chat`. What is not clearly one, such
/// as a token, stays as it is.
fn with_scheme(text: &str) -> Cow<'_, str> {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_name = host.split('.').all(is_label)
        && host
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let is_scheme = text[host.len()..].starts_with("://");
    if is_name && !is_scheme { Cow::Owned(format!("https://{text}")) } else { Cow::Borrowed(text) }
}

/// https, or http to this machine: anything else would send keys and tokens in the clear.
fn web_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(&with_scheme(text)).map_err(|error| format!("it is no URL: {error}"))?;
    if url.host().is_none() {
        return Err("it has no host".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err("plain http is for this machine only: use https".to_owned()),
        _ => return Err("only https is supported".to_owned()),
    }
    without_secrets(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_and_durations_are_checked() {
        assert_eq!("2/5".parse(), Ok(Shard { index: 2, count: 5 }));
        for bad in ["0/5", "6/5", "5", "a/b", "1/0", "", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        for bad in ["", "0s", "s", "25h", "1d", "-1s", "1.5s", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_name_without_a_scheme_means_https() {
        let website = |text: &str| super::website(text).map(|url| url.to_string());
        assert_eq!(website("toko.example.com"), Ok("https://toko.example.com/".to_owned()));
        assert_eq!(
            website("toko.example.com:8443/a?b=c"),
            Ok("https://toko.example.com:8443/a?b=c".to_owned())
        );
        assert_eq!(website("http://toko.example.com"), Ok("http://toko.example.com/".to_owned()));
        let callback: SettingUrl = "app.example.com/callback".parse().unwrap();
        assert_eq!(callback.as_str(), "https://app.example.com/callback");
        for bad in
            ["toko", "toko.", ".com", "toko..com", "toko shop.com", "ftp://toko.example.com", "1.2.3.4"]
        {
            assert!(website(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_api_url_is_https_or_loopback() {
        let shown = |text: &str| text.parse::<ApiUrl>().map(|url| url.to_string());
        assert_eq!(shown("https://api.socialchat.id/partner/").unwrap(), ApiUrl::DEFAULT);
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
        assert_eq!(shown("api.socialchat.id/partner").unwrap(), ApiUrl::DEFAULT);
        for bad in [
            "api",
            "EAABcanary0123456789/abc+def=",
            "127.0.0.1:8080",
            "user:pass@api.socialchat.id",
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
    }
}
