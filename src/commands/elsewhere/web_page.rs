//! By the platform's own page, where a person does it and we notice.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::{ConnectOptions, ReconnectOptions, refuse_meaningless};
use crate::cli::{ByPage, Command, ConnectKind, Deferred, Disconnect, Reconnect, ReconnectKind};
use crate::commands::results::{Told, show, show_of};
use crate::context::Context;
use crate::failure::{Cancelled, Failure, Qontak, Question, Usage};
use crate::flow::{self, Act, Action, AtQontak, ChannelChoice, Done, Page, Visitor};
use crate::platform::{Ability, Connecting, Platform, Reconnecting};
use crate::sandbox::qontak as sandbox;
use crate::types::{Channel, ChannelKind, IfConnected, PlatformName};
use crate::ui::browser::{self, Surroundings};
use crate::ui::{Ui, text};

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
    show_what_goes(ui, &channels, &results);
    if args.dry_run {
        let action = |channel: &Channel| match channel.is_disconnected() {
            true => Action::Skipped,
            false => Action::Disconnected,
        };
        results.extend(channels.into_iter().map(|channel| {
            let action = action(&channel);
            Done::of(channel, Ok(action))
        }));
    } else {
        let page = page(context, account, args.no_browser, args.timeout)?;
        agree(context, channels.len()).await?;
        results.extend(page.disconnect(channels).await?);
    }
    let failed_to = args.failed_to.as_deref();
    show(context, Told { kind: None, dry_run: args.dry_run, lost: None, next: None, failed_to }, results)
}

