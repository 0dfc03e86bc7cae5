//! `credentials.json` as a whole: whose credentials are where.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{CredentialsError, Place, Unintelligible, text};
use crate::files::atomic::Locked;
use crate::files::{Access, FileError, Remark, guard};
use crate::store::{Folders, ProfileName};

/// Where a profile's credentials are, and the fields that the file has of it.
pub(super) type Entry<'a> = (Place, &'a Map<String, Value>);

/// The file as a whole. What this version doesn't know in it is kept.
pub(super) struct CredentialsFile {
    path: PathBuf,
    fields: Map<String, Value>,
}

impl CredentialsFile {
    pub(super) fn read(folders: &Folders) -> Result<(Self, Vec<Remark>), CredentialsError> {
        let path = folders.credentials_file();
        let Some(file) = guard::open(&path)? else {
            let remarks = guard::folder_remarks(&path);
            return Ok((CredentialsFile { path, fields: Map::new() }, remarks));
        };
        let remarks = guard::tighten(&file, &path)?;
        let fields = parse(&path, &guard::text(&file, &path)?)?;
        Ok((CredentialsFile { path, fields }, remarks))
    }

    /// The profiles that it has something of.
    pub(super) fn names(&self) -> Result<Vec<ProfileName>, CredentialsError> {
        let Some(profiles) = self.fields.get("profiles") else { return Ok(Vec::new()) };
        let profiles = profiles.as_object().ok_or_else(|| self.no_profiles())?;
        Ok(profiles.keys().filter_map(|name| name.parse().ok()).collect())
    }

    /// Where the profile's credentials are, and its fields.
    pub(super) fn entry(&self, profile: &ProfileName) -> Result<Option<Entry<'_>>, CredentialsError> {
        let Some(profiles) = self.fields.get("profiles") else { return Ok(None) };
        let profiles = profiles.as_object().ok_or_else(|| self.no_profiles())?;
        let Some(entry) = profiles.get(profile.as_str()) else { return Ok(None) };
        let fields = entry.as_object();
        let place = match fields.and_then(|fields| text(fields, "place")) {
            Some("keychain") => Place::Keychain,
            Some("file") => Place::File,
            _ => {
                let what = Unintelligible::NoPlace { profile: profile.to_string() };
                return Err(self.unintelligible(what));
            }
        };
        Ok(fields.map(|fields| (place, fields)))
    }

    pub(super) fn set(
        &mut self,
        profile: &ProfileName,
        place: Place,
        fields: Map<String, Value>,
    ) -> Result<(), CredentialsError> {
        let place = match place {
            Place::Keychain => "keychain",
            Place::File => "file",
        };
        let mut entry = Map::from_iter([("place".to_owned(), json!(place))]);
        entry.extend(fields);
        self.profiles_mut()?.insert(profile.to_string(), Value::Object(entry));
        Ok(())
    }

    pub(super) fn profiles_mut(&mut self) -> Result<&mut Map<String, Value>, CredentialsError> {
        let error = self.no_profiles();
        self.fields.entry("profiles").or_insert_with(|| json!({})).as_object_mut().ok_or(error)
    }

    pub(super) fn write(&self, lock: &Locked) -> Result<(), CredentialsError> {
        let mut text = Zeroizing::new(Vec::new());
        // Writing a map with text keys into memory can't fail.
        serde_json::to_writer_pretty(&mut *text, &self.fields).map_err(|error| FileError::Io {
            access: Access::Write,
            path: self.path.clone(),
            source: error.into(),
        })?;
        text.push(b'\n');
        Ok(lock.replace(&text)?)
    }

    fn no_profiles(&self) -> CredentialsError {
        self.unintelligible(Unintelligible::Profiles)
    }

    pub(super) fn unintelligible(&self, what: Unintelligible) -> CredentialsError {
        CredentialsError::Unintelligible { path: self.path.clone(), what }
    }
}

/// The parser's own message may quote the file: only the place is told.
pub(super) fn parse(path: &Path, text: &str) -> Result<Map<String, Value>, CredentialsError> {
    serde_json::from_str(text).map_err(|error| CredentialsError::Corrupt {
        path: path.to_owned(),
        line: error.line(),
        column: error.column().max(1),
    })
}
