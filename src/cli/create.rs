//! The kinds that need no Facebook sign-in.

use std::path::PathBuf;

use clap::Args;
use url::Url;

use crate::types::website;

/// Connect a Telegram bot
///
/// Asks for the bot's token (input hidden) and says where to get it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli connect telegram\n  \
    socialchat-cli connect telegram --bot-token-stdin < bot-token.txt\n  \
    socialchat-cli connect telegram --business")]
pub struct ConnectTelegram {
    /// Read the bot's token from stdin
    #[arg(long)]
    pub bot_token_stdin: bool,

    /// Connect the bot for Telegram Business (not in the API of 2024)
    #[arg(long)]
    pub business: bool,

    #[command(flatten)]
    pub dry_run: DryRun,

    #[command(flatten)]
    pub by_page: ByPage,
}

/// Reconnect a Telegram channel with a fresh token of the same bot
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli reconnect telegram 65b37833afe781e84afa001f\n  \
    socialchat-cli reconnect telegram kopi_bot --bot-token-stdin < bot-token.txt")]
pub struct ReconnectTelegram {
    /// The channel's _id, as `channels list` shows it. Asked for on a terminal
    #[arg(value_name = "ID")]
    pub id: Option<String>,

    /// Read the bot's token from stdin
    #[arg(long)]
    pub bot_token_stdin: bool,

    #[command(flatten)]
    pub dry_run: DryRun,

    #[command(flatten)]
    pub by_page: ByPage,
}

/// Connect a WhatsApp number by QR code
///
/// Shows a QR code in the terminal that refreshes until you scan it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli connect whatsapp\n  \
    socialchat-cli connect whatsapp --name \"Toko Kopi\" --phone \"+62 812-3456-7890\"\n  \
    socialchat-cli connect whatsapp --qr-file code.png")]
pub struct ConnectWhatsapp {
    /// Channel name. Asked for on a terminal
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Phone number, such as 081234567890 or "+62 812-3456-7890". Asked for on a terminal
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<String>,

    /// Write the QR code to this PNG file instead of the terminal
    #[arg(long, value_name = "PNG", value_hint = clap::ValueHint::FilePath)]
    pub qr_file: Option<PathBuf>,

    /// Qontak: print the address of the page instead of opening it
    #[arg(long)]
    pub no_browser: bool,

    /// How long to wait for the scan
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,

    #[command(flatten)]
    pub dry_run: DryRun,
}

/// Of a command that does one thing.
#[derive(Debug, Args)]
pub struct DryRun {
    /// Show what would be done, and change nothing
    #[arg(long = "dry-run")]
    pub is_on: bool,
}

/// Of a command that Qontak's page carries out.
#[derive(Debug, Args)]
pub struct ByPage {
    /// Qontak: print the address of the page instead of opening it
    #[arg(long)]
    pub no_browser: bool,

    /// Qontak: how long to wait until it is done on the page [default: 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: Option<u64>,
}

impl ByPage {
    /// The seconds that are waited where nothing is typed.
    pub const TIMEOUT: u64 = 300;
}

/// Connect an official WhatsApp number (untested)
///
/// Sends the id and token of a number of the WhatsApp Business Platform. Socialchat documents the call, but not where the
/// two come from, and this command was never tried on a live account. The token is asked for (input hidden).
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  socialchat-cli connect whatsapp-official --whatsapp-id 106540352242922")]
pub struct ConnectWhatsappOfficial {
    /// The number's id. Asked for on a terminal
    #[arg(long, value_name = "ID")]
    pub whatsapp_id: Option<String>,

    /// Read the number's token from stdin
    #[arg(long)]
    pub token_stdin: bool,

    #[command(flatten)]
    pub dry_run: DryRun,

    #[command(flatten)]
    pub by_page: ByPage,
}

/// Create a chat box for a website
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli connect webchat\n  \
    socialchat-cli connect webchat --name Kopi --website-url toko.example.com")]
pub struct ConnectWebchat {
    /// Channel name. Asked for on a terminal
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Website URL, such as toko.example.com. Asked for on a terminal
    #[arg(long, value_name = "URL", value_parser = website)]
    pub website_url: Option<Url>,

    /// Ask visitors for their name and phone number first
    #[arg(long)]
    pub pre_chat: bool,

    #[command(flatten)]
    pub dry_run: DryRun,

    #[command(flatten)]
    pub by_page: ByPage,
}

/// Create a chat that opens from a link
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli connect linkchat\n  \
    socialchat-cli connect linkchat --name \"Toko Kopi Senja\"")]
pub struct ConnectLinkchat {
    /// Channel name. Asked for on a terminal
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Ask visitors for their name and phone number first
    #[arg(long)]
    pub pre_chat: bool,

    #[command(flatten)]
    pub dry_run: DryRun,
}
