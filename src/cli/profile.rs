//! The saved accounts.

use clap::{Args, Subcommand};

/// Options of `profile`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli profile list\n  socialchat-cli profile use agency-b\n  \
    socialchat-cli profile remove agency-b\n  socialchat-cli --profile agency-c login     # a new one")]
pub struct Profile {
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// What to do with them.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// List the saved accounts: platform, API, where the credentials are, which is the default
    #[command(
        visible_alias = "ls",
        after_help = "Example:\n  socialchat-cli --json profile list | jq -r '.profiles[].profile'"
    )]
    List,
    /// Choose the account that is used where none is named
    ///
    /// --profile and SOCIALCHAT_PROFILE take precedence.
    #[command(after_help = "Example:\n  socialchat-cli profile use agency-b")]
    Use(SavedProfile),
    /// Remove a saved account: its credentials and its settings here
    ///
    /// Asks first. Nothing changes at the platform. Not while a callback URL of it is replaced by a sign-in.
    #[command(after_help = "Example:\n  socialchat-cli --yes profile remove agency-b")]
    Remove(RemovedProfile),
}

/// A saved account.
#[derive(Debug, Args)]
pub struct SavedProfile {
    /// Its name, as `profile list` shows it
    #[arg(value_name = "NAME")]
    pub saved: String,
}

/// The one to remove.
#[derive(Debug, Args)]
pub struct RemovedProfile {
    #[command(flatten)]
    pub profile: SavedProfile,

    /// Show what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
}
