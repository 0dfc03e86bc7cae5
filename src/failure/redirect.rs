//! What goes wrong where a platform's back end signs people in by itself: UnifiedBeez.

use crate::types::{Candidate, ChannelDbId, ChannelKind, SignInKind};

/// Ends a command.
#[derive(Debug)]
pub enum Redirect {
    /// E-mail address or password. Stands before the API's own answer.
    LogInRefused,
    /// The code. Likewise.
    CodeRefused,
    /// The session was ended on the platform by nobody. Likewise.
    NotLoggedOut,
    /// A second factor is wanted, and nobody can be asked.
    CodeUnasked,
    /// Nobody is there with a browser. The sandbox could consent by itself.
    Nobody { kind: SignInKind, sandbox: bool },
    /// The sign-in begins at another host than Facebook's and Instagram's.
    Elsewhere { kind: SignInKind, host: Option<String> },
    /// At theirs, but by another scheme or port.
    NotHttps { kind: SignInKind, host: String },
    /// At an address that holds the session.
    HoldsSession { kind: SignInKind },
    /// The plan doesn't allow it, in the platform's words. Stands before its answer.
    NotAllowed { kind: SignInKind, reason: String },
    /// It came back for another kind, in the platform's word for it.
    OtherType { kind: SignInKind, said: String },
    /// Nobody came back in so many seconds, and nothing new is listed. Or somebody `came`, without a result.
    TimedOut { seconds: u64, came: bool },
    /// It came back with success, and no account of that kind is listed as connected.
    NotListed { kind: SignInKind },
    /// What was asked for by --page isn't connected by this sign-in.
    NotTicked { kind: SignInKind, typed: String },
    /// An account that was to be deleted is still listed.
    StillThere,
    /// An account that was to be reconnected is still disconnected.
    StillDisconnected { kind: SignInKind },
    /// Or it isn't listed any more.
    NotThere { id: ChannelDbId },
    /// Nobody knows whether it was given a fresh token: nothing of it has changed.
    Unproven { kind: SignInKind },
    /// An id is one of a channel, and one of its accounts was wanted.
    IsWhole { id: String, kind: ChannelKind, accounts: Vec<Candidate>, more: usize },
    /// No such channel. With the accounts of that id, and the channels that there are.
    NoSuchWhole { id: String, account: Option<Candidate>, channels: Vec<(ChannelDbId, ChannelKind)> },
    /// No call deletes such a channel. With its accounts.
    NoWhole { id: ChannelDbId, kind: ChannelKind, accounts: Vec<Candidate> },
    /// An account is listed in it and says to be of another channel, or the other way round.
    DoubtfulWhole { id: ChannelDbId },
    /// It has other accounts than those that were shown; none is deleted.
    WholeChanged { id: ChannelDbId },
    /// Nobody agreed to deleting so many.
    WholeUnasked { count: usize },
}
