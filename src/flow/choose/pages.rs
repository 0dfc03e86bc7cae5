//! Which Pages or accounts are meant: options, or the picker.

use std::cell::RefCell;
use std::sync::Arc;

use anyhow::Result;
use tokio::sync::mpsc;

use super::{answered, picked};
use crate::failure::{Cancelled, Failure, Question, Usage};
use crate::flow::listing::{Listing, channels_of};
use crate::flow::sign_in::SignedIn;
use crate::platform::socialchat::Socialchat;
use crate::types::{Candidate, Candidates, Channel, Page, Secret, SignInKind, near};
use crate::ui::{Feed, FeedEvent, Item, Picker, Ui, text};

/// How many are listed in an error that says what there is to choose from.
const LISTED: usize = 30;
/// How many are named that somebody may have meant, and how much of a name.
const NEAR: usize = 3;
const NEAR_NAME: usize = 60;

/// Which Pages or accounts are meant.
pub enum PageChoice {
    /// These: exact ids, or names that only one has.
    Named(Vec<String>),
    /// Whatever the sign-in covers.
    All,
    /// Ask.
    Ask,
}

/// The Pages meant, and the channels of the kind as they are, read at the same time. `compare` gets all that the sign-in
/// covers and those channels before anything is asked; not where that would take more batches than are needed.
pub async fn pages_meant(
    api: &Arc<Socialchat>,
    ui: &Ui,
    kind: SignInKind,
    signed_in: &mut SignedIn,
    choice: PageChoice,
    mut compare: impl FnMut(&[Page], &[Channel]),
) -> Result<(Vec<Page>, Vec<Channel>)> {
    if matches!(choice, PageChoice::Ask) && ui.interactive() {
        return asked_for(api, ui, kind, signed_in, compare).await;
    }
    let wanted: &[String] = if let PageChoice::Named(wanted) = &choice { wanted } else { &[] };
    let enough = |pages: &[Page]| !wanted.is_empty() && all_ids_in(wanted, pages);
    let (pages, is_whole, connected) = listed_until(api, ui, kind, &signed_in.token, enough).await?;
    if pages.is_empty() {
        return Err(Failure::NothingCovered { kind }.into());
    }
    if is_whole {
        compare(&pages, &connected);
    }
    let pages = match choice {
        PageChoice::All => pages,
        PageChoice::Named(wanted) => named(kind, &wanted, pages)?,
        PageChoice::Ask => return Err(Failure::NoInput(question(kind, &pages)).into()),
    };
    Ok((pages, connected))
}

/// What the token covers, and the channels of the kind, read at the same time.
pub async fn listed(
    api: &Arc<Socialchat>,
    ui: &Ui,
    kind: SignInKind,
    token: &Secret,
) -> Result<(Vec<Page>, Vec<Channel>)> {
    let (pages, _, connected) = listed_until(api, ui, kind, token, |_| false).await?;
    Ok((pages, connected))
}

/// Likewise, until it is `enough`; with whether that is all that the token covers.
async fn listed_until(
    api: &Arc<Socialchat>,
    ui: &Ui,
    kind: SignInKind,
    token: &Secret,
    enough: impl Fn(&[Page]) -> bool,
) -> Result<(Vec<Page>, bool, Vec<Channel>)> {
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    let count = |count| progress.set_text(&format!("Listing {}s: {count}", kind.noun()));
    let mut listing = Listing::new(api, kind, token);
    let platform = api.into();
    let (pages, channels) = tokio::try_join!(listing.until(enough, count), channels_of(&platform, kind))?;
    Ok((pages, listing.is_at_end(), channels))
}

/// Asks somebody as soon as the first batch is there. The callback URL is back before that.
async fn asked_for(
    api: &Arc<Socialchat>,
    ui: &Ui,
    kind: SignInKind,
    signed_in: &mut SignedIn,
    mut compare: impl FnMut(&[Page], &[Channel]),
) -> Result<(Vec<Page>, Vec<Channel>)> {
    let token = signed_in.token.clone();
    let mut listing = Listing::new(api, kind, &token);
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    let platform = api.into();
    let (first, connected) = tokio::try_join!(listing.next(), channels_of(&platform, kind))?;
    drop(progress);
    signed_in.callback_is_back().await;
    let first = first.unwrap_or_default();
    if listing.is_at_end() && !first.is_empty() {
        compare(&first, &connected);
    }
    let pages = if first.len() <= 1 && listing.is_at_end() {
        confirm_only(ui, kind, first, &connected).await?
    } else {
        pick_pages(ui, kind, listing, first, &connected).await?
    };
    Ok((pages, connected))
}

fn all_ids_in(wanted: &[String], pages: &[Page]) -> bool {
    wanted.iter().all(|id| pages.iter().any(|page| page.channel_id == *id))
}

