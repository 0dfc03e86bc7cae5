//! The configuration, `config.toml`: written by people and by the program alike.
//!
//! ```toml
//! default-profile = "acme"  # what `profile use` last chose
//!
//! [profile.acme]
//! api-url = "https://api.socialchat.id/partner"
//!
//! [profile.acme.callback]   # what `callback set` last set
//! messenger = "https://app.example/callback/messenger"
//! ```

mod reader;

use std::path::PathBuf;
use std::time::Duration;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use self::reader::{Unknown, parse};
use super::profile::ProfileNameError;
use super::{Folders, ProfileName};
use crate::files::atomic::Locked;
use crate::files::{FileError, Remark, guard, passes_on_files};
use crate::types::SignInKind;

/// How long another process may hold the file. It needs milliseconds.
const WAIT: Duration = Duration::from_secs(10);

const PROFILES: &str = "profile";
const DEFAULT_PROFILE: &str = "default-profile";
const API_URL: &str = "api-url";
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
            messenger: last(SignInKind::Messenger),
            instagram: last(SignInKind::Instagram),
        }
    }

    /// Says where the API of that profile is.
    pub fn set_api_url(&mut self, name: &ProfileName, url: &str) {
        set_text(self.table_mut(name), API_URL, url);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::path::Path;

    fn home() -> (tempfile::TempDir, Folders) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(home.path())).unwrap();
        (home, folders)
    }

    fn name(text: &str) -> ProfileName {
        text.parse().unwrap()
    }

    #[test]
    fn a_missing_file_is_empty_and_stays_missing() {
        let (_home, folders) = home();
        let config = Config::load(&folders).unwrap();
        assert_eq!(config.profile(&name("default")), Profile::default());
        assert!(!folders.config_file().exists());
    }

    #[test]
    fn what_is_set_is_there_in_the_plain_form() {
        let (_home, folders) = home();
        Config::change(&folders, |config| {
            config.set_api_url(&name("acme"), "https://api.example/partner");
            config.set_last_callback(&name("acme"), SignInKind::Messenger, "https://app.example/m");
        })
        .unwrap();
        assert_eq!(
            fs::read_to_string(folders.config_file()).unwrap(),
            "[profile.acme]\napi-url = \"https://api.example/partner\"\n\n\
             [profile.acme.callback]\nmessenger = \"https://app.example/m\"\n"
        );
        let profile = Config::load(&folders).unwrap().profile(&name("acme"));
        assert_eq!(profile.api_url.as_deref(), Some("https://api.example/partner"));
        assert_eq!(profile.last_callback(SignInKind::Messenger), Some("https://app.example/m"));
        assert_eq!(profile.last_callback(SignInKind::Instagram), None);
    }

    #[test]
    fn a_change_keeps_comments_order_and_unknown_keys() {
        let (_home, folders) = home();
        let before = "\
# Ours.
colour = \"blue\" # later versions

[profile.b] # the second
# where it is
api-url = \"https://old.example\"  # production
note = 'mine'

[profile.a]
callback = { instagram = \"https://i.example\" }
";
        fs::write(folders.config_file(), before).unwrap();
        let config = Config::change(&folders, |config| {
            config.set_api_url(&name("b"), "https://new.example");
            config.set_last_callback(&name("a"), SignInKind::Instagram, "https://j.example");
        })
        .unwrap();
        let after = before.replace("old.example", "new.example").replace("i.example", "j.example");
        assert_eq!(fs::read_to_string(folders.config_file()).unwrap(), after);
        let note = Remark::UnknownKey { path: folders.config_file(), line: 7, key: "profile.b.note".into() };
        assert_eq!(config.remarks(&name("a")).collect::<Vec<_>>(), [note]);
        // That one is of another profile; what stands above all is read for each.
        let error = config.refuse_unknown(&name("a")).unwrap_err().to_string();
        assert!(error.ends_with(":2:1: unknown key colour"), "{error}");
    }

    #[test]
    fn a_misspelt_key_is_refused_with_the_one_that_was_meant() {
        let (_home, folders) = home();
        for (text, said) in [
            ("[profile.x]\napi_url = 'u'", ":2:1: unknown key profile.x.api_url; did you mean api-url?"),
            ("[profile.x]\nurl = 'u'", ":2:1: unknown key profile.x.url; did you mean api-url?"),
            ("[profile.x]\nAPI-URL = 'u'", ":2:1: unknown key profile.x.API-URL; did you mean api-url?"),
            ("[profiles.x]\napi-url = 'u'", ":1:2: unknown key profiles; did you mean profile?"),
            ("default_profile = 'x'", ":1:1: unknown key default_profile; did you mean default-profile?"),
            (
                "[profile.x.callback]\nmesenger = 'u'",
                ":2:1: unknown key profile.x.callback.mesenger; did you mean messenger?",
            ),
            ("[profile.x]\ncolour = 'u'", ":2:1: unknown key profile.x.colour"),
        ] {
            fs::write(folders.config_file(), text).unwrap();
            let config = Config::load(&folders).unwrap();
            let error = config.refuse_unknown(&name("x")).unwrap_err().to_string();
            assert!(error.ends_with(said), "{error}");
            assert_eq!(config.refuse_unknown(&name("y")).is_ok(), text.starts_with("[profile.x"), "{text}");
        }
    }

    #[test]
    fn the_default_profile_is_chosen_and_goes_with_its_profile() {
        let (_home, folders) = home();
        fs::write(folders.config_file(), "[profile.a] # kept\napi-url = 'u'\n[profile.b]\n").unwrap();
        Config::change(&folders, |config| config.set_default_profile(&name("b"))).unwrap();
        let text = fs::read_to_string(folders.config_file()).unwrap();
        assert!(text.contains("default-profile = \"b\"") && text.contains("[profile.a] # kept"), "{text}");
        let config = Config::load(&folders).unwrap();
        assert_eq!((config.default_profile(), config.profile_names().len()), (Some(name("b")), 2));
        let config = Config::change(&folders, |config| config.remove(&name("b"))).unwrap();
        assert_eq!((config.default_profile(), config.profile_names()), (None, vec![name("a")]));
    }

    #[test]
    fn a_corrupt_file_is_placed_and_left_alone() {
        let (_home, folders) = home();
        for (text, place, what) in [
            ("a = 1\n[profile.x\n", ":2:11: ", "unclosed table"),
            ("a = 1\na = 2\n", ":2:1: ", "duplicate key"),
            ("[profile.x]\napi-url = 7\n", ":2:1: ", "api-url must be text in quotation marks, not integer"),
            ("[profile.x]\n callback = 'u'\n", ":2:2: ", "callback must be a table, not string"),
            (
                "[profile.x.callback]\nmessenger = []\n",
                ":2:1: ",
                "messenger must be text in quotation marks, not array",
            ),
            ("[[profile]]\n", ":1:3: ", "profile must be a table, not array of tables"),
            ("profile.x = 1\n", ":1:9: ", "x must be a table, not integer"),
            ("[profile.'a/b']\n", ":1:10: ", "a profile name contains only letters"),
            ("default-profile = 'a/b'\n", ":1:1: ", "a profile name contains only letters"),
            (
                "default-profile = 7\n",
                ":1:1: ",
                "default-profile must be text in quotation marks, not integer",
            ),
        ] {
            fs::write(folders.config_file(), text).unwrap();
            let wanted = format!("{}{place}", folders.config_file().display());
            let loaded = Config::load(&folders).unwrap_err().to_string();
            assert!(loaded.starts_with(&wanted) && loaded.contains(what), "{text:?}: {loaded}");
            let changed = Config::change(&folders, |config| config.set_api_url(&name("x"), "u"));
            assert_eq!(changed.unwrap_err().to_string(), loaded);
            assert_eq!(fs::read_to_string(folders.config_file()).unwrap(), text);
        }
    }

    #[test]
    fn other_ways_to_write_the_same_are_understood() {
        let (_home, folders) = home();
        for text in [
            "profile.x.api-url = 'u'\nprofile.x.callback.instagram = 'c'",
            "profile = { x = { api-url = 'u', callback = { instagram = 'c' } } }",
            "\u{feff}[profile.x]\r\napi-url = \"\"\"u\"\"\"\r\ncallback.instagram = 'c'\r\n",
        ] {
            fs::write(folders.config_file(), text).unwrap();
            let profile = Config::load(&folders).unwrap().profile(&name("x"));
            assert_eq!(profile.api_url.as_deref(), Some("u"), "{text}");
            assert_eq!(profile.last_callback(SignInKind::Instagram), Some("c"), "{text}");
            Config::change(&folders, |config| {
                config.set_last_callback(&name("x"), SignInKind::Messenger, "m")
            })
            .unwrap();
            Config::change(&folders, |config| config.set_api_url(&name("y"), "v")).unwrap();
            let config = Config::load(&folders).unwrap();
            assert_eq!(config.profile(&name("x")).last_callback(SignInKind::Messenger), Some("m"), "{text}");
            assert_eq!(config.profile(&name("x")).last_callback(SignInKind::Instagram), Some("c"), "{text}");
            assert_eq!(config.profile(&name("y")).api_url.as_deref(), Some("v"), "{text}");
        }
    }

    /// Text that often is nearly a configuration.
    fn nearly_toml() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("[profile.x]\n".to_owned()),
            Just("[profile".to_owned()),
            Just("api-url = ".to_owned()),
            Just("callback".to_owned()),
            Just(".messenger=".to_owned()),
            Just("\"u\"\n".to_owned()),
            Just("{ ".to_owned()),
            Just(" }\n".to_owned()),
            Just("[[".to_owned()),
            Just("]]\n".to_owned()),
            any::<String>(),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_can_be_changed_when_read(text in nearly_toml()) {
            if let Ok(mut config) = parse(Path::new("config.toml"), &text) {
                config.set_api_url(&name("x"), "u");
                config.set_last_callback(&name("x"), SignInKind::Instagram, "c");
                let again = parse(Path::new("config.toml"), &config.document.to_string()).unwrap();
                let profile = again.profile(&name("x"));
                prop_assert_eq!(profile.api_url.as_deref(), Some("u"));
                prop_assert_eq!(profile.last_callback(SignInKind::Instagram), Some("c"));
            }
        }

        #[test]
        fn what_is_saved_is_what_is_loaded(
            entries in proptest::collection::btree_map("[A-Za-z0-9_-]{1,12}", (any::<String>(), any::<String>()), 1..5)
        ) {
            let (_home, folders) = home();
            let entries: Vec<_> = entries
                .into_iter()
                .filter_map(|(profile, values)| Some((profile.parse::<ProfileName>().ok()?, values)))
                .collect();
            Config::change(&folders, |config| {
                for (profile, (url, callback)) in &entries {
                    config.set_api_url(profile, url);
                    config.set_last_callback(profile, SignInKind::Messenger, callback);
                }
            })
            .unwrap();
            let config = Config::load(&folders).unwrap();
            for (profile, (url, callback)) in &entries {
                let found = config.profile(profile);
                prop_assert_eq!(found.api_url.as_ref(), Some(url));
                prop_assert_eq!(found.last_callback(SignInKind::Messenger), Some(callback.as_str()));
            }
        }
    }
}
