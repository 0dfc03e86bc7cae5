//! Qontak: tokens of its older generation, and what nobody did on its page.

use std::fmt::{Formatter, Result};

use super::type_;
use crate::failure::Qontak;
use crate::types::ChannelKind;

pub(super) fn failure(failure: &Qontak, f: &mut Formatter<'_>) -> Result {
    match failure {
        Qontak::Expired { profile } => {
            write!(f, "the access token of profile {profile} has expired, and there is no refresh token")
        }
        Qontak::RefreshLost { profile } => write!(
            f,
            "can't tell whether the refresh token of profile {profile} is used up: the answer to it was lost"
        ),
        Qontak::RefreshRefused { profile } => {
            write!(f, "Qontak rejects the refresh token of profile {profile}")
        }
        Qontak::RefreshUnstored { profile } => {
            write!(f, "can't save the fresh tokens of profile {profile}")
        }
        Qontak::NoBrowser { .. } => {
            f.write_str("Qontak's page needs a browser, but this session isn't interactive")
        }
        Qontak::NotConnected { kind, seconds: 0 } => write!(f, "no new {} channel was seen", kind.title()),
        Qontak::NotConnected { kind, seconds } => {
            write!(f, "no new {} channel was seen within {seconds} s", kind.title())
        }
        Qontak::NotReconnected { seconds: 0, .. } => f.write_str("it was not seen to be active again"),
        Qontak::NotReconnected { seconds, .. } => {
            write!(f, "it was not seen to be active again within {seconds} s")
        }
        Qontak::NotDisconnected { seconds: 0 } => f.write_str("it is still connected"),
        Qontak::NotDisconnected { seconds } => write!(f, "it is still connected after {seconds} s"),
    }
}

pub(super) fn hint(failure: &Qontak, f: &mut Formatter<'_>) -> Result {
    match failure {
        Qontak::Expired { .. }
        | Qontak::RefreshLost { .. }
        | Qontak::RefreshRefused { .. }
        | Qontak::RefreshUnstored { .. } => write!(
            f,
            "a refresh token may hold only once; log in again: {}",
            type_("login --platform qontak --username NAME --client-id ID")
        ),
        Qontak::NoBrowser { sandbox } => {
            if *sandbox {
                f.write_str("--yes lets the sandbox do it by itself; ")?;
            }
            f.write_str("--no-browser prints the address and waits while somebody opens it elsewhere")
        }
        Qontak::NotConnected { kind, .. } | Qontak::NotReconnected { kind, .. } => {
            f.write_str("check that your role in Qontak is Admin and that the browser blocked no pop-up")?;
            if matches!(kind, ChannelKind::Messenger | ChannelKind::Instagram) {
                f.write_str(", and that you are an admin of the Page on Facebook: others aren't listed")?;
            }
            f.write_str("; --timeout SECONDS waits longer")
        }
        Qontak::NotDisconnected { .. } => f.write_str(
            "check that your role in Qontak is Admin and that you pressed Disconnect twice: the page asks; \
             --timeout SECONDS waits longer",
        ),
    }
}

/// What else the API of that generation may refuse them for. Follows what to check.
pub(super) fn about_credentials(is_older: bool, f: &mut Formatter<'_>) -> Result {
    f.write_str(match is_older {
        true => {
            "; a token is taken by the older API alone (…/api/open/v1): the newer one (…/qontak/chat/v1) wants a client ID \
             with its secret"
        }
        false => "; Qontak's support must have enabled the account for the newer API, and a secret is shown only once",
    })
}

/// Where the older generation may be gone.
pub(super) fn newer_generation(is_silent: bool, f: &mut Formatter<'_>) -> Result {
    if is_silent {
        f.write_str("check your network or proxy; ")?;
    }
    write!(
        f,
        "Qontak's older API may be gone since 11 April 2025: the newer one is at https://api.mekari.com/qontak/chat/v1 and \
         takes a client ID with its secret from Mekari's Developer Center: {}",
        type_("--profile NAME --platform qontak login --client-id ID")
    )
}
