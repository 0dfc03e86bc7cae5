//! What the platform can't do at all: known before anybody is asked, logs in or sends anything.

use anyhow::Result;

use crate::cli::{ChannelsCommand, Command, ConnectKind, Deferred, ReconnectKind};
use crate::context::Context;
use crate::platform::{Ability, Platform, Unsupported};
use crate::types::{ChannelKind, PlatformName};

/// Refuses a command that the platform has no way for.
pub fn check(context: &Context, command: &Command) -> Result<()> {
    let Some(ability) = wanted(command) else { return Ok(()) };
    let platform = Platform::unused(context.platform()?)?;
    Ok(ability.of(&platform)?)
}

/// Whether several platforms can do it, so that the person has to say which one is meant.
pub fn is_of_several(command: &Command) -> bool {
    let can = |wanted: &Wanted| {
        let platforms = PlatformName::ALL.into_iter().filter_map(|name| Platform::unused(name).ok());
        platforms.filter(|platform| wanted.of(platform).is_ok()).count()
    };
    match wanted(command) {
        Some(wanted) => can(&wanted) > 1,
        None => matches!(
            command,
            Command::Channels(_) | Command::Ls(_) | Command::Disconnect(_) | Command::Reconnect(_)
        ),
    }
}

/// What a command can't do without.
enum Wanted {
    Connect(ChannelKind),
    Reconnect(ChannelKind),
    /// What only one platform has.
    Own(Ability),
}

impl Wanted {
    fn of(&self, platform: &Platform) -> Result<(), Unsupported> {
        match self {
            Wanted::Connect(kind) => platform.connecting(kind).map(drop),
            Wanted::Reconnect(kind) => platform.reconnecting(kind).map(drop),
            Wanted::Own(ability) => platform.socialchat(*ability).map(drop),
        }
    }
}

fn wanted(command: &Command) -> Option<Wanted> {
    Some(match command {
        Command::Connect(Deferred(args)) => Wanted::Connect(match args.kind {
            ConnectKind::Messenger(_) => ChannelKind::Messenger,
            ConnectKind::Instagram(_) => ChannelKind::Instagram,
            ConnectKind::Telegram(_) => ChannelKind::Telegram,
            ConnectKind::Whatsapp(_) => ChannelKind::WhatsappUnofficial,
            ConnectKind::WhatsappOfficial(_) => ChannelKind::WhatsappOfficial,
            ConnectKind::Webchat(_) => ChannelKind::Webchat,
            ConnectKind::Linkchat(_) => ChannelKind::Linkchat,
        }),
        Command::Reconnect(Deferred(args)) if args.kind.is_none() => Wanted::Own(Ability::AllKinds),
        Command::Reconnect(Deferred(args)) => Wanted::Reconnect(match args.kind.as_ref()? {
            ReconnectKind::Messenger(_) => ChannelKind::Messenger,
            ReconnectKind::Instagram(_) => ChannelKind::Instagram,
            ReconnectKind::Telegram(_) => ChannelKind::Telegram,
            ReconnectKind::Whatsapp(_) => ChannelKind::WhatsappUnofficial,
            ReconnectKind::WhatsappOfficial(_) => ChannelKind::WhatsappOfficial,
            ReconnectKind::Webchat(_) => ChannelKind::Webchat,
            ReconnectKind::Linkchat(_) => ChannelKind::Linkchat,
        }),
        Command::Pages(_) => Wanted::Own(Ability::ListPages),
        Command::Authorize(_) => Wanted::Own(Ability::Authorize),
        Command::Callback(_) => Wanted::Own(Ability::Callback),
        Command::Api(_) => Wanted::Own(Ability::RawCalls),
        Command::Channels(Deferred(args)) => match args.command {
            ChannelsCommand::Plan(_) => Wanted::Own(Ability::ChangePlan),
            _ => return None,
        },
        _ => return None,
    })
}
