//! Options or picker -> the Pages or channels meant.

use std::cell::RefCell;

use anyhow::{Context as _, Result};
use tokio::sync::mpsc;

use super::authorize::SignedIn;
use super::failure::{Failure, answered};
use super::listing::{Listing, channels, channels_of};
use crate::api::{Api, ChannelFilter};
use crate::interrupt::Signal;
use crate::types::{Channel, ChannelDbId, Kind, Page};
use crate::ui::{Feed, FeedEvent, Item, PickError, Picker, Ui};

/// How many are listed in an error that says what there is to choose from.
const LISTED: usize = 30;
/// So many ids are read one by one; more are looked for in the list of all.
const READ_SINGLY: usize = 8;

/// Which Pages or accounts are meant.
pub enum PageChoice {
    /// These: exact ids, or exact names that only one has.
    Named(Vec<String>),
    /// Whatever the sign-in covers.
    All,
    /// Ask.
    Ask,
}

/// Which channels are meant.
pub enum ChannelChoice {
    /// These: `_id`s, or exact names that only one has.
    Named(Vec<String>),
    /// All of the kind.
    All,
    /// Those that have come loose.
    Disconnected,
    /// Ask.
    Ask,
}

/// The Pages meant, and the channels of the kind as they are, read at the same time.
pub async fn pages_meant(
    api: &Api,
    ui: &Ui,
    kind: Kind,
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

/// The channels meant. No sign-in is needed to find them.
pub async fn channels_meant(api: &Api, ui: &Ui, kind: Kind, choice: ChannelChoice) -> Result<Vec<Channel>> {
    let progress = ui.spinner("Listing channels");
    match choice {
        ChannelChoice::All => channels_of(api, kind).await,
        ChannelChoice::Disconnected => {
            let mut found = channels_of(api, kind).await?;
            found.retain(|channel| !channel.is_connected);
            Ok(found)
        }
        ChannelChoice::Named(wanted) => {
            let mut found = by_ids_or_names(api, &wanted).await?;
            if let Some(other) = found.iter().find(|channel| channel.channel_type != kind.as_str()) {
                let (id, is) = (&other.id, &other.channel_type);
                let message = format!("channel {id} ({}) is a {is} channel, not {kind}", other.name);
                let hint = format!("`socialchat-cli reconnect {is} {id}`");
                return Err(Failure::Usage { message, hint }.into());
            }
            let mut seen = std::collections::HashSet::new();
            found.retain(|channel| seen.insert(channel.id.clone()));
            Ok(found)
        }
        ChannelChoice::Ask => {
            let found = channels_of(api, kind).await?;
            drop(progress);
            if found.is_empty() {
                return Ok(found);
            }
            pick_channels(ui, kind, found).await
        }
    }
}

/// The channel with this `_id`, or with this exact name when only one has it.
pub async fn channel_named(api: &Api, text: &str) -> Result<Channel> {
    if ChannelDbId::looks_like(text)
        && let Ok(id) = text.to_ascii_lowercase().parse()
    {
        return match api.channel(&id).await? {
            Some(channel) => Ok(channel),
            None => Err(Failure::NoSuchChannel { id: text.to_owned(), near: Vec::new() }.into()),
        };
    }
    let mut found = Vec::new();
    let filter = ChannelFilter { search: Some(text.to_owned()), types: Vec::new() };
    channels(api, &filter, |batch| {
        found.extend(batch);
        Ok(found.len() < 1000)
    })
    .await?;
    let is_it = |channel: &Channel| channel.name == text || channel.channel_id.as_deref() == Some(text);
    let exact = found.iter().filter(|channel| is_it(channel)).count();
    if exact == 1 {
        found.retain(is_it);
        return found.pop().context("the list changed while it was read");
    }
    let near = |channel: &Channel| format!("{} ({}, {})", channel.id, channel.name, channel.channel_type);
    let shown =
        found.iter().filter(|channel| exact == 0 || is_it(channel)).take(5).map(near).collect::<Vec<_>>();
    if exact > 1 {
        let message = format!("{exact} channels are called {text:?}");
        let hint = format!("give the _id: {}", shown.join(", "));
        return Err(Failure::Usage { message, hint }.into());
    }
    Err(Failure::NoSuchChannel { id: text.to_owned(), near: shown }.into())
}

async fn by_ids_or_names(api: &Api, wanted: &[String]) -> Result<Vec<Channel>> {
    if wanted.len() <= READ_SINGLY || !wanted.iter().all(|text| ChannelDbId::looks_like(text)) {
        return futures_util::future::try_join_all(wanted.iter().map(|text| channel_named(api, text))).await;
    }
    let mut found = std::collections::HashMap::new();
    channels(api, &ChannelFilter::default(), |batch| {
        found.extend(batch.into_iter().map(|channel| (channel.id.to_string(), channel)));
        Ok(true)
    })
    .await?;
    let missing = |id: &str| Failure::NoSuchChannel { id: id.to_owned(), near: Vec::new() };
    let get = |text: &String| {
        let id = text.to_ascii_lowercase();
        found.get(&id).cloned().ok_or_else(|| missing(text).into())
    };
    wanted.iter().map(get).collect()
}

fn all_ids_in(wanted: &[String], pages: &[Page]) -> bool {
    wanted.iter().all(|id| pages.iter().any(|page| page.channel_id == *id))
}

/// The Pages with these ids, or with these names when only one has it. Guesses nothing.
fn named(kind: Kind, wanted: &[String], pages: Vec<Page>) -> Result<Vec<Page>> {
    let mut chosen: Vec<Page> = Vec::new();
    for text in wanted {
        let by_id = pages.iter().find(|page| page.channel_id == *text);
        let by_name: Vec<&Page> = pages.iter().filter(|page| page.name == *text).collect();
        let page = match (by_id, by_name.as_slice()) {
            (Some(page), _) => page,
            (None, [page]) => page,
            (None, []) => {
                let message = format!("the sign-in covers no {} {text:?}", kind.noun());
                return Err(Failure::Usage { message, hint: choices(&pages) }.into());
            }
            (None, several) => {
                let message = format!("{} {}s are called {text:?}: give the id", several.len(), kind.noun());
                let several: Vec<Page> = several.iter().map(|page| (*page).clone()).collect();
                return Err(Failure::Usage { message, hint: choices(&several) }.into());
            }
        };
        if !chosen.contains(page) {
            chosen.push(page.clone());
        }
    }
    Ok(chosen)
}

fn nobody_to_ask(kind: Kind, pages: &[Page]) -> anyhow::Error {
    let question = format!("which {}s are meant has to be asked, and nobody can be asked here", kind.noun());
    let options = format!("--all, or --page with one of these: {}", choices(pages));
    Failure::NoInput { question, options }.into()
}

fn choices(pages: &[Page]) -> String {
    let shown: Vec<String> =
        pages.iter().take(LISTED).map(|page| format!("{} ({})", page.channel_id, page.name)).collect();
    let more = pages.len().saturating_sub(LISTED);
    let more =
        if more > 0 { format!(" and {more} more (`socialchat-cli pages` lists all)") } else { String::new() };
    shown.join(", ") + &more
}

/// One only: yes or no is the whole question.
async fn confirm_only(ui: &Ui, kind: Kind, pages: Vec<Page>, connected: &[Channel]) -> Result<Vec<Page>> {
    let [page] = pages.as_slice() else { return Err(Failure::NothingCovered { kind }.into()) };
    let verb = if is_connected(kind, page, connected) { "Reconnect" } else { "Connect" };
    let question = format!("{verb} the only {}, {} ({})?", kind.noun(), page.name, page.channel_id);
    match answered(ui.confirm(&question, true).await, &question, "--all or --page ID")? {
        true => Ok(pages),
        false => Err(Failure::Cancelled("nothing was connected".to_owned()).into()),
    }
}

/// The picker. The batch behind the one on the screen is fetched while that one is looked at.
async fn pick_pages(
    ui: &Ui,
    kind: Kind,
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
        chosen = ui.pick(picker) => picked(chosen, kind)?,
        () = feeding => Vec::new(),
    };
    let pages = pages.into_inner();
    Ok(chosen.into_iter().filter_map(|index| pages.get(index).cloned()).collect())
}

