//! The partner account: credentials, settings, and what one sign-in gives.

use clap::{Args, Subcommand};

use super::list::{Format, PageSort};
use super::sign_in::SignIn;
use crate::types::{PlatformName, SettingUrl, SignInKind};

/// Options of `login`.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("stdin").multiple(false).args([
        "api_key_stdin", "secret_key_stdin", "session_stdin", "password_stdin", "client_secret_stdin",
        "access_token_stdin", "api_token_stdin",
    ]),
    after_help = "Examples:\n  socialchat-cli login\n  \
    printf %s \"$KEY\" | socialchat-cli login --api-key-stdin\n  \
    printf %s \"$SECRET\" | socialchat-cli login --app-id 64f1 --secret-key-stdin\n  \
    printf %s \"$S\" | socialchat-cli login --client-id ID --client-secret-stdin"
)]
pub struct Login {
    /// Socialchat: read the API key from stdin
    #[arg(long, conflicts_with_all = ["app_id", "secret_key_stdin"])]
    pub api_key_stdin: bool,

    /// Socialchat: the App ID. Asks for its secret key, or reads it with --secret-key-stdin
    #[arg(long, value_name = "ID")]
    pub app_id: Option<String>,

    /// Socialchat: read the secret key of --app-id from stdin
    #[arg(long, requires = "app_id")]
    pub secret_key_stdin: bool,

    /// UnifiedBeez: read the session from stdin (its id, or a `Cookie:` line)
    #[arg(long, conflicts_with = "email")]
    pub session_stdin: bool,

    /// UnifiedBeez: log in with this e-mail address. Asks for the password and the second factor
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,

    /// Read the password of --email or --username from stdin
    #[arg(long)]
    pub password_stdin: bool,

    /// Qontak: the client ID from Mekari's Developer Center. Asks for its secret
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,

    /// Qontak: read the secret of --client-id from stdin
    #[arg(long, requires = "client_id")]
    pub client_secret_stdin: bool,

    /// Qontak, older generation: read the access token from stdin
    #[arg(long, conflicts_with_all = ["client_id", "username"])]
    pub access_token_stdin: bool,

    /// Qontak, older generation: log in with this user name and --client-id. Asks for the password and the client's secret
    #[arg(long, value_name = "NAME", requires = "client_id")]
    pub username: Option<String>,

    /// 10darts: read the account's API token from stdin
    #[arg(long)]
    pub api_token_stdin: bool,
}

impl Login {
    /// The platform whose options were typed, with the first of them; none where none was.
    pub fn platform(&self) -> Option<(PlatformName, &'static str)> {
        let typed = [
            (self.api_key_stdin, PlatformName::Socialchat, "--api-key-stdin"),
            (self.app_id.is_some(), PlatformName::Socialchat, "--app-id"),
            (self.session_stdin, PlatformName::UnifiedBeez, "--session-stdin"),
            (self.email.is_some(), PlatformName::UnifiedBeez, "--email"),
            (self.client_id.is_some(), PlatformName::Qontak, "--client-id"),
            (self.access_token_stdin, PlatformName::Qontak, "--access-token-stdin"),
            (self.api_token_stdin, PlatformName::Tendarts, "--api-token-stdin"),
        ];
        typed.into_iter().find(|(is_typed, ..)| *is_typed).map(|(_, platform, option)| (platform, option))
    }
}

/// Options of `authorize`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    socialchat-cli authorize messenger |\n    socialchat-cli --yes connect messenger --all --token-stdin\n  \
    socialchat-cli authorize instagram --no-browser")]
#[command(mut_arg("token_stdin", |arg| arg.hide(true)))]
pub struct Authorize {
    /// The kind of sign-in
    #[arg(value_name = "KIND", value_enum)]
    pub kind: SignInKind,

    #[command(flatten)]
    pub sign_in: SignIn,
}

/// Options of `pages`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli pages messenger\n  \
    socialchat-cli --json pages instagram --token-stdin < token.txt")]
pub struct Pages {
    /// The kind of sign-in
    #[arg(value_name = "KIND", value_enum)]
    pub kind: SignInKind,

    /// Sort by this; without it, in the API's order
    #[arg(long, value_name = "BY", value_enum)]
    pub sort: Option<PageSort>,

    /// What to print the list as [default: table]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,

    #[command(flatten)]
    pub sign_in: SignIn,
}

/// Options of `callback`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  socialchat-cli callback show\n  \
    socialchat-cli callback set --messenger https://app.example.com/messenger\n  \
    socialchat-cli callback restore")]
pub struct Callback {
    #[command(subcommand)]
    pub command: CallbackCommand,
}

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub enum CallbackCommand {
    /// Show the current settings
    #[command(after_help = "Example:\n  socialchat-cli --json callback show | jq -r .callbackMessengerUrl")]
    Show,
    Set(CallbackSet),
    /// Restore the callback URLs that interrupted sign-ins left changed
    #[command(after_help = "Example:\n  socialchat-cli callback restore")]
    Restore,
}

/// Change settings; those you leave out stay the same
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("setting").required(true).multiple(true).args(["messenger", "instagram", "webhook", "webhook_secondary"]),
    after_help = "Examples:\n  \
        socialchat-cli callback set --messenger https://app.example.com/messenger\n  \
        socialchat-cli callback set --instagram ''      # unset it"
)]
pub struct CallbackSet {
    /// Callback URL of Messenger sign-ins ('' unsets it)
    #[arg(long, value_name = "URL")]
    pub messenger: Option<SettingUrl>,

    /// Callback URL of Instagram sign-ins ('' unsets it)
    #[arg(long, value_name = "URL")]
    pub instagram: Option<SettingUrl>,

    /// Webhook URL for messages and other events ('' unsets it)
    #[arg(long, value_name = "URL")]
    pub webhook: Option<SettingUrl>,

    /// Further webhook URL for the same events (repeatable; replaces all of them, '' removes them)
    #[arg(long, value_name = "URL")]
    pub webhook_secondary: Vec<SettingUrl>,

    /// Show what the settings would be, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}
