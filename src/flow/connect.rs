//! Connects Pages or accounts: each once, and those that are connected already get a fresh token.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;

use super::Partner;
use super::bulk::{self, Job, Left};
use super::choose::{PageChoice, pages_meant};
use super::coverage::compare;
use super::listing::channels_of;
use super::outcome::{Action, Done};
use super::reconnect::{is_dead_token, reconnect_one};
use super::settle::{is_lost, seen, settle_all};
use super::sign_in::{SignIn, with_token};
use crate::failure::{Change, Failure, Question};
use crate::interrupt::Signal;
use crate::platform::socialchat::Socialchat;
use crate::types::{Candidates, Channel, ChannelDbId, IfConnected, Page, Secret, SignInKind};
use crate::ui::Ui;

/// How many are listed in an error that says what there is to choose from.
const LISTED: usize = 30;

/// What is to be connected, and how.
pub struct ConnectPlan {
    pub choice: PageChoice,
    pub if_connected: IfConnected,
    /// How many at the same time.
    pub concurrency: usize,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What became of the Pages.
pub struct Connected {
    /// A result for each, in their order.
    pub results: Vec<Done>,
    /// Connected channels that the sign-in doesn't cover; none where it wasn't looked at whole.
    pub lost: Option<Vec<Channel>>,
}

/// Signs in and does what the plan says.
pub async fn connect(account: &Partner, ui: &Ui, sign_in: SignIn, plan: ConnectPlan) -> Result<Connected> {
    let (api, kind) = (&account.api, sign_in.kind);
    let ConnectPlan { choice, if_connected, concurrency, dry_run } = plan;
    with_token(account, ui, sign_in, async |signed_in| {
        let mut lost = None;
        let look = |pages: &[Page], channels: &[Channel]| lost = Some(compare(ui, kind, pages, channels));
        let (pages, connected) = pages_meant(api, ui, kind, signed_in, choice, look).await?;
        let steps = steps(api, pages, &connected, if_connected);
        if dry_run {
            let results = steps.into_iter().map(Step::planned).collect();
            return Ok(Connected { results, lost });
        }
        let run = Run { account, ui, kind, token: &signed_in.token, concurrency };
        let mut results = run.take_all(steps.clone(), "Connecting").await;
        run.settle(&steps, &mut results).await;
        run.learn_ids(&mut results).await;
        Ok(Connected { results, lost })
    })
    .await
}

/// What can be known of a plan without a sign-in: what would become of the Pages that are named, and of those that are
/// connected. Which Pages a sign-in covers can't.
pub async fn foreseen(account: &Partner, kind: SignInKind, plan: ConnectPlan) -> Result<Vec<Done>> {
    let connected = channels_of(&(&account.api).into(), kind).await?;
    let of = |channel: &Channel| {
        let channel_id = channel.channel_id.clone()?;
        Some(Page { name: channel.name.clone(), channel_id, picture: None })
    };
    let PageChoice::Named(wanted) = plan.choice else {
        let pages = connected.iter().filter_map(of).collect();
        let steps = steps(&account.api, pages, &connected, plan.if_connected);
        return Ok(steps.into_iter().map(Step::planned).collect());
    };
    let foresee = |text: String| {
        let is_it = |channel: &&Channel| channel.channel_id.as_deref() == Some(&text);
        let mut of_that_name = connected.iter().filter(|channel| channel.name == text);
        let by_name = of_that_name.next().filter(|_| of_that_name.next().is_none());
        let Some(page) = connected.iter().find(is_it).or(by_name).and_then(of) else {
            let is_id = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let (channel_id, name) = if is_id { (Some(text), String::new()) } else { (None, text) };
            return vec![Done { id: None, channel_id, name, outcome: Ok(Action::Connected) }];
        };
        let steps = steps(&account.api, vec![page], &connected, plan.if_connected);
        steps.into_iter().map(Step::planned).collect()
    };
    Ok(wanted.into_iter().flat_map(foresee).collect())
}

/// No Page is chosen, and nobody could choose one after a sign-in either: names those that are connected. The others are
/// known when somebody has signed in.
pub async fn unchosen(account: &Partner, kind: SignInKind) -> Result<Failure> {
    let channels = channels_of(&(&account.api).into(), kind).await?;
    let pages: Vec<Page> = channels
        .into_iter()
        .filter_map(|channel| {
            Some(Page { name: channel.name, channel_id: channel.channel_id?, picture: None })
        })
        .collect();
    let connected = Candidates::first(LISTED, pages.iter());
    Ok(Failure::NoInput(Question::UnseenPages { kind, connected }))
}

/// A Page, and what is right for it.
#[derive(Clone)]
struct Step {
    page: Page,
    what: What,
}

#[derive(Clone)]
enum What {
    Connect,
    Reconnect(Channel),
    Skip(ChannelDbId),
    Refuse(ChannelDbId),
    /// Connected already, as a channel that nothing can be done with.
    Leave,
}

fn steps(
    api: &Arc<Socialchat>,
    pages: Vec<Page>,
    connected: &[Channel],
    if_connected: IfConnected,
) -> Vec<Step> {
    let known: HashMap<&str, &Channel> =
        connected.iter().filter_map(|channel| Some((channel.channel_id.as_deref()?, channel))).collect();
    let step = |page: Page| {
        let what = match (known.get(page.channel_id.as_str()), if_connected) {
            _ if api.has_nameless(&page.channel_id) => What::Leave,
            (None, _) => What::Connect,
            (Some(channel), IfConnected::Reconnect) => What::Reconnect((*channel).clone()),
            (Some(channel), IfConnected::Skip) => What::Skip(channel.id.clone()),
            (Some(channel), IfConnected::Fail) => What::Refuse(channel.id.clone()),
        };
        Step { page, what }
    };
    pages.into_iter().map(step).collect()
}

impl Step {
    /// What becomes of the Page if nothing goes wrong.
    fn planned(self) -> Done {
        let Page { name, channel_id, .. } = self.page;
        let (id, outcome) = match self.what {
            What::Connect => (None, Ok(Action::Connected)),
            What::Reconnect(channel) => (Some(channel.id), Ok(Action::Reconnected)),
            What::Skip(id) => (Some(id), Ok(Action::Skipped)),
            What::Refuse(id) => {
                let refused = Failure::AlreadyConnected { name: name.clone(), id: id.to_string() };
                (Some(id), Err(refused.into()))
            }
            What::Leave => (None, Err(Failure::Nameless { name: name.clone() }.into())),
        };
        Done { id, channel_id: Some(channel_id), name, outcome }
    }

