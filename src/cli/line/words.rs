//! Words that a command line's definition has, each with what it means.

use clap::Command;

use super::Word;
use crate::cli::Cli;
use crate::cli::topics::Topic;

/// The commands below one.
pub fn command_words(command: &Command, begun: &str) -> Vec<Word> {
    let shown =
        command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name().starts_with(begun));
    let about = |below: &Command| below.get_about().map(ToString::to_string).unwrap_or_default();
    shown.map(|below| Word { text: below.get_name().to_owned(), about: first_line(&about(below)) }).collect()
}

/// What may stand behind `help`.
pub fn help_words(typed: &[String], begun: &str) -> Vec<Word> {
    let mut root = Cli::definition();
    root.build();
    let mut command = &root;
    for word in typed {
        match command.find_subcommand(word) {
            Some(below) => command = below,
            None => return Vec::new(),
        }
    }
    let mut words = command_words(command, begun);
    if typed.is_empty() {
        let topics = Topic::ALL.into_iter().filter(|topic| topic.name().starts_with(begun));
        words.extend(
            topics.map(|topic| Word { text: topic.name().to_owned(), about: topic.about().to_owned() }),
        );
    }
    words
}

/// The first line of a text.
pub fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
