//! The embedded Partner API.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::sandbox::{Fault, Generation, PutMode};

/// Options of `sandbox`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli sandbox serve --port 8123 --pages 300\n  \
    socialchat-cli sandbox serve --latency 200 --fault 'POST /partner/channel/messenger=402*2'\n  \
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
/// Prints the environment lines to use it on stdout, and logs each request on stderr. A fault is
/// METHOD PATH=WHAT, with WHAT one of STATUS, reset, hang, lost, slow:MS, then *TIMES or @every N if it isn't for good.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli sandbox serve\n  \
    socialchat-cli sandbox serve --port 8123 --pages 300 --latency 200\n  \
    socialchat-cli sandbox serve --fault 'POST /partner/channel/messenger=402*2'\n  \
    socialchat-cli sandbox serve --fault 'GET /partner/channel/*/account=503@every 3;retry-after=2'")]
pub struct SandboxServe {
    /// Listen on this port instead of a free one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    /// How many Pages and accounts a person has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub pages: Option<u32>,

    /// Answer so many milliseconds later
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub latency: u64,

    /// Fail on order (repeatable)
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<Fault>,

    /// Read faults from a file, one a line
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub fault_file: Option<PathBuf>,

    /// Which generation of the API to speak
    #[arg(long, value_name = "YEAR", value_enum, default_value_t = Generation::V2026)]
    pub generation: Generation,

    /// What changing the settings does to fields that are left out
    #[arg(long, value_name = "HOW", value_enum, default_value_t = PutMode::Merge)]
    pub put: PutMode,

    /// How long a WhatsApp QR code is good for, in milliseconds: the sandbox's phone scans the third one
    #[arg(long, value_name = "MS", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..=600_000))]
    pub qr_period: u64,

    /// Answer 402 beyond so many channels
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

/// Begin anew: forget what was connected and set
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  socialchat-cli sandbox reset\n  socialchat-cli sandbox reset --pages 300\n  \
    socialchat-cli sandbox reset --pages 300 --channels 200 --disconnected 40"
)]
pub struct SandboxReset {
    /// How many Pages and accounts a person has, instead of the small default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub pages: Option<u32>,

    /// So many of the Pages are connected already
    #[arg(long, value_name = "N", requires = "pages", default_value_t = 0)]
    pub channels: u32,

    /// So many of those have come loose
    #[arg(long, value_name = "N", requires = "channels", default_value_t = 0)]
    pub disconnected: u32,

    /// So many Pages are connected with another account
    #[arg(long, value_name = "N", requires = "pages", default_value_t = 0)]
    pub foreign: u32,
}