    fn failed(self, error: anyhow::Error) -> Done {
        Done { outcome: Err(error), ..self.planned() }
    }

    fn cut_off(self, signal: Signal) -> Done {
        let unknown = match &self.what {
            What::Reconnect(channel) => {
                Failure::Unknown { change: Change::Reconnect, id: channel.id.to_string() }
            }
            What::Connect | What::Skip(_) | What::Refuse(_) | What::Leave => Failure::Unsettled,
        };
        self.failed(anyhow::Error::new(Failure::Interrupted(signal)).context(unknown))
    }

    async fn take(self, api: &Arc<Socialchat>, kind: SignInKind, token: &Secret) -> Done {
        let taken = match &self.what {
            What::Connect => api.connect(kind, &self.page.channel_id, token).await.map_err(Into::into),
            What::Reconnect(channel) => reconnect_one(api, kind, channel, token).await.map(|()| None),
            What::Skip(_) | What::Refuse(_) | What::Leave => Ok(None),
        };
        match taken {
            Ok(id) => {
                let planned = self.planned();
                Done { id: id.or(planned.id), ..planned }
            }
            Err(error) => self.failed(error),
        }
    }
}

/// What all steps of a run have in common.
struct Run<'a> {
    account: &'a Partner,
    ui: &'a Ui,
    kind: SignInKind,
    token: &'a Secret,
    concurrency: usize,
}

