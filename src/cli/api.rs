//! One raw call.

use clap::Args;

use crate::types::{ApiPath, Method};

/// Options of `api`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli api GET /partner\n  \
    socialchat-cli api GET '/partner/channel?page=1&limit=100' --paginate\n  \
    socialchat-cli api GET /partner/channel/65b37833afe781e84afa001f | jq .name\n  \
    echo '{\"name\": \"Toko\", \"isActivePreChat\": false}' |\n    socialchat-cli api POST /partner/channel/linkchat")]
pub struct Api {
    /// What to do
    #[arg(value_name = "METHOD", value_enum, ignore_case = true)]
    pub method: Method,

    /// Path under /partner, with its query
    #[arg(value_name = "PATH")]
    pub path: ApiPath,

    /// Read a list to its end (GET only)
    #[arg(long)]
    pub paginate: bool,

    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Print fields that are secrets, too
    #[arg(long)]
    pub include_secrets: bool,
}
