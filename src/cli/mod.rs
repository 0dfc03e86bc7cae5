//! Everything that a person can type. Parsing only: no files, no network.

mod account;
mod channels;
mod choose;
mod global;
mod others;
mod sandbox;
mod sign_in;
mod values;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use account::{Authorize, Callback, CallbackCommand, CallbackSet, Login, Pages};
pub use channels::{Channels, ChannelsCommand, ChannelsList, ChannelsShow, ChannelsWatch, Disconnect};
pub use choose::{
    Connect, ConnectKind, ConnectPages, IfConnected, Reconnect, ReconnectChannels, ReconnectKind,
};
pub use global::{Color, Global};
pub use others::{ConnectLinkchat, ConnectTelegram, ConnectWebchat, ConnectWhatsapp, ReconnectTelegram};
pub use sandbox::{Sandbox, SandboxCommand, SandboxReset, SandboxServe};
pub use sign_in::SignIn;
pub use values::ApiUrl;

/// Connects and reconnects Socialchat channels in one command
///
/// It borrows the partner account's callback URL, opens the sign-in in the browser, catches the
/// token, lets you choose the Pages, connects them, and gives the callback URL back.
#[derive(Debug, Parser)]
#[command(
    name = "socialchat-cli",
    version,
    propagate_version = true,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Try it without an account:\n  socialchat-cli --sandbox connect messenger\n\n\
                  With one:\n  socialchat-cli login\n  socialchat-cli connect messenger\n  \
                  socialchat-cli reconnect instagram --disconnected\n\n\
                  Exit codes: 0 done, 1 failed, 2 usage, 3 credentials, 4 sign-in refused or timed out,\n\
                  5 some of several failed, 130 interrupted, 143 terminated."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line and the environment. A variable that is empty counts as not set: CI systems set
    /// those whose value they don't have.
    pub fn read() -> Result<Cli, clap::Error> {
        let empty = |arg: &clap::Arg| {
            arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()))
        };
        let mut command = Cli::command();
        let ids: Vec<_> =
            command.get_arguments().filter(|arg| empty(arg)).map(|arg| arg.get_id().clone()).collect();
        for id in ids {
            command = command.mut_arg(id, |arg| arg.env(None::<&str>));
        }
        let matches = command.try_get_matches()?;
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))
    }
}

/// The commands, in the order in which a new user meets them.
#[derive(Debug, Subcommand)]
pub enum Command {
    Login(Login),
    /// Remove the stored credentials of the profile
    #[command(after_help = "Examples:\n  socialchat-cli logout\n  socialchat-cli logout --profile agency-b")]
    Logout,
    /// Show which account is used, from where, and whether the API accepts it
    #[command(
        after_help = "Examples:\n  socialchat-cli whoami\n  socialchat-cli --json whoami | jq .accepted"
    )]
    Whoami,
    Connect(Connect),
    Reconnect(Reconnect),
    Channels(Channels),
    Disconnect(Disconnect),
    Pages(Pages),
    Authorize(Authorize),
    Callback(Callback),
    Sandbox(Sandbox),
    /// Print a shell's completion script
    #[command(after_help = "Examples:\n  \
        socialchat-cli completions bash > ~/.local/share/bash-completion/completions/socialchat-cli\n  \
        socialchat-cli completions zsh > ~/.zfunc/_socialchat-cli\n  \
        socialchat-cli completions fish > ~/.config/fish/completions/socialchat-cli.fish")]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Write the man pages into a folder
    #[command(after_help = "Examples:\n  socialchat-cli man ~/.local/share/man/man1\n  \
        socialchat-cli man > socialchat-cli.1")]
    Man {
        /// The folder; without one the main page goes to stdout
        #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
        dir: Option<std::path::PathBuf>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
