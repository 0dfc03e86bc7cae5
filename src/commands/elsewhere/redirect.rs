//! By the back end's own consent in the browser, caught by our listener.

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions};
use crate::context::Context;
use crate::flow::AtUnifiedBeez;
use crate::types::SignInKind;

/// Connects channels of that kind.
pub async fn connect(
    _context: &Context,
    _account: &AtUnifiedBeez,
    _kind: SignInKind,
    _args: ConnectOptions,
) -> Result<()> {
    Ok(())
}

/// Reconnects what is chosen.
pub async fn reconnect(
    _context: &Context,
    _account: &AtUnifiedBeez,
    _kind: SignInKind,
    _args: ReconnectOptions,
) -> Result<()> {
    Ok(())
}
