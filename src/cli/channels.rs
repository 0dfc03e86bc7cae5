//! Looking at what is connected.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::kind_word::{KindParser, KindWord};
use super::list::{ChannelSort, Format};
use super::values::{count, duration};
use crate::types::{Plan, PlatformName};

/// Options of `channels`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli channels list --disconnected\n  \
    socialchat-cli channels show 65b37833afe781e84afa001f")]
pub struct Channels {
    #[command(subcommand)]
    pub command: ChannelsCommand,
}

/// What to look at.
#[derive(Debug, Subcommand)]
pub enum ChannelsCommand {
    #[command(visible_alias = "ls")]
    List(ChannelsList),
    Show(ChannelsShow),
    Watch(ChannelsWatch),
    Plan(ChannelsPlan),
}

/// List the channels
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli channels list\n  \
    socialchat-cli channels list --kind messenger --kind instagram --disconnected\n  \
    socialchat-cli channels list --sort since --format csv > channels.csv\n  \
    socialchat-cli channels list --disconnected --format id | xargs -n1 echo")]
pub struct ChannelsList {
    /// Only this kind (repeatable), or another one as the list names it
    #[arg(long, value_name = "KIND", value_parser = KindParser)]
    pub kind: Vec<KindWord>,

    /// Only channels with this text in their name or label
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,

    /// Only connected channels
    #[arg(long, conflicts_with = "disconnected")]
    pub connected: bool,

    /// Only disconnected channels
    #[arg(long)]
    pub disconnected: bool,

    /// Show at most this many
    #[arg(long, value_name = "N", value_parser = count)]
    pub limit: Option<u64>,

    /// Sort by this; without it, in the API's order
    #[arg(long, value_name = "BY", value_enum)]
    pub sort: Option<ChannelSort>,

    /// What to print the list as [default: table]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,
}

/// Show all details of one channel except its secrets
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli channels show 65b37833afe781e84afa001f\n  \
    socialchat-cli --json channels show 65b37833afe781e84afa001f | jq .name")]
pub struct ChannelsShow {
    /// The channel's _id or channel ID, or its exact name
    #[arg(value_name = "ID")]
    pub id: String,
}

/// Change the plan of a webchat or linkchat channel
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli channels plan 65b37833afe781e84afa001f premium\n  \
    socialchat-cli channels plan \"Toko Kopi Senja\" free --dry-run")]
pub struct ChannelsPlan {
    /// The channel's _id or channel ID, or its exact name
    #[arg(value_name = "ID")]
    pub id: String,

    /// The plan to change to
    #[arg(value_name = "PLAN", value_enum)]
    pub plan: Plan,

    /// Show what would be changed, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Watch for channels that disconnect or reconnect
///
/// Prints a line for each change, until Ctrl-C. A channel that is no longer listed counts as disconnected ("vanished"), once
/// two checks in a row miss it. With --once it checks once and exits with 0 when all channels are
/// connected, with 5 when some are not, and with 1 when fewer are listed than expected.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli channels watch --interval 5m\n  \
    socialchat-cli -q channels watch --once || mail -s disconnected me@example.com\n  \
    socialchat-cli channels watch --exec 'jq -r .name >> disconnected.txt'")]
pub struct ChannelsWatch {
    /// How often to check: 60s, 5m, 1h
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub interval: Duration,

    /// Only this kind (repeatable), or another one as the list names it
    #[arg(long, value_name = "KIND", value_parser = KindParser)]
    pub kind: Vec<KindWord>,

    /// Check once and exit (for cron)
    #[arg(long)]
    pub once: bool,

    /// With --once, fail where fewer channels than this are listed (0: none at all is fine)
    #[arg(long, value_name = "N", default_value_t = 1, requires = "once")]
    pub expect_at_least: usize,

    /// Run this shell command for each change, with the channel as JSON on its stdin
    ///
    /// With --once, for each disconnected channel. Checking continues while the command runs. A command that runs longer
    /// than 60 s is ended, with every process it started. It gets none of the variables that hold
    /// credentials, and none whose name begins with SOCIALCHAT_.
    #[arg(long, value_name = "COMMAND")]
    pub exec: Option<String>,
}

/// Options of `disconnect`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli disconnect 65b37833afe781e84afa001f\n  \
    socialchat-cli --yes disconnect 65b37833afe781e84afa001f")]
pub struct Disconnect {
    /// The _id or channel ID of each channel, as `channels list` shows it
    #[arg(value_name = "ID", required_unless_present = "whole_channel", conflicts_with = "whole_channel")]
    pub ids: Vec<String>,

    /// Show which channels would be deleted, and delete none
    #[arg(long)]
    pub dry_run: bool,

    /// UnifiedBeez: delete the channel of this ID with all its Pages
    #[arg(long, value_name = "ID")]
    pub whole_channel: Option<String>,

    /// Qontak: print the address of the page instead of opening it
    #[arg(long)]
    pub no_browser: bool,

    /// Qontak: how long to wait until it is done on the page
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,

    /// 10darts: read the Page token from stdin, to take the Page's subscription away as well
    #[arg(long)]
    pub page_token_stdin: bool,

    /// Write what failed or was not started to this file, as CSV
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub failed_to: Option<PathBuf>,
}

impl Disconnect {
    /// The options of single platforms that were typed.
    pub fn typed(&self) -> Vec<(PlatformName, &'static str)> {
        let typed = [
            (self.whole_channel.is_some(), PlatformName::UnifiedBeez, "--whole-channel"),
            (self.no_browser, PlatformName::Qontak, "--no-browser"),
            (self.timeout != 300, PlatformName::Qontak, "--timeout"),
            (self.page_token_stdin, PlatformName::Tendarts, "--page-token-stdin"),
        ];
        typed.into_iter().filter(|(is_typed, ..)| *is_typed).map(|(_, of, option)| (of, option)).collect()
    }
}