async fn pick_channels(ui: &Ui, kind: Kind, mut channels: Vec<Channel>) -> Result<Vec<Channel>> {
    // Those that need it stand first.
    channels.sort_by_key(|channel| channel.is_connected);
    let items = channels.iter().map(|channel| Item {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        mark: (!channel.is_connected).then(|| "disconnected".to_owned()),
        ticked: !channel.is_connected,
    });
    let title = format!("Which {} channels should be reconnected?", kind.title());
    let picker = Picker { title, noun: ("channel", "channels"), items: items.collect(), feed: None };
    let chosen = match ui.pick(picker).await {
        Err(PickError::Unasked) => {
            let question =
                "which channels are meant has to be asked, and nobody can be asked here".to_owned();
            let options =
                "give their ids, --disconnected or --all (`socialchat-cli channels list` shows them)";
            return Err(Failure::NoInput { question, options: options.to_owned() }.into());
        }
        chosen => picked(chosen, kind)?,
    };
    Ok(chosen.into_iter().filter_map(|index| channels.get(index).cloned()).collect())
}

fn picked(chosen: Result<Vec<usize>, PickError>, kind: Kind) -> Result<Vec<usize>> {
    match chosen {
        Ok(chosen) => Ok(chosen),
        Err(PickError::Cancelled) => {
            Err(Failure::Cancelled("nothing was chosen, and nothing changed".to_owned()).into())
        }
        Err(PickError::Interrupted) => Err(Failure::Interrupted(Signal::Interrupt).into()),
        Err(PickError::Unasked) => {
            let question =
                format!("which {}s are meant has to be asked, and nobody can be asked here", kind.noun());
            Err(Failure::NoInput { question, options: "--all or --page ID".to_owned() }.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn is_connected(kind: Kind, page: &Page, connected: &[Channel]) -> bool {
    connected.iter().any(|channel| channel.is_of(kind, &page.channel_id))
}

fn nouns(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Messenger => ("Page", "Pages"),
        Kind::Instagram => ("account", "accounts"),
    }
}
