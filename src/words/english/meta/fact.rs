//! What `meta check` says of each fact.

use std::fmt::{Formatter, Result};

use super::code::{cause, cure};
use super::trouble::{APP_REFUSED, COPY_BOTH, NEW_TOKEN, not_of_page};
use crate::platform::ApiError;
use crate::platform::meta::{Cure, Evidence, Fact, Has, Owner, Proof, Title, Told};
use crate::types::{GraphVersion, Known, VersionLife, time};
use crate::words::english::{list, type_};

pub fn title(Title(fact): &Title<'_>, f: &mut Formatter<'_>) -> Result {
    match fact {
        Fact::Owner(_) => f.write_str("Token of"),
        Fact::Valid(_) => f.write_str("Valid"),
        Fact::OtherApp { .. } => f.write_str("App"),
        Fact::NotOfPage { .. } => f.write_str("Type"),
        Fact::Expiry { .. } => f.write_str("Expires"),
        Fact::DataAccess { .. } => f.write_str("Data access ends"),
        Fact::Permission { name, .. } | Fact::RetiredPermission(name) => f.write_str(name),
        Fact::AppHalf { .. } => f.write_str("Webhook, the app's half"),
        Fact::PageHalf { .. } => f.write_str("Webhook, the Page's half"),
        Fact::Proof(_) => f.write_str("appsecret_proof"),
        Fact::Version(..) => f.write_str("Graph version"),
    }
}

pub fn evidence(Evidence(fact): &Evidence<'_>, f: &mut Formatter<'_>) -> Result {
    match fact {
        Fact::Owner(Told::Answered(Owner::Page(page))) => write!(f, "Page {} ({})", page.name, page.id),
        Fact::Owner(Told::Answered(Owner::Person { name: Some(name), .. })) => write!(f, "a person, {name}"),
        Fact::Owner(Told::Answered(Owner::Person { name: None, .. })) => f.write_str("a person"),
        Fact::Valid(Told::Answered(info)) => match (info.is_valid, info.error) {
            (true, _) => f.write_str("yes"),
            (false, Some(code)) => write!(f, "no: {}", cause(code)),
            (false, None) => f.write_str("no"),
        },
        Fact::Owner(Told::Refused(error)) => write!(f, "{}", error.reason),
        Fact::Valid(Told::Refused(error)) => by_app(error, f),
        Fact::OtherApp { of_token, given } => {
            write!(f, "the token is of app {of_token}, and META_APP_ID is {given}")
        }
        Fact::NotOfPage { kind, profile_id, page_id } => not_of_page(*kind, *profile_id, page_id, f),
        Fact::Owner(Told::NotAsked) => f.write_str("not asked"),
        Fact::Valid(Told::NotAsked) => f.write_str("only the app's own credentials can ask"),
        Fact::Expiry { at, days } | Fact::DataAccess { at, days } => end(*at, *days, f),
        Fact::Permission { has, .. } => match has {
            Has::Yes => f.write_str("granted"),
            Has::No => f.write_str("missing"),
            Has::NotForPage(ids) => write!(f, "granted for other Pages only: {}", list(ids.iter().take(5))),
            Has::Unknown => f.write_str("not known"),
        },
        Fact::RetiredPermission(_) => f.write_str("granted, but Meta has retired it"),
        Fact::AppHalf { app, lacks } => match app {
            Told::NotAsked => f.write_str("only the app's own credentials can ask"),
            Told::Refused(error) => by_app(error, f),
            Told::Answered(None) => f.write_str("not set"),
            Told::Answered(Some(app)) => {
                write!(f, "{}", app.callback_url.as_deref().unwrap_or("no address"))?;
                if !app.is_active {
                    f.write_str(", not active")?;
                }
                lacking(lacks, f)
            }
        },
        Fact::PageHalf { page, own, is_app_known, lacks } => match (page, own) {
            (Told::NotAsked, _) => f.write_str("only a Page's own token can ask"),
            (Told::Refused(error), _) => write!(f, "{}", error.reason),
            (Told::Answered(_), Some(own)) => {
                write!(f, "app {} is subscribed", own.app_name.as_deref().unwrap_or(&own.app_id))?;
                lacking(lacks, f)
            }
            (Told::Answered(others), None) if others.is_empty() => f.write_str("not subscribed"),
            (Told::Answered(others), None) => {
                let others =
                    others.iter().take(5).map(|other| other.app_name.as_deref().unwrap_or(&other.app_id));
                match is_app_known {
                    true => write!(f, "the app is not subscribed; others are: {}", list(others)),
                    false => write!(f, "one of these may be the token's own app: {}", list(others)),
                }
            }
        },
        Fact::Proof(Proof::Taken) => f.write_str("sent, and taken"),
        Fact::Proof(Proof::Sent) => f.write_str("sent, but Meta refuses the token itself"),
        Fact::Proof(Proof::NotAskedFor) => f.write_str("not sent, and not asked for"),
        Fact::Proof(Proof::Demanded) => f.write_str("the app demands the right one"),
        Fact::Version(version, life) => self::version(*version, life, f),
    }
}

