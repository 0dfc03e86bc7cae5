//! What is said about a command line that can't be understood, without what may be a secret in it.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::tips;
use crate::types::typed::{HIDDEN, SECRETS_ARE_PIPED, is_plain_word};

/// A refused command line.
pub struct Refusal {
    error: clap::Error,
    /// What was typed and isn't shown.
    hidden: Option<String>,
    is_about_secrets: bool,
}

impl Refusal {
    /// Takes out of clap's error whatever was typed where nothing like it belongs and is more than a misspelt word, and of
    /// the values of options what may be a secret.
    pub fn new(mut error: clap::Error) -> Self {
        let (typed, is_harmless): (_, fn(&str) -> bool) = match error.kind() {
            ErrorKind::UnknownArgument => (ContextKind::InvalidArg, is_plain_word),
            ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, is_plain_word),
            _ => (ContextKind::InvalidValue, is_no_secret),
        };
        let hidden = match error.get(typed) {
            Some(ContextValue::String(text)) if !is_harmless(text) => Some(text.clone()),
            _ => None,
        };
        if hidden.is_some() {
            error.insert(typed, ContextValue::String(HIDDEN.to_owned()));
        }
        if let Some(ContextValue::Strings(names)) = error.get(ContextKind::ValidSubcommand) {
            // Not those that only scripts call, and no short forms.
            let names =
                names.iter().filter(|name| !name.starts_with("__") && name.len() > 2).cloned().collect();
            error.insert(ContextKind::ValidSubcommand, ContextValue::Strings(names));
        }
        let is_public = name_variable(&mut error);
        let is_about_secrets = (hidden.is_some() && !is_public) || is_option_for_a_secret(&error);
        if is_about_secrets {
            let tip = match hidden.as_deref().and_then(place_of) {
                Some(place) => {
                    format!("argument {place} is not shown, since it may be a secret; {SECRETS_ARE_PIPED}")
                }
                None => SECRETS_ARE_PIPED.to_owned(),
            };
            // The tip that stands there now repeats what was typed.
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        } else {
            tips::put_in(&mut error);
        }
        Refusal { error, hidden, is_about_secrets }
    }

    /// Prints it with clap's own colours.
    pub fn print(&self) {
        let _ = self.error.print();
    }

    /// The whole text.
    pub fn text(&self) -> String {
        let text = self.error.render().to_string();
        // The parser of a value may have quoted it. What is shorter stands in other words as well.
        match &self.hidden {
            Some(hidden) if hidden.len() >= 4 => {
                text.replace(&format!("{hidden:?}"), HIDDEN).replace(hidden.as_str(), HIDDEN)
            }
            _ => text,
        }
    }

    /// What is wrong, in a line: the text's first paragraph.
    pub fn message(&self) -> String {
        let text = self.text();
        let paragraph = text.trim_start_matches("error: ").lines().map(str::trim);
        let paragraph: Vec<&str> = paragraph.take_while(|line| !line.is_empty()).collect();
        if paragraph.is_empty() { "wrong usage".to_owned() } else { paragraph.join(" ") }
    }

    /// What to type instead, where that is known.
    pub fn tip(&self) -> Option<String> {
        let text = self.text();
        text.lines().find_map(|line| line.trim_start().strip_prefix("tip: ")).map(str::to_owned)
    }

    /// Whether [`Refusal::print`] would print more than [`Refusal::text`] has.
    pub fn is_quoted_elsewhere(&self) -> bool {
        self.text() != self.error.render().to_string()
    }

    /// Whether it may be about a secret: something typed isn't shown, or an option for one is.
    pub fn is_about_secrets(&self) -> bool {
        self.is_about_secrets
    }
}

/// Where a value is wrong that came from the environment, its variable is what has to be named. Gives whether the value is
/// of an option that takes a URL, or fields of a webhook.
fn name_variable(error: &mut clap::Error) -> bool {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return false };
    let is_public = option.contains("<URL>") || option.contains("<FIELDS>");
    if option.starts_with("--api-url") && !arguments().any(|typed| typed.starts_with("--api-url")) {
        error.insert(ContextKind::InvalidArg, ContextValue::String("SOCIALCHAT_API_URL".to_owned()));
    }
    is_public
}

/// `--token EAAB...`, `--tokn-stdin=EAAB...`: there is no such option, and never was.
fn is_option_for_a_secret(error: &clap::Error) -> bool {
    let is_for = |kind, words: &[&str]| {
        let ContextValue::String(option) = error.get(kind)? else { return None };
        words.iter().any(|word| option.contains(word)).then_some(())
    };
    error.kind() == ErrorKind::UnknownArgument
        && is_for(ContextKind::InvalidArg, &["token", "key", "secret", "password"])
            .or_else(|| is_for(ContextKind::SuggestedArg, &["-stdin"]))
            .is_some()
}

/// Whether the value of an option can't be a secret: those have eight characters and no blanks.
fn is_no_secret(value: &str) -> bool {
    let is_no_secret = is_plain_word(value) || value.len() < 8 || value.contains(char::is_whitespace);
    // A terminal might act on it.
    is_no_secret && value.chars().all(|c| c == ' ' || c.is_alphanumeric() || c.is_ascii_graphic())
}

/// Which argument it is, counted from 1.
fn place_of(hidden: &str) -> Option<usize> {
    arguments().position(|typed| typed == hidden).map(|index| index + 1)
}

fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|typed: OsString| typed.to_string_lossy().into_owned())
}
