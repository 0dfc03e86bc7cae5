//! Any error -> message, hint, code, exit status. The only place that downcasts.

use serde::Serialize;

use crate::borrowed::NotRestored;
use crate::cli::SettingUrl;
use crate::context::from_environment;
use crate::failure::Failure;
use crate::platform::{ApiError, Known, Reason};
use crate::sandbox::{SandboxError, StateError};
use crate::store::lease::LeaseError;
use crate::store::run::RunError;
use crate::store::{self, FileError};
use crate::types::ChannelKind;
use crate::ui::{Ui, text};

/// What is said about an error, to people and to scripts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// For scripts.
    pub code: Code,
    /// What was attempted, and what came of it.
    pub message: String,
    /// The API's English message, where it differs.
    pub original_message: Option<String>,
    /// The API's status, where it answered.
    pub status: Option<u16>,
    /// What to type next.
    pub hint: Option<String>,
    /// What was borrowed and isn't back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_restored: Option<NotRestored>,
    #[serde(skip)]
    exit: u8,
}

/// The kinds of errors that scripts tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    Usage,
    Unsupported,
    Unauthorized,
    NotAuthorizedByPerson,
    Timeout,
    Api,
    Network,
    Partial,
    NotRestored,
    Interrupted,
    Internal,
}

impl Report {
    /// Looks for the innermost error that we know, and says the whole chain.
    pub fn of(error: &anyhow::Error) -> Self {
        // One that was added as context is found this way alone, and says more than what it stands before.
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return Self::of_failure(error, failure);
        }
        for cause in error.chain() {
            if let Some(api) = cause.downcast_ref::<ApiError>() {
                return Self::of_api(error, api);
            }
            if let Some(FileError::Busy { pid, .. }) = file_error(cause) {
                // What was waited for didn't come in time; nothing that was typed is wrong.
                let hint = match pid {
                    Some(pid) => format!("let process {pid} finish, or end it; then run this again"),
                    None => "let the other command finish; then run this again".to_owned(),
                };
                return Report { hint: Some(hint), ..Self::plain(error, Code::Timeout, 1) };
            }
            if let Some(hint) = file_hint(cause) {
                return Report { hint: Some(hint), ..Self::plain(error, Code::Usage, 2) };
            }
        }
        Self::plain(error, Code::Internal, 1)
    }

    /// Its hint with the options that this run was given.
    pub fn for_run(self, ui: &Ui) -> Self {
        Report { hint: self.hint.map(|hint| ui.as_typed(&hint).into_owned()), ..self }
    }

    /// A command line that clap refused.
    pub fn of_usage(message: String, hint: Option<&str>) -> Self {
        let hint = Some(hint.unwrap_or("see `socialchat-cli --help`").to_owned());
        Report {
            code: Code::Usage,
            message,
            original_message: None,
            status: None,
            hint,
            not_restored: None,
            exit: 2,
        }
    }

    /// The process's exit status.
    pub fn exit(&self) -> u8 {
        self.exit
    }

    fn plain(error: &anyhow::Error, code: Code, exit: u8) -> Self {
        Report {
            code,
            message: chain(error),
            original_message: None,
            status: None,
            hint: None,
            not_restored: None,
            exit,
        }
    }

    fn of_api(error: &anyhow::Error, api: &ApiError) -> Self {
        let (code, exit) = match (&api.reason, api.known()) {
            (_, Some(Known::BadCredentials)) => (Code::Unauthorized, 3),
            (Reason::Unreachable { .. } | Reason::Unanswered { .. } | Reason::Setup(_), _) => {
                (Code::Network, 1)
            }
            _ => (Code::Api, 1),
        };
        Report {
            original_message: original_of(api),
            status: api.status(),
            hint: api_hint(api),
            ..Self::plain(error, code, exit)
        }
    }

    fn of_failure(error: &anyhow::Error, failure: &Failure) -> Self {
        let (code, exit) = match failure {
            Failure::Usage { .. } | Failure::NoInput { .. } => (Code::Usage, 2),
            Failure::CannotReconnect { .. } => (Code::Unsupported, 2),
            Failure::NoCredentials { .. }
            | Failure::OtherHost { .. }
            | Failure::NotAccepted { .. }
            | Failure::NotLoggedIn => (Code::Unauthorized, 3),
            Failure::Refused(_) => (Code::NotAuthorizedByPerson, 4),
            Failure::TimedOut(_) => (Code::Timeout, 4),
            Failure::Partial { .. } | Failure::Loose { .. } => (Code::Partial, 5),
            Failure::NotLinked { .. } => (Code::Timeout, 4),
            Failure::Interrupted(signal) => (Code::Interrupted, signal.exit_code()),
            Failure::Cancelled(_) => (Code::Interrupted, 130),
            Failure::Pasted(_) => (Code::NotAuthorizedByPerson, 4),
            Failure::Listener(_) => (Code::Network, 1),
            Failure::Panicked => (Code::Internal, 1),
            Failure::NotRestored(_) => (Code::NotRestored, 6),
            Failure::DoubtfulJournal { .. } | Failure::DoubtfulJournals { .. } => (Code::Usage, 2),
            // No catch-all: whoever adds a failure decides what scripts take it for.
            Failure::SettingsUnreadable { .. }
            | Failure::UnsafeAuthorizeUrl(_)
            | Failure::HeldBy { .. }
            | Failure::CallbackNotTaken { .. }
            | Failure::NotSet { .. }
            | Failure::NoSettings { .. }
            | Failure::CallbackRefused { .. }
            | Failure::Endless { .. }
            | Failure::EndlessChannels { .. }
            | Failure::NothingCovered { .. }
            | Failure::AlreadyConnected { .. }
            | Failure::NotCovered { .. }
            | Failure::TokenDied
            | Failure::AlreadyGone { .. }
            | Failure::CannotDisconnect { .. }
            | Failure::UnknownKind { .. }
            | Failure::Nameless { .. }
            | Failure::NotListed { .. }
            | Failure::Unsettled
            | Failure::Unknown { .. }
            | Failure::NoSuchChannel { .. }
            | Failure::AllFailed { .. } => (Code::Api, 1),
        };
        // An answer of the API may stand behind it.
        let api = error.chain().find_map(|cause| cause.downcast_ref::<ApiError>());
        let (original_message, status) = api.map_or((None, None), |api| (original_of(api), api.status()));
        let not_restored = match failure {
            Failure::NotRestored(left) => Some(left.clone()),
            _ => None,
        };
        let hint = failure_hint(failure);
        Report { hint, original_message, status, not_restored, ..Self::plain(error, code, exit) }
    }
}

