//! Following a listing to its end: the one place that loops over batches.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use anyhow::Result;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;
use serde_json::{Map, Value};

use crate::failure::{Endless, Failure};
use crate::platform::socialchat::{Batch, Socialchat};
use crate::platform::tendarts;
use crate::platform::{Platform, Reason};
use crate::types::{Channel, ChannelFilter, Page, Secret, SignInKind};

/// More batches than any estate has: a listing without end.
const MOST_BATCHES: usize = 20_000;
/// So many batches in a row without anything new are a circle.
const MOST_IDLE_BATCHES: usize = 20;
/// More than that is no listing, and the memory has to hold it.
const MOST_BYTES: usize = 64 << 20;
/// So much of large pages of channels is read at most, kept or not. Pages as they should be are counted by number.
const MOST_OF_LARGE_PAGES: usize = 512 << 20;
/// How many channels are asked for at a time.
pub(super) const CHANNELS_A_PAGE: u64 = 100;
/// How many pages of channels are fetched at the same time.
const CHANNEL_PAGES_AHEAD: usize = 8;

/// What a token covers, batch by batch.
pub struct Listing<'a> {
    api: &'a Socialchat,
    kind: SignInKind,
    token: &'a Secret,
    next: Next,
    offsets: HashSet<String>,
    ids: HashSet<String>,
    batches: usize,
    bytes: usize,
    idle: usize,
}

enum Next {
    First,
    At(String),
    End,
}

impl<'a> Listing<'a> {
    /// Nothing is asked until the first batch is.
    pub fn new(api: &'a Socialchat, kind: SignInKind, token: &'a Secret) -> Self {
        Listing {
            api,
            kind,
            token,
            next: Next::First,
            offsets: HashSet::new(),
            ids: HashSet::new(),
            batches: 0,
            bytes: 0,
            idle: 0,
        }
    }

    /// The next batch without what was listed before; none at the end. Refuses an offset that was there
    /// before, and a listing that brings nothing new or no end.
    pub async fn next(&mut self) -> Result<Option<Vec<Page>>> {
        let offset = match &self.next {
            Next::End => return Ok(None),
            Next::First => None,
            Next::At(offset) => Some(offset.as_str()),
        };
        // Until it has come, the place stays: after a failure the same batch can be asked for again.
        let batch = self.api.accounts(self.kind, self.token, offset).await?;
        self.next = self.after(&batch)?;
        let pages: Vec<Page> =
            batch.pages.into_iter().filter(|page| self.ids.insert(page.channel_id.clone())).collect();
        self.idle = if pages.is_empty() { self.idle + 1 } else { 0 };
        self.batches += 1;
        self.bytes += pages.iter().map(page_size).sum::<usize>();
        let more = matches!(self.next, Next::At(_));
        if more && (self.idle >= MOST_IDLE_BATCHES || self.batches >= MOST_BATCHES) {
            return Err(self.endless(Endless::AlwaysMore));
        }
        if self.bytes > MOST_BYTES {
            return Err(self.endless(Endless::Large { mib: 64 }));
        }
        Ok(Some(pages))
    }

    /// Whether the last batch has come.
    pub fn is_at_end(&self) -> bool {
        matches!(self.next, Next::End)
    }

    /// Everything; `count` is told how many there are after each batch.
    pub async fn all(mut self, count: impl FnMut(usize)) -> Result<Vec<Page>> {
        self.until(|_| false, count).await
    }

    /// Likewise, as far as it takes until `enough` says so.
    pub async fn until(
        &mut self,
        enough: impl Fn(&[Page]) -> bool,
        mut count: impl FnMut(usize),
    ) -> Result<Vec<Page>> {
        let mut pages = Vec::new();
        while let Some(batch) = self.next().await? {
            pages.extend(batch);
            count(pages.len());
            if enough(&pages) {
                break;
            }
        }
        Ok(pages)
    }

    fn after(&mut self, batch: &Batch) -> Result<Next> {
        if !batch.has_more() {
            return Ok(Next::End);
        }
        let Some(offset) = batch.next() else {
            return Err(self.endless(Endless::NoOffset));
        };
        if !self.offsets.insert(offset.to_owned()) {
            return Err(self.endless(Endless::SameOffset));
        }
        Ok(Next::At(offset.to_owned()))
    }

