//! Where our files are.

use std::io;
use std::path::{Path, PathBuf};

/// The two folders that everything we store lives in. Making one of these touches no disk: a folder comes into being
/// (mode 0700) when something is written into it.
#[derive(Clone, Debug)]
pub struct Folders {
    config: PathBuf,
    state: PathBuf,
}

/// Why there is no place for our files.
#[derive(Debug, thiserror::Error)]
pub enum FoldersError {
    /// The system names no home folder.
    NoHome,
    Unusable {
        path: PathBuf,
        source: io::Error,
    },
}

impl Folders {
    /// Below the folder given, or else the platform's usual ones (`~/.config/socialchat-cli` and
    /// `~/.local/state/socialchat-cli` on Linux).
    pub fn new(below: Option<&Path>) -> Result<Self, FoldersError> {
        if let Some(given) = below {
            // Absolute, so that it goes on meaning the same folder: the keychain's entries are named after it.
            let config = std::path::absolute(given)
                .map_err(|source| FoldersError::Unusable { path: given.to_owned(), source })?;
            return Ok(Folders { state: config.join("state"), config });
        }
        let usual = directories::ProjectDirs::from("id", "socialchat", "socialchat-cli")
            .ok_or(FoldersError::NoHome)?;
        let state = usual.state_dir().unwrap_or(usual.data_local_dir());
        Ok(Folders { config: usual.config_dir().to_owned(), state: state.to_owned() })
    }

    /// The folder of what people and `login` set.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The folder of what the program notes for itself.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The configuration that people edit.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// Where credentials are, or for those in the keychain the note that they are there.
    pub fn credentials_file(&self) -> PathBuf {
        self.config.join("credentials.json")
    }

    /// What the sandbox remembers between commands. Its folder may not exist yet: see [`Folders::make_state`].
    pub fn sandbox_file(&self) -> PathBuf {
        self.state.join("sandbox.jsonl")
    }

    /// Makes the state folder (mode 0700) for a module that writes its own file there.
    pub fn make_state(&self) -> Result<(), crate::files::FileError> {
        crate::files::guard::make_folder(&self.state)
    }

    pub fn leases(&self) -> PathBuf {
        self.state.join("leases")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_given_holds_everything_and_is_not_made_yet() {
        let home = tempfile::tempdir().unwrap();
        let given = home.path().join("conf");
        let folders = Folders::new(Some(&given)).unwrap();
        for path in
            [folders.config_file(), folders.credentials_file(), folders.sandbox_file(), folders.leases()]
        {
            assert!(path.starts_with(&given), "{path:?}");
        }
        assert!(!given.exists());
    }

    #[test]
    fn a_relative_folder_is_made_absolute_and_an_empty_one_refused() {
        assert!(Folders::new(Some(Path::new("here"))).unwrap().config().is_absolute());
        assert!(matches!(Folders::new(Some(Path::new(""))), Err(FoldersError::Unusable { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn the_state_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::new(Some(&home.path().join("a/b"))).unwrap();
        folders.make_state().unwrap();
        for path in [folders.state(), folders.config()] {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o700, "{path:?}");
        }
    }
}
