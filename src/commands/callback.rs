//! callback show, set, restore: the partner settings.

use anyhow::Result;
use serde_json::json;

use super::whoami::tell_borrowed;
use crate::api::{Reading, Settings};
use crate::cli::{CallbackCommand, CallbackSet};
use crate::context::Context;
use crate::flow::{self, Failure};
use crate::store::{Config, lease};
use crate::types::Kind;
use crate::ui::{Cell, Style};

/// Does one of the three.
pub async fn callback(context: &Context, command: CallbackCommand) -> Result<()> {
    match command {
        CallbackCommand::Show => show(context).await,
        CallbackCommand::Set(args) => set(context, &args).await,
        CallbackCommand::Restore => restore(context).await,
    }
}

async fn show(context: &Context) -> Result<()> {
    let account = super::account(context).await?;
    match account.api.settings().await? {
        Reading::Known(settings) => {
            print(context, &settings)?;
            tell_left_behind(context, &settings)?;
        }
        Reading::Unreadable => {
            return Err(Failure::SettingsUnreadable { last_set: last_set(context)? }.into());
        }
    }
    tell_borrowed(context)
}

async fn set(context: &Context, args: &CallbackSet) -> Result<()> {
    // It is written last. One that can't be used has to be noticed before the API is changed.
    context.config()?;
    let account = super::account(context).await?;
    let callbacks = [(Kind::Messenger, &args.messenger), (Kind::Instagram, &args.instagram)];
    let settings = flow::settings::change(&account, |settings| {
        for (kind, url) in callbacks {
            if let Some(url) = url {
                settings.set(Settings::callback_field(kind), url.as_str());
            }
        }
        if let Some(url) = &args.webhook {
            settings.set(settings.webhook_field(), url.as_str());
        }
    })
    .await?;
    if !context.is_sandbox() {
        Config::change(&context.folders, |config| {
            for (kind, url) in callbacks {
                if let Some(url) = url {
                    config.set_last_callback(&context.profile, kind, url.as_str());
                }
            }
        })?;
    }
    match settings {
        Some(settings) => print(context, &settings)?,
        None => {
            context.ui.say(
                "Set. This API doesn't let the settings be read; this profile remembers what it has set.",
            );
            if context.ui.json() {
                context.ui.print_json(&json!({}))?;
            }
        }
    }
    tell_borrowed(context)
}

async fn restore(context: &Context) -> Result<()> {
    let (credential, _) = context.credential().await?;
    let account = context.account(&credential)?;
    let count = flow::put_back_abandoned(&account, &context.ui).await?;
    let left = lease::list(&context.folders, &context.profile)?;
    if context.ui.json() {
        context.ui.print_json(&json!({ "restored": count }))?;
    } else if count == 0 && left.is_empty() {
        context.ui.say("Nothing is borrowed: there is nothing to put back.");
    } else if count == 0 && left.iter().all(|left| left.record.api_url != account.api_name) {
        // What is left is no failure: it can only be put back there.
        context.ui.say(&format!("Nothing of {} is borrowed.", account.api_name));
    }
    tell_borrowed(context)
}

/// Points out a sign-in's temporary address that no journal here knows of.
fn tell_left_behind(context: &Context, settings: &Settings) -> Result<()> {
    let known = lease::list(&context.folders, &context.profile)?;
    for kind in Kind::ALL {
        let Some(url) = settings.callback(kind).filter(|url| flow::is_lease_url(url)) else { continue };
        if known.iter().all(|journal| journal.record.ours != url) {
            context.ui.warn(&format!(
                "the {kind} callback URL is the temporary address of a sign-in that this profile knows nothing of: \
                 another computer's that is under way, or one that was cut off. `socialchat-cli callback set --{kind} \
                 URL` replaces it"
            ));
        }
    }
    Ok(())
}

fn print(context: &Context, settings: &Settings) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        return Ok(ui.print_json(settings)?);
    }
    let cell = |url: Option<&str>| url.map_or(Cell::styled(Style::Dim, "not set"), Cell::new);
    let mut fields = vec![
        ("Messenger callback", cell(settings.callback(Kind::Messenger))),
        ("Instagram callback", cell(settings.callback(Kind::Instagram))),
        ("Webhook", cell(settings.text(settings.webhook_field()))),
    ];
    fields.extend(settings.secondary_webhooks().map(|url| ("Further webhook", Cell::new(url))));
    ui.fields(&fields);
    Ok(())
}

fn last_set(context: &Context) -> Result<String> {
    let profile = context.config()?.profile(&context.profile);
    let known =
        Kind::ALL.iter().filter_map(|kind| Some(format!("{kind}: {}", profile.last_callback(*kind)?)));
    let known: Vec<String> = known.collect();
    Ok(if known.is_empty() { "nothing".to_owned() } else { known.join(", ") })
}