    fn endless(&self, cause: Endless) -> anyhow::Error {
        Failure::Endless { kind: self.kind, cause, listed: self.ids.len() }.into()
    }
}

/// What a Page takes in memory, with its id once more among those that were listed.
fn page_size(page: &Page) -> usize {
    let picture = page.picture.as_ref().map_or(0, String::len);
    size_of::<Page>() + page.name.len() + 2 * page.channel_id.len() + picture
}

/// All channels that the filter lets through, as far as the platform filters by itself. `batch` gets them in order, as they
/// come, and says whether it wants more. What it keeps of them it counts in [`Kept`].
pub async fn channels(
    api: &Platform,
    filter: &ChannelFilter,
    mut batch: impl FnMut(Vec<Channel>) -> Result<bool>,
) -> Result<()> {
    counted_channels(api, filter, |channels, _| batch(channels)).await
}

/// What the API tells of a listing beside the channels.
#[derive(Clone, Copy)]
pub struct Told {
    /// How many the filter lets through, where it says so.
    pub total: Option<u64>,
    /// Whether nothing follows.
    pub is_last: bool,
}

/// Likewise; `batch` gets what the API tells of the listing with each page.
pub async fn counted_channels(
    api: &Platform,
    filter: &ChannelFilter,
    batch: impl FnMut(Vec<Channel>, Told) -> Result<bool>,
) -> Result<()> {
    match api {
        Platform::Socialchat(api) => pages_of_channels(api, filter, batch).await,
        other => one_after_another(other, filter, batch).await,
    }
}

/// Batch by batch, each from where the one before it ended. Refuses a place that was there before, and a list that brings
/// nothing new or no end.
async fn one_after_another(
    api: &Platform,
    filter: &ChannelFilter,
    mut batch: impl FnMut(Vec<Channel>, Told) -> Result<bool>,
) -> Result<()> {
    let (mut at, mut places, mut seen, mut idle) = (None, HashSet::new(), HashSet::new(), 0);
    let most = if let Platform::Tendarts(_) = api { tendarts::MOST_PAGES } else { MOST_BATCHES };
    for _ in 0..most {
        let next = api.channels(filter, at).await?;
        let is_new = seen.insert(fingerprint(&next.channels)) && !next.channels.is_empty();
        idle = if is_new { 0 } else { idle + 1 };
        let told = Told { total: next.total, is_last: next.next.is_none() };
        if !batch(next.channels, told)? {
            return Ok(());
        }
        let Some(place) = next.next else { return Ok(()) };
        if !places.insert(place.clone()) {
            return Err(endless(Endless::SameOffset));
        }
        if idle >= MOST_IDLE_BATCHES {
            return Err(endless(Endless::AlwaysMore));
        }
        at = Some(place);
    }
    Err(endless(Endless::AlwaysMore))
}

/// Several pages at a time.
async fn pages_of_channels(
    api: &Socialchat,
    filter: &ChannelFilter,
    mut batch: impl FnMut(Vec<Channel>, Told) -> Result<bool>,
) -> Result<()> {
    let first = api.channels(1, CHANNELS_A_PAGE, filter).await?;
    let mut seen = HashSet::from([fingerprint(&first.channels)]);
    let (total, has_more) = (first.total_pages, first.has_more(1));
    if !batch(first.channels, Told { total: first.total, is_last: !has_more })? || !has_more {
        return Ok(());
    }
    // Where the number of pages isn't said, or can't be right, each is asked for when the one before it has come.
    let most = MOST_BATCHES as u64;
    let (mut last, mut ahead) = match total {
        Some(total @ 2..) => (total.min(most), CHANNEL_PAGES_AHEAD),
        _ => (most, 1),
    };
    let mut numbers = 2..=last;
    let mut under_way = FuturesOrdered::new();
    let (mut large, mut read) = (false, 0);
    loop {
        while under_way.len() < ahead
            && let Some(page) = numbers.next()
        {
            under_way.push_back(async move {
                let next = match large {
                    true => api.channels(page, CHANNELS_A_PAGE, filter).await,
                    false => api.thin_page_of_channels(page, CHANNELS_A_PAGE, filter).await,
                };
                (page, next)
            });
        }
        let Some((page, next)) = under_way.next().await else { break };
        let next = match next {
            // Eight large pages at the same time would fill the memory: from here on they come one by one.
            Err(error) if !large && matches!(error.reason, Reason::Unreadable { .. }) => {
                (large, ahead, numbers) = (true, 1, page..=last);
                under_way.clear();
                continue;
            }
            next => next?,
        };
        let has_more = next.has_more(page) && !next.is_empty;
        if has_more && !seen.insert(fingerprint(&next.channels)) {
            return Err(endless(Endless::SamePage));
        }
        if large {
            read += next.channels.iter().map(size).sum::<usize>();
        }
        if read > MOST_OF_LARGE_PAGES {
            return Err(endless(Endless::Large { mib: 512 }));
        }
        if !batch(next.channels, Told { total: next.total, is_last: !has_more })? || !has_more {
            return Ok(());
        }
        if page == last {
            (last, ahead, numbers) = (most, 1, page + 1..=most);
        }
    }
    Err(endless(Endless::AlwaysMore))
}

