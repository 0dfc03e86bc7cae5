//! A client of 10darts: `reference/api.rst` and `reference/api/` of its documentation, which ends in May 2018.

mod record;
mod refusals;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use url::Url;

use crate::http::{ApiError, Authorization, Call, Event, Http, Reason, Unread};
use crate::platform::{Batch, Cursor, Identity};
use crate::types::{Channel, ChannelDbId, ChannelKind, Credential, Entry, Known, Request, Secret};
pub use record::Application;
use refusals::REFUSALS;

/// A list with more pages has no end.
pub const MOST_PAGES: usize = 1_000;

/// Where the applications are. Each path ends in a slash: without it a server like this one answers with a redirect that
/// loses the body of a POST.
const APPLICATIONS: [&str; 3] = ["api", "v1", "applications"];

/// A client of one account.
pub struct Tendarts {
    base: Url,
    http: Http,
}

/// One page of the applications, of every platform.
struct Page {
    applications: Vec<Application>,
    total: Option<u64>,
    next: Option<Cursor>,
}

impl Tendarts {
    /// A client for the API at `base` (`https://10darts.com`). Nothing is connected or read until the first call. `watch` is
    /// told of each request.
    pub fn new(
        base: Url,
        credential: &Credential,
        watch: impl Fn(Event<'_>) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let http = Http::new(base.clone(), authorization(credential), REFUSALS, watch);
        Arc::new(Tendarts { base, http })
    }

    /// Reads one page of the applications: no call tells whose the token is.
    pub async fn identity(&self) -> Result<Identity, ApiError> {
        self.page(None).await.map(|_| Identity::default())
    }

    /// `GET /api/v1/applications/`: one page of them, from the beginning or from where the last one said that it goes on.
    pub async fn channels(&self, at: Option<Cursor>) -> Result<Batch, ApiError> {
        let Page { applications, total, next } = self.page(at).await?;
        let channels = applications.into_iter().map(|application| application.channel).collect();
        Ok(Batch { channels, total, next })
    }

    /// The application of that id, as the list has it: no call that reads one is documented.
    pub async fn channel(&self, id: &ChannelDbId) -> Result<Option<Channel>, ApiError> {
        let found = self.find(|application| application.channel.id == *id).await?;
        Ok(found.map(|application| application.channel))
    }

    /// The first application in the list that `is_it` says yes to. Fails where the list repeats itself or has no end.
    pub async fn find(&self, is_it: impl Fn(&Application) -> bool) -> Result<Option<Application>, ApiError> {
        let (mut at, mut places) = (None, HashSet::new());
        for _ in 0..MOST_PAGES {
            let page = self.page(at).await?;
            let found = page.applications.into_iter().find(&is_it);
            let Some(next) = page.next.filter(|_| found.is_none()) else { return Ok(found) };
            if !places.insert(next.clone()) {
                break;
            }
            at = Some(next);
        }
        let reason = Reason::Unreadable { status: 200, cause: Unread::Endless };
        Err(ApiError { request: Request::ListChannels, reason, unsure: false })
    }

    /// `POST /api/v1/applications/`: creates one for a Page, of whose token it keeps a copy. Gives the record, where the answer
    /// has one: 200 is documented, 201 is what sister calls answer, and empty may it be. Is sent once.
    pub async fn create(&self, name: &str, page_token: &Secret) -> Result<Option<Application>, ApiError> {
        let call = self
            .http
            .post(&APPLICATIONS, Request::CreateApplication(name.to_owned()))
            .body(json!({ "name": name, "platform": record::MESSENGER }))
            .secret("page_access_token", page_token);
        let read = |fields| {
            let made = Application::of(fields).ok_or_else(|| missing("id"))?;
            let is_named = made.name().eq_ignore_ascii_case(name) || made.name().is_empty();
            match is_named
                && (made.channel.kind == ChannelKind::Messenger || made.channel.kind.as_str().is_empty())
            {
                true => Ok(made),
                false => Err(Unread::OtherChannel { id: Some(made.channel.id) }),
            }
        };
        call.slash().once().read_or_nothing(read).await.map_err(not_of_one)
    }

    /// `DELETE /api/v1/applications/{id}/`: 204. One that isn't there is [`Known::NotFound`].
    pub async fn disconnect(&self, id: &ChannelDbId) -> Result<(), ApiError> {
        let path = [&APPLICATIONS[..], &[id.as_str()]].concat();
        self.http.delete(&path, Request::Disconnect(id.clone())).slash().taken().await
    }

    async fn page(&self, at: Option<Cursor>) -> Result<Page, ApiError> {
        let page = self.call_of(at.as_ref()).slash().read(|fields| self.read_page(fields)).await;
        page.map_err(|mut error| {
            // One application's own token opens that application alone.
            if let Reason::Refused { status: 403, known, web_page: false, .. } = &mut error.reason {
                *known = Some(Known::BadCredentials);
            }
            not_of_one(error)
        })
    }

    /// Follows `next` to the same scheme and host alone. Of any other address only the query counts.
    fn call_of(&self, at: Option<&Cursor>) -> Call<'_> {
        let first = || self.http.get(&APPLICATIONS, Request::ListChannels);
        let Some(next) = at.and_then(|at| Url::parse(&at.0).ok()) else { return first() };
        if let Some(call) = self.http.get_at(&next, Request::ListChannels) {
            return call;
        }
        next.query_pairs().fold(first(), |call, (name, value)| call.query(&name, &value))
    }

    fn read_page(&self, mut fields: Map<String, Value>) -> Result<Page, Unread> {
        let Some(Value::Array(records)) = fields.shift_remove("results") else {
            return Err(missing("results"));
        };
        let (mut applications, count) = (Vec::new(), records.len());
        for (index, record) in records.into_iter().enumerate() {
            let application = match record {
                Value::Object(fields) => Application::of(fields),
                _ => None,
            };
            match application {
                Some(application) => applications.push(application),
                None => self.http.leave_out(Entry::Channel, &format!("results[{index}].id")),
            }
        }
        // One odd record is no reason to refuse the others; where all are, this is another document.
        if applications.is_empty() && count > 0 {
            return Err(missing("results[0].id"));
        }
        let next = match fields.get("next") {
            None | Some(Value::Null) => None,
            Some(Value::String(next)) if next.trim().is_empty() => None,
            Some(Value::String(next)) => Some(self.place(next).ok_or_else(|| missing("next"))?),
            Some(_) => return Err(missing("next")),
        };
        Ok(Page { applications, total: fields.get("count").and_then(Value::as_u64), next })
    }

    /// Where the list goes on: an absolute address as documented, or one that is relative to ours.
    fn place(&self, next: &str) -> Option<Cursor> {
        Some(Cursor(self.base.join(next).ok()?.into()))
    }
}

/// The account's key behind its word. Whoever pastes the word as well means that one: `AppToken` for one application's.
fn authorization(credential: &Credential) -> Authorization {
    let given = credential.identity();
    let (scheme, key) = match given.expose().split_once(' ') {
        Some(("AppToken", key)) => ("AppToken", Secret::new(key.trim())),
        Some(("Token", key)) => ("Token", Secret::new(key.trim())),
        _ => ("Token", given),
    };
    Authorization::new(scheme, &key, vec![key.clone()])
}

/// Of a call that is about no single application: there always are a list, and a place to create one.
fn not_of_one(mut error: ApiError) -> ApiError {
    if let Reason::Refused { status: 404, known, .. } = &mut error.reason {
        *known = None;
    }
    error
}

fn missing(field: &str) -> Unread {
    Unread::Missing { field: field.to_owned() }
}
