//! Data -> sentences. What goes wrong, what helps and what is found is data everywhere else; here alone it becomes text, by
//! a `match` without a catch-all for each type: a sentence that is missing does not compile.
//!
//! A sentence: a variant in the data, an arm in [`english`]. A type: a function there, and a line in `words!` below. A
//! language: a module beside [`english`] with the same functions, and the choice between them in `words!`.

mod english;

use std::fmt;
use std::sync::OnceLock;

use crate::borrowed::{Cause, NotRestored, Unproven};
use crate::failure::{Doing, Failure, LostAccess, MetaTrouble, Shared};
use crate::files::{FileError, Remark};
use crate::finding::Finding;
use crate::hint::Hint;
use crate::http::{ApiError, Event, Proxy, Reason, Transport};
use crate::loopback::{BindError, PasteError, TokenFault};
use crate::platform::Unsupported;
use crate::platform::meta::{Cure, Evidence, ItemDetail, ItemTitle, RetiredDetail, Title};
use crate::sandbox::{FaultError, SandboxError};
use crate::store::lease::{Doubt, LeaseError};
use crate::store::run::RunError;
use crate::store::{ConfigError, CredentialsError, FoldersError, KeychainError, ProfileNameError};
use crate::types::{Candidate, Invocation, NotAnId, UrlError, ValueError};

/// Gives each type its `Display`, and so every error its text wherever it ends up in a chain.
macro_rules! words {
    ($($data:ty => $say:path,)*) => {$(
        impl fmt::Display for $data {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $say(self, f)
            }
        }
    )*};
}

words! {
    BindError => english::bind_error,
    Cause => english::cause,
    ConfigError => english::config_error,
    CredentialsError => english::credentials_error,
    Doubt => english::doubt,
    FaultError => english::fault_error,
    FileError => english::file_error,
    FoldersError => english::folders_error,
    KeychainError => english::keychain_error,
    LeaseError => english::lease_error,
    PasteError => english::paste_error,
    ProfileNameError => english::profile_name_error,
    RunError => english::run_error,
    ApiError => english::api_error,
    Doing => english::doing,
    Event<'_> => english::event,
    Failure => english::failure,
    LostAccess => english::lost_access,
    Shared<'_> => english::shared,
    Unsupported => english::unsupported,
    MetaTrouble => english::meta::trouble,
    Title<'_> => english::meta::title,
    Evidence<'_> => english::meta::evidence,
    Cure<'_> => english::meta::fact_cure,
    ItemTitle => english::meta::item_title,
    ItemDetail => english::meta::item_detail,
    RetiredDetail => english::meta::retired_detail,
    Finding => english::finding,
    Hint<'_> => english::hint,
    NotAnId => english::not_an_id,
    NotRestored => english::not_restored,
    Proxy => english::proxy,
    Reason => english::reason,
    Remark => english::remark,
    TokenFault => english::token_fault,
    SandboxError => english::sandbox_error,
    Transport => english::transport,
    Unproven => english::unproven,
    UrlError => english::url_error,
    ValueError => english::value_error,
}

/// The options that belong into every command that somebody is told to type.
static REPEATED: OnceLock<Vec<String>> = OnceLock::new();

/// Has every [`Invocation`] written with these options, each with its value: `--profile b`. For the begin of a run.
pub fn repeat_options(options: Vec<String>) {
    // A second run in the same process would be a mistake of ours; what is said stays true for the first.
    let _ = REPEATED.set(options);
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_options(REPEATED.get().map_or(&[], Vec::as_slice), self.as_str()))
    }
}

/// A command between backquotes, with those options that it doesn't speak of already.
fn with_options(options: &[String], line: &str) -> String {
    let is_new = |option: &&String| {
        let name = option.trim_start_matches('-').split(' ').next().unwrap_or_default();
        !line.contains(name)
    };
    let words = options.iter().filter(is_new).map(String::as_str).chain([line]);
    format!("`socialchat-cli {}`", words.collect::<Vec<_>>().join(" "))
}

/// An `_id` with what stands beside it in a list, in every language.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Some(kind) => write!(f, "{} ({}, {kind})", self.id, self.name),
            None => write!(f, "{} ({})", self.id, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::with_options;

    #[test]
    fn commands_to_type_get_the_options_of_the_run() {
        let typed = |options: &[&str], line| {
            let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
            with_options(&options, line)
        };
        assert_eq!(typed(&[], "whoami"), "`socialchat-cli whoami`");
        assert_eq!(
            typed(&["--sandbox", "--profile b"], "whoami"),
            "`socialchat-cli --sandbox --profile b whoami`"
        );
        // Neither twice, nor before a command that is for the sandbox anyway.
        for line in ["sandbox reset", "--sandbox pages"] {
            assert_eq!(typed(&["--sandbox"], line), format!("`socialchat-cli {line}`"));
        }
    }
}
