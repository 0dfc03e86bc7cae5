//! The kinds that other platforms connect in a call of their own: what that asks for is not asked where the page does it.

use anyhow::Result;

use super::{choice, page, reconnect_chosen, would_connect};
use crate::cli::{ByPage, Command, ConnectKind, Deferred, Reconnect, ReconnectKind};
use crate::commands::account_unless;
use crate::commands::elsewhere::refuse_meaningless;
use crate::commands::results::show_of;
use crate::context::Context;
use crate::failure::{Failure, Usage};
use crate::flow::ChannelChoice;
use crate::platform::{Ability, Connecting, Platform, Reconnecting};
use crate::types::{ChannelKind, PlatformName};

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
    let account = account_unless(wanted.dry_run, context).await?;
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
