//! connect messenger, connect instagram: sign in, list, choose, connect.

use anyhow::Result;

use super::elsewhere;
use super::results::{Told, check, show};
use super::sign_in::{sign_in, without_person};
use crate::cli::ConnectPages;
use crate::context::Context;
use crate::flow::{self, ConnectPlan, Connected, Done, How, Next, PageChoice};
use crate::platform::{Ability, Connecting, Platform};
use crate::types::{Invocation, SignInKind};

/// So many are named in the command that goes on with the rest.
const NAMED: usize = 20;

/// Connects by the way that the platform has.
pub async fn connect(context: &Context, kind: SignInKind, args: ConnectPages) -> Result<()> {
    check(args.failed_to.as_deref())?;
    let platform = context.platform()?;
    elsewhere::refuse_others(platform, &args.elsewhere)?;
    // What the platform can't do is known without an account.
    if let Connecting::SignIn(_) = Platform::unused(platform)?.connecting(&kind.into())? {
        return by_sign_in(context, kind, args).await;
    }
    let account = super::account_unless(args.dry_run, context).await?;
    match account.api.connecting(&kind.into())? {
        Connecting::Redirect(api) => {
            elsewhere::redirect::connect(context, &account.with(api), kind, args).await
        }
        Connecting::WebPage(api) => {
            elsewhere::web_page::connect(context, &account.with(api), &kind.into(), args).await
        }
        Connecting::PageToken(api) => {
            elsewhere::page_token::connect(context, &account.with(api), kind, args).await
        }
        Connecting::SignIn(_) | Connecting::Create(_) => {
            Err(account.api.unsupported(&kind.into(), Ability::Connect).into())
        }
    }
}

/// Signs in and connects what is chosen.
async fn by_sign_in(context: &Context, kind: SignInKind, args: ConnectPages) -> Result<()> {
    let ui = &context.ui;
    let after = if args.all || !args.page.is_empty() { Next::Connect } else { Next::Choose };
    let sign_in = match args.dry_run {
        true => without_person(context, kind, &args.sign_in).await?,
        false => Some(sign_in(context, kind, &args.sign_in, after).await?),
    };
    let account = super::account_unless(args.dry_run, context).await?;
    let account = match account.api.connecting(&kind.into())? {
        Connecting::SignIn(api) => account.with(api),
        _ => return Err(account.api.unsupported(&kind.into(), Ability::Connect).into()),
    };
    let choice = match (args.all, args.page) {
        (true, _) => PageChoice::All,
        (false, named) if !named.is_empty() => PageChoice::Named(named),
        _ => PageChoice::Ask,
    };
    let plan = ConnectPlan {
        choice,
        if_connected: args.if_connected,
        concurrency: args.concurrency.into(),
        dry_run: args.dry_run,
    };
    let Connected { results, lost } = match sign_in {
        Some(sign_in) => {
            let is_asked_later =
                matches!(plan.choice, PageChoice::Ask) && !matches!(sign_in.how, How::Token(_));
            if is_asked_later && !ui.interactive() {
                // A sign-in would be spent for nothing.
                return Err(flow::unchosen(&account, kind).await?.into());
            }
            flow::connect(&account, ui, sign_in, plan).await?
        }
        None => {
            ui.say(&format!(
                "A dry run doesn't sign in, so it can't tell which {0}s a sign-in covers and which of those are new. \
                 With a token (--token-stdin, SOCIALCHAT_TOKEN) it can.",
                kind.noun()
            ));
            Connected { results: flow::foreseen(&account, kind, plan).await?, lost: None }
        }
    };
    if results.is_empty() {
        ui.say(&format!("No {} channel is connected yet.", kind.title()));
    }
    let next = go_on(kind, args.all, &results);
    let (kind, failed_to) = (Some(kind.into()), args.failed_to.as_deref());
    show(context, Told { kind, dry_run: args.dry_run, lost, next, failed_to }, results)
}

/// The command that goes on with the rest.
fn go_on(kind: SignInKind, all: bool, results: &[Done]) -> Option<Invocation> {
    if all {
        return Some(Invocation::new(format!("connect {kind} --all --if-connected skip")));
    }
    let ids: Option<Vec<&str>> =
        results.iter().filter(|done| done.is_undone()).map(|done| done.channel_id.as_deref()).collect();
    // An id comes from outside, and is to be typed into a shell.
    let is_plain = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ids = ids.filter(|ids| ids.len() <= NAMED && ids.iter().all(is_plain))?;
    let pages: String = ids.iter().map(|id| format!(" --page {id}")).collect();
    Some(Invocation::new(format!("connect {kind}{pages}")))
}
