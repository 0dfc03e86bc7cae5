//! A command to type.

/// A command line of this program for somebody to type, without its name: `channels list`. `Display` writes it between
/// backquotes, with the name, and with the options that belong into every command of this run (`--sandbox`, `--profile`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation(String);

impl Invocation {
    /// The command line that follows the program's name.
    pub fn new(line: impl Into<String>) -> Self {
        Invocation(line.into())
    }

    /// What follows the program's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
