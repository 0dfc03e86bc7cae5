//! By a Page's token, checked at Meta first.

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions};
use crate::context::Context;
use crate::flow::AtTendarts;
use crate::types::SignInKind;

/// Connects channels of that kind.
pub async fn connect(
    _context: &Context,
    _account: &AtTendarts,
    _kind: SignInKind,
    _args: ConnectOptions,
) -> Result<()> {
    Ok(())
}

/// Reconnects what is chosen.
pub async fn reconnect(
    _context: &Context,
    _account: &AtTendarts,
    _kind: SignInKind,
    _args: ReconnectOptions,
) -> Result<()> {
    Ok(())
}
