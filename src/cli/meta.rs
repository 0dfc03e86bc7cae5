//! A Page's token at Meta, and the webhook behind it.

use clap::{Args, Subcommand};

use super::values::webhook_field;
use crate::types::{CallbackUrl, GraphVersion};

/// Options of `meta`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli meta check --page-token-stdin < token.txt\n  \
    socialchat-cli meta subscribe\n  socialchat-cli meta review")]
pub struct Meta {
    #[command(subcommand)]
    pub command: MetaCommand,
}

/// What to do at Meta.
#[derive(Debug, Subcommand)]
pub enum MetaCommand {
    /// Show what a Page token is and can do, and both halves of the webhook
    ///
    /// Asks Meta whose the token is, until when it is valid, and what it may do. With META_APP_ID and META_APP_SECRET it asks
    /// for everything; without them, for what the token itself may see. Exits with 1 when a check fails, and with 3 when Meta
    /// refuses the token.
    #[command(after_help = "Examples:\n  socialchat-cli meta check --page-token-stdin < token.txt\n  \
        socialchat-cli --json meta check | jq '.checks[] | select(.state == \"fail\")'")]
    Check(PageTokenOptions),
    Subscribe(MetaSubscribe),
    /// List what App Review wants, and what Meta has retired
    ///
    /// With a Page token and the app's credentials, it ticks what can be found out.
    #[command(after_help = "Examples:\n  socialchat-cli meta review\n  \
        socialchat-cli --json meta review | jq '.retired'")]
    Review(PageTokenOptions),
}

/// Where a Page token comes from, and which version of the Graph API is spoken.
#[derive(Debug, Args)]
pub struct PageTokenOptions {
    /// Read the Page token from stdin. The variable META_PAGE_TOKEN does the same
    #[arg(long)]
    pub page_token_stdin: bool,

    /// The version of Meta's Graph API [default: v26.0]
    #[arg(long, value_name = "VERSION")]
    pub graph_version: Option<GraphVersion>,
}

/// Subscribe the app and the Page to the webhook
///
/// Only fields that are subscribed in both halves arrive. With --callback-url and the app's credentials (META_APP_ID,
/// META_APP_SECRET) it does Meta's handshake with that address first, and asks before it takes the app's webhook away from
/// another one. Fields that are set stay. Without --callback-url it subscribes the Page alone; without the app's credentials it does so,
/// and prints the app's half as steps.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli meta subscribe --page-token-stdin < token.txt\n  \
    socialchat-cli meta subscribe --verify-token-stdin < verify.txt \\\n      --callback-url https://bot.example.com/hook\n  \
    socialchat-cli meta subscribe --fields messages,messaging_postbacks --dry-run")]
pub struct MetaSubscribe {
    /// Fields of the webhook, joined by commas [default: those that a Messenger channel needs]
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_parser = webhook_field)]
    pub fields: Vec<String>,

    /// The webhook's address. Asks for its verify token, or reads it with --verify-token-stdin
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<CallbackUrl>,

    /// Read the verify token of --callback-url from stdin
    #[arg(long, requires = "callback_url", conflicts_with = "page_token_stdin")]
    pub verify_token_stdin: bool,

    /// Show what would be set, and set nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub token: PageTokenOptions,
}
