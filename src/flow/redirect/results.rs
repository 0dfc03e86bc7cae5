//! What became of each account, by the lists before and after a sign-in.

use std::cell::Cell;

use anyhow::Result;

use super::consent::{Ended, How};
use super::proof::{has_changed, same};
use super::{Compared, Consent, Consented, Wish, sign_in};
use crate::failure::{Failure, Redirect, Usage};
use crate::flow::coverage::tell_lost;
use crate::flow::{Action, AtUnifiedBeez, Done};
use crate::types::{Candidate, Channel, IfConnected, SignInKind};
use crate::ui::Ui;

/// How many are named where several are meant.
const NAMED: usize = 5;

/// Takes the Pages out of the wish that are connected already and are to be left as they are; a result for each, where there
/// are such Pages.
pub fn done_already(kind: SignInKind, wish: Wish, before: &[Channel]) -> (Option<Vec<Done>>, Wish) {
    if wish.pages.is_empty() || wish.if_connected == IfConnected::Reconnect {
        return (None, wish);
    }
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for page in wish.pages {
        match &named(kind, &page, before)[..] {
            [only] if only.is_connected == Some(true) => done.push(left_alone(only, wish.if_connected)),
            _ => left.push(page),
        }
    }
    (Some(done), Wish { pages: left, if_connected: wish.if_connected })
}

/// What would become of each.
pub fn foreseen(kind: SignInKind, wish: Wish, before: &[Channel]) -> Vec<Done> {
    let would = |channel: &Channel| match channel.is_disconnected() {
        true => Done::of(channel.clone(), Ok(Action::Reconnected)),
        false => left_alone(channel, wish.if_connected),
    };
    if wish.pages.is_empty() {
        return before.iter().filter(|channel| channel.kind == kind).map(would).collect();
    }
    let of_page = |page: &String| match &named(kind, page, before)[..] {
        [only] => would(only),
        [] => {
            let (channel_id, name) = named_by(page);
            Done { id: None, channel_id, name, outcome: Ok(Action::Connected) }
        }
        several => ambiguous(page, several),
    };
    wish.pages.iter().map(of_page).collect()
}

pub fn would_reconnect(meant: Vec<Channel>) -> Vec<Done> {
    meant.into_iter().map(|channel| Done::of(channel, Ok(Action::Reconnected))).collect()
}

/// Signs in, and tells what is connected.
pub async fn connected(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: &Consent,
    wish: &Wish,
    before: &[Channel],
) -> Result<Consented> {
    let kind = consent.kind;
    let (already, _) = done_already(kind, Wish { pages: wish.pages.clone(), ..*wish }, before);
    let Ended { how, after } = sign_in(account, ui, consent, before).await?;
    let compared = Compared::of(kind, before, &after);
    let says_so = matches!(how, How::Connected);
    let judge = Judge::new(kind, before, &compared, says_so);
    let mut results = already.unwrap_or_default();
    for page in &wish.pages {
        let found = named(kind, page, &after);
        let done = match &found[..] {
            [] => {
                let (channel_id, name) = named_by(page);
                let typed = page.clone();
                let missing = Failure::Redirect(Redirect::NotTicked { kind, typed });
                Done { id: None, channel_id, name, outcome: Err(missing.into()) }
            }
            [only] => judge.became(only),
            several => ambiguous(page, several),
        };
        results.push(done);
    }
    let told: Vec<_> = results.iter().filter_map(|done| done.id.clone()).collect();
    let is_untold = |channel: &&Channel| !told.contains(&channel.id);
    let others = compared.new.iter().chain(&compared.back).chain(&compared.dead).filter(is_untold);
    results.extend(others.map(|channel| judge.became(channel)));
    judge.tell(ui);
    if says_so && wish.pages.is_empty() {
        // It was connected anew, whatever was wished for: what differs is whether that was wanted.
        results.extend(compared.fresh.iter().map(|channel| left_alone(channel, wish.if_connected)));
    }
    if results.is_empty() {
        results = nothing_new(kind, &how, &after, ui)?;
    }
    let refused = tell_failed(ui, how, &results)?;
    tell_lost(ui, kind, &compared.lost);
    Ok(Consented { results, lost: Some(compared.lost), refused })
}

/// Signs in once more, and tells what became of those that are meant.
pub async fn reconnected(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: &Consent,
    meant: &[Channel],
    before: &[Channel],
) -> Result<Consented> {
    let kind = consent.kind;
    let Ended { how, after } = sign_in(account, ui, consent, before).await?;
    let mut compared = Compared::of(kind, before, &after);
    let judge = Judge::new(kind, before, &compared, matches!(how, How::Connected));
    let mut results: Vec<Done> = Vec::new();
    for channel in meant {
        results.push(match same(channel, &after) {
            Some(now) => judge.became(now),
            None => {
                let gone = Failure::Redirect(Redirect::NotThere { id: channel.id.clone() });
                Done::of(channel.clone(), Err(gone.into()))
            }
        });
    }
    let told: Vec<_> = results.iter().filter_map(|done| done.id.clone()).collect();
    let others = compared.new.iter().chain(&compared.back).filter(|channel| !told.contains(&channel.id));
    results.extend(others.map(|channel| judge.became(channel)));
    judge.tell(ui);
    let refused = tell_failed(ui, how, &results)?;
    compared.lost.retain(|lost| meant.iter().all(|channel| channel.id != lost.id));
    tell_lost(ui, kind, &compared.lost);
    Ok(Consented { results, lost: Some(compared.lost), refused })
}

