//! logout: what becomes of a session at UnifiedBeez. One that a login of ours began is ended there. One that was given to us is
//! the browser's own, where nobody should be signed out by it.

use crate::context::Context;
use crate::flow::{self, Account};
use crate::store::credentials;
use crate::types::{Credential, PlatformName};

/// A stored session.
pub enum Stored {
    /// Of a login of ours: with the account to end it at.
    Own(Box<Account>),
    /// Somebody's else.
    Given,
}

/// The session of the profile, where it has one that can be read: removing it waits for nothing.
pub async fn stored(context: &Context) -> Option<Stored> {
    let found = credentials::whereabouts(&context.folders, &context.profile).ok()?.found?;
    if found.platform != Some(PlatformName::UnifiedBeez) {
        return None;
    }
    let (folders, name) = (context.folders.clone(), context.profile.clone());
    let loaded = tokio::task::spawn_blocking(move || credentials::load(&folders, &name)).await.ok()?.ok()?;
    let loaded = loaded.found?;
    let Credential::Session { is_own, .. } = loaded.credential else { return None };
    // It is given out for no other API than the one that it was stored for.
    let is_there = context.api_url_of(&loaded.credential).is_ok_and(|url| url.to_string() == loaded.api_url);
    match is_own && is_there {
        true => Some(Stored::Own(Box::new(context.account(&loaded.credential).ok()?))),
        false => Some(Stored::Given),
    }
}

/// Ends it, where it is ours. That it could not be ended is no reason to keep it here.
pub async fn end(context: &Context, session: Option<Stored>) {
    match session {
        Some(Stored::Own(account)) => {
            if let Err(error) = flow::log_out(&account).await {
                context.ui.warn(&format!("{error:#}; end it there, in the list of your sessions"));
            }
        }
        Some(Stored::Given) => {
            context.ui.note("The session itself goes on: sign out of UnifiedBeez in your browser to end it.");
        }
        None => {}
    }
}
