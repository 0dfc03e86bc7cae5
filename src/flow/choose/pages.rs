//! Which Pages or accounts are meant: options, or the picker.

use std::cell::RefCell;

use anyhow::Result;
use tokio::sync::mpsc;

use super::picked;
use crate::failure::{Failure, answered};
use crate::flow::authorize::SignedIn;
use crate::flow::listing::{Listing, channels_of};
use crate::platform::socialchat::Api;
use crate::types::{Channel, Page, SignInKind, typed};
use crate::ui::{Feed, FeedEvent, Item, Picker, Ui, text};

/// How many are listed in an error that says what there is to choose from.
const LISTED: usize = 30;

/// Which Pages or accounts are meant.
pub enum PageChoice {
    /// These: exact ids, or exact names that only one has.
    Named(Vec<String>),
    /// Whatever the sign-in covers.
    All,
    /// Ask.
    Ask,
}

/// The Pages meant, and the channels of the kind as they are, read at the same time.
pub async fn pages_meant(
    api: &Api,
    ui: &Ui,
    kind: SignInKind,
    signed_in: &mut SignedIn,
    choice: PageChoice,
) -> Result<(Vec<Page>, Vec<Channel>)> {
    let token = signed_in.token.clone();
    let mut listing = Listing::new(api, kind, &token);
    let progress = ui.spinner(&format!("Listing {}s", kind.noun()));
    let count = |count: usize| progress.set_text(&format!("Listing {}s: {count}", kind.noun()));
    if matches!(choice, PageChoice::Ask) && ui.interactive() {
        let (first, connected) = tokio::try_join!(listing.next(), channels_of(api, kind))?;
        drop(progress);
        signed_in.callback_is_back().await;
        let first = first.unwrap_or_default();
        let pages = if first.len() <= 1 && listing.is_at_end() {
            confirm_only(ui, kind, first, &connected).await?
        } else {
            pick_pages(ui, kind, listing, first, &connected).await?
        };
        return Ok((pages, connected));
    }
    let (pages, connected) = match &choice {
        PageChoice::Named(wanted) => {
            tokio::try_join!(listing.until(|pages| all_ids_in(wanted, pages), count), channels_of(api, kind))?
        }
        PageChoice::All | PageChoice::Ask => tokio::try_join!(listing.all(count), channels_of(api, kind))?,
    };
    drop(progress);
    if pages.is_empty() {
        return Err(Failure::NothingCovered { kind }.into());
    }
    let pages = match choice {
        PageChoice::All => pages,
        PageChoice::Named(wanted) => named(kind, &wanted, pages)?,
        PageChoice::Ask => return Err(nobody_to_ask(kind, &pages)),
    };
    Ok((pages, connected))
}

fn all_ids_in(wanted: &[String], pages: &[Page]) -> bool {
    wanted.iter().all(|id| pages.iter().any(|page| page.channel_id == *id))
}

/// The Pages with these ids, or with these names when only one has it. Guesses nothing.
fn named(kind: SignInKind, wanted: &[String], pages: Vec<Page>) -> Result<Vec<Page>> {
    let mut chosen: Vec<Page> = Vec::new();
    for text in wanted {
        let by_id = pages.iter().find(|page| page.channel_id == *text);
        let by_name: Vec<&Page> = pages.iter().filter(|page| page.name == *text).collect();
        let page = match (by_id, by_name.as_slice()) {
            (Some(page), _) => page,
            (None, [page]) => page,
            (None, []) => {
                let message = format!("the sign-in covers no {} {}", kind.noun(), typed::shown(text));
                return Err(Failure::Usage { message, hint: choices(kind, &pages) }.into());
            }
            (None, several) => {
                let message = format!("{} {}s are called {text:?}: give the id", several.len(), kind.noun());
                let several: Vec<Page> = several.iter().map(|page| (*page).clone()).collect();
                return Err(Failure::Usage { message, hint: choices(kind, &several) }.into());
            }
        };
        if !chosen.contains(page) {
            chosen.push(page.clone());
        }
    }
    Ok(chosen)
}

fn nobody_to_ask(kind: SignInKind, pages: &[Page]) -> anyhow::Error {
    let question = format!("which {}s are meant has to be asked, and nobody can be asked here", kind.noun());
    let options = format!("--all, or {}", choices(kind, pages));
    Failure::NoInput { question, options }.into()
}

/// The option, and what can stand behind it.
fn choices(kind: SignInKind, pages: &[Page]) -> String {
    let shown: Vec<String> =
        pages.iter().take(LISTED).map(|page| format!("{} ({})", page.channel_id, page.name)).collect();
    let more = match pages.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more (`socialchat-cli pages {kind}` lists all)"),
    };
    format!("--page with one of these: {}{more}", shown.join(", "))
}

/// One only: yes or no is the whole question.
async fn confirm_only(
    ui: &Ui,
    kind: SignInKind,
    pages: Vec<Page>,
    connected: &[Channel],
) -> Result<Vec<Page>> {
    let [page] = pages.as_slice() else { return Err(Failure::NothingCovered { kind }.into()) };
    let verb = if is_connected(kind, page, connected) { "Reconnect" } else { "Connect" };
    let question =
        format!("{verb} the only {}, {} ({})?", kind.noun(), text::name(&page.name), page.channel_id);
    match answered(ui.confirm(&question, true).await, &question, "--all or --page ID")? {
        true => Ok(pages),
        false => Err(Failure::Cancelled("nothing was connected".to_owned()).into()),
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
        mark: is_connected(kind, page, connected).then(|| "connected".to_owned()),
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
        chosen = ui.pick(picker) => picked(chosen, || nobody_to_ask(kind, &pages.borrow()))?,
        () = feeding => Vec::new(),
    };
    let pages = pages.into_inner();
    Ok(chosen.into_iter().filter_map(|index| pages.get(index).cloned()).collect())
}

fn is_connected(kind: SignInKind, page: &Page, connected: &[Channel]) -> bool {
    connected.iter().any(|channel| channel.is_of(kind, &page.channel_id))
}

fn nouns(kind: SignInKind) -> (&'static str, &'static str) {
    match kind {
        SignInKind::Messenger => ("Page", "Pages"),
        SignInKind::Instagram => ("account", "accounts"),
    }
}
