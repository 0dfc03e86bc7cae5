//! reconnect messenger, reconnect instagram: one sign-in, a fresh token for each channel.

use anyhow::Result;

use super::elsewhere;
use super::results::{Told, check, show};
use super::sign_in::{sign_in, sign_in_again, without_person};
use crate::cli::ReconnectChannels;
use crate::context::Context;
use crate::flow::{ChannelChoice, Next, ReconnectPlan, Reconnecting};
use crate::platform::{Ability, Platform, Reconnecting as Way};
use crate::types::SignInKind;

/// Reconnects what is chosen. The channels are found before anybody has to sign in.
pub async fn reconnect(context: &Context, kind: SignInKind, args: ReconnectChannels) -> Result<()> {
    let ui = &context.ui;
    check(args.failed_to.as_deref())?;
    let platform = context.platform()?;
    elsewhere::refuse_others(platform, &args.elsewhere)?;
    // What the platform can't do is known without an account.
    Platform::unused(platform)?.reconnecting(&kind.into())?;
    let account = super::account_unless(args.dry_run, context).await?;
    let account = match account.api.reconnecting(&kind.into())? {
        Way::SignIn(api) => account.with(api),
        Way::Redirect(api) => {
            return elsewhere::redirect::reconnect(context, &account.with(api), kind, args).await;
        }
        Way::WebPage(api) => {
            return elsewhere::web_page::reconnect(context, &account.with(api), &kind.into(), args).await;
        }
        Way::PageToken(api) => {
            return elsewhere::page_reconnect::reconnect(context, &account.with(api), kind, args).await;
        }
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
        concurrency: args.concurrency.into(),
    };
    let mut run = Reconnecting::find(&account, ui, plan).await?;
    if args.dry_run {
        let token = without_person(context, kind, &args.sign_in).await?;
        if token.is_none() && !run.is_empty() {
            ui.say(
                "A dry run doesn't sign in, so it can't tell which of these a sign-in covers. With a token \
                 (--token-stdin, SOCIALCHAT_TOKEN) it can.",
            );
        }
        run.plan(token.filter(|_| !run.is_empty())).await?;
    } else if !run.is_empty() {
        // Only now: where nothing is to be done, or nothing was chosen, nobody has to be there who signs in.
        let first = sign_in(context, kind, &args.sign_in, Next::Reconnect).await?;
        let again = match ui.interactive() {
            true => Some(sign_in_again(context, kind, &args.sign_in, Next::Reconnect)?),
            false => None,
        };
        run.send(first, again).await?;
    }
    let lost = run.lost();
    let (results, closing) = run.results();
    if results.is_empty() {
        ui.say(&match args.disconnected {
            true => format!("No {} channel is disconnected.", kind.title()),
            false => format!("There is no {} channel to reconnect.", kind.title()),
        });
    }
    let next = closing.as_ref().map(|closing| closing.resume.clone());
    let (kind, failed_to) = (Some(kind.into()), args.failed_to.as_deref());
    let shown = show(context, Told { kind, dry_run: args.dry_run, lost, next, failed_to }, results);
    // What becomes of the record comes after what became of the channels.
    if let Some(closing) = closing {
        closing.close(ui);
    }
    shown
}
