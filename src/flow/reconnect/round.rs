//! One sign-in, and what can be done with its token.

use std::collections::HashSet;

use anyhow::Result;

use super::one::{is_dead_token, reconnect_one};
use super::{Reconnecting, locked};
use crate::failure::{Change, Failure};
use crate::flow::bulk::{self, Bulk, Job, Left};
use crate::flow::coverage::{lost_among, tell_lost};
use crate::flow::listing::Listing;
use crate::flow::resume::note;
use crate::flow::sign_in::{SignIn, with_token};
use crate::flow::{Action, Done};
use crate::interrupt::Signal;
use crate::platform::socialchat::Socialchat;
use crate::store::run::Step;
use crate::types::{Channel, Page, Secret, SignInKind};
use crate::ui::Ui;

impl Reconnecting<'_> {
    /// Signs in and reconnects what the token covers. A token that dies meanwhile ends it: what is left stays among the
    /// channels.
    pub(super) async fn round(&mut self, sign_in: SignIn) -> Result<()> {
        let (account, ui, kind) = (self.account, self.ui, self.plan.kind);
        with_token(account, ui, sign_in, async |signed_in| {
            let covered = covered(&account.api, ui, kind, &signed_in.token).await?;
            self.look_for_lost(&covered);
            let missing = self.split_off_uncovered(&covered);
            for id in missing.iter().filter_map(|missing| missing.id.as_ref()) {
                note(ui, &mut locked(&self.record), id, Step::Failed);
            }
            self.results.extend(missing);
            self.send_all(&signed_in.token).await;
            Ok(())
        })
        .await
    }

    /// With `--dry-run`: sees what the token covers, where there is one, and sends nothing.
    pub async fn plan(&mut self, sign_in: Option<SignIn>) -> Result<()> {
        let (account, ui, kind) = (self.account, self.ui, self.plan.kind);
        if let Some(sign_in) = sign_in {
            let covered = with_token(account, ui, sign_in, async |signed_in| {
                covered(&account.api, ui, kind, &signed_in.token).await
            });
            let covered = covered.await?;
            self.look_for_lost(&covered);
            let missing = self.split_off_uncovered(&covered);
            self.results.extend(missing);
        }
        let would = self.channels.drain(..).map(|channel| Done::of(channel, Ok(Action::Reconnected)));
        self.results.extend(would);
        Ok(())
    }

    /// Those that are reconnected have a result that tells it; the others lose their access silently.
    fn look_for_lost(&mut self, covered: &[Page]) {
        let Some(others) = &self.others else { return };
        let silent = lost_among(covered, others);
        tell_lost(self.ui, self.plan.kind, &silent);
        // A second sign-in may cover less than the first.
        let mut lost = self.lost.take().unwrap_or_default();
        for channel in [lost_among(covered, &self.channels), silent].concat() {
            if lost.iter().all(|known| known.id != channel.id) {
                lost.push(channel);
            }
        }
        self.lost = Some(lost);
    }

    /// Splits off the channels whose Page or account the token doesn't cover, and gives a failure for each. This is the
    /// identity check, made before anything is sent: a token that can't serve them would replace theirs.
    fn split_off_uncovered(&mut self, covered: &[Page]) -> Vec<Done> {
        let covered: HashSet<&str> = covered.iter().map(|page| page.channel_id.as_str()).collect();
        let is_covered =
            |channel: &Channel| channel.channel_id.as_deref().is_some_and(|id| covered.contains(id));
        let total = self.channels.len();
        let channels = std::mem::take(&mut self.channels).into_iter();
        let (covered, missing): (Vec<Channel>, Vec<Channel>) = channels.partition(is_covered);
        self.channels = covered;
        if !missing.is_empty() {
            self.ui.warn(&format!(
                "the sign-in doesn't cover {} of {total} channels: nothing is sent for those. Sign in again with all \
                 Pages and accounts ticked, as a person who is admin of them",
                missing.len()
            ));
        }
        let kind = self.plan.kind;
        let failed = |channel| Done::of(channel, Err(Failure::NotCovered { kind }.into()));
        missing.into_iter().map(failed).collect()
    }

    /// Reconnects the channels, several at a time. Those that the token was too old for stay.
    async fn send_all(&mut self, token: &Secret) {
        let (account, ui, kind) = (self.account, self.ui, self.plan.kind);
        let (api, token, shared, said) =
            (account.api.clone(), token.clone(), self.record.clone(), ui.clone());
        let work = move |channel: Channel| {
            let (api, token, record, ui) = (api.clone(), token.clone(), shared.clone(), said.clone());
            async move {
                let updated_at = channel.text("updatedAt").map(str::to_owned);
                note(&ui, &mut locked(&record), &channel.id, Step::Begun { updated_at });
                let outcome = reconnect_one(&api, kind, &channel, &token).await;
                let done = Done::of(channel, outcome.map(|()| Action::Reconnected));
                if let Some(id) = done.id.as_ref().filter(|_| !token_died(&done)) {
                    let step = if done.outcome.is_ok() { Step::Done } else { Step::Failed };
                    note(&ui, &mut locked(&record), id, step);
                }
                done
            }
        };
        let job = Job {
            interrupt: &account.interrupt,
            ui,
            title: "Reconnecting",
            concurrency: self.plan.concurrency,
        };
        let channels = std::mem::take(&mut self.channels);
        let Bulk { results, interrupted } = bulk::each(job, channels, work, token_died).await;
        for result in results {
            match (result, interrupted) {
                (Ok(done), _) => self.results.push(done),
                (Err(Left::CutOff(channel)), signal) => {
                    let (change, id) = (Change::Reconnect, channel.id.to_string());
                    let interrupted = Failure::Interrupted(signal.unwrap_or(Signal::Interrupt));
                    let unknown = anyhow::Error::new(interrupted).context(Failure::Unknown { change, id });
                    self.results.push(Done::of(channel, Err(unknown)));
                }
                // No other token is to be asked for.
                (Err(Left::NotStarted(channel)), Some(signal)) => {
                    self.results.push(Done::of(channel, Err(Failure::Interrupted(signal).into())));
                }
                (Err(Left::NotStarted(channel)), None) => self.channels.push(channel),
            }
        }
    }
}

/// What the token covers.
async fn covered(api: &Socialchat, ui: &Ui, kind: SignInKind, token: &Secret) -> Result<Vec<Page>> {
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    let count = |count| progress.set_text(&format!("Listing {}s: {count}", kind.noun()));
    Listing::new(api, kind, token).all(count).await
}

fn token_died(done: &Done) -> bool {
    done.outcome.as_ref().is_err_and(is_dead_token)
}