/// The English message, where it says more than the translated one.
fn original_of(api: &ApiError) -> Option<String> {
    match &api.reason {
        Reason::Refused { message, original: Some(original), .. } if original != message => {
            Some(original.clone())
        }
        _ => None,
    }
}

/// The chain from the outermost to the innermost, without repeating what an outer one quotes already.
fn chain(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // Only what the API says may have several lines: others hold names.
        let text = if cause.is::<ApiError>() { text.into() } else { text::one_line(&text) };
        if said.contains(&*text) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&text);
    }
    said
}

fn api_hint(api: &ApiError) -> Option<String> {
    let hint = match (api.known(), &api.reason) {
        (Some(Known::BadCredentials), _) => credentials_hint(),
        (Some(Known::LimitReached), _) => {
            "the plan's limit of channels is reached: disconnect one that is not needed \
             (`socialchat-cli channels list --disconnected` shows candidates) or extend the plan"
        }
        (Some(Known::InvalidCallbackToken), _) => {
            "the token is none, used up or too old: sign in again (without --token-stdin and SOCIALCHAT_TOKEN)"
        }
        (Some(Known::ConnectedElsewhere), _) => {
            "it belongs to another Socialchat account: it must be disconnected there first"
        }
        (Some(Known::ChannelNotFound), _) => "see what there is: `socialchat-cli channels list`",
        (Some(Known::AccountNotSame), _) => {
            "the token is of another Page or account than the channel: sign in with the one that owns it"
        }
        (Some(Known::InvalidBotToken), _) => "get the bot's token from @BotFather: /mybots, API Token",
        (Some(Known::VirtualMachineFull), _) => "only Socialchat's support can make room: write to them",
        (Some(Known::InvalidBody), _) => "see the settings as they are: `socialchat-cli callback show`",
        (None, Reason::Unreachable { .. } | Reason::Unanswered { .. }) => {
            "check the connection, and what is asked: `socialchat-cli -v whoami`"
        }
        (None, Reason::Refused { status: 402, .. }) => "ask Socialchat about the plan",
        (
            None,
            Reason::Refused { status: 300..=399 | 404, .. }
            | Reason::Refused { status: 405, web_page: true, .. }
            | Reason::Unreadable { .. },
        ) => "check the API URL: `socialchat-cli whoami` shows it, --api-url changes it",
        (None, Reason::Refused { status: 429 | 500..=599, .. }) => "try again in a few minutes",
        _ => return None,
    };
    Some(hint.to_owned())
}

