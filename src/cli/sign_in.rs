//! How to come by a token.

use clap::Args;

use crate::types::CallbackUrl;

/// Options of the commands that sign in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sign-in options")]
pub struct SignIn {
    /// Read the token from stdin instead of signing in
    ///
    /// Opens no browser and leaves the callback URL alone. The variable SOCIALCHAT_TOKEN does the same.
    #[arg(long, conflicts_with_all = ["paste", "no_browser", "port", "callback_url"])]
    pub token_stdin: bool,

    /// Sign in without changing the callback URL, and paste the final URL
    ///
    /// Prints the authorize URL. Reads the final URL of the sign-in (or its token) from stdin; input on a terminal is
    /// hidden.
    #[arg(long, conflicts_with_all = ["port", "callback_url"])]
    pub paste: bool,

    /// Print the authorize URL instead of opening it
    #[arg(long)]
    pub no_browser: bool,

    /// Port to listen on [default: a free one]
    ///
    /// For a forwarded port (ssh -L) or a tunnel.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    /// Public URL, such as a tunnel's, that reaches --port
    ///
    /// The callback URL is this URL with a path added. On 10darts it is the webhook's address, and needs no port.
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<CallbackUrl>,

    /// How long to wait for the sign-in
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
}
