//! What a platform can do with a kind of channel: an ability is a value that holds the client which has it.

use std::sync::Arc;

use super::Platform;
use super::qontak::Qontak;
use super::socialchat::Socialchat;
use super::tendarts::Tendarts;
use super::unifiedbeez::UnifiedBeez;
use crate::types::{ChannelKind, PlatformName};

/// How channels of a kind are connected.
#[derive(Clone)]
pub enum Connecting<'a> {
    /// A sign-in in the browser gives a token, which covers what is then chosen.
    SignIn(&'a Arc<Socialchat>),
    /// One call creates it.
    Create(&'a Arc<Socialchat>),
    /// The back end's own consent in the browser, which leads back to us.
    Redirect(&'a Arc<UnifiedBeez>),
    /// The platform's own page, where a person does it.
    WebPage(&'a Arc<Qontak>),
    /// A Page's token, which one call hands over.
    PageToken(&'a Arc<Tendarts>),
}

impl Connecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Connecting::SignIn(_) => "sign-in",
            Connecting::Create(_) => "create",
            Connecting::Redirect(_) => "redirect",
            Connecting::WebPage(_) => "web-page",
            Connecting::PageToken(_) => "page-token",
        }
    }
}

/// How channels of a kind are given a fresh token.
#[derive(Clone)]
pub enum Reconnecting<'a> {
    /// One sign-in gives a token for many.
    SignIn(&'a Arc<Socialchat>),
    /// One call takes the token of the same bot.
    BotToken(&'a Arc<Socialchat>),
    /// The same consent once more.
    Redirect(&'a Arc<UnifiedBeez>),
    /// The platform's own page.
    WebPage(&'a Arc<Qontak>),
    /// A new one with the fresh token; the old one goes.
    PageToken(&'a Arc<Tendarts>),
}

impl Reconnecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Reconnecting::SignIn(_) => "sign-in",
            Reconnecting::BotToken(_) => "api",
            Reconnecting::Redirect(_) => "redirect",
            Reconnecting::WebPage(_) => "web-page",
            Reconnecting::PageToken(_) => "page-token",
        }
    }
}

/// How channels of a kind are deleted.
#[derive(Clone)]
pub enum Disconnecting<'a> {
    /// One call deletes it.
    Api(&'a Arc<Socialchat>),
    /// One call takes one account out of its channel; another would take the channel with all of them.
    Account(&'a Arc<UnifiedBeez>),
    /// One call deletes the application; Meta's side of it stays.
    Application(&'a Arc<Tendarts>),
    /// The platform's own page.
    WebPage(&'a Arc<Qontak>),
}

impl Disconnecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Disconnecting::Api(_) | Disconnecting::Account(_) | Disconnecting::Application(_) => "api",
            Disconnecting::WebPage(_) => "web-page",
        }
    }
}

/// What a command wants of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    Connect,
    Reconnect,
    Disconnect,
    /// Between free and premium.
    ChangePlan,
    /// `reconnect --all-kinds`: each kind in turn.
    AllKinds,
    /// `authorize`: the token of a sign-in.
    Authorize,
    /// `pages`: what a sign-in covers.
    ListPages,
    /// `callback`: account-wide callback URLs.
    Callback,
    /// `api`: raw calls.
    RawCalls,
}

impl Unsupported {
    /// The kinds that this platform connects, or reconnects where that is what was wanted.
    pub fn kinds_here(&self) -> Vec<ChannelKind> {
        let Ok(platform) = Platform::unused(self.platform) else { return Vec::new() };
        let can = |kind: &ChannelKind| match self.ability {
            Ability::Reconnect => platform.reconnecting(kind).is_ok(),
            _ => platform.connecting(kind).is_ok(),
        };
        ChannelKind::DOCUMENTED.into_iter().filter(can).collect()
    }

    /// The platforms that can.
    pub fn who_can(&self) -> Vec<PlatformName> {
        let can = |name: &PlatformName| {
            let Ok(platform) = Platform::unused(*name) else { return false };
            match (&self.kind, self.ability) {
                (Some(kind), Ability::Connect) => platform.connecting(kind).is_ok(),
                (Some(kind), Ability::Reconnect) => platform.reconnecting(kind).is_ok(),
                (Some(kind), Ability::Disconnect) => platform.disconnecting(kind).is_ok(),
                (Some(kind), Ability::ChangePlan) => platform.planning(kind).is_ok(),
                (_, ability) => platform.socialchat(ability).is_ok(),
            }
        };
        PlatformName::ALL.into_iter().filter(|name| *name != self.platform && can(name)).collect()
    }
}

/// A platform can't do that, or not with channels of that kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unsupported {
    pub platform: PlatformName,
    /// None where it is no matter of kinds.
    pub kind: Option<ChannelKind>,
    pub ability: Ability,
}
