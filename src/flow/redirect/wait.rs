//! Waiting for the browser, for what a person pastes, or for the list to show it: whichever comes first.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Consent;
use super::consent::{listed, tell};
use super::proof::Compared;
use crate::failure::{Failure, Question, Redirect};
use crate::flow::AtUnifiedBeez;
use crate::flow::sign_in::keys::Keys;
use crate::loopback::{ReturnListener, Returned};
use crate::platform::Known;
use crate::types::Channel;
use crate::ui::Ui;

/// How often the list is looked at meanwhile: a quarter of what the back end allows.
const POLL: Duration = Duration::from_secs(5);
/// For the browser, which comes back a moment after the list shows what it did; and for the last look.
const GRACE: Duration = Duration::from_secs(3);

/// What came.
pub enum Came {
    Back(Returned),
    /// The list shows it, and nobody came back.
    Listed(Vec<Channel>),
}

/// A sign-in that is waited for.
pub struct Waiting<'a> {
    account: &'a AtUnifiedBeez,
    consent: &'a Consent,
    before: &'a [Channel],
    until: Instant,
}

impl<'a> Waiting<'a> {
    pub fn new(account: &'a AtUnifiedBeez, consent: &'a Consent, before: &'a [Channel]) -> Self {
        Waiting { account, consent, before, until: Instant::now() + consent.time_limit }
    }

    /// Waits until something comes that ends it. Fails at the deadline, where the list shows nothing either.
    pub async fn next(&mut self, ui: &Ui, listener: &mut ReturnListener, keys: &Keys<'_>) -> Result<Came> {
        let mut came = false;
        loop {
            let ended = timeout_at(self.until, self.first(ui, listener, keys)).await;
            let returned = match ended {
                Ok(ended) => match ended? {
                    Came::Back(returned) => returned,
                    Came::Listed(after) => {
                        let back = timeout(GRACE, listener.wait(|notice| tell(ui, notice))).await;
                        match back {
                            Ok(returned) if returned != Returned::Nothing => return Ok(Came::Back(returned)),
                            // Pages that came meanwhile count as well.
                            _ => {
                                let now = self.look(Instant::now() + GRACE).await?;
                                return Ok(Came::Listed(now.unwrap_or(after)));
                            }
                        }
                    }
                },
                Err(_) => {
                    let seconds = self.consent.time_limit.as_secs();
                    return match self.look(self.until + GRACE).await?.filter(|after| self.is_proof(after)) {
                        Some(after) => Ok(Came::Listed(after)),
                        None => Err(Failure::Redirect(Redirect::TimedOut { seconds, came }).into()),
                    };
                }
            };
            if returned != Returned::Nothing {
                return Ok(Came::Back(returned));
            }
            ui.warn("the browser came back without a result: looking at what is connected");
            came = true;
            if let Some(after) = self.look(self.until).await?.filter(|after| self.is_proof(after)) {
                return Ok(Came::Listed(after));
            }
            ui.note("Nothing new is seen; still waiting.");
        }
    }

    async fn first(&self, ui: &Ui, listener: &mut ReturnListener, keys: &Keys<'_>) -> Result<Came> {
        let progress = ui.spinner(&keys.line(ui, self.consent.time_limit));
        let countdown = async {
            loop {
                progress.set_text(&keys.line(ui, self.until.saturating_duration_since(Instant::now())));
                sleep(Duration::from_secs(1)).await;
            }
        };
        let pasting = listener.pasting();
        tokio::select! {
            returned = listener.wait(|notice| tell(ui, notice)) => Ok(Came::Back(returned)),
            pasted = self.pasted(ui, keys, |text| pasting.read(text)) => pasted.map(Came::Back),
            after = self.shown() => after.map(Came::Listed),
            never = countdown => never,
        }
    }

    /// What a person pastes, until it can be used; without a terminal a script's line, where it is asked for.
    async fn pasted(
        &self,
        ui: &Ui,
        keys: &Keys<'_>,
        read: impl Fn(&str) -> Result<Returned, crate::loopback::PasteError>,
    ) -> Result<Returned> {
        if !ui.interactive() && !self.consent.paste {
            return std::future::pending().await;
        }
        match keys.pasted_as(ui, &mut ui.paste_lines(), read).await? {
            Some(returned) => Ok(returned),
            None if self.consent.paste => Err(Failure::NoInput(Question::PastedResult).into()),
            // The terminal's end of input: the browser can still come back.
            None => std::future::pending().await,
        }
    }

    /// Looks at the list now and then, until it shows that the sign-in has done something.
    async fn shown(&self) -> Result<Vec<Channel>> {
        loop {
            sleep(POLL).await;
            if let Some(after) = self.look(self.until).await?.filter(|after| self.is_proof(after)) {
                return Ok(after);
            }
        }
    }

    /// Looks at the list once, until then at most. A look that fails is no answer, but a session that is over is.
    async fn look(&self, until: Instant) -> Result<Option<Vec<Channel>>> {
        match timeout_at(until, listed(self.account)).await {
            Ok(Err(error)) if error.known() == Some(Known::BadCredentials) => Err(error.into()),
            looked => Ok(looked.ok().and_then(Result::ok)),
        }
    }

    fn is_proof(&self, after: &[Channel]) -> bool {
        Compared::of(self.consent.kind, self.before, after).is_proof()
    }
}
