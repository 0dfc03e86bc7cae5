//! Why a flow or command came to nothing, where the reason is ours and not the API's.

use crate::borrowed::NotRestored;
use crate::interrupt::Signal;
use crate::platform::ApiError;
use crate::types::{ChannelKind, SignInKind, typed};
use crate::ui::Ask;

/// Ends a command. `error.rs` gives each its code, hint and exit status.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line was wrong in a way that only the command could notice.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// Something had to be asked, and asking was forbidden or impossible.
    #[error("{question}")]
    NoInput { question: String, options: String },
    /// There are no credentials for the profile.
    #[error("there are no credentials for the profile {profile}")]
    NoCredentials { profile: String },
    /// The API does not accept the credentials.
    #[error("the API does not accept the credentials of profile {profile}")]
    NotAccepted { profile: String },
    /// The API refused credentials that were being stored. Stands before its own answer.
    #[error("the API does not accept these credentials, and nothing was stored")]
    NotLoggedIn,
    /// An API of 2024 has no call that reads the settings.
    #[error("this API doesn't let the settings be read; this profile last set {last_set}")]
    SettingsUnreadable { last_set: String },
    /// The stored credentials are for another API.
    #[error("the credentials of profile {profile} are for {stored}, and are not sent to {asked}")]
    OtherHost { profile: String, stored: String, asked: String },
    /// The person said no in the browser.
    #[error("the sign-in was refused: {0}")]
    Refused(String),
    /// Nobody signed in.
    #[error("nobody finished the sign-in within {0} s")]
    TimedOut(u64),
    /// The pasted text was no answer of a sign-in.
    #[error("what was pasted can't be used: {0}")]
    Pasted(String),
    /// The listener can't be had.
    #[error("could not listen for the sign-in: {0}")]
    Listener(String),
    /// The authorize URL is none that a browser should be sent to. Names what is wrong, not the URL.
    #[error("the API gave an authorize URL that is not safe to open: {0}")]
    UnsafeAuthorizeUrl(String),
    /// Another run is signing in with the same profile and kind.
    #[error("another sign-in is using the {kind} callback URL: {holder}")]
    HeldBy { kind: SignInKind, holder: String },
    /// The callback URL that was borrowed could not be put back.
    #[error("{0}")]
    NotRestored(NotRestored),
    /// A file stands where the journal of a borrowed callback URL belongs, and can't be believed.
    #[error(
        "the {kind} callback URL is not borrowed, because the record of an earlier borrowing can't be believed"
    )]
    DoubtfulJournal { kind: SignInKind },
    /// Files stand where journals of borrowed callback URLs belong, and can't be believed.
    #[error("what stands in {} can't be put back", if *count == 1 { "a file that can't be believed".to_owned() } else { format!("{count} files that can't be believed") })]
    DoubtfulJournals { count: usize },
    /// What was read can't be told from half an answer. Stands before the error.
    #[error("the {kind} callback URL is not borrowed, because nothing tells what it is now")]
    NoSettings { kind: SignInKind },
    /// The API accepted our callback URL and shows another one.
    #[error("the API accepted this computer's address as the {kind} callback URL, and still shows {} after 2 s", now.as_deref().unwrap_or("none"))]
    CallbackNotTaken { kind: SignInKind, now: Option<String> },
    /// The API accepted a setting and shows another one.
    #[error("the API accepted the new {field}, and still shows {} after 2 s", shown.as_deref().unwrap_or("none"))]
    NotSet { field: String, shown: Option<String> },
    /// The API doesn't take our address as a callback URL. Stands before the API's own answer.
    #[error("the API does not take this computer's address as the {kind} callback URL")]
    CallbackRefused { kind: SignInKind },
    /// A listing never comes to its end.
    #[error("could not list the {kind} {noun}s to the end: {cause}", noun = kind.noun())]
    Endless { kind: SignInKind, cause: String },
    /// The list of channels never comes to its end.
    #[error("could not list the channels to the end: {cause}")]
    EndlessChannels { cause: String },
    /// The sign-in covers nothing.
    #[error("the sign-in covers no {} {}", kind.title(), kind.noun())]
    NothingCovered { kind: SignInKind },
    /// Connected already, and `--if-connected fail` was given.
    #[error("{name} is connected already, as channel {id}")]
    AlreadyConnected { name: String, id: String },
    /// Connected already, and the API gives the channel no `_id` to name it by.
    #[error("{name} is connected already, as a channel without a usable _id")]
    Nameless { name: String },
    /// The Page or account of a channel was not ticked, or is another person's.
    #[error("the sign-in doesn't cover its {} {}", kind.title(), kind.noun())]
    NotCovered { kind: SignInKind },
    /// The token died before its turn came.
    #[error("the token is not valid any more")]
    TokenDied,
    /// What should be deleted is not there.
    #[error("already gone: no channel has the id {}", typed::shown(id))]
    AlreadyGone { id: String },
    /// An API of 2024 has no call that deletes channels.
    #[error("this API has no call that disconnects {kind} channels")]
    CannotDisconnect { kind: ChannelKind, source: ApiError },
    /// What the API calls a channel's kind is none that it is documented to delete.
    #[error("this program can't disconnect channels of the kind {:.40?}", kind.as_str())]
    UnknownKind { kind: ChannelKind },
    /// The API answered well, and the channel isn't there.
    #[error("the API answered that the {} was connected, and its list of channels doesn't show it", kind.noun())]
    NotListed { kind: ChannelKind },
    /// The answer proves nothing, and nobody could look. Stands before the API's own answer.
    #[error("whether it was connected is not known")]
    Unsettled,
    /// Likewise of what can be done twice.
    #[error("whether it was {done} is not known")]
    Unknown { done: &'static str, id: String },
    /// Some channels are disconnected, and that was the question.
    #[error("{}", match (*loose, *total) {
        (1, 1) => "the only channel is disconnected".to_owned(),
        (1, total) => format!("1 of {total} channels is disconnected"),
        (loose, total) => format!("{loose} of {total} channels are disconnected"),
    })]
    Loose { loose: usize, total: usize, kinds: Vec<ChannelKind> },
    /// A phone was not linked in time.
    #[error("the phone was not linked within {seconds} s; the channel {id} waits for it")]
    NotLinked { id: String, seconds: u64 },
    /// No such channel.
    #[error("no such channel: {}", typed::shown(id))]
    NoSuchChannel { id: String, near: Vec<String> },
    /// Channels of that kind are not reconnected by any call of the API.
    #[error("{kind} channels can't be reconnected")]
    CannotReconnect { kind: ChannelKind },
    /// The person said no, or left the picker.
    #[error("{0}")]
    Cancelled(String),
    /// Some of several failed.
    #[error("{failed} of {total} failed")]
    Partial { failed: usize, total: usize },
    /// All of several failed.
    #[error("all {total} failed")]
    AllFailed { total: usize },
    /// A mistake of ours; where it happened was printed already.
    #[error("a mistake in this program ended the command")]
    Panicked,
    /// A signal came.
    #[error("{}", match .0 { Signal::Interrupt => "interrupted", Signal::Terminate => "terminated", Signal::HangUp => "the terminal has closed" })]
    Interrupted(Signal),
}

/// The answer to a question. Where nobody could be asked, the failure says what was to be asked, and which options
/// answer it.
pub fn answered<T>(answer: Result<T, Ask>, question: &str, options: &str) -> anyhow::Result<T> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(Ask::Unasked) => {
            Err(Failure::NoInput { question: question.to_owned(), options: options.to_owned() }.into())
        }
        Err(Ask::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(Ask::Closed) => {
            Err(Failure::Cancelled("the question was left without an answer".to_owned()).into())
        }
        Err(error) => Err(error.into()),
    }
}
