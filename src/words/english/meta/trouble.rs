//! What is wrong with a Page token, or with its webhook.

use std::fmt::{Formatter, Result};

use super::code::{cause, cure};
use crate::failure::{MetaHalf, MetaTrouble};
use crate::platform::meta::{Handshake, NotMet};
use crate::words::english::type_;

pub(super) const APP_REFUSED: &str = "Meta doesn't accept META_APP_ID with META_APP_SECRET";
pub(super) const COPY_BOTH: &str =
    "copy both from the app's dashboard: App settings, Basic; of the app that the token is of";
pub(super) const NEW_TOKEN: &str =
    "make a new Page token in the app's dashboard (Messenger settings), and copy it whole";

pub fn trouble(trouble: &MetaTrouble, f: &mut Formatter<'_>) -> Result {
    match trouble {
        MetaTrouble::Person { name: Some(name) } => {
            write!(f, "this is the token of a person ({name:.60}), not of a Page")
        }
        MetaTrouble::Person { name: None } => f.write_str("this is the token of a person, not of a Page"),
        MetaTrouble::Invalid { why: Some(code) } => {
            write!(f, "the Page token is not valid: {}", cause(*code))
        }
        MetaTrouble::Invalid { why: None } => f.write_str("the Page token is not valid"),
        MetaTrouble::Expired { at } => write!(f, "the Page token expired at {at}"),
        MetaTrouble::Lacks { permission, page: None } => write!(f, "the Page token lacks {permission}"),
        MetaTrouble::Lacks { permission, page: Some(page) } => {
            write!(f, "the token has {permission} for other Pages, not for {page:.60}")
        }
        MetaTrouble::OtherApp { of_token, given } => {
            write!(f, "the Page token is of app {of_token:.30}, and META_APP_ID is {given:.30}")
        }
        MetaTrouble::AppRefused => f.write_str(APP_REFUSED),
        MetaTrouble::AppNotConfirmed { given } => {
            write!(f, "Meta doesn't confirm that the Page token is of app {given:.30}, META_APP_ID")
        }
        MetaTrouble::NotOfPage { kind, profile_id, page_id } => {
            not_of_page(kind.as_deref(), profile_id.as_deref(), page_id, f)
        }
        MetaTrouble::DataAccess { at } => write!(
            f,
            "the app's access to the person's data ended at {at}; have the person sign in to the app again"
        ),
        MetaTrouble::Handshake(handshake) => not_met(handshake, f),
        MetaTrouble::NoApp => f.write_str("setting the callback URL needs META_APP_ID and META_APP_SECRET"),
        MetaTrouble::NotShown(half) => {
            write!(f, "Meta has taken {} of the webhook, but doesn't show it after 2 s", named(*half))
        }
        MetaTrouble::Unsure(half) => write!(f, "can't tell whether {} of the webhook is set", named(*half)),
        MetaTrouble::NoGraph => f.write_str("only the sandbox of 10darts has a Graph API"),
        MetaTrouble::GraphUrl => f.write_str("can't use SOCIALCHAT_GRAPH_URL"),
        MetaTrouble::AppId => f.write_str("META_APP_ID is no app's id: that has digits alone"),
        MetaTrouble::Bad { count: 1 } => f.write_str("1 check failed"),
        MetaTrouble::Bad { count } => write!(f, "{count} checks failed"),
    }
}

