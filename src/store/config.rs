//! The configuration, `config.toml`: written by people and by the program alike.
//!
//! ```toml
//! default-profile = "acme"  # what `profile use` last chose
//!
//! [profile.acme]
//! platform = "socialchat"   # what `login --platform` chose
//! api-url = "https://api.socialchat.id/partner"
//!
//! [profile.acme.callback]   # what `callback set` last set
//! messenger = "https://app.example/callback/messenger"
//! ```

mod reader;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use self::reader::{Unknown, parse};
use super::profile::ProfileNameError;
use super::{Folders, ProfileName};
use crate::files::atomic::Locked;
use crate::files::{FileError, Remark, guard, passes_on_files};
use crate::types::{PlatformName, SignInKind};

/// How long another process may hold the file. It needs milliseconds.
const WAIT: Duration = Duration::from_secs(10);

const PROFILES: &str = "profile";
const DEFAULT_PROFILE: &str = "default-profile";
const API_URL: &str = "api-url";
const PLATFORM: &str = "platform";
const CALLBACK: &str = "callback";

/// The configuration as read. Comments, order and unknown keys survive a change.
#[derive(Clone, Debug, Default)]
pub struct Config {
    document: DocumentMut,
    unknown: Vec<Unknown>,
}

/// What the configuration says of one profile. All of it is as written: addresses aren't checked here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Where the API is.
    pub api_url: Option<String>,
    /// The platform, by its name; Socialchat where none is named.
    pub platform: Option<PlatformName>,
    messenger: Option<String>,
    instagram: Option<String>,
}

impl Profile {
    /// What `callback set` last set for that kind: the value to return to where the API's own can't be read.
    pub fn last_callback(&self, kind: SignInKind) -> Option<&str> {
        match kind {
            SignInKind::Messenger => self.messenger.as_deref(),
            SignInKind::Instagram => self.instagram.as_deref(),
        }
    }
}

/// A configuration that can't be used. It is never overwritten.
#[derive(Debug)]
pub enum ConfigError {
    File(FileError),
    Invalid { path: PathBuf, line: usize, column: usize, what: Invalid },
}

passes_on_files!(ConfigError);

/// What is wrong in the configuration.
#[derive(Debug)]
pub enum Invalid {
    /// In the words of the TOML parser.
    Syntax(String),
    Profile(ProfileNameError),
    /// No platform has that name.
    Platform(String),
    /// With what it is instead, in the words of TOML.
    NoTable {
        key: String,
        is: &'static str,
    },
    NoText {
        key: String,
        is: &'static str,
    },
    /// It means nothing. With the one that it may be a misspelling of.
    UnknownKey {
        key: String,
        meant: Option<&'static str>,
    },
}

impl Config {
    /// Reads the file; one that is missing is empty. One that says something and that somebody else could have written is
    /// an error.
    pub fn load(folders: &Folders) -> Result<Self, ConfigError> {
        let path = folders.config_file();
        let Some(file) = guard::open(&path)? else { return Ok(Config::default()) };
        let config = parse(&path, &guard::text(&file, &path)?)?;
        // It says where keys are sent, and which callback is put back.
        if !config.document.is_empty() {
            guard::refuse_of_others(&file, &path)?;
        }
        Ok(config)
    }

    /// Reads the file, changes it and writes it, all under its lock, so that two processes don't undo each other's
    /// change. Gives what is in the file now.
    pub fn change(folders: &Folders, change: impl FnOnce(&mut Config)) -> Result<Self, ConfigError> {
        let file = Locked::take(folders.config_file(), WAIT)?;
        let mut config = Config::load(folders)?;
        let before = config.document.to_string();
        change(&mut config);
        let after = config.document.to_string();
        if before != after {
            file.replace(after.as_bytes())?;
        }
        Ok(config)
    }

    /// Refuses a key that means nothing where that profile is read: an address under a misspelt key would not be used, and
    /// the profile's key would go to another one.
    pub fn refuse_unknown(&self, name: &ProfileName) -> Result<(), ConfigError> {
        match self.unknown.iter().find(|unknown| unknown.is_read_for(name)) {
            Some(unknown) => Err(unknown.error()),
            None => Ok(()),
        }
    }

