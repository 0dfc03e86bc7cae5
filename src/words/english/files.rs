//! What goes wrong with our own files, the keychain, and the names in them.

use std::fmt::{Formatter, Result};

use super::failure::process;
use crate::files::{Access, FileError};
use crate::store::config::{ConfigError, Invalid};
use crate::store::credentials::{CredentialsError, Unintelligible};
use crate::store::lease::{Doubt, LeaseError};
use crate::store::run::RunError;
use crate::store::{FoldersError, KEYCHAIN_LIMIT, KeychainError, ProfileNameError};

pub fn file_error(error: &FileError, f: &mut Formatter<'_>) -> Result {
    match error {
        FileError::Io { access: what, path, .. } => write!(f, "can't {} {}", access(*what), path.display()),
        FileError::Symlink { path } => {
            write!(f, "{} is a symbolic link; put the file itself in its place", path.display())
        }
        FileError::NotAFile { path } => write!(f, "{} is not a regular file", path.display()),
        FileError::Foreign { path } => write!(f, "{} is not a folder of this user alone", path.display()),
        FileError::OfAnother { path, uid } => {
            write!(f, "{} belongs to another user (ID {uid}), so its content is not trusted", path.display())
        }
        FileError::Writable { path, mode } => write!(
            f,
            "others can write to {} (mode {mode:04o}), so its content is not trusted",
            path.display()
        ),
        FileError::TooBig { path, limit } => {
            write!(f, "{} is larger than {limit} bytes; it is not a file of this program", path.display())
        }
        FileError::NotText { path, line, column } => {
            write!(f, "{}:{line}:{column}: not UTF-8 text", path.display())
        }
        FileError::Busy { path, pid } => write!(f, "{} is in use by {}", path.display(), process(*pid)),
    }
}

pub fn config_error(error: &ConfigError, f: &mut Formatter<'_>) -> Result {
    match error {
        ConfigError::File(error) => file_error(error, f),
        ConfigError::Invalid { path, line, column, what } => {
            write!(f, "{}:{line}:{column}: ", path.display())?;
            match what {
                Invalid::Syntax(words) => f.write_str(words),
                Invalid::Platform(name) => write!(
                    f,
                    "{name:.40?} is no platform; there are {}",
                    super::list(crate::types::PlatformName::ALL)
                ),
                Invalid::Profile(error) => profile_name_error(error, f),
                Invalid::NoTable { key, is } => write!(f, "{key} must be a table, not {is}"),
                Invalid::NoText { key, is } => write!(f, "{key} must be text in quotation marks, not {is}"),
                Invalid::UnknownKey { key, meant: Some(meant) } => {
                    write!(f, "unknown key {key}; did you mean {meant}?")
                }
                Invalid::UnknownKey { key, meant: None } => write!(f, "unknown key {key}"),
            }
        }
    }
}

pub fn credentials_error(error: &CredentialsError, f: &mut Formatter<'_>) -> Result {
    match error {
        CredentialsError::File(error) => file_error(error, f),
        CredentialsError::Corrupt { path, line, column } => write!(
            f,
            "{}:{line}:{column}: not valid JSON; fix the file, or remove it and log in again",
            path.display()
        ),
        CredentialsError::Unintelligible { path, what } => {
            write!(f, "{}: ", path.display())?;
            match what {
                Unintelligible::Profiles => f.write_str("profiles is not an object"),
                Unintelligible::NoPlace { profile } => {
                    write!(f, "profile {profile} has no place, keychain or file")
                }
                Unintelligible::Lacks { profile } => {
                    write!(f, "profile {profile} lacks apiUrl, or one of apiKey and appId with secretKey")
                }
            }?;
            f.write_str("; fix the file, or remove it and log in again")
        }
        CredentialsError::Keychain(error) => keychain_error(error, f),
        CredentialsError::Gone { entry } => {
            write!(f, "the keychain no longer has the entry {entry:?}; log in again")
        }
        CredentialsError::Strange { entry } => {
            write!(f, "the keychain entry {entry:?} holds no credentials of this program; log in again")
        }
    }
}

pub fn keychain_error(error: &KeychainError, f: &mut Formatter<'_>) -> Result {
    match error {
        KeychainError::Missing(why) => write!(f, "no keychain is available: {why}"),
        KeychainError::Unanswering => {
            write!(f, "the keychain didn't answer within {} s; it may be locked", KEYCHAIN_LIMIT.as_secs())
        }
        KeychainError::Refused(why) => write!(f, "the keychain refused: {why}"),
    }
}

pub fn folders_error(error: &FoldersError, f: &mut Formatter<'_>) -> Result {
    match error {
        FoldersError::NoHome => {
            f.write_str("this system has no home folder; name one with --config-dir or SOCIALCHAT_CONFIG_DIR")
        }
        FoldersError::Unusable { path, .. } => write!(f, "can't keep files in {:?}", path.display()),
    }
}

pub fn profile_name_error(error: &ProfileNameError, f: &mut Formatter<'_>) -> Result {
    f.write_str(match error {
        ProfileNameError::Length => "a profile name has 1 to 64 characters",
        ProfileNameError::Characters => "a profile name contains only letters, digits, '.', '_' and '-'",
        ProfileNameError::Dot => "a profile name can't begin or end with a dot",
        ProfileNameError::Device => "Windows reserves that name for a device; choose another",
    })
}

pub fn run_error(error: &RunError, f: &mut Formatter<'_>) -> Result {
    match error {
        RunError::File(error) => file_error(error, f),
        RunError::Corrupt { path } => {
            write!(f, "{}: can't read the record of an earlier run", path.display())
        }
        RunError::Gone { path } => write!(f, "{}: the record of this run is gone", path.display()),
    }
}

pub fn lease_error(error: &LeaseError, f: &mut Formatter<'_>) -> Result {
    match error {
        LeaseError::File(error) => file_error(error, f),
        LeaseError::Held { kind, holder } => {
            write!(f, "the {kind} callback URL is temporarily replaced by {}", process(holder.pid))?;
            holder.record.as_ref().map_or(Ok(()), |record| write!(f, ", since {}", record.borrowed_at))
        }
        LeaseError::Doubtful { path, why } => {
            write!(f, "{}: ", path.display())?;
            doubt(why, f)
        }
    }
}

pub fn doubt(why: &Doubt, f: &mut Formatter<'_>) -> Result {
    match why {
        Doubt::Unreadable(error) => file_error(error, f),
        Doubt::Damaged { line, column } => write!(f, "it is damaged at line {line}, column {column}"),
        Doubt::Renamed => f.write_str("it names another account or kind than its file name"),
        Doubt::EarlierVersion => f.write_str(
            "it is of version 0.1.0, which recorded no account; the value to restore stands in it as \"earlier\"",
        ),
        Doubt::NoAddressOfOurs => f.write_str("its temporary address is not one of a sign-in"),
        Doubt::NoCallback => f.write_str("its setting is not a callback URL"),
    }
}

/// Follows "can't".
fn access(access: Access) -> &'static str {
    match access {
        Access::LookAt => "look at",
        Access::Open => "open",
        Access::Read => "read",
        Access::Write => "write",
        Access::Remove => "remove",
        Access::Lock => "lock",
        Access::MakeFolder => "make the folder",
        Access::ListFolder => "list",
        Access::SyncFolder => "write to disk the folder",
    }
}