pub fn trouble_cure(trouble: &MetaTrouble, f: &mut Formatter<'_>) -> Result {
    match trouble {
        MetaTrouble::Person { .. } => write!(
            f,
            "give the token of the Page itself; {} with this one lists the Pages that it covers",
            type_("meta check")
        ),
        MetaTrouble::Invalid { why: Some(code) } => cure(*code, f),
        MetaTrouble::Invalid { why: None } | MetaTrouble::Expired { .. } => {
            f.write_str("make a new Page token from a long-lived user token: it has no date of expiry")
        }
        MetaTrouble::Lacks { permission, page } => {
            let page = if page.is_some() { ", ticking this Page" } else { "" };
            write!(f, "sign in to the app again with {permission}{page}, then make a new Page token")
        }
        MetaTrouble::AppRefused | MetaTrouble::OtherApp { .. } => f.write_str(COPY_BOTH),
        MetaTrouble::AppNotConfirmed { .. } => {
            write!(f, "{COPY_BOTH}; after a trouble of Meta's own, try again")
        }
        MetaTrouble::NotOfPage { .. } => f.write_str(NEW_TOKEN),
        MetaTrouble::DataAccess { .. } => f.write_str("have the person sign in to the app again"),
        MetaTrouble::Handshake(Handshake { why, .. }) => not_met_cure(why, f),
        MetaTrouble::NoApp => f.write_str(
            "set both, from App settings, Basic in the app's dashboard; without --callback-url the Page's half is done \
             and the app's is printed as steps",
        ),
        MetaTrouble::NotShown(_) | MetaTrouble::Unsure(_) => {
            write!(f, "look with {}, then run the command again", type_("meta check"))
        }
        MetaTrouble::NoGraph => f.write_str("add --platform 10darts"),
        MetaTrouble::GraphUrl => f.write_str("like https://graph.facebook.com, without a version; or unset it"),
        MetaTrouble::AppId => f.write_str("copy it from the app's dashboard: App settings, Basic"),
        MetaTrouble::Bad { .. } => f.write_str("do what stands with each of them, then check again"),
    }
}

/// What `debug_token` says of a token that is a Page's after `/me`.
pub(super) fn not_of_page(
    kind: Option<&str>,
    profile_id: Option<&str>,
    page_id: &str,
    f: &mut Formatter<'_>,
) -> Result {
    let (kind, profile_id) = (kind.unwrap_or("no"), profile_id.unwrap_or("no"));
    write!(
        f,
        "Meta answers as to Page {page_id:.30}, but says that the token is of type {kind:.30}, profile {profile_id:.30}"
    )
}

fn named(half: MetaHalf) -> &'static str {
    match half {
        MetaHalf::App => "the app's half",
        MetaHalf::Page => "the Page's half",
    }
}

/// With the address and, where one came, the status.
fn not_met(handshake: &Handshake, f: &mut Formatter<'_>) -> Result {
    let Handshake { url, status, why } = handshake;
    write!(f, "{url} fails Meta's handshake: ")?;
    if let Some(status) = status {
        write!(f, "status {status}, ")?;
    }
    match why {
        NotMet::NotReached(error) => write!(f, "{}", error.reason),
        NotMet::Redirect => f.write_str("a redirect, which Meta doesn't follow"),
        NotMet::VerifyToken => f.write_str("it refuses the verify token"),
        NotMet::Status => f.write_str("where Meta wants 200"),
        NotMet::Empty => f.write_str("with an empty answer instead of the challenge"),
        NotMet::WebPage => f.write_str("with a web page instead of the bare challenge"),
        NotMet::Quoted => f.write_str("with the challenge in quotes instead of bare"),
        NotMet::NotBare => {
            f.write_str("with blanks or a byte order mark around the challenge, which Meta wants bare")
        }
        NotMet::OtherChallenge => f.write_str("with another number than the challenge"),
        NotMet::Other => f.write_str("with something else than the challenge"),
    }
}

fn not_met_cure(why: &NotMet, f: &mut Formatter<'_>) -> Result {
    f.write_str(match why {
        NotMet::NotReached(_) => {
            "check that the address is public and its certificate valid, as any browser would want it"
        }
        NotMet::Redirect => "give the address that it leads to, with or without a slash at its end",
        NotMet::VerifyToken => "copy the verify token again: it must be the one that the endpoint expects",
        NotMet::Status => "check the path of the callback URL; the verify token must agree",
        NotMet::Empty | NotMet::WebPage | NotMet::OtherChallenge | NotMet::Other => {
            "check the path of the callback URL; the endpoint answers with hub.challenge alone, as plain text"
        }
        NotMet::NotBare => {
            "have the endpoint answer with the digits of hub.challenge and no line break behind them"
        }
        NotMet::Quoted => "have the endpoint answer with plain text, not with JSON",
    })
}
