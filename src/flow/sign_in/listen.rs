//! The sign-in by the browser: listener, borrowed callback, authorize URL, browser, token.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use url::Url;

use super::keys::Keys;
use super::url::checked;
use super::{Consent, Opener, SignedIn, open, show, tell, token_of};
use crate::failure::Failure;
use crate::flow::Partner;
use crate::flow::lease::Lease;
use crate::loopback::{self, Listener, Next, Outcome};
use crate::types::SignInKind;
use crate::ui::Ui;
use crate::ui::browser::{self, Surroundings};

/// Borrows the callback URL, and waits for who signs in. When it returns, the callback URL is being put back already.
pub(super) async fn listen(
    account: &Partner,
    ui: &Ui,
    kind: SignInKind,
    mut listener: Listener,
    opener: &Opener,
    time_limit: Duration,
) -> Result<SignedIn> {
    let mut lease = Lease::borrow(account, ui, kind, listener.callback_url()).await?;
    let authorize_url = async { Ok(account.api.authorize_url(kind).await?) };
    let ((), url) = tokio::try_join!(lease.seen(), authorize_url)?;
    let url = checked(&url).map_err(Failure::UnsafeAuthorizeUrl)?;
    listener.set_destination(url.clone());
    show(ui, &url, kind, opener);
    let is_desktop = browser::surroundings() == Surroundings::Desktop;
    let short = matches!(opener, Opener::Browser if is_desktop).then(|| listener.short_address());
    let keys = Keys { address: &url, short };
    send_somebody(ui, opener, &listener).await;
    let answer = async {
        match opener {
            Opener::Sandbox(consent) => consented(consent.clone(), kind).await,
            Opener::Browser | Opener::Nobody => answer(ui, &mut listener, &keys, time_limit).await,
        }
    };
    let outcome = timeout(time_limit, answer).await;
    // Whatever came: from here on nobody needs the callback any more.
    let returning = lease.give_back();
    let token = match outcome {
        Ok(outcome) => outcome.and_then(token_of),
        Err(_) => Err(Failure::TimedOut(time_limit.as_secs()).into()),
    };
    let expired = listener.expire().await;
    match token {
        Ok(token) => Ok(SignedIn { token, returning, expired: Some(expired) }),
        Err(error) => {
            if let Some(returning) = returning {
                // What ended the sign-in is reported; beside it, if it is so, that the callback URL isn't back.
                let _ = returning.await;
            }
            expired.close().await;
            Err(error)
        }
    }
}

/// A listener for a sign-in.
pub(super) async fn bind(
    kind: SignInKind,
    port: Option<u16>,
    public: Option<&Url>,
    next: Next,
) -> Result<Listener> {
    Listener::bind(kind, port, public, next).await.context(Failure::Listener)
}

/// Opens the browser on our short address, or says how to get there.
async fn send_somebody(ui: &Ui, opener: &Opener, listener: &Listener) {
    match opener {
        Opener::Nobody if ui.interactive() => {
            ui.note("Open it in a browser on this computer, or on any device and paste the final URL here.");
        }
        Opener::Nobody | Opener::Sandbox(_) => {}
        Opener::Browser => match browser::surroundings() {
            Surroundings::Desktop => open(ui, listener.short_address().url().as_str()).await,
            elsewhere => tell_from_elsewhere(ui, elsewhere, listener.port()),
        },
    }
}

/// Where we run there is no browser of the person's: says how the one they have can reach us.
pub(in crate::flow) fn tell_from_elsewhere(ui: &Ui, surroundings: Surroundings, port: u16) {
    let forward = format!("ssh -L {port}:127.0.0.1:{port} HOST");
    ui.note(&match surroundings {
        Surroundings::Ssh => format!(
            "This is an SSH session. On your own computer, first run `{forward}`, then open the address there. Or \
             sign in on any device and paste the final URL here."
        ),
        Surroundings::Wsl => "This is WSL: open the address in the Windows browser. If the last page \
                              doesn't load, paste its URL here."
            .to_owned(),
        Surroundings::Container => format!(
            "This is a container: a browser outside reaches port {port} only if the container shares the host's \
             network (--port fixes the port). Or sign in on any device and paste the final URL here."
        ),
        _ => "There is no display here. Sign in on any device and paste the final URL here.".to_owned(),
    });
}

/// Waits for the browser or for a pasted address, whichever comes first.
async fn answer(ui: &Ui, listener: &mut Listener, keys: &Keys<'_>, time_limit: Duration) -> Result<Outcome> {
    let progress = ui.spinner(&keys.line(ui, time_limit));
    let until = Instant::now() + time_limit;
    let countdown = async {
        loop {
            progress.set_text(&keys.line(ui, until.saturating_duration_since(Instant::now())));
            sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        outcome = listener.wait(|notice| tell(ui, notice)) => Ok(outcome),
        outcome = pasted(ui, keys) => outcome,
        never = countdown => never,
    }
}

/// The address that the sandbox gives is read as one that a person pastes.
async fn consented(consent: Consent, kind: SignInKind) -> Result<Outcome> {
    let address = spawn_blocking(move || consent(kind)).await??;
    loopback::read_pasted(address.as_str()).context(Failure::Pasted)
}

/// What a person pastes, until it can be used. Without a terminal nobody does.
async fn pasted(ui: &Ui, keys: &Keys<'_>) -> Result<Outcome> {
    if !ui.interactive() {
        return std::future::pending().await;
    }
    match keys.pasted(ui, &mut ui.paste_lines()).await? {
        Some(outcome) => Ok(outcome),
        // The terminal's end of input: the browser can still bring the answer.
        None => std::future::pending().await,
    }
}
