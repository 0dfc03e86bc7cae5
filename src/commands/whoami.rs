//! whoami: which account, from where, and whether the API accepts it.

use anyhow::Result;
use serde_json::json;

use crate::context::{Context, SANDBOX};
use crate::error::Report;
use crate::flow::Failure;
use crate::store::ProfileName;
use crate::store::lease::{self, Journal, LeaseRecord};
use crate::types::Credential;
use crate::ui::{Cell, Style};

/// Shows the profile, the API URL, the credentials' source and their masked key, and asks the API.
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
    let accepted = match account.api.accepts_credentials().await {
        Ok(accepted) => accepted,
        Err(error) => {
            tell_borrowed(context)?;
            return Err(error.into());
        }
    };
    if ui.json() {
        ui.print_json(&json!({
            "profile": context.profile.to_string(),
            "apiUrl": url.to_string(),
            "credentials": { "source": source.as_str(), "key": masked(&credential) },
            "accepted": accepted,
        }))?;
    } else {
        let verdict =
            if accepted { Cell::styled(Style::Good, "yes") } else { Cell::styled(Style::Bad, "no") };
        ui.fields(&[
            ("Profile", Cell::new(context.profile.as_str())),
            ("API", Cell::new(&url.to_string())),
            ("Credentials", Cell::new(&format!("{} (from the {})", masked(&credential), source.as_str()))),
            ("Accepted", verdict),
        ]);
    }
    tell_borrowed(context)?;
    if accepted { Ok(()) } else { Err(Failure::NotAccepted { profile: context.profile.to_string() }.into()) }
}

/// What is known without credentials. The error that there are none stands at the end, and no other one before it.
fn tell_without_credentials(context: &Context) {
    if !context.ui.json()
        && let Ok(url) = context.api_url()
    {
        context.ui.fields(&[
            ("Profile", Cell::new(context.profile.as_str())),
            ("API", Cell::new(&url.to_string())),
        ]);
    }
    tell_borrowed_or_why_not(context);
}

/// Says what is borrowed just now, since when and by whom; and how it is put back.
pub fn tell_borrowed(context: &Context) -> Result<()> {
    let journals = lease::list(&context.folders, &context.profile)?;
    if journals.is_empty() {
        return Ok(());
    }
    let here = context.api_name()?;
    for Journal { record, living, path } in journals {
        let host = record.host.as_deref().unwrap_or("this machine");
        let (kind, api, since, pid) = (record.kind, &record.api_url, &record.borrowed_at, record.pid);
        let by = format!("by process {pid} on {host}");
        context.ui.warn(&match (living, *api == here) {
            (true, true) => format!("the {kind} callback URL is borrowed since {since} {by}"),
            (true, false) => format!("the {kind} callback URL of {api} is borrowed since {since} {by}"),
            (false, true) => format!(
                "the {kind} callback URL of {api} was borrowed {since} {by}, which is gone: \
                 `socialchat-cli callback restore` puts it back"
            ),
            (false, false) => format!(
                "the {kind} callback URL of {api} was borrowed {since} {by}, which is gone: `socialchat-cli {} \
                 callback restore` puts it back, with credentials of that API. Should that API be gone for good: \
                 remove {}",
                options_for(&record),
                path.display()
            ),
        });
    }
    Ok(())
}

/// The same, where something else is to be done all the same.
pub fn tell_borrowed_or_why_not(context: &Context) {
    if let Err(error) = tell_borrowed(context) {
        context.ui.warn(&Report::of(&error).message);
    }
}

/// The options with which a command is about that API and profile.
fn options_for(record: &LeaseRecord) -> String {
    let (api, implied) = match record.api_url.as_str() {
        SANDBOX => ("--sandbox".to_owned(), SANDBOX),
        url => (format!("--api-url {url}"), ProfileName::DEFAULT),
    };
    if record.profile.as_str() == implied { api } else { format!("{api} --profile {}", record.profile) }
}

/// The key with all but its last characters hidden; an App ID is no secret.
pub fn masked(credential: &Credential) -> String {
    match credential {
        Credential::ApiKey(key) => key.masked(),
        Credential::AppPair { app_id, secret_key } => format!("{app_id}_{}", secret_key.masked()),
    }
}
