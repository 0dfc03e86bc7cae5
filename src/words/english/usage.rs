//! What is wrong with what was typed or piped in, what had to be asked, and which options help.

use std::fmt::{Formatter, Result};

use super::{list, pages, type_};
use crate::failure::{Piped, Question, Usage};
use crate::types::{Candidate, Candidates, ChannelKind, PlatformName, SignInKind, typed};

pub(super) fn usage(usage: &Usage, f: &mut Formatter<'_>) -> Result {
    match usage {
        Usage::Profile { typed } => write!(f, "--profile {}", typed::shown(typed)),
        Usage::ApiUrl { profile, path } => {
            write!(f, "can't use the api-url of profile {profile} in {}", path.display())
        }
        Usage::HalfPair { set, missing } => write!(f, "{set} is set, but {missing} is not"),
        Usage::OtherPlatform { profile, own, asked } => {
            write!(f, "profile {profile} is of {}, not of {}", own.title(), asked.title())
        }
        Usage::NotHere { option, of, platform } => {
            write!(f, "{option} is for {}, and this profile is of {}", of.title(), platform.title())
        }
        Usage::NoMeaning { option, platform } => write!(f, "{option} means nothing on {}", platform.title()),
        Usage::NoPort => f.write_str("--callback-url needs --port, the port that it reaches"),
        Usage::CallbackUrl => f.write_str("--callback-url"),
        Usage::Platform { typed } => write!(f, "{:.40?} is no platform", typed),
        Usage::SandboxLogin => f.write_str("the sandbox needs no credentials"),
        Usage::TokenGiven => f.write_str("authorize prints the token of a new sign-in; it takes no token"),
        Usage::AppId => f.write_str("--app-id can't be empty or contain spaces"),
        Usage::EmptyName => f.write_str("--name can't be empty"),
        Usage::WhatsappId => f.write_str("--whatsapp-id can't be empty or contain spaces"),
        Usage::Phone { typed } => {
            write!(f, "--phone {}: a phone number has 9 to 15 digits", typed::shown(typed))
        }
        Usage::BotToken => f.write_str("not a bot token: it looks like 7012345678:AAH…"),
        Usage::FaultFile { path } => write!(f, "--fault-file {}", path.display()),
        Usage::Generation { typed, platform, .. } => write!(f, "{platform} has no --generation {typed}"),
        Usage::TooMany { named, count, of, most } => {
            write!(f, "{named} {count} is more than {of} {most}")
        }
        Usage::NothingPiped(what) => write!(f, "expected {} on stdin, but nothing came", piped(*what)),
        Usage::PaginateWrite => f.write_str("--paginate is only for GET"),
        Usage::NotPiped(Piped::Body) => f.write_str("stdin doesn't hold JSON, or more than 16 MiB"),
        Usage::NotPiped(what) => {
            write!(f, "stdin doesn't hold {}: it has several lines or words", piped(*what))
        }
        Usage::NothingToResume { kind } => write!(f, "no unfinished run of `reconnect {kind}` to resume"),
        Usage::OtherApi { was_on, asked } => write!(f, "the unfinished run is on {was_on}, not on {asked}"),
        Usage::OtherKind { channel } => {
            write!(f, "channel {} ({}) is ", channel.id, channel.name)?;
            match &channel.kind {
                Some(ChannelKind::Messenger) => f.write_str("a Messenger channel"),
                Some(ChannelKind::Instagram) => f.write_str("an Instagram channel"),
                Some(ChannelKind::Telegram) => f.write_str("a Telegram channel"),
                Some(ChannelKind::WhatsappUnofficial | ChannelKind::WhatsappOfficial) => {
                    f.write_str("a WhatsApp channel")
                }
                Some(ChannelKind::Webchat) => f.write_str("a webchat channel"),
                Some(ChannelKind::Linkchat) => f.write_str("a linkchat channel"),
                Some(ChannelKind::Other(name)) => write!(f, "a channel of kind {name}"),
                None => f.write_str("a channel of another kind"),
            }
        }
        Usage::SeveralChannels { name, count, .. } => {
            write!(f, "{count} channels have the name or channel ID {name:?}")
        }
        Usage::NamedToDelete { typed, channel } => write!(
            f,
            "delete by ID, not by name: did you mean {} ({})?",
            channel.id,
            if channel.name.is_empty() { typed } else { &channel.name }
        ),
        Usage::SeveralPages { kind, name, pages: named } => {
            let count = named.shown.len() + named.more;
            write!(f, "{count} {} have the name {name:?}", pages(*kind))
        }
    }
}

