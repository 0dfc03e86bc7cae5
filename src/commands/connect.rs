//! connect messenger, connect instagram: sign in, list, choose, connect.

use anyhow::Result;

use super::results;
use super::sign_in::sign_in;
use crate::cli::ConnectPages;
use crate::context::Context;
use crate::flow::{self, ConnectPlan, Next, PageChoice};
use crate::platform::{Ability, Connecting};
use crate::types::SignInKind;

/// Connects what is chosen.
pub async fn connect(context: &Context, kind: SignInKind, args: ConnectPages) -> Result<()> {
    let ui = &context.ui;
    let next = if args.all || !args.page.is_empty() { Next::Connect } else { Next::Choose };
    let sign_in = sign_in(context, kind, &args.sign_in, next).await?;
    let account = super::account(context).await?;
    let account = match account.api.connecting(&kind.into())? {
        Connecting::SignIn(api) => account.with(api),
        Connecting::Create(_) => return Err(account.api.unsupported(&kind.into(), Ability::Connect).into()),
    };
    let choice = match (args.all, args.page) {
        (true, _) => PageChoice::All,
        (false, named) if !named.is_empty() => PageChoice::Named(named),
        _ => PageChoice::Ask,
    };
    let plan = ConnectPlan {
        choice,
        if_connected: args.if_connected,
        at_once: args.concurrency.into(),
        dry_run: args.dry_run,
    };
    let results = flow::connect(&account, ui, sign_in, plan).await?;
    results::show(context, kind, args.dry_run, results, None)
}
