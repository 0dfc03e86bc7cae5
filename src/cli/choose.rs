//! connect and reconnect: which ones are meant, and what is done with them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::create::{
    ByPage, ConnectLinkchat, ConnectTelegram, ConnectWebchat, ConnectWhatsapp, ConnectWhatsappOfficial,
    DryRun, ReconnectTelegram,
};
use super::sign_in::SignIn;
use crate::types::{ForwardUrl, GraphVersion, IfConnected, PlatformName, PublicUrl, Shard};

/// Options of `connect`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    socialchat-cli connect messenger\n  \
    socialchat-cli connect instagram --page 17841405822304914\n  \
    socialchat-cli --json --yes connect messenger --all --token-stdin < token.txt\n  \
    socialchat-cli --sandbox --yes connect messenger --all")]
pub struct Connect {
    #[command(subcommand)]
    pub kind: ConnectKind,
}

/// What can be connected.
#[derive(Debug, Subcommand)]
pub enum ConnectKind {
    /// Connect Facebook Pages
    #[command(after_help = "Examples:\n  \
        socialchat-cli connect messenger\n  \
        socialchat-cli connect messenger --page \"Toko Kopi Senja\" --if-connected skip\n  \
        socialchat-cli --yes connect messenger --all --token-stdin < token.txt\n  \
        socialchat-cli connect messenger --name shop --page-token-stdin < token.txt")]
    #[command(visible_aliases = ["facebook", "fb"])]
    Messenger(ConnectPages),
    /// Connect Instagram accounts
    #[command(after_help = "Examples:\n  \
        socialchat-cli connect instagram\n  \
        socialchat-cli connect instagram --all --dry-run")]
    #[command(visible_alias = "ig")]
    Instagram(ConnectPages),
    Telegram(ConnectTelegram),
    #[command(visible_alias = "wa", alias = "whatsapp-unofficial")]
    Whatsapp(ConnectWhatsapp),
    WhatsappOfficial(ConnectWhatsappOfficial),
    Webchat(ConnectWebchat),
    Linkchat(ConnectLinkchat),
}

/// Options of `connect messenger` and `connect instagram`.
#[derive(Debug, Args)]
pub struct ConnectPages {
    /// Page ID or unique name to connect, in any case (repeatable)
    ///
    /// On UnifiedBeez what you tick in the browser decides, with --all and without; a Page that is named here and isn't
    /// connected afterwards is an error.
    #[arg(long, value_name = "ID_OR_NAME", conflicts_with = "all")]
    pub page: Vec<String>,

    /// Connect every Page or account that the sign-in covers
    #[arg(long)]
    pub all: bool,

    /// What to do with Pages that are already connected
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = IfConnected::Reconnect)]
    pub if_connected: IfConnected,

    /// How many requests to send at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,

    /// Show what would be done: change nothing, and sign nobody in
    ///
    /// Without a token (--token-stdin, SOCIALCHAT_TOKEN) it shows what can be known without a sign-in.
    #[arg(long)]
    pub dry_run: bool,

    /// Write what failed or was not started to this file, as CSV
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub failed_to: Option<PathBuf>,

    #[command(flatten)]
    pub sign_in: SignIn,

    #[command(flatten)]
    pub elsewhere: ConnectElsewhere,
}

/// Options of `connect messenger` and `reconnect messenger` that other platforms than Socialchat have.
#[derive(Debug, Args)]
#[command(next_help_heading = "UnifiedBeez and 10darts")]
pub struct ConnectElsewhere {
    /// UnifiedBeez: send the browser back to this site instead of to this computer
    #[arg(long, value_name = "URL")]
    pub origin: Option<PublicUrl>,

    /// 10darts: the name of the application
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// 10darts: read the Page token from stdin. The variable META_PAGE_TOKEN does the same
    #[arg(long, conflicts_with = "token_stdin")]
    pub page_token_stdin: bool,

    /// 10darts: replace an application of the same name, which is deleted
    #[arg(long)]
    pub replace: bool,

    /// 10darts: pass Meta's messages on to this https URL as well
    #[arg(long, value_name = "URL")]
    pub redirect_to: Option<ForwardUrl>,

    /// 10darts: read the webhook's verify token from stdin; --callback-url is its address
    #[arg(long, requires = "callback_url", conflicts_with_all = ["token_stdin", "page_token_stdin"])]
    pub verify_token_stdin: bool,

    /// 10darts: the version of Meta's Graph API, such as v26.0
    #[arg(long, value_name = "VERSION")]
    pub graph_version: Option<GraphVersion>,
}

impl ConnectElsewhere {
    /// The platforms, and the options of each that were typed.
    pub fn typed(&self) -> Vec<(PlatformName, &'static str)> {
        let typed = [
            (self.origin.is_some(), PlatformName::UnifiedBeez, "--origin"),
            (self.name.is_some(), PlatformName::Tendarts, "--name"),
            (self.page_token_stdin, PlatformName::Tendarts, "--page-token-stdin"),
            (self.replace, PlatformName::Tendarts, "--replace"),
            (self.redirect_to.is_some(), PlatformName::Tendarts, "--redirect-to"),
            (self.verify_token_stdin, PlatformName::Tendarts, "--verify-token-stdin"),
            (self.graph_version.is_some(), PlatformName::Tendarts, "--graph-version"),
        ];
        typed.into_iter().filter(|(is_typed, ..)| *is_typed).map(|(_, of, option)| (of, option)).collect()
    }
}