/// The Pages with these ids, or with these names when only one has it: exactly so, or else in another case. Guesses
/// nothing.
fn named(kind: SignInKind, wanted: &[String], pages: Vec<Page>) -> Result<Vec<Page>> {
    let mut chosen: Vec<Page> = Vec::new();
    for text in wanted {
        let by_id = pages.iter().find(|page| page.channel_id == *text);
        let mut by_name: Vec<&Page> = pages.iter().filter(|page| page.name == *text).collect();
        if by_name.is_empty() {
            let lower = text.to_lowercase();
            by_name = pages.iter().filter(|page| page.name.to_lowercase() == lower).collect();
        }
        let page = match (by_id, by_name.as_slice()) {
            (Some(page), _) => page,
            (None, [page]) => page,
            (None, []) => {
                let (typed, near) = (text.clone(), near_to(text, &pages));
                return Err(Failure::NoSuchPage { kind, typed, near }.into());
            }
            (None, several) => {
                let (name, pages) = (text.clone(), Candidates::first(LISTED, several.iter().copied()));
                return Err(Failure::Usage(Usage::SeveralPages { kind, name, pages }).into());
            }
        };
        if !chosen.contains(page) {
            chosen.push(page.clone());
        }
    }
    Ok(chosen)
}

/// The Pages that may be meant.
fn near_to(text: &str, pages: &[Page]) -> Vec<Candidate> {
    let names = pages.iter().map(|page| [page.name.as_str(), page.channel_id.as_str()]);
    let nearest = near::nearest(text, NEAR, names).into_iter().filter_map(|place| pages.get(place));
    let shortened = |page: &Page| {
        let candidate = Candidate::from(page);
        Candidate { name: candidate.name.chars().take(NEAR_NAME).collect(), ..candidate }
    };
    nearest.map(shortened).collect()
}

/// Which of these are meant, to be asked.
fn question(kind: SignInKind, pages: &[Page]) -> Question {
    Question::Pages { kind, pages: Candidates::first(LISTED, pages.iter()) }
}

/// One only: yes or no is the whole question.
async fn confirm_only(
    ui: &Ui,
    kind: SignInKind,
    pages: Vec<Page>,
    connected: &[Channel],
) -> Result<Vec<Page>> {
    let [page] = pages.as_slice() else { return Err(Failure::NothingCovered { kind }.into()) };
    let verb = if channel_of(kind, page, connected).is_some() { "Reconnect" } else { "Connect" };
    let asked = format!("{verb} the only {}, {} ({})?", kind.noun(), text::name(&page.name), page.channel_id);
    match answered(ui.confirm(&asked, true).await, question(kind, &pages))? {
        true => Ok(pages),
        false => Err(Failure::Cancelled(Cancelled::NothingConnected).into()),
    }
}

/// The picker. The batch behind the one on the screen is fetched while that one is looked at.
async fn pick_pages(
    ui: &Ui,
    kind: SignInKind,
    mut listing: Listing<'_>,
    first: Vec<Page>,
    connected: &[Channel],
) -> Result<Vec<Page>> {
    let item = |page: &Page| Item {
        id: page.channel_id.clone(),
        name: page.name.clone(),
        mark: channel_of(kind, page, connected).map(|channel| {
            let state = if channel.is_disconnected() { "disconnected" } else { "connected" };
            state.to_owned()
        }),
        ticked: false,
    };
    let (send, events) = mpsc::channel(2);
    let (wanted, mut asks) = mpsc::channel(1);
    let feed = (!listing.is_at_end()).then_some(Feed { events, wanted });
    let picker = Picker {
        title: format!("Which {}s should be connected?", kind.noun()),
        noun: nouns(kind),
        items: first.iter().map(item).collect(),
        feed,
    };
    let pages = RefCell::new(first);
    let feeding = async {
        while !listing.is_at_end() {
            // Fetched ahead: the next batch is on its way before it is asked for.
            let batch = listing.next().await;
            if asks.recv().await.is_none() {
                break;
            }
            let event = match batch {
                Ok(batch) => {
                    let batch = batch.unwrap_or_default();
                    let items = batch.iter().map(item).collect();
                    pages.borrow_mut().extend(batch);
                    FeedEvent::Items(items)
                }
                Err(error) => FeedEvent::Failed(format!("{error:#}")),
            };
            if send.send(event).await.is_err() {
                break;
            }
        }
        let _ = send.send(FeedEvent::End).await;
        std::future::pending::<()>().await;
    };
    let chosen = tokio::select! {
        chosen = ui.pick(picker) => picked(chosen, || question(kind, &pages.borrow()))?,
        () = feeding => Vec::new(),
    };
    let pages = pages.into_inner();
    Ok(chosen.into_iter().filter_map(|index| pages.get(index).cloned()).collect())
}

/// The channel of that Page or account, where it has one.
fn channel_of<'a>(kind: SignInKind, page: &Page, channels: &'a [Channel]) -> Option<&'a Channel> {
    channels.iter().find(|channel| channel.is_of(kind, &page.channel_id))
}

fn nouns(kind: SignInKind) -> (&'static str, &'static str) {
    match kind {
        SignInKind::Messenger => ("Page", "Pages"),
        SignInKind::Instagram => ("account", "accounts"),
    }
}
