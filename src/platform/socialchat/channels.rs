//! The channels that are connected, of every kind.

use super::answer;
use super::client::Socialchat;
use crate::http::{ApiError, Limits, Unread};
use crate::platform::{Batch, Cursor};
use crate::types::typed::may_be_secret;
use crate::types::{Channel, ChannelDbId, ChannelFilter, ChannelKind, Request, Secret, as_yes_or_no};

/// A page of a hundred as it should be, several times over.
const THIN_PAGE: Limits = Limits { bytes: 1 << 20, values: 20_000 };

/// One page of the listing.
#[derive(Debug)]
pub struct ChannelBatch {
    /// The channels of this page, without those that can't be used.
    pub channels: Vec<Channel>,
    /// How many channels the filter lets through, where the API says it.
    pub total: Option<u64>,
    /// How many pages there are in all, where the API says it.
    pub total_pages: Option<u64>,
    has_next_page: Option<bool>,
    /// Whether the API sent nothing at all.
    pub is_empty: bool,
}

impl ChannelBatch {
    /// Whether a further page follows page number `page`.
    pub fn has_more(&self, page: u64) -> bool {
        self.has_next_page.unwrap_or_else(|| self.total_pages.is_some_and(|total| page < total))
    }
}

impl Socialchat {
    /// A page of a hundred from the beginning, or the one that the cursor names by its number.
    pub async fn batch(&self, filter: &ChannelFilter, at: Option<Cursor>) -> Result<Batch, ApiError> {
        let page = at.and_then(|at| at.0.parse().ok()).unwrap_or(1);
        let batch = self.channels(page, 100, filter).await?;
        let next = batch.has_more(page).then(|| Cursor((page + 1).to_string()));
        Ok(Batch { total: batch.total, next, channels: batch.channels })
    }

    /// Asks for one channel, which both generations can be asked for.
    pub async fn try_credentials(&self) -> Result<(), ApiError> {
        self.channels(1, 1, &ChannelFilter::default()).await.map(drop)
    }

    /// `GET /partner/channel`: page number `page` (from 1) of the channels, `limit` a page.
    pub async fn channels(
        &self,
        page: u64,
        limit: u64,
        filter: &ChannelFilter,
    ) -> Result<ChannelBatch, ApiError> {
        self.page_of_channels(page, limit, filter, None).await
    }

    /// Likewise, of a page of which several are held at the same time: one that is larger than 1 MiB is unreadable.
    pub async fn thin_page_of_channels(
        &self,
        page: u64,
        limit: u64,
        filter: &ChannelFilter,
    ) -> Result<ChannelBatch, ApiError> {
        self.page_of_channels(page, limit, filter, Some(THIN_PAGE)).await
    }

    async fn page_of_channels(
        &self,
        page: u64,
        limit: u64,
        filter: &ChannelFilter,
        limits: Option<Limits>,
    ) -> Result<ChannelBatch, ApiError> {
        let mut call = self
            .http
            .get(&["channel"], Request::ListChannels)
            .query("page", &page.to_string())
            .query("limit", &limit.to_string());
        if let Some(search) = &filter.search {
            call = match may_be_secret(search) {
                // Typed where a name belongs.
                true => call.secret_query("search", &Secret::new(search)),
                false => call.query("search", search),
            };
        }
        for kind in &filter.kinds {
            call = call.query("channelTypes", kind.as_str());
        }
        if let [only] = filter.kinds.as_slice() {
            call = call.query("type", only.as_str());
        }
        if let Some(limits) = limits {
            call = call.within(limits);
        }
        call.read(|mut fields| {
            let entries = answer::entries(&mut fields, "_id", Channel::of)?;
            let is_empty = entries.usable.is_empty() && entries.odd.is_empty();
            for (index, channel_id) in entries.odd {
                self.leave_out_channel(&format!("page {page}, docs[{index}]._id"), channel_id);
            }
            Ok(ChannelBatch {
                channels: entries.usable,
                total: fields.get("totalDocs").and_then(answer::number),
                total_pages: fields.get("totalPages").and_then(answer::number),
                has_next_page: fields.get("hasNextPage").and_then(as_yes_or_no),
                is_empty,
            })
        })
        .await
    }

    /// `GET /partner/channel/{_id}`: one channel. An unknown id is documented to answer 200 with an
    /// empty body: none. An answer about another channel is an error: nobody asked for that one.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        let call = self.http.get(&["channel", id.as_str()], Request::ReadChannel(id.clone()));
        call.read_or_nothing(|fields| {
            let channel = Channel::of(fields).ok_or_else(|| answer::missing("_id"))?;
            match channel.id.as_str().eq_ignore_ascii_case(id.as_str()) {
                true => Ok(channel),
                false => Err(Unread::OtherChannel { id: Some(channel.id) }),
            }
        })
        .await
    }

    /// `DELETE /partner/channel/{type}/{_id}`: disconnects and deletes a channel.
    pub async fn disconnect(&self, kind: &ChannelKind, id: &ChannelDbId) -> Result<(), ApiError> {
        let call =
            self.http.delete(&["channel", kind.as_str(), id.as_str()], Request::Disconnect(id.clone()));
        answer::done_to(call, id).await
    }
}
