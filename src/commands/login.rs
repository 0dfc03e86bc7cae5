//! login, logout: the stored credentials of a profile.

mod email;
mod qontak;
mod session;

use anyhow::Result;
use serde_json::json;

use super::borrowed::borrowed;
use super::stdin::from_stdin;
use crate::cli::Login;
use crate::context::{Context, SANDBOX};
use crate::failure::{Failure, Piped, Question, Usage};
use crate::finding::Finding;
use crate::flow::{self, Account};
use crate::store::lease::Journal;
use crate::store::{Config, Place, credentials};
use crate::types::{ApiUrl, Credential, Invocation, PlatformName, Secret};

/// Tries credentials on the API and stores them.
pub async fn login(context: &Context, args: &Login) -> Result<()> {
    if context.is_sandbox() {
        return Err(Failure::Usage(Usage::SandboxLogin).into());
    }
    let platform = platform(context, args).await?;
    let credential = match platform {
        PlatformName::Socialchat => partner(context, args).await?,
        PlatformName::UnifiedBeez => unifiedbeez(context, args).await?,
        PlatformName::Qontak => qontak::credential(context, args).await?,
        PlatformName::Tendarts => {
            Credential::ApiToken(given(context, args.api_token_stdin, Piped::ApiToken, "API token").await?)
        }
    };
    let (url, place) = try_and_store(context, &credential).await?;
    if context.ui.json() {
        context.ui.print_json(&json!({
            "profile": context.profile.to_string(),
            "platform": credential.platform(),
            "apiUrl": url.to_string(),
            "credentials": { "source": source(place), "key": credential.masked() },
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

/// Which platform is logged in to: the one that is named, the profile's own, or the one whose options were typed; else it
/// is asked for.
async fn platform(context: &Context, args: &Login) -> Result<PlatformName> {
    let named = context.asked_platform().or(context.config()?.profile(&context.profile).platform);
    // An error where both are there and differ.
    context.platform()?;
    let platform = match (named, args.platform()) {
        (Some(platform), Some((of, option))) if of != platform => {
            return Err(Failure::Usage(Usage::NotHere { option, of, platform }).into());
        }
        (Some(platform), _) | (None, Some((platform, _))) => platform,
        (None, None) if context.ui.interactive() => ask_platform(context).await?,
        (None, None) => PlatformName::Socialchat,
    };
    let stored = credentials::whereabouts(&context.folders, &context.profile)?.found;
    match stored.and_then(|stored| stored.platform).filter(|own| *own != platform) {
        Some(own) => {
            let profile = context.profile.to_string();
            Err(Failure::Usage(Usage::OtherPlatform { profile, own, asked: platform }).into())
        }
        None => Ok(platform),
    }
}

/// Asks, with a line on each. Enter alone means the first.
async fn ask_platform(context: &Context) -> Result<PlatformName> {
    let ui = &context.ui;
    for (place, platform) in PlatformName::ALL.into_iter().enumerate() {
        let about = match platform {
            PlatformName::Socialchat => "API key, or App ID with its secret key",
            PlatformName::UnifiedBeez => "browser session, or e-mail and password",
            PlatformName::Qontak => "client ID and secret, or access token",
            PlatformName::Tendarts => "the account's API token",
        };
        ui.say(&format!("  {}  {:<12} {about}", place + 1, platform.title()));
    }
    let typed = flow::answered(ui.ask_or_nothing("Platform [1]").await, Question::Platform)?;
    let typed = typed.trim();
    let by_number =
        typed.parse::<usize>().ok().and_then(|number| PlatformName::ALL.get(number.checked_sub(1)?));
    let by_name = || {
        let is_it = |platform: &&PlatformName| {
            [platform.as_str(), platform.title()].iter().any(|name| name.eq_ignore_ascii_case(typed))
        };
        PlatformName::ALL.iter().find(is_it)
    };
    match by_number.or_else(by_name) {
        Some(platform) => Ok(*platform),
        None if typed.is_empty() => Ok(PlatformName::Socialchat),
        None => Err(Failure::Usage(Usage::Platform { typed: typed.to_owned() }).into()),
    }
}

async fn partner(context: &Context, args: &Login) -> Result<Credential> {
    Ok(match (&args.app_id, args.api_key_stdin, args.secret_key_stdin) {
        (None, true, _) => Credential::ApiKey(from_stdin(&context.ui, Piped::ApiKey).await?),
        (Some(app_id), _, true) => Credential::AppPair {
            app_id: checked_app_id(app_id)?,
            secret_key: from_stdin(&context.ui, Piped::SecretKey).await?,
        },
        (Some(app_id), _, false) => {
            let app_id = checked_app_id(app_id)?;
            let secret_key = context.ui.ask_secret("Secret key (input hidden)").await;
            let secret_key = flow::answered(secret_key, Question::SecretKey)?;
            Credential::AppPair { app_id, secret_key }
        }
        (None, false, _) => ask(context).await?,
    })
}

async fn unifiedbeez(context: &Context, args: &Login) -> Result<Credential> {
    if let Some(email) = &args.email {
        return email::by_email(context, args, email).await;
    }
    let session =
        given(context, args.session_stdin, Piped::Session, "Session (its id, or a Cookie: line)").await?;
    Ok(Credential::pasted_session(session))
}

/// A secret from stdin, or from a terminal where nobody sees it.
async fn given(context: &Context, is_piped: bool, what: Piped, label: &str) -> Result<Secret> {
    if is_piped {
        return from_stdin(&context.ui, what).await;
    }
    let asked = context.ui.ask_secret(&format!("{label} (input hidden)")).await;
    flow::answered(asked, Question::Secret(what))
}

/// Where there are no credentials and nothing says of which platform, asks whose they will be.
pub async fn choose_platform(context: &Context) -> Result<()> {
    if !context.ui.interactive() || context.asked_platform().is_some() || context.has_credentials() {
        return Ok(());
    }
    // One that can't be read is an error for whoever needs it.
    let Ok(config) = context.config() else { return Ok(()) };
    if config.profile(&context.profile).platform.is_none() {
        say_missing(context);
        context.choose(ask_platform(context).await?);
    }
    Ok(())
}

/// Says that there are no credentials, before it asks for them.
pub fn say_missing(context: &Context) {
    context.ui.say(&format!("There are no credentials for the profile {} yet.", context.profile));
}

/// Asks for credentials on a terminal, tries and stores them.
pub async fn ask_and_store(context: &Context) -> Result<Credential> {
    let credential = match context.platform()? {
        PlatformName::Socialchat => ask(context).await?,
        PlatformName::UnifiedBeez => {
            Credential::pasted_session(given(context, false, Piped::Session, "Session").await?)
        }
        PlatformName::Qontak => qontak::ask(context).await?,
        PlatformName::Tendarts => {
            Credential::ApiToken(given(context, false, Piped::ApiToken, "API token").await?)
        }
    };
    try_and_store(context, &credential).await?;
    Ok(credential)
}

/// Removes the profile's stored credentials. What is borrowed is said first: without them nobody can put it back.
pub async fn logout(context: &Context) -> Result<()> {
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
    let session = session::stored(context).await;
    let stored_for =
        credentials::whereabouts(&context.folders, &context.profile)?.found.map(|stored| stored.api_url);
    let removed = credentials::remove(&context.folders, &context.profile)?;
    // What `login --api-url` noted goes with them: the next login is for the vendor's API again.
    let noted = context.config()?.profile(&context.profile).api_url;
    let noted = noted.as_deref().map(|url| url.trim_end_matches('/'));
    if removed.found.is_some() && noted.is_some() && noted == stored_for.as_deref() {
        Config::change(&context.folders, |config| config.clear_api_url(&context.profile))?;
    }
    if removed.found.is_some() && context.config()?.profile(&context.profile).platform.is_some() {
        // The profile may be of any platform again.
        Config::change(&context.folders, |config| {
            config.set_platform(&context.profile, PlatformName::Socialchat);
        })?;
    }
    if removed.found.is_some() {
        session::end(context, session).await;
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
    let platform = credential.platform();
    let url = context.api_url_of(credential)?;
    // Read first: one that can't be used shouldn't be noticed when half of the login is stored.
    let known = context.config()?.profile(&context.profile);
    let account = context.account(credential)?;
    let stored = flow::try_and_store(&account, &context.ui, credential, &url).await?;
    context.note(stored.remarks.into_iter().map(Finding::File));
    let wanted = url.as_given();
    let is_new_url = known.api_url.as_deref().unwrap_or(platform.api_url()) != wanted;
    if is_new_url || known.platform.unwrap_or(PlatformName::Socialchat) != platform {
        Config::change(&context.folders, |config| {
            config.set_platform(&context.profile, platform);
            if is_new_url {
                config.set_api_url(&context.profile, &wanted);
            }
        })?;
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
