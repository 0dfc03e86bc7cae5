//! What a platform can do with a kind of channel: an ability is a value that holds the client which has it.

use std::sync::Arc;

use super::socialchat::Socialchat;
use crate::types::{ChannelKind, PlatformName};

/// How channels of a kind are connected.
#[derive(Clone)]
pub enum Connecting<'a> {
    /// A sign-in in the browser gives a token, which covers what is then chosen.
    SignIn(&'a Arc<Socialchat>),
    /// One call creates it.
    Create(&'a Arc<Socialchat>),
}

impl Connecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Connecting::SignIn(_) => "sign-in",
            Connecting::Create(_) => "create",
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
}

impl Reconnecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Reconnecting::SignIn(_) => "sign-in",
            Reconnecting::BotToken(_) => "api",
        }
    }
}

/// How channels of a kind are deleted.
#[derive(Clone)]
pub enum Disconnecting<'a> {
    /// One call deletes it.
    Api(&'a Arc<Socialchat>),
}

impl Disconnecting<'_> {
    /// The word for it in `platforms`.
    pub fn way(&self) -> &'static str {
        match self {
            Disconnecting::Api(_) => "api",
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
}

/// A platform can't do that with channels of that kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unsupported {
    pub platform: PlatformName,
    pub kind: ChannelKind,
    pub ability: Ability,
}