fn endless(cause: Endless) -> anyhow::Error {
    Failure::EndlessChannels { cause }.into()
}

/// What a command keeps of a list of channels, counted: one without end must not fill the memory.
#[derive(Default)]
pub struct Kept(usize);

impl Kept {
    /// Counts a channel that is kept whole. Fails where all that is kept would be larger than 64 MiB.
    pub fn whole(&mut self, channel: &Channel) -> Result<()> {
        self.count(size(channel))
    }

    /// Counts one of which no more than its name, ids and times are kept, and fails likewise.
    pub fn slim(&mut self, channel: &Channel) -> Result<()> {
        let times = ["createdAt", "updatedAt", "disconnectedAt"];
        let times: usize = times.iter().filter_map(|field| channel.text(field)).map(str::len).sum();
        self.count(slim_size(channel) + times)
    }

    fn count(&mut self, bytes: usize) -> Result<()> {
        self.0 += bytes;
        if self.0 > MOST_BYTES { Err(endless(Endless::Large { mib: 64 })) } else { Ok(()) }
    }
}

/// What a channel takes in memory, about.
fn size(channel: &Channel) -> usize {
    slim_size(channel) + fields_size(&channel.rest)
}

fn slim_size(channel: &Channel) -> usize {
    let texts = [channel.id.as_str(), &channel.name, channel.kind.as_str()];
    let texts = texts.map(str::len).iter().sum::<usize>();
    size_of::<Channel>() + texts + channel.channel_id.as_ref().map_or(0, String::len)
}

fn fields_size(fields: &Map<String, Value>) -> usize {
    fields.iter().map(|(name, value)| size_of::<String>() + name.len() + value_size(value)).sum()
}

fn value_size(value: &Value) -> usize {
    let further = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(value_size).sum(),
        Value::Object(fields) => fields_size(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + further
}

/// Tells a page of channels from others, in little memory.
fn fingerprint(channels: &[Channel]) -> u64 {
    let mut hasher = DefaultHasher::new();
    channels.iter().for_each(|channel| channel.id.hash(&mut hasher));
    hasher.finish()
}

/// The channel with these of its further fields alone: ten thousand take a few megabytes so.
pub fn slim(mut channel: Channel, fields: &[&str]) -> Channel {
    channel.rest = fields.iter().filter_map(|field| channel.rest.remove_entry(*field)).collect();
    channel
}

/// The channels of one kind, those that a Page or account can be matched with. Of their further fields only
/// `updatedAt` is kept, which shows whether a reconnect was carried out, and `disconnectedAt`.
pub async fn channels_of(api: &Platform, kind: SignInKind) -> Result<Vec<Channel>> {
    let filter = ChannelFilter { search: None, kinds: vec![kind.into()] };
    let (mut found, mut kept) = (Vec::new(), Kept::default());
    channels(api, &filter, |batch| {
        // A server that doesn't know the filter sends all kinds.
        for channel in batch.into_iter().filter(|channel| channel.kind == kind) {
            let channel = slim(channel, &["updatedAt", "disconnectedAt"]);
            kept.whole(&channel)?;
            found.push(channel);
        }
        Ok(true)
    })
    .await?;
    Ok(found)
}
