//! By the platform's own page, where a person does it and we notice.

mod kinds;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions, refuse_meaningless};
use crate::cli::Disconnect;
use crate::commands::results::{Told, show, show_of};
use crate::context::Context;
use crate::failure::{Cancelled, Failure, Qontak, Question};
use crate::flow::{self, Act, Action, AtQontak, ChannelChoice, Done, Page, Visitor};
use crate::sandbox::qontak as sandbox;
use crate::types::{Channel, ChannelKind, IfConnected, PlatformName};
use crate::ui::browser::{self, Surroundings};
use crate::ui::text;

pub use kinds::instead;

/// What the page asks before it disconnects, word for word.
const WARNING: &str = "Are you sure? Disconnecting this channel will also delete this channel";

/// Connects channels of that kind.
pub async fn connect(
    context: &Context,
    account: &AtQontak,
    kind: &ChannelKind,
    args: ConnectOptions,
) -> Result<()> {
    let sign_in = &args.sign_in;
    // `--all` is what the page does anyway: there a person chooses.
    let meaningless = [
        (!args.page.is_empty(), "--page"),
        (args.if_connected != IfConnected::Reconnect, "--if-connected"),
        (sign_in.token_stdin, "--token-stdin"),
        (sign_in.paste, "--paste"),
        (sign_in.port.is_some(), "--port"),
        (sign_in.callback_url.is_some(), "--callback-url"),
    ];
    refuse_meaningless(PlatformName::Qontak, &meaningless)?;
    if args.dry_run {
        return would_connect(context, kind);
    }
    let page = page(context, account, sign_in.no_browser, sign_in.timeout)?;
    let told = Told {
        kind: Some(kind.clone()),
        dry_run: false,
        lost: Some(Vec::new()),
        next: None,
        failed_to: args.failed_to.as_deref(),
    };
    show(context, told, page.connect(kind).await?)
}

/// Reconnects what is chosen.
pub async fn reconnect(
    context: &Context,
    account: &AtQontak,
    kind: &ChannelKind,
    args: ReconnectOptions,
) -> Result<()> {
    let sign_in = &args.sign_in;
    let meaningless = [
        (args.resume, "--resume"),
        (args.shard.is_some(), "--shard"),
        (sign_in.token_stdin, "--token-stdin"),
        (sign_in.paste, "--paste"),
        (sign_in.port.is_some(), "--port"),
        (sign_in.callback_url.is_some(), "--callback-url"),
    ];
    refuse_meaningless(PlatformName::Qontak, &meaningless)?;
    let choice = choice(args.all, args.disconnected, args.ids);
    let page = page(context, account, sign_in.no_browser, sign_in.timeout);
    reconnect_chosen(context, account, page, kind, choice, args.dry_run).await
}

/// Disconnects these, after asking as the page does. `missing` are those that were named and aren't there.
pub async fn disconnect(
    context: &Context,
    account: &AtQontak,
    channels: Vec<Channel>,
    missing: Vec<Done>,
    args: &Disconnect,
) -> Result<()> {
    let ui = &context.ui;
    let mut results = missing;
    let (inactive, channels): (Vec<_>, Vec<_>) = channels.into_iter().partition(Channel::is_disconnected);
    let skipped =
        inactive.into_iter().map(|channel| flow::skipped(account, ui, channel, "is inactive already"));
    show_what_goes(context, &channels, &results, args.dry_run);
    results.extend(skipped);
    if args.dry_run {
        results.extend(channels.into_iter().map(|channel| Done::of(channel, Ok(Action::Disconnected))));
    } else if !channels.is_empty() {
        let page = page(context, account, args.no_browser, args.timeout)?;
        agree(context, channels.len()).await?;
        results.extend(page.disconnect(channels).await?);
    }
    let failed_to = args.failed_to.as_deref();
    show(context, Told { kind: None, dry_run: args.dry_run, lost: None, next: None, failed_to }, results)
}

