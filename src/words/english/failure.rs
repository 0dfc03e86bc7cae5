//! What ended a command.

use std::fmt::{Formatter, Result};

use super::usage::{piped, unasked, usage};
use super::{list, page, pages};
use crate::failure::{Cancelled, Change, Doing, Endless, Failure, Shared, Undone, UnsafeUrl};
use crate::interrupt::Signal;
use crate::platform::{Ability, Unsupported};
use crate::types::typed;

pub fn failure(failure: &Failure, f: &mut Formatter<'_>) -> Result {
    match failure {
        Failure::Usage(what) => usage(what, f),
        Failure::NoInput(question) => unasked(question, f),
        Failure::NoCredentials { profile, .. } => write!(f, "no credentials for profile {profile}"),
        Failure::NotAccepted { profile, .. } => {
            write!(f, "the API rejects the credentials of profile {profile}")
        }
        Failure::LoginRefused => f.write_str("the API rejects these credentials; nothing is saved"),
        Failure::SettingsUnreadable { last_set } => {
            f.write_str("this API can't show its settings; this profile last set ")?;
            match last_set.as_slice() {
                [] => f.write_str("nothing"),
                urls => f.write_str(&list(urls.iter().map(|(kind, url)| format!("{kind}: {url}")))),
            }
        }
        Failure::OtherHost { profile, stored, asked } => {
            write!(f, "the credentials of profile {profile} are for {stored}, and are not sent to {asked}")
        }
        Failure::Refused(why) if why.is_empty() => f.write_str("sign-in refused"),
        Failure::Refused(why) => write!(f, "sign-in refused: {why}"),
        Failure::TimedOut(seconds) => write!(f, "sign-in timed out after {seconds} s"),
        Failure::Pasted => f.write_str("can't use the pasted text"),
        Failure::Listener => f.write_str("can't listen for the sign-in"),
        Failure::UnsafeAuthorizeUrl(why) => {
            f.write_str("the API gave a sign-in URL that is not safe to open: ")?;
            unsafe_url(why, f)
        }
        Failure::HeldBy { kind, pid, since } => {
            write!(f, "another sign-in is using the {kind} callback URL: {}", process(*pid))?;
            since.as_ref().map_or(Ok(()), |since| write!(f, ", since {since}"))
        }
        Failure::NotRestored(left) => write!(f, "{left}"),
        Failure::DoubtfulJournal { kind } => {
            write!(
                f,
                "the {kind} callback URL stays as it is: the record of an earlier sign-in can't be trusted"
            )
        }
        Failure::DoubtfulJournals { count: 1 } => {
            f.write_str("can't restore from 1 record of an earlier sign-in: it can't be trusted")
        }
        Failure::DoubtfulJournals { count } => {
            write!(f, "can't restore from {count} records of earlier sign-ins: they can't be trusted")
        }
        Failure::NoSettings { kind } => {
            write!(f, "the {kind} callback URL stays as it is: its current value can't be read")
        }
        Failure::CallbackNotTaken { kind, now } => write!(
            f,
            "the API accepted this computer's address as the {kind} callback URL, but still shows {} after 2 s",
            shown(now.as_ref())
        ),
        Failure::NotSet { field, shown: now } => {
            write!(f, "the API accepted the new {field}, but still shows {} after 2 s", shown(now.as_ref()))
        }
        Failure::CallbackRefused { kind } => {
            write!(f, "the API rejects this computer's address as the {kind} callback URL")
        }
        Failure::Endless { kind, cause, listed } => {
            write!(f, "can't list all {kind} {}: ", pages(*kind))?;
            endless(*cause, f)?;
            write!(f, " ({listed} listed so far)")
        }
        Failure::EndlessChannels { cause } => {
            f.write_str("can't list all channels: ")?;
            endless(*cause, f)
        }
        Failure::EndlessPages { cause } => {
            f.write_str("can't read the list to its end: ")?;
            endless(*cause, f)
        }
        Failure::NothingCovered { kind } => {
            write!(f, "the sign-in covers no {} {}", kind.title(), page(*kind))
        }
        Failure::AlreadyConnected { name, id } => write!(f, "{name} is already connected, as channel {id}"),
        Failure::Nameless { name } => {
            write!(f, "{name} is already connected, as a channel without a usable _id")
        }
        Failure::NotCovered { kind } => {
            write!(f, "the sign-in doesn't cover its {} {}", kind.title(), page(*kind))
        }
        Failure::TokenDied { .. } => f.write_str("the token has expired"),
        Failure::NotStarted { .. } => f.write_str("not started"),
        Failure::CannotDisconnect { kind, .. } => write!(f, "this API can't delete {kind} channels"),
        Failure::NotListed { kind } => write!(
            f,
            "the API says that the {} is connected, but its list of channels doesn't show it",
            kind.sign_in().map_or(kind.as_str(), |kind| page(kind))
        ),
        Failure::Unsettled => f.write_str("can't tell whether it was connected"),
        Failure::Unknown { change: Change::Reconnect, .. } => {
            f.write_str("can't tell whether it was reconnected")
        }
        Failure::Unknown { change: Change::Disconnect, .. } => {
            f.write_str("can't tell whether it was disconnected")
        }
        Failure::Unknown { change: Change::Plan, .. } => {
            f.write_str("can't tell whether its plan was changed")
        }
        Failure::Disconnected { disconnected: 1, total: 1, .. } => {
            f.write_str("the only channel is disconnected")
        }
        Failure::Disconnected { disconnected: 1, total, .. } => {
            write!(f, "1 of {total} channels is disconnected")
        }
        Failure::Disconnected { disconnected, total, .. } => {
            write!(f, "{disconnected} of {total} channels are disconnected")
        }
        Failure::NoSuchProfile { typed, .. } => write!(f, "no such profile: {}", typed::shown(typed)),
        Failure::ProfileBorrows { profile, kind } => {
            write!(
                f,
                "a sign-in of profile {profile} has replaced the {kind} callback URL and not restored it"
            )
        }
        Failure::TooFew { total: 0, expected: 1 } => f.write_str("no channels at all"),
        Failure::TooFew { total: 0, expected } => {
            write!(f, "no channels at all, where at least {expected} are expected")
        }
        Failure::TooFew { total: 1, expected } => {
            write!(f, "only 1 channel, where at least {expected} are expected")
        }
        Failure::TooFew { total, expected } => {
            write!(f, "only {total} channels, where at least {expected} are expected")
        }
        Failure::NotLinked { id, seconds } => {
            write!(f, "the phone was not linked within {seconds} s; channel {id} still waits for it")
        }
        Failure::NoSuchChannel { id, .. } => write!(f, "no such channel: {}", typed::shown(id)),
        Failure::NoSuchPage { kind, typed, .. } => {
            write!(f, "the sign-in covers no {} {}", page(*kind), typed::shown(typed))
        }
        Failure::Cancelled(what) => f.write_str(cancelled(*what)),
        Failure::Partial { undone, total, .. } => partial(*undone, *total, f),
        Failure::AllFailed { undone, .. } => all_failed(*undone, f),
        Failure::Stopped { signal, .. } => write!(f, "{}", Failure::Interrupted(*signal)),
        Failure::Qontak(what) => super::qontak::failure(what, f),
        Failure::ResultLost => {
            f.write_str("standard output is closed, so the token would be lost; nobody was signed in")
        }
        Failure::Meta(trouble) => write!(f, "{trouble}"),
        Failure::PageToken(failure) => super::page_token::page_token(failure, f),
        Failure::Redirect(failure) => super::redirect::redirect(failure, f),
        Failure::Panicked => f.write_str("a bug in this program stopped the command"),
        Failure::Interrupted(Signal::Interrupt) => f.write_str("interrupted"),
        Failure::Interrupted(Signal::Terminate) => f.write_str("terminated"),
        Failure::Interrupted(Signal::Quit) => f.write_str("quit"),
        Failure::Interrupted(Signal::HangUp) => f.write_str("the terminal has closed"),
    }
}