pub(super) fn unasked(question: &Question, f: &mut Formatter<'_>) -> Result {
    match question {
        Question::ApiKey => f.write_str("can't ask for the API key: prompts are off"),
        Question::SecretKey => f.write_str("can't ask for the secret key: prompts are off"),
        Question::Platform => f.write_str("can't ask for the platform: prompts are off"),
        Question::Secret(what) => write!(f, "can't ask for {}: prompts are off", piped(*what)),
        Question::BotToken => f.write_str("can't ask for the bot token: prompts are off"),
        Question::WhatsappToken => f.write_str("can't ask for the WhatsApp token: prompts are off"),
        Question::SignIn { kind, .. } => {
            write!(f, "{} sign-in needs a browser, but this session isn't interactive", kind.title())
        }
        Question::Pasted | Question::PastedResult => {
            f.write_str("expected the final URL on stdin, but nothing came")
        }
        Question::Missing { options } => {
            let verb = if options.len() == 1 { "is" } else { "are" };
            write!(f, "{} {verb} missing, and prompts are off", options.join(" and "))
        }
        Question::QrCode => f.write_str("no terminal to show the QR code"),
        Question::Borrow => f.write_str("this sign-in must change your callback URL for a moment"),
        Question::Delete { count: 1 } => f.write_str("refusing to delete 1 channel without confirmation"),
        Question::Delete { count } => write!(f, "refusing to delete {count} channels without confirmation"),
        Question::Unsubscribe => {
            f.write_str("refusing to take the Page's subscription away without confirmation")
        }
        Question::Send(method) => {
            write!(f, "refusing to send this {} without confirmation", method.as_str())
        }
        Question::RemoveProfile => f.write_str("refusing to remove a profile without confirmation"),
        Question::MoveWebhook { from, to } => {
            write!(f, "the app's webhook goes to {from}; refusing to move it to {to} without confirmation")
        }
        Question::Channels => {
            f.write_str("choose channels by ID, or with --disconnected or --all: prompts are off")
        }
        Question::Pages { kind, .. } | Question::UnseenPages { kind, .. } => {
            write!(f, "choose {} with --page or --all: prompts are off", pages(*kind))
        }
    }
}

/// For what is wrong with what was typed.
pub(super) fn usage_hint(usage: &Usage, f: &mut Formatter<'_>) -> Result {
    match usage {
        Usage::Profile { .. } => f.write_str("use a name like `agency-b`"),
        Usage::ApiUrl { .. } => f.write_str("fix it there, or give --api-url"),
        Usage::HalfPair { set, .. } if set.starts_with("SOCIALCHAT_") => {
            f.write_str("set both, or SOCIALCHAT_API_KEY alone")
        }
        Usage::HalfPair { .. } => f.write_str("set both"),
        Usage::OtherPlatform { asked, .. } => write!(
            f,
            "leave --platform out; or use another profile: {}",
            type_(format!("--profile NAME --platform {asked} login"))
        ),
        Usage::NotHere { of, .. } => {
            write!(f, "leave it out; or use a profile of {of} (--profile, --platform)")
        }
        Usage::NoMeaning { .. } => f.write_str("leave it out"),
        Usage::NoPort => f.write_str("give --port N as well"),
        Usage::CallbackUrl => f.write_str("a path is added to it: leave its query out"),
        Usage::Platform { .. } => write!(f, "one of these: {}", list(PlatformName::ALL)),
        Usage::SandboxLogin => f.write_str("leave --sandbox out, or just use it"),
        Usage::TokenGiven => f.write_str("leave --token-stdin out; connect, reconnect and pages take it"),
        Usage::AppId => f.write_str("copy it from the partner settings"),
        Usage::EmptyName => f.write_str("give a name to find it by"),
        Usage::WhatsappId => f.write_str("give the number's id as Socialchat knows it"),
        Usage::Phone { .. } => f.write_str("like 081234567890 or \"+62 812-3456-7890\""),
        Usage::BotToken => f.write_str("copy it whole from @BotFather: /mybots, API Token"),
        Usage::FaultFile { .. } => f.write_str("a line is like `POST /partner/channel/messenger=402*2`"),
        Usage::Generation { has, .. } if has.is_empty() => f.write_str("leave it out"),
        Usage::Generation { has, .. } => write!(f, "it has {}", has.join(" and ")),
        Usage::TooMany { of, count, .. } => write!(f, "give {of} {count} or more"),
        Usage::NothingPiped(what) | Usage::NotPiped(what) => {
            write!(f, "pipe in {}, alone", piped(*what))
        }
        Usage::PaginateWrite => f.write_str("leave it out"),
        Usage::NothingToResume { .. } => f.write_str("start one with --disconnected or --all"),
        Usage::OtherApi { was_on, .. } => write!(f, "give --api-url {was_on}"),
        Usage::OtherKind { channel } => other_kind(channel, f),
        Usage::SeveralChannels { channels, .. } => write!(f, "give the _id: {}", list(channels)),
        Usage::NamedToDelete { channel, .. } => {
            write!(f, "{}", type_(format!("disconnect {}", channel.id)))
        }
        Usage::SeveralPages { kind, pages, .. } => page_option(*kind, pages, f),
    }
}

