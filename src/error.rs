//! Any error -> code, exit status, what helps. The only place that downcasts; the sentences are made in `words`.

use std::error::Error;

use serde::{Serialize, Serializer};

use crate::borrowed::NotRestored;
use crate::failure::{Failure, MetaTrouble, PageToken, Qontak, Redirect, Shared};
use crate::hint::Hint;
use crate::platform::{ApiError, Known, Reason, Unsupported};
use crate::sandbox::{SandboxError, StateError};
use crate::store::lease::LeaseError;
use crate::store::run::RunError;
use crate::store::{ConfigError, CredentialsError, FileError};
use crate::types::text;

/// What is said about an error, to people and to scripts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<'a> {
    /// For scripts.
    pub code: Code,
    /// What was attempted, and what came of it.
    pub message: String,
    /// The API's English message, by which scripts decide.
    #[serde(rename = "originalMessage")]
    pub original: Option<String>,
    /// The same, where people were told another one.
    #[serde(skip)]
    pub original_message: Option<String>,
    /// The API's status, where it answered.
    pub status: Option<u16>,
    /// What helps.
    #[serde(serialize_with = "as_text")]
    pub hint: Option<Hint<'a>>,
    /// What was borrowed and isn't back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_restored: Option<NotRestored>,
    /// The process's exit status.
    #[serde(skip)]
    pub exit: u8,
}

/// The kinds of errors that scripts tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    Usage,
    Unauthorized,
    Unsupported,
    NotFound,
    NotAuthorizedByPerson,
    Timeout,
    Api,
    Network,
    Partial,
    NotRestored,
    Interrupted,
    Internal,
}

impl<'a> Report<'a> {
    /// Looks for the innermost error that we know, and says the whole chain.
    pub fn of(error: &'a anyhow::Error) -> Self {
        // One that was added as context is found this way alone, and says more than what it stands before.
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return Self::of_failure(error, failure);
        }
        if let Some(what) = error.downcast_ref::<Unsupported>() {
            return Self::new(error, Code::Unsupported, 2, Some(Hint::instead_of(what)));
        }
        let known = error.chain().find_map(|cause| {
            let (code, exit, hint) = match (cause.downcast_ref::<ApiError>(), file_error(cause)) {
                (Some(api), _) => {
                    let (code, exit) = code_of_api(api);
                    (code, exit, Hint::of_api(api))
                }
                // What was waited for didn't come in time; nothing that was typed is wrong.
                (_, Some(FileError::Busy { pid, .. })) => {
                    (Code::Timeout, 1, Some(Hint::WaitFor { pid: *pid }))
                }
                (_, file) => (Code::Usage, 2, Some(file_hint(cause, file)?)),
            };
            Some(Self::new(error, code, exit, hint))
        });
        known.unwrap_or_else(|| Self::new(error, Code::Internal, 1, None))
    }

    /// A command line that clap refused.
    pub fn of_usage(message: String, hint: Hint<'a>) -> Self {
        Report {
            code: Code::Usage,
            message,
            original: None,
            original_message: None,
            status: None,
            hint: Some(hint),
            not_restored: None,
            exit: 2,
        }
    }

    fn of_failure(error: &anyhow::Error, failure: &'a Failure) -> Self {
        let api = error.chain().find_map(|cause| cause.downcast_ref::<ApiError>());
        let (code, exit) = match (failure, api.map(code_of_api)) {
            // What nobody knows for want of credentials is for them to tell.
            (Failure::Unknown { .. }, Some(of_api @ (Code::Unauthorized, _))) => of_api,
            _ => code_of_failure(failure),
        };
        let not_restored = match failure {
            Failure::NotRestored(left) => Some(left.clone()),
            _ => None,
        };
        Report { not_restored, ..Self::new(error, code, exit, Hint::of(failure)) }
    }

    fn new(error: &anyhow::Error, code: Code, exit: u8, hint: Option<Hint<'a>>) -> Self {
        // An answer of the API may stand behind it.
        let api = error.chain().find_map(|cause| cause.downcast_ref::<ApiError>());
        Report {
            code,
            message: chain(error),
            original: api.and_then(|api| original_of(api, false)),
            original_message: api.and_then(|api| original_of(api, true)),
            status: api.and_then(ApiError::status),
            hint,
            not_restored: None,
            exit,
        }
    }
}

/// Why one of several failed, without what is its own: what has the same reason can be counted together. In the API's
/// English where it has that.
pub fn shared_reason(error: &anyhow::Error) -> String {
    let api = error.chain().find_map(|cause| cause.downcast_ref::<ApiError>());
    let answer = api.map(|api| original_of(api, false).unwrap_or_else(|| api.reason.to_string()));
    match (error.downcast_ref::<Failure>(), answer) {
        (Some(failure), Some(answer)) => format!("{}: {answer}", Shared(failure)),
        (Some(failure), None) => Shared(failure).to_string(),
        (None, Some(answer)) => answer,
        (None, None) => chain(error),
    }
}

