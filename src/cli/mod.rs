//! Everything that a person can type. Parsing only: no files, no network.

mod account;
mod api;
mod channels;
mod choose;
mod create;
mod deferred;
mod global;
mod help;
mod kind_word;
mod line;
mod list;
mod meta;
mod profile;
mod refusal;
mod sandbox;
mod sign_in;
mod tips;
pub mod topics;
mod values;

use std::io::IsTerminal as _;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use deferred::None;
use global::without_empty_variables;

pub use account::{Authorize, Callback, CallbackCommand, CallbackSet, Login, Pages};
pub use api::Api;
pub use channels::{
    Channels, ChannelsCommand, ChannelsList, ChannelsPlan, ChannelsShow, ChannelsWatch, Disconnect,
};
pub use choose::{
    Connect, ConnectElsewhere, ConnectKind, ConnectPages, Reconnect, ReconnectAllKinds, ReconnectChannels,
    ReconnectKind,
};
pub use create::{
    ByPage, ConnectLinkchat, ConnectTelegram, ConnectWebchat, ConnectWhatsapp, ConnectWhatsappOfficial,
    ReconnectTelegram,
};
pub use deferred::Deferred;
pub use global::{Color, Global, with_global_options_shown};
pub use help::Help;
pub use kind_word::KindWord;
pub use line::{Known, Line, Next, What, Word};
pub use list::{ChannelSort, Format, PageSort};
pub use meta::{Meta, MetaCommand, MetaSubscribe, PageTokenOptions};
pub use profile::{Profile, ProfileCommand, RemovedProfile, SavedProfile};
pub use refusal::Refusal;
pub use sandbox::{Amounts, Sandbox, SandboxCommand, SandboxReset, SandboxServe};
pub use sign_in::SignIn;

/// Connect and reconnect channels of Socialchat, UnifiedBeez, Qontak and 10darts
///
/// On Socialchat, temporarily replaces the partner account's callback URL, opens the sign-in in your browser, receives the
/// token, restores the callback URL, lets you choose the Pages, and connects them. The same words work on the other
/// platforms; `help platforms` says how.
#[derive(Debug, Parser)]
#[command(
    name = "socialchat-cli",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Try it without an account:\n  socialchat-cli --sandbox connect messenger\n\n\
                  With one:\n  socialchat-cli login\n  socialchat-cli connect messenger\n  \
                  socialchat-cli reconnect instagram --disconnected\n\n\
                  Topics:\n  socialchat-cli help options|environment|exit-codes|json|platforms"
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line and the environment.
    pub fn read() -> Result<Cli, clap::Error> {
        let mut command = Cli::definition();
        let mut matches = match command.try_get_matches_from_mut(std::env::args_os()) {
            Err(error) if lacks_a_command(&error) && is_on_a_terminal() => {
                let typed = std::env::args_os().chain([STATUS.into()]);
                // That of `connect` is not this one.
                command.try_get_matches_from_mut(typed).map_err(|_| error)?
            }
            matches => matches?,
        };
        if let Some((help::COMMAND, below)) = matches.subcommand() {
            return Err(help::asked(below));
        }
        // Not clap's own way, for which a variable counts as given: one that is set for good is no contradiction.
        if is_typed(&matches, "sandbox") && is_typed(&matches, "api_url") {
            let message = "the argument '--sandbox' cannot be used with '--api-url <URL>'";
            return Err(command.error(ErrorKind::ArgumentConflict, message));
        }
        let json_is_typed = is_typed(&matches, "json");
        let mut cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command));
        if let Ok(cli) = &mut cli {
            match cli.command.format() {
                Some(Format::Json) => cli.global.json = true,
                Some(_) if json_is_typed => {
                    let message = "the argument '--json' cannot be used with another '--format'";
                    return Err(command.error(ErrorKind::ArgumentConflict, message));
                }
                _ => {}
            }
        }
        // Taking it apart piece by piece would be work for nothing.
        std::mem::forget(command);
        cli
    }

    /// The whole command line. Each command has its own global options (see [`Deferred`]): those of the top are not
    /// copied into all of them.
    pub fn definition() -> clap::Command {
        without_empty_variables(Cli::command().mut_args(|arg| arg.global(false)))
    }
}

