//! How to come by a token.

use clap::Args;

use super::values::PublicUrl;

/// Options of the commands that sign in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sign-in options")]
pub struct SignIn {
    /// Read the token from stdin: no browser, and the callback URL is left alone
    ///
    /// The environment variable SOCIALCHAT_TOKEN does the same.
    #[arg(long, conflicts_with_all = ["paste", "no_browser", "port", "callback_url"])]
    pub token_stdin: bool,

    /// Leave the callback URL alone; paste the address that the browser ends on
    ///
    /// Prints the authorize URL, and reads the address (or the token) from stdin, hidden on a
    /// terminal.
    #[arg(long, conflicts_with_all = ["port", "callback_url"])]
    pub paste: bool,

    /// Print the authorize URL, open nothing
    #[arg(long)]
    pub no_browser: bool,

    /// Listen on this port instead of a free one
    ///
    /// For a forwarded port (ssh -L) or a tunnel.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    /// The public address, of a tunnel say, that reaches --port
    ///
    /// It is what the API is given, plus our own path.
    #[arg(long, value_name = "URL", requires = "port")]
    pub callback_url: Option<PublicUrl>,

    /// How long to wait for the browser
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
}
