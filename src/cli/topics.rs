//! What `help TOPIC` says, as data: the man pages say the same.

use clap::builder::StyledStr;
use clap::{Args as _, Command};

use super::global::{Global, with_global_options_shown};

/// A page of help that is no command's. `help platforms` is that of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Options,
    Environment,
    ExitCodes,
    Json,
}

/// An exit status.
pub struct ExitCode {
    pub code: &'static str,
    pub when: &'static str,
    /// `error.code` in JSON.
    pub errors: &'static [&'static str],
}

/// Every exit status, with the codes of errors that end with it.
pub const EXIT_CODES: &[ExitCode] = &[
    ExitCode { code: "0", when: "Done", errors: &[] },
    ExitCode {
        code: "1",
        when: "Failed. not-found: there is no such channel, Page or profile. timeout: another command kept a file of \
               the program too long",
        errors: &["api", "not-found", "network", "internal", "timeout"],
    },
    ExitCode {
        code: "2",
        when: "The command line or a file of the program is wrong, an option is missing that may not be asked for, or \
               the platform can't do it",
        errors: &["usage", "unsupported"],
    },
    ExitCode {
        code: "3",
        when: "The API does not accept the credentials, or there are none",
        errors: &["unauthorized"],
    },
    ExitCode {
        code: "4",
        when: "The sign-in was refused or timed out, or its token is invalid, used or expired",
        errors: &["not-authorized-by-person", "timeout"],
    },
    ExitCode {
        code: "5",
        when: "Some of several channels failed, the others are done; or some are disconnected",
        errors: &["partial"],
    },
    ExitCode {
        code: "6",
        when: "A replaced callback URL could not be restored: the message names its value and the command",
        errors: &["not-restored"],
    },
    ExitCode {
        code: "129",
        when: "The terminal was closed; callback URLs are restored",
        errors: &["interrupted"],
    },
    ExitCode {
        code: "130",
        when: "Interrupted (Ctrl-C), or answered with no; callback URLs are restored",
        errors: &["interrupted"],
    },
    ExitCode { code: "131", when: "Quit (Ctrl-\\); callback URLs are restored", errors: &["interrupted"] },
    ExitCode { code: "143", when: "Terminated; callback URLs are restored", errors: &["interrupted"] },
];

/// Every variable that is read, and what it does.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("SOCIALCHAT_API_KEY", "The API key. Takes precedence over saved credentials"),
    ("SOCIALCHAT_APP_ID", "The App ID of an older account, together with SOCIALCHAT_SECRET_KEY"),
    ("SOCIALCHAT_SECRET_KEY", "The secret key of SOCIALCHAT_APP_ID"),
    ("SOCIALCHAT_TOKEN", "The token of a sign-in, as from --token-stdin"),
    ("UNIFIEDBEEZ_SESSION", "The session at UnifiedBeez: its id, or a Cookie: line"),
    ("QONTAK_CLIENT_ID, QONTAK_CLIENT_SECRET", "The client at Qontak whose secret signs the requests"),
    ("QONTAK_ACCESS_TOKEN", "The access token of Qontak's older generation"),
    ("TENDARTS_API_TOKEN", "The account's API token at 10darts"),
    ("META_PAGE_TOKEN", "The token of a Page, as from --page-token-stdin (10darts, meta)"),
    ("META_APP_ID", "The id of your app at Meta whose webhook is set, together with META_APP_SECRET"),
    ("META_APP_SECRET", "The secret of META_APP_ID"),
    ("SOCIALCHAT_PROFILE", "As --profile"),
    ("SOCIALCHAT_PLATFORM", "As --platform"),
    ("SOCIALCHAT_API_URL", "As --api-url"),
    ("SOCIALCHAT_GRAPH_URL", "Where Meta serves its Graph API, without a version"),
    ("SOCIALCHAT_SANDBOX", "Set to 1: as --sandbox"),
    ("SOCIALCHAT_JSON", "Set to 1: as --json"),
    ("SOCIALCHAT_CONFIG_DIR", "As --config-dir"),
    ("CI", "Set: as --no-input"),
    ("BROWSER", "The browser to open (Linux)"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "The proxy to the API, SOCKS too, and the hosts that need none"),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Certificates of the authorities to trust, instead of the system's (Linux)",
    ),
    ("NO_COLOR, CLICOLOR_FORCE", "No colours; colours also without a terminal"),
    ("ACCESSIBLE", "Set to 1: plain lines and numbered choices, for screen readers"),
    ("TERM", "Set to dumb: as ACCESSIBLE"),
    ("TZ", "The time zone of times on a terminal"),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Where the files are (Linux)"),
    ("TMPDIR", "Where the locks are"),
];

