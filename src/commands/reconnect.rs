//! reconnect messenger, reconnect instagram: one sign-in, a fresh token for each channel.

use anyhow::Result;

use super::results;
use super::sign_in::{sign_in, sign_in_again};
use crate::cli::ReconnectChannels;
use crate::context::Context;
use crate::flow::{ChannelChoice, Next, ReconnectPlan, Reconnecting};
use crate::platform::{Ability, Reconnecting as Way};
use crate::types::SignInKind;

/// Reconnects what is chosen. The channels are found before anybody has to sign in.
pub async fn reconnect(context: &Context, kind: SignInKind, args: ReconnectChannels) -> Result<()> {
    let ui = &context.ui;
    let account = super::account(context).await?;
    let account = match account.api.reconnecting(&kind.into())? {
        Way::SignIn(api) => account.with(api),
        Way::BotToken(_) => {
            return Err(account.api.unsupported(&kind.into(), Ability::Reconnect).into());
        }
    };
    let choice = match (args.all, args.disconnected) {
        (true, _) => ChannelChoice::All,
        (_, true) => ChannelChoice::Disconnected,
        _ if !args.ids.is_empty() => ChannelChoice::Named(args.ids),
        _ => ChannelChoice::Ask,
    };
    let plan = ReconnectPlan {
        kind,
        choice,
        shard: args.shard,
        resume: args.resume,
        dry_run: args.dry_run,
        at_once: args.concurrency.into(),
    };
    let mut run = Reconnecting::find(&account, ui, plan).await?;
    if !run.is_empty() {
        // Only now: where nothing is to be done, or nothing was chosen, nobody has to be there who signs in.
        let first = sign_in(context, kind, &args.sign_in, Next::Reconnect).await?;
        let again = match ui.interactive() {
            true => Some(sign_in_again(context, kind, &args.sign_in, Next::Reconnect)?),
            false => None,
        };
        run.send(first, again).await?;
    }
    let (results, closing) = run.results();
    if results.is_empty() {
        ui.say(&match args.disconnected {
            true => format!("No {} channel is disconnected.", kind.title()),
            false => format!("There is no {} channel to reconnect.", kind.title()),
        });
    }
    let resume = closing.as_ref().map(|closing| closing.resume.clone());
    let shown = results::show(context, kind, args.dry_run, results, resume);
    // What becomes of the record comes after what became of the channels.
    if let Some(closing) = closing {
        closing.close(ui);
    }
    shown
}
