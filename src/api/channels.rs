//! The channels that are connected, of every kind.

use serde::Deserialize;

use super::client::{Api, Limits};
use super::error::{ApiError, Known};
use crate::types::{Channel, ChannelDbId};

/// A page of a hundred as it should be, several times over.
const THIN_PAGE: Limits = Limits { bytes: 1 << 20, values: 20_000 };

/// Narrows a listing.
#[derive(Clone, Debug, Default)]
pub struct ChannelFilter {
    /// Text in a channel's name or label.
    pub search: Option<String>,
    /// Channel types; none means all. Sent under both generations' names.
    pub types: Vec<String>,
}

/// One page of the listing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelBatch {
    /// The channels of this page.
    #[serde(rename = "docs", default)]
    pub channels: Vec<Channel>,
    /// How many pages there are in all, where the API says it.
    #[serde(default)]
    pub total_pages: Option<u64>,
    #[serde(default)]
    has_next_page: Option<bool>,
}

impl ChannelBatch {
    /// Whether a further page follows page number `page`.
    pub fn has_more(&self, page: u64) -> bool {
        self.has_next_page.unwrap_or_else(|| self.total_pages.is_some_and(|total| page < total))
    }
}

impl Api {
    /// Whether the API accepts the credentials: found out with a call that both generations have.
    pub async fn accepts_credentials(&self) -> Result<bool, ApiError> {
        match self.channels(1, 1, &ChannelFilter::default()).await {
            Ok(_) => Ok(true),
            Err(error) if error.known() == Some(Known::BadCredentials) => Ok(false),
            Err(error) => Err(error),
        }
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
            .get(&["channel"], "list the channels")
            .query("page", &page.to_string())
            .query("limit", &limit.to_string());
        if let Some(search) = &filter.search {
            call = call.query("search", search);
        }
        for channel_type in &filter.types {
            call = call.query("channelTypes", channel_type);
        }
        if let [only] = filter.types.as_slice() {
            call = call.query("type", only);
        }
        if let Some(limits) = limits {
            call = call.within(limits);
        }
        call.json().await
    }

    /// `GET /partner/channel/{_id}`: one channel. An unknown id is documented to answer 200 with an
    /// empty body: none.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        self.get(&["channel", id.as_str()], format!("read channel {id}")).json_or_empty().await
    }

    /// `DELETE /partner/channel/{type}/{_id}`: disconnects and deletes a channel.
    pub async fn disconnect(&self, channel_type: &str, id: &ChannelDbId) -> Result<(), ApiError> {
        self.delete(&["channel", channel_type, id.as_str()], format!("disconnect channel {id}")).done().await
    }
}
