//! What helps.

use std::fmt::{Formatter, Result};
use std::path::Path;

use super::usage::{options, usage_hint};
use super::{list, type_};
use crate::borrowed::NotRestored;
use crate::hint::{ByHand, CredentialsFrom, Hint};
use crate::http::{Distrust, Proxy};
use crate::types::typed::SECRETS_ARE_PIPED;
use crate::types::{ChannelKind, PlatformName, SignInKind};

pub fn hint(hint: &Hint<'_>, f: &mut Formatter<'_>) -> Result {
    match hint {
        Hint::Usage(what) => usage_hint(what, f),
        Hint::Options(question) => options(question, f),
        Hint::Help => write!(f, "see {}", type_("--help")),
        Hint::Tip(tip) => write!(f, "{tip}; see {}", type_("--help")),
        Hint::SecretOptions => f.write_str(SECRETS_ARE_PIPED),
        Hint::GiveCredentials(platform) => {
            let (login, variables) = match platform {
                PlatformName::Socialchat => {
                    (type_("login"), "SOCIALCHAT_API_KEY, or SOCIALCHAT_APP_ID and SOCIALCHAT_SECRET_KEY")
                }
                PlatformName::UnifiedBeez => (type_("login --platform unifiedbeez"), "UNIFIEDBEEZ_SESSION"),
                PlatformName::Qontak => (
                    type_("login --platform qontak"),
                    "QONTAK_CLIENT_ID and QONTAK_CLIENT_SECRET, or QONTAK_ACCESS_TOKEN",
                ),
                PlatformName::Tendarts => (type_("login --platform 10darts"), "TENDARTS_API_TOKEN"),
            };
            write!(f, "run {login}; in scripts set {variables}; --sandbox needs none")
        }
        Hint::NamePlatform { platform, variables: CredentialsFrom::Variables(names) } => {
            write!(f, "{} is set: add --platform {}; otherwise ", names.join(" and "), platform.as_str())?;
            super::hint(&Hint::GiveCredentials(PlatformName::Socialchat), f)
        }
        Hint::NamePlatform { platform, variables: CredentialsFrom::Stored } => {
            super::hint(&Hint::GiveCredentials(*platform), f)
        }
        Hint::Credentials(CredentialsFrom::Variables([only])) => {
            write!(f, "the value of {only} was rejected; check it")
        }
        Hint::Credentials(CredentialsFrom::Variables(both)) => {
            write!(f, "the pair in {} was rejected; check both", both.join(" and "))
        }
        Hint::SetClock => f.write_str("set this computer's clock, then run the command again"),
        Hint::QontakCredentials { from, is_older } => {
            match from {
                Some(from) => super::hint(&Hint::Credentials(*from), f)?,
                None => f.write_str("check them")?,
            }
            super::qontak::about_credentials(*is_older, f)
        }
        Hint::Qontak(what) => super::qontak::hint(what, f),
        Hint::NewerGeneration { is_silent } => super::qontak::newer_generation(*is_silent, f),
        Hint::Meta(code) => super::meta::cure(*code, f),
        Hint::MetaTrouble(trouble) => super::meta::trouble_cure(trouble, f),
        Hint::Credentials(CredentialsFrom::Stored) => write!(f, "log in again: {}", type_("login")),
        Hint::CheckPartnerSettings => {
            f.write_str("check the key in Socialchat's partner settings, then try again")
        }
        Hint::CopyAgain(platform) => {
            write!(f, "copy them from {} once more, whole, then try again", platform.title())
        }
        Hint::LogInThere { profile, asked } => write!(
            f,
            "log in to that API: {}; or leave --api-url out to use profile {profile} with its own API",
            type_(format!("--api-url {asked} --profile NAME login"))
        ),
        Hint::CheckGraphUrl => f.write_str(
            "check SOCIALCHAT_GRAPH_URL (https://graph.facebook.com, without a version), and the proxy if there is one",
        ),
        Hint::CheckApiUrl => {
            write!(f, "check the API URL: {} shows it, --api-url changes it", type_("whoami"))
        }
        Hint::CheckApiUrlOrSignInWithout => write!(
            f,
            "check the API URL: {} shows it; --paste signs in without the callback URL, --token-stdin without a sign-in",
            type_("whoami")
        ),
        Hint::CheckNetwork => {
            write!(f, "check your network or proxy; {} shows the requests", type_("-v whoami"))
        }
        Hint::CheckProxy { host, proxy } => write!(
            f,
            "check {}; NO_PROXY={host} goes there without a proxy",
            proxy.variable.unwrap_or("the system's proxy settings")
        ),
        Hint::CheckCertificate { problem, proxy, named } => certificate(problem, *proxy, *named, f),
        Hint::CheckPort => write!(
            f,
            "check the port in the API URL: {} shows it; http:// is only for localhost",
            type_("whoami")
        ),
        Hint::TryLater => f.write_str("try again in a few minutes"),
        Hint::LimitReached => f.write_str(
            "the plan's channel limit is reached; raise the plan, or delete a channel you no longer use",
        ),
        Hint::AskAboutPlan => f.write_str("ask Socialchat about your plan"),
        Hint::AskSupport => f.write_str("contact Socialchat's support; only they can make room"),
        Hint::SignInAgain => f.write_str(
            "the token is invalid or expired; sign in again (without --token-stdin and SOCIALCHAT_TOKEN)",
        ),
        Hint::AllowAll => f.write_str("run the command again and allow all Pages and accounts in the browser"),
        Hint::OfOtherPage => f.write_str(
            "the token is for another Page or account than the channel; sign in with the one that owns it",
        ),
        Hint::TickAll => f.write_str("sign in again with all Pages and accounts ticked, as an admin of it"),
        Hint::NothingToTick(SignInKind::Messenger) => f.write_str(
            "sign in again and tick all Pages; you must be an admin of the Page, and a Page in a business portfolio \
             must be assigned to you there",
        ),
        Hint::NothingToTick(SignInKind::Instagram) => f.write_str(
            "sign in again and tick all Pages and accounts; the account must be a professional one and linked to a \
             Page of which you are an admin (Instagram: Settings, Business tools, Connect a Facebook Page)",
        ),
        Hint::MoreTime => f.write_str(
            "try again; --timeout SECONDS waits longer; if the browser can't reach this machine, use --paste",
        ),
        Hint::PasteWholeUrl => f.write_str("paste the whole URL at which the browser ended"),
        Hint::PasteWhole => f.write_str("paste the whole final URL, or only what follows token="),
        Hint::OtherPort => f.write_str("use another --port, or none; --paste needs no port"),
        Hint::Paste => f.write_str("sign in with --paste, which needs no callback URL"),
        Hint::PasteOrTunnel => f.write_str(
            "sign in with --paste, which needs no callback URL; or with --port N --callback-url URL, the public address \
             of a tunnel to that port",
        ),
        Hint::WaitFor { pid: Some(pid) } => write!(f, "wait for process {pid} or stop it, then run this again"),
        Hint::WaitFor { pid: None } => f.write_str("wait for the other command, then run this again"),
        Hint::WaitForSignIn => {
            write!(f, "wait for it or stop it; {} shows it", type_("callback show"))
        }
        Hint::Restore(left, by_hand) => restore(left, *by_hand, f),
        Hint::CheckCallback(kind) => write!(
            f,
            "check the callback URL: {} shows it, {} sets it; then remove the file",
            type_("callback show"),
            type_(format!("callback set --{kind} URL"))
        ),
        Hint::CheckCallbacks => {
            write!(f, "check the callback URLs: {} shows them; then remove the files", type_("callback show"))
        }
        Hint::ShowCallback => write!(f, "see the current settings: {}", type_("callback show")),
        Hint::SetCallback => write!(f, "set the URLs: {}", type_("callback set")),
        Hint::DisconnectElsewhere => {
            f.write_str("it belongs to another Socialchat account; disconnect it there first")
        }
        Hint::IfConnected => f.write_str("--if-connected reconnect gives it a fresh token, skip leaves it"),
        Hint::ListChannels => write!(f, "see your channels: {}", type_("channels list")),
        Hint::ListProfiles([]) => write!(f, "see the saved accounts: {}", type_("profile list")),
        Hint::ListProfiles(near) => {
            write!(f, "did you mean {}? {} lists all", near.join(" or "), type_("profile list"))
        }
        Hint::RestoreFirst { profile } => write!(
            f,
            "restore it first: {}; while the sign-in is under way, wait for it",
            type_(format!("--profile {profile} callback restore"))
        ),
        Hint::ExpectFewer => write!(
            f,
            "check the account and the API URL: {} shows both; --expect-at-least N says how many there should be",
            type_("whoami")
        ),
        Hint::LookFirst => write!(
            f,
            "check before you try again, which could connect it twice: {}",
            type_("channels list")
        ),
        Hint::LookAt { id } => write!(
            f,
            "check it: {}; then run this again if needed, which does no harm",
            type_(format!("channels show {id}"))
        ),
        Hint::LookAtThem => write!(
            f,
            "check them: {}; then run this again if needed, which does no harm",
            type_("channels list")
        ),
        Hint::OneOf(near) => write!(f, "one of these: {}", list(*near)),
        Hint::OneOfPages(kind, near) => {
            if !near.is_empty() {
                write!(f, "--page with one of these: {}; ", list(*near))?;
            }
            write!(f, "{} lists all that a sign-in covers", type_(format!("pages {kind}")))
        }
        Hint::ReconnectEach => write!(
            f,
            "{}, with the Page's token, for each; {} shows the IDs",
            type_("reconnect messenger ID"),
            type_("channels list --disconnected")
        ),
        Hint::Reconnect(kinds) => f.write_str(&list(kinds.iter().map(reconnecting))),
        Hint::LinkAgain { id } => {
            write!(
                f,
                "run the same command again, which uses the same channel; {} deletes it",
                type_(format!("disconnect {id}"))
            )
        }
        Hint::BotFather => f.write_str("get the bot token from @BotFather: /mybots, API Token"),
        Hint::InsteadOfReconnect(kind) => instead_of_reconnect(kind, f),
        Hint::DoThere { platform, can } => {
            write!(f, "do it in {} itself", platform.title())?;
            if !can.is_empty() {
                write!(f, "; {} can: see {}", list(can.iter().map(|can| can.title())), type_("platforms"))?;
            }
            Ok(())
        }
        Hint::Instead { what, kinds, can } => super::instead::instead(what, kinds, can, f),
        Hint::DisconnectInSocialchatOrCheckUrl => {
            write!(f, "delete it in Socialchat itself; or check the API URL: {} shows it", type_("whoami"))
        }
        Hint::ReconnectInSocialchat => f.write_str("reconnect it in Socialchat itself"),
        Hint::Run(next) => write!(f, "run {next}"),
        Hint::FreshToken(Some(next)) => write!(f, "sign in again for the rest: {next}"),
        Hint::FreshToken(None) => f.write_str("sign in again for the rest"),
        Hint::GoOn(next) => write!(f, "{next}"),
        Hint::FixAndRunAgain => {
            f.write_str("fix the cause, then run the command again; finished channels are skipped")
        }
        Hint::Own(path) => own(path, f),
        Hint::Close(path) => {
            write!(f, "if its content is right: `chmod go-w {}`; else remove it", path.display())
        }
        Hint::FixFile => f.write_str("fix the file or move it away; it stays as it is"),
        Hint::WhereCredentialsAre => {
            write!(f, "see where they are kept with {}; the environment works without files", type_("whoami"))
        }
        Hint::WithoutResume => {
            f.write_str("run it without --resume; --disconnected leaves out finished channels")
        }
        Hint::ResetSandbox => write!(f, "{} resets the sandbox", type_("sandbox reset")),
        Hint::Redirect(failure) => super::redirect::cure(failure, f),
        Hint::PageToken(failure) => super::page_token::cure(failure, f),
        Hint::OldDocuments => write!(
            f,
            "10darts' documentation is of 2018, and the service doesn't answer as it describes: check the API URL ({} \
             shows it) and your network; it may have changed since, or ended",
            type_("whoami")
        ),
        Hint::AccountToken(from) => {
            match from {
                Some(from) => super::hint(&Hint::Credentials(*from), f)?,
                None => f.write_str("check the API token of your account in 10darts")?,
            }
            f.write_str("; it takes the account's own token: an application's (AppToken) opens that application alone")
        }
        Hint::ReportBug => f.write_str("please report it, with the command and the text above"),
    }
}