fn show_what_goes(ui: &Ui, channels: &[Channel], missing: &[Done]) {
    ui.say(&format!("Channels to disconnect ({}):", channels.len()));
    for channel in channels {
        let (kind, name) = (text::name(channel.kind.as_str()), text::name(&channel.name));
        ui.say(&format!("  {}  {kind}  {name}", channel.id));
    }
    for error in missing.iter().filter_map(|done| done.outcome.as_ref().err()) {
        ui.warn(&error.to_string());
    }
    ui.warn(&format!("it is done on Qontak's page, which asks: \"{WARNING}\""));
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

/// What is asked for of a kind that other platforms connect in a call of its own.
struct Wanted {
    kind: ChannelKind,
    /// None where it is to be connected.
    choice: Option<ChannelChoice>,
    no_browser: bool,
    timeout: Option<u64>,
    dry_run: bool,
    /// Options of that call, with whether each was typed.
    others: Vec<(bool, &'static str)>,
    /// Whether the time limit is for the page alone, and was typed.
    is_timed: bool,
}

/// The command, where the platform's page does it: nothing that other platforms need is asked then. Where it doesn't, what is
/// only for the page is refused.
pub async fn instead(context: &Context, command: &Command) -> Option<Result<()>> {
    let wanted = wanted(command)?;
    let on_page = async || {
        let platform = context.platform()?;
        let client = Platform::unused(platform)?;
        let is_by_page = match wanted.choice {
            None => matches!(client.connecting(&wanted.kind), Ok(Connecting::WebPage(_))),
            Some(_) => matches!(client.reconnecting(&wanted.kind), Ok(Reconnecting::WebPage(_))),
        };
        if is_by_page {
            return Ok(true);
        }
        let typed = [(wanted.no_browser, "--no-browser"), (wanted.is_timed, "--timeout")];
        match typed.iter().find(|(is_typed, _)| *is_typed) {
            Some((_, option)) => {
                Err(Failure::Usage(Usage::NotHere { option, of: PlatformName::Qontak, platform }).into())
            }
            None => Ok(false),
        }
    };
    match on_page().await {
        Ok(false) => None,
        Ok(true) => Some(of_kind(context, wanted).await),
        Err(error) => Some(Err(error)),
    }
}

async fn of_kind(context: &Context, wanted: Wanted) -> Result<()> {
    refuse_meaningless(PlatformName::Qontak, &wanted.others)?;
    // There is one of WhatsApp's, whichever word is typed.
    let kind = match wanted.kind {
        ChannelKind::WhatsappUnofficial => ChannelKind::WhatsappOfficial,
        kind => kind,
    };
    let account = crate::commands::account_unless(wanted.dry_run, context).await?;
    let account = match account.api.connecting(&kind)? {
        Connecting::WebPage(api) => account.with(api),
        _ => return Err(account.api.unsupported(&kind, Ability::Connect).into()),
    };
    let page = page(context, &account, wanted.no_browser, wanted.timeout.unwrap_or(ByPage::TIMEOUT));
    match wanted.choice {
        None if wanted.dry_run => would_connect(context, &kind),
        None => show_of(context, Some(&kind), false, page?.connect(&kind).await?),
        Some(choice) => reconnect_chosen(context, &account, page, &kind, choice, wanted.dry_run).await,
    }
}

fn by_page(kind: ChannelKind, by_page: &ByPage, dry_run: bool, others: Vec<(bool, &'static str)>) -> Wanted {
    let ByPage { no_browser, timeout } = *by_page;
    Wanted { kind, choice: None, no_browser, timeout, dry_run, others, is_timed: timeout.is_some() }
}

fn wanted(command: &Command) -> Option<Wanted> {
    Some(match command {
        Command::Connect(Deferred(args)) => match &args.kind {
            ConnectKind::Telegram(args) => {
                let others = vec![(args.bot_token_stdin, "--bot-token-stdin"), (args.business, "--business")];
                by_page(ChannelKind::Telegram, &args.by_page, args.dry_run.is_on, others)
            }
            ConnectKind::WhatsappOfficial(args) => {
                let others =
                    vec![(args.whatsapp_id.is_some(), "--whatsapp-id"), (args.token_stdin, "--token-stdin")];
                by_page(ChannelKind::WhatsappOfficial, &args.by_page, args.dry_run.is_on, others)
            }
            ConnectKind::Webchat(args) => {
                let others = vec![
                    (args.name.is_some(), "--name"),
                    (args.website_url.is_some(), "--website-url"),
                    (args.pre_chat, "--pre-chat"),
                ];
                by_page(ChannelKind::Webchat, &args.by_page, args.dry_run.is_on, others)
            }
            // It has a time limit of its own.
            ConnectKind::Whatsapp(args) => Wanted {
                kind: ChannelKind::WhatsappUnofficial,
                choice: None,
                no_browser: args.no_browser,
                timeout: Some(args.timeout),
                dry_run: args.dry_run.is_on,
                others: vec![
                    (args.name.is_some(), "--name"),
                    (args.phone.is_some(), "--phone"),
                    (args.qr_file.is_some(), "--qr-file"),
                ],
                is_timed: false,
            },
            ConnectKind::Messenger(_) | ConnectKind::Instagram(_) | ConnectKind::Linkchat(_) => return None,
        },
        Command::Reconnect(Deferred(Reconnect { kind: Some(kind), .. })) => match kind {
            ReconnectKind::Telegram(args) => {
                let choice = choice(false, args.id.is_none(), args.id.iter().cloned().collect());
                let others = vec![(args.bot_token_stdin, "--bot-token-stdin")];
                let wanted = by_page(ChannelKind::Telegram, &args.by_page, args.dry_run.is_on, others);
                Wanted { choice: Some(choice), ..wanted }
            }
            ReconnectKind::Whatsapp(args)
            | ReconnectKind::WhatsappOfficial(args)
            | ReconnectKind::Webchat(args) => {
                let of = match kind {
                    ReconnectKind::Webchat(_) => ChannelKind::Webchat,
                    _ => ChannelKind::WhatsappOfficial,
                };
                let choice = choice(args.all, args.disconnected || args.ids.is_empty(), args.ids.clone());
                Wanted { choice: Some(choice), ..by_page(of, &args.by_page, args.dry_run.is_on, Vec::new()) }
            }
            ReconnectKind::Messenger(_) | ReconnectKind::Instagram(_) | ReconnectKind::Linkchat(_) => {
                return None;
            }
        },
        _ => return None,
    })
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
            true => format!("No {kind} channel is disconnected."),
            false => format!("There is no {kind} channel to reconnect."),
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
