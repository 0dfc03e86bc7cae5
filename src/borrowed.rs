//! What this process has borrowed and not put back yet, for whoever ends it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Serialize, Serializer};

use crate::types::SignInKind;

/// A setting that was borrowed and isn't back.
#[derive(Clone, Debug, Serialize)]
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
    pub cause: Box<Cause>,
    /// Whether its journal is still there, for `callback restore`.
    #[serde(skip)]
    pub can_be_tried: bool,
}

/// Why a setting isn't back.
#[derive(Clone, Debug)]
pub enum Cause {
    /// Nothing more is known than that.
    RunEnded,
    /// An earlier run borrowed it, and what it left could not be put back so far.
    EarlierRun { borrowed_at: String, api_url: String },
    /// The API did not answer in time after a signal.
    NoAnswer,
    /// Another run had the settings of the account, all that time. With the lock.
    SettingsInUse { lock: PathBuf, pid: Option<u32> },
    /// The API never showed our value: what it shows now proves nothing.
    NeverSeen { now: Option<String> },
    /// The temporary address of another sign-in stands there.
    OtherSignIn { now: String },
    /// It was unset before, and the API refuses to unset it, in these words.
    CannotBeUnset { answer: String, ours: String },
    /// Nobody knows what it was; it is unset now.
    EarlierUnknown,
    /// Something failed.
    Failed(Arc<anyhow::Error>),
}

/// An answer of the API that doesn't prove that a setting is back.
#[derive(Debug, thiserror::Error)]
pub enum Unproven {
    /// The settings could be read before, and now the API knows no such call.
    Unreadable,
    /// The settings lack a field that was there.
    Lacking { field: String },
    /// It shows another value, and never showed ours.
    NeverSeen { now: Option<String> },
    /// It answered well, and still shows our value.
    StillOurs { ours: String },
}

impl Serialize for Cause {
    /// Its sentence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
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
