//! login, logout: the stored credentials of a profile.

use anyhow::Result;
use serde_json::json;

use super::borrowed::borrowed;
use super::stdin::from_stdin;
use super::whoami::masked;
use crate::cli::Login;
use crate::context::{Context, SANDBOX};
use crate::failure::{Failure, Piped, Question, Usage};
use crate::finding::Finding;
use crate::flow::{self, Account};
use crate::store::lease::Journal;
use crate::store::{Config, Place, credentials};
use crate::types::{ApiUrl, Credential, Invocation, PlatformName};

/// Tries credentials on the API and stores them.
pub async fn login(context: &Context, args: &Login) -> Result<()> {
    if context.is_sandbox() {
        return Err(Failure::Usage(Usage::SandboxLogin).into());
    }
    let credential = match (&args.app_id, args.api_key_stdin, args.secret_key_stdin) {
        (None, true, _) => Credential::ApiKey(from_stdin(Piped::ApiKey).await?),
        (Some(app_id), _, true) => Credential::AppPair {
            app_id: checked_app_id(app_id)?,
            secret_key: from_stdin(Piped::SecretKey).await?,
        },
        (Some(app_id), _, false) => {
            let app_id = checked_app_id(app_id)?;
            let secret_key = context.ui.ask_secret("Secret key (input hidden)").await;
            let secret_key = flow::answered(secret_key, Question::SecretKey)?;
            Credential::AppPair { app_id, secret_key }
        }
        (None, false, _) => ask(context).await?,
    };
    let (url, place) = try_and_store(context, &credential).await?;
    if context.ui.json() {
        context.ui.print_json(&json!({
            "profile": context.profile.to_string(),
            "platform": PlatformName::Socialchat.as_str(),
            "apiUrl": url.to_string(),
            "credentials": { "source": source(place), "key": masked(&credential) },
            "accepted": true,
        }))?;
    } else {
        context.ui.done(&format!("logged in to {url} as profile {}", context.profile));
    }
    // As the next command would. Of another API, the credentials that could do it may just have been replaced.
    let account = context.account(&credential)?;
    super::put_back_first(context, &account).await;
    context.note(borrowed(context, Some(&account)));
    Ok(())
}

/// Asks for credentials on a terminal, tries and stores them.
pub async fn ask_and_store(context: &Context) -> Result<Credential> {
    let credential = ask(context).await?;
    try_and_store(context, &credential).await?;
    Ok(credential)
}

/// Removes the profile's stored credentials. What is borrowed is said first: without them nobody can put it back.
pub fn logout(context: &Context) -> Result<()> {
    context.note(borrowed(context, None::<&Account>));
    super::tell_found(context);
    let left = flow::journals(&context.folders).believed;
    let is_left = |left: &Journal| !left.living && left.record.profile == context.profile;
    // The sandbox needs none.
    if left.iter().any(|left| is_left(left) && left.record.api_url != SANDBOX) {
        context.ui.warn(&format!(
            "without credentials it can't be restored; the next {} to its API restores it",
            Invocation::new("login")
        ));
    }
    // Read first: one that can't be used shouldn't be noticed when the credentials are gone.
    context.config()?;
    let stored_for = credentials::whereabouts(&context.folders, &context.profile)?.found.map(|(_, url)| url);
    let removed = credentials::remove(&context.folders, &context.profile)?;
    // What `login --api-url` noted goes with them: the next login is for the vendor's API again.
    let noted = context.config()?.profile(&context.profile).api_url;
    let noted = noted.as_deref().map(|url| url.trim_end_matches('/'));
    if removed.found.is_some() && noted.is_some() && noted == stored_for.as_deref() {
        Config::change(&context.folders, |config| config.clear_api_url(&context.profile))?;
    }
    context.note(removed.remarks.into_iter().map(Finding::File));
    super::tell_found(context);
    if context.ui.json() {
        let profile = context.profile.to_string();
        return Ok(context
            .ui
            .print_json(&json!({ "profile": profile, "removed": removed.found.is_some() }))?);
    }
    match removed.found {
        Some(place) => {
            context.ui.done(&format!(
                "the credentials of profile {} are gone from the {}",
                context.profile,
                source(place)
            ));
        }
        None => context.ui.say(&format!("There were no stored credentials of profile {}.", context.profile)),
    }
    Ok(())
}

async fn ask(context: &Context) -> Result<Credential> {
    if context.ui.interactive() {
        context.ui.note("The API key is in Socialchat's partner settings. For an App ID with a secret key: login --app-id ID");
    }
    let key = context.ui.ask_secret("API key (input hidden)").await;
    Ok(Credential::ApiKey(flow::answered(key, Question::ApiKey)?))
}

/// Tries before it stores: what the API doesn't accept is not kept.
async fn try_and_store(context: &Context, credential: &Credential) -> Result<(ApiUrl, Place)> {
    let url = context.api_url()?;
    // Read first: one that can't be used shouldn't be noticed when half of the login is stored.
    let known = context.config()?.profile(&context.profile).api_url;
    let account = context.account(credential)?;
    let stored = flow::try_and_store(&account, &context.ui, credential, &url).await?;
    context.note(stored.remarks.into_iter().map(Finding::File));
    let wanted = url.as_given();
    if known.as_deref().unwrap_or(PlatformName::Socialchat.api_url()) != wanted {
        Config::change(&context.folders, |config| config.set_api_url(&context.profile, &wanted))?;
    }
    Ok((url, stored.found))
}

fn checked_app_id(app_id: &str) -> Result<String> {
    let app_id = app_id.trim();
    if app_id.is_empty() || app_id.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Failure::Usage(Usage::AppId).into());
    }
    Ok(app_id.to_owned())
}

/// The word for a place, in `whoami` too.
pub fn source(place: Place) -> &'static str {
    match place {
        Place::Keychain => "keychain",
        Place::File => "file",
    }
}
