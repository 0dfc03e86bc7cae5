//! A command line that is still being typed: what it says so far, and what may come next. For the shells' completions.

mod words;

use clap::{Arg, ArgAction, Args as _, Command, FromArgMatches as _, ValueHint};

use self::words::{command_words, first_line, help_words};
use super::global::{Global, is_global, without_empty_variables};
use super::{Cli, help};
use crate::types::{ChannelKind, SignInKind};

/// What may come next, and the global options that were typed before it.
#[derive(Debug)]
pub struct Line {
    pub next: Next,
    /// None where they contradict each other.
    pub global: Option<Global>,
}

/// What may come next.
#[derive(Debug)]
pub enum Next {
    /// One of these words, which all begin as the current one does.
    Words(Vec<Word>),
    Files,
    Folders,
    /// What this command line's definition doesn't know.
    Known(Known),
}

/// A word that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// What it means, in a line; may be empty.
    pub about: String,
}

/// Words that the disk or the API know.
#[derive(Debug)]
pub struct Known {
    pub what: What,
    /// What stands before the value in the same word: `--page=`.
    pub before: String,
    /// How the value begins.
    pub begun: String,
    /// Values that were typed already.
    pub typed: Vec<String>,
}

/// What a value names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A stored account.
    Profile,
    /// The `_id` of a channel, of that kind where one is named.
    Channel(Option<ChannelKind>),
    /// A Page or account that a sign-in covers.
    Page(SignInKind),
}

impl Line {
    /// Reads the words behind the program's name; the last is the one that is being typed, and may be empty.
    pub fn read(words: &[String]) -> Line {
        let mut root = Cli::definition();
        root.build();
        let (current, before) = words.split_last().map_or(("", words), |(last, rest)| (last.as_str(), rest));
        let mut reading = Reading::new(&root);
        before.iter().for_each(|word| reading.take(word));
        if reading.pending.is_some_and(is_global) {
            // It has no value yet.
            reading.global.pop();
        }
        Line { next: reading.next(current), global: global(&reading.global) }
    }
}

/// As they would be taken from a whole command line, with the environment.
fn global(words: &[String]) -> Option<Global> {
    let command = Global::augment_args(Command::new("global").no_binary_name(true));
    let matches = without_empty_variables(command).try_get_matches_from(words).ok()?;
    Global::from_arg_matches(&matches).ok()
}

/// How far a command line was read.
struct Reading<'a> {
    command: &'a Command,
    /// The commands on the way, by their own names.
    path: Vec<&'a str>,
    /// The option whose value comes next.
    pending: Option<&'a Arg>,
    options: Vec<&'a Arg>,
    positionals: Vec<String>,
    /// Whether `--` was read: no options come any more.
    escaped: bool,
    global: Vec<String>,
    all: Vec<String>,
}

impl<'a> Reading<'a> {
    fn new(command: &'a Command) -> Self {
        Reading {
            command,
            path: Vec::new(),
            pending: None,
            options: Vec::new(),
            positionals: Vec::new(),
            escaped: false,
            global: Vec::new(),
            all: Vec::new(),
        }
    }

    fn take(&mut self, word: &str) {
        self.all.push(word.to_owned());
        if let Some(option) = self.pending.take() {
            if is_global(option) {
                self.global.push(word.to_owned());
            }
        } else if self.escaped || !word.starts_with('-') || word == "-" {
            self.take_bare(word);
        } else if word == "--" {
            self.escaped = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let name = long.split('=').next().unwrap_or_default();
            let found = self.command.get_arguments().find(|arg| arg.get_long() == Some(name));
            self.take_option(found, word, long.contains('='));
        } else {
            self.take_short(word);
        }
    }

    fn take_bare(&mut self, word: &str) {
        match self.command.find_subcommand(word).filter(|_| !self.escaped && self.positionals.is_empty()) {
            Some(below) => {
                self.path.push(below.get_name());
                self.command = below;
                self.options.clear();
            }
            None => self.positionals.push(word.to_owned()),
        }
    }

    fn take_option(&mut self, found: Option<&'a Arg>, word: &str, has_value: bool) {
        let Some(option) = found else { return };
        self.options.push(option);
        if is_global(option) {
            self.global.push(word.to_owned());
        }
        if option.get_action().takes_values() && !has_value {
            self.pending = Some(option);
        }
    }

    /// Several letters in a word: `-qy`. None of this program's takes a value.
    fn take_short(&mut self, word: &str) {
        for letter in word.chars().skip(1) {
            let found = self.command.get_arguments().find(|arg| arg.get_short() == Some(letter));
            self.take_option(found, &format!("-{letter}"), false);
        }
    }