/// Which options answer a question that nobody could be asked.
pub(super) fn options(question: &Question, f: &mut Formatter<'_>) -> Result {
    match question {
        Question::ApiKey => f.write_str("use --api-key-stdin, or --app-id ID --secret-key-stdin"),
        Question::SecretKey => f.write_str("use --secret-key-stdin"),
        Question::Platform => {
            write!(f, "use --platform with one of these: {}", list(PlatformName::ALL))
        }
        Question::Secret(Piped::Session) => {
            f.write_str("use --session-stdin, or --email ADDRESS with --password-stdin")
        }
        Question::Secret(Piped::Password) => f.write_str("use --password-stdin"),
        Question::Secret(Piped::SecondFactor) => f.write_str("log in on a terminal, or use --session-stdin"),
        Question::Secret(Piped::ClientSecret) => {
            f.write_str("use --client-id ID with --client-secret-stdin, or --access-token-stdin")
        }
        Question::Secret(Piped::AccessToken) => f.write_str("use --access-token-stdin"),
        Question::Secret(Piped::ApiToken) => f.write_str("use --api-token-stdin"),
        Question::Secret(Piped::PageToken) => f.write_str("use --page-token-stdin, or set META_PAGE_TOKEN"),
        Question::Secret(Piped::VerifyToken) => f.write_str("use --verify-token-stdin"),
        Question::Secret(Piped::ApiKey | Piped::SecretKey | Piped::BotToken | Piped::WhatsappToken)
        | Question::Secret(Piped::Token | Piped::Body) => f.write_str("pipe it in"),
        Question::BotToken => f.write_str("use --bot-token-stdin"),
        Question::WhatsappToken => f.write_str("use --token-stdin"),
        Question::SignIn { sandbox, .. } => {
            if *sandbox {
                f.write_str("--yes lets the sandbox consent by itself; ")?;
            }
            f.write_str(
                "--token-stdin or SOCIALCHAT_TOKEN passes a token; --paste, --no-browser and --port let somebody sign in \
                 elsewhere",
            )
        }
        Question::Pasted => f.write_str("pipe it in, or use --token-stdin"),
        Question::PastedResult => f.write_str("pipe it in"),
        Question::Missing { options } => {
            write!(f, "give {}; on a terminal you are asked", options.join(" and "))
        }
        Question::QrCode => f.write_str("use --qr-file FILE"),
        Question::Borrow => f.write_str(
            "--yes allows it; --paste signs in without changing it; --token-stdin needs no sign-in",
        ),
        Question::Delete { .. }
        | Question::Unsubscribe
        | Question::RemoveProfile
        | Question::Send(_)
        | Question::MoveWebhook { .. } => f.write_str("pass --yes"),
        Question::Channels => {
            write!(f, "give IDs, --disconnected or --all; {} shows the IDs", type_("channels list"))
        }
        Question::Pages { kind, pages } => {
            f.write_str("--all, or ")?;
            page_option(*kind, pages, f)
        }
        Question::UnseenPages { kind, connected } => {
            write!(
                f,
                "--all, or --page ID_OR_NAME; {} lists what a sign-in covers",
                type_(format!("pages {kind}"))
            )?;
            match (connected.shown.as_slice(), connected.more) {
                ([], _) => Ok(()),
                (some, 0) => write!(f, "; connected now: {}", list(some)),
                (some, more) => write!(f, "; connected now: {} and {more} more", list(some)),
            }
        }
    }
}

/// The option, and what can stand behind it.
fn page_option(kind: SignInKind, pages: &Candidates, f: &mut Formatter<'_>) -> Result {
    write!(f, "--page with one of these: {}", list(&pages.shown))?;
    match pages.more {
        0 => Ok(()),
        more => write!(f, " and {more} more ({} lists all)", type_(format!("pages {kind}"))),
    }
}

/// The command that gives a channel a fresh token; where its kind has none, what takes its place.
fn other_kind(channel: &Candidate, f: &mut Formatter<'_>) -> Result {
    let id = &channel.id;
    let connect = match &channel.kind {
        Some(kind @ (ChannelKind::Messenger | ChannelKind::Instagram | ChannelKind::Telegram)) => {
            return write!(f, "{}", type_(format!("reconnect {kind} {id}")));
        }
        Some(ChannelKind::Webchat) => "connect webchat",
        Some(ChannelKind::Linkchat) => "connect linkchat",
        Some(ChannelKind::WhatsappUnofficial) => "connect whatsapp",
        // Nobody should delete one on the word of a command that was never tried.
        Some(ChannelKind::WhatsappOfficial | ChannelKind::Other(_)) | None => {
            return f.write_str("connect channels of that kind again in Socialchat itself");
        }
    };
    write!(
        f,
        "channels of that kind can't be reconnected; {} deletes it, and {} connects a new one",
        type_(format!("disconnect {id}")),
        type_(connect)
    )
}

pub(super) fn piped(what: Piped) -> &'static str {
    match what {
        Piped::ApiKey => "the API key",
        Piped::SecretKey => "the secret key",
        Piped::Session => "the session",
        Piped::Password => "the password",
        Piped::SecondFactor => "the second factor",
        Piped::ClientSecret => "the client secret",
        Piped::AccessToken => "the access token",
        Piped::ApiToken => "the API token",
        Piped::PageToken => "the Page token",
        Piped::VerifyToken => "the verify token",
        Piped::BotToken => "the bot token",
        Piped::WhatsappToken => "the WhatsApp token",
        Piped::Token => "the token",
        Piped::Body => "the JSON body",
    }
}
