//! Why a flow or command came to nothing, where the reason is ours and not the API's. Data alone: `words` makes the
//! sentences, `error` gives each its code, exit status and hint. Where something below failed first, it stands behind as
//! the error's source.

mod meta;
mod page_token;
mod qontak;
mod redirect;

use std::path::PathBuf;

use crate::borrowed::NotRestored;
use crate::interrupt::Signal;
use crate::platform::ApiError;
use crate::types::{Candidate, Candidates, ChannelKind, Invocation, Method, PlatformName, SignInKind};
pub use meta::{Half as MetaHalf, Trouble as MetaTrouble};
pub use page_token::PageToken;
pub use qontak::Qontak;
pub use redirect::Redirect;

/// Ends a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line, or what goes with it, was wrong in a way that only the command could notice.
    Usage(Usage),
    /// Something had to be asked, and asking was forbidden or impossible.
    NoInput(Question),
    /// There are no credentials for the profile.
    NoCredentials { profile: String, platform: PlatformName },
    /// The API does not accept the credentials.
    NotAccepted { profile: String, platform: PlatformName },
    /// The API refused credentials that were being stored. Stands before its own answer.
    LoginRefused,
    /// An API of 2024 has no call that reads the settings. With the callback URLs that this profile last set.
    SettingsUnreadable { last_set: Vec<(SignInKind, String)> },
    /// The stored credentials are for another API.
    OtherHost { profile: String, stored: String, asked: String },
    /// The sign-in ended with a no, in the words of whoever said it.
    Refused(String),
    /// Nobody signed in, within so many seconds.
    TimedOut(u64),
    /// The pasted text was no answer of a sign-in. Stands before why.
    Pasted,
    /// The listener can't be had. Stands before why.
    Listener,
    /// The authorize URL is none that a browser should be sent to.
    UnsafeAuthorizeUrl(UnsafeUrl),
    /// Another run is signing in with the same profile and kind.
    HeldBy { kind: SignInKind, pid: Option<u32>, since: Option<String> },
    /// The callback URL that was borrowed could not be put back.
    NotRestored(NotRestored),
    /// A file stands where the journal of a borrowed callback URL belongs, and can't be believed.
    DoubtfulJournal { kind: SignInKind },
    /// Files stand where journals of borrowed callback URLs belong, and can't be believed.
    DoubtfulJournals { count: usize },
    /// What was read can't be told from half an answer. Stands before the error.
    NoSettings { kind: SignInKind },
    /// The API accepted our callback URL and shows another one.
    CallbackNotTaken { kind: SignInKind, now: Option<String> },
    /// The API accepted a setting and shows another one.
    NotSet { field: String, shown: Option<String> },
    /// The API doesn't take our address as a callback URL. Stands before the API's own answer.
    CallbackRefused { kind: SignInKind },
    /// A listing of Pages or accounts never comes to its end. With how many were listed.
    Endless { kind: SignInKind, cause: Endless, listed: usize },
    /// The list of channels never comes to its end.
    EndlessChannels { cause: Endless },
    /// A list that is read by hand never comes to its end.
    EndlessPages { cause: Endless },
    /// The sign-in covers nothing.
    NothingCovered { kind: SignInKind },
    /// Connected already, and `--if-connected fail` was given.
    AlreadyConnected { name: String, id: String },
    /// Connected already, and the API gives the channel no `_id` to name it by.
    Nameless { name: String },
    /// The Page or account of a channel was not ticked, or is another person's.
    NotCovered { kind: SignInKind },
    /// The token died before its turn came. With the command that goes on with a fresh one, where there is one.
    TokenDied { next: Option<Invocation> },
    /// Nobody could be asked for what it takes. With the command that does it.
    NotStarted { next: Invocation },
    /// An API of 2024 has no call that deletes channels.
    CannotDisconnect { kind: ChannelKind, source: ApiError },
    /// The API answered well, and the channel isn't there.
    NotListed { kind: ChannelKind },
    /// The answer proves nothing, and nobody could look. Stands before the API's own answer.
    Unsettled,
    /// Likewise of what can be done twice.
    Unknown { change: Change, id: String },
    /// Some channels are disconnected, and that was the question.
    Disconnected { disconnected: usize, total: usize, kinds: Vec<ChannelKind> },
    /// No such stored account. With the names that are most like it.
    NoSuchProfile { typed: String, near: Vec<String> },
    /// A callback URL is borrowed with the credentials that should be removed.
    ProfileBorrows { profile: String, kind: SignInKind },
    /// Fewer channels are listed than there should be.
    TooFew { total: usize, expected: usize },
    /// A phone was not linked in time.
    NotLinked { id: String, seconds: u64 },
    /// No such channel.
    NoSuchChannel { id: String, near: Vec<Candidate> },
    /// The sign-in covers no such Page or account. With those that are most like it.
    NoSuchPage { kind: SignInKind, typed: String, near: Vec<Candidate> },
    /// The person said no, or left the picker.
    Cancelled(Cancelled),
    /// Some of several are not done. With the command that goes on with the rest, where there is one.
    Partial { undone: Undone, total: usize, next: Option<Invocation> },
    /// None of several is done. Likewise.
    AllFailed { undone: Undone, next: Option<Invocation> },
    /// A signal came amid several, and they were told. Likewise.
    Stopped { signal: Signal, next: Option<Invocation> },
    /// What only Qontak has.
    Qontak(Qontak),
    /// Standard output is closed, and a token would be lost: nobody was signed in.
    ResultLost,
    /// Where a platform's back end signs people in by itself.
    Redirect(Redirect),
    /// At Meta.
    Meta(MetaTrouble),
    /// A Page's application at 10darts.
    PageToken(PageToken),
    /// A mistake of ours; where it happened was printed already.
    Panicked,
    /// A signal came.
    Interrupted(Signal),
}

