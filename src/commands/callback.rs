//! callback show, set, restore: the partner settings.

use anyhow::Result;
use serde_json::json;

use super::borrowed::{borrowed, refuse_while_borrowed};
use crate::cli::{CallbackCommand, CallbackSet};
use crate::context::Context;
use crate::failure::Failure;
use crate::finding::Finding;
use crate::flow::settings::{Reading, Settings};
use crate::flow::{self, Restored, Returned};
use crate::platform::Ability;
use crate::store::Config;
use crate::types::{SettingUrl, SignInKind};
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
    let account = super::partner(context, Ability::Callback).await?;
    match account.api.settings().await? {
        Reading::Known(settings) => {
            print(context, &settings)?;
            context.note(left_behind(context, &settings));
        }
        Reading::Unreadable => {
            return Err(Failure::SettingsUnreadable { last_set: last_set(context)? }.into());
        }
    }
    context.note(borrowed(context, Some(&account)));
    Ok(())
}

async fn set(context: &Context, args: &CallbackSet) -> Result<()> {
    // It is written last. One that can't be used has to be noticed before the API is changed.
    context.config()?;
    let account = super::account_unless(args.dry_run, context).await?.partner(Ability::Callback)?;
    let callbacks = [(SignInKind::Messenger, &args.messenger), (SignInKind::Instagram, &args.instagram)];
    let waiting = |why| context.ui.say(&format!("Waiting: {why}."));
    // Under the lock of the settings: nobody replaces a callback URL after this was looked at.
    let change = |settings: &mut Settings| {
        refuse_while_borrowed(context, &account, |kind| {
            callbacks.iter().any(|(set, url)| *set == kind && url.is_some())
        })?;
        for (kind, url) in callbacks {
            if let Some(url) = url {
                settings.set(kind.callback_field(), url.as_str());
            }
        }
        if let Some(url) = &args.webhook {
            settings.set(settings.webhook_field(), url.as_str());
        }
        if !args.webhook_secondary.is_empty() {
            settings.set_secondary_webhooks(args.webhook_secondary.iter().map(SettingUrl::as_str));
        }
        Ok(())
    };
    if args.dry_run {
        let mut settings = match account.api.settings().await? {
            Reading::Known(settings) => settings,
            Reading::Unreadable => Settings::of_2024(),
        };
        change(&mut settings)?;
        return print(context, &settings);
    }
    let settings = flow::settings::change(&account, waiting, change).await?;
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
    context.note(borrowed(context, Some(&account)));
    Ok(())
}

/// Puts back what earlier runs left behind. One that can't be is exit status 6, after the others and the result.
async fn restore(context: &Context) -> Result<()> {
    let (credential, _) = context.credential().await?;
    let account = context.account(&credential)?.partner(Ability::Callback)?;
    let restored = flow::restore(&account, &context.ui).await;
    let count = restored.iter().filter(|one| one.outcome.as_ref().is_ok_and(is_back)).count();
    if context.ui.json() {
        let document = json!({
            "restored": count,
            "changedByOthers": restored.iter().filter_map(changed).collect::<Vec<_>>(),
            "notRestored": restored.iter().filter_map(|one| one.outcome.as_ref().err()).collect::<Vec<_>>(),
        });
        context.ui.print_json(&document)?;
    } else if restored.is_empty() {
        let journals = flow::journals(&context.folders);
        if journals.believed.is_empty() && journals.doubtful.is_empty() {
            context.ui.say("Nothing is replaced, so there is nothing to restore.");
        } else if journals.believed.iter().all(|left| left.record.account != account.id) {
            // What is left is no failure: it can only be put back there.
            context.ui.say(&format!("Nothing to restore for this account at {}.", account.api_name));
        }
    }
    context.note(borrowed(context, Some(&account)));
    if let Some(left) = restored.into_iter().find_map(|one| one.outcome.err()) {
        return Err(Failure::NotRestored(left).into());
    }
    match flow::journals(&context.folders).doubtful.len() {
        0 => Ok(()),
        count => Err(Failure::DoubtfulJournals { count }.into()),
    }
}

/// Whether the value from before is there.
fn is_back(returned: &Returned) -> bool {
    !matches!(returned, Returned::ChangedByOthers { .. })
}

/// One that somebody else has set meanwhile: what it was, and what it is.
fn changed(one: &Restored) -> Option<serde_json::Value> {
    let Ok(Returned::ChangedByOthers { now }) = &one.outcome else { return None };
    Some(json!({ "kind": one.record.kind, "value": one.record.earlier, "now": now }))
}

/// The callback URLs that are a sign-in's temporary address of which no journal here knows.
fn left_behind(context: &Context, settings: &Settings) -> Vec<Finding> {
    let known = flow::journals(&context.folders).believed;
    let is_left = |kind: &SignInKind| {
        let url = settings.callback(*kind).filter(|url| flow::is_lease_url(url));
        url.is_some_and(|url| known.iter().all(|journal| journal.record.ours != url))
    };
    SignInKind::ALL.into_iter().filter(is_left).map(|kind| Finding::LeftBehind { kind }).collect()
}

fn print(context: &Context, settings: &Settings) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        return Ok(ui.print_json(settings)?);
    }
    let cell = |url: Option<&str>| url.map_or(Cell::styled(Style::Dim, "not set"), Cell::new);
    let mut fields = vec![
        ("Messenger callback", cell(settings.callback(SignInKind::Messenger))),
        ("Instagram callback", cell(settings.callback(SignInKind::Instagram))),
        ("Webhook", cell(settings.text(settings.webhook_field()))),
    ];
    fields.extend(settings.secondary_webhooks().map(|url| ("Further webhook", Cell::new(url))));
    ui.fields(&fields);
    Ok(())
}

fn last_set(context: &Context) -> Result<Vec<(SignInKind, String)>> {
    let profile = context.config()?.profile(&context.profile);
    let known = SignInKind::ALL.into_iter();
    Ok(known.filter_map(|kind| Some((kind, profile.last_callback(kind)?.to_owned()))).collect())
}
