//! pages: everything that a sign-in covers.

use std::collections::HashMap;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::sign_in::sign_in;
use crate::cli::Pages;
use crate::context::Context;
use crate::error::Report;
use crate::failure::Failure;
use crate::flow;
use crate::types::{Channel, ChannelDbId, Page, SignInKind};
use crate::ui::{Cell, Column, Style, Table, Ui};

/// Lists every Page or account, and which are connected already.
pub async fn pages(context: &Context, args: Pages) -> Result<()> {
    let (ui, kind) = (&context.ui, args.kind);
    let sign_in = sign_in(context, kind, &args.sign_in).await?;
    let account = super::partner(context).await?;
    let (pages, channels) = flow::with_token(&account, ui, sign_in, async |signed_in| {
        flow::listed(&account.api, ui, kind, &signed_in.token, |_| false).await
    })
    .await?;
    show(ui, kind, &pages, &channels)
}

fn show(ui: &Ui, kind: SignInKind, pages: &[Page], channels: &[Channel]) -> Result<()> {
    let connected: HashMap<&str, &ChannelDbId> =
        channels.iter().filter_map(|channel| Some((channel.channel_id.as_deref()?, &channel.id))).collect();
    let connected_as = |page: &Page| connected.get(page.channel_id.as_str()).copied();
    if pages.is_empty() {
        // A list of nothing is a result like any other, but one that nobody expects.
        let error = Failure::NothingCovered { kind }.into();
        let report = Report::of(&error);
        let hint = report.hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        ui.warn(&format!("{}{hint}", report.message));
    }
    if ui.json() {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Row<'a> {
            #[serde(flatten)]
            page: &'a Page,
            connected_as: Option<&'a ChannelDbId>,
        }
        let fields = Map::from_iter([("kind".to_owned(), Value::from(kind.as_str()))]);
        let mut list = ui.json_list(&fields, "pages")?;
        for page in pages {
            list.item(&Row { page, connected_as: connected_as(page) })?;
        }
        return Ok(list.end(&Map::new())?);
    }
    if pages.is_empty() {
        return Ok(());
    }
    let mut table =
        Table::new([Column::new("NAME").flexible(), Column::new("ID"), Column::new("CONNECTED AS").spare()]);
    for page in pages {
        let state = match connected_as(page) {
            Some(id) => Cell::styled(Style::Good, id.as_str()),
            None => Cell::styled(Style::Dim, "-"),
        };
        table.row([Cell::new(&page.name), Cell::new(&page.channel_id), state]);
    }
    ui.table(&table);
    let count = pages.iter().filter(|page| connected_as(page).is_some()).count();
    let plural = if pages.len() == 1 { "" } else { "s" };
    ui.note(&format!("{} {}{plural}, {count} connected", pages.len(), kind.noun()));
    Ok(())
}
