//! What is found while one looks, and isn't an error: a person should hear of it although things go on. Data alone: who
//! looks returns it, a command shows it, `words` makes the sentence.

use std::path::PathBuf;

use crate::files::Remark;
use crate::store::ProfileName;
use crate::store::lease::{Doubt, LeaseRecord};
use crate::types::{GraphVersion, Invocation, SignInKind, VersionLife};

/// Something found.
#[derive(Debug)]
pub enum Finding {
    /// About a file of ours.
    File(Remark),
    /// A callback URL is borrowed just now. Whether of the account in use.
    Borrowed { record: LeaseRecord, here: bool },
    /// One was borrowed by a process that is gone, and isn't back. Of the account in use.
    Abandoned { record: LeaseRecord },
    /// Likewise at another API, of which that is the journal.
    AbandonedElsewhere { record: LeaseRecord, journal: PathBuf },
    /// Likewise at this API, with other credentials.
    AbandonedByAnother { record: LeaseRecord },
    /// A file that stands where a journal belongs, and can't be believed.
    Doubtful { path: PathBuf, why: Doubt },
    /// A callback URL is the temporary address of a sign-in that no journal here knows of.
    LeftBehind { kind: SignInKind },
    /// A version of Meta's Graph API ends soon, or has ended.
    GraphVersion(GraphVersion, VersionLife),
    /// A verify token has other characters than letters and digits, which Meta has been seen to mangle.
    OddVerifyToken,
}

impl Finding {
    /// The command that helps.
    pub fn next(&self) -> Option<Invocation> {
        Some(Invocation::new(match self {
            Finding::File(_)
            | Finding::Borrowed { .. }
            | Finding::GraphVersion(..)
            | Finding::OddVerifyToken => {
                return None;
            }
            Finding::Abandoned { .. } | Finding::AbandonedByAnother { .. } => "callback restore".to_owned(),
            Finding::AbandonedElsewhere { record, .. } => {
                format!("{} callback restore", options_for(record))
            }
            Finding::Doubtful { .. } => "callback show".to_owned(),
            Finding::LeftBehind { kind } => format!("callback set --{kind} URL"),
        }))
    }
}

/// The options with which a command is about that API and profile.
fn options_for(record: &LeaseRecord) -> String {
    let profile = &record.profile;
    match record.api_url.as_str() {
        ProfileName::SANDBOX if profile.as_str() == ProfileName::SANDBOX => "--sandbox".to_owned(),
        ProfileName::SANDBOX => format!("--sandbox --profile {profile}"),
        // Which one is used where none is named can be chosen.
        url => format!("--api-url {url} --profile {profile}"),
    }
}
