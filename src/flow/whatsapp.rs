//! WhatsApp: a channel that shows a QR code until a phone has scanned it.

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use super::Partner;
use super::create::create_named;
use super::outcome::{Action, Done};
use super::settle::seen;
use crate::failure::Failure;
use crate::types::{Channel, ChannelDbId, ChannelKind, Invocation, Secret};
use crate::ui::Ui;

/// How often the channel is looked at. A code is good for some twenty seconds.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where a QR code goes.
pub trait QrSink {
    /// Shows a code (the API's own text: a PNG as base64, with or without a `data:` prefix), with the time that is
    /// left to scan it.
    fn show(&mut self, qrcode: &str, left: Duration) -> Result<()>;
    /// There is nothing to scan at the moment.
    fn clear(&mut self);
}

/// Begins to link a phone and waits until it is linked. `phone` is like `081234567890`.
pub async fn connect_whatsapp(
    account: &Partner,
    ui: &Ui,
    name: &str,
    phone: &str,
    time_limit: Duration,
    sink: &mut dyn QrSink,
) -> Result<Done> {
    let api = &account.api;
    let id =
        create_named(api, &ChannelKind::WhatsappUnofficial, name, api.connect_whatsapp(name, phone)).await?;
    let pending = Pending { ui, id: &id };
    let linked = linked(account, ui, &id, time_limit, sink).await;
    // Who waited in vain is told by the error itself.
    if linked.as_ref().map_or_else(is_in_vain, |_| true) {
        std::mem::forget(pending);
    }
    Ok(Done::of(linked?, Ok(Action::Connected)))
}

fn is_in_vain(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::NotLinked { .. }))
}

/// Says what stays behind when the waiting is broken off, by Ctrl-C or a failure.
struct Pending<'a> {
    ui: &'a Ui,
    id: &'a ChannelDbId,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.ui.warn(&format!(
            "channel {} is made and waits for its phone; the same command goes on with it, {} deletes it",
            self.id,
            Invocation::new(format!("disconnect {}", self.id))
        ));
    }
}

async fn linked(
    account: &Partner,
    ui: &Ui,
    id: &ChannelDbId,
    time_limit: Duration,
    sink: &mut dyn QrSink,
) -> Result<Channel> {
    let until = Instant::now() + time_limit;
    let mut shown: Option<Secret> = None;
    let mut timed_out = false;
    loop {
        // One that was just made may show late.
        let Some(channel) = seen(|| account.api.channel(id), Option::clone).await? else {
            return Err(Failure::NoSuchChannel { id: id.to_string(), near: Vec::new() }.into());
        };
        if channel.is_connected == Some(true) {
            sink.clear();
            return Ok(channel);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Failure::NotLinked { id: id.to_string(), seconds: time_limit.as_secs() }.into());
        }
        let now_timed_out = channel.rest.get("isTimeout").and_then(serde_json::Value::as_bool) == Some(true);
        if now_timed_out && !timed_out {
            sink.clear();
            ui.warn("Socialchat made no QR code in time. Waiting for a new one");
        }
        timed_out = now_timed_out;
        match channel.qrcode {
            Some(code) => {
                if shown.as_ref().is_some_and(|shown| *shown != code) {
                    ui.detail("the QR code is renewed");
                }
                sink.show(code.expose(), left)?;
                shown = Some(code);
            }
            None => sink.clear(),
        }
        sleep(LOOK_EVERY.min(left)).await;
    }
}