/// For a certificate that is not trusted. `named` says whether `SSL_CERT_FILE` is set.
fn certificate(problem: &Distrust, proxy: Option<&Proxy>, named: bool, f: &mut Formatter<'_>) -> Result {
    match problem {
        Distrust::Expired | Distrust::NotYetValid => {
            f.write_str("check this computer's clock, and the server's certificate")
        }
        Distrust::OtherName => write!(f, "check the host in the API URL: {} shows it", type_("whoami")),
        Distrust::Revoked | Distrust::Other(_) => f.write_str("ask whoever runs that server"),
        Distrust::UnknownIssuer | Distrust::SelfSigned if named => f.write_str(
            "SSL_CERT_FILE is set, and replaces the system's certificates; add the authority's certificate there",
        ),
        Distrust::UnknownIssuer | Distrust::SelfSigned => {
            f.write_str("if the server is yours, name its authority's certificate: SSL_CERT_FILE=ca.pem")
        }
    }?;
    match proxy {
        Some(proxy) => write!(f, ". The proxy {proxy} may use its own certificate instead"),
        None => Ok(()),
    }
}

/// What takes the place of reconnecting a channel of that kind.
fn instead_of_reconnect(kind: &ChannelKind, f: &mut Formatter<'_>) -> Result {
    match kind {
        ChannelKind::WhatsappUnofficial => {
            write!(f, "link the phone by a new QR code: {}", type_("connect whatsapp"))
        }
        kind => write!(
            f,
            "a {kind} channel has no token that expires; {} creates a new one",
            type_(format!("connect {kind}"))
        ),
    }
}

