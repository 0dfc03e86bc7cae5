//! From the text of `config.toml` to a configuration in which everything is what it should be.

use std::path::Path;

use toml_edit::{Document, Item, TableLike, TomlError};

use super::{API_URL, CALLBACK, Config, ConfigError, Invalid, PROFILES};
use crate::files::{Remark, position};
use crate::store::ProfileName;
use crate::types::SignInKind;

/// Everything is checked here, once, while the places in the text are still known.
pub(super) fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let mut reader = Reader { path, text, remarks: Vec::new() };
    let document = Document::parse(text).map_err(|error| reader.syntax(&error))?;
    for (key, item) in document.iter() {
        match key {
            PROFILES => reader.profiles(reader.table(document.as_table(), key, item)?)?,
            _ => reader.unknown(document.as_table(), key, key),
        }
    }
    Ok(Config { remarks: reader.remarks, document: document.into_mut() })
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    remarks: Vec<Remark>,
}

impl Reader<'_> {
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
                CALLBACK => self.callback(name, self.table(profile, key, item)?)?,
                _ => self.unknown(profile, key, &format!("{PROFILES}.{name}.{key}")),
            }
        }
        Ok(())
    }

    fn callback(&mut self, name: &str, callback: &dyn TableLike) -> Result<(), ConfigError> {
        for (key, item) in callback.iter() {
            match SignInKind::ALL.iter().any(|kind| kind.as_str() == key) {
                true => self.string(callback, key, item)?,
                false => self.unknown(callback, key, &format!("{PROFILES}.{name}.{CALLBACK}.{key}")),
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

    fn unknown(&mut self, parent: &dyn TableLike, key: &str, full: &str) {
        let (line, _) = self.place(parent, key);
        self.remarks.push(Remark::UnknownKey { path: self.path.to_owned(), line, key: full.to_owned() });
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
