//! What programs that we start are not given.

use std::process::Command;

/// How the variables that hold keys and tokens begin, of each platform.
const OURS: [&str; 7] = [
    "SOCIALCHAT_",
    "UNIFIEDBEEZ_",
    "QONTAK_",
    "TENDARTS_",
    "META_PAGE_TOKEN",
    "META_APP_ID",
    "META_APP_SECRET",
];

/// Takes all our variables out of the environment of a program that is to be started: it needs none of our secrets, and
/// it, or what it starts, may live longer than we do. The one place where this is done.
pub fn without_secrets(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_ascii_uppercase();
        if OURS.iter().any(|begin| upper.starts_with(begin)) {
            command.env_remove(&name);
        }
    }
}
