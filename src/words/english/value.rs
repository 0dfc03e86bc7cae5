//! What is wrong with a value. Follows what was typed, and for which option.

use std::fmt::{Formatter, Result};

use crate::types::{NotAnId, UrlError, ValueError};

pub fn url_error(error: &UrlError, f: &mut Formatter<'_>) -> Result {
    match error {
        UrlError::NoUrl { guess: Some(guess) } => write!(f, "not a full URL; did you mean {guess}?"),
        UrlError::NoUrl { guess: None } => f.write_str("not a URL; one looks like https://example.com"),
        UrlError::NoHost => f.write_str("it has no host"),
        UrlError::PlainHttp => f.write_str("http:// is allowed only for localhost; use https://"),
        UrlError::Scheme => f.write_str("only https:// is supported"),
        UrlError::NotWeb => f.write_str("not a website; one begins with https://"),
        UrlError::QueryOrFragment => f.write_str("it can't have a query or a fragment"),
        UrlError::Fragment => f.write_str("it can't have a fragment"),
        UrlError::NotHttps => f.write_str("it must begin with https://"),
        UrlError::UserInfo => f.write_str("it can't contain a user name or password"),
        UrlError::Secret => f.write_str("it can't contain a key, token or password as a parameter"),
    }
}

pub fn value_error(error: &ValueError, f: &mut Formatter<'_>) -> Result {
    match error {
        ValueError::ShardForm => f.write_str("write it as I/N, like 2/5"),
        ValueError::ShardRange => f.write_str("the first number must be between 1 and the second"),
        ValueError::DurationForm => f.write_str("write it like 60s, 5m or 1h"),
        ValueError::DurationRange => f.write_str("it must be between 1s and 24h"),
        ValueError::NoNumber => f.write_str("it must be a whole number"),
        ValueError::ApiPath => {
            f.write_str("a path begins with /partner and names no host, like /partner/channel?page=1")
        }
        ValueError::SecretInPath => f.write_str("it can't contain a key, token or password as a parameter"),
        ValueError::GraphVersion => f.write_str("write it like v26.0"),
        ValueError::WebhookField => f.write_str("a field is like messages or messaging_postbacks"),
        ValueError::TooSmall { least } => write!(f, "it must be at least {least}"),
    }
}

pub fn not_an_id(_: &NotAnId, f: &mut Formatter<'_>) -> Result {
    f.write_str("not a channel's _id")
}
