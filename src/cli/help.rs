//! `help`: of a command, or of a topic.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, Error};

use super::Cli;
use super::topics::Topic;

/// The command's name.
pub const COMMAND: &str = "help";

/// Options of `help`.
#[derive(Debug, Args)]
pub struct Help {
    /// A command, such as `connect messenger`, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    pub words: Vec<String>,
}

/// What `help WORDS` answers. As clap does with its own help, it comes as an error of the kind `DisplayHelp`; where there is
/// neither such a command nor such a topic, as the error that the command itself would be.
pub fn asked(matches: &ArgMatches) -> Error {
    let words: Vec<&String> = matches.get_many("words").into_iter().flatten().collect();
    if let [word] = &words[..]
        && let Some(topic) = Topic::named(word)
    {
        return shown(topic.text());
    }
    let mut command = Cli::definition();
    let line =
        [env!("CARGO_PKG_NAME")].into_iter().chain(words.iter().map(|word| word.as_str())).chain(["--help"]);
    match command.try_get_matches_from_mut(line) {
        Err(error) => error,
        // Whatever stands before it, `--help` is answered with help.
        Ok(_) => command.error(ErrorKind::InvalidSubcommand, "there is no help of that"),
    }
}

/// A text of our own, shown the way help is.
fn shown(text: clap::builder::StyledStr) -> Error {
    let mut page = Command::new(COMMAND).help_template("{before-help}").before_help(text).max_term_width(100);
    match page.try_get_matches_from_mut([COMMAND, "--help"]) {
        Err(error) => error,
        Ok(_) => page.error(ErrorKind::DisplayHelp, ""),
    }
}