/// Why some of several failed.
pub struct Cause<'a> {
    pub reason: String,
    /// What is said about the first of them, with what helps all of them.
    pub report: Report<'a>,
    pub count: usize,
}

/// The causes of these errors, each once, the commonest first.
pub fn causes<'a>(errors: impl Iterator<Item = &'a anyhow::Error>) -> Vec<Cause<'a>> {
    let mut causes: Vec<Cause<'a>> = Vec::new();
    for error in errors {
        let (reason, report) = (shared_reason(error), Report::of(error));
        let is_it = |cause: &&mut Cause<'_>| cause.reason == reason && cause.report.status == report.status;
        match causes.iter_mut().find(is_it) {
            Some(cause) => {
                cause.count += 1;
                if let Some(Hint::LookAt { .. }) = cause.report.hint {
                    // That is about one of them alone.
                    cause.report.hint = Some(Hint::LookAtThem);
                }
            }
            None => causes.push(Cause { reason, report, count: 1 }),
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

fn as_text<S: Serializer>(hint: &Option<Hint<'_>>, serializer: S) -> Result<S::Ok, S::Error> {
    match hint {
        Some(hint) => serializer.collect_str(hint),
        None => serializer.serialize_none(),
    }
}

/// The English message; or that only where it isn't the message for people as well.
fn original_of(api: &ApiError, only_another: bool) -> Option<String> {
    let Reason::Refused { message, original, .. } = &api.reason else { return None };
    original.clone().filter(|_| !only_another || original != message)
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

fn code_of_api(api: &ApiError) -> (Code, u8) {
    match (&api.reason, api.known()) {
        (_, Some(Known::BadCredentials | Known::ClockOff { .. })) => (Code::Unauthorized, 3),
        (_, Some(Known::Meta(code))) if code.is_about_token() => (Code::Unauthorized, 3),
        (_, Some(Known::InvalidCallbackToken)) => (Code::NotAuthorizedByPerson, 4),
        (_, Some(Known::ChannelNotFound)) => (Code::NotFound, 1),
        (
            Reason::Unreachable { .. }
            | Reason::Unanswered { .. }
            | Reason::Proxy { .. }
            | Reason::Certificate { .. }
            | Reason::NotHttps { .. }
            | Reason::Setup(_),
            _,
        ) => (Code::Network, 1),
        (Reason::Refused { .. } | Reason::Unreadable { .. }, _) => (Code::Api, 1),
    }
}

fn code_of_failure(failure: &Failure) -> (Code, u8) {
    match failure {
        Failure::AllFailed { undone, .. } if undone.none_found => (Code::NotFound, 1),
        Failure::Usage(_) | Failure::NoInput(_) | Failure::NotStarted { .. } => (Code::Usage, 2),
        Failure::NoCredentials { .. }
        | Failure::OtherHost { .. }
        | Failure::NotAccepted { .. }
        | Failure::LoginRefused => (Code::Unauthorized, 3),
        Failure::Refused(_) | Failure::Pasted | Failure::TokenDied { .. } => (Code::NotAuthorizedByPerson, 4),
        Failure::TimedOut(_) | Failure::NotLinked { .. } => (Code::Timeout, 4),
        Failure::Partial { .. } | Failure::Disconnected { .. } => (Code::Partial, 5),
        Failure::Interrupted(signal) | Failure::Stopped { signal, .. } => {
            (Code::Interrupted, signal.exit_code())
        }
        Failure::Cancelled(_) => (Code::Interrupted, 130),
        Failure::Qontak(what) => code_of_qontak(what),
        Failure::Listener => (Code::Network, 1),
        Failure::NoSuchChannel { .. }
        | Failure::NoSuchPage { .. }
        | Failure::TooFew { .. }
        | Failure::NoSuchProfile { .. } => (Code::NotFound, 1),
        Failure::ResultLost | Failure::Panicked => (Code::Internal, 1),
        Failure::NotRestored(_) => (Code::NotRestored, 6),
        Failure::Meta(trouble) => code_of_meta(trouble),
        Failure::PageToken(failure) => code_of_page_token(failure),
        Failure::Redirect(failure) => code_of_redirect(failure),
        Failure::DoubtfulJournal { .. } | Failure::DoubtfulJournals { .. } => (Code::Usage, 2),
        // No catch-all: whoever adds a failure decides what scripts take it for.
        Failure::SettingsUnreadable { .. }
        | Failure::UnsafeAuthorizeUrl(_)
        | Failure::HeldBy { .. }
        | Failure::ProfileBorrows { .. }
        | Failure::CallbackNotTaken { .. }
        | Failure::NotSet { .. }
        | Failure::NoSettings { .. }
        | Failure::CallbackRefused { .. }
        | Failure::Endless { .. }
        | Failure::EndlessChannels { .. }
        | Failure::EndlessPages { .. }
        | Failure::NothingCovered { .. }
        | Failure::AlreadyConnected { .. }
        | Failure::NotCovered { .. }
        | Failure::CannotDisconnect { .. }
        | Failure::Nameless { .. }
        | Failure::NotListed { .. }
        | Failure::Unsettled
        | Failure::Unknown { .. }
        | Failure::AllFailed { .. } => (Code::Api, 1),
    }
}

fn code_of_redirect(failure: &Redirect) -> (Code, u8) {
    match failure {
        Redirect::LogInRefused | Redirect::CodeRefused => (Code::Unauthorized, 3),
        Redirect::CodeUnasked | Redirect::Nobody { .. } | Redirect::WholeUnasked { .. } => (Code::Usage, 2),
        Redirect::IsWhole { .. } | Redirect::NoWhole { .. } => (Code::Usage, 2),
        Redirect::OtherType { .. } => (Code::NotAuthorizedByPerson, 4),
        Redirect::TimedOut { .. } => (Code::Timeout, 4),
        Redirect::NotTicked { .. } | Redirect::NotThere { .. } | Redirect::NoSuchWhole { .. } => {
            (Code::NotFound, 1)
        }
        Redirect::NotLoggedOut
        | Redirect::Elsewhere { .. }
        | Redirect::NotHttps { .. }
        | Redirect::HoldsSession { .. }
        | Redirect::NotAllowed { .. }
        | Redirect::NotListed { .. }
        | Redirect::StillThere
        | Redirect::DoubtfulWhole { .. }
        | Redirect::WholeChanged { .. }
        | Redirect::StillDisconnected { .. }
        | Redirect::Unproven { .. } => (Code::Api, 1),
    }
}

fn code_of_page_token(failure: &PageToken) -> (Code, u8) {
    match failure {
        PageToken::Name { .. } | PageToken::WhichOne { .. } => (Code::Usage, 2),
        PageToken::Nothing => (Code::NotFound, 1),
        PageToken::Exists { .. }
        | PageToken::Left { .. }
        | PageToken::StillSubscribed
        | PageToken::OfOther { .. }
        | PageToken::Lost { .. }
        | PageToken::NotListed { .. }
        | PageToken::StillListed { .. } => (Code::Api, 1),
    }
}

fn code_of_meta(trouble: &MetaTrouble) -> (Code, u8) {
    match trouble {
        MetaTrouble::Person { .. }
        | MetaTrouble::Invalid { .. }
        | MetaTrouble::Expired { .. }
        | MetaTrouble::AppRefused => (Code::Unauthorized, 3),
        MetaTrouble::OtherApp { .. }
        | MetaTrouble::NoApp
        | MetaTrouble::NoGraph
        | MetaTrouble::GraphUrl
        | MetaTrouble::AppId => (Code::Usage, 2),
        MetaTrouble::Lacks { .. }
        | MetaTrouble::AppNotConfirmed { .. }
        | MetaTrouble::NotOfPage { .. }
        | MetaTrouble::DataAccess { .. }
        | MetaTrouble::Handshake(_)
        | MetaTrouble::NotShown(_)
        | MetaTrouble::Unsure(_)
        | MetaTrouble::Bad { .. } => (Code::Api, 1),
    }
}

fn code_of_qontak(failure: &Qontak) -> (Code, u8) {
    match failure {
        Qontak::Expired { .. }
        | Qontak::RefreshLost { .. }
        | Qontak::RefreshRefused { .. }
        | Qontak::RefreshUnstored { .. } => (Code::Unauthorized, 3),
        Qontak::NoBrowser { .. } => (Code::Usage, 2),
        Qontak::NotConnected { .. } | Qontak::NotReconnected { .. } | Qontak::NotDisconnected { .. } => {
            (Code::Timeout, 4)
        }
    }
}

/// What is wrong with a file of ours, whichever it is.
fn file_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a FileError> {
    if let Some(ConfigError::File(error)) = cause.downcast_ref() {
        return Some(error);
    }
    if let Some(CredentialsError::File(error)) = cause.downcast_ref() {
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

/// A file of ours that can't be used is the user's to fix: nothing is overwritten.
fn file_hint<'a>(cause: &'a (dyn Error + 'static), file: Option<&'a FileError>) -> Option<Hint<'a>> {
    match file {
        Some(FileError::OfAnother { path, .. }) => return Some(Hint::Own(path)),
        Some(FileError::Writable { path, .. }) => return Some(Hint::Close(path)),
        _ => {}
    }
    if cause.is::<ConfigError>() {
        return Some(Hint::FixFile);
    }
    if cause.is::<CredentialsError>() {
        return Some(Hint::WhereCredentialsAre);
    }
    match (cause.downcast_ref(), cause.downcast_ref()) {
        (
            Some(
                RunError::Corrupt { .. }
                | RunError::File(FileError::NotAFile { .. } | FileError::Symlink { .. }),
            ),
            _,
        ) => Some(Hint::WithoutResume),
        (_, Some(SandboxError::State(StateError::Corrupt { .. }))) => Some(Hint::ResetSandbox),
        _ => None,
    }
}
