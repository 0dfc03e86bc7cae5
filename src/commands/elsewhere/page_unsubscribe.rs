//! The subscription of a Page at Meta, when its application at 10darts is gone: Meta goes on sending otherwise. Nobody
//! knows what else hangs on it, so it is never taken away by itself.

use std::sync::Arc;

use anyhow::Result;

use crate::cli::Disconnect;
use crate::commands::meta::client;
use crate::context::Context;
use crate::failure::{Cancelled, Failure, MetaTrouble, PageToken as Trouble, Question};
use crate::flow;
use crate::flow::meta::{Meta, PageToken, check_page_token, unsubscribe_page};
use crate::platform::{Disconnecting, Platform};
use crate::types::{Channel, GraphVersion};
use crate::ui::text;

/// What becomes of the subscription.
pub enum Unsubscribe {
    /// No application of a Page goes.
    Nothing,
    /// Meta is told by this Page's token, after one more yes.
    Asked { meta: Arc<Meta>, page: PageToken, dry_run: bool },
    /// Meta has been told.
    TakenAway,
    /// Nobody has said anything of it.
    Unsaid { dry_run: bool },
}

impl Unsubscribe {
    /// Asks Meta about the token that was piped in, before anything is deleted.
    pub async fn wanted(
        context: &Context,
        platform: &Platform,
        args: &Disconnect,
        channels: &[Channel],
    ) -> Result<Self> {
        let is_page = |channel: &Channel| {
            channel.kind.sign_in().is_some()
                && matches!(platform.disconnecting(&channel.kind), Ok(Disconnecting::Application(_)))
        };
        let dry_run = args.dry_run;
        if !channels.iter().any(is_page) {
            return Ok(Unsubscribe::Nothing);
        }
        if !args.page_token_stdin {
            return Ok(Unsubscribe::Unsaid { dry_run });
        }
        let (meta, page) = of_token(context, true).await?;
        Ok(Unsubscribe::Asked { meta, page, dry_run })
    }

    /// Takes it away where that was asked for, before the application goes: run again, what failed after it is done then.
    pub async fn begin(self, context: &Context) -> Result<Self> {
        match self {
            Unsubscribe::Asked { meta, page, dry_run: false } => {
                take_away(context, &meta, &page).await?;
                Ok(Unsubscribe::TakenAway)
            }
            other => Ok(other),
        }
    }

    /// Where the application stays although it is taken away.
    pub fn tell_stays(&self, context: &Context) {
        if let Unsubscribe::TakenAway = self {
            context.ui.warn(
                "the Page's subscription at Meta is taken away already; the same command deletes the rest",
            );
        }
    }

    /// Takes it away where a person says so now.
    pub async fn offer(self, context: &Context) -> Result<()> {
        let ui = &context.ui;
        match self {
            Unsubscribe::Nothing | Unsubscribe::TakenAway | Unsubscribe::Unsaid { dry_run: true } => {
                return Ok(());
            }
            Unsubscribe::Asked { page, .. } => {
                ui.say(&format!(
                    "Meta would be told to send nothing of {} any more to your app.",
                    named(&page)
                ));
                return Ok(());
            }
            Unsubscribe::Unsaid { dry_run: false } => {}
        }
        ui.note(
            "The Page's subscription at Meta stays: its events go on to wherever your app's webhook points, which may be \
             another application by now.",
        );
        // Not on the word of a --yes that was meant for the application.
        let question = "Take the Page's subscription away at Meta, too? Needs the Page token";
        let is_wanted = ui.interactive()
            && !context.yes
            && flow::answered(ui.confirm(question, false).await, Question::Unsubscribe)?;
        if !is_wanted {
            ui.note(
                "If nothing else uses the Page by your app, remove the Page in the app's dashboard, under Webhooks; \
                 --page-token-stdin does it together with the application.",
            );
            return Ok(());
        }
        let (meta, page) = of_token(context, false).await?;
        take_away(context, &meta, &page).await
    }
}

async fn take_away(context: &Context, meta: &Meta, page: &PageToken) -> Result<()> {
    let ui = &context.ui;
    ui.warn(&format!(
        "this takes the subscription of {} away from your app: an Instagram account on the same Page falls silent as \
         well, and so does every other application that uses the Page by this app",
        named(page)
    ));
    let agreed = ui.confirm("Take it away?", false).await;
    if !flow::answered(agreed, Question::Unsubscribe)? {
        return Err(Failure::Cancelled(Cancelled::StillSubscribed).into());
    }
    unsubscribe_page(meta, ui, page).await.map_err(|error| match error.downcast_ref() {
        Some(Failure::Meta(MetaTrouble::NotShown(_))) => Failure::PageToken(Trouble::StillSubscribed).into(),
        _ => error,
    })?;
    ui.done(&format!("Meta sends your app nothing of {} any more", named(page)));
    Ok(())
}

async fn of_token(context: &Context, is_piped: bool) -> Result<(Arc<Meta>, PageToken)> {
    let token = client::page_token(context, is_piped).await?;
    let meta = client::meta(context, GraphVersion::default(), Some(token), client::app(context)?)?;
    let page = check_page_token(&meta, &context.ui).await?;
    Ok((meta, page))
}

fn named(page: &PageToken) -> String {
    format!("{} ({})", text::name(&page.page_name), page.page_id)
}
