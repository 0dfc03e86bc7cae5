//! Connects Pages or accounts: each once, and those that are connected already get a fresh token.

use std::collections::HashMap;

use anyhow::Result;

use super::Account;
use super::bulk::{self, Job};
use super::listing::channels_of;
use super::outcome::{Action, Done};
use super::reconnect::reconnect_one;
use super::settle::seen;
use crate::failure::Failure;
use crate::interrupt::Signal;
use crate::platform::socialchat::Api;
use crate::platform::{ApiError, Known};
use crate::types::{Channel, ChannelDbId, Page, Secret, SignInKind};
use crate::ui::Ui;

/// What to do with a Page that is connected already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfConnected {
    Reconnect,
    Skip,
    Fail,
}

/// What is to be connected, and how.
pub struct ConnectPlan<'a> {
    pub kind: SignInKind,
    pub pages: Vec<Page>,
    /// The channels of this kind as they were before.
    pub connected: &'a [Channel],
    pub if_connected: IfConnected,
    /// How many at the same time.
    pub at_once: usize,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// Does what the plan says; a result for each Page, in their order.
pub async fn connect(account: &Account, ui: &Ui, token: &Secret, plan: ConnectPlan<'_>) -> Result<Vec<Done>> {
    let api = &account.api;
    let ConnectPlan { kind, pages, connected, if_connected, at_once, dry_run } = plan;
    let known: HashMap<&str, &Channel> =
        connected.iter().filter_map(|channel| Some((channel.channel_id.as_deref()?, channel))).collect();
    let steps: Vec<Step> = pages
        .into_iter()
        .map(|page| match api.has_nameless(&page.channel_id) {
            true => Step::Leave(page),
            false => Step::of(known.get(page.channel_id.as_str()).copied(), page, if_connected),
        })
        .collect();
    if dry_run {
        return Ok(steps.into_iter().map(Step::foretold).collect());
    }
    let attempts = take_all(account, ui, kind, token, steps, at_once, "Connecting").await;
    let attempts = settled(account, ui, kind, token, attempts, at_once).await;
    let mut results: Vec<Done> = attempts.into_iter().map(|(step, attempt)| step.done(attempt)).collect();
    learn_ids(api, ui, kind, &mut results).await;
    Ok(results)
}

/// What is right for one Page.
#[derive(Clone)]
enum Step {
    Connect(Page),
    Reconnect(Page, Channel),
    Skip(Page, ChannelDbId),
    Refuse(Page, ChannelDbId),
    /// Connected already, as a channel that nothing can be done with.
    Leave(Page),
}

/// How that went.
enum Attempt {
    Succeeded(Option<ChannelDbId>),
    /// The answer proves nothing: it may have been done.
    Lost(ApiError),
    Failed(anyhow::Error),
}

impl Step {
    fn of(existing: Option<&Channel>, page: Page, if_connected: IfConnected) -> Step {
        match (existing, if_connected) {
            (None, _) => Step::Connect(page),
            (Some(channel), IfConnected::Reconnect) => Step::Reconnect(page, channel.clone()),
            (Some(channel), IfConnected::Skip) => Step::Skip(page, channel.id.clone()),
            (Some(channel), IfConnected::Fail) => Step::Refuse(page, channel.id.clone()),
        }
    }

    async fn take(self, api: &Api, kind: SignInKind, token: &Secret) -> (Step, Attempt) {
        let attempt = match &self {
            Step::Connect(page) => match api.connect(kind, &page.channel_id, token).await {
                Ok(id) => Attempt::Succeeded(id),
                Err(error) if error.is_unanswered() => Attempt::Lost(error),
                Err(error) => Attempt::Failed(error.into()),
            },
            Step::Reconnect(_, channel) => match reconnect_one(api, kind, channel, token).await {
                Ok(()) => Attempt::Succeeded(Some(channel.id.clone())),
                Err(error) => Attempt::Failed(error),
            },
            Step::Skip(_, id) => Attempt::Succeeded(Some(id.clone())),
            Step::Refuse(page, id) => Attempt::Failed(
                Failure::AlreadyConnected { name: page.name.clone(), id: id.to_string() }.into(),
            ),
            Step::Leave(page) => Attempt::Failed(Failure::Nameless { name: page.name.clone() }.into()),
        };
        (self, attempt)
    }

    fn done(self, attempt: Attempt) -> Done {
        let (page, action, known) = match self {
            Step::Connect(page) => (page, Action::Connected, None),
            Step::Reconnect(page, channel) => (page, Action::Reconnected, Some(channel.id)),
            Step::Skip(page, id) | Step::Refuse(page, id) => (page, Action::Skipped, Some(id)),
            Step::Leave(page) => (page, Action::Skipped, None),
        };
        let (id, action, error) = match attempt {
            Attempt::Succeeded(id) => (id.or(known), action, None),
            Attempt::Lost(error) => (known, Action::Failed, Some(error.into())),
            Attempt::Failed(error) => (known, Action::Failed, Some(error)),
        };
        Done { id, channel_id: Some(page.channel_id), name: page.name, action, error }
    }

    fn foretold(self) -> Done {
        let refused = match &self {
            Step::Refuse(page, id) => {
                Some(Failure::AlreadyConnected { name: page.name.clone(), id: id.to_string() }.into())
            }
            Step::Leave(page) => Some(Failure::Nameless { name: page.name.clone() }.into()),
            _ => None,
        };
        self.done(refused.map_or(Attempt::Succeeded(None), Attempt::Failed))
    }
}

