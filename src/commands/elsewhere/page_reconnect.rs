//! 10darts: a fresh token for a Page. No call changes one: a new application takes the old one's place.

use anyhow::Result;

use super::ReconnectOptions;
use super::page_token::{
    Page, in_doubt, named, page, refuse_sign_in, subscribing, tell, told_id, until_signal,
};
use super::page_webhook::Webhook;
use crate::commands::missing::Missing;
use crate::context::Context;
use crate::failure::{Cancelled, Failure, PageToken as Trouble, Question};
use crate::flow::{self, Action, Application, Applications, AtTendarts, Done};
use crate::types::{Candidate, Channel, ChannelDbId, Invocation, SignInKind};
use crate::ui::text;

const WHICH: Missing = Missing { option: "ID", label: "ID of the application" };
/// So many are named where none was chosen.
const NAMED: usize = 20;

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
    let old = meant(context, &there, args.ids.first(), dry_run).await?;
    flow::of_page(old)?;
    let other = match &given {
        Some(name) => there.named(name),
        None => there.left_beside(&old.name),
    };
    if let Some(other) = other {
        let (name, id) = (other.name.clone(), other.id.clone());
        let is_left = other.id != old.id && flow::of_page(other).is_ok();
        let failure = match is_left {
            true => {
                let (newer, older) = by_age(&other.id, &old.id);
                Trouble::Left { name, id, newer: newer.clone(), older: older.clone() }
            }
            false => Trouble::Exists { name, id },
        };
        return Err(Failure::PageToken(failure).into());
    }
    let name = match given {
        Some(name) => name,
        // Names that were given elsewhere may have other letters.
        None => flow::application_name(&there.free_name(&old.name))?,
    };
    tell_reconnecting(context, old, &name);
    webhook.look(context, &page, dry_run).await?;
    let done = |id, name, outcome| Done { id, channel_id: page.id(), name, outcome };
    let tell = |done, next| tell(context, kind, dry_run, args.failed_to.as_deref(), done, next);
    let token = match &page.token {
        Some((token, _)) if !dry_run => token,
        _ => return tell(done(Some(old.id.clone()), old.name.clone(), Ok(Action::Reconnected)), None),
    };
    if !context.yes && !ui.interactive() {
        // Before anything is created that nobody could go on from.
        return Err(Failure::NoInput(Question::Delete { count: 1 }).into());
    }
    let known = there.ids();
    let application = match until_signal(context, flow::create_application(api, &known, &name, token)).await {
        Ok(application) => application,
        Err(error) => {
            let error = in_doubt(error);
            return tell(done(told_id(&error), name, Err(error)), None);
        }
    };
    let mut left = Left { webhook: true, old: true, is_begun: false };
    let finished =
        until_signal(context, finish(context, account, webhook, &page, &application, old, &mut left)).await;
    left.tell(context, &application.channel, old);
    let new = done(Some(application.channel.id.clone()), name, Ok(Action::Reconnected));
    tell(new, left.next(old))?;
    finished
}

/// The newer one first, whose number is the higher one.
fn by_age<'a>(one: &'a ChannelDbId, another: &'a ChannelDbId) -> (&'a ChannelDbId, &'a ChannelDbId) {
    let number = |id: &ChannelDbId| id.as_str().parse::<u64>().ok();
    if number(one) < number(another) { (another, one) } else { (one, another) }
}

/// What is left of a reconnect once the new application is there.
struct Left {
    webhook: bool,
    old: bool,
    /// Whether its deletion was begun: it may be gone then.
    is_begun: bool,
}

/// Sets the new one's webhook; then the old one goes: not before Meta is told, unless a person wants that.
async fn finish(
    context: &Context,
    account: &AtTendarts,
    webhook: Webhook,
    page: &Page,
    application: &Application,
    old: &Channel,
    left: &mut Left,
) -> Result<()> {
    let ui = &context.ui;
    left.webhook = !webhook.set(context, page, application).await?;
    if left.webhook && (context.yes || !ui.interactive()) {
        return Ok(());
    }
    let question = match left.webhook {
        true => format!("Delete the old application {} before Meta is told of the new one?", named(old)),
        false => format!("Delete the old application {} now?", named(old)),
    };
    if flow::answered(ui.confirm(&question, false).await, Question::Delete { count: 1 })? {
        left.is_begun = true;
        flow::delete_application(&account.api, old).await?;
        left.old = false;
        ui.done(&format!("deleted the old application {}", named(old)));
    }
    Ok(())
}

impl Left {
    fn tell(&self, context: &Context, new: &Channel, old: &Channel) {
        let (new, named_old, subscribe) = (named(new), named(old), subscribing());
        let delete = deleting(old);
        let stays = if self.is_begun { "may still be there" } else { "stays" };
        context.ui.warn(&match (self.webhook, self.old) {
            (true, true) => format!(
                "application {new} is created, but its webhook isn't set at Meta; the old application {named_old} {stays}. Set the \
                 webhook ({subscribe}); then {delete} deletes the old one"
            ),
            (false, true) => format!(
                "application {new} works: Meta's webhook is set. The old application {named_old} {stays}; {delete} deletes it"
            ),
            (true, false) => format!("nothing arrives until Meta is told of {new}: {subscribe}"),
            (false, false) => return,
        });
    }

    fn next(&self, old: &Channel) -> Option<Invocation> {
        match (self.webhook, self.old) {
            (true, _) => Some(subscribing()),
            (false, true) => Some(deleting(old)),
            (false, false) => None,
        }
    }
}

fn deleting(channel: &Channel) -> Invocation {
    Invocation::new(format!("disconnect {}", channel.id))
}

/// The application to reconnect: a Page token is for one.
async fn meant<'a>(
    context: &Context,
    there: &'a Applications,
    typed: Option<&String>,
    dry_run: bool,
) -> Result<&'a Channel> {
    if let Some(typed) = typed {
        return there.meant(typed);
    }
    let of_pages: Vec<&Channel> = there.of_pages().collect();
    match of_pages[..] {
        [] => return Err(Failure::PageToken(Trouble::Nothing).into()),
        [only] if context.ui.interactive() => {
            let question = format!("Reconnect application {}?", named(only));
            let is_meant = dry_run || flow::answered(context.ui.confirm(&question, false).await, which())?;
            let cancelled = || Failure::Cancelled(Cancelled::NothingConnected).into();
            return if is_meant { Ok(only) } else { Err(cancelled()) };
        }
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

fn which() -> Question {
    Question::Missing { options: vec![WHICH.option] }
}

fn tell_reconnecting(context: &Context, old: &Channel, name: &str) {
    let (ui, old_name) = (&context.ui, text::name(&old.name));
    let asked = if context.yes { "" } else { ", which is asked first" };
    ui.say(&format!(
        "10darts has no call that changes a token: {name} is created with the fresh one; once Meta's webhook is set for it, \
         {old_name} ({}) is deleted{asked}.",
        old.id
    ));
    ui.warn(&format!(
        "{name} has a webhook address of its own: Meta must be told, and once {old_name} is deleted nothing arrives until it \
         is"
    ));
}
