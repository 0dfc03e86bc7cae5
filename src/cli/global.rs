//! The options of every command, accepted before and after it.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Arg, Args, Command, ValueEnum};

use crate::types::{ApiUrl, PlatformName};

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that supports them, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The heading of these options, by which they are told from a command's own.
pub const HEADING: &str = "Global options";

/// Options of every command. A command's own help leaves them out: `help options` lists them.
#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub struct Global {
    /// Which saved account to use [default: default]
    #[arg(
        long,
        global = true,
        hide = true,
        value_name = "NAME",
        env = "SOCIALCHAT_PROFILE",
        hide_env_values = true
    )]
    pub profile: Option<String>,

    /// Which platform [default: the profile's, else socialchat]
    #[arg(
        long,
        global = true,
        hide = true,
        value_name = "NAME",
        value_enum,
        env = "SOCIALCHAT_PLATFORM",
        hide_env_values = true
    )]
    pub platform: Option<PlatformName>,

    /// URL of the platform's API [default: its vendor's]
    #[arg(
        long,
        global = true,
        hide = true,
        value_name = "URL",
        env = "SOCIALCHAT_API_URL",
        hide_env_values = true
    )]
    pub api_url: Option<ApiUrl>,

    /// Use the embedded sandbox, which needs no account
    #[arg(long, global = true, hide = true, env = "SOCIALCHAT_SANDBOX", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub sandbox: bool,

    /// Print the result as one JSON document
    #[arg(long, global = true, hide = true, env = "SOCIALCHAT_JSON", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub json: bool,

    /// Answer yes to every confirmation
    #[arg(long, short = 'y', global = true, hide = true)]
    pub yes: bool,

    /// Never ask; fail and name the missing option
    #[arg(long, global = true, hide = true)]
    pub no_input: bool,

    /// Show only warnings and errors
    #[arg(long, short = 'q', global = true, hide = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Show each request: method, path, status, milliseconds
    #[arg(long, short = 'v', global = true, hide = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// When to use colours
    #[arg(long, global = true, hide = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto, hide_possible_values = false)]
    pub color: Color,

    /// Keep all files of this program in this folder
    #[arg(long, global = true, hide = true, value_name = "DIR", env = "SOCIALCHAT_CONFIG_DIR", hide_env_values = true, value_hint = clap::ValueHint::DirPath)]
    pub config_dir: Option<PathBuf>,
}

/// Whether it is one of these options.
pub fn is_global(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(HEADING)
}

/// Shows these options in everything that is made of a whole command line: `help options`, man pages, completions.
pub fn with_global_options_shown(command: Command) -> Command {
    command
        .mut_args(|arg| if is_global(&arg) { arg.hide(false) } else { arg })
        .mut_subcommands(with_global_options_shown)
}

/// A variable that is empty counts as not set: CI systems set those whose value they don't have.
pub(super) fn without_empty_variables(command: Command) -> Command {
    command.mut_args(|arg| {
        let is_empty = arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if is_empty { arg.env(None::<&str>) } else { arg }
    })
}