/// What the program is without a command, on a terminal.
const STATUS: &str = "__status";

fn lacks_a_command(error: &clap::Error) -> bool {
    let kinds = [ErrorKind::MissingSubcommand, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand];
    kinds.contains(&error.kind())
}

fn is_on_a_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
}

/// What is said where no command is typed: the help.
pub fn nothing_typed() -> clap::Error {
    // To clap an option that a variable gives is something typed.
    let mut command = Cli::definition().mut_args(|arg| arg.env(None::<&str>));
    match command.try_get_matches_from_mut([env!("CARGO_PKG_NAME")]) {
        Err(error) => error,
        Ok(_) => command.error(ErrorKind::MissingSubcommand, "a command is missing"),
    }
}

/// Whether an option was typed, before the command or after it.
fn is_typed(matches: &ArgMatches, id: &str) -> bool {
    let here = matches.try_contains_id(id).unwrap_or(false)
        && matches.value_source(id) == Some(ValueSource::CommandLine);
    here || matches.subcommand().is_some_and(|(_, below)| is_typed(below, id))
}

/// The commands, in the order in which a new user meets them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Log in and save credentials
    ///
    /// Asks on a terminal, and checks the credentials with the API first. Saves them in the system's keychain, or in a
    /// file that only you can read if there is no keychain. No option takes a secret as its value: option values show up
    /// in `ps` and in the shell's history.
    Login(Deferred<Login>),
    /// Remove the saved credentials of the profile
    #[command(after_help = "Examples:\n  socialchat-cli logout\n  socialchat-cli logout --profile agency-b")]
    Logout(Deferred<None>),
    /// Show the account in use and whether the API accepts it
    #[command(
        after_help = "Examples:\n  socialchat-cli whoami\n  socialchat-cli --json whoami | jq .accepted"
    )]
    Whoami(Deferred<None>),
    /// List, choose and remove the saved accounts
    #[command(visible_alias = "profiles")]
    Profile(Deferred<Profile>),
    /// Show what each platform can do, and by which way
    ///
    /// socialchat: Facebook's sign-in in your browser gives a token, and you choose here. Needs an API key.
    ///
    /// unifiedbeez: its own sign-in in your browser; its list proves what was connected. Needs a session, or an e-mail
    /// address with password.
    ///
    /// qontak: its page opens, you connect or disconnect there, and it is noticed. Needs a client ID with its secret, or
    /// an older access token.
    ///
    /// 10darts: a Page token of your own Facebook app, checked at Meta first; then Meta's webhook. Needs an API token.
    ///
    /// A profile belongs to one platform: `login --platform NAME` chooses it. --sandbox --platform NAME tries one.
    #[command(after_help = "Examples:\n  socialchat-cli platforms\n  \
        socialchat-cli --json platforms | jq '.platforms[].kinds.messenger'")]
    Platforms(Deferred<None>),
    /// Connect channels
    Connect(Deferred<Connect>),
    /// Reconnect channels: one sign-in gives many a fresh token
    Reconnect(Deferred<Reconnect>),
    /// List, show and watch connected channels, and change a chat's plan
    #[command(visible_alias = "channel")]
    Channels(Deferred<Channels>),
    /// Delete channels
    ///
    /// Asks first. Disconnecting permanently deletes the channel on the platform; connecting it again creates a new one.
    #[command(alias = "rm")]
    Disconnect(Deferred<Disconnect>),
    /// List every Page or account that a sign-in covers
    Pages(Deferred<Pages>),
    /// Sign in and print only the token
    ///
    /// The token is a secret. Pipe it to another command instead of saving it.
    Authorize(Deferred<Authorize>),
    /// Show and set the account-wide callback URLs
    Callback(Deferred<Callback>),
    /// Check a Page token at Meta, subscribe its webhook, prepare App Review
    ///
    /// Needs no account of a platform: a Page token alone, from stdin, META_PAGE_TOKEN or a prompt.
    Meta(Deferred<Meta>),
    /// Send one raw call to the Partner API
    ///
    /// With the account's credentials, for what no command does. The body comes from stdin. Prints the answer as JSON
    /// without its secrets. Asks before a DELETE and before a PUT of the settings; sends POST, PATCH and DELETE only once.
    Api(Deferred<Api>),
    /// Try and test with an embedded Partner API
    ///
    /// The sandbox serves the documented API on this machine only, with a consent page where you tick Pages. All commands
    /// and `sandbox serve` share its state. For Telegram it accepts any bot token of a number, a colon, and 35 letters and
    /// digits.
    Sandbox(Deferred<Sandbox>),
    /// Print the completion script for a shell
    ///
    /// In bash, zsh and fish, Tab also completes profiles, the ids of channels, and behind --page the ids of the Pages that
    /// the token in SOCIALCHAT_TOKEN covers. That needs credentials from the environment or a file: a keychain may ask.
    #[command(after_help = "Examples:\n  \
        socialchat-cli completions bash > ~/.socialchat-cli.bash   # then source it\n  \
        socialchat-cli completions zsh > ~/.zfunc/_socialchat-cli\n  \
        socialchat-cli completions fish > ~/.config/fish/conf.d/socialchat-cli.fish")]
    Completions(Deferred<Completions>),
    /// Write the man pages to a folder
    #[command(after_help = "Examples:\n  socialchat-cli man ~/.local/share/man/man1\n  \
        socialchat-cli man > socialchat-cli.1")]
    Man(Deferred<Man>),
    /// Show the help of a command or topic
    ///
    /// The topics are options, environment, exit-codes, json and platforms.
    #[command(
        after_help = "Examples:\n  socialchat-cli help connect messenger\n  socialchat-cli help exit-codes"
    )]
    Help(Deferred<Help>),
    /// List the channels (`channels list`)
    #[command(hide = true)]
    Ls(Deferred<ChannelsList>),
    /// Show the account, its counts and the next command
    #[command(name = STATUS, hide = true)]
    Status(Deferred<None>),
    /// Answer a shell's completion script
    #[command(name = "__complete", hide = true)]
    Complete(Deferred<None>),
}

