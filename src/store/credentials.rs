//! Stored credentials: in the system's keychain, or in `credentials.json`, mode 0600.
//!
//! The file says for each profile where its credentials are, so that a profile whose credentials are in the file costs no
//! question to the keychain:
//!
//! ```json
//! {"profiles": {
//!   "acme":    {"place": "keychain", "apiUrl": "https://api.socialchat.id/partner"},
//!   "default": {"place": "file", "apiUrl": "https://api.socialchat.id/partner", "apiKey": "..."},
//!   "old":     {"place": "file", "apiUrl": "https://api.socialchat.id/partner", "appId": "...", "secretKey": "..."}
//! }}
//! ```
//!
//! A keychain entry holds the same fields without `place`.

mod file;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use self::file::CredentialsFile;
use super::keychain::{self, KeychainError};
use super::{Folders, ProfileName};
use crate::files::atomic::Locked;
use crate::files::{FileError, Remark, passes_on_files};
use crate::types::{Credential, Grant, PlatformName, Secret};

/// How long another process may hold the file: it may be asking the keychain meanwhile, twice.
const WAIT: Duration = Duration::from_secs(10);

/// Where a profile's credentials are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The system's keychain.
    Keychain,
    /// The file that [`Folders::credentials_file`] names.
    File,
}

/// A profile's credentials, and the one API that they may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub credential: Credential,
    /// The API URL they were stored for.
    pub api_url: String,
    pub place: Place,
}

/// What was found, and what the person should hear about how it was kept.
#[derive(Debug)]
pub struct Loaded<T> {
    pub found: T,
    pub remarks: Vec<Remark>,
}

/// Credentials that can't be had or kept. No text in it comes from inside the file or the keychain.
#[derive(Debug)]
pub enum CredentialsError {
    File(FileError),
    /// It isn't JSON. It is never overwritten.
    Corrupt {
        path: PathBuf,
        line: usize,
        column: usize,
    },
    /// It is JSON, and says something else than credentials.
    Unintelligible {
        path: PathBuf,
        what: Unintelligible,
    },
    Keychain(KeychainError),
    /// Somebody removed the entry.
    Gone {
        entry: String,
    },
    /// Somebody changed the entry.
    Strange {
        entry: String,
    },
}

passes_on_files!(CredentialsError);

impl From<KeychainError> for CredentialsError {
    fn from(error: KeychainError) -> Self {
        CredentialsError::Keychain(error)
    }
}

/// What is wrong in the credentials' file.
#[derive(Debug)]
pub enum Unintelligible {
    /// `profiles` is no object.
    Profiles,
    /// A profile has no place, keychain or file.
    NoPlace { profile: String },
    /// A profile lacks its API, or its key or pair.
    Lacks { profile: String },
}

/// The profile's credentials; `None` when nobody has logged in. Asks the keychain only for a profile whose
/// credentials are in it. Takes at most [`keychain::LIMIT`].
pub fn load(folders: &Folders, profile: &ProfileName) -> Result<Loaded<Option<Stored>>, CredentialsError> {
    let (file, remarks) = CredentialsFile::read(folders)?;
    let Some((place, fields)) = file.entry(profile)? else { return Ok(Loaded { found: None, remarks }) };
    let found = match place {
        Place::File => decode(fields, place)
            .ok_or_else(|| file.unintelligible(Unintelligible::Lacks { profile: profile.to_string() }))?,
        Place::Keychain => {
            let entry = entry_name(folders, profile);
            let secret = keychain::read(&entry)?;
            from_entry(entry, secret)?
        }
    };
    Ok(Loaded { found: Some(found), remarks })
}

/// Where a profile's credentials are, and what they are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    pub place: Place,
    /// None where a later version knows the platform, and this one doesn't.
    pub platform: Option<PlatformName>,
    /// The API URL they were stored for.
    pub api_url: String,
}

