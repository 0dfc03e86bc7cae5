//! What this process has borrowed and not put back yet, for whoever ends it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::types::SignInKind;

/// A setting that was borrowed and isn't back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotRestored {
    /// Whose callback URL it is.
    pub kind: SignInKind,
    /// The setting's name.
    pub field: String,
    /// The API whose setting it is.
    pub api_url: String,
    /// The value to put back; `None` if it was unset.
    pub value: Option<String>,
    /// Why it isn't back.
    pub cause: String,
    /// Whether its journal is still there, for `callback restore`.
    #[serde(skip)]
    pub can_be_tried: bool,
}

/// All that is borrowed at the moment. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Borrowed(Arc<Mutex<Vec<NotRestored>>>);

impl Borrowed {
    /// Notes that a setting is borrowed, or why it still is.
    pub fn note(&self, entry: NotRestored) {
        let mut entries = self.lock();
        entries.retain(|known| !known.is_of(&entry));
        entries.push(entry);
    }

    /// Notes that it isn't any more.
    pub fn settle(&self, entry: &NotRestored) {
        self.lock().retain(|known| !known.is_of(entry));
    }

    /// What isn't back.
    pub fn left(&self) -> Vec<NotRestored> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<NotRestored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NotRestored {
    fn is_of(&self, other: &NotRestored) -> bool {
        (self.kind, &self.api_url) == (other.kind, &other.api_url)
    }
}
