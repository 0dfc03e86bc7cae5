//! What somebody can do about an error. Data alone: `error` says which, `words` makes the sentence.

use std::path::Path;

use crate::borrowed::NotRestored;
use crate::failure::{Question, Usage};
use crate::platform::{Distrust, Proxy};
use crate::types::{Candidate, ChannelKind, Invocation, PlatformName, SignInKind};

/// What helps. What it quotes stands in the error.
#[derive(Debug)]
pub enum Hint<'a> {
    /// For what is wrong with what was typed.
    Usage(&'a Usage),
    /// Which options answer a question that nobody could be asked.
    Options(&'a Question),
    /// The help, where nothing more is known.
    Help,
    /// What to type in the place of something that is no command or option.
    Tip(&'a str),
    /// Secrets are never arguments: which options read them.
    SecretOptions,

    /// Ways to credentials, where there are none.
    GiveCredentials,
    /// The credentials are refused, and come from there.
    Credentials(CredentialsFrom),
    /// New ones were refused.
    CheckPartnerSettings,
    /// The stored credentials belong to another API.
    LogInThere {
        profile: &'a str,
        asked: &'a str,
    },

    /// The API URL may be wrong.
    CheckApiUrl,
    /// Likewise where no settings could be read, and there are sign-ins that need none.
    CheckApiUrlOrSignInWithout,
    CheckNetwork,
    /// A proxy lets nothing through to that host.
    CheckProxy {
        host: &'a str,
        proxy: &'a Proxy,
    },
    /// A certificate isn't trusted. Whether `SSL_CERT_FILE` names others than the system's.
    CheckCertificate {
        problem: &'a Distrust,
        proxy: Option<&'a Proxy>,
        named: bool,
    },
    /// That port doesn't speak https.
    CheckPort,
    TryLater,
    /// The plan's limit of channels is reached.
    LimitReached,
    /// The API wants money otherwise.
    AskAboutPlan,
    AskSupport,

    /// A token of a sign-in that is used up or too old.
    SignInAgain,
    /// The person said no.
    AllowAll,
    /// Somebody else's Page or account.
    OfOtherPage,
    /// Not ticked, or another person's.
    TickAll,
    /// Nothing was ticked, or there is nothing.
    NothingToTick(SignInKind),
    /// Nobody finished the sign-in.
    MoreTime,
    /// The pasted text.
    PasteWhole,
    /// No port to listen on.
    OtherPort,
    /// A callback URL can't be borrowed.
    Paste,
    /// Likewise, and a tunnel would do.
    PasteOrTunnel,
    /// A process has what is needed.
    WaitFor {
        pid: Option<u32>,
    },
    /// The sign-in of another process.
    WaitForSignIn,

    /// A callback URL isn't back.
    Restore(&'a NotRestored, ByHand<'a>),
    /// The journal of a callback URL can't be believed.
    CheckCallback(SignInKind),
    CheckCallbacks,
    /// The settings as they are.
    ShowCallback,
    SetCallback,

    /// A channel belongs to another account.
    DisconnectElsewhere,
    IfConnected,
    ListChannels,
    /// It may have been done: a second time it would be done twice.
    LookFirst,
    /// It may have been done, which does no harm twice.
    LookAt {
        id: &'a str,
    },
    OneOf(&'a [Candidate]),
    /// The kinds of the channels that are disconnected.
    Reconnect(&'a [ChannelKind]),
    /// A phone that was not linked.
    RemoveUnlinked {
        id: &'a str,
    },
    BotFather,
    /// What takes the place of reconnecting a channel of that kind.
    InsteadOfReconnect(&'a ChannelKind),
    /// What the platform's API has no call for.
    DoThere(PlatformName),
    DisconnectInSocialchatOrCheckUrl,
    ReconnectInSocialchat,
    /// A token died amid many channels.
    Resume,
    /// Some failed. With what goes on with them.
    FixAndRunAgain(Option<&'a Invocation>),

    /// A file of ours that belongs to somebody else.
    Own(&'a Path),
    /// A file of ours into which others can write.
    Close(&'a Path),
    /// The configuration.
    FixFile,
    /// The credentials' file, or the keychain.
    WhereCredentialsAre,
    /// The record of an earlier run.
    WithoutResume,
    ResetSandbox,
    ReportBug,
}

/// Where refused credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsFrom {
    /// `SOCIALCHAT_API_KEY`
    KeyVariable,
    /// `SOCIALCHAT_APP_ID` and `SOCIALCHAT_SECRET_KEY`
    PairVariables,
    Stored,
}

/// How a callback URL is set by hand.
#[derive(Clone, Copy, Debug)]
pub enum ByHand<'a> {
    /// Nobody knows what it was.
    Unknown,
    /// With `callback set`.
    Typed(&'a str),
    /// Not from the command line: a shell's history would keep what is secret in it.
    Elsewhere,
}