/// Every file, as Linux has them, and what it holds.
pub const FILES: &[(&str, &str)] = &[
    (
        "~/.config/socialchat-cli/config.toml",
        "Platform, API URL and last callback URLs of each profile; yours to edit",
    ),
    (
        "~/.config/socialchat-cli/credentials.json",
        "Where each profile's credentials are, and those that are not in the keychain",
    ),
    ("~/.local/state/socialchat-cli/leases/", "Callback URLs that have to be restored"),
    ("~/.local/state/socialchat-cli/runs/", "Records of bulk runs, for --resume; no token"),
    (
        "~/.local/state/socialchat-cli/refresh/",
        "Which refresh token of Qontak's older API was sent and not answered yet; no token",
    ),
    ("~/.local/state/socialchat-cli/sandbox.jsonl", "The sandbox's data"),
];

/// The keys of the configuration.
pub const CONFIG_KEYS: &[(&str, &str)] = &[
    ("default-profile = \"NAME\"", "The profile where none is named (`profile use` sets it)"),
    ("[profile.NAME]", "A table for each profile, with these:"),
    ("platform = \"NAME\"", "Its platform, as --platform; socialchat where none is named"),
    ("api-url = \"URL\"", "Its API, as --api-url"),
    (
        "callback.messenger = \"URL\", callback.instagram = \"URL\"",
        "What `callback set` set last: what is restored where the API can't show it",
    ),
];

/// Where other systems have them.
pub const ELSEWHERE: &str = "macOS: ~/Library/Application Support/id.socialchat.socialchat-cli. Windows: \
                             socialchat\\socialchat-cli in %APPDATA%. --config-dir moves all of them.";

