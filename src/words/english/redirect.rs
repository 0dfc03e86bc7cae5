//! What came of a sign-in that UnifiedBeez' back end does by itself, and of what it has.

use std::fmt::{Formatter, Result};

use super::{list, page, pages, type_};
use crate::failure::Redirect;
use crate::types::{ChannelKind, typed};

pub(super) fn redirect(failure: &Redirect, f: &mut Formatter<'_>) -> Result {
    match failure {
        Redirect::LogInRefused => {
            f.write_str("UnifiedBeez rejects this e-mail address or password; nothing is saved")
        }
        Redirect::CodeRefused => f.write_str("UnifiedBeez rejects the code; nothing is saved"),
        Redirect::NotLoggedOut => {
            f.write_str("the credentials are removed here, but the session is not ended at UnifiedBeez")
        }
        Redirect::CodeUnasked => f.write_str("this account wants a second factor: prompts are off"),
        Redirect::Nobody { kind, .. } => {
            write!(f, "{} sign-in needs a browser, but this session isn't interactive", kind.title())
        }
        Redirect::Elsewhere { kind, host: Some(host) } => write!(
            f,
            "the {} sign-in leads to {host:.100}, which is neither Facebook nor Instagram; it is not opened",
            kind.title()
        ),
        Redirect::Elsewhere { kind, host: None } => {
            write!(f, "the {} sign-in leads to no address that can be opened", kind.title())
        }
        Redirect::NotHttps { kind, host } => write!(
            f,
            "the {} sign-in leads to {host:.100}, but not by https on port 443; it is not opened",
            kind.title()
        ),
        Redirect::HoldsSession { kind } => write!(
            f,
            "the {} sign-in leads to an address that holds your session; it is neither shown nor opened",
            kind.title()
        ),
        Redirect::NotAllowed { kind, reason } => {
            write!(f, "the plan doesn't allow {}: {reason}", kind.title())
        }
        Redirect::OtherType { kind, said } => {
            write!(f, "the browser came back from a sign-in for {said:.40?}, not for {}", kind.title())
        }
        Redirect::TimedOut { seconds, came: false } => {
            write!(
                f,
                "nobody came back from the sign-in within {seconds} s, and nothing new is seen connected"
            )
        }
        Redirect::TimedOut { seconds, came: true } => write!(
            f,
            "the browser came back without a result, and within {seconds} s nothing new is seen connected"
        ),
        Redirect::NotListed { kind } => write!(
            f,
            "UnifiedBeez says that {} is connected, but lists no connected {}",
            kind.title(),
            page(*kind)
        ),
        Redirect::NotTicked { kind, typed } => {
            write!(f, "the sign-in connected no {} {}", page(*kind), typed::shown(typed))
        }
        Redirect::StillThere => f.write_str("UnifiedBeez says that it is deleted, but still lists it"),
        Redirect::StillDisconnected { .. } => f.write_str("it is still disconnected after the sign-in"),
        Redirect::NotThere { id } => write!(f, "channel {id} is not listed any more"),
        Redirect::Unproven { .. } => {
            f.write_str("nothing shows that the sign-in has given it a fresh token: it is listed as before")
        }
        Redirect::IsWhole { id, kind, .. } => {
            write!(f, "{id} is the ID of the whole {kind} channel, not of a Page or account in it")
        }
        Redirect::NoSuchWhole { id, account: Some(account), .. } => {
            write!(f, "{} is one channel of several, not a whole one: {account}", typed::shown(id))
        }
        Redirect::NoSuchWhole { id, account: None, .. } => {
            write!(f, "no whole channel {}", typed::shown(id))
        }
        Redirect::NoWhole { id, kind, .. } => {
            write!(f, "UnifiedBeez has no call that deletes the whole {kind} channel {id}")
        }
        Redirect::DoubtfulWhole { id } => write!(
            f,
            "the list contradicts itself on which Pages are of the whole channel {id}; nothing is deleted"
        ),
        Redirect::WholeChanged { id } => {
            write!(f, "the Pages of the whole channel {id} have changed meanwhile; nothing is deleted")
        }
        Redirect::WholeUnasked { count: 1 } => {
            f.write_str("refusing to delete a whole channel with 1 Page without confirmation")
        }
        Redirect::WholeUnasked { count } => {
            write!(f, "refusing to delete a whole channel with {count} Pages without confirmation")
        }
    }
}

