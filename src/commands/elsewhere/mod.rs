//! connect, reconnect and disconnect by the ways that other platforms than Socialchat have.

pub mod page_reconnect;
pub mod page_token;
pub mod page_unsubscribe;
mod page_webhook;
pub mod redirect;
pub mod web_page;

use anyhow::Result;

use crate::cli::{ConnectElsewhere, ConnectPages, ReconnectChannels};
use crate::failure::{Failure, Usage};
use crate::types::PlatformName;

/// Refuses options that only other platforms have.
pub fn refuse_others(platform: PlatformName, options: &ConnectElsewhere) -> Result<()> {
    match options.typed().into_iter().find(|(of, _)| *of != platform) {
        Some((of, option)) => Err(Failure::Usage(Usage::NotHere { option, of, platform }).into()),
        None => Ok(()),
    }
}

/// Refuses the first of these options that was typed: it means nothing on that platform.
pub fn refuse_meaningless(platform: PlatformName, typed: &[(bool, &'static str)]) -> Result<()> {
    match typed.iter().find(|(is_typed, _)| *is_typed) {
        Some((_, option)) => Err(Failure::Usage(Usage::NoMeaning { option, platform }).into()),
        None => Ok(()),
    }
}

/// What a command connects by: its options, for whichever way.
pub type ConnectOptions = ConnectPages;
/// Likewise for what reconnects.
pub type ReconnectOptions = ReconnectChannels;
