//! Tips for what people type who know other programs. Never towards a command that deletes: a tip is typed without a
//! second look.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The commands that remove something for good.
const DELETING: [&str; 3] = ["disconnect", "logout", "rm"];

/// What is typed in the place of a command, and what to type instead.
const COMMANDS: &[(&[&str], &str)] = &[
    (
        &["docs", "doc", "documentation", "manual", "usage"],
        "'help' lists the commands and topics, 'help connect messenger' explains one command",
    ),
    (
        &["auth", "signin", "sign-in", "sign_in", "log-in"],
        "'login' saves the account's credentials, 'connect messenger' signs in to Facebook",
    ),
    (
        &["status", "st", "info", "ps", "state"],
        "'channels list' shows every channel with its state, 'whoami' shows the account",
    ),
    (&["list", "show", "get", "accounts", "inbox"], "'channels list' lists the channels"),
    (&["watch", "monitor", "tail"], "'channels watch' shows each channel that disconnects or reconnects"),
    (
        &["repair", "fix", "refresh", "renew"],
        "'reconnect messenger --disconnected' reconnects what is disconnected",
    ),
    (
        &["config", "settings", "set"],
        "'callback show' shows the account's settings, 'help environment' the files",
    ),
    (&["version"], "'--version' prints the version"),
    (&["serve", "server", "mock"], "'sandbox serve' serves the embedded sandbox"),
    (&["completion", "complete"], "'completions bash' prints the completion script of a shell"),
    (
        &["add", "create", "new", "link"],
        "'connect messenger' connects Pages, 'help connect' lists the other kinds",
    ),
    (&["messenger", "facebook", "fb"], "'connect messenger' connects Pages, 'pages messenger' lists them"),
    (&["instagram", "ig"], "'connect instagram' connects accounts, 'pages instagram' lists them"),
    (&["whatsapp", "wa"], "'connect whatsapp' connects a number"),
    (&["telegram"], "'connect telegram' connects a bot"),
    (&["webchat", "linkchat"], "'connect webchat' and 'connect linkchat' create chats"),
];

/// Likewise behind a command that has others below it.
const BELOW: &[(&[&str], &str)] = &[(&["help"], "'--help' after a command explains it")];

/// Likewise in the place of an option.
const OPTIONS: &[(&[&str], &str)] = &[
    (&["-o", "--output"], "'--json' prints the result as JSON"),
    (
        &["-w", "--watch", "--follow", "-f"],
        "'channels watch' shows each channel that disconnects or reconnects",
    ),
    (&["--force"], "'--yes' answers every confirmation with yes"),
    (&["--debug", "--trace"], "'--verbose' shows each request"),
    (&["--non-interactive", "--no-prompt"], "'--no-input' never asks"),
];

/// Puts a tip into the error, in the place of those that clap has found.
pub fn put_in(error: &mut Error) {
    let (typed, known) = match error.kind() {
        ErrorKind::InvalidSubcommand if is_of_the_program(error) => {
            (ContextKind::InvalidSubcommand, COMMANDS)
        }
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, BELOW),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, OPTIONS),
        _ => return,
    };
    let Some(ContextValue::String(typed)) = error.get(typed) else { return };
    if let Some((_, tip)) = known.iter().find(|(words, _)| words.contains(&typed.as_str())) {
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![(*tip).into()]));
    } else {
        keep_nearest(error);
    }
}

/// Of the commands that are like the typed one, the nearest is named; none where that one deletes.
fn keep_nearest(error: &mut Error) {
    // The most similar stands last.
    let nearest = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(similar)) => {
            similar.iter().rfind(|command| !command.starts_with("__")).cloned()
        }
        Some(ContextValue::String(similar)) => Some(similar.clone()),
        _ => return,
    };
    match nearest {
        Some(nearest) if !DELETING.contains(&nearest.as_str()) => {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![nearest]));
        }
        _ => {
            error.remove(ContextKind::SuggestedSubcommand);
        }
    }
}

/// Whether the unknown word stands where the program's own commands do, not one of those below `connect` and the like.
fn is_of_the_program(error: &Error) -> bool {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return false };
    let usage = usage.to_string();
    let behind = usage.split_once("socialchat-cli ").map_or("", |(_, behind)| behind);
    behind.starts_with(['<', '['])
}