/// Where the profile's credentials are and what they were stored for, without touching them or the keychain.
pub fn whereabouts(
    folders: &Folders,
    profile: &ProfileName,
) -> Result<Loaded<Option<Whereabouts>>, CredentialsError> {
    let (file, remarks) = CredentialsFile::read(folders)?;
    let found = file.entry(profile)?.map(|(place, fields)| stored_for(place, fields));
    Ok(Loaded { found, remarks })
}

fn stored_for(place: Place, fields: &Map<String, Value>) -> Whereabouts {
    let api_url = text(fields, "apiUrl").unwrap_or_default().to_owned();
    Whereabouts { place, platform: platform_of(fields), api_url }
}

/// All stored accounts, without touching their credentials or the keychain.
pub fn all(folders: &Folders) -> Result<Loaded<Vec<(ProfileName, Whereabouts)>>, CredentialsError> {
    let (file, remarks) = CredentialsFile::read(folders)?;
    let mut found = Vec::new();
    for name in file.names()? {
        if let Some((place, fields)) = file.entry(&name)? {
            found.push((name, stored_for(place, fields)));
        }
    }
    Ok(Loaded { found, remarks })
}

/// Keeps the credentials in that place, and nowhere else. When the keychain fails, nothing is changed: say so, and save
/// to the file instead.
pub fn save(
    folders: &Folders,
    profile: &ProfileName,
    credential: &Credential,
    api_url: &str,
    place: Place,
) -> Result<Vec<Remark>, CredentialsError> {
    let lock = Locked::take(folders.credentials_file(), WAIT)?;
    let (mut file, mut remarks) = CredentialsFile::read(folders)?;
    // Whatever the entry is now: logging in again replaces a strange one.
    let was_in_keychain = matches!(file.entry(profile), Ok(Some((Place::Keychain, _))));
    let entry = entry_name(folders, profile);
    let secret = encode(credential, api_url);
    match place {
        Place::Keychain => {
            keychain::write(&entry, Zeroizing::new(Value::Object(secret).to_string().into_bytes()))?;
            let mut known = Map::from_iter([("apiUrl".to_owned(), json!(api_url))]);
            if credential.platform() != PlatformName::Socialchat {
                known.insert("platform".to_owned(), json!(credential.platform()));
            }
            file.set(profile, place, known)?;
        }
        Place::File => file.set(profile, place, secret)?,
    }
    file.write(&lock)?;
    if place == Place::File
        && was_in_keychain
        && let Err(error) = keychain::remove(&entry)
    {
        remarks.push(Remark::LeftInKeychain { entry, why: error.to_string() });
    }
    Ok(remarks)
}

/// Forgets the profile's credentials, and says where they were. When the keychain doesn't do its part, nothing is changed.
pub fn remove(folders: &Folders, profile: &ProfileName) -> Result<Loaded<Option<Place>>, CredentialsError> {
    if !folders.config().exists() {
        return Ok(Loaded { found: None, remarks: Vec::new() });
    }
    let lock = Locked::take(folders.credentials_file(), WAIT)?;
    let (mut file, remarks) = CredentialsFile::read(folders)?;
    let Some((place, _)) = file.entry(profile)? else { return Ok(Loaded { found: None, remarks }) };
    if place == Place::Keychain {
        keychain::remove(&entry_name(folders, profile))?;
    }
    file.profiles_mut()?.shift_remove(profile.as_str());
    file.write(&lock)?;
    Ok(Loaded { found: Some(place), remarks })
}

fn from_entry(entry: String, secret: Option<Zeroizing<Vec<u8>>>) -> Result<Stored, CredentialsError> {
    let Some(secret) = secret else { return Err(CredentialsError::Gone { entry }) };
    serde_json::from_slice(&secret)
        .ok()
        .and_then(|fields| decode(&fields, Place::Keychain))
        .ok_or(CredentialsError::Strange { entry })
}

/// One keychain serves all the configuration folders of a user: the entry is named after both.
fn entry_name(folders: &Folders, profile: &ProfileName) -> String {
    format!("{profile}@{}", folders.config().display())
}