impl Run<'_> {
    /// Takes all steps, several at a time. Those that a signal or a dead token kept from being taken are failures.
    async fn take_all(&self, steps: Vec<Step>, title: &str) -> Vec<Done> {
        let (account, ui, kind, concurrency) = (self.account, self.ui, self.kind, self.concurrency);
        let (api, token) = (account.api.clone(), self.token.clone());
        let work = move |step: Step| {
            let (api, token) = (api.clone(), token.clone());
            async move { step.take(&api, kind, &token).await }
        };
        let job = Job { interrupt: &account.interrupt, ui, title, concurrency };
        let token_died = |done: &Done| done.outcome.as_ref().is_err_and(is_dead_token);
        let bulk = bulk::each(job, steps, work, token_died).await;
        let left = |left: Left<Step>| match (left, bulk.interrupted) {
            (Left::NotStarted(step), Some(signal)) => step.failed(Failure::Interrupted(signal).into()),
            (Left::NotStarted(step), None) => step.failed(Failure::TokenDied { next: None }.into()),
            (Left::CutOff(step), signal) => step.cut_off(signal.unwrap_or(Signal::Interrupt)),
        };
        bulk.results.into_iter().map(|result| result.unwrap_or_else(left)).collect()
    }

    /// A connect whose answer proves nothing is not sent again blindly: that could make a second channel. The list of
    /// channels tells which of them were done, of all at once.
    async fn settle(&self, steps: &[Step], results: &mut [Done]) {
        let is_lost =
            |index: &usize| matches!(steps[*index].what, What::Connect) && is_lost(&results[*index]);
        let lost = (0..steps.len()).filter(is_lost).collect();
        let look = || Listed::read(&self.account.api, self.kind);
        let send_again = async |lost: &[usize]| {
            let steps = lost.iter().map(|index| steps[*index].clone()).collect();
            self.take_all(steps, "Sending again").await
        };
        if let Err(error) = settle_all(results, lost, look, Listed::shows, send_again).await {
            self.ui.warn(&format!(
                "what got no answer may be connected all the same: the channels could not be listed to find out \
                 ({error:#})"
            ));
        }
    }

    /// The answer to a connect is empty: the new `_id`s are learnt from the list, once for all. One that a list without
    /// gaps lacks was not connected, whatever the answer said. Without a list the answer is all there is.
    async fn learn_ids(&self, results: &mut [Done]) {
        let unknown = |done: &Done| done.id.is_none() && matches!(done.outcome, Ok(Action::Connected));
        if !results.iter().any(unknown) {
            return;
        }
        let mut has_gaps = false;
        let looked = seen(
            || Listed::read(&self.account.api, self.kind),
            |listed| {
                has_gaps = listed.has_gaps;
                for done in results.iter_mut().filter(|done| unknown(done)) {
                    done.id = done.channel_id.as_ref().and_then(|id| listed.ids.get(id)).cloned();
                }
                (!results.iter().any(unknown)).then_some(())
            },
        );
        let why = match looked.await {
            Ok(Some(())) => return,
            Ok(None) if has_gaps => "the list of channels has gaps".to_owned(),
            Ok(None) => {
                for done in results.iter_mut().filter(|done| unknown(done)) {
                    done.outcome = Err(Failure::NotListed { kind: self.kind.into() }.into());
                }
                return;
            }
            Err(error) => format!("{error:#}"),
        };
        self.ui.warn(&format!("the channels are connected; what their _id is can't be told: {why}"));
    }
}

/// The channels of a kind, by the Page or account that each is of.
struct Listed {
    ids: HashMap<String, ChannelDbId>,
    /// Whether some can't be told whose they are.
    has_gaps: bool,
}

impl Listed {
    async fn read(api: &Arc<Socialchat>, kind: SignInKind) -> Result<Self> {
        let channels = channels_of(&api.into(), kind).await?;
        let has_gaps =
            api.has_left_out_channels() || channels.iter().any(|channel| channel.channel_id.is_none());
        let ids = channels.into_iter().filter_map(|channel| Some((channel.channel_id?, channel.id)));
        Ok(Listed { ids: ids.collect(), has_gaps })
    }

    /// Whether the Page of a result is in the list: then it is connected.
    fn shows(&self, done: &mut Done) -> bool {
        let Some(id) = done.channel_id.as_ref().and_then(|id| self.ids.get(id)) else { return false };
        (done.id, done.outcome) = (Some(id.clone()), Ok(Action::Connected));
        true
    }
}
