//! A command's options, built only when it is the one that was typed. Building those of all commands, each with its own
//! copy of the global ones, is most of what a start-up would take.

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::global::{Global, without_empty_variables};

/// Stands in the help of each command in the place of the global options.
const POINTER: &str = "Global options, such as --json and --profile: socialchat-cli help options";

/// The options of a command, and behind them the global ones.
#[derive(Debug)]
pub struct Deferred<T>(pub T);

/// The options of a command that has none.
#[derive(Debug, Args)]
pub struct None {}

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(|command| {
            // What the list of commands says of it is what its own help says.
            let about = Resettable::from(command.get_about().cloned());
            let long_about = Resettable::from(command.get_long_about().cloned());
            let command = Global::augment_args(T::augment_args(command));
            with_pointer(without_empty_variables(command.about(about).long_about(long_about)))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Names in each command's help where the global options are, before its examples.
pub fn with_pointer(command: Command) -> Command {
    let examples = command.get_after_help().map(|text| format!("\n\n{text}")).unwrap_or_default();
    command.after_help(format!("{POINTER}{examples}")).mut_subcommands(with_pointer)
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Deferred)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Deferred)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }

    fn update_from_arg_matches_mut(&mut self, matches: &mut ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches_mut(matches)
    }
}