/// Takes all steps, several at a time. Those that a signal kept from being taken are failures.
async fn take_all(
    account: &Account,
    ui: &Ui,
    kind: SignInKind,
    token: &Secret,
    steps: Vec<Step>,
    at_once: usize,
    title: &str,
) -> Vec<(Step, Attempt)> {
    let (api, token) = (account.api.clone(), token.clone());
    let work = move |step: Step| {
        let (api, token) = (api.clone(), token.clone());
        async move { step.take(&api, kind, &token).await }
    };
    let go_on = "Run it again for the rest: those done stay done.".to_owned();
    let job = Job { account, ui, title, go_on, at_once };
    let bulk = bulk::each(job, steps, work, |_| false).await;
    let signal = bulk.interrupted.unwrap_or(Signal::Interrupt);
    let stopped = || Attempt::Failed(Failure::Interrupted(signal).into());
    let left = bulk.left.into_iter().map(|(index, step)| (index, (step, stopped())));
    let mut all: Vec<(usize, (Step, Attempt))> = bulk.done.into_iter().chain(left).collect();
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, attempt)| attempt).collect()
}

/// A connect whose answer proves nothing is not sent again blindly: that could make a second channel. The list of
/// channels tells which of them were done, of all at once; the others are sent once more, and looked up again if need
/// be. Those that the API may just have refused are not sent again.
async fn settled(
    account: &Account,
    ui: &Ui,
    kind: SignInKind,
    token: &Secret,
    mut attempts: Vec<(Step, Attempt)>,
    at_once: usize,
) -> Vec<(Step, Attempt)> {
    let api = &account.api;
    for again in [true, false] {
        if !attempts.iter().any(is_lost) {
            break;
        }
        let found = seen(
            || Listed::read(api, kind),
            |listed| {
                mark_found(&listed, &mut attempts);
                (!attempts.iter().any(is_lost)).then_some(())
            },
        );
        if let Err(error) = found.await {
            ui.warn(&format!(
                "what got no answer may be connected all the same: the channels could not be listed to find out \
                 ({error:#})"
            ));
            break;
        }
        let is_sent_again = |(_, attempt): &(Step, Attempt)| {
            again && matches!(attempt, Attempt::Lost(error) if !error.may_be_refusal())
        };
        let steps: Vec<Step> =
            attempts.iter().filter(|lost| is_sent_again(lost)).map(|(step, _)| step.clone()).collect();
        if steps.is_empty() {
            break;
        }
        let second = take_all(account, ui, kind, token, steps, at_once, "Sending again").await;
        for (lost, second) in attempts.iter_mut().filter(|lost| is_sent_again(lost)).zip(second) {
            *lost = match second {
                (step, Attempt::Failed(error)) => (step, doubted(error)),
                second => second,
            };
        }
    }
    attempts
}

/// The second time "connected with another account" may be said of what the first has done, and the list shows late.
fn doubted(error: anyhow::Error) -> Attempt {
    match error.downcast::<ApiError>() {
        Ok(error) if error.known() == Some(Known::ConnectedElsewhere) => Attempt::Lost(error),
        Ok(error) => Attempt::Failed(error.into()),
        Err(error) => Attempt::Failed(error),
    }
}

fn is_lost((_, attempt): &(Step, Attempt)) -> bool {
    matches!(attempt, Attempt::Lost(_))
}

/// Those that got no answer, and are in the list, are connected.
fn mark_found(listed: &Listed, attempts: &mut [(Step, Attempt)]) {
    for (step, attempt) in attempts {
        if let (Step::Connect(page), Attempt::Lost(_)) = (&*step, &*attempt)
            && let Some(id) = listed.ids.get(&page.channel_id)
        {
            *attempt = Attempt::Succeeded(Some(id.clone()));
        }
    }
}

/// The answer to a connect is empty: the new `_id`s are learnt from the list, once for all. One that a list without
/// gaps lacks was not connected, whatever the answer said. Without a list the answer is all there is.
async fn learn_ids(api: &Api, ui: &Ui, kind: SignInKind, results: &mut [Done]) {
    let unknown = |done: &Done| done.id.is_none() && done.action == Action::Connected;
    if !results.iter().any(unknown) {
        return;
    }
    let mut has_gaps = false;
    let looked = seen(
        || Listed::read(api, kind),
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
                done.action = Action::Failed;
                done.error = Some(Failure::NotListed { kind: kind.into() }.into());
            }
            return;
        }
        Err(error) => format!("{error:#}"),
    };
    ui.warn(&format!("the channels are connected; what their _id is can't be told: {why}"));
}

/// The channels of a kind, by the Page or account that each is of.
struct Listed {
    ids: HashMap<String, ChannelDbId>,
    /// Whether some can't be told whose they are.
    has_gaps: bool,
}

impl Listed {
    async fn read(api: &Api, kind: SignInKind) -> Result<Self> {
        let channels = channels_of(api, kind).await?;
        let has_gaps =
            api.has_left_out_channels() || channels.iter().any(|channel| channel.channel_id.is_none());
        let ids = channels.into_iter().filter_map(|channel| Some((channel.channel_id?, channel.id)));
        Ok(Listed { ids: ids.collect(), has_gaps })
    }
}
