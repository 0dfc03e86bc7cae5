//! disconnect: deletes channels, after asking.

use anyhow::Result;

use super::elsewhere::page_unsubscribe::Unsubscribe;
use super::elsewhere::{self, web_page};
use super::results::{Told, check, show};
use crate::cli::Disconnect;
use crate::context::Context;
use crate::failure::{Cancelled, Failure, Question, Usage};
use crate::flow::{self, Action, Done};
use crate::platform::Disconnecting;
use crate::types::{Channel, ChannelKind, PlatformName};
use crate::ui::{Ui, text};

/// Shows what would go, asks, and deletes it.
pub async fn disconnect(context: &Context, args: Disconnect) -> Result<()> {
    let ui = &context.ui;
    check(args.failed_to.as_deref())?;
    let platform = context.platform()?;
    if let Some((of, option)) = args.typed().into_iter().find(|(of, _)| *of != platform) {
        return Err(Failure::Usage(Usage::NotHere { option, of, platform }).into());
    }
    let account = super::account_unless(args.dry_run, context).await?;
    if let Some(id) = &args.whole_channel
        && let Disconnecting::Account(api) = account.api.disconnecting(&ChannelKind::Messenger)?
    {
        return elsewhere::redirect::disconnect_whole(context, &account.with(api), id, &args).await;
    }
    let (channels, mut results) = flow::channels_to_disconnect(&account, ui, &args.ids).await?;
    if let Some(first) = channels.first()
        && let Disconnecting::WebPage(api) = account.api.disconnecting(&first.kind)?
    {
        return web_page::disconnect(context, &account.with(api), channels, results, &args).await;
    }
    let mut unsubscribe = Unsubscribe::wanted(context, &account.api, &args, &channels).await?;
    if !channels.is_empty() {
        show_what_goes(ui, platform, &channels, &results);
        if !args.dry_run {
            agree(context, channels.len()).await?;
            unsubscribe = unsubscribe.begin(context).await?;
        }
        results.extend(if args.dry_run {
            channels.into_iter().map(|channel| Done::of(channel, Ok(Action::Disconnected))).collect()
        } else {
            flow::disconnect(&account, ui, channels).await
        });
    }
    let failed_to = args.failed_to.as_deref();
    let told = Told { kind: None, dry_run: args.dry_run, lost: None, next: None, failed_to };
    if let Err(error) = show(context, told, results) {
        unsubscribe.tell_stays(context);
        return Err(error);
    }
    unsubscribe.offer(context).await
}

fn show_what_goes(ui: &Ui, platform: PlatformName, channels: &[Channel], missing: &[Done]) {
    ui.say(&format!("Channels to delete ({}):", channels.len()));
    for channel in channels {
        let platform_id = channel.channel_id.as_deref().map(|id| format!(" ({})", text::name(id)));
        let (kind, name) = (text::name(channel.kind.as_str()), text::name(&channel.name));
        ui.say(&format!("  {}  {kind}  {name}{}", channel.id, platform_id.unwrap_or_default()));
    }
    // Before the question: who reads it sees that an id was mistyped.
    for error in missing.iter().filter_map(|done| done.outcome.as_ref().err()) {
        ui.warn(&error.to_string());
    }
    let platform = platform.title();
    ui.warn(&match channels.len() {
        1 => format!(
            "this permanently deletes the channel in {platform}; connecting it again creates a new one"
        ),
        _ => format!(
            "this permanently deletes the channels in {platform}; connecting them again creates new ones"
        ),
    });
}

/// One is agreed to with yes; several by typing how many, which nobody does without having read.
async fn agree(context: &Context, count: usize) -> Result<()> {
    let ui = &context.ui;
    if context.yes {
        return Ok(());
    }
    let question = Question::Delete { count };
    let agreed = if count == 1 {
        flow::answered(ui.confirm("Delete it?", false).await, question)?
    } else {
        let label = format!("Type {count} to delete all {count}");
        flow::answered(ui.ask(&label).await, question)?.trim() == count.to_string()
    };
    if agreed { Ok(()) } else { Err(Failure::Cancelled(Cancelled::NothingDeleted).into()) }
}
