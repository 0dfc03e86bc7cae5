//! Messenger and Instagram: authorize, list what a token covers, connect, reconnect.

use serde_json::{Value, json};

use super::answer::{self, done_to, made};
use super::client::Socialchat;
use crate::http::ApiError;
use crate::types::{ChannelDbId, Entry, Page, Request, Secret, SignInKind, as_text, as_yes_or_no};

/// One batch of a listing.
#[derive(Debug)]
pub struct Batch {
    /// The Pages or accounts of this batch.
    pub pages: Vec<Page>,
    /// Whether there are more. When it isn't said, there are none.
    has_next_page: Option<bool>,
    /// Where the next batch begins: opaque.
    next_offset: Option<String>,
}

impl Batch {
    /// Whether the API says that there are more.
    pub fn has_more(&self) -> bool {
        self.has_next_page.unwrap_or(false)
    }

    /// Where the next batch begins, when there is one and the API said where.
    pub fn next(&self) -> Option<&str> {
        if self.has_more() { self.next_offset.as_deref().filter(|offset| !offset.is_empty()) } else { None }
    }
}

impl Socialchat {
    /// `GET /partner/channel/{kind}/authorize`: where to send the person's browser. Unchecked text.
    pub async fn authorize_url(&self, kind: SignInKind) -> Result<String, ApiError> {
        let call = self.http.get(&["channel", kind.as_str(), "authorize"], Request::AuthorizeUrl);
        call.read(|fields| match fields.get("url") {
            Some(Value::String(url)) => Ok(url.clone()),
            _ => Err(answer::missing("url")),
        })
        .await
    }

    /// `GET /partner/channel/{kind}/account`: one batch of what the token covers. The first call has
    /// no offset; each further one passes the last that was received.
    pub async fn accounts(
        &self,
        kind: SignInKind,
        token: &Secret,
        offset: Option<&str>,
    ) -> Result<Batch, ApiError> {
        let mut call = self
            .http
            .get(&["channel", kind.as_str(), "account"], Request::ListPages(kind))
            .secret_query("token", token);
        if let Some(offset) = offset {
            call = call.query("nextOffset", offset);
        }
        call.read(|mut fields| {
            let entries = answer::entries(&mut fields, "channelId", |page| Page::of(&page))?;
            for (index, _) in entries.odd {
                self.http.leave_out(Entry::Page(kind), &format!("docs[{index}].channelId"));
            }
            Ok(Batch {
                pages: entries.usable,
                has_next_page: fields.get("hasNextPage").and_then(as_yes_or_no),
                next_offset: fields.get("nextOffset").and_then(as_text),
            })
        })
        .await
    }

    /// `POST /partner/channel/{kind}`: connects a Page or account. The answer is documented as empty;
    /// where a server gives the new `_id`, it is returned.
    pub async fn connect(
        &self,
        kind: SignInKind,
        channel_id: &str,
        token: &Secret,
    ) -> Result<Option<ChannelDbId>, ApiError> {
        let call = self
            .http
            .post(&["channel", kind.as_str()], Request::ConnectPage(kind, channel_id.to_owned()))
            .body(json!({ "channelId": channel_id }))
            .secret("token", token);
        made(call).await
    }

    /// `POST /partner/channel/{kind}/{_id}`: gives an existing channel a fresh token.
    pub async fn reconnect(
        &self,
        kind: SignInKind,
        id: &ChannelDbId,
        token: &Secret,
    ) -> Result<(), ApiError> {
        let call = self.http.post(&["channel", kind.as_str(), id.as_str()], Request::Reconnect(id.clone()));
        done_to(call.secret("token", token), id).await
    }
}
