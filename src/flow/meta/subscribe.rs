//! Both halves of a webhook, in their order: the handshake by ourselves, what is set already, the app, then the Page.

use anyhow::Result;
use url::Url;

use super::set::believe;
use super::token::{app_refused, check_page_token, is_about_app};
use super::{PageToken, all};
use crate::failure::{Cancelled, Failure, MetaHalf, MetaTrouble, Question};
use crate::flow::answered;
use crate::platform::ApiError;
use crate::platform::meta::{App, AppWebhook, Meta, PageWebhook, own};
use crate::types::{Invocation, Secret};
use crate::ui::Ui;

/// Where an app's events go, and what proves to Meta that it may be.
#[derive(Clone, Debug)]
pub struct Callback {
    pub url: Url,
    pub verify_token: Secret,
}

/// What is wanted.
pub struct Subscribing<'a> {
    pub page: &'a PageToken,
    pub fields: &'a [String],
    /// None: the app's half stays as it is.
    pub callback: Option<&'a Callback>,
    /// Whether every question is answered with yes: then the undo of the first half is told, not asked about.
    pub yes: bool,
    /// Nothing is changed, and nothing asked.
    pub dry_run: bool,
}

/// How the halves stand.
#[derive(Debug)]
pub struct Subscribed {
    /// None where nobody could look at it.
    pub app: Option<HalfDone>,
    pub page: HalfDone,
    /// What was asked for and doesn't arrive: the app's half isn't sent it.
    pub lacks: Vec<String>,
}

/// One half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfDone {
    /// Of the app's half.
    pub callback: Option<String>,
    pub fields: Vec<String>,
    /// Whether it was changed, or would be.
    pub is_changed: bool,
}

/// Sets up the webhook of that Page. What is there already is kept: fields are joined, and another callback is asked about
/// first. Both halves are read back.
pub async fn subscribe(meta: &Meta, ui: &Ui, wanted: Subscribing<'_>) -> Result<Subscribed> {
    let app = meta.app();
    let checked;
    let mut wanted = wanted;
    if let (Some(app), Some(_), false) = (app, wanted.callback, wanted.page.is_app_confirmed) {
        // The app may have become known after the token was checked. The callback of one that isn't the token's would be
        // taken away from all its Pages.
        checked = check_page_token(meta, ui).await?;
        if !checked.is_app_confirmed {
            return Err(Failure::Meta(MetaTrouble::AppNotConfirmed { given: app.id.clone() }).into());
        }
        wanted.page = &checked;
    }
    if let Some(callback) = wanted.callback {
        let _progress = ui.spinner(&format!("Doing Meta's handshake with {}", callback.url));
        let met = meta.handshake(&callback.url, &callback.verify_token).await;
        met.map_err(|why| Failure::Meta(MetaTrouble::Handshake(why)))?;
    }
    let before = match app {
        Some(app) => Some(app_webhook(meta, app).await?),
        None => None,
    };
    let installed = installed(meta, wanted.page).await?;
    let app_half = match (app, wanted.callback, &before) {
        (Some(app), Some(callback), Some(before)) => {
            Some(set_app(meta, app, ui, &wanted, callback, before.as_ref()).await?)
        }
        (_, _, Some(before)) => Some(HalfDone {
            callback: before.as_ref().and_then(|before| before.callback_url.clone()),
            fields: before.as_ref().map(|before| before.fields.clone()).unwrap_or_default(),
            is_changed: false,
        }),
        (_, _, None) => None,
    };
    let is_set = !wanted.dry_run && app_half.as_ref().is_some_and(|half| half.is_changed);
    let what = is_set.then_some("the app's half of the webhook is set, and the Page's may not be");
    let left = Left { ui, what };
    let page = set_page(meta, ui, &wanted, &installed).await;
    left.settled();
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            if let (Some(app), Some(HalfDone { is_changed: true, .. }), Some(before)) =
                (app, &app_half, before)
            {
                offer_undo(meta, app, ui, &wanted, before.as_ref()).await;
            }
            return Err(error);
        }
    };
    let missing = |half: &HalfDone| {
        let is_missing = |field: &&String| !half.fields.contains(field);
        wanted.fields.iter().filter(is_missing).cloned().collect()
    };
    let lacks = app_half.as_ref().map(missing).unwrap_or_default();
    Ok(Subscribed { app: app_half, page, lacks })
}

async fn set_app(
    meta: &Meta,
    app: &App,
    ui: &Ui,
    wanted: &Subscribing<'_>,
    callback: &Callback,
    before: Option<&AppWebhook>,
) -> Result<HalfDone> {
    let url = callback.url.as_str();
    let set = before.map_or(&[][..], |before| &before.fields);
    let fields = joined(set, wanted.fields);
    let is_there = |webhook: &AppWebhook| {
        webhook.is_active
            && goes_to(webhook, &callback.url)
            && fields.iter().all(|field| webhook.fields.contains(field))
    };
    let done = |is_changed| HalfDone { callback: Some(url.to_owned()), fields: fields.clone(), is_changed };
    if before.is_some_and(is_there) {
        return Ok(done(false));
    }
    let other = before.filter(|before| !goes_to(before, &callback.url));
    if let Some(other) = other.and_then(|other| other.callback_url.as_deref()) {
        ui.say(&format!("The app's webhook, one for all its Pages, goes to {other}"));
        ui.say(&format!("It would go to {url} instead"));
        if !wanted.dry_run {
            let asked = ui.confirm("Move it there? Nothing arrives at the old address any more", false).await;
            let question = Question::MoveWebhook { from: other.to_owned(), to: url.to_owned() };
            if !answered(asked, question)? {
                return Err(Failure::Cancelled(Cancelled::NotMoved).into());
            }
        }
    }
    if !wanted.dry_run {
        let _progress = ui.spinner("Setting the app's webhook at Meta");
        let left = Left { ui, what: Some("the app's half of the webhook may be set") };
        let answer = meta.set_app_webhook(app, url, &callback.verify_token, &fields).await;
        let look = async || app_webhook(meta, app).await;
        let set = believe(MetaHalf::App, answer, look, |now| now.as_ref().is_some_and(is_there)).await;
        left.settled();
        set?;
    }
    Ok(done(true))
}