/// What helps; nothing where nothing does or has to.
pub fn fact_cure(Cure(fact): &Cure<'_>, f: &mut Formatter<'_>) -> Result {
    match fact {
        Fact::Owner(Told::Answered(Owner::Person { .. })) => f.write_str("give the token of the Page itself"),
        Fact::Valid(Told::Answered(info)) if !info.is_valid => match info.error {
            Some(code) => cure(code, f),
            None => f.write_str("make a new Page token"),
        },
        Fact::AppHalf { app: Told::Refused(error), .. } if is_about_token(error) => f.write_str(COPY_BOTH),
        Fact::Owner(Told::Refused(error))
        | Fact::AppHalf { app: Told::Refused(error), .. }
        | Fact::PageHalf { page: Told::Refused(error), .. } => refused(error, f),
        Fact::Valid(Told::Refused(_)) | Fact::OtherApp { .. } => f.write_str(COPY_BOTH),
        Fact::NotOfPage { .. } => f.write_str(NEW_TOKEN),
        Fact::Valid(Told::NotAsked) | Fact::AppHalf { app: Told::NotAsked, .. } => {
            f.write_str("set META_APP_ID and META_APP_SECRET")
        }
        Fact::Expiry { at: Some(1..), days: ..14 } => {
            f.write_str("make a new Page token from a long-lived user token: it has no date of expiry")
        }
        Fact::DataAccess { at: Some(1..), days: ..14 } => {
            f.write_str("have the person sign in to the app again")
        }
        Fact::Permission { name, has: Has::No } => {
            write!(f, "sign in to the app again with {name}, then make a new Page token")
        }
        Fact::Permission { name, has: Has::NotForPage(_) } => {
            write!(f, "sign in to the app again with {name}, ticking this Page, then make a new Page token")
        }
        Fact::RetiredPermission(name) => {
            write!(f, "don't ask for {name} any more; {} says what is left", type_("meta review"))
        }
        Fact::AppHalf { app: Told::Answered(app), lacks } => match app {
            Some(app) if app.is_active && lacks.is_empty() => Ok(()),
            _ => write!(f, "{}", type_("meta subscribe --callback-url URL")),
        },
        Fact::PageHalf { page: Told::Answered(installed), is_app_known: false, .. }
            if !installed.is_empty() =>
        {
            f.write_str("set META_APP_ID and META_APP_SECRET")
        }
        Fact::PageHalf { page: Told::Answered(_), own, lacks, .. } if own.is_none() || !lacks.is_empty() => {
            write!(f, "{}", type_("meta subscribe"))
        }
        Fact::Proof(Proof::Demanded) => {
            f.write_str("set META_APP_ID and META_APP_SECRET of the app that the token is of")
        }
        Fact::Version(_, VersionLife::Ends { .. } | VersionLife::Ended { .. }) => {
            f.write_str("leave --graph-version out, or name a newer one")
        }
        Fact::Owner(Told::NotAsked | Told::Answered(Owner::Page(_)))
        | Fact::Valid(Told::Answered(_))
        | Fact::Expiry { .. }
        | Fact::DataAccess { .. }
        | Fact::Permission { has: Has::Yes | Has::Unknown, .. }
        | Fact::PageHalf { .. }
        | Fact::Proof(Proof::Taken | Proof::Sent | Proof::NotAskedFor)
        | Fact::Version(_, VersionLife::Lives) => Ok(()),
    }
}

/// A version of the Graph API, and its end.
pub fn version(version: GraphVersion, life: &VersionLife, f: &mut Formatter<'_>) -> Result {
    match life {
        VersionLife::Lives => write!(f, "{version}"),
        VersionLife::Ends { on, days: 1 } => write!(f, "Graph API {version} ends on {on}, in 1 day"),
        VersionLife::Ends { on, days } => write!(f, "Graph API {version} ends on {on}, in {days} days"),
        VersionLife::Ended { on: Some(on) } => write!(f, "Graph API {version} ended on {on}"),
        VersionLife::Ended { on: None } => write!(f, "Graph API {version} has ended"),
    }
}

/// What refuses the app's own token refuses its credentials.
fn by_app(error: &ApiError, f: &mut Formatter<'_>) -> Result {
    match is_about_token(error) {
        true => f.write_str(APP_REFUSED),
        false => write!(f, "{}", error.reason),
    }
}

fn is_about_token(error: &ApiError) -> bool {
    matches!(error.known(), Some(Known::Meta(code)) if code.is_about_token())
}

fn refused(error: &ApiError, f: &mut Formatter<'_>) -> Result {
    match error.known() {
        Some(Known::Meta(code)) => cure(code, f),
        _ => f.write_str("try again"),
    }
}

fn end(at: Option<i64>, days: i64, f: &mut Formatter<'_>) -> Result {
    let Some(at) = at else { return f.write_str("not known") };
    let on = time::of_seconds(at);
    match (at, days) {
        (0, _) => f.write_str("never"),
        (_, ..0) => write!(f, "{on}, which is past"),
        (_, 0) => write!(f, "{on}, within a day"),
        (_, 1) => write!(f, "{on}, in 1 day"),
        (_, days) => write!(f, "{on}, in {days} days"),
    }
}

fn lacking(lacks: &[&str], f: &mut Formatter<'_>) -> Result {
    match lacks {
        [] => Ok(()),
        lacks => write!(f, ", without {}", list(lacks)),
    }
}
