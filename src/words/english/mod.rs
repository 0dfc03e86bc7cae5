//! English: present tense, the plain verb first, the field's own words. What follows a label (`error:`, `try:`) or stands
//! behind another cause begins with a small letter; what stands alone, with a capital.

mod api;
mod failure;
mod finding;
mod hint;
mod value;

pub use api::{api_error, event, proxy, reason, transport};
pub use failure::{doing, failure, not_restored, unsupported};
pub use finding::{finding, remark};
pub use hint::hint;
pub use value::{not_an_id, url_error, value_error};

use std::fmt::Display;

use crate::types::SignInKind;

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
