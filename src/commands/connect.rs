//! connect messenger, connect instagram: sign in, list, choose, connect.

use anyhow::Result;

use super::results;
use super::sign_in::sign_in;
use crate::cli::{ConnectPages, IfConnected};
use crate::context::Context;
use crate::flow::{self, ConnectPlan, PageChoice};
use crate::types::SignInKind;

/// Connects what is chosen.
pub async fn connect(context: &Context, kind: SignInKind, args: ConnectPages) -> Result<()> {
    let ui = &context.ui;
    let sign_in = sign_in(context, kind, &args.sign_in).await?;
    let account = super::account(context).await?;
    let mut signed_in = flow::authorize(&account, ui, sign_in).await?;
    let choice = match (args.all, args.page) {
        (true, _) => PageChoice::All,
        (false, named) if !named.is_empty() => PageChoice::Named(named),
        _ => PageChoice::Ask,
    };
    let if_connected = match args.if_connected {
        IfConnected::Reconnect => flow::IfConnected::Reconnect,
        IfConnected::Skip => flow::IfConnected::Skip,
        IfConnected::Fail => flow::IfConnected::Fail,
    };
    let (pages, connected) = flow::pages_meant(&account.api, ui, kind, &mut signed_in, choice).await?;
    let plan = ConnectPlan {
        kind,
        pages,
        connected: &connected,
        if_connected,
        at_once: args.concurrency.into(),
        dry_run: args.dry_run,
    };
    let results = flow::connect(&account, ui, &signed_in.token, plan).await?;
    signed_in.callback_is_back().await;
    results::show(context, kind, args.dry_run, results, None)?;
    signed_in.finish().await
}
