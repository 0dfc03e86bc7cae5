//! 10darts: an application by a Page's token, which Meta is asked about first; then the webhook.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;

use super::page_webhook::Webhook;
use super::{ConnectOptions, refuse_meaningless};
use crate::cli::{ConnectElsewhere, SignIn};
use crate::commands::meta::client;
use crate::commands::missing::{Missing, all_or_asked};
use crate::commands::results::{Told, show_and_next};
use crate::context::Context;
use crate::failure::{Cancelled, Failure, PageToken as Trouble, Question};
use crate::flow::meta::{Meta, PageToken, check_page_token};
use crate::flow::{self, Action, Application, Applications, AtTendarts, Done};
use crate::types::{
    Channel, ChannelDbId, GraphVersion, IfConnected, Invocation, PlatformName, Secret, SignInKind,
};
use crate::ui::text;

const NAME: Missing =
    Missing { option: "--name NAME", label: "Name of the application (letters, digits, _ - .)" };
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
    let tell = |done, next| tell(context, kind, dry_run, args.failed_to.as_deref(), done, next);
    let old = there.named(&name);
    if let Some(old) = old.filter(|_| !replace) {
        let outcome = match args.if_connected {
            IfConnected::Skip => flow::of_page(old).map(|()| Action::Skipped),
            _ => Err(Failure::PageToken(Trouble::Exists { name: name.clone(), id: old.id.clone() }).into()),
        };
        let is_set_up = outcome.is_ok() && !dry_run && webhook.is_wanted();
        if outcome.is_ok() && !is_set_up {
            ui.note("Its webhook at Meta stays as it is.");
        }
        let done = done(Some(old.id.clone()), outcome);
        if !is_set_up {
            return tell(done, None);
        }
        let there = Application { channel: old.clone(), webhook: None, verify_token: None };
        return set_and_tell(context, webhook, &page, &there, |next| tell(done, next)).await;
    }
    let spare = there.free_name(&name);
    if let Some(old) = old {
        flow::of_page(old)?;
        tell_replacing(context, old, &spare);
    }
    webhook.look(context, &page, dry_run).await?;
    let Some((token, _)) = page.token.as_ref().filter(|_| !dry_run) else {
        return tell(done(None, Ok(Action::Connected)), None);
    };
    let created = match old {
        None => until_signal(context, flow::create_application(api, &there.ids(), &name, token)).await,
        Some(old) => {
            agree(context, "Replace it?").await?;
            until_signal(context, flow::replace_application(api, ui, &there, old, &spare, token)).await
        }
    };
    match created {
        Ok(application) => {
            let done = done(Some(application.channel.id.clone()), Ok(Action::Connected));
            set_and_tell(context, webhook, &page, &application, |next| tell(done, next)).await
        }
        Err(error) => {
            let error = in_doubt(error);
            tell(done(told_id(&error), Err(error)), None)
        }
    }
}

/// Sets the webhook of what is there, and tells both.
async fn set_and_tell(
    context: &Context,
    webhook: Webhook,
    page: &Page,
    application: &Application,
    tell: impl FnOnce(Option<Invocation>) -> Result<()>,
) -> Result<()> {
    let set = until_signal(context, webhook.set(context, page, application)).await;
    if set.is_err() {
        context.ui.warn(&format!(
            "application {} is there, but its webhook isn't set at Meta; {} sets it",
            named(&application.channel),
            subscribing()
        ));
    }
    tell(set.is_err().then(subscribing))?;
    set.map(drop)
}

/// Does what has begun to change something. A signal ends it there, and what is there by then can be told.
pub(super) async fn until_signal<T>(context: &Context, work: impl Future<Output = Result<T>>) -> Result<T> {
    let _finishing = context.interrupt.let_finish();
    tokio::select! {
        biased;
        signal = context.interrupt.requested() => Err(Failure::Interrupted(signal).into()),
        done = work => done,
    }
}

/// A creation that a signal has ended may have been carried out.
pub(super) fn in_doubt(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(Failure::Interrupted(_)) => error.context(Failure::Unsettled),
        _ => error,
    }
}

/// The ID that 10darts gave to what its list doesn't show.
pub(super) fn told_id(error: &anyhow::Error) -> Option<ChannelDbId> {
    match error.downcast_ref() {
        Some(Failure::PageToken(Trouble::NotListed { id, .. })) => id.clone(),
        _ => None,
    }
}

pub(super) fn subscribing() -> Invocation {
    Invocation::new("meta subscribe --callback-url URL")
}

/// `shop (1)`
pub(super) fn named(channel: &Channel) -> String {
    format!("{} ({})", text::name(&channel.name), channel.id)
}

/// Shows what became of the one.
pub(super) fn tell(
    context: &Context,
    kind: SignInKind,
    dry_run: bool,
    failed_to: Option<&Path>,
    done: Done,
    next: Option<Invocation>,
) -> Result<()> {
    let (kind, lost) = (Some(kind.into()), Some(Vec::new()));
    show_and_next(context, Told { kind, dry_run, lost, next, failed_to }, vec![done])
}

/// Refuses options of a sign-in, which means nothing here, and these others.
pub(super) fn refuse_sign_in(sign_in: &SignIn, further: &[(bool, &'static str)]) -> Result<()> {
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
pub(super) async fn page(
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
    pub(super) fn id(&self) -> Option<String> {
        self.token.as_ref().map(|(_, page)| page.page_id.clone())
    }
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

async fn agree(context: &Context, question: &str) -> Result<()> {
    let asked = context.ui.confirm(question, false).await;
    match flow::answered(asked, Question::Delete { count: 1 })? {
        true => Ok(()),
        false => Err(Failure::Cancelled(Cancelled::NothingDeleted).into()),
    }
}
