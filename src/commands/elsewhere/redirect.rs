//! By the back end's own consent in the browser, caught by our listener.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions, refuse_meaningless};
use crate::cli::{ConnectElsewhere, Disconnect, SignIn};
use crate::commands::results::{Told, show};
use crate::context::Context;
use crate::failure::{Cancelled, Failure, Question, Redirect};
use crate::flow::{self, Action, AtUnifiedBeez, ChannelChoice, Consent, Consented, Consenting, Done, Wish};
use crate::types::{Invocation, PlatformName, SignInKind};
use crate::ui::browser::{self, Surroundings};
use crate::ui::text;

/// Connects what a person ticks at Facebook. With --page, those must be among it.
pub async fn connect(
    context: &Context,
    account: &AtUnifiedBeez,
    kind: SignInKind,
    args: ConnectOptions,
) -> Result<()> {
    let ui = &context.ui;
    refuse_those_of_tokens(&args.sign_in)?;
    let wish = Wish { pages: args.page, if_connected: args.if_connected };
    let next = go_on(kind, &wish.pages);
    let Consented { results, lost, refused } = if args.dry_run {
        ui.say(&format!(
            "A dry run doesn't sign in, so it can't tell which {}s will be ticked and which of those are new.",
            kind.noun()
        ));
        let results = flow::foreseen_by_consent(account, ui, kind, wish).await?;
        Consented { results, lost: None, refused: None }
    } else {
        let consent = consent(context, kind, &args.sign_in, &args.elsewhere)?;
        flow::connect_by_consent(account, ui, consent, wish).await?
    };
    if results.is_empty() {
        ui.say(&format!("No {} channel is connected yet.", kind.title()));
    }
    let (kind, failed_to) = (Some(kind.into()), args.failed_to.as_deref());
    show(context, Told { kind, dry_run: args.dry_run, lost, next, failed_to }, results)?;
    refused.map_or(Ok(()), |failure| Err(failure.into()))
}

/// Has a person consent once more; those that are meant must be connected afterwards.
pub async fn reconnect(
    context: &Context,
    account: &AtUnifiedBeez,
    kind: SignInKind,
    args: ReconnectOptions,
) -> Result<()> {
    let ui = &context.ui;
    refuse_those_of_tokens(&args.sign_in)?;
    let of_many = [(args.resume, "--resume"), (args.shard.is_some(), "--shard")];
    refuse_meaningless(PlatformName::UnifiedBeez, &of_many)?;
    let choice = match (args.all, args.disconnected) {
        (true, _) => ChannelChoice::All,
        (_, true) => ChannelChoice::Disconnected,
        _ if !args.ids.is_empty() => ChannelChoice::Named(args.ids),
        _ => ChannelChoice::Ask,
    };
    let consent = consent(context, kind, &args.sign_in, &args.elsewhere);
    // Nobody has to be there for a dry run.
    let consent = if args.dry_run { consent.or_else(|_| unattended(kind)) } else { consent }?;
    let Consented { results, lost, refused } =
        flow::reconnect_by_consent(account, ui, consent, &choice, args.dry_run).await?;
    if results.is_empty() {
        ui.say(&match args.disconnected {
            true => format!("No {} channel is disconnected.", kind.title()),
            false => format!("There is no {} channel to reconnect.", kind.title()),
        });
    }
    let undone = results.iter().filter(|done| done.is_undone() && !is_gone(done));
    let undone: Vec<&str> = undone.filter_map(|done| done.id.as_ref().map(|id| id.as_str())).collect();
    let next = match undone[..] {
        // What is gone has no id any more that could be reconnected.
        [] => results.iter().any(is_gone).then(|| Invocation::new(format!("connect {kind}"))),
        _ => Some(Invocation::new(format!("reconnect {kind} {}", undone.join(" ")))),
    };
    let (kind, failed_to) = (Some(kind.into()), args.failed_to.as_deref());
    show(context, Told { kind, dry_run: args.dry_run, lost, next, failed_to }, results)?;
    refused.map_or(Ok(()), |failure| Err(failure.into()))
}

