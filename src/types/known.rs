//! Refusals that flows tell apart.

use super::MetaCode;

/// Refusals that the documentation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// 401 `invalid app id or secret key` (2026), 403 `Unauthorized` (2024).
    BadCredentials,
    /// 402 `limit integration reached`.
    LimitReached,
    /// 403 `invalid token callback`.
    InvalidCallbackToken,
    /// 403 `channel already connected with another account`.
    ConnectedElsewhere,
    /// 403 `channel not found`.
    ChannelNotFound,
    /// 403 `account not same`.
    AccountNotSame,
    /// 403 `invalid token`: a bot token.
    InvalidBotToken,
    /// 403 `virtual machine full, please contact technical`.
    VirtualMachineFull,
    /// 403 `invalid body request`.
    InvalidBody,
    /// What was asked for by its id isn't there (404 of a platform that says so).
    NotFound,
    /// The clock of this computer is off by so many seconds, behind where it is positive: a signature doesn't hold.
    ClockOff { seconds: i64 },
    /// Meta's own code.
    Meta(MetaCode),
}
