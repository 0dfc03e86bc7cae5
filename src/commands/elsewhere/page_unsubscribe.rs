//! The subscription of a Page at Meta, when its application at 10darts is gone: Meta goes on sending otherwise. Nobody
//! knows what else hangs on it, so it is never taken away by itself.

use std::sync::Arc;

use anyhow::Result;

use crate::cli::Disconnect;
use crate::commands::meta::client;
use crate::context::Context;
use crate::failure::{Cancelled, Failure, Question};
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

    /// Takes it away where that was asked for, or a person says so now.
    pub async fn offer(self, context: &Context) -> Result<()> {
        let ui = &context.ui;
        let (meta, page) = match self {
            Unsubscribe::Nothing | Unsubscribe::Unsaid { dry_run: true } => return Ok(()),
            Unsubscribe::Asked { meta, page, dry_run: false } => (meta, page),
            Unsubscribe::Asked { page, dry_run: true, .. } => {
                ui.say(&format!("Meta would be told to send nothing of {} any more.", named(&page)));
                return Ok(());
            }
            Unsubscribe::Unsaid { dry_run: false } => {
                ui.note("Meta goes on sending what happens on the Page, which nobody takes any more.");
                // Not on the word of a --yes that was meant for the application.
                let question = "Take the Page's subscription away at Meta, too? It takes the Page token";
                let is_wanted = ui.interactive()
                    && !context.yes
                    && flow::answered(ui.confirm(question, false).await, Question::Unsubscribe)?;
                if !is_wanted {
                    ui.note("It ends with --page-token-stdin in the same command, or in the dashboard of your app.");
                    return Ok(());
                }
                of_token(context, false).await?
            }
        };
        ui.warn(&format!(
            "this takes the subscription of {} away from your app: an Instagram account on the same Page falls silent as \
             well, and so does every other application that uses the Page by this app",
            named(&page)
        ));
        let agreed = ui.confirm("Take it away?", false).await;
        if !flow::answered(agreed, Question::Unsubscribe)? {
            return Err(Failure::Cancelled(Cancelled::StillSubscribed).into());
        }
        unsubscribe_page(&meta, ui, &page).await?;
        ui.done(&format!("Meta sends nothing of {} any more", named(&page)));
        Ok(())
    }
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
