//! What programs that we start are not given.

use std::process::Command;

/// Our variables hold keys and tokens.
const OURS: &str = "SOCIALCHAT_";

/// Takes all our variables out of the environment of a program that is to be started: it needs none of our secrets, and
/// it, or what it starts, may live longer than we do. The one place where this is done.
pub fn without_secrets(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with(OURS) {
            command.env_remove(&name);
        }
    }
}
