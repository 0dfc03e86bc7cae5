//! What was borrowed and isn't back, and why.

use std::fmt::{Formatter, Result};

use super::failure::process;
use crate::borrowed::{Cause, NotRestored, Unproven};

pub fn not_restored(left: &NotRestored, f: &mut Formatter<'_>) -> Result {
    let NotRestored { kind, value, cause, .. } = left;
    match value {
        Some(url) => write!(f, "can't restore the {kind} callback URL to {url}: {cause}"),
        None => write!(f, "the {kind} callback URL is not restored: {cause}"),
    }
}

pub fn cause(cause: &Cause, f: &mut Formatter<'_>) -> Result {
    match cause {
        Cause::RunEnded => f.write_str("the run ended first"),
        Cause::EarlierRun { borrowed_at, api_url } => write!(
            f,
            "an interrupted run ({borrowed_at}) replaced it on {api_url}; until it is restored, no sign-in replaces it \
             again"
        ),
        Cause::NoAnswer => f.write_str("the API didn't answer in time"),
        Cause::SettingsInUse { lock, pid } => write!(
            f,
            "another run is changing the settings of this account ({} is in use by {})",
            lock.display(),
            process(*pid)
        ),
        Cause::NeverSeen { now } => write!(
            f,
            "the API never showed this computer's address, so what it shows now ({}) proves nothing. A minute later the \
             next command checks again",
            now.as_deref().unwrap_or("nothing")
        ),
        Cause::OtherSignIn { now } => write!(
            f,
            "the temporary address of another sign-in is set now ({now}). When that sign-in has ended, the next command \
             checks again"
        ),
        Cause::CannotBeUnset { answer, ours } => {
            write!(f, "the API refuses to unset it ({answer}), so it remains {ours}. No program listens there now")
        }
        Cause::EarlierUnknown => f.write_str(
            "this API showed its settings only after the URL was replaced, so the earlier value is unknown. It is unset \
             now",
        ),
        Cause::Failed(error) => write!(f, "{error:#}"),
    }
}

pub fn unproven(why: &Unproven, f: &mut Formatter<'_>) -> Result {
    match why {
        Unproven::Unreadable => {
            f.write_str("the settings were readable before, but now the API knows no such call")
        }
        Unproven::Lacking { field } => write!(f, "the API shows the settings without {field}"),
        Unproven::NeverSeen { now } => {
            let now = now.as_deref().unwrap_or("nothing");
            write!(f, "the API shows {now}, and never showed this computer's address")
        }
        Unproven::StillOurs { ours } => write!(f, "the API answered well, but still shows {ours}"),
    }
}