/// Options of `reconnect`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    socialchat-cli reconnect messenger\n  \
    socialchat-cli reconnect instagram 65b37833afe781e84afa001f\n  \
    socialchat-cli --yes reconnect messenger --disconnected\n  \
    socialchat-cli reconnect --all-kinds --disconnected")]
#[command(
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    subcommand_negates_reqs = true
)]
pub struct Reconnect {
    #[command(subcommand)]
    pub kind: Option<ReconnectKind>,

    #[command(flatten)]
    pub all_kinds: ReconnectAllKinds,
}

/// Options of `reconnect --all-kinds`.
#[derive(Debug, Args)]
pub struct ReconnectAllKinds {
    /// Every kind in turn: one sign-in for Messenger, one for Instagram, then Telegram's tokens and WhatsApp's codes
    ///
    /// Signs in only where a channel is disconnected. Without a terminal it does what needs no answer, and names the
    /// command for each of the others.
    #[arg(long, required = true, requires = "disconnected")]
    pub all_kinds: bool,

    /// Only disconnected channels
    #[arg(long, requires = "all_kinds")]
    pub disconnected: bool,

    /// Show what would be done, and change nothing
    #[arg(long, requires = "all_kinds")]
    pub dry_run: bool,

    /// Print the authorize URL instead of opening it
    #[arg(long, requires = "all_kinds")]
    pub no_browser: bool,

    /// How long to wait for each sign-in and each scan
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400), requires = "all_kinds")]
    pub timeout: u64,
}

/// What can be reconnected.
#[derive(Debug, Subcommand)]
pub enum ReconnectKind {
    /// Reconnect Messenger channels
    #[command(after_help = "Examples:\n  \
        socialchat-cli reconnect messenger\n  \
        socialchat-cli reconnect messenger --disconnected --concurrency 16\n  \
        socialchat-cli reconnect messenger --resume\n  \
        socialchat-cli --json reconnect messenger --all --token-stdin < token.txt")]
    #[command(visible_aliases = ["facebook", "fb"])]
    Messenger(ReconnectChannels),
    /// Reconnect Instagram channels
    #[command(after_help = "Examples:\n  \
        socialchat-cli reconnect instagram 65b37833afe781e84afa001f\n  \
        socialchat-cli reconnect instagram --disconnected --dry-run")]
    #[command(visible_alias = "ig")]
    Instagram(ReconnectChannels),
    Telegram(ReconnectTelegram),
    /// Not possible: says what to do instead
    #[command(hide = true, aliases = ["wa", "whatsapp-unofficial"])]
    Whatsapp(NotReconnected),
    /// Not possible: says what to do instead
    #[command(hide = true)]
    WhatsappOfficial(NotReconnected),
    /// Not possible: says what to do instead
    #[command(hide = true)]
    Webchat(NotReconnected),
    /// Not possible: says what to do instead
    #[command(hide = true)]
    Linkchat(NotReconnected),
}

/// What is typed behind a kind that only Qontak's page reconnects, as behind one that Socialchat does.
#[derive(Debug, Args)]
pub struct NotReconnected {
    #[arg(value_name = "ID", hide = true)]
    pub ids: Vec<String>,

    #[arg(long, hide = true)]
    pub all: bool,

    #[arg(long, hide = true)]
    pub disconnected: bool,

    #[command(flatten)]
    pub dry_run: DryRun,

    #[command(flatten)]
    pub by_page: ByPage,
}

/// Options of `reconnect messenger` and `reconnect instagram`.
#[derive(Debug, Args)]
pub struct ReconnectChannels {
    /// The _id or channel ID of each channel, as `channels list` shows it
    ///
    /// On UnifiedBeez what you tick in the browser decides; a channel that is named here and isn't connected afterwards is
    /// an error.
    #[arg(value_name = "ID", conflicts_with_all = ["all", "disconnected", "resume", "shard"])]
    pub ids: Vec<String>,

    /// All channels of the kind
    #[arg(long, conflicts_with = "disconnected")]
    pub all: bool,

    /// Only disconnected channels
    #[arg(long)]
    pub disconnected: bool,

    /// Resume an interrupted or partly failed run
    #[arg(long, conflicts_with_all = ["all", "disconnected"])]
    pub resume: bool,

    /// Only this share of the channels, such as 2/5 (always the same ones)
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// How many requests to send at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,

    /// Show what would be done: change nothing, and sign nobody in
    ///
    /// Without a token (--token-stdin, SOCIALCHAT_TOKEN) it shows what can be known without a sign-in.
    #[arg(long)]
    pub dry_run: bool,

    /// Write what failed or was not started to this file, as CSV
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub failed_to: Option<PathBuf>,

    #[command(flatten)]
    pub sign_in: SignIn,

    #[command(flatten)]
    pub elsewhere: ConnectElsewhere,
}