/// The document that each command prints with --json.
const DOCUMENTS: &[(&str, &str)] = &[
    (
        "connect, reconnect",
        r#"{"kind", "results": [{"_id", "channelId", "name", "action", "error"}], "summary": {action: count}, "lost": [channel], "next"}"#,
    ),
    ("channels list", r#"{"channels": [channel], "total"}"#),
    ("channels show", "the channel"),
    ("channels plan", r#"{"_id", "channelType", "name", "action", "status"}"#),
    (
        "channels watch",
        r#"each changed channel on a line; one that is no longer listed with "isConnected": false, "vanished": true"#,
    ),
    ("channels watch --once", r#"{"disconnected": [channel], "unknown", "total"}"#),
    ("disconnect", r#"{"results": [{"_id", "name", "action", "error"}], "summary"}"#),
    ("pages", r#"{"kind", "pages": [{"name", "channelId", "picture", "connectedAs"}]}"#),
    ("authorize", r#"{"kind", "token"}"#),
    ("callback show, set", "the settings as the API has them"),
    (
        "meta check",
        r#"{"page", "token", "checks": [{"id", "state": "ok"|"warn"|"fail"|"unknown", "title", "evidence", "hint"}], "summary", "covers"}"#,
    ),
    (
        "meta subscribe",
        r#"{"page", "app": {"action", "fields", "callbackUrl"} or null, "subscription": {"action", "fields"}, "lacks"}"#,
    ),
    (
        "meta review",
        r#"{"items": [{"id", "done": Boolean or null, "title", "detail"}], "retired": [{"names", "held", "detail"}]}"#,
    ),
    ("api", "what the API answers, without secrets"),
    ("platforms", r#"{"platforms": [{"name", "kinds", "commands"}]}"#),
    (
        "whoami",
        r#"{"profile", "platform", "generation", "account", "apiUrl", "credentials": {"source", "key"}, "accepted", "channels": {"total", "disconnected"}}"#,
    ),
    ("login", r#"{"profile", "platform", "apiUrl", "credentials": {"source", "key"}, "accepted"}"#),
    ("profile list", r#"{"profiles": [{"profile", "platform", "apiUrl", "credentials", "default"}]}"#),
    ("profile use, remove", r#"{"profile", "default"}; {"profile", "removed"}"#),
    ("completions", r#"{"shell", "script"}"#),
    ("man", r#"{"folder", "pages": [file name]}; without DIR {"page"}"#),
    ("--version", r#"{"name", "version"}"#),
];

impl Topic {
    /// In the order in which they are listed.
    pub const ALL: [Topic; 4] = [Topic::Options, Topic::Environment, Topic::ExitCodes, Topic::Json];

    /// The topic of that name.
    pub fn named(name: &str) -> Option<Topic> {
        Topic::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// What is typed after `help`.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Options => "options",
            Topic::Environment => "environment",
            Topic::ExitCodes => "exit-codes",
            Topic::Json => "json",
        }
    }

    /// What it is about, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Topic::Options => "Options of every command",
            Topic::Environment => "Environment variables and files",
            Topic::ExitCodes => "Exit codes, and the codes of errors in JSON",
            Topic::Json => "What --json prints",
        }
    }

    /// The page.
    pub fn text(self) -> StyledStr {
        match self {
            Topic::Options => options(),
            Topic::Environment => environment().into(),
            Topic::ExitCodes => exit_codes().into(),
            Topic::Json => json().into(),
        }
    }
}

/// Laid out by clap, as in the help of a command.
fn options() -> StyledStr {
    let command = Command::new("socialchat-cli").disable_help_flag(true).max_term_width(100);
    let template = "These options work with every command, before it and after it.\n\n{all-args}";
    let mut command = with_global_options_shown(Global::augment_args(command)).help_template(template);
    command.render_long_help()
}

fn environment() -> String {
    let variables = list(ENVIRONMENT.iter().map(|(name, meaning)| (*name, (*meaning).to_owned())));
    let files = list(FILES.iter().map(|(path, meaning)| (*path, (*meaning).to_owned())));
    let keys = list(CONFIG_KEYS.iter().map(|(key, meaning)| (*key, (*meaning).to_owned())));
    format!(
        "An option that is typed takes precedence over its variable.\n\
         An empty variable counts as not set.\n\n\
         Variables:\n{variables}\nFiles on Linux:\n{files}\n{}\n\n\
         Keys of config.toml; any other is an error:\n{keys}",
        ELSEWHERE.replace(". ", ".\n")
    )
}

fn exit_codes() -> String {
    let row = |exit: &ExitCode| {
        let errors = exit.errors.join(", ");
        (
            exit.code,
            if errors.is_empty() {
                exit.when.to_owned()
            } else {
                format!("{}\nerror.code: {errors}", exit.when)
            },
        )
    };
    format!("Exit codes, and `error.code` in the JSON of errors:\n{}", list(EXIT_CODES.iter().map(row)))
}

fn json() -> String {
    let documents = list(DOCUMENTS.iter().map(|(command, document)| (*command, (*document).to_owned())));
    format!(
        "With --json, the result is one JSON document on stdout. stderr has the rest.\n\n\
         Documents:\n{documents}\n\
         A channel has `_id`, `channelId`, `channelType`, `name`, `isConnected` (true,\n\
         false, or null for unknown) and what else the API tells, but no secret.\n\n\
         An `action` is connected, reconnected, disconnected, skipped, failed, or\n\
         not-started (interrupted before its turn, or its token expired); with\n\
         --dry-run, would-connect, would-reconnect, would-disconnect, would-skip or\n\
         would-fail. `lost` are connected channels that the sign-in no longer covers\n\
         (null: not known), `next` is the command that goes on with the rest, or null.\n\n\
         An error is the last line on stderr:\n  \
         {{\"error\": {{\"code\", \"message\", \"originalMessage\", \"status\", \"hint\"}}}}\n\
         `code` is one of those in `socialchat-cli help exit-codes`.\n"
    )
}

/// A name on each line and what it means below it: names are long, and terminals narrow.
fn list<'a>(rows: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut text = String::new();
    for (name, meaning) in rows {
        let short = name.len() <= 4;
        text.push_str(&format!("  {name:<4}"));
        for (index, line) in meaning.lines().flat_map(|line| wrapped(line, 70)).enumerate() {
            match (index, short) {
                (0, true) => text.push_str(&format!("  {line}")),
                _ => text.push_str(&format!("\n        {line}")),
            }
        }
        text.push('\n');
    }
    text
}

/// Breaks a text between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let fits = lines.last().is_some_and(|line| line.is_empty() || line.len() + 1 + word.len() <= width);
        match lines.last_mut() {
            Some(line) if fits => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
