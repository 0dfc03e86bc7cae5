//! The sign-in by pasting the address that the browser ends on. The callback URL is left alone.

use std::time::Duration;

use anyhow::Result;
use tokio::time::timeout;

use super::keys::Keys;
use super::listen::bind;
use super::url::checked;
use super::{Opener, open, show, tell, token_of};
use crate::failure::{Failure, Question};
use crate::flow::Partner;
use crate::loopback::Next;
use crate::platform::socialchat::Reading;
use crate::types::{Invocation, Secret, SignInKind};
use crate::ui::Ui;
use crate::ui::browser::{self, Surroundings};

/// Shows the authorize URL, and reads what is pasted until it can be used.
pub(super) async fn paste(
    account: &Partner,
    ui: &Ui,
    kind: SignInKind,
    opener: &Opener,
    time_limit: Duration,
) -> Result<Secret> {
    let (url, settings) = tokio::join!(account.api.authorize_url(kind), account.api.settings());
    let url = checked(&url?).map_err(Failure::UnsafeAuthorizeUrl)?;
    if let Ok(Reading::Known(settings)) = settings
        && settings.callback(kind).is_none()
    {
        ui.warn(&format!(
            "the {kind} callback URL is not set, so the sign-in has no final URL. {} sets one; without --paste none is \
             needed",
            Invocation::new(format!("callback set --{kind} URL"))
        ));
    }
    show(ui, &url, kind, opener);
    // Only for its short address, which redirects: the callback is left alone.
    let (mut redirect, mut short) = (None, None);
    if matches!(opener, Opener::Browser) && browser::surroundings() == Surroundings::Desktop {
        let listener = bind(kind, None, None, Next::Connect).await?;
        listener.set_destination(url.clone());
        open(ui, listener.short_address().url().as_str()).await;
        short = Some(listener.short_address());
        redirect = Some(listener);
    }
    let watched = async {
        if let Some(listener) = &mut redirect {
            // The API was never told of it, so nobody comes back here.
            let _ = listener.wait(|notice| tell(ui, notice)).await;
        }
        std::future::pending().await
    };
    ui.say("After the last page loads, paste its URL (or the token) here. Input is hidden.");
    let keys = Keys { address: &url, short };
    if ui.interactive() {
        let open = if keys.short.is_some() { "Enter open · " } else { "" };
        ui.note(&format!("{open}c copy link · Esc cancel"));
    }
    let mut lines = ui.paste_lines();
    let answer = async {
        tokio::select! {
            outcome = keys.pasted(ui, &mut lines) => outcome,
            never = watched => never,
        }
    };
    let outcome = timeout(time_limit, answer).await;
    match outcome.map_err(|_| Failure::TimedOut(time_limit.as_secs()))?? {
        Some(outcome) => token_of(outcome),
        None => Err(Failure::NoInput(Question::Pasted).into()),
    }
}
