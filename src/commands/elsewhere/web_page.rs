//! By the platform's own page, where a person does it and we notice.

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions};
use crate::context::Context;
use crate::flow::AtQontak;
use crate::types::ChannelKind;

/// Connects channels of that kind.
pub async fn connect(
    _context: &Context,
    _account: &AtQontak,
    _kind: &ChannelKind,
    _args: ConnectOptions,
) -> Result<()> {
    Ok(())
}

/// Reconnects what is chosen.
pub async fn reconnect(
    _context: &Context,
    _account: &AtQontak,
    _kind: &ChannelKind,
    _args: ReconnectOptions,
) -> Result<()> {
    Ok(())
}