    fn next(&self, current: &str) -> Next {
        if let Some(option) = self.pending {
            return self.values(option, "", current);
        }
        if !self.escaped
            && let Some(long) = current.strip_prefix("--")
            && let Some((name, begun)) = long.split_once('=')
        {
            let option = self.command.get_arguments().find(|arg| arg.get_long() == Some(name));
            let before = format!("--{name}=");
            return option.map_or(Next::Words(Vec::new()), |option| self.values(option, &before, begun));
        }
        if !self.escaped && current.starts_with('-') {
            return Next::Words(self.option_words(current));
        }
        if self.path == [help::COMMAND] {
            return Next::Words(help_words(&self.positionals, current));
        }
        let commands = self.commands(current);
        if !commands.is_empty() {
            return Next::Words(commands);
        }
        match self.positional() {
            Some(positional) => self.values(positional, "", current),
            None if current.is_empty() && self.is_complete() => Next::Words(self.option_words("--")),
            None => Next::Words(Vec::new()),
        }
    }

    fn commands(&self, begun: &str) -> Vec<Word> {
        if !self.positionals.is_empty() || self.escaped {
            return Vec::new();
        }
        command_words(self.command, begun)
    }

    /// Whether nothing but options can follow.
    fn is_complete(&self) -> bool {
        !self.escaped && !self.command.has_subcommands()
    }

    /// The one that comes next; the last, where it takes several.
    fn positional(&self) -> Option<&'a Arg> {
        let positionals: Vec<&Arg> =
            self.command.get_positionals().filter(|arg| !arg.is_hide_set()).collect();
        let takes_several = |arg: &&Arg| matches!(arg.get_action(), ArgAction::Append);
        let next = positionals.get(self.positionals.len()).copied();
        next.or_else(|| positionals.last().copied().filter(takes_several))
    }

    /// The options that may still be typed: not those that were, nor what contradicts them.
    fn option_words(&self, begun: &str) -> Vec<Word> {
        let repeats = |arg: &Arg| matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
        let is_typed = |arg: &Arg| self.options.iter().any(|typed| typed.get_id() == arg.get_id());
        let contradicts = |arg: &Arg| {
            self.options.iter().any(|typed| {
                let conflicts = |one: &Arg, other: &Arg| {
                    self.command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == other.get_id())
                };
                // One that stood before the command is not this command's.
                let is_here = self.command.get_arguments().any(|arg| arg.get_id() == typed.get_id());
                is_here && (conflicts(typed, arg) || conflicts(arg, typed))
            })
        };
        let shown = self.command.get_arguments().filter(|arg| !arg.is_positional());
        let shown = shown.filter(|arg| !arg.is_hide_set() || is_global(arg));
        // A command's own come first.
        let (global, own): (Vec<&Arg>, Vec<&Arg>) = shown.partition(|arg| is_global(arg));
        let free = own.into_iter().chain(global).filter(|arg| !is_typed(arg) || repeats(arg));
        free.filter(|arg| !contradicts(arg))
            .filter_map(|arg| {
                let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
                Some(Word { text: format!("--{}", arg.get_long()?), about: first_line(&about) })
            })
            .filter(|word| word.text.starts_with(begun))
            .collect()
    }

    fn values(&self, arg: &Arg, before: &str, begun: &str) -> Next {
        let possible = arg.get_possible_values();
        // A flag's are true and false, which nobody types.
        if !possible.is_empty() && arg.get_action().takes_values() {
            let shown =
                possible.iter().filter(|value| !value.is_hide_set() && value.get_name().starts_with(begun));
            let word = |value: &clap::builder::PossibleValue| Word {
                text: format!("{before}{}", value.get_name()),
                about: first_line(&value.get_help().map(ToString::to_string).unwrap_or_default()),
            };
            return Next::Words(shown.map(word).collect());
        }
        if let Some(what) = self.known(arg) {
            let (before, begun) = (before.to_owned(), begun.to_owned());
            return Next::Known(Known { what, before, begun, typed: self.all.clone() });
        }
        match arg.get_value_hint() {
            ValueHint::FilePath | ValueHint::AnyPath => Next::Files,
            ValueHint::DirPath => Next::Folders,
            _ => Next::Words(Vec::new()),
        }
    }

    /// What a value names that the API or the disk knows. Told by its name, which is the same in all commands.
    fn known(&self, arg: &Arg) -> Option<What> {
        let kind = self.path.get(1).copied().unwrap_or_default();
        match (arg.get_id().as_str(), arg.get_value_names()?.first()?.as_str()) {
            ("profile" | "saved", _) => Some(What::Profile),
            ("page", _) => SignInKind::ALL.into_iter().find(|one| one.as_str() == kind).map(What::Page),
            (_, "ID") if arg.is_positional() => Some(What::Channel(ChannelKind::documented(kind))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
