//! One fact about a token, and how it is to be taken.

use super::answer::{AppWebhook, Owner, PageWebhook, TokenInfo};
use crate::http::ApiError;
use crate::types::{GraphVersion, VersionLife};

/// An end is warned of from so many days before.
const SOON: i64 = 14;

/// What became of a question to Meta.
#[derive(Debug)]
pub enum Told<T> {
    /// It takes the app's credentials, or a Page's token.
    NotAsked,
    Refused(Box<ApiError>),
    Answered(T),
}

impl<T> Told<T> {
    /// The answer, if one came.
    pub fn answer(&self) -> Option<&T> {
        match self {
            Told::Answered(answer) => Some(answer),
            Told::NotAsked | Told::Refused(_) => None,
        }
    }
}

impl<T> From<Result<T, ApiError>> for Told<T> {
    fn from(answer: Result<T, ApiError>) -> Self {
        match answer {
            Ok(answer) => Told::Answered(answer),
            Err(error) => Told::Refused(Box::new(error)),
        }
    }
}

/// How a fact is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Warn,
    Fail,
    Unknown,
}

impl Verdict {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Whether a token has a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Has {
    Yes,
    No,
    /// For others than this Page alone.
    NotForPage(Vec<String>),
    Unknown,
}

/// What is known of `appsecret_proof`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It was sent with each request, and nothing was said against it.
    Taken,
    /// It was sent, and Meta refused the token before it came to it.
    Sent,
    /// It couldn't be made, and nobody asked for it.
    NotAskedFor,
    /// It couldn't be made, and the app demands it; or it was wrong.
    Demanded,
}

/// One fact.
#[derive(Debug)]
pub enum Fact<'a> {
    Owner(&'a Told<Owner>),
    Valid(&'a Told<TokenInfo>),
    /// The token is of another app than the one whose credentials are given.
    OtherApp {
        of_token: &'a str,
        given: &'a str,
    },
    /// Meta says of a Page's token that it is of something else, or of another Page.
    NotOfPage {
        kind: Option<&'a str>,
        profile_id: Option<&'a str>,
        page_id: &'a str,
    },
    /// When the token ends, in Unix seconds (0: never), and in how many days.
    Expiry {
        at: Option<i64>,
        days: i64,
    },
    /// When the app may no longer read what the person has allowed. Likewise.
    DataAccess {
        at: Option<i64>,
        days: i64,
    },
    Permission {
        name: &'static str,
        has: Has,
    },
    RetiredPermission(&'static str),
    /// What the app is sent; which of the needed fields it isn't.
    AppHalf {
        app: &'a Told<Option<AppWebhook>>,
        lacks: Vec<&'static str>,
    },
    /// What of the Page the app is sent. Likewise.
    PageHalf {
        page: &'a Told<Vec<PageWebhook>>,
        own: Option<&'a PageWebhook>,
        /// Whether anybody knows which app is the token's own.
        is_app_known: bool,
        lacks: Vec<&'static str>,
    },
    Proof(Proof),
    Version(GraphVersion, VersionLife),
}

/// What a fact is about.
pub struct Title<'a>(pub &'a Fact<'a>);
/// What was found.
pub struct Evidence<'a>(pub &'a Fact<'a>);
/// What helps; nothing where nothing is wrong.
pub struct Cure<'a>(pub &'a Fact<'a>);

impl Fact<'_> {
    /// The name in JSON.
    pub fn id(&self) -> String {
        match self {
            Fact::Owner(_) => "owner".to_owned(),
            Fact::Valid(_) => "valid".to_owned(),
            Fact::OtherApp { .. } => "app".to_owned(),
            Fact::NotOfPage { .. } => "kind".to_owned(),
            Fact::Expiry { .. } => "expiry".to_owned(),
            Fact::DataAccess { .. } => "data-access".to_owned(),
            Fact::Permission { name, .. } | Fact::RetiredPermission(name) => format!("permission.{name}"),
            Fact::AppHalf { .. } => "webhook.app".to_owned(),
            Fact::PageHalf { .. } => "webhook.page".to_owned(),
            Fact::Proof(_) => "appsecret-proof".to_owned(),
            Fact::Version(..) => "graph-version".to_owned(),
        }
    }

    /// How it is to be taken.
    pub fn verdict(&self) -> Verdict {
        match self {
            Fact::Owner(Told::Answered(Owner::Page(_))) => Verdict::Ok,
            Fact::Owner(Told::Answered(Owner::Person { .. }) | Told::Refused(_)) => Verdict::Fail,
            Fact::Owner(Told::NotAsked) => Verdict::Unknown,
            Fact::Valid(Told::Answered(info)) if info.is_valid => Verdict::Ok,
            Fact::Valid(Told::Answered(_) | Told::Refused(_)) => Verdict::Fail,
            Fact::Valid(Told::NotAsked) => Verdict::Unknown,
            Fact::OtherApp { .. } | Fact::NotOfPage { .. } => Verdict::Fail,
            Fact::Expiry { at, days } | Fact::DataAccess { at, days } => ends(*at, *days),
            Fact::Permission { has: Has::Yes, .. } => Verdict::Ok,
            Fact::Permission { has: Has::No | Has::NotForPage(_), .. } => Verdict::Fail,
            Fact::Permission { has: Has::Unknown, .. } => Verdict::Unknown,
            Fact::RetiredPermission(_) => Verdict::Warn,
            Fact::AppHalf { app: Told::NotAsked, .. } | Fact::PageHalf { page: Told::NotAsked, .. } => {
                Verdict::Unknown
            }
            Fact::AppHalf { app: Told::Answered(Some(app)), lacks } if app.is_active => half(lacks),
            Fact::AppHalf { .. } => Verdict::Fail,
            Fact::PageHalf { own: Some(_), lacks, .. } => half(lacks),
            Fact::PageHalf { page: Told::Answered(installed), is_app_known: false, .. }
                if !installed.is_empty() =>
            {
                Verdict::Unknown
            }
            Fact::PageHalf { .. } => Verdict::Fail,
            Fact::Proof(Proof::Taken) => Verdict::Ok,
            Fact::Proof(Proof::Sent | Proof::NotAskedFor) => Verdict::Unknown,
            Fact::Proof(Proof::Demanded) => Verdict::Fail,
            Fact::Version(_, VersionLife::Lives) => Verdict::Ok,
            Fact::Version(_, VersionLife::Ends { .. }) => Verdict::Warn,
            Fact::Version(_, VersionLife::Ended { .. }) => Verdict::Fail,
        }
    }
}

fn ends(at: Option<i64>, days: i64) -> Verdict {
    match at {
        None => Verdict::Unknown,
        Some(0) => Verdict::Ok,
        Some(_) if days < 0 => Verdict::Fail,
        Some(_) if days < SOON => Verdict::Warn,
        Some(_) => Verdict::Ok,
    }
}

/// Without its messages a channel is none; the other fields can be done without.
fn half(lacks: &[&str]) -> Verdict {
    match lacks {
        [] => Verdict::Ok,
        lacks if lacks.contains(&"messages") => Verdict::Fail,
        _ => Verdict::Warn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_warned_of_and_never_is_none() {
        assert_eq!(
            [ends(None, 0), ends(Some(0), -20_000), ends(Some(1), -1), ends(Some(1), 13), ends(Some(1), 14)],
            [Verdict::Unknown, Verdict::Ok, Verdict::Fail, Verdict::Warn, Verdict::Ok]
        );
    }
}
