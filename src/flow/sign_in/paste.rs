//! The sign-in by pasting the address that the browser ends on. The callback URL is left alone.

use std::io;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::time::timeout;

use super::listen::bind;
use super::url::checked;
use super::{Opener, open, show, tell, token_of};
use crate::failure::{Doing, Failure, Question};
use crate::flow::Partner;
use crate::interrupt::Signal;
use crate::loopback::{self, Outcome};
use crate::platform::socialchat::Reading;
use crate::types::{Invocation, Secret, SignInKind};
use crate::ui::browser::{self, Surroundings};
use crate::ui::{PasteLines, Ui};

/// Shows the authorize URL, and reads what is pasted until it can be used.
pub(super) async fn paste(
    account: &Partner,
    ui: &Ui,
    kind: SignInKind,
    opener: &Opener,
    patience: Duration,
) -> Result<Secret> {
    let (url, settings) = tokio::join!(account.api.authorize_url(kind), account.api.settings());
    let url = checked(&url?).map_err(Failure::UnsafeAuthorizeUrl)?;
    if let Ok(Reading::Known(settings)) = settings
        && settings.callback(kind).is_none()
    {
        ui.warn(&format!(
            "the {kind} callback URL is not set, so the browser will have no address to end on: {} sets one, and \
             without --paste none is needed",
            Invocation::new(format!("callback set --{kind} URL"))
        ));
    }
    show(ui, &url, kind, opener);
    // Only for its short address, which redirects: the callback is left alone.
    let mut redirect = None;
    if matches!(opener, Opener::Browser) && browser::surroundings() == Surroundings::Desktop {
        let listener = bind(kind, None, None).await?;
        listener.set_destination(url);
        open(ui, listener.go_url().as_str()).await;
        redirect = Some(listener);
    }
    let watched = async {
        if let Some(listener) = &mut redirect {
            // The API was never told of it, so nobody comes back here.
            let _ = listener.wait(|notice| tell(ui, notice)).await;
        }
        std::future::pending().await
    };
    ui.say("When the browser has come to its end, paste the address it shows (or the token) here; it stays hidden:");
    let mut lines = ui.paste_lines();
    let answer = async {
        tokio::select! {
            outcome = usable(ui, &mut lines) => outcome,
            never = watched => never,
        }
    };
    let outcome = timeout(patience, answer).await;
    match outcome.map_err(|_| Failure::TimedOut(patience.as_secs()))?? {
        Some(outcome) => token_of(outcome),
        None => Err(Failure::NoInput(Question::Pasted).into()),
    }
}

/// The next line that can be used; none at the end of input. A person is told of those that can't, and may try again; a
/// script's only one is a failure.
pub(super) async fn usable(ui: &Ui, lines: &mut PasteLines) -> Result<Option<Outcome>> {
    while let Some(line) = line(lines).await? {
        if ui.interactive() && line.expose().trim().is_empty() {
            continue;
        }
        match loopback::read_pasted(line.expose()) {
            Ok(outcome) => return Ok(Some(outcome)),
            Err(error) if ui.interactive() => ui.warn(&format!("what was pasted can't be used: {error}")),
            Err(error) => return Err(error).context(Failure::Pasted),
        }
    }
    Ok(None)
}

/// Ctrl-C reaches whoever reads the terminal as well, and may do so first.
async fn line(lines: &mut PasteLines) -> Result<Option<Secret>> {
    match lines.next().await {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::Interrupted(Signal::Interrupt).into())
        }
        line => line.context(Doing::ReadingPasted),
    }
}