fn encode(credential: &Credential, api_url: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: &str| fields.insert(name.to_owned(), value.into());
    set("apiUrl", api_url);
    if credential.platform() != PlatformName::Socialchat {
        set("platform", credential.platform().as_str());
    }
    match credential {
        Credential::ApiKey(key) => set("apiKey", key.expose()),
        Credential::AppPair { app_id, secret_key } => {
            set("appId", app_id);
            set("secretKey", secret_key.expose())
        }
        Credential::Session { session, cookie, is_own } => {
            if let Some(cookie) = cookie {
                set("cookie", cookie);
            }
            set("session", session.expose());
            // One that is not is as it was before there were any.
            if *is_own { fields.insert("ownSession".to_owned(), true.into()) } else { None }
        }
        Credential::SigningClient { client_id, client_secret } => {
            set("clientId", client_id);
            set("clientSecret", client_secret.expose())
        }
        Credential::AccessToken(token) => set("accessToken", token.expose()),
        Credential::Grant(grant) => {
            set("username", &grant.username);
            set("clientId", &grant.client_id);
            set("clientSecret", grant.client_secret.expose());
            set("accessToken", grant.access_token.expose());
            set("refreshToken", grant.refresh_token.expose());
            fields.insert("expiresAt".to_owned(), grant.expires_at.into())
        }
        Credential::ApiToken(token) => set("apiToken", token.expose()),
    };
    fields
}

fn decode(fields: &Map<String, Value>, place: Place) -> Option<Stored> {
    let credential = match platform_of(fields)? {
        PlatformName::Socialchat => partner(fields)?,
        PlatformName::UnifiedBeez => Credential::Session {
            session: secret(fields, "session")?,
            cookie: text(fields, "cookie").map(str::to_owned),
            is_own: fields.get("ownSession") == Some(&Value::Bool(true)),
        },
        PlatformName::Qontak => qontak(fields)?,
        PlatformName::Tendarts => Credential::ApiToken(secret(fields, "apiToken")?),
    };
    Some(Stored { credential, api_url: text(fields, "apiUrl")?.to_owned(), place })
}

fn partner(fields: &Map<String, Value>) -> Option<Credential> {
    match (secret(fields, "apiKey"), text(fields, "appId"), secret(fields, "secretKey")) {
        (Some(key), None, None) => Some(Credential::ApiKey(key)),
        (None, Some(app_id), Some(secret_key)) => {
            Some(Credential::AppPair { app_id: app_id.to_owned(), secret_key })
        }
        _ => None,
    }
}

fn qontak(fields: &Map<String, Value>) -> Option<Credential> {
    let access_token = secret(fields, "accessToken");
    let Some(client_id) = text(fields, "clientId").map(str::to_owned) else {
        return access_token.map(Credential::AccessToken);
    };
    let client_secret = secret(fields, "clientSecret")?;
    let Some(access_token) = access_token else {
        return Some(Credential::SigningClient { client_id, client_secret });
    };
    Some(Credential::Grant(Box::new(Grant {
        username: text(fields, "username")?.to_owned(),
        client_id,
        client_secret,
        access_token,
        refresh_token: secret(fields, "refreshToken")?,
        expires_at: fields.get("expiresAt")?.as_i64()?,
    })))
}

/// The platform that they are for: Socialchat where none is named.
fn platform_of(fields: &Map<String, Value>) -> Option<PlatformName> {
    match text(fields, "platform") {
        Some(name) => PlatformName::named(name),
        None => Some(PlatformName::Socialchat),
    }
}