async fn set_page(
    meta: &Meta,
    ui: &Ui,
    wanted: &Subscribing<'_>,
    before: &[PageWebhook],
) -> Result<HalfDone> {
    let app_id = wanted.page.app_id.as_deref();
    let set = match (own(before, app_id), app_id, before) {
        (Some(own), ..) => &own.fields[..],
        // Likely the token's own app: were it another, its fields would do no harm.
        (None, None, [only]) => &only.fields,
        _ => &[],
    };
    let fields = joined(set, wanted.fields);
    let is_it = |webhook: &PageWebhook| fields.iter().all(|field| webhook.fields.contains(field));
    let is_there = |installed: &Vec<PageWebhook>| {
        match (app_id, own(installed, app_id)) {
            (_, Some(own)) => is_it(own),
            (Some(_), None) => false,
            // Nobody knows which is the token's own app: the one that has them all.
            (None, None) => installed.iter().any(is_it),
        }
    };
    let is_changed = app_id.is_none() || set.len() < fields.len();
    if is_changed && !wanted.dry_run {
        let _progress = ui.spinner("Subscribing the Page at Meta");
        let answer = meta.subscribe_page(&wanted.page.page_id, &fields).await;
        if app_id.is_none() && before.iter().any(is_it) {
            // What is read back was there before, and may be another app's.
            answer?;
        } else {
            believe(MetaHalf::Page, answer, || installed(meta, wanted.page), is_there).await?;
        }
    }
    Ok(HalfDone { callback: None, fields, is_changed })
}

/// Takes the Page's subscription away, and looks whether it is gone. An Instagram account on the same Page falls silent,
/// too: whoever calls this has said so.
pub async fn unsubscribe_page(meta: &Meta, ui: &Ui, page: &PageToken) -> Result<()> {
    let _progress = ui.spinner("Unsubscribing the Page at Meta");
    let before = installed(meta, page).await?;
    let app_id = page.app_id.as_deref();
    let is_gone = |now: &Vec<PageWebhook>| match app_id {
        Some(_) => own(now, app_id).is_none(),
        // Nobody knows which of them is the token's own app.
        None => now.is_empty() || now.len() < before.len(),
    };
    if before.is_empty() || is_gone(&before) {
        return Ok(());
    }
    let answer = meta.unsubscribe_page(&page.page_id).await;
    believe(MetaHalf::Page, answer, || installed(meta, page), is_gone).await
}

/// What a signal leaves behind that ends the command while this is alive.
struct Left<'a> {
    ui: &'a Ui,
    what: Option<&'static str>,
}

impl Left<'_> {
    fn settled(mut self) {
        self.what = None;
    }
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        if let Some(what) = self.what {
            self.ui.warn(&format!("{what}; {} shows both", Invocation::new("meta check")));
        }
    }
}

/// The first half is set and the second isn't: an undo is offered, and only done where a person says so.
async fn offer_undo(meta: &Meta, app: &App, ui: &Ui, wanted: &Subscribing<'_>, before: Option<&AppWebhook>) {
    ui.warn("the app's half of the webhook is set, and the Page's is not; nothing arrives yet");
    if let Some(before) = before {
        let earlier = before.callback_url.as_deref().unwrap_or("no address");
        let fields = before.fields.join(", ");
        ui.say(&format!("Before that the app's half went to {earlier}, with {fields}"));
        ui.say("To undo it, set that address again in the app's dashboard, with its own verify token");
        return;
    }
    ui.say("To undo it, remove the app's subscription of Pages: in the app's dashboard, under Webhooks");
    if wanted.yes || !matches!(ui.confirm("Remove it now?", false).await, Ok(true)) {
        return;
    }
    let answer = meta.remove_app_webhook(app).await;
    let look = async || app_webhook(meta, app).await;
    match believe(MetaHalf::App, answer, look, Option::is_none).await {
        Ok(()) => ui.done("the app's half is removed"),
        Err(error) => ui.warn(&format!("{error:#}")),
    }
}

async fn app_webhook(meta: &Meta, app: &App) -> Result<Option<AppWebhook>> {
    let refused = |error: ApiError| if is_about_app(&error) { app_refused(error) } else { error.into() };
    meta.app_webhook(app).await.map_err(refused)
}

async fn installed(meta: &Meta, page: &PageToken) -> Result<Vec<PageWebhook>> {
    all(|after| meta.page_webhooks(&page.page_id, after)).await
}

/// What is set, and behind it what is wanted and isn't: a second POST replaces the first (assumed).
fn joined(set: &[String], wanted: &[String]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for field in set.iter().chain(wanted) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}

/// Whether the app's webhook goes to that URL, however Meta writes it.
fn goes_to(webhook: &AppWebhook, url: &Url) -> bool {
    webhook.exact_url.as_ref().is_some_and(|set| Url::parse(set.expose()).is_ok_and(|set| set == *url))
}