    /// What the person should hear about the file: keys of other profiles that mean nothing.
    pub fn remarks(&self, name: &ProfileName) -> impl Iterator<Item = Remark> {
        self.unknown.iter().filter(move |unknown| !unknown.is_read_for(name)).map(Unknown::remark)
    }

    /// The profile that is used where none is named, if one was chosen.
    pub fn default_profile(&self) -> Option<ProfileName> {
        self.document.get(DEFAULT_PROFILE)?.as_str()?.parse().ok()
    }

    /// Chooses the profile that is used where none is named.
    pub fn set_default_profile(&mut self, name: &ProfileName) {
        set_text(self.document.as_table_mut(), DEFAULT_PROFILE, name.as_str());
    }

    /// The profiles that are in it, in its order.
    pub fn profile_names(&self) -> Vec<ProfileName> {
        let profiles = self.document.get(PROFILES).and_then(Item::as_table_like);
        profiles
            .into_iter()
            .flat_map(|table| table.iter())
            .filter_map(|(name, _)| name.parse().ok())
            .collect()
    }

    /// Forgets all that is said of that profile.
    pub fn remove(&mut self, name: &ProfileName) {
        if let Some(profiles) = self.document.get_mut(PROFILES).and_then(Item::as_table_like_mut) {
            profiles.remove(name.as_str());
        }
        if self.default_profile().as_ref() == Some(name) {
            self.document.as_table_mut().remove(DEFAULT_PROFILE);
        }
    }

    /// What it says of that profile; nothing, if the profile isn't in it.
    pub fn profile(&self, name: &ProfileName) -> Profile {
        let Some(table) = self.table(name) else { return Profile::default() };
        let callback = table.get(CALLBACK).and_then(Item::as_table_like);
        let last = |kind: SignInKind| text_in(callback?, kind.as_str());
        Profile {
            api_url: text_in(table, API_URL),
            platform: text_in(table, PLATFORM).and_then(|name| PlatformName::named(&name)),
            messenger: last(SignInKind::Messenger),
            instagram: last(SignInKind::Instagram),
        }
    }

    /// Says where the API of that profile is.
    pub fn set_api_url(&mut self, name: &ProfileName, url: &str) {
        set_text(self.table_mut(name), API_URL, url);
    }

    /// Says which platform that profile is of. Socialchat's needs no word.
    pub fn set_platform(&mut self, name: &ProfileName, platform: PlatformName) {
        match platform {
            PlatformName::Socialchat if self.table(name).is_none() => {}
            PlatformName::Socialchat => drop(self.table_mut(name).remove(PLATFORM)),
            other => set_text(self.table_mut(name), PLATFORM, other.as_str()),
        }
    }

    /// Forgets where the API of that profile is: it is the vendor's again.
    pub fn clear_api_url(&mut self, name: &ProfileName) {
        if self.profile(name).api_url.is_some() {
            self.table_mut(name).remove(API_URL);
        }
    }

    /// Notes what `callback set` has set.
    pub fn set_last_callback(&mut self, name: &ProfileName, kind: SignInKind, url: &str) {
        set_text(subtable(self.table_mut(name), CALLBACK, false), kind.as_str(), url);
    }

    fn table(&self, name: &ProfileName) -> Option<&dyn TableLike> {
        self.document.get(PROFILES)?.as_table_like()?.get(name.as_str())?.as_table_like()
    }

    fn table_mut(&mut self, name: &ProfileName) -> &mut dyn TableLike {
        subtable(subtable(self.document.as_table_mut(), PROFILES, true), name.as_str(), false)
    }
}

fn text_in(table: &dyn TableLike, key: &str) -> Option<String> {
    table.get(key).and_then(Item::as_str).map(str::to_owned)
}

/// Sets the value, keeping the comments around the one that was there.
fn set_text(table: &mut dyn TableLike, key: &str, text: &str) {
    let mut value = Value::from(text);
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(value),
        None => drop(table.insert(key, Item::Value(value))),
    }
}

/// The table of that name, made if need be. An implicit one has no heading of its own.
fn subtable<'a>(table: &'a mut dyn TableLike, key: &str, implicit: bool) -> &'a mut dyn TableLike {
    let item = table.entry(key).or_insert_with(|| {
        let mut fresh = Table::new();
        fresh.set_implicit(implicit);
        Item::Table(fresh)
    });
    item.as_table_like_mut().expect("`parse` lets nothing else stand where a table belongs")
}
