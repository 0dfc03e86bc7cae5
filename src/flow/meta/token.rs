//! Whether a Page token is one, before anything is made of it.

use anyhow::{Error, Result};

use crate::failure::{Failure, MetaTrouble};
use crate::platform::meta::{Has, Meta, NEEDED, Owner, TokenInfo, permission};
use crate::platform::{ApiError, Known};
use crate::types::{MetaMeaning, time};
use crate::ui::Ui;

/// A Page's token that Meta has spoken for.
#[derive(Clone, Debug)]
pub struct PageToken {
    /// Digits, too many for a number.
    pub page_id: String,
    pub page_name: String,
    /// The app that the token is of, as far as anybody told.
    pub app_id: Option<String>,
    /// Whether Meta says that this is the app whose credentials are given.
    pub is_app_confirmed: bool,
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
        Err(error) if is_no_match(&error) => {
            let given = meta.app().map(|app| app.id.clone()).unwrap_or_default();
            return Err(Error::new(error).context(Failure::Meta(MetaTrouble::AppNotConfirmed { given })));
        }
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
        check(info, &page.id, &page.name, ui)?;
        for permission in NEEDED {
            if !matches!(self::permission(Some(info), permission, Some(&page.id)), Has::Yes) {
                ui.warn(&MetaTrouble::Lacks { permission, page: None }.to_string());
            }
        }
    }
    if let Some(at) = info.as_ref().and_then(|info| past(info.data_access_expires_at)) {
        ui.warn(&MetaTrouble::DataAccess { at: ui.moment(&at) }.to_string());
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
    let is_app_confirmed = app_id.is_some() && app_id == own;
    let app_id = app_id.or(own);
    Ok(PageToken { page_id: page.id, page_name: page.name, app_id, is_app_confirmed })
}

fn check(info: &TokenInfo, page_id: &str, page_name: &str, ui: &Ui) -> Result<()> {
    let trouble = |trouble| Err(Failure::Meta(trouble).into());
    if !info.is_valid {
        return trouble(MetaTrouble::Invalid { why: info.error });
    }
    if let Some(at) = past(info.expires_at) {
        return trouble(MetaTrouble::Expired { at: ui.moment(&at) });
    }
    if !info.is_of_page(page_id) {
        let (kind, profile_id) = (info.kind.clone(), info.profile_id.clone());
        return trouble(MetaTrouble::NotOfPage { kind, profile_id, page_id: page_id.to_owned() });
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

/// The time, where there is one and it is past; 0 is never.
fn past(at: Option<i64>) -> Option<String> {
    let now = i64::try_from(time::now() / 1000).unwrap_or(i64::MAX);
    at.filter(|at| (1..=now).contains(at)).map(time::of_seconds)
}

/// Whether `debug_token` finds nothing of the app's own: "App_id in the input_token did not match the Viewing App" is an
/// error of a parameter.
fn is_no_match(error: &ApiError) -> bool {
    matches!(error.known(), Some(Known::Meta(code)) if code.means() == MetaMeaning::Parameter)
}

/// Whether an answer to the app's own token refuses that.
pub fn is_about_app(error: &ApiError) -> bool {
    matches!(error.known(), Some(Known::Meta(code)) if code.is_about_token())
}

/// That the app's credentials are wrong, and not the Page's token.
pub fn app_refused(error: ApiError) -> Error {
    Error::new(error).context(Failure::Meta(MetaTrouble::AppRefused))
}
