//! The name of a stored account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a profile: 1 to 64 letters, digits, `.`, `_` and `-`. It never begins or ends with a dot, and is never one
/// of the names that Windows keeps for devices, so that it can be part of a file's name anywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProfileName(String);

impl ProfileName {
    /// The name that is used when none is given.
    pub const DEFAULT: &str = "default";

    /// The profile of the embedded sandbox, and the name of its API.
    pub const SANDBOX: &str = "sandbox";

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for files. Upper case is marked (`Prod` is `+prod`), since `Prod` and `prod` are two profiles, and would be
    /// one file on macOS and Windows.
    pub(super) fn file_stem(&self) -> String {
        let mut stem = String::with_capacity(self.0.len());
        for letter in self.0.chars() {
            if letter.is_ascii_uppercase() {
                stem.push('+');
            }
            stem.push(letter.to_ascii_lowercase());
        }
        stem
    }
}

impl Default for ProfileName {
    fn default() -> Self {
        ProfileName(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text can't name a profile.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileNameError {
    Length,
    Characters,
    /// At its begin or its end.
    Dot,
    /// Windows keeps that name for a device.
    Device,
}

impl FromStr for ProfileName {
    type Err = ProfileNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(1..=64).contains(&text.chars().count()) {
            return Err(ProfileNameError::Length);
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            return Err(ProfileNameError::Characters);
        }
        if text.starts_with('.') || text.ends_with('.') {
            return Err(ProfileNameError::Dot);
        }
        if is_device(text) {
            return Err(ProfileNameError::Device);
        }
        Ok(ProfileName(text.to_owned()))
    }
}

impl TryFrom<String> for ProfileName {
    type Error = ProfileNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProfileName> for String {
    fn from(name: ProfileName) -> String {
        name.0
    }
}

/// Windows takes `con` and `CON.anything` for the console, whatever follows the first dot.
fn is_device(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        _ => stem
            .strip_prefix("com")
            .or_else(|| stem.strip_prefix("lpt"))
            .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_file_names_everywhere_are_taken() {
        for good in ["default", "a", "Acme-Prod_2.eu", "console", "com10", "comx", &"x".repeat(64)] {
            assert_eq!(good.parse::<ProfileName>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn other_names_are_refused_with_the_reason() {
        use ProfileNameError::*;
        for (bad, why) in [
            ("", Length),
            (&*"x".repeat(65), Length),
            ("a/b", Characters),
            ("..\\x", Characters),
            ("a b", Characters),
            ("ñ", Characters),
            ("a\n", Characters),
            (".hidden", Dot),
            ("..", Dot),
            ("end.", Dot),
            ("CON", Device),
            ("nul.txt", Device),
            ("Com1", Device),
            ("lpt9.x.y", Device),
        ] {
            assert_eq!(bad.parse::<ProfileName>(), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_have_different_files() {
        let stem = |name: &str| name.parse::<ProfileName>().unwrap().file_stem();
        assert_eq!(stem("prod"), "prod");
        assert_eq!(stem("Prod"), "+prod");
        assert_eq!(stem("pRod"), "p+rod");
    }
}
