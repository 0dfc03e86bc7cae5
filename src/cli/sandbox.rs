//! The embedded platforms.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::sandbox::{Disconnecting, Fault, Generation, PutMode};

/// Options of `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli sandbox serve --port 8123 --pages 300\n  \
    socialchat-cli sandbox serve --platform qontak --channels 40 --disconnected 4\n  \
    socialchat-cli sandbox serve --fault 'POST /partner/channel/messenger=402*2'\n  \
    socialchat-cli sandbox reset")]
pub struct Sandbox {
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What to do with the sandbox.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    Serve(SandboxServe),
    Reset(SandboxReset),
}

/// Serve the sandbox to other programs until Ctrl-C
///
/// Serves Socialchat, or the platform that --platform names. Prints the environment variables that select it on stdout,
/// and logs each request on stderr. A fault is METHOD PATH=WHAT, where WHAT is STATUS, reset, hang, lost or slow:MS. Add
/// *TIMES or @every N to limit it. --channels, --disconnected and --foreign reset the sandbox first; --pages does too,
/// except for Socialchat's, where it only changes how many Pages there are. Its OpenAPI description is at /openapi.yaml.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli sandbox serve\n  \
    socialchat-cli sandbox serve --port 8123 --pages 300 --latency 200\n  \
    socialchat-cli sandbox serve --channels 1000 --disconnected 40\n  \
    socialchat-cli sandbox serve --platform unifiedbeez --generation guide-1\n  \
    socialchat-cli sandbox serve --fault 'POST /partner/channel/messenger=402*2'\n  \
    socialchat-cli sandbox serve --fault 'GET /partner=503@every 3;retry-after=2'")]
pub struct SandboxServe {
    /// Port to listen on [default: a free one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    #[command(flatten)]
    pub amounts: Amounts,

    /// Delay each answer by this many milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub latency: u64,

    /// Fail these requests in this way (repeatable)
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<Fault>,

    /// Read faults from a file, one per line
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub fault_file: Option<PathBuf>,

    /// Which generation of the platform's API to speak [default: the newest]
    #[arg(long, value_name = "NAME", value_enum)]
    pub generation: Option<Generation>,

    /// Refuse requests beyond the platform's own rate limit (UnifiedBeez, Qontak, Meta)
    #[arg(long)]
    pub throttle: bool,

    /// What changing settings does to the fields left out
    #[arg(long, value_name = "HOW", value_enum, default_value_t = PutMode::Merge)]
    pub put: PutMode,

    /// How long each WhatsApp QR code is valid; the sandbox's phone scans the third
    #[arg(long, value_name = "MS", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..=600_000))]
    pub qr_period: u64,

    /// Refuse to connect when there are this many channels
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,

    /// What becomes of what a person disconnects on Qontak's page
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Disconnecting::Remove)]
    pub disconnecting: Disconnecting,
}

/// Reset the sandbox to its initial data
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  socialchat-cli sandbox reset\n  socialchat-cli sandbox reset --platform qontak\n  \
    socialchat-cli sandbox reset --pages 300 --channels 200 --disconnected 40"
)]
pub struct SandboxReset {
    #[command(flatten)]
    pub amounts: Amounts,
}

/// How many of everything there are.
#[derive(Debug, Args)]
pub struct Amounts {
    /// How many Pages and accounts the person has [default: a few, or as many as the others need]
    #[arg(long, value_name = "N", value_parser = amount())]
    pub pages: Option<u32>,

    /// How many of the Pages are already connected
    #[arg(long, value_name = "N", value_parser = amount())]
    pub channels: Option<u32>,

    /// How many of those channels are disconnected
    #[arg(long, value_name = "N", requires = "channels", value_parser = amount())]
    pub disconnected: Option<u32>,

    /// How many Pages another account has connected
    #[arg(long, value_name = "N", value_parser = amount())]
    pub foreign: Option<u32>,
}

fn amount() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(..=100_000)
}
