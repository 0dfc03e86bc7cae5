//! 10darts: an application by a Page's token, which Meta is asked about first; then the webhook.

use std::sync::Arc;

use anyhow::Result;

use super::page_webhook::Webhook;
use super::{ConnectOptions, ReconnectOptions, refuse_meaningless};
use crate::cli::{ConnectElsewhere, SignIn};
use crate::commands::meta::client;
use crate::commands::missing::{Missing, all_or_asked};
use crate::commands::results::{Told, show};
use crate::context::Context;
use crate::failure::{Cancelled, Failure, PageToken as Trouble, Question};
use crate::flow::meta::{Meta, PageToken, check_page_token};
use crate::flow::{self, Action, Applications, AtTendarts, Done};
use crate::types::{
    Candidate, Channel, GraphVersion, IfConnected, Invocation, PlatformName, Secret, SignInKind,
};
use crate::ui::text;

const NAME: Missing =
    Missing { option: "--name NAME", label: "Name of the application (letters, digits, _ - .)" };
const WHICH: Missing = Missing { option: "ID", label: "ID of the application" };
/// So many are named where none was chosen.
const NAMED: usize = 20;

/// A Page's token that Meta has spoken for, with the client that knows it.
pub struct Page {
    pub meta: Arc<Meta>,
    pub version: GraphVersion,
    /// None in a dry run for which there is none.
    pub token: Option<(Secret, PageToken)>,
}

/// Creates an application for the Page of that token.
pub async fn connect(
    context: &Context,
    account: &AtTendarts,
    kind: SignInKind,
    args: ConnectOptions,
) -> Result<()> {
    let (ui, api) = (&context.ui, &account.api);
    let further =
        [(!args.page.is_empty(), "--page"), (args.all, "--all"), (args.concurrency != 4, "--concurrency")];
    refuse_sign_in(&args.sign_in, &further)?;
    let (dry_run, replace) = (args.dry_run, args.elsewhere.replace);
    all_or_asked(context, &[(NAME, args.elsewhere.name.is_some())])?;
    let name = NAME.or_ask(context, args.elsewhere.name.as_deref(), flow::application_name).await?;
    let webhook = Webhook::wanted(context, &args.sign_in, &args.elsewhere, dry_run).await?;
    let page = page(context, &args.elsewhere, &webhook, dry_run).await?;
    let there = Applications::list(api, ui).await?;
    let done = |id, outcome| Done { id, channel_id: page.id(), name: name.clone(), outcome };
    let tell = |done| {
        let failed_to = args.failed_to.as_deref();
        show(
            context,
            Told { kind: Some(kind.into()), dry_run, lost: Some(Vec::new()), next: None, failed_to },
            vec![done],
        )
    };
    let created = match (there.named(&name), &page.token) {
        (Some(old), _) if !replace => {
            let (name, id) = (name.clone(), old.id.clone());
            return tell(done(
                Some(old.id.clone()),
                match args.if_connected {
                    IfConnected::Skip => Ok(Action::Skipped),
                    IfConnected::Reconnect | IfConnected::Fail => {
                        Err(Failure::PageToken(Trouble::Exists { name, id }).into())
                    }
                },
            ));
        }
        (old, token) => {
            let spare = there.free_name(&name);
            if let Some(old) = old {
                flow::of_page(old)?;
                tell_replacing(context, old, &spare);
            }
            match (old, token) {
                (_, None) => return tell(done(None, Ok(Action::Connected))),
                _ if dry_run => return tell(done(None, Ok(Action::Connected))),
                (None, Some((token, _))) => flow::create_application(api, &name, token).await,
                (Some(old), Some((token, _))) => {
                    agree(context, "Replace it?").await?;
                    flow::replace_application(api, ui, old, &spare, token).await
                }
            }
        }
    };
    match created {
        Ok(application) => {
            tell(done(Some(application.channel.id.clone()), Ok(Action::Connected)))?;
            webhook.set(context, &page, &application).await
        }
        Err(error) => tell(done(None, Err(error))),
    }
}

/// Gives a Page a new application with a fresh token, under another name; then the old one goes, when it may.
pub async fn reconnect(
    context: &Context,
    account: &AtTendarts,
    kind: SignInKind,
    args: ReconnectOptions,
) -> Result<()> {
    let (ui, api) = (&context.ui, &account.api);
    let further = [
        (args.all, "--all"),
        (args.disconnected, "--disconnected"),
        (args.resume, "--resume"),
        (args.shard.is_some(), "--shard"),
        (args.concurrency != 4, "--concurrency"),
        (args.elsewhere.replace, "--replace"),
    ];
    refuse_sign_in(&args.sign_in, &further)?;
    if args.ids.len() > 1 {
        return Err(Failure::PageToken(Trouble::WhichOne { among: Vec::new() }).into());
    }
    let dry_run = args.dry_run;
    let given = args.elsewhere.name.as_deref().map(flow::application_name).transpose()?;
    let webhook = Webhook::wanted(context, &args.sign_in, &args.elsewhere, dry_run).await?;
    let page = page(context, &args.elsewhere, &webhook, dry_run).await?;
    let there = Applications::list(api, ui).await?;
    let old = meant(context, &there, args.ids.first()).await?;
    flow::of_page(old)?;
    let name = given.unwrap_or_else(|| there.free_name(&old.name));
    if let Some(other) = there.named(&name) {
        let (name, id) = (name, other.id.clone());
        return Err(Failure::PageToken(Trouble::Exists { name, id }).into());
    }
    tell_reconnecting(context, old, &name);
    let done = |id, name, outcome| Done { id, channel_id: page.id(), name, outcome };
    let tell = |done| {
        let failed_to = args.failed_to.as_deref();
        show(
            context,
            Told { kind: Some(kind.into()), dry_run, lost: Some(Vec::new()), next: None, failed_to },
            vec![done],
        )
    };
    let token = match &page.token {
        Some((token, _)) if !dry_run => token,
        _ => return tell(done(Some(old.id.clone()), name, Ok(Action::Reconnected))),
    };
    if !context.yes && !ui.interactive() {
        // Before anything is created that nobody could go on from.
        return Err(Failure::NoInput(Question::Delete { count: 1 }).into());
    }
    let application = match flow::create_application(api, &name, token).await {
        Ok(application) => application,
        Err(error) => return tell(done(None, name, Err(error))),
    };
    tell(done(Some(application.channel.id.clone()), name, Ok(Action::Reconnected)))?;
    if let Err(error) = webhook.set(context, &page, &application).await {
        ui.warn(&format!("application {} ({}) stays as it is", text::name(&old.name), old.id));
        return Err(error);
    }
    let question = format!("Delete the old application {} ({}) now?", text::name(&old.name), old.id);
    if !flow::answered(ui.confirm(&question, false).await, Question::Delete { count: 1 })? {
        let delete = Invocation::new(format!("disconnect {}", old.id));
        ui.note(&format!("It stays; {delete} deletes it."));
        return Ok(());
    }
    flow::delete_application(api, old).await?;
    ui.done(&format!("deleted the old application {} ({})", text::name(&old.name), old.id));
    Ok(())
}

