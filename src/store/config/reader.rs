//! From the text of `config.toml` to a configuration in which everything is what it should be.

use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike, TomlError};

use super::{API_URL, CALLBACK, Config, ConfigError, DEFAULT_PROFILE, Invalid, PLATFORM, PROFILES};
use crate::files::{Remark, position};
use crate::store::ProfileName;
use crate::types::{PlatformName, SignInKind, near};

/// Everything is checked here, once, while the places in the text are still known.
pub(super) fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let mut reader = Reader { path, text, unknown: Vec::new() };
    let document = Document::parse(text).map_err(|error| reader.syntax(&error))?;
    for (key, item) in document.iter() {
        match key {
            PROFILES => reader.profiles(reader.table(document.as_table(), key, item)?)?,
            DEFAULT_PROFILE => reader.default_profile(document.as_table(), item)?,
            _ => reader.unknown(document.as_table(), &[key], &[PROFILES, DEFAULT_PROFILE]),
        }
    }
    Ok(Config { unknown: reader.unknown, document: document.into_mut() })
}

/// A key that means nothing here: misspelt, or from a later version.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    path: PathBuf,
    line: usize,
    column: usize,
    /// With those of the tables around it.
    key: String,
    /// The profile that it stands in.
    profile: Option<String>,
    meant: Option<&'static str>,
}

impl Unknown {
    /// Whether it stands where that profile is read.
    pub(super) fn is_read_for(&self, name: &ProfileName) -> bool {
        self.profile.as_deref().is_none_or(|profile| profile == name.as_str())
    }

    pub(super) fn error(&self) -> ConfigError {
        let (path, line, column) = (self.path.clone(), self.line, self.column);
        ConfigError::Invalid {
            path,
            line,
            column,
            what: Invalid::UnknownKey { key: self.key.clone(), meant: self.meant },
        }
    }

    pub(super) fn remark(&self) -> Remark {
        Remark::UnknownKey { path: self.path.clone(), line: self.line, key: self.key.clone() }
    }
}

/// The key that was meant. Other programs of this sort have an address under `url` alone.
fn meant(key: &str, known: &[&'static str]) -> Option<&'static str> {
    if key.eq_ignore_ascii_case("url") && known.contains(&API_URL) {
        return Some(API_URL);
    }
    near::meant(key, known).and_then(|place| known.get(place).copied())
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    unknown: Vec<Unknown>,
}

impl Reader<'_> {
    fn default_profile(&self, document: &dyn TableLike, item: &Item) -> Result<(), ConfigError> {
        self.string(document, DEFAULT_PROFILE, item)?;
        match item.as_str().unwrap_or_default().parse::<ProfileName>() {
            Ok(_) => Ok(()),
            Err(error) => Err(self.invalid(document, DEFAULT_PROFILE, Invalid::Profile(error))),
        }
    }

    fn profiles(&mut self, profiles: &dyn TableLike) -> Result<(), ConfigError> {
        for (name, item) in profiles.iter() {
            if let Err(error) = name.parse::<ProfileName>() {
                return Err(self.invalid(profiles, name, Invalid::Profile(error)));
            }
            self.profile(name, self.table(profiles, name, item)?)?;
        }
        Ok(())
    }

    fn profile(&mut self, name: &str, profile: &dyn TableLike) -> Result<(), ConfigError> {
        for (key, item) in profile.iter() {
            match key {
                API_URL => self.string(profile, key, item)?,
                PLATFORM => self.platform(profile, item)?,
                CALLBACK => self.callback(name, self.table(profile, key, item)?)?,
                _ => self.unknown(profile, &[PROFILES, name, key], &[API_URL, PLATFORM, CALLBACK]),
            }
        }
        Ok(())
    }

    fn platform(&self, profile: &dyn TableLike, item: &Item) -> Result<(), ConfigError> {
        self.string(profile, PLATFORM, item)?;
        let name = item.as_str().unwrap_or_default();
        match PlatformName::named(name) {
            Some(_) => Ok(()),
            None => Err(self.invalid(profile, PLATFORM, Invalid::Platform(name.to_owned()))),
        }
    }

    fn callback(&mut self, name: &str, callback: &dyn TableLike) -> Result<(), ConfigError> {
        for (key, item) in callback.iter() {
            match SignInKind::ALL.iter().any(|kind| kind.as_str() == key) {
                true => self.string(callback, key, item)?,
                false => {
                    let known = SignInKind::ALL.map(SignInKind::as_str);
                    self.unknown(callback, &[PROFILES, name, CALLBACK, key], &known);
                }
            }
        }
        Ok(())
    }

    fn table<'t>(
        &self,
        parent: &dyn TableLike,
        key: &str,
        item: &'t Item,
    ) -> Result<&'t dyn TableLike, ConfigError> {
        item.as_table_like().ok_or_else(|| {
            self.invalid(parent, key, Invalid::NoTable { key: key.to_owned(), is: item.type_name() })
        })
    }

    fn string(&self, parent: &dyn TableLike, key: &str, item: &Item) -> Result<(), ConfigError> {
        match item.is_str() {
            true => Ok(()),
            false => {
                let (key_text, is) = (key.to_owned(), item.type_name());
                Err(self.invalid(parent, key, Invalid::NoText { key: key_text, is }))
            }
        }
    }

    /// Notes the key at the end of that path, in whose place those could stand.
    fn unknown(&mut self, parent: &dyn TableLike, path: &[&str], known: &[&'static str]) {
        let key = path.last().copied().unwrap_or_default();
        let (line, column) = self.place(parent, key);
        self.unknown.push(Unknown {
            path: self.path.to_owned(),
            line,
            column,
            key: path.join("."),
            profile: path.get(1).map(|name| (*name).to_owned()),
            meant: meant(key, known),
        });
    }

    fn invalid(&self, parent: &dyn TableLike, key: &str, what: Invalid) -> ConfigError {
        let (line, column) = self.place(parent, key);
        ConfigError::Invalid { path: self.path.to_owned(), line, column, what }
    }

    fn syntax(&self, error: &TomlError) -> ConfigError {
        let (line, column) = self.position(error.span().map_or(0, |span| span.start));
        ConfigError::Invalid {
            path: self.path.to_owned(),
            line,
            column,
            what: Invalid::Syntax(error.message().to_owned()),
        }
    }

    fn place(&self, parent: &dyn TableLike, key: &str) -> (usize, usize) {
        let span = parent.get_key_value(key).and_then(|(key, _)| key.span());
        self.position(span.map_or(0, |span| span.start))
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        position(self.text.as_bytes(), offset)
    }
}