impl Command {
    /// What its list is to be printed as, where it has one and that was typed.
    fn format(&self) -> Option<Format> {
        match self {
            Command::Pages(Deferred(args)) => args.format,
            Command::Channels(Deferred(Channels { command: ChannelsCommand::List(args) })) => args.format,
            Command::Ls(Deferred(args)) => args.format,
            _ => None,
        }
    }
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Folder to write to. Without it, the main page goes to stdout
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub dir: Option<std::path::PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::definition().debug_assert();
    }

    #[test]
    fn every_option_that_reads_a_secret_is_named_where_one_was_typed() {
        fn options(command: &clap::Command, found: &mut Vec<String>) {
            let long = command.get_arguments().filter_map(|argument| argument.get_long());
            found.extend(long.filter(|name| name.ends_with("-stdin")).map(|name| format!("--{name}")));
            command.get_subcommands().for_each(|command| options(command, found));
        }
        let (mut command, mut found) = (Cli::definition(), Vec::new());
        command.build();
        options(&command, &mut found);
        assert!(found.len() > 10, "{found:?}");
        let (_, named) = crate::types::typed::SECRETS_ARE_PIPED.split_once(": ").unwrap();
        let named: Vec<&str> = named.split(", ").collect();
        for option in found {
            assert!(named.contains(&option.as_str()), "{option}");
        }
    }

    #[test]
    fn each_variable_is_explained_once() {
        let names: Vec<&str> = topics::ENVIRONMENT.iter().flat_map(|(names, _)| names.split(", ")).collect();
        let unique: std::collections::BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "{names:?}");
    }
}