/// Tells what became of accounts that are listed after the sign-in.
struct Judge<'a> {
    kind: SignInKind,
    before: &'a [Channel],
    /// It came back with success, and of no account of the kind does the list show what it was given: it may not tell.
    may_believe: bool,
    /// That was needed.
    believed: Cell<bool>,
}

impl<'a> Judge<'a> {
    fn new(kind: SignInKind, before: &'a [Channel], compared: &Compared, says_so: bool) -> Self {
        Judge { kind, before, may_believe: says_so && compared.fresh.is_empty(), believed: Cell::new(false) }
    }

    fn became(&self, now: &Channel) -> Done {
        let failed = |why| Err(Failure::Redirect(why).into());
        let kind = self.kind;
        let outcome = match same(now, self.before).map(|was| (was, has_changed(was, now))) {
            _ if now.is_disconnected() => failed(Redirect::StillDisconnected { kind }),
            None => Ok(Action::Connected),
            Some((was, changed)) if was.is_disconnected() || changed == Some(true) => Ok(Action::Reconnected),
            Some((_, None)) if self.may_believe => {
                self.believed.set(true);
                Ok(Action::Reconnected)
            }
            Some(_) => failed(Redirect::Unproven { kind }),
        };
        Done::of(now.clone(), outcome)
    }

    /// Says what rests on the way back alone.
    fn tell(&self, ui: &Ui) {
        if self.believed.get() {
            ui.warn(
                "UnifiedBeez says that the sign-in was a success, but lists those that were connected as before, without \
                 a time that would show it: which of them were ticked nobody can tell",
            );
        }
    }
}

/// Nothing differs: what is connected was so before.
fn nothing_new(kind: SignInKind, how: &How, after: &[Channel], ui: &Ui) -> Result<Vec<Done>> {
    let is_there = |channel: &&Channel| channel.kind == kind && !channel.is_disconnected();
    let there: Vec<&Channel> = after.iter().filter(is_there).collect();
    match how {
        How::Failed(_) => Ok(Vec::new()),
        How::Connected | How::Listed if there.is_empty() => {
            Err(Failure::Redirect(Redirect::NotListed { kind }).into())
        }
        How::Connected | How::Listed => {
            ui.note("Nothing in the list has changed: what was ticked, if anything, was connected before.");
            Ok(there.into_iter().map(|channel| Done::of(channel.clone(), Ok(Action::Skipped))).collect())
        }
    }
}

/// A sign-in that failed is the failure of all, unless the list shows that something came of it. One of another kind is a
/// failure even so, which is given.
fn tell_failed(ui: &Ui, how: How, results: &[Done]) -> Result<Option<Failure>> {
    let How::Failed(failure) = how else { return Ok(None) };
    if results.iter().all(Done::is_undone) {
        return Err(failure.into());
    }
    if matches!(failure, Failure::Redirect(Redirect::OtherType { .. })) {
        return Ok(Some(failure));
    }
    ui.warn(&failure.to_string());
    Ok(None)
}

/// What is said of one that was connected before.
fn left_alone(channel: &Channel, if_connected: IfConnected) -> Done {
    let outcome = match if_connected {
        IfConnected::Reconnect => Ok(Action::Reconnected),
        IfConnected::Skip => Ok(Action::Skipped),
        IfConnected::Fail => {
            let (name, id) = (channel.name.clone(), channel.id.to_string());
            Err(Failure::AlreadyConnected { name, id }.into())
        }
    };
    Done::of(channel.clone(), outcome)
}

fn ambiguous(page: &str, several: &[&Channel]) -> Done {
    let channels = several.iter().take(NAMED).map(|channel| Candidate::from(*channel)).collect();
    let failure = Usage::SeveralChannels { name: page.to_owned(), count: several.len(), channels };
    let (channel_id, name) = named_by(page);
    Done { id: None, channel_id, name, outcome: Err(Failure::Usage(failure).into()) }
}

/// The accounts of that Page id, or of that name in any case where none has the id.
fn named<'a>(kind: SignInKind, text: &str, list: &'a [Channel]) -> Vec<&'a Channel> {
    let of_kind = || list.iter().filter(|channel| channel.kind == kind);
    let by_id: Vec<&Channel> =
        of_kind().filter(|channel| channel.channel_id.as_deref() == Some(text)).collect();
    if !by_id.is_empty() {
        return by_id;
    }
    let lower = text.to_lowercase();
    of_kind().filter(|channel| channel.name.to_lowercase() == lower).collect()
}

/// Which of the two it is that was typed.
fn named_by(text: &str) -> (Option<String>, String) {
    let is_id = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { (Some(text.to_owned()), String::new()) } else { (None, text.to_owned()) }
}