/// Whether it isn't listed any more.
fn is_gone(done: &Done) -> bool {
    let failure = done.outcome.as_ref().err().and_then(|error| error.downcast_ref());
    matches!(failure, Some(Failure::Redirect(Redirect::NotThere { .. })))
}

/// Deletes a whole channel, after naming every Page that goes with it.
pub async fn disconnect_whole(
    context: &Context,
    account: &AtUnifiedBeez,
    id: &str,
    args: &Disconnect,
) -> Result<()> {
    let ui = &context.ui;
    let whole = flow::whole_channel(account, id).await?;
    let count = whole.accounts().len();
    ui.say(&format!("Pages to delete, with the whole channel {id} ({}):", text::count(count)));
    for page in whole.accounts() {
        let page_id = page.channel_id.as_deref().unwrap_or("-");
        ui.say(&format!("  {}  {} ({})", page.id, text::name(&page.name), text::name(page_id)));
    }
    ui.warn("this permanently deletes all of them in UnifiedBeez; connecting them again creates new ones");
    let results = if args.dry_run {
        let would = |page| Done::of(page, Ok(Action::Disconnected));
        whole.accounts().iter().cloned().map(would).collect()
    } else {
        agree(context, count).await?;
        whole.disconnect().await?
    };
    let failed_to = args.failed_to.as_deref();
    show(context, Told { kind: None, dry_run: args.dry_run, lost: None, next: None, failed_to }, results)
}

/// By typing how many, which nobody does without having read.
async fn agree(context: &Context, count: usize) -> Result<()> {
    if context.yes {
        return Ok(());
    }
    if !context.ui.interactive() {
        return Err(Failure::Redirect(Redirect::WholeUnasked { count }).into());
    }
    let label = format!("Type {count} to delete the channel with all of its Pages");
    let typed = flow::answered(context.ui.ask(&label).await, Question::Delete { count })?;
    match typed.trim() == count.to_string() {
        true => Ok(()),
        false => Err(Failure::Cancelled(Cancelled::NothingDeleted).into()),
    }
}

/// There is no token that could be given, and no callback URL that is set.
fn refuse_those_of_tokens(args: &SignIn) -> Result<()> {
    let typed = [(args.token_stdin, "--token-stdin"), (args.callback_url.is_some(), "--callback-url")];
    refuse_meaningless(PlatformName::UnifiedBeez, &typed)
}

/// The sign-in that was asked for. Refuses where nobody could ever consent.
fn consent(
    context: &Context,
    kind: SignInKind,
    args: &SignIn,
    elsewhere: &ConnectElsewhere,
) -> Result<Consent> {
    let by = match args.no_browser {
        true => Consenting::Nobody,
        false if context.is_sandbox() && context.yes && !args.paste => {
            let allow = context.sandbox()?.allow();
            Consenting::Sandbox(Arc::new(move |dialog| Ok(allow(dialog)?)))
        }
        false => Consenting::Browser,
    };
    let by_sandbox = matches!(by, Consenting::Sandbox(_));
    let asks_for_person = args.paste || args.port.is_some() || args.no_browser;
    let somebody_waits = context.ui.interactive() || by_sandbox || asks_for_person;
    if !somebody_waits && browser::surroundings() != Surroundings::Desktop {
        return Err(Failure::Redirect(Redirect::Nobody { kind, sandbox: context.is_sandbox() }).into());
    }
    let origin = elsewhere.origin.as_ref().map(|url| url.as_url().clone());
    let time_limit = Duration::from_secs(args.timeout);
    Ok(Consent { kind, by, port: args.port, origin, paste: args.paste, time_limit })
}

fn unattended(kind: SignInKind) -> Result<Consent> {
    let time_limit = Duration::ZERO;
    Ok(Consent { kind, by: Consenting::Nobody, port: None, origin: None, paste: false, time_limit })
}

/// The command that asks for the same once more.
fn go_on(kind: SignInKind, pages: &[String]) -> Option<Invocation> {
    // What was typed is to be typed into a shell again.
    let is_plain = |page: &String| page.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let named: String = pages.iter().map(|page| format!(" --page {page}")).collect();
    pages.iter().all(is_plain).then(|| Invocation::new(format!("connect {kind}{named}")))
}
