//! The only code that touches our own files and the system's keychain: folders, configuration,
//! credentials, and the journal of the borrowed callback.
//!
//! Every file is written whole or not at all, with mode 0600, below folders of mode 0700. A file that can't be
//! understood is reported and left as it is. Nothing is created before there is something to write.

mod account;
pub mod config;
pub mod credentials;
mod folders;
mod keychain;
pub mod lease;
mod machine;
mod names;
mod process;
mod profile;
pub mod refresh;
pub mod run;

pub use crate::files::FileError;
pub use account::{AccountId, same_api};
pub use config::{Config, ConfigError};
pub use credentials::{CredentialsError, Place};
pub use folders::{Folders, FoldersError};
pub use keychain::{KeychainError, KeychainState, LIMIT as KEYCHAIN_LIMIT, probe as probe_keychain};
pub use names::profile_names;
pub use profile::{ProfileName, ProfileNameError};
