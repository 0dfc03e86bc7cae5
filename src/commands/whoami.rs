//! whoami: which account, from where, and whether the API accepts it.

use anyhow::Result;
use serde_json::json;

use super::borrowed::borrowed;
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::{self, Account, Counts};
use crate::platform::Identity;
use crate::types::{Known, PlatformName};
use crate::ui::{Cell, Style, text};

/// Shows the profile, the API URL, the credentials' source and their masked key, and asks the API: once, for the first of
/// the channels. No call of the API tells whose account it is.
pub async fn whoami(context: &Context) -> Result<()> {
    let ui = &context.ui;
    let (credential, source) = match context.credential().await {
        Ok(found) => found,
        Err(error) => {
            tell_without_credentials(context);
            return Err(error);
        }
    };
    let url = context.api_url()?;
    let account = context.account(&credential)?;
    super::put_back_first(context, &account).await;
    let (counts, identity) = tokio::join!(flow::counts(&account.api), who(&account));
    let counts = match counts {
        Ok(counts) => Ok(counts),
        Err(error) if matches!(error.known(), Some(Known::BadCredentials | Known::ClockOff { .. })) => {
            Err(error)
        }
        Err(error) => {
            context.note(borrowed(context, Some(&account)));
            return Err(error.into());
        }
    };
    let platform = account.api.name();
    let generation = identity.generation.or(credential.generation());
    let person = identity.account;
    if ui.json() {
        ui.print_json(&json!({
            "profile": context.profile.to_string(),
            "platform": platform.as_str(),
            "generation": generation,
            "account": person,
            "apiUrl": url.to_string(),
            "credentials": { "source": source.as_str(), "key": credential.masked() },
            "accepted": counts.is_ok(),
            "channels": counts.as_ref().ok().map(|counts| json!({ "total": counts.total, "disconnected": counts.disconnected })),
        }))?;
    } else {
        let verdict = match counts {
            Ok(_) => Cell::styled(Style::Good, "yes"),
            Err(_) => Cell::styled(Style::Bad, "no"),
        };
        let mut fields = vec![
            ("Profile", Cell::new(context.profile.as_str())),
            ("Platform", Cell::new(platform.as_str())),
            ("API", Cell::new(&url.to_string())),
            ("Generation", Cell::new(generation.unwrap_or("-"))),
            ("Account", Cell::new(person.as_deref().unwrap_or("-"))),
            ("Credentials", Cell::new(&format!("{} (from the {})", credential.masked(), source.as_str()))),
            ("Accepted", verdict),
        ];
        fields.retain(|(name, _)| match *name {
            "Generation" => generation.is_some(),
            "Account" => person.is_some(),
            _ => true,
        });
        fields.extend(
            counts.as_ref().ok().copied().and_then(written).map(|text| ("Channels", Cell::new(&text))),
        );
        ui.fields(&fields);
    }
    context.note(borrowed(context, Some(&account)));
    match counts {
        Ok(_) => Ok(()),
        Err(error) if error.known() != Some(Known::BadCredentials) => Err(error.into()),
        Err(_) => Err(Failure::NotAccepted { profile: context.profile.to_string(), platform }.into()),
    }
}

/// Who one is at a platform that tells it; Socialchat doesn't, and is not asked. That it can't be told refuses nothing: the
/// counts say whether the credentials are accepted.
pub(super) async fn who(account: &Account) -> Identity {
    match account.api.name() {
        PlatformName::Socialchat => Identity::default(),
        _ => account.api.identity().await.unwrap_or_default(),
    }
}

/// The counts, as far as the API tells them.
fn written(counts: Counts) -> Option<String> {
    let total = text::count(counts.total?);
    Some(match counts.disconnected {
        Some(disconnected) => format!("{total}, {} disconnected", text::count(disconnected)),
        None => total,
    })
}

/// What is known without credentials. The error that there are none stands at the end, and no other one before it.
fn tell_without_credentials(context: &Context) {
    if !context.ui.json()
        && let Ok(url) = context.api_url()
    {
        context.ui.fields(&[
            ("Profile", Cell::new(context.profile.as_str())),
            ("Platform", Cell::new(context.platform().unwrap_or(PlatformName::Socialchat).as_str())),
            ("API", Cell::new(&url.to_string())),
        ]);
    }
    context.note(borrowed(context, None::<&Account>));
}