/// How the disconnected channels of a kind are connected again.
fn reconnecting(kind: &ChannelKind) -> String {
    match kind {
        ChannelKind::Messenger | ChannelKind::Instagram => {
            type_(format!("reconnect {kind} --disconnected")).to_string()
        }
        ChannelKind::Telegram => type_("reconnect telegram ID").to_string(),
        ChannelKind::WhatsappUnofficial
        | ChannelKind::WhatsappOfficial
        | ChannelKind::Webchat
        | ChannelKind::Linkchat
        | ChannelKind::Other(_) => format!("connect the {kind} channel again"),
    }
}

fn restore(left: &NotRestored, by_hand: ByHand<'_>, f: &mut Formatter<'_>) -> Result {
    if left.can_be_tried {
        write!(f, "{} tries again; ", type_("callback restore"))?;
    }
    let kind = left.kind;
    match by_hand {
        ByHand::Unknown => write!(f, "{} sets a real one", type_(format!("callback set --{kind} URL"))),
        ByHand::Typed(url) => {
            let quoted = url.replace('\'', "'\\''");
            write!(f, "{} sets it by hand", type_(format!("callback set --{kind} '{quoted}'")))
        }
        ByHand::Elsewhere => f.write_str("set it in Socialchat's partner settings otherwise"),
    }
}

fn own(path: &Path, f: &mut Formatter<'_>) -> Result {
    let path = path.display();
    write!(f, "if it is yours and its content is right: `chown $(id -u) {path}`; else remove it")
}