/// What helps.
pub(super) fn cure(failure: &Redirect, f: &mut Formatter<'_>) -> Result {
    match failure {
        Redirect::LogInRefused => f.write_str(
            "try again; an account that signs in with Google, Apple or Microsoft has no password: give the session of \
             your browser with --session-stdin",
        ),
        Redirect::CodeRefused => write!(f, "log in again: {}", type_("login --email ADDRESS")),
        Redirect::NotLoggedOut => f.write_str("end it in UnifiedBeez itself, in the list of your sessions"),
        Redirect::CodeUnasked => f.write_str(
            "log in on a terminal, without --password-stdin; or give the session of your browser with --session-stdin",
        ),
        Redirect::Nobody { sandbox, .. } => {
            if *sandbox {
                f.write_str("--yes lets the sandbox consent by itself; ")?;
            }
            f.write_str("--paste, --no-browser and --port let somebody sign in elsewhere")
        }
        Redirect::Elsewhere { .. } | Redirect::NotHttps { .. } | Redirect::HoldsSession { .. } => {
            write!(f, "check the API URL: {} shows it; or connect it in UnifiedBeez itself", type_("whoami"))
        }
        Redirect::NotAllowed { .. } => f.write_str("change the plan in UnifiedBeez, then run the command again"),
        Redirect::OtherType { .. } => f.write_str("close the other sign-in, then run the command again"),
        Redirect::TimedOut { .. } => f.write_str(
            "try again; --timeout SECONDS waits longer; where the browser ends on UnifiedBeez' own site, --paste reads its \
             address, and --origin URL names that site",
        ),
        Redirect::NotListed { .. } | Redirect::StillThere => {
            write!(f, "look again in a minute: {}", type_("channels list"))
        }
        Redirect::NotTicked { kind, .. } => write!(
            f,
            "sign in again and tick it, as an admin of it; {} shows what is connected",
            type_(format!("channels list --kind {kind}"))
        ),
        Redirect::StillDisconnected { kind } => write!(
            f,
            "sign in again with all {} ticked, as an admin of it; in UnifiedBeez it must be of this account",
            pages(*kind)
        ),
        Redirect::NotThere { .. } => f.write_str("connect it again"),
        Redirect::Unproven { kind } => {
            write!(f, "sign in again with all {} ticked, to the last page of the sign-in", pages(*kind))
        }
        Redirect::IsWhole { id, kind, accounts, more } => {
            let further = if *more > 0 { format!(" and {more} more") } else { String::new() };
            write!(f, "one of these: {}{further}", list(accounts))?;
            match kind {
                ChannelKind::Messenger => {
                    write!(f, "; {} deletes all of them", type_(format!("disconnect --whole-channel {id}")))
                }
                _ => Ok(()),
            }
        }
        Redirect::NoSuchWhole { account: Some(account), .. } => {
            write!(f, "{} deletes it", type_(format!("disconnect {}", account.id)))
        }
        Redirect::NoSuchWhole { channels, .. } if channels.is_empty() => {
            write!(f, "see your channels: {}", type_("channels list"))
        }
        Redirect::NoSuchWhole { channels, .. } => {
            write!(f, "one of these: {}", list(channels.iter().map(|(id, kind)| format!("{id} ({kind})"))))
        }
        Redirect::NoWhole { accounts, .. } => {
            let ids: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
            write!(f, "delete each: {}", type_(format!("disconnect {}", ids.join(" "))))
        }
        Redirect::DoubtfulWhole { .. } => {
            write!(f, "delete its Pages one by one: {} shows their IDs", type_("channels list --kind messenger"))
        }
        Redirect::WholeChanged { .. } => f.write_str("run the command again; it names those that are there now"),
        Redirect::WholeUnasked { .. } => f.write_str("add --yes"),
    }
}