/// What several share, who may have names and ids of their own.
pub fn shared(Shared(failure): &Shared<'_>, f: &mut Formatter<'_>) -> Result {
    match failure {
        Failure::AlreadyConnected { .. } => f.write_str("already connected"),
        Failure::Nameless { .. } => f.write_str("already connected, as a channel without a usable _id"),
        Failure::NoSuchChannel { .. } => f.write_str("no such channel"),
        alone => write!(f, "{alone}"),
    }
}

fn partial(undone: Undone, total: usize, f: &mut Formatter<'_>) -> Result {
    match undone {
        Undone { failed, dry_run: true, .. } => write!(f, "{failed} of {total} channels would fail"),
        Undone { failed, not_started: 0, .. } => write!(f, "{failed} of {total} channels failed"),
        Undone { failed: 0, not_started, .. } => {
            write!(f, "{not_started} of {total} channels were not started")
        }
        Undone { failed, not_started, .. } => {
            write!(f, "{failed} of {total} channels failed, {not_started} were not started")
        }
    }
}

fn all_failed(undone: Undone, f: &mut Formatter<'_>) -> Result {
    match undone {
        Undone { failed: 2, dry_run: true, .. } => f.write_str("both channels would fail"),
        Undone { failed, dry_run: true, .. } => write!(f, "all {failed} channels would fail"),
        Undone { failed: 2, not_started: 0, .. } => f.write_str("both channels failed"),
        Undone { failed, not_started: 0, .. } => write!(f, "all {failed} channels failed"),
        Undone { failed: 1, not_started, .. } => {
            write!(f, "1 channel failed, {not_started} were not started")
        }
        Undone { failed, not_started, .. } => {
            write!(f, "{failed} channels failed, {not_started} were not started")
        }
    }
}

