//! The two halves of a webhook: only fields that are subscribed in both arrive ("Page Subscribed Apps").

use super::answer::{self, AppWebhook, Listed, PageWebhook};
use super::{App, Meta, from};
use crate::http::ApiError;
use crate::types::{Request, Secret};

/// What a Messenger channel needs to be told of, as 10darts' guide ticks them.
pub const NEEDED_FIELDS: [&str; 6] = [
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "message_deliveries",
    "message_reads",
    "messaging_referrals",
];

impl Meta {
    /// What the app is sent of its Pages, and where to; none where nothing is set.
    pub async fn app_webhook(&self, app: &App) -> Result<Option<AppWebhook>, ApiError> {
        let call = self.http.get(&[&app.id, "subscriptions"], Request::ReadAppWebhook);
        self.by_app(app, call).read(answer::app_webhook).await
    }

    /// Sets it: the one callback of the app, for all its Pages. Meta asks the callback for the challenge before it answers.
    /// Whatever it says, what is set then is to be read.
    pub async fn set_app_webhook(
        &self,
        app: &App,
        callback: &str,
        verify_token: &Secret,
        fields: &[String],
    ) -> Result<(), ApiError> {
        let call = self.http.post(&[&app.id, "subscriptions"], Request::SetAppWebhook);
        let call =
            call.form("object", "page").form("callback_url", callback).form("fields", &fields.join(","));
        self.by_app(app, call).secret_form("verify_token", verify_token).taken().await
    }

    /// Takes it away. Without its `object` every subscription of the app might go.
    pub async fn remove_app_webhook(&self, app: &App) -> Result<(), ApiError> {
        let call = self.http.delete(&[&app.id, "subscriptions"], Request::SetAppWebhook);
        self.by_app(app, call.query("object", "page")).taken().await
    }

    /// The apps that the Page has installed, with what each is sent, from the beginning or from behind that cursor. Only
    /// one's own is sure to be seen (assumed).
    pub async fn page_webhooks(
        &self,
        page_id: &str,
        after: Option<String>,
    ) -> Result<Listed<PageWebhook>, ApiError> {
        let call = self.http.get(&[page_id, "subscribed_apps"], Request::ReadPageWebhook);
        from(after, self.proven(call)).read(answer::page_webhooks).await
    }

    /// Has the token's app sent these fields of the Page: those and no others, as far as it is known.
    pub async fn subscribe_page(&self, page_id: &str, fields: &[String]) -> Result<(), ApiError> {
        let call = self.http.post(&[page_id, "subscribed_apps"], Request::SubscribePage);
        self.proven(call.form("subscribed_fields", &fields.join(","))).taken().await
    }

    /// Has the token's app sent nothing of the Page any more. That silences an Instagram account on it, too.
    pub async fn unsubscribe_page(&self, page_id: &str) -> Result<(), ApiError> {
        let call = self.http.delete(&[page_id, "subscribed_apps"], Request::UnsubscribePage);
        self.proven(call).taken().await
    }
}
