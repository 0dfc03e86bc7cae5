//! Everything that can be found out about a token and its webhook. Changes nothing.

use anyhow::Result;

use super::all;
use crate::platform::ApiError;
use crate::platform::meta::{Looked, Meta, MetaPage, Owner, Told};
use crate::types::{GraphVersion, time};
use crate::ui::Ui;

/// Asks Meta for all of it. What it refuses is part of what was found; that it can't be reached is an error.
pub async fn look(meta: &Meta, version: GraphVersion, ui: &Ui) -> Result<Looked> {
    let _progress = ui.spinner("Asking Meta");
    let owner: Told<Owner> = match meta.owner().await {
        Err(error) if error.status().is_none() => return Err(error.into()),
        answer => answer.into(),
    };
    let info = match meta.token_info().await {
        Ok(None) => Told::NotAsked,
        Ok(Some(info)) => Told::Answered(info),
        Err(error) => Told::Refused(Box::new(error)),
    };
    let app = match meta.app() {
        Some(app) => meta.app_webhook(app).await.into(),
        None => Told::NotAsked,
    };
    let page = match owner.answer() {
        Some(Owner::Page(page)) => told(all(|after| meta.page_webhooks(&page.id, after)).await)?,
        Some(Owner::Person { .. }) | None => Told::NotAsked,
    };
    let app_id = info.answer().and_then(|info| info.app_id.clone());
    Ok(Looked {
        version,
        now: time::now(),
        has_secret: meta.app().is_some(),
        app_id: app_id.or_else(|| meta.app().map(|app| app.id.clone())),
        given_app: meta.app().map(|app| app.id.clone()),
        owner,
        info,
        app,
        page,
    })
}

/// The Pages of a person whose token was given in the place of a Page's.
#[derive(Debug)]
pub struct Covered {
    pub pages: Vec<MetaPage>,
    /// The ids of Pages that were allowed and aren't listed: a business portfolio holds them.
    pub unlisted: Vec<String>,
}

/// Lists them; none where the token is no person's.
pub async fn covered(meta: &Meta, looked: &Looked) -> Result<Option<Covered>> {
    if !matches!(looked.owner.answer(), Some(Owner::Person { .. })) {
        return Ok(None);
    }
    let pages: Vec<MetaPage> = all(|after| meta.pages(after)).await?;
    let granted = looked.info.answer().map_or(&[][..], |info| &info.granular);
    let of_pages = granted.iter().filter(|granted| granted.scope.starts_with("pages_"));
    let mut unlisted: Vec<String> = of_pages.flat_map(|granted| granted.targets.clone()).flatten().collect();
    unlisted.sort_unstable();
    unlisted.dedup();
    unlisted.retain(|id| !pages.iter().any(|page| page.id == *id));
    Ok(Some(Covered { pages, unlisted }))
}

/// A refusal is a finding; a list without an end is none.
fn told<T>(answer: Result<T>) -> Result<Told<T>> {
    match answer {
        Ok(answer) => Ok(Told::Answered(answer)),
        Err(error) => Ok(Told::Refused(Box::new(error.downcast::<ApiError>()?))),
    }
}
