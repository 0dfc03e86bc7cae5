//! whoami: which account, from where, and whether the API accepts it.

use anyhow::Result;
use serde_json::json;

use crate::context::Context;
use crate::flow::Failure;
use crate::store::lease;
use crate::types::Credential;
use crate::ui::{Cell, Style, Ui};

/// Shows the profile, the API URL, the credentials' source and their masked key, and asks the API.
pub async fn whoami(context: &Context) -> Result<()> {
    let (credential, source) = context.credential().await?;
    let url = context.api_url()?;
    let account = context.account(&credential)?;
    super::put_back_first(context, &account).await;
    let ui = &context.ui;
    let accepted = match account.api.accepts_credentials().await {
        Ok(accepted) => accepted,
        Err(error) => {
            tell_borrowed(context, ui)?;
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
    tell_borrowed(context, ui)?;
    if accepted { Ok(()) } else { Err(Failure::NotAccepted { profile: context.profile.to_string() }.into()) }
}

/// Says what is borrowed just now, since when and by whom.
pub fn tell_borrowed(context: &Context, ui: &Ui) -> Result<()> {
    for (record, living) in lease::list(&context.folders, &context.profile)? {
        let host = record.host.as_deref().unwrap_or("this machine");
        let (kind, since, pid) = (record.kind, &record.borrowed_at, record.pid);
        ui.warn(&if living {
            format!("the {kind} callback URL is borrowed since {since} by process {pid} on {host}")
        } else {
            format!(
                "the {kind} callback URL of {} was borrowed {since} by process {pid} on {host}, which is gone: \
                 `socialchat-cli callback restore` puts it back",
                record.api_url
            )
        });
    }
    Ok(())
}

/// The key with all but its last characters hidden; an App ID is no secret.
pub fn masked(credential: &Credential) -> String {
    match credential {
        Credential::ApiKey(key) => key.masked(),
        Credential::AppPair { app_id, secret_key } => format!("{app_id}_{}", secret_key.masked()),
    }
}
