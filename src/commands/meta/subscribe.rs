//! meta subscribe: both halves of a Page's webhook, or what is to be done by hand.

use anyhow::Result;
use serde_json::{Value, json};

use super::client;
use crate::cli::MetaSubscribe;
use crate::context::Context;
use crate::flow::meta::{
    self, Callback, HalfDone, NEEDED_FIELDS, PageToken, Steps, Subscribed, Subscribing, check_page_token,
    print_steps,
};
use crate::types::Invocation;
use crate::ui::Cell;

/// Checks the token, then subscribes the app where its callback was given, and the Page.
pub async fn subscribe(context: &Context, args: &MetaSubscribe) -> Result<()> {
    let ui = &context.ui;
    let token = client::page_token(context, args.token.page_token_stdin).await?;
    let app = match &args.callback_url {
        Some(_) => client::app_or_ask(context).await?,
        None => client::app(context)?,
    };
    let callback = match &args.callback_url {
        // It is set by hand, and its verify token is typed there.
        Some(_) if app.is_none() && !args.verify_token_stdin => None,
        Some(url) => {
            let verify_token = client::verify_token(context, args.verify_token_stdin).await?;
            Some(Callback { url: url.as_url().clone(), verify_token })
        }
        None => None,
    };
    let version = args.token.graph_version.unwrap_or_default();
    let meta = client::meta(context, version, Some(token), app)?;
    crate::commands::tell_found(context);
    let page = check_page_token(&meta, ui).await?;
    let fields: Vec<String> = match &args.fields[..] {
        [] => NEEDED_FIELDS.map(str::to_owned).into(),
        typed => typed.to_vec(),
    };
    let wanted = Subscribing {
        page: &page,
        fields: &fields,
        callback: callback.as_ref(),
        yes: context.yes,
        dry_run: args.dry_run,
    };
    let subscribed = meta::subscribe(&meta, ui, wanted).await?;
    print(context, &page, &subscribed, args.dry_run)?;
    let by_hand = args.callback_url.as_ref().map(|url| url.as_url().as_str());
    let steps = Steps { page: Some(&page.page_name), callback: by_hand, shown_at: None, fields: &fields };
    tell_what_is_left(context, &subscribed, &steps);
    Ok(())
}

fn print(context: &Context, page: &PageToken, subscribed: &Subscribed, dry_run: bool) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        return Ok(ui.print_json(&json!({
            "page": { "id": page.page_id, "name": page.page_name },
            "app": subscribed.app.as_ref().map(|half| match half.callback {
                Some(_) => document(half, dry_run),
                None => json!({ "action": "not-set", "fields": [] }),
            }),
            "subscription": document(&subscribed.page, dry_run),
            "lacks": subscribed.lacks,
        }))?);
    }
    let app = match &subscribed.app {
        Some(app) => told(app, dry_run),
        None => "not known without the app's credentials".to_owned(),
    };
    ui.fields(&[
        ("Page", Cell::new(&format!("{} ({})", page.page_name, page.page_id))),
        ("App's half", Cell::new(&app)),
        ("Page's half", Cell::new(&told(&subscribed.page, dry_run))),
    ]);
    Ok(())
}

/// How a half stands, for people.
fn told(half: &HalfDone, dry_run: bool) -> String {
    if half.callback.is_none() && half.fields.is_empty() {
        return "not set".to_owned();
    }
    let action = match (half.is_changed, dry_run) {
        (true, true) => "would be subscribed",
        (true, false) => "subscribed",
        (false, _) => "subscribed before",
    };
    let to = half.callback.as_ref().map(|callback| format!(", to {callback}")).unwrap_or_default();
    format!("{action}{to}: {}", half.fields.join(", "))
}

fn document(half: &HalfDone, dry_run: bool) -> Value {
    let action = match (half.is_changed, dry_run) {
        (true, true) => "would-subscribe",
        (true, false) => "subscribed",
        (false, _) => "unchanged",
    };
    let mut document = json!({ "action": action, "fields": half.fields });
    if let Some(callback) = &half.callback {
        document["callbackUrl"] = json!(callback);
    }
    document
}

/// Half a webhook brings nothing: what has still to be done, and how.
fn tell_what_is_left(context: &Context, subscribed: &Subscribed, steps: &Steps<'_>) {
    let ui = &context.ui;
    let again = Invocation::new("meta subscribe --callback-url URL");
    match &subscribed.app {
        Some(app) if app.callback.is_some() && subscribed.lacks.is_empty() => {}
        Some(app) if app.callback.is_some() => {
            let lacks = subscribed.lacks.join(", ");
            ui.warn(&format!("the app's half lacks {lacks}, so these do not arrive; {again} adds them"));
        }
        Some(_) => {
            ui.warn(&format!(
                "the app's half of the webhook is not set, so nothing arrives; {again} sets it"
            ));
        }
        None => {
            ui.say(
                "This is the Page's half. The app's half takes the app's credentials, or is done by hand:",
            );
            print_steps(ui, steps);
        }
    }
}