fn failure_hint(failure: &Failure) -> Option<String> {
    let hint = match failure {
        Failure::Usage { hint, .. } => return Some(hint.clone()),
        Failure::NoInput { options, .. } => return Some(options.clone()),
        Failure::NoCredentials { .. } => {
            "`socialchat-cli login` stores them; scripts set SOCIALCHAT_API_KEY, or SOCIALCHAT_APP_ID with \
             SOCIALCHAT_SECRET_KEY; --sandbox needs none"
        }
        Failure::NotAccepted { .. } => credentials_hint(),
        Failure::NotLoggedIn => "check them in Socialchat's partner settings, and type them once more",
        Failure::SettingsUnreadable { .. } => "set what it should be: `socialchat-cli callback set`",
        Failure::OtherHost { asked, profile, .. } => {
            return Some(format!(
                "log in for that API: `socialchat-cli --api-url {asked} --profile NAME login`, or leave --api-url out \
                 to use {profile} where it belongs"
            ));
        }
        Failure::Refused(_) => "run the command again, and allow all Pages and accounts in the browser",
        Failure::TimedOut(_) => {
            "run it again; --timeout SECONDS waits longer, --paste works without a reachable port"
        }
        Failure::Pasted(_) => {
            "paste the whole address that the browser ends on, or only what stands behind token="
        }
        Failure::Listener(_) => "use another --port, or none; --paste needs no port at all",
        Failure::UnsafeAuthorizeUrl(_) => "check the API URL: `socialchat-cli whoami` shows it",
        Failure::HeldBy { .. } => {
            "let it finish, or end it; `socialchat-cli callback show` shows what is borrowed"
        }
        Failure::NotRestored(left) => return Some(restoring(left)),
        Failure::DoubtfulJournal { kind } => {
            return Some(format!(
                "look whether the callback URL is right: `socialchat-cli callback show`; set it with `socialchat-cli \
                 callback set --{kind} URL`, then remove the file"
            ));
        }
        Failure::DoubtfulJournals { .. } => {
            "look whether the callback URLs are right: `socialchat-cli callback show`; then remove the files"
        }
        Failure::NoSettings { .. } => {
            "check the API URL: `socialchat-cli whoami` shows it; --paste signs in without the callback URL, \
             --token-stdin without a sign-in"
        }
        Failure::CallbackNotTaken { .. } => "sign in with --paste, which needs no callback",
        Failure::NotSet { .. } => "see the settings as they are: `socialchat-cli callback show`",
        Failure::CallbackRefused { .. } => {
            "sign in with --paste, which needs no callback; or with --port N --callback-url URL, the public address \
             of a tunnel that reaches that port"
        }
        Failure::AlreadyConnected { .. } => "--if-connected reconnect gives it a fresh token, skip leaves it",
        Failure::NotCovered { .. } => {
            "sign in again with all Pages and accounts ticked, as a person who is admin of it"
        }
        Failure::NothingCovered { kind: crate::types::SignInKind::Messenger } => {
            "sign in again and tick all Pages; you need to be admin of the Page, and a Page in a business \
             portfolio must be assigned to you there"
        }
        Failure::NothingCovered { kind: crate::types::SignInKind::Instagram } => {
            "sign in again and tick all Pages and accounts; the account must be a professional one and linked to \
             a Page of which you are admin (Instagram: Settings, Business tools, Connect a Facebook Page)"
        }
        Failure::CannotDisconnect { .. } => {
            "disconnect it in Socialchat itself; or check the API URL: `socialchat-cli whoami` shows it"
        }
        Failure::UnknownKind { .. } => "disconnect it in Socialchat itself",
        Failure::Nameless { .. } => "reconnect it in Socialchat itself",
        Failure::NotListed { .. } | Failure::Unsettled => {
            "look before it is tried again, which could connect it twice: `socialchat-cli channels list`"
        }
        Failure::Unknown { id, .. } => {
            return Some(format!(
                "look at it: `socialchat-cli channels show {id}`; then run this again if it needs it, which does no harm"
            ));
        }
        Failure::AlreadyGone { .. } => "see what there is: `socialchat-cli channels list`",
        Failure::Loose { kinds, .. } => return Some(mending(kinds)),
        Failure::NotLinked { id, .. } => {
            return Some(format!("`socialchat-cli disconnect {id}` removes it; then connect it again"));
        }
        Failure::TokenDied => "go on with a new sign-in: --resume",
        Failure::NoSuchChannel { near, .. } if !near.is_empty() => {
            return Some(format!("one of these: {}", near.join(", ")));
        }
        Failure::NoSuchChannel { .. } => "see what there is: `socialchat-cli channels list`",
        Failure::CannotReconnect { kind: ChannelKind::WhatsappUnofficial } => {
            "link the phone by a new QR code: `socialchat-cli connect whatsapp`"
        }
        Failure::CannotReconnect { kind } => {
            return Some(format!(
                "a {kind} channel has no token that expires; a new one is created by `socialchat-cli connect {kind}`"
            ));
        }
        Failure::Panicked => "please report it, with what was typed and what stands above",
        Failure::Partial { .. } | Failure::AllFailed { .. } => {
            "run it again when the cause is mended: those done stay done"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// What is wrong with a file of ours, whichever it is.
fn file_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a FileError> {
    if let Some(store::ConfigError::File(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(store::CredentialsError::File(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(RunError::File(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(LeaseError::File(error)) = cause.downcast_ref() {
        return Some(error);
    }
    cause.downcast_ref()
}

/// The ways to a callback URL that isn't back.
fn restoring(left: &NotRestored) -> String {
    let kind = left.kind;
    let by_hand = match &left.value {
        None => format!("`socialchat-cli callback set --{kind} URL` sets a real one"),
        // Some are not taken from the command line: a shell's history would keep what is secret in them.
        Some(url) if url.parse::<SettingUrl>().is_err() => {
            "set it in Socialchat's partner settings otherwise".to_owned()
        }
        Some(url) => {
            format!("`socialchat-cli callback set --{kind} '{}'` sets it by hand", url.replace('\'', "'\\''"))
        }
    };
    match left.can_be_tried {
        true => format!("`socialchat-cli callback restore` tries again; {by_hand}"),
        false => by_hand,
    }
}

/// A file of ours that can't be used is the user's to mend: nothing is overwritten.
fn file_hint(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    match file_error(cause) {
        Some(FileError::OfAnother { path, .. }) => {
            let path = path.display();
            return Some(format!(
                "if it is yours and says what you want: `chown $(id -u) {path}`; else remove it"
            ));
        }
        Some(FileError::Writable { path, .. }) => {
            return Some(format!(
                "if it says what you want: `chmod go-w {}`; else remove it",
                path.display()
            ));
        }
        _ => {}
    }
    if cause.downcast_ref::<store::ConfigError>().is_some() {
        return Some("mend the file, or move it away: it is left as it is".to_owned());
    }
    if cause.downcast_ref::<store::CredentialsError>().is_some() {
        return Some(
            "see where they are kept with `socialchat-cli whoami`; the environment works without files"
                .to_owned(),
        );
    }
    if let Some(
        RunError::Corrupt { .. } | RunError::File(FileError::NotAFile { .. } | FileError::Symlink { .. }),
    ) = cause.downcast_ref()
    {
        return Some("run it without --resume: --disconnected leaves out what is done".to_owned());
    }
    if let Some(SandboxError::State(StateError::Corrupt { .. })) = cause.downcast_ref() {
        return Some("`socialchat-cli sandbox reset` begins anew".to_owned());
    }
    None
}

/// What helps where the API doesn't accept the credentials: a login changes nothing while the environment's win.
fn credentials_hint() -> &'static str {
    if from_environment().is_ok_and(|found| found.is_some()) {
        return "they come from the environment: check SOCIALCHAT_API_KEY, or SOCIALCHAT_APP_ID and SOCIALCHAT_SECRET_KEY";
    }
    "log in again: `socialchat-cli login`"
}

/// The commands that mend loose channels of these kinds.
fn mending(kinds: &[ChannelKind]) -> String {
    let mend = |kind: &ChannelKind| match kind {
        ChannelKind::Messenger | ChannelKind::Instagram => {
            format!("`socialchat-cli reconnect {kind} --disconnected`")
        }
        ChannelKind::Telegram => "`socialchat-cli reconnect telegram ID`".to_owned(),
        _ => format!("connect the {kind} channel anew"),
    };
    kinds.iter().map(mend).collect::<Vec<_>>().join(", ")
}
