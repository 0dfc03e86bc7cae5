//! English: present tense, the plain verb first, the field's own words. What follows a label (`error:`, `try:`) or stands
//! behind another cause begins with a small letter; what stands alone, with a capital.

mod api;
mod borrowed;
mod failure;
mod files;
mod finding;
mod hint;
mod instead;
pub mod meta;
mod page_token;
mod qontak;
mod redirect;
mod sandbox;
mod sign_in;
mod usage;
mod value;

pub use api::{api_error, event, proxy, reason, transport};
pub use borrowed::{cause, not_restored, unproven};
pub use failure::{doing, failure, shared, unsupported};
pub use files::{
    config_error, credentials_error, doubt, file_error, folders_error, keychain_error, lease_error,
    profile_name_error, run_error,
};
pub use finding::{finding, remark};
pub use hint::hint;
pub use sandbox::{fault_error, sandbox_error};
pub use sign_in::{bind_error, lost_access, paste_error, token_fault};
pub use value::{not_an_id, url_error, value_error};

use std::fmt::Display;

use crate::types::{Invocation, SignInKind};

/// What one of them is called.
fn page(kind: SignInKind) -> &'static str {
    match kind {
        SignInKind::Messenger => "Page",
        SignInKind::Instagram => "account",
    }
}

/// What several are called.
fn pages(kind: SignInKind) -> &'static str {
    match kind {
        SignInKind::Messenger => "Pages",
        SignInKind::Instagram => "accounts",
    }
}

/// `a, b, c`
fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// A command to type.
fn type_(line: impl Into<String>) -> Invocation {
    Invocation::new(line)
}
