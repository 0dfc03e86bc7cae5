//! `GET /integrations`: read page by page, whatever a server takes `limit` and `offset` for.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::client::Qontak;
use super::integration::{self, targets};
use super::place::Place;
use crate::http::{ApiError, Unread};
use crate::platform::{Batch, Cursor, Identity};
use crate::types::{Channel, ChannelDbId, ChannelFilter, ChannelKind, Entry, Request};

/// So many integrations are asked for at a time.
pub(super) const A_PAGE: usize = 100;

/// A page as it came.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The id of each entry, of those that can't be used too.
    pub ids: Vec<String>,
    pub(super) channels: Vec<Channel>,
    pub total: Option<u64>,
    /// How many a page holds, as the API says it.
    pub limit: Option<u64>,
}

impl Qontak {
    /// Which generation it is. Costs one request.
    pub async fn identity(&self) -> Result<Identity, ApiError> {
        self.page_at(1, Some(1), &ChannelFilter::default()).await?;
        Ok(Identity { generation: self.generation, account: None })
    }

    /// The next integrations that the filter lets through; the server's own filters are not trusted. Pages without any are
    /// passed over.
    pub async fn channels(&self, filter: &ChannelFilter, at: Option<Cursor>) -> Result<Batch, ApiError> {
        let mut place = at.and_then(|at| at.0.parse().ok()).unwrap_or_default();
        loop {
            let mut page = self.page_of(&place, filter).await?;
            let step = place.after(&page).map_err(unreadable)?;
            page.channels.retain(|channel| !step.is_repeated(channel.id.as_str()));
            if step.lacks_first {
                let first = self.page_at(A_PAGE, None, filter).await?;
                let before =
                    first.channels.into_iter().take_while(|channel| channel.id.as_str() != place.first());
                page.channels.extend(before);
            }
            let count = page.channels.len();
            page.channels.retain(|channel| lets_through(filter, channel));
            // A total counts what the server lets through.
            let is_all = filter.search.is_none() && count == page.channels.len();
            let total = page.total.filter(|_| is_all);
            let Some(next) = step.next else {
                return Ok(Batch { channels: page.channels, total, next: None });
            };
            if !page.channels.is_empty() {
                return Ok(Batch { channels: page.channels, total, next: Some(Cursor(next.to_string())) });
            }
            place = next;
        }
    }

    /// `GET /integrations/{id}`. Where that is unknown, the list tells: the older generation may have no such call.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        match self.read(id).await {
            Ok(None) => self.listed(id).await,
            found => found,
        }
    }

    /// `GET /integrations/{id}` alone; none where it answers 404. An answer about another one is an error.
    pub async fn read(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        let call = self.http.get(&["integrations", id.as_str()], Request::ReadChannel(id.clone()));
        let read = call.read(|mut fields| {
            let Some(Value::Object(data)) = fields.remove("data") else { return Err(missing("data")) };
            let channel = integration::channel(data).ok_or_else(|| missing("data.id"))?;
            match channel.id.as_str().eq_ignore_ascii_case(id.as_str()) {
                true => Ok(channel),
                false => Err(Unread::OtherChannel { id: Some(channel.id) }),
            }
        });
        match read.await {
            Ok(channel) => Ok(Some(channel)),
            Err(error) if error.status() == Some(404) && !error.is_web_page() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn listed(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        let mut at = None;
        loop {
            let batch = self.channels(&ChannelFilter::default(), at).await?;
            let mut found = batch.channels.into_iter();
            let found = found.find(|channel| channel.id.as_str().eq_ignore_ascii_case(id.as_str()));
            if found.is_some() || batch.next.is_none() {
                return Ok(found);
            }
            at = batch.next;
        }
    }

    async fn page_of(&self, place: &Place, filter: &ChannelFilter) -> Result<Page, ApiError> {
        let page = self.page_at(A_PAGE, Some(place.offset()), filter).await?;
        match page.ids.is_empty() && place.is_first() && page.total != Some(0) {
            // It takes `offset` for how many to leave out, and has no more than that.
            true => self.page_at(A_PAGE, None, filter).await,
            false => Ok(page),
        }
    }

    /// No parameter has a character that must be encoded: what is signed and what is sent would differ at some servers. So
    /// names are looked for here and not by `query`.
    async fn page_at(
        &self,
        limit: usize,
        offset: Option<u64>,
        filter: &ChannelFilter,
    ) -> Result<Page, ApiError> {
        let mut call = self.http.get(&["integrations"], Request::ListChannels);
        if let [kind] = filter.kinds.as_slice()
            && let [target] = targets(kind)
        {
            call = call.query("target_channel", target);
        }
        call = call.query("limit", &limit.to_string());
        if let Some(offset) = offset {
            call = call.query("offset", &offset.to_string());
        }
        call.read(|fields| self.page(fields, offset)).await
    }

    fn page(&self, mut fields: Map<String, Value>, offset: Option<u64>) -> Result<Page, Unread> {
        let Some(Value::Array(data)) = fields.remove("data") else { return Err(missing("data")) };
        let pagination = fields.get("meta").and_then(|meta| meta.get("pagination"));
        let number = |name: &str| pagination.and_then(|pagination| pagination.get(name)?.as_u64());
        let mut page = Page { total: number("total"), limit: number("limit"), ..Page::default() };
        let mut known = HashSet::new();
        for (index, entry) in data.into_iter().enumerate() {
            let channel = match entry {
                Value::Object(fields) => integration::channel(fields),
                _ => None,
            };
            page.ids.push(channel.as_ref().map(|channel| channel.id.to_string()).unwrap_or_default());
            match channel {
                // One record that comes twice is one channel.
                Some(channel) if !known.insert(channel.id.clone()) => {}
                Some(channel) => page.channels.push(channel),
                None => {
                    let place = format!("offset {}, data[{index}].id", offset.unwrap_or(1));
                    self.http.leave_out(Entry::Channel, &place);
                }
            }
        }
        // One odd entry is no reason to refuse the others; where not one of several has its id, this is another document.
        match page.channels.is_empty() && page.ids.len() > 1 {
            true => Err(missing("data[0].id")),
            false => Ok(page),
        }
    }
}

fn unreadable(cause: Unread) -> ApiError {
    ApiError::unreadable(Request::ListChannels, cause)
}

fn missing(field: &str) -> Unread {
    Unread::Missing { field: field.to_owned() }
}

/// Whether the filter lets it through: by its kind, and by text in its name.
fn lets_through(filter: &ChannelFilter, channel: &Channel) -> bool {
    // Whoever wants any of WhatsApp's means what there is of it here.
    let is_of = |kind: &ChannelKind| {
        *kind == channel.kind
            || *kind == ChannelKind::WhatsappUnofficial && channel.kind == ChannelKind::WhatsappOfficial
    };
    let is_named = |text: &String| channel.name.to_lowercase().contains(&text.to_lowercase());
    (filter.kinds.is_empty() || filter.kinds.iter().any(is_of)) && filter.search.as_ref().is_none_or(is_named)
}
