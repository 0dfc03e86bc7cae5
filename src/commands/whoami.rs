//! whoami: which account, from where, and whether the API accepts it.

use anyhow::Result;
use serde_json::json;

use super::borrowed::borrowed;
use crate::context::Context;
use crate::failure::Failure;
use crate::flow::Account;
use crate::types::{Credential, Known};
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
    let accepted = match account.api.try_credentials().await {
        Ok(()) => true,
        Err(error) if error.known() == Some(Known::BadCredentials) => false,
        Err(error) => {
            context.note(borrowed(context, Some(&account)));
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
    context.note(borrowed(context, Some(&account)));
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
    context.note(borrowed(context, None::<&Account>));
}

/// The key with all but its last characters hidden; an App ID is no secret.
pub fn masked(credential: &Credential) -> String {
    match credential {
        Credential::ApiKey(key) => key.masked(),
        Credential::AppPair { app_id, secret_key } => format!("{app_id}_{}", secret_key.masked()),
    }
}