/// How many of several are not done.
#[derive(Clone, Copy, Debug)]
pub struct Undone {
    pub failed: usize,
    pub not_started: usize,
    /// Nothing was sent: that is what would become of them.
    pub dry_run: bool,
    /// There is no channel of any of the ids.
    pub none_found: bool,
}

/// So many connected channels that a sign-in doesn't cover, of which the first few are named. Things go on.
pub struct LostAccess {
    pub kind: SignInKind,
    pub names: Vec<String>,
    pub count: usize,
}

/// A failure of one of several, to be said once for all that share it: without what is that one's own.
pub struct Shared<'a>(pub &'a Failure);

/// What is wrong with what was typed, or piped in, or stands in the environment or the configuration.
#[derive(Debug)]
pub enum Usage {
    /// No name for a profile. Stands before why.
    Profile { typed: String },
    /// The configuration's URL. Stands before why.
    ApiUrl { profile: String, path: PathBuf },
    /// One variable of a pair is set without the other.
    HalfPair { set: &'static str, missing: &'static str },
    /// A profile of one platform, asked for another.
    OtherPlatform { profile: String, own: PlatformName, asked: PlatformName },
    /// An option that another platform has.
    NotHere { option: &'static str, of: PlatformName, platform: PlatformName },
    /// An option that means nothing where that is done in another way.
    NoMeaning { option: &'static str, platform: PlatformName },
    /// `--callback-url` without the port that it reaches.
    NoPort,
    /// `--callback-url` is one that no path can be added to. Stands before why.
    CallbackUrl,
    /// No platform has that name.
    Platform { typed: String },
    /// `login` with `--sandbox`.
    SandboxLogin,
    /// `authorize` with a token that is there already.
    TokenGiven,
    /// `--app-id` with spaces, or empty.
    AppId,
    /// `--name` is empty.
    EmptyName,
    /// `--whatsapp-id` with spaces, or empty.
    WhatsappId,
    /// No phone number.
    Phone { typed: String },
    /// No token of a Telegram bot.
    BotToken,
    /// A file of faults for the sandbox. Stands before why.
    FaultFile { path: PathBuf },
    /// A generation that the platform of the sandbox doesn't have.
    Generation { typed: String, platform: &'static str, has: Vec<String> },
    /// More of something than there can be.
    TooMany { named: &'static str, count: u32, of: &'static str, most: u32 },
    /// Nothing came on stdin.
    NothingPiped(Piped),
    /// `api --paginate` with something that is no GET.
    PaginateWrite,
    /// What came on stdin has several lines or words.
    NotPiped(Piped),
    /// `--resume`, and there is no run to go on with.
    NothingToResume { kind: SignInKind },
    /// `--resume`, and the run was on another API.
    OtherApi { was_on: String, asked: String },
    /// A channel of another kind than is wanted.
    OtherKind { channel: Candidate },
    /// A name or channel ID that several channels have: so many, of which the first few are named.
    SeveralChannels { name: String, count: usize, channels: Vec<Candidate> },
    /// What is deleted is named by its `_id`, and a name was given.
    NamedToDelete { typed: String, channel: Candidate },
    /// Several Pages or accounts have that name.
    SeveralPages { kind: SignInKind, name: String, pages: Candidates },
}

/// What is piped in.
#[derive(Clone, Copy, Debug)]
pub enum Piped {
    ApiKey,
    SecretKey,
    Session,
    Password,
    /// Of a sign-in: of an app, of a list, or from an e-mail.
    SecondFactor,
    ClientSecret,
    AccessToken,
    ApiToken,
    PageToken,
    VerifyToken,
    BotToken,
    /// Of an official WhatsApp number.
    WhatsappToken,
    Token,
    /// Of a call that somebody writes by hand.
    Body,
}

/// What had to be asked.
#[derive(Debug)]
pub enum Question {
    ApiKey,
    SecretKey,
    /// Which platform is meant.
    Platform,
    /// Credentials or tokens of other platforms.
    Secret(Piped),
    BotToken,
    WhatsappToken,
    /// To sign in: nobody is there with a browser. The sandbox could do it by itself.
    SignIn {
        kind: SignInKind,
        sandbox: bool,
    },
    /// For the text that a person pastes after a sign-in.
    Pasted,
    /// Likewise where it holds a result and no token.
    PastedResult,
    /// For what was not typed: the options that give it, `--name NAME`.
    Missing {
        options: Vec<&'static str>,
    },
    /// To look at a QR code.
    QrCode,
    /// Whether a callback URL may be borrowed.
    Borrow,
    /// Whether so many channels shall be deleted.
    Delete {
        count: usize,
    },
    /// Whether a Page's subscription at Meta shall go.
    Unsubscribe,
    /// Whether a call that somebody wrote by hand shall be sent.
    Send(Method),
    /// Whether a stored account shall be removed.
    RemoveProfile,
    /// Whether an app's webhook, one for all its Pages, shall go elsewhere.
    MoveWebhook {
        from: String,
        to: String,
    },
    /// Which channels are meant.
    Channels,
    /// Which Pages or accounts are meant.
    Pages {
        kind: SignInKind,
        pages: Candidates,
    },
    /// Likewise before anybody has signed in. With those that are connected.
    UnseenPages {
        kind: SignInKind,
        connected: Candidates,
    },
}

/// What a person said no to, and what didn't happen therefore.
#[derive(Clone, Copy, Debug)]
pub enum Cancelled {
    /// A question was left without an answer.
    Unanswered,
    /// The picker was left.
    NothingChosen,
    /// The callback URL may not be borrowed.
    NotBorrowed,
    /// The sign-in, while it was waited for.
    SignIn,
    /// What a person does on the platform's page, while it was waited for.
    Page,
    /// A webhook stays where it goes.
    NotMoved,
    NothingConnected,
    NothingDeleted,
    NothingRemoved,
    NothingSent,
    /// The application is deleted, and Meta still sends.
    StillSubscribed,
}

/// Why a list has no end.
#[derive(Clone, Copy, Debug)]
pub enum Endless {
    /// More is announced, and not where it begins.
    NoOffset,
    SameOffset,
    SamePage,
    /// What follows a page of it is something else.
    NoList,
    /// More is announced, again and again.
    AlwaysMore,
    /// It is larger than so many MiB.
    Large {
        mib: usize,
    },
}

/// What is wrong with a URL. Never quotes it.
#[derive(Debug, PartialEq, Eq)]
pub enum UnsafeUrl {
    TooLong,
    /// Spaces or control characters.
    Spaces,
    /// Characters that no URL has.
    Characters,
    NoUrl,
    Scheme(String),
    NoHost,
    UserInfo,
    /// http to another computer.
    PlainHttp,
}

/// What was being done when something below failed: stands before its error, and decides nothing.
#[derive(Clone, Debug)]
pub enum Doing {
    Starting,
    /// With too few open files allowed.
    OpeningFiles,
    StartingSandbox,
    /// A question, or the picker.
    Asking,
    ReadingPasted,
    ReadingStdin(Piped),
    ReadingFile(PathBuf),
    /// In a journal, before anything is changed.
    NotingBorrowed,
    /// In a journal, that the callback URL is seen.
    NotingSet,
    MakingFolder(PathBuf),
    WritingManPages(PathBuf),
    WritingQrCode(PathBuf),
    /// The rows of what failed.
    WritingFailed(PathBuf),
}

/// What can be done twice without harm.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Reconnect,
    Disconnect,
    Plan,
}

/// The signal that ended what gave this error, if one did: nothing more is begun then.
pub fn signal_of(error: &anyhow::Error) -> Option<Signal> {
    match error.downcast_ref() {
        Some(Failure::Interrupted(signal)) => Some(*signal),
        _ => None,
    }
}
