//! What somebody can do about an error. Data alone: `words` makes the sentence.

use std::path::Path;
use std::sync::OnceLock;

use crate::borrowed::NotRestored;
use crate::environment;
use crate::failure::{self, Failure, MetaTrouble, PageToken, Question, Redirect, Usage};
use crate::platform::{Ability, ApiError, Distrust, Known, Proxy, Reason, Unsupported};
use crate::types::{
    Candidate, ChannelKind, Credential, Invocation, MetaCode, PlatformName, Request, SettingUrl, SignInKind,
};

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
    GiveCredentials(PlatformName),
    /// Likewise where the environment holds those of another platform, and none was named.
    NamePlatform {
        platform: PlatformName,
        variables: CredentialsFrom,
    },
    /// The credentials are refused, and come from there.
    Credentials(CredentialsFrom),
    /// Likewise at 10darts, which has tokens of two kinds.
    AccountToken(Option<CredentialsFrom>),
    /// New ones were refused.
    CheckPartnerSettings,
    /// Likewise, of another platform.
    CopyAgain(PlatformName),
    /// The stored credentials belong to another API.
    LogInThere {
        profile: &'a str,
        asked: &'a str,
    },

    /// This computer's clock.
    SetClock,
    /// Qontak refuses the credentials: where they come from, where that is known, and of which generation they are.
    QontakCredentials {
        from: Option<CredentialsFrom>,
        is_older: bool,
    },
    /// What only Qontak has.
    Qontak(&'a failure::Qontak),
    /// Qontak's older host may be gone: it answered so, or nobody did.
    NewerGeneration {
        is_silent: bool,
    },
    /// What the Graph API says by this code.
    Meta(MetaCode),
    /// For what is wrong at Meta otherwise.
    MetaTrouble(&'a MetaTrouble),

    /// The API URL may be wrong.
    CheckApiUrl,
    /// Likewise of the Graph API's.
    CheckGraphUrl,
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
    /// Likewise where there is no token in it.
    PasteWholeUrl,
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
    /// The stored accounts, of which these may be meant.
    ListProfiles(&'a [String]),
    /// What a profile has borrowed.
    RestoreFirst {
        profile: &'a str,
    },
    /// A watch that expects channels sees too few.
    ExpectFewer,
    /// It may have been done: a second time it would be done twice.
    LookFirst,
    /// It may have been done, which does no harm twice.
    LookAt {
        id: &'a str,
    },
    /// Likewise of several.
    LookAtThem,
    OneOf(&'a [Candidate]),
    /// Likewise of a sign-in, which covers more.
    OneOfPages(SignInKind, &'a [Candidate]),
    /// The kinds of the channels that are disconnected.
    Reconnect(&'a [ChannelKind]),
    /// Likewise where one is reconnected at a time.
    ReconnectEach,
    /// A phone that was not linked.
    LinkAgain {
        id: &'a str,
    },
    BotFather,
    /// What takes the place of reconnecting a channel of that kind.
    InsteadOfReconnect(&'a ChannelKind),
    /// What the platform's API has no call for.
    DoThere {
        platform: PlatformName,
        /// Those that have one.
        can: Vec<PlatformName>,
    },
    /// What the platform doesn't have, or does in another way.
    Instead {
        what: &'a Unsupported,
        /// Which kinds it can connect or reconnect.
        kinds: Vec<ChannelKind>,
        can: Vec<PlatformName>,
    },
    DisconnectInSocialchatOrCheckUrl,
    ReconnectInSocialchat,
    /// The command that does it.
    Run(&'a Invocation),
    /// A token died amid many channels. With what goes on with a fresh one.
    FreshToken(Option<&'a Invocation>),
    /// What goes on with those that are not done.
    GoOn(&'a Invocation),
    /// Likewise where no command does.
    FixAndRunAgain,

    /// Against what went wrong where a platform's back end signs people in.
    Redirect(&'a Redirect),
    /// A Page's application at 10darts.
    PageToken(&'a PageToken),
    /// 10darts doesn't answer as its documentation says.
    OldDocuments,

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

impl<'a> Hint<'a> {
    /// What takes the place of what a platform can't do.
    pub fn instead_of(what: &'a Unsupported) -> Hint<'a> {
        match (what.ability, &what.kind) {
            (
                Ability::Reconnect,
                Some(kind @ (ChannelKind::WhatsappUnofficial | ChannelKind::Webchat | ChannelKind::Linkchat)),
            ) if what.platform == PlatformName::Socialchat => Hint::InsteadOfReconnect(kind),
            // It is there.
            (ability, _) if what.platform == PlatformName::Socialchat || ability == Ability::Disconnect => {
                Hint::DoThere { platform: what.platform, can: what.who_can() }
            }
            _ => Hint::Instead { what, kinds: what.kinds_here(), can: what.who_can() },
        }
    }

    /// What helps against a failure of ours.
    pub fn of(failure: &'a Failure) -> Option<Self> {
        Some(match failure {
            Failure::Usage(what) => Hint::Usage(what),
            Failure::NoInput(question) => Hint::Options(question),
            Failure::NoCredentials { platform, .. } => match of_another(*platform) {
                Some(platform) => Hint::NamePlatform { platform, variables: credentials_from(platform) },
                None => Hint::GiveCredentials(*platform),
            },
            Failure::NotAccepted { platform: PlatformName::Tendarts, .. } => {
                Hint::AccountToken(Some(credentials_from(PlatformName::Tendarts)))
            }
            Failure::LoginRefused if in_use() == PlatformName::Tendarts => Hint::AccountToken(None),
            Failure::NotAccepted { platform: PlatformName::Qontak, .. } => qontak_credentials(),
            Failure::LoginRefused if in_use() == PlatformName::Qontak => {
                Hint::QontakCredentials { from: None, is_older: is_qontaks_older() }
            }
            Failure::NotAccepted { platform, .. } => Hint::Credentials(credentials_from(*platform)),
            Failure::LoginRefused => match in_use() {
                PlatformName::Socialchat => Hint::CheckPartnerSettings,
                platform => Hint::CopyAgain(platform),
            },
            Failure::SettingsUnreadable { .. } => Hint::SetCallback,
            Failure::OtherHost { asked, profile, .. } => Hint::LogInThere { profile, asked },
            Failure::Refused(_) => Hint::AllowAll,
            Failure::TimedOut(_) => Hint::MoreTime,
            Failure::Pasted if in_use() == PlatformName::UnifiedBeez => Hint::PasteWholeUrl,
            Failure::Pasted => Hint::PasteWhole,
            Failure::Listener => Hint::OtherPort,
            Failure::UnsafeAuthorizeUrl(_) => Hint::CheckApiUrl,
            Failure::HeldBy { .. } => Hint::WaitForSignIn,
            Failure::NotRestored(left) => Hint::Restore(left, by_hand(left)),
            Failure::DoubtfulJournal { kind } => Hint::CheckCallback(*kind),
            Failure::DoubtfulJournals { .. } => Hint::CheckCallbacks,
            Failure::NoSettings { .. } => Hint::CheckApiUrlOrSignInWithout,
            Failure::CallbackNotTaken { .. } => Hint::Paste,
            Failure::NotSet { .. } => Hint::ShowCallback,
            Failure::CallbackRefused { .. } => Hint::PasteOrTunnel,
            Failure::AlreadyConnected { .. } => Hint::IfConnected,
            Failure::NotCovered { .. } => Hint::TickAll,
            Failure::NothingCovered { kind } => Hint::NothingToTick(*kind),
            Failure::CannotDisconnect { .. } => Hint::DisconnectInSocialchatOrCheckUrl,
            Failure::Nameless { .. } => Hint::ReconnectInSocialchat,
            Failure::NotListed { .. } | Failure::Unsettled => Hint::LookFirst,
            Failure::Unknown { id, .. } => Hint::LookAt { id },
            Failure::Disconnected { .. } if in_use() == PlatformName::Tendarts => Hint::ReconnectEach,
            Failure::Disconnected { kinds, .. } => Hint::Reconnect(kinds),
            Failure::NotLinked { id, .. } => Hint::LinkAgain { id },
            Failure::NotStarted { next } => Hint::Run(next),
            Failure::TokenDied { next } => Hint::FreshToken(next.as_ref()),
            Failure::NoSuchChannel { near, .. } if !near.is_empty() => Hint::OneOf(near),
            Failure::NoSuchChannel { .. } => Hint::ListChannels,
            Failure::TooFew { .. } => Hint::ExpectFewer,
            Failure::NoSuchProfile { near, .. } => Hint::ListProfiles(near),
            Failure::ProfileBorrows { profile, .. } => Hint::RestoreFirst { profile },
            Failure::NoSuchPage { kind, near, .. } => Hint::OneOfPages(*kind, near),
            Failure::Meta(trouble) => Hint::MetaTrouble(trouble),
            Failure::Qontak(what) => Hint::Qontak(what),
            Failure::PageToken(failure) => Hint::PageToken(failure),
            Failure::Redirect(failure) => Hint::Redirect(failure),
            Failure::Panicked => Hint::ReportBug,
            Failure::Partial { next: Some(next), .. }
            | Failure::AllFailed { next: Some(next), .. }
            | Failure::Stopped { next: Some(next), .. } => Hint::GoOn(next),
            Failure::AllFailed { undone, .. } if undone.none_found => Hint::ListChannels,
            Failure::Partial { undone, .. } | Failure::AllFailed { undone, .. } if !undone.dry_run => {
                Hint::FixAndRunAgain
            }
            Failure::Endless { .. }
            | Failure::EndlessChannels { .. }
            | Failure::Partial { .. }
            | Failure::AllFailed { .. }
            | Failure::Stopped { .. }
            | Failure::EndlessPages { .. }
            | Failure::Cancelled(_)
            | Failure::ResultLost
            | Failure::Interrupted(_) => return None,
        })
    }

    /// What helps against an API's refusal, or where it can't be reached.
    pub fn of_api(api: &'a ApiError) -> Option<Self> {
        let known = api.known().map(|known| match known {
            Known::BadCredentials if is_of_tendarts(api) => {
                Hint::AccountToken(Some(credentials_from(PlatformName::Tendarts)))
            }
            Known::BadCredentials if in_use() == PlatformName::Qontak => qontak_credentials(),
            Known::BadCredentials => Hint::Credentials(credentials_from(in_use())),
            Known::LimitReached => Hint::LimitReached,
            Known::InvalidCallbackToken => Hint::SignInAgain,
            Known::ConnectedElsewhere => Hint::DisconnectElsewhere,
            Known::ChannelNotFound => Hint::ListChannels,
            Known::AccountNotSame => Hint::OfOtherPage,
            Known::InvalidBotToken => Hint::BotFather,
            Known::VirtualMachineFull => Hint::AskSupport,
            Known::InvalidBody => Hint::ShowCallback,
            Known::NotFound => Hint::ListChannels,
            Known::ClockOff { .. } => Hint::SetClock,
            Known::Meta(code) => Hint::Meta(code),
        });
        known.or(match &api.reason {
            Reason::Unreachable { .. } | Reason::Unreadable { .. } if is_of_tendarts(api) => {
                Some(Hint::OldDocuments)
            }
            Reason::Refused { status: 300..=399 | 404 | 405, .. } if is_of_tendarts(api) => {
                Some(Hint::OldDocuments)
            }
            Reason::Proxy { host, proxy, .. } => Some(Hint::CheckProxy { host, proxy }),
            Reason::Certificate { problem, proxy, .. } => {
                let named = std::env::var_os("SSL_CERT_FILE").is_some();
                Some(Hint::CheckCertificate { problem, proxy: proxy.as_deref(), named })
            }
            Reason::NotHttps { .. } => Some(Hint::CheckPort),
            Reason::Unreachable { .. } if is_qontaks_older() => {
                Some(Hint::NewerGeneration { is_silent: true })
            }
            Reason::Refused { status: 404 | 410, .. } if is_qontaks_older() => {
                Some(Hint::NewerGeneration { is_silent: false })
            }
            Reason::Unreachable { .. } | Reason::Unanswered { .. } => Some(Hint::CheckNetwork),
            Reason::Refused { status: 402, .. } => Some(Hint::AskAboutPlan),
            Reason::Refused { status: 300..=399 | 404, .. }
            | Reason::Refused { status: 405, web_page: true, .. }
            | Reason::Unreadable { .. } => match api.request.is_of_meta() {
                true => Some(Hint::CheckGraphUrl),
                false => Some(Hint::CheckApiUrl),
            },
            Reason::Refused { status: 429 | 500..=599, .. } => Some(Hint::TryLater),
            Reason::Refused { .. } | Reason::Setup(_) => None,
        })
    }
}

/// The platform that this run works on and the generation of its API, for what helps against refused credentials.
static IN_USE: OnceLock<(PlatformName, Option<&str>)> = OnceLock::new();

/// Says by which credentials this run works.
pub fn works_on(credential: &Credential) {
    // A run works on one platform.
    let _ = IN_USE.set((credential.platform(), credential.generation()));
}

fn in_use() -> PlatformName {
    IN_USE.get().map_or(PlatformName::Socialchat, |(platform, _)| *platform)
}

fn qontak_credentials() -> Hint<'static> {
    let from = Some(credentials_from(PlatformName::Qontak));
    Hint::QontakCredentials { from, is_older: is_qontaks_older() }
}

/// Whether it is Qontak's older generation, which still answers some accounts.
fn is_qontaks_older() -> bool {
    IN_USE.get() == Some(&(PlatformName::Qontak, Some("token")))
}

/// Whether 10darts was asked, and not Meta beside it.
fn is_of_tendarts(api: &ApiError) -> bool {
    let is_its =
        matches!(api.request, Request::ListChannels | Request::CreateApplication(_) | Request::Disconnect(_));
    is_its && in_use() == PlatformName::Tendarts
}

/// Where refused credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsFrom {
    /// One variable, or a pair of them.
    Variables(&'static [&'static str]),
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

/// Whose credentials the environment holds, where it is nobody's that was named.
fn of_another(platform: PlatformName) -> Option<PlatformName> {
    let is_given = |other: &PlatformName| matches!(environment::credential(*other), Ok(Some(_)));
    let is_default = platform == PlatformName::Socialchat;
    is_default.then(|| PlatformName::ALL.into_iter().find(is_given)).flatten()
}

/// Where credentials come from that the API doesn't accept: a login changes nothing while the environment's win.
fn credentials_from(platform: PlatformName) -> CredentialsFrom {
    match environment::credential_for(platform, is_qontaks_older()) {
        Ok(Some(credential)) => CredentialsFrom::Variables(match credential {
            Credential::ApiKey(_) => &["SOCIALCHAT_API_KEY"],
            Credential::AppPair { .. } => &["SOCIALCHAT_APP_ID", "SOCIALCHAT_SECRET_KEY"],
            Credential::Session { .. } => &["UNIFIEDBEEZ_SESSION"],
            Credential::SigningClient { .. } | Credential::Grant(_) => {
                &["QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET"]
            }
            Credential::AccessToken(_) => &["QONTAK_ACCESS_TOKEN"],
            Credential::ApiToken(_) => &["TENDARTS_API_TOKEN"],
        }),
        Ok(None) | Err(_) => CredentialsFrom::Stored,
    }
}

/// How a callback URL that isn't back is set by hand.
fn by_hand(left: &NotRestored) -> ByHand<'_> {
    match &left.value {
        None => ByHand::Unknown,
        Some(url) if url.parse::<SettingUrl>().is_err() => ByHand::Elsewhere,
        Some(url) => ByHand::Typed(url),
    }
}
