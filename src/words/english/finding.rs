//! What was found.

use std::error::Error as _;
use std::fmt::{Formatter, Result};

use crate::files::Remark;
use crate::finding::Finding;
use crate::store::lease::{Doubt, LeaseRecord};
use crate::types::Invocation;

pub fn finding(finding: &Finding, f: &mut Formatter<'_>) -> Result {
    let next = finding.next().map(|next| next.to_string()).unwrap_or_default();
    match finding {
        Finding::File(found) => remark(found, f),
        Finding::Borrowed { record, here } => {
            let of = if *here { String::new() } else { format!(" of {}", record.api_url) };
            let (kind, since) = (record.kind, &record.borrowed_at);
            write!(
                f,
                "the {kind} callback URL{of} is temporarily replaced since {since} {}. {}",
                by(record),
                was(record)
            )
        }
        Finding::Abandoned { record } => write!(f, "{}. {next} restores it", abandoned(record)),
        Finding::AbandonedElsewhere { record, journal } => write!(
            f,
            "{}. {next} restores it, with the credentials of that API. If that API is gone for good, remove {}",
            abandoned(record),
            journal.display()
        ),
        Finding::AbandonedByAnother { record } => write!(
            f,
            "the {} callback URL of another account of this API was replaced {} and is not restored. {}. {next} with \
             the credentials of that account restores it; these credentials change nothing there",
            record.kind,
            record.borrowed_at,
            was(record)
        ),
        Finding::Doubtful { path, why } => {
            match why {
                // It names its path.
                Doubt::Unreadable(error) => {
                    write!(f, "{error}")?;
                    if let Some(cause) = error.source() {
                        write!(f, ": {cause}")?;
                    }
                }
                why => write!(f, "{}: {why}", path.display())?,
            }
            write!(
                f,
                ". It stands where the record of a replaced callback URL belongs, and can't be trusted. Check the callback \
                 URLs ({next}), set them with {}, then remove the file",
                Invocation::new("callback set")
            )
        }
        Finding::GraphVersion(version, life) => super::meta::version(*version, life, f),
        Finding::OddVerifyToken => f.write_str(
            "the verify token has other characters than letters and digits; Meta has been seen to mangle them",
        ),
        Finding::LeftBehind { kind } => write!(
            f,
            "the {kind} callback URL is the temporary address of a sign-in that is not recorded here: it is still going \
             on elsewhere, or was cut off. In that case {next} sets a real one"
        ),
    }
}

pub fn remark(remark: &Remark, f: &mut Formatter<'_>) -> Result {
    match remark {
        Remark::ReadableByOthers { path, mode, tightened: true } => write!(
            f,
            "{} was readable by others (mode {mode:04o}); it is 0600 now. Other users of this machine may have seen the \
             keys in it",
            path.display()
        ),
        Remark::ReadableByOthers { path, mode, tightened: false } => {
            write!(f, "{} is readable by others (mode {mode:04o}), and that can't be changed", path.display())
        }
        Remark::OwnedByAnother { path, uid } => {
            write!(f, "{} belongs to another user (ID {uid}), who can change it", path.display())
        }
        Remark::FolderOfAnother { path, uid } => write!(
            f,
            "{} belongs to another user (ID {uid}), who can replace the files in it; use a folder of your own",
            path.display()
        ),
        Remark::FolderWritable { path, mode } => write!(
            f,
            "others can write to {} (mode {mode:04o}), and so replace the files in it; make it 0700",
            path.display()
        ),
        Remark::UnknownKey { path, line, key } => {
            write!(f, "{}:{line}: unknown key {key} is ignored", path.display())
        }
        Remark::LeftInKeychain { entry, why } => {
            write!(f, "the earlier credentials are still in the keychain as {entry:?}: {why}")
        }
    }
}

/// A callback URL that nobody has put back.
fn abandoned(record: &LeaseRecord) -> String {
    format!(
        "the {} callback URL of {} was replaced {} {}, which is gone. {}",
        record.kind,
        record.api_url,
        record.borrowed_at,
        by(record),
        was(record)
    )
}

fn by(record: &LeaseRecord) -> String {
    format!("by process {} on {}", record.pid, record.host.as_deref().unwrap_or("this machine"))
}

fn was(record: &LeaseRecord) -> String {
    match &record.earlier {
        Some(url) => format!("Before that it was {url}"),
        None => "Before that it was unset".to_owned(),
    }
}