fn show_what_goes(context: &Context, channels: &[Channel], missing: &[Done], dry_run: bool) {
    let ui = &context.ui;
    if !channels.is_empty() {
        ui.say(&format!("Channels to disconnect ({}):", channels.len()));
    }
    for channel in channels {
        let (kind, name) = (text::name(channel.kind.as_str()), text::name(&channel.name));
        ui.say(&format!("  {}  {kind}  {name}", channel.id));
    }
    for error in missing.iter().filter_map(|done| done.outcome.as_ref().err()) {
        ui.warn(&error.to_string());
    }
    // Of a single one, a person is asked the same.
    let is_asked = channels.len() == 1 && ui.interactive() && !context.yes && !dry_run;
    if !channels.is_empty() && !is_asked {
        ui.warn(&format!("it is done on Qontak's page, which asks: \"{WARNING}\""));
    }
}

/// One is agreed to with yes, to the page's own question; several by typing how many.
async fn agree(context: &Context, count: usize) -> Result<()> {
    let ui = &context.ui;
    if context.yes {
        return Ok(());
    }
    let question = Question::Delete { count };
    let agreed = match count {
        1 => flow::answered(ui.confirm(WARNING, false).await, question)?,
        _ => {
            let label = format!("Type {count} to disconnect all {count}");
            flow::answered(ui.ask(&label).await, question)?.trim() == count.to_string()
        }
    };
    if agreed { Ok(()) } else { Err(Failure::Cancelled(Cancelled::NothingDeleted).into()) }
}

fn choice(all: bool, disconnected: bool, ids: Vec<String>) -> ChannelChoice {
    match (all, disconnected) {
        (true, _) => ChannelChoice::All,
        _ if !ids.is_empty() => ChannelChoice::Named(ids),
        (_, true) => ChannelChoice::Disconnected,
        _ => ChannelChoice::Ask,
    }
}

/// A dry run goes to no page, so it can't know which it would be.
fn would_connect(context: &Context, kind: &ChannelKind) -> Result<()> {
    let done = Done { id: None, channel_id: None, name: String::new(), outcome: Ok(Action::Connected) };
    show_of(context, Some(kind), true, vec![done])
}

/// Finds what is chosen and reconnects it. That nobody could go to the page is said only where somebody would have to.
async fn reconnect_chosen(
    context: &Context,
    account: &AtQontak,
    page: Result<Page<'_>>,
    kind: &ChannelKind,
    choice: ChannelChoice,
    dry_run: bool,
) -> Result<()> {
    let ui = &context.ui;
    let is_narrowed = matches!(choice, ChannelChoice::Disconnected);
    let chosen = flow::channels_on_page(account, ui, kind, &choice).await?;
    if chosen.is_empty() {
        ui.say(&match is_narrowed {
            true => format!("No {} channel is disconnected.", kind.title()),
            false => format!("There is no {} channel to reconnect.", kind.title()),
        });
    }
    let results = match dry_run {
        true => chosen
            .into_iter()
            .map(|channel| {
                let is_active = channel.is_connected == Some(true);
                Done::of(channel, Ok(if is_active { Action::Skipped } else { Action::Reconnected }))
            })
            .collect(),
        false if chosen.is_empty() => Vec::new(),
        false => page?.reconnect(kind, chosen).await?,
    };
    show_of(context, Some(kind), dry_run, results)
}

/// The page, and who goes there. Refuses at once where nobody ever could.
fn page<'a>(context: &'a Context, account: &'a AtQontak, no_browser: bool, seconds: u64) -> Result<Page<'a>> {
    let visitor = match no_browser {
        true => Visitor::Somebody,
        false if context.is_sandbox() && context.yes => Visitor::Sandbox(person(context)?),
        false => Visitor::Browser,
    };
    let somebody_comes = context.ui.interactive() || !matches!(visitor, Visitor::Browser);
    if !somebody_comes && browser::surroundings() != Surroundings::Desktop {
        return Err(Failure::Qontak(Qontak::NoBrowser { sandbox: context.is_sandbox() }).into());
    }
    Ok(Page { account, ui: &context.ui, visitor, time_limit: Duration::from_secs(seconds) })
}

/// Whoever does it in a person's place: the sandbox.
fn person(context: &Context) -> Result<flow::Person> {
    let act = context.sandbox()?.act();
    Ok(Arc::new(move |what| {
        let done = act(match &what {
            Act::Connect(target_channel) => sandbox::Act::Connect(target_channel),
            Act::Reconnect(id) => sandbox::Act::Reconnect(id.as_str()),
            Act::Disconnect(id) => sandbox::Act::Disconnect(id.as_str()),
        })?;
        Ok(done.is_some())
    }))
}
