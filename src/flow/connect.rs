//! Connects Pages or accounts: each once, and those that are connected already get a fresh token.

use std::collections::HashMap;

use anyhow::Result;

use super::Account;
use super::bulk::{self, Job};
use super::failure::Failure;
use super::listing::channels_of;
use super::outcome::{Action, Done};
use super::reconnect::reconnect_one;
use crate::api::{Api, ApiError};
use crate::interrupt::Signal;
use crate::types::{Channel, ChannelDbId, Kind, Page, Secret};
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
    pub kind: Kind,
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
        .map(|page| Step::of(known.get(page.channel_id.as_str()).copied(), page, if_connected))
        .collect();
    if dry_run {
        return Ok(steps.into_iter().map(Step::foretold).collect());
    }
    let mut attempts = take_all(account, ui, kind, token, steps, at_once, "Connecting").await;
    if attempts.iter().any(|(_, attempt)| matches!(attempt, Attempt::Lost(_))) {
        attempts = second_look(account, ui, kind, token, attempts, at_once).await;
    }
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
}

/// How that went.
enum Attempt {
    Succeeded(Option<ChannelDbId>),
    /// No answer came: it may have been done.
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

    async fn take(self, api: &Api, kind: Kind, token: &Secret) -> (Step, Attempt) {
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
        };
        (self, attempt)
    }

    fn done(self, attempt: Attempt) -> Done {
        let (page, action, known) = match self {
            Step::Connect(page) => (page, Action::Connected, None),
            Step::Reconnect(page, channel) => (page, Action::Reconnected, Some(channel.id)),
            Step::Skip(page, id) | Step::Refuse(page, id) => (page, Action::Skipped, Some(id)),
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
            _ => None,
        };
        self.done(refused.map_or(Attempt::Succeeded(None), Attempt::Failed))
    }
}

/// Takes all steps, several at a time. Those that a signal kept from being taken are failures.
async fn take_all(
    account: &Account,
    ui: &Ui,
    kind: Kind,
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

/// A connect that got no answer is not sent again blindly: that could make a second channel. The list of channels
/// tells which of them were done; the others are sent once more, and looked up again if need be.
async fn second_look(
    account: &Account,
    ui: &Ui,
    kind: Kind,
    token: &Secret,
    attempts: Vec<(Step, Attempt)>,
    at_once: usize,
) -> Vec<(Step, Attempt)> {
    let (attempts, known) = look_up(&account.api, ui, kind, attempts).await;
    if !known {
        return attempts;
    }
    let is_lost = |attempt: &Attempt| matches!(attempt, Attempt::Lost(_));
    let again: Vec<Step> =
        attempts.iter().filter(|(_, attempt)| is_lost(attempt)).map(|(step, _)| step.clone()).collect();
    if again.is_empty() {
        return attempts;
    }
    let mut second = take_all(account, ui, kind, token, again, at_once, "Sending again").await.into_iter();
    let attempts: Vec<(Step, Attempt)> = attempts
        .into_iter()
        .map(
            |(step, attempt)| {
                if is_lost(&attempt) { second.next().unwrap_or((step, attempt)) } else { (step, attempt) }
            },
        )
        .collect();
    if attempts.iter().any(|(_, attempt)| is_lost(attempt)) {
        return look_up(&account.api, ui, kind, attempts).await.0;
    }
    attempts
}

/// Looks for those that got no answer. Also gives whether the list could be read: if not, the others' results still
/// stand.
async fn look_up(
    api: &Api,
    ui: &Ui,
    kind: Kind,
    attempts: Vec<(Step, Attempt)>,
) -> (Vec<(Step, Attempt)>, bool) {
    let ids = match ids_by_channel(api, kind).await {
        Ok(ids) => ids,
        Err(error) => {
            ui.warn(&format!(
                "what got no answer may be connected all the same: the channels could not be listed to find out \
                 ({error:#})"
            ));
            return (attempts, false);
        }
    };
    let found = |step: &Step| match step {
        Step::Connect(page) => ids.get(&page.channel_id).cloned(),
        _ => None,
    };
    let look = |(step, attempt): (Step, Attempt)| match (attempt, found(&step)) {
        (Attempt::Lost(_), Some(id)) => (step, Attempt::Succeeded(Some(id))),
        (attempt, _) => (step, attempt),
    };
    (attempts.into_iter().map(look).collect(), true)
}

/// The answer to a connect is empty: the new `_id`s are learnt from the list, once for all. Without it the channels
/// are connected all the same.
async fn learn_ids(api: &Api, ui: &Ui, kind: Kind, results: &mut [Done]) {
    let unknown = |done: &Done| done.id.is_none() && done.action == Action::Connected;
    if !results.iter().any(unknown) {
        return;
    }
    let mut ids = match ids_by_channel(api, kind).await {
        Ok(ids) => ids,
        Err(error) => {
            ui.warn(&format!("the channels are connected; what their _id is can't be told: {error:#}"));
            return;
        }
    };
    for done in results.iter_mut().filter(|done| unknown(done)) {
        done.id = done.channel_id.as_ref().and_then(|channel_id| ids.remove(channel_id));
    }
}

async fn ids_by_channel(api: &Api, kind: Kind) -> Result<HashMap<String, ChannelDbId>> {
    let channels = channels_of(api, kind).await?;
    Ok(channels.into_iter().filter_map(|channel| Some((channel.channel_id?, channel.id))).collect())
}