pub fn doing(doing: &Doing, f: &mut Formatter<'_>) -> Result {
    match doing {
        Doing::Starting => f.write_str("can't start"),
        Doing::OpeningFiles => f.write_str("can't start: this process may open too few files (`ulimit -n`)"),
        Doing::StartingSandbox => f.write_str("can't start the sandbox"),
        Doing::Asking => f.write_str("can't read the terminal"),
        Doing::ReadingPasted => f.write_str("can't read the pasted text"),
        Doing::ReadingStdin(what) => write!(f, "can't read {} from stdin", piped(*what)),
        Doing::ReadingFile(path) => write!(f, "can't read {}", path.display()),
        Doing::NotingBorrowed => f.write_str("can't record the change; nothing changed"),
        Doing::NotingSet => f.write_str("can't record that the callback URL is set"),
        Doing::MakingFolder(path) => write!(f, "can't make the folder {}", path.display()),
        Doing::WritingManPages(path) => write!(f, "can't write the man pages to {}", path.display()),
        Doing::WritingFailed(path) => write!(f, "can't write what failed to {}", path.display()),
        Doing::WritingQrCode(path) => write!(f, "can't write the QR code to {}", path.display()),
    }
}

pub fn unsupported(what: &Unsupported, f: &mut Formatter<'_>) -> Result {
    let platform = what.platform.title();
    let verb = match what.ability {
        Ability::Connect => "connect",
        Ability::Reconnect => "reconnect",
        Ability::Disconnect => "delete",
        Ability::ChangePlan => "change the plan of",
        Ability::AllKinds => {
            return write!(f, "--all-kinds is for Socialchat; {platform} is reconnected kind by kind");
        }
        Ability::Authorize => return write!(f, "{platform} has no sign-in that gives a token"),
        Ability::ListPages => return write!(f, "{platform} has no list of what a sign-in covers"),
        Ability::Callback => return write!(f, "{platform} has no account-wide callback URLs"),
        Ability::RawCalls => return write!(f, "raw calls are for Socialchat alone, not for {platform}"),
    };
    match &what.kind {
        None => write!(f, "{platform} has no call to {verb} channels"),
        Some(kind) if kind.is_documented() => write!(f, "{platform} has no call to {verb} {kind} channels"),
        // The API's own name for it.
        Some(kind) => {
            write!(f, "{platform} has no call to {verb} channels of the kind {:.40?}", kind.as_str())
        }
    }
}

fn cancelled(what: Cancelled) -> &'static str {
    match what {
        Cancelled::Unanswered => "Cancelled: the question was not answered",
        Cancelled::NothingChosen => "Cancelled; nothing changed",
        Cancelled::NotBorrowed => {
            "Cancelled; nothing changed. --paste signs in without touching the callback URL"
        }
        Cancelled::SignIn => "Sign-in cancelled; nothing changed",
        Cancelled::Page => "Cancelled; what is done on the page stays done",
        Cancelled::NotMoved => "Cancelled; the webhook stays as it is",
        Cancelled::NothingConnected => "Cancelled; nothing connected",
        Cancelled::NothingDeleted => "Cancelled; nothing deleted",
        Cancelled::StillSubscribed => "Cancelled; the Page's subscription stays",
        Cancelled::NothingSent => "Cancelled; nothing sent",
        Cancelled::NothingRemoved => "Cancelled; nothing removed",
    }
}

fn endless(cause: Endless, f: &mut Formatter<'_>) -> Result {
    match cause {
        Endless::NoOffset => f.write_str("the API announces more, but not where it begins"),
        Endless::SameOffset => f.write_str("the API sent the same offset twice"),
        Endless::SamePage => f.write_str("the API sent the same page twice"),
        Endless::NoList => f.write_str("a page that the API announced is not a list"),
        Endless::AlwaysMore => f.write_str("the API keeps announcing more"),
        Endless::Large { mib } => write!(f, "the list is larger than {mib} MiB"),
    }
}

fn unsafe_url(why: &UnsafeUrl, f: &mut Formatter<'_>) -> Result {
    match why {
        UnsafeUrl::TooLong => f.write_str("it is longer than 8 KiB"),
        UnsafeUrl::Spaces => f.write_str("it contains spaces or control characters"),
        UnsafeUrl::Characters => f.write_str("it contains characters that no URL has"),
        UnsafeUrl::NoUrl => f.write_str("it is not a URL"),
        UnsafeUrl::Scheme(scheme) => write!(f, "its scheme is {scheme}:"),
        UnsafeUrl::NoHost => f.write_str("it has no host"),
        UnsafeUrl::UserInfo => f.write_str("it contains a user name"),
        UnsafeUrl::PlainHttp => f.write_str("it is plain http to another computer"),
    }
}

/// A process, as far as its number is known.
pub(super) fn process(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

fn shown(value: Option<&String>) -> &str {
    value.map_or("none", String::as_str)
}
