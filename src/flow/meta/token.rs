//! Whether a Page token is one, before anything is made of it.

use anyhow::{Error, Result};

use crate::failure::{Failure, MetaTrouble};
use crate::platform::meta::{Has, Meta, NEEDED, Owner, TokenInfo, permission};
use crate::platform::{ApiError, Known};
use crate::types::time;
use crate::ui::Ui;

/// A Page's token that Meta has spoken for.
#[derive(Clone, Debug)]
pub struct PageToken {
    /// Digits, too many for a number.
    pub page_id: String,
    pub page_name: String,
    /// The app that the token is of, as far as anybody told.
    pub app_id: Option<String>,
}

/// Asks Meta whose the token is, and with the app's credentials what it may do and until when. Fails where it is a
/// person's, has ended, or lacks what a Messenger channel can't be without; where Meta can't say, things go on.
pub async fn check_page_token(meta: &Meta, ui: &Ui) -> Result<PageToken> {
    let progress = ui.spinner("Asking Meta about the Page token");
    let page = match meta.owner().await? {
        Owner::Page(page) => page,
        Owner::Person { name, .. } => return Err(Failure::Meta(MetaTrouble::Person { name }).into()),
    };
    let info = match meta.token_info().await {
        Ok(info) => info,
        Err(error) if is_about_app(&error) => return Err(app_refused(error)),
        Err(error) => {
            ui.warn(&error.to_string());
            None
        }
    };
    drop(progress);
    if meta.app().is_none() {
        ui.note("Without META_APP_ID and META_APP_SECRET nobody checks until when the token is valid, and what it may do.");
    }
    if let Some(info) = &info {
        check(info, &page.id, &page.name)?;
        for permission in NEEDED {
            if !matches!(self::permission(Some(info), permission, Some(&page.id)), Has::Yes) {
                ui.warn(&MetaTrouble::Lacks { permission, page: None }.to_string());
            }
        }
    }
    let own = meta.app().map(|app| app.id.clone());
    let app_id = info.and_then(|info| info.app_id);
    if let (Some(of_token), Some(given)) = (&app_id, &own)
        && of_token != given
    {
        // Each half would be of another app, and nothing would arrive.
        let (of_token, given) = (of_token.clone(), given.clone());
        return Err(Failure::Meta(MetaTrouble::OtherApp { of_token, given }).into());
    }
    let app_id = app_id.or(own);
    Ok(PageToken { page_id: page.id, page_name: page.name, app_id })
}

fn check(info: &TokenInfo, page_id: &str, page_name: &str) -> Result<()> {
    let trouble = |trouble| Err(Failure::Meta(trouble).into());
    if !info.is_valid {
        return trouble(MetaTrouble::Invalid { why: info.error });
    }
    let now = i64::try_from(time::now() / 1000).unwrap_or(i64::MAX);
    if let Some(at @ 1..) = info.expires_at.filter(|at| *at <= now) {
        return trouble(MetaTrouble::Expired { at: time::of_seconds(at) });
    }
    let [messaging, ..] = NEEDED;
    match permission(Some(info), messaging, Some(page_id)) {
        Has::No => trouble(MetaTrouble::Lacks { permission: messaging, page: None }),
        Has::NotForPage(_) => {
            trouble(MetaTrouble::Lacks { permission: messaging, page: Some(page_name.to_owned()) })
        }
        Has::Yes | Has::Unknown => Ok(()),
    }
}

/// Whether an answer to the app's own token refuses that.
pub fn is_about_app(error: &ApiError) -> bool {
    matches!(error.known(), Some(Known::Meta(code)) if code.is_about_token())
}

/// That the app's credentials are wrong, and not the Page's token.
pub fn app_refused(error: ApiError) -> Error {
    Error::new(error).context(Failure::Meta(MetaTrouble::AppRefused))
}