/// Refuses options of a sign-in, which means nothing here, and these others.
fn refuse_sign_in(sign_in: &SignIn, further: &[(bool, &'static str)]) -> Result<()> {
    let of_sign_in = [
        (sign_in.token_stdin, "--token-stdin"),
        (sign_in.paste, "--paste"),
        (sign_in.no_browser, "--no-browser"),
        (sign_in.port.is_some(), "--port"),
        (sign_in.timeout != 300, "--timeout"),
    ];
    refuse_meaningless(PlatformName::Tendarts, &[further, &of_sign_in].concat())
}

/// Asks Meta about the Page token, before 10darts is asked anything. A dry run takes the one that is there already.
async fn page(
    context: &Context,
    options: &ConnectElsewhere,
    webhook: &Webhook,
    dry_run: bool,
) -> Result<Page> {
    let version = options.graph_version.unwrap_or_default();
    let is_given = options.page_token_stdin || context.page_token()?.is_some();
    if dry_run && !is_given {
        context.ui.say(
            "A dry run asks for no token, so it can't tell whether one is good. With one (--page-token-stdin, \
             META_PAGE_TOKEN) it can.",
        );
        return Ok(Page { meta: client::meta(context, version, None, None)?, version, token: None });
    }
    if context.is_sandbox() && !options.page_token_stdin {
        context.ui.note("Using the sandbox's own Page token.");
    }
    let token = client::page_token(context, options.page_token_stdin).await?;
    let meta = client::meta(context, version, Some(token.clone()), webhook.app.clone())?;
    let checked = check_page_token(&meta, &context.ui).await?;
    context.ui.note(&format!(
        "The token is of the Page {} ({}).",
        text::name(&checked.page_name),
        checked.page_id
    ));
    Ok(Page { meta, version, token: Some((token, checked)) })
}

impl Page {
    fn id(&self) -> Option<String> {
        self.token.as_ref().map(|(_, page)| page.page_id.clone())
    }
}

/// The application to reconnect: a Page token is for one.
async fn meant<'a>(
    context: &Context,
    there: &'a Applications,
    typed: Option<&String>,
) -> Result<&'a Channel> {
    if let Some(typed) = typed {
        return there.meant(typed);
    }
    let of_pages: Vec<&Channel> = there.of_pages().collect();
    match of_pages[..] {
        [] => return Err(Failure::PageToken(Trouble::Nothing).into()),
        [only] if context.ui.interactive() => return Ok(only),
        _ => {}
    }
    if !context.ui.interactive() {
        let among = of_pages.iter().take(NAMED).map(|channel| Candidate::from(*channel)).collect();
        return Err(Failure::PageToken(Trouble::WhichOne { among }).into());
    }
    for channel in of_pages.iter().take(NAMED) {
        context.ui.say(&format!("  {}  {}", channel.id, text::name(&channel.name)));
    }
    let typed = WHICH.or_ask(context, None, |typed| there.meant(typed).map(|channel| channel.id.to_string()));
    there.meant(&typed.await?)
}

fn tell_replacing(context: &Context, old: &Channel, spare: &str) {
    let (ui, name) = (&context.ui, text::name(&old.name));
    ui.warn(&format!(
        "this deletes application {name} ({}) for good, with what 10darts keeps in it; the new {name} has a webhook address \
         of its own, and nothing arrives until Meta is told",
        old.id
    ));
    ui.say(&format!(
        "Names are unique, so {spare} is created first, to see that the token is taken; then the old {name} is deleted, the \
         new one created, and {spare} deleted. If anything fails, {spare} stays."
    ));
}

fn tell_reconnecting(context: &Context, old: &Channel, name: &str) {
    let (ui, old_name) = (&context.ui, text::name(&old.name));
    ui.say(&format!(
        "10darts has no call that changes a token: {name} is created with the fresh one, then {old_name} ({}) is deleted, \
         which is asked first.",
        old.id
    ));
    ui.warn(&format!(
        "{name} has a webhook address of its own: Meta must be told, and once {old_name} is deleted nothing arrives until it \
         is"
    ));
}

async fn agree(context: &Context, question: &str) -> Result<()> {
    let asked = context.ui.confirm(question, false).await;
    match flow::answered(asked, Question::Delete { count: 1 })? {
        true => Ok(()),
        false => Err(Failure::Cancelled(Cancelled::NothingDeleted).into()),
    }
}