fn secret(fields: &Map<String, Value>, name: &str) -> Option<Secret> {
    text(fields, name).map(Secret::new)
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::file::parse;
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::path::Path;

    const URL: &str = "https://api.example/partner";

    fn home() -> (tempfile::TempDir, Folders) {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(&home.path().join("conf"))).unwrap();
        (home, folders)
    }

    fn name(text: &str) -> ProfileName {
        text.parse().unwrap()
    }

    fn key(text: &str) -> Credential {
        Credential::ApiKey(Secret::new(text))
    }

    fn put(folders: &Folders, text: &str) {
        fs::create_dir_all(folders.config()).unwrap();
        fs::write(folders.credentials_file(), text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folders.credentials_file(), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    #[test]
    fn nobody_logged_in_is_none_and_leaves_no_trace() {
        let (_home, folders) = home();
        assert!(load(&folders, &name("default")).unwrap().found.is_none());
        assert!(remove(&folders, &name("default")).unwrap().found.is_none());
        assert_eq!(whereabouts(&folders, &name("default")).unwrap().found, None);
        assert!(!folders.config().exists());
    }

    #[test]
    fn both_credentials_are_kept_and_removed_each_for_itself() {
        let (_home, folders) = home();
        let pair = Credential::AppPair { app_id: "app".to_owned(), secret_key: Secret::new("s_k") };
        for (profile, credential) in [("a", &key("k1")), ("b", &pair)] {
            let remarks = save(&folders, &name(profile), credential, URL, Place::File).unwrap();
            assert_eq!(remarks, []);
        }
        for (profile, credential) in [("a", key("k1")), ("b", pair.clone())] {
            let loaded = load(&folders, &name(profile)).unwrap();
            assert_eq!(loaded.remarks, []);
            assert_eq!(
                loaded.found,
                Some(Stored { credential, api_url: URL.to_owned(), place: Place::File })
            );
        }
        assert_eq!(
            whereabouts(&folders, &name("a")).unwrap().found,
            Some(Whereabouts {
                place: Place::File,
                platform: Some(PlatformName::Socialchat),
                api_url: URL.to_owned()
            })
        );
        assert_eq!(remove(&folders, &name("a")).unwrap().found, Some(Place::File));
        assert!(load(&folders, &name("a")).unwrap().found.is_none());
        assert!(!fs::read_to_string(folders.credentials_file()).unwrap().contains("k1"));
        assert!(load(&folders, &name("b")).unwrap().found.is_some());
    }

    #[cfg(unix)]
    #[test]
    fn the_file_and_its_folder_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let (_home, folders) = home();
        save(&folders, &name("a"), &key("k"), URL, Place::File).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folders.credentials_file()), 0o600);
        assert_eq!(mode(folders.config()), 0o700);

        fs::set_permissions(folders.credentials_file(), fs::Permissions::from_mode(0o640)).unwrap();
        let loaded = load(&folders, &name("other")).unwrap();
        assert_eq!(
            loaded.remarks,
            [Remark::ReadableByOthers { path: folders.credentials_file(), mode: 0o640, tightened: true }]
        );
        assert_eq!(mode(&folders.credentials_file()), 0o600);
        assert_eq!(load(&folders, &name("a")).unwrap().remarks, []);
    }

    #[test]
    fn what_a_later_version_wrote_is_kept() {
        let (_home, folders) = home();
        put(&folders, r#"{"version": 9, "profiles": {"new": {"place": "moon", "x": [1]}}}"#);
        save(&folders, &name("a"), &key("k"), URL, Place::File).unwrap();
        let text = fs::read_to_string(folders.credentials_file()).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["version"], 9);
        assert_eq!(value["profiles"]["new"], json!({"place": "moon", "x": [1]}));
        let error = load(&folders, &name("new")).unwrap_err().to_string();
        assert!(error.contains("profile new has no place"), "{error}");
    }

    #[test]
    fn a_corrupt_file_is_placed_not_quoted_and_left_alone() {
        let (_home, folders) = home();
        for (text, place) in [
            ("{\"profiles\":\n {\"a\": sk_live_x}}", ":2:8: not valid JSON"),
            ("\"sk_live_x\"", ":1:11: not valid JSON"),
            ("{\"profiles\": {\"a\": {\"apiKey\": \"sk_live_x", ":1:40: not valid JSON"),
            ("", ":1:1: not valid JSON"),
            ("{\"profiles\": \"sk_live_x\"}", ": profiles is not an object"),
            ("{\"profiles\": {\"a\": \"sk_live_x\"}}", ": profile a has no place"),
            ("{\"profiles\": {\"a\": {\"place\": \"sk_live_x\"}}}", ": profile a has no place"),
            (
                "{\"profiles\": {\"a\": {\"place\": \"file\", \"apiKey\": \"sk_live_x\"}}}",
                ": profile a lacks apiUrl",
            ),
            (
                "{\"profiles\": {\"a\": {\"place\": \"file\", \"apiUrl\": \"u\", \"secretKey\": \"sk_live_x\"}}}",
                ": profile a lacks apiUrl, or one of apiKey",
            ),
        ] {
            put(&folders, text);
            let error = load(&folders, &name("a")).unwrap_err();
            let message = error.to_string();
            let wanted = format!("{}{place}", folders.credentials_file().display());
            assert!(message.starts_with(&wanted), "{text:?}: {message}");
            assert!(!format!("{message} {error:?}").contains("sk_live"), "{message} {error:?}");
            if matches!(error, CredentialsError::Corrupt { .. }) || place.contains("object") {
                save(&folders, &name("a"), &key("k"), URL, Place::File).unwrap_err();
                assert_eq!(fs::read_to_string(folders.credentials_file()).unwrap(), text);
            } else {
                save(&folders, &name("a"), &key("k"), URL, Place::File).unwrap();
                assert!(load(&folders, &name("a")).unwrap().found.is_some());
            }
        }
    }

    #[test]
    fn an_entry_that_somebody_has_changed_is_named() {
        for secret in ["", "k", "[]", "{\"apiKey\": 1}", "{\"apiKey\": \"k\"}"] {
            let error = from_entry("p@f".to_owned(), Some(secret.as_bytes().to_vec().into())).unwrap_err();
            assert!(matches!(&error, CredentialsError::Strange { entry } if entry == "p@f"), "{error}");
        }
        let whole = Value::Object(encode(&key("k"), URL)).to_string().into_bytes();
        assert_eq!(from_entry("p@f".to_owned(), Some(whole.into())).unwrap().credential, key("k"));
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_refused_by_all() {
        let (home, folders) = home();
        let target = home.path().join("elsewhere.json");
        fs::write(&target, "{}").unwrap();
        fs::create_dir_all(folders.config()).unwrap();
        std::os::unix::fs::symlink(&target, folders.credentials_file()).unwrap();
        for error in [
            load(&folders, &name("a")).unwrap_err(),
            save(&folders, &name("a"), &key("k"), URL, Place::File).unwrap_err(),
            remove(&folders, &name("a")).unwrap_err(),
        ] {
            assert!(matches!(error, CredentialsError::File(FileError::Symlink { .. })), "{error}");
        }
        assert_eq!(fs::read_to_string(target).unwrap(), "{}");
    }

    #[test]
    fn many_threads_lose_nobodys_login() {
        let (_home, folders) = home();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let folders = &folders;
                scope.spawn(move || {
                    for round in 0..4 {
                        let profile = name(&format!("p{thread}-{round}"));
                        save(folders, &profile, &key("k"), URL, Place::File).unwrap();
                    }
                });
            }
        });
        for (thread, round) in (0..8).flat_map(|thread| (0..4).map(move |round| (thread, round))) {
            assert!(load(&folders, &name(&format!("p{thread}-{round}"))).unwrap().found.is_some());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse(Path::new("credentials.json"), &text);
        }

        #[test]
        fn what_is_encoded_is_decoded(url in any::<String>(), id in any::<String>(), secret in any::<String>(), pair: bool) {
            let credential = match pair {
                true => Credential::AppPair { app_id: id, secret_key: Secret::new(secret) },
                false => key(&secret),
            };
            let text = Value::Object(encode(&credential, &url)).to_string();
            let fields = parse(Path::new("x"), &text).unwrap();
            let stored = decode(&fields, Place::File).unwrap();
            prop_assert_eq!(stored, Stored { credential, api_url: url, place: Place::File });
        }
    }
}
