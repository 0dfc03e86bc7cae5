//! What Meta's codes mean, and what helps ("Handling Errors").

use std::fmt::{Formatter, Result};

use super::trouble::NEW_TOKEN;
use crate::types::{MetaCode, MetaMeaning};

/// What a refusal means, its code, and Meta's own words.
pub fn refused(code: MetaCode, message: Option<&str>, f: &mut Formatter<'_>) -> Result {
    f.write_str(cause(code))?;
    f.write_str(" (Meta's code ")?;
    number(code, f)?;
    if let Some(minutes) = code.minutes {
        write!(f, ", for {minutes} minutes")?;
    }
    match message {
        Some(message) => write!(f, ": {message})"),
        None => f.write_str(")"),
    }
}

/// `190/463`
fn number(code: MetaCode, f: &mut Formatter<'_>) -> Result {
    match code.subcode {
        Some(subcode) => write!(f, "{}/{subcode}", code.code),
        None => write!(f, "{}", code.code),
    }
}

/// Why Meta refuses.
pub fn cause(code: MetaCode) -> &'static str {
    match code.means() {
        MetaMeaning::AppRemoved => "the person has removed the app, which ends its tokens",
        MetaMeaning::Checkpoint => "Facebook wants the person to log in there first",
        MetaMeaning::PasswordChanged => "the person has changed the password, which ends the tokens",
        MetaMeaning::TokenExpired => "the token has expired",
        MetaMeaning::Unconfirmed => "the person's Facebook account is not confirmed",
        MetaMeaning::TokenInvalid => "the token is no longer valid",
        MetaMeaning::NoRole => "the person no longer has a role on the Page",
        MetaMeaning::TokenRefused => "Meta doesn't accept the token",
        MetaMeaning::OutsideWindow => "the message is outside of the time in which one is allowed",
        MetaMeaning::PageRestricted => "Meta has restricted the Page for a while",
        MetaMeaning::PermissionMissing => "a permission is missing, or was withdrawn",
        MetaMeaning::Proof => "the app demands the proof of its secret (appsecret_proof)",
        MetaMeaning::Parameter => "Meta doesn't take a value, or finds no such thing",
        MetaMeaning::TooManyCalls => "too many calls",
        MetaMeaning::Passing => "Meta has a trouble of its own, which passes",
        MetaMeaning::CapabilityMissing => "the app lacks a capability for this call",
        MetaMeaning::AppLimit => "the app has reached a limit of its own",
        MetaMeaning::Blocked => "Meta blocks this for its policies",
        MetaMeaning::Duplicate => "the same was sent just before",
        MetaMeaning::CallbackNotReached => "Meta can't reach the callback URL, or it doesn't answer 200",
        MetaMeaning::CallbackNotTheChallenge => "the callback URL doesn't answer with Meta's challenge",
        MetaMeaning::Other => "Meta refuses it",
    }
}

/// What somebody can do about it.
pub fn cure(code: MetaCode, f: &mut Formatter<'_>) -> Result {
    f.write_str(match code.means() {
        MetaMeaning::AppRemoved => "have the person sign in to the app again, and take a new Page token",
        MetaMeaning::Checkpoint => {
            "have the person log in at https://www.facebook.com and do what it asks; the token may work again then"
        }
        MetaMeaning::PasswordChanged | MetaMeaning::TokenInvalid | MetaMeaning::TokenRefused => {
            NEW_TOKEN
        }
        MetaMeaning::TokenExpired => {
            "make a new Page token from a long-lived user token: it has no date of expiry"
        }
        MetaMeaning::Unconfirmed => "have the person confirm the account at https://www.facebook.com",
        MetaMeaning::NoRole => {
            "have an admin of the Page give the person a role on it, then make a new Page token"
        }
        MetaMeaning::OutsideWindow => {
            "wait for the customer to write; answers are allowed for 24 hours, by a person for 7 days (HUMAN_AGENT)"
        }
        MetaMeaning::PageRestricted => "see Page Quality at https://www.facebook.com/business-support-home",
        MetaMeaning::PermissionMissing => {
            "check three things: the permission is ticked in the sign-in, the person has a role with that task on the \
             Page, and the app has advanced access to it, or the person a role on the app"
        }
        MetaMeaning::Proof => "set META_APP_ID and META_APP_SECRET of the app that the token is of",
        MetaMeaning::Parameter => "check the ids: of the app that the token is of, and of the Page",
        MetaMeaning::TooManyCalls => match code.minutes {
            Some(minutes) => return write!(f, "try again in {minutes} minutes"),
            None => "try again later: Meta counts over an hour for apps, over a day for Pages",
        },
        MetaMeaning::Passing => "try again in some minutes; https://metastatus.com says what is down",
        MetaMeaning::CapabilityMissing => "check the app's products and access levels in its dashboard",
        MetaMeaning::AppLimit => "see the app's dashboard for which limit it is",
        MetaMeaning::Blocked => "see the app's alerts in its dashboard, and the Page's support inbox",
        MetaMeaning::Duplicate => "look first whether it is done already",
        MetaMeaning::CallbackNotReached => {
            "check that the callback URL is public, has a valid certificate and answers a GET with 200; the verify token \
             must agree"
        }
        MetaMeaning::CallbackNotTheChallenge => {
            "have the callback answer with hub.challenge alone, without quotes and HTML; the verify token must agree"
        }
        MetaMeaning::Other => {
            f.write_str("look up Meta's code ")?;
            return number(code, f);
        }
    })
}
