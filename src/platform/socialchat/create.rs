//! Telegram, WhatsApp, webchat and linkchat: what connects without a Facebook sign-in.

use serde_json::{Value, json};

use super::answer::{done, done_to, made};
use super::client::Socialchat;
use crate::http::ApiError;
use crate::types::{ChannelDbId, ChannelKind, Plan, Request, Secret};

impl Socialchat {
    /// `POST /partner/channel/telegram`: connects a bot. 201 with its `_id`.
    /// `is_business` is sent where it is wanted: the guides of 2024 don't know it.
    pub async fn connect_telegram(
        &self,
        bot_token: &Secret,
        is_business: bool,
    ) -> Result<Option<ChannelDbId>, ApiError> {
        let call = self.http.post(&["channel", "telegram"], Request::Connect(ChannelKind::Telegram));
        let call = if is_business { call.body(json!({ "isBusiness": true })) } else { call };
        made(call.secret("token", bot_token)).await
    }

    /// `POST /partner/channel/telegram/{_id}`: gives a bot's channel a fresh token.
    pub async fn reconnect_telegram(&self, id: &ChannelDbId, bot_token: &Secret) -> Result<(), ApiError> {
        let call = self.http.post(&["channel", "telegram", id.as_str()], Request::Reconnect(id.clone()));
        done(call.secret("token", bot_token)).await
    }

    /// `POST /partner/channel/whatsapp-unofficial`: begins to link a phone. 201 with the `_id`, whose channel then
    /// shows a QR code. `phone` is like `081234567890`.
    pub async fn connect_whatsapp(&self, name: &str, phone: &str) -> Result<Option<ChannelDbId>, ApiError> {
        let body = json!({ "name": name, "phone": phone });
        self.create(ChannelKind::WhatsappUnofficial, body).await
    }

    /// `POST /partner/channel/whatsapp-official`: 201 with the `_id`. What the two are, no document says.
    pub async fn connect_whatsapp_official(
        &self,
        whatsapp_id: &str,
        token: &Secret,
    ) -> Result<Option<ChannelDbId>, ApiError> {
        let kind = ChannelKind::WhatsappOfficial;
        let call = self.http.post(&["channel", kind.as_str()], Request::Connect(kind.clone()));
        made(call.body(json!({ "whatsappId": whatsapp_id })).secret("token", token)).await
    }

    /// `POST /partner/channel/{kind}/{_id}/status`: the plan of a web chat or link chat.
    pub async fn change_plan(
        &self,
        kind: &ChannelKind,
        id: &ChannelDbId,
        plan: Plan,
    ) -> Result<(), ApiError> {
        let path = ["channel", kind.as_str(), id.as_str(), "status"];
        let call = self.http.post(&path, Request::ChangePlan(id.clone()));
        done_to(call.body(json!({ "status": plan.as_str() })), id).await
    }

    /// `POST /partner/channel/webchat`: a chat box for a website. 201 with the `_id`.
    pub async fn connect_webchat(
        &self,
        name: &str,
        website_url: &str,
        pre_chat: bool,
    ) -> Result<Option<ChannelDbId>, ApiError> {
        let body = json!({ "name": name, "websiteUrl": website_url, "isActivePreChat": pre_chat });
        self.create(ChannelKind::Webchat, body).await
    }

    /// `POST /partner/channel/linkchat`: a chat behind a link. 201 with the `_id`.
    pub async fn connect_linkchat(
        &self,
        name: &str,
        pre_chat: bool,
    ) -> Result<Option<ChannelDbId>, ApiError> {
        let body = json!({ "name": name, "isActivePreChat": pre_chat });
        self.create(ChannelKind::Linkchat, body).await
    }

    async fn create(&self, kind: ChannelKind, body: Value) -> Result<Option<ChannelDbId>, ApiError> {
        made(self.http.post(&["channel", kind.as_str()], Request::Connect(kind.clone())).body(body)).await
    }
}
