//! The client: where the API is, who asks, and what its listings hold that can't be used.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::bearer::authorization;
use super::refusals::REFUSALS;
use crate::http::{Event, Http};
use crate::types::{Credential, Entry};

/// So many `channelId`s of channels that can't be used are kept; a listing can hold any number of them.
const MOST_LEFT_OUT_KEPT: usize = 10_000;
const LONGEST_LEFT_OUT_KEPT: usize = 64;

/// A client of one Partner API, with one partner's credentials.
pub struct Socialchat {
    pub(super) http: Http,
    /// The `channelId`s of channels that were left out: they are connected all the same.
    nameless: Mutex<HashSet<String>>,
    /// Whether channels were.
    lacks_channels: AtomicBool,
}

impl Socialchat {
    /// A client for the API at `base` (`https://api.socialchat.id/partner`; a slash at its end is kept for the
    /// settings, which stand at that very URL). Nothing is connected or read until the first call. `watch` is told of
    /// each request.
    pub fn new(
        mut base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        // The description's `servers` names the host alone, and each of its paths begins so.
        if base.path() == "/" {
            base.set_path("/partner");
        }
        Arc::new(Socialchat {
            http: Http::new(base, authorization(credential), REFUSALS, watch).add_slash_where_asked(),
            nameless: Mutex::default(),
            lacks_channels: AtomicBool::new(false),
        })
    }

    /// Leaves a channel out of a listing: the Page or account that it is of is connected, though nothing can be done with
    /// it.
    pub(super) fn leave_out_channel(&self, place: &str, channel_id: Option<String>) {
        self.http.leave_out(Entry::Channel, place);
        self.lacks_channels.store(true, Ordering::Relaxed);
        let mut nameless = self.nameless();
        if nameless.len() < MOST_LEFT_OUT_KEPT {
            nameless.extend(channel_id.filter(|id| id.len() <= LONGEST_LEFT_OUT_KEPT));
        }
    }

    /// Whether some listing so far held a channel of that Page or account which has no usable `_id`.
    pub fn has_nameless(&self, channel_id: &str) -> bool {
        self.nameless().contains(channel_id)
    }

    /// Whether some list of channels so far held entries that can't be used: then what it lacks may still be there.
    pub fn has_left_out_channels(&self) -> bool {
        self.lacks_channels.load(Ordering::Relaxed)
    }

    fn nameless(&self) -> MutexGuard<'_, HashSet<String>> {
        self.nameless.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
