//! meta review: what App Review wants, ticked where it can be found out, and what Meta has retired.

use anyhow::Result;
use serde_json::{Value, json};

use super::client;
use crate::cli::PageTokenOptions;
use crate::commands::stdin::from_stdin;
use crate::context::Context;
use crate::failure::Piped;
use crate::flow::meta::{self, Item, ItemDetail, ItemTitle, Looked, Retired, RetiredDetail};
use crate::types::Secret;
use crate::ui::{Ui, text};

/// Shows the list. Asks nobody: without a token nothing is ticked.
pub async fn review(context: &Context, args: &PageTokenOptions) -> Result<()> {
    let token = match args.page_token_stdin {
        true => Some(from_stdin(&context.ui, Piped::PageToken).await?),
        false => context.page_token()?,
    };
    let looked = match token {
        Some(token) => look(context, args, token).await?,
        None => None,
    };
    let items = meta::review(looked.as_ref());
    let info = looked.as_ref().and_then(|looked| looked.info.answer());
    let retired = Retired::ALL.map(|retired| (retired, retired.is_held(info)));
    if context.ui.json() {
        return Ok(context.ui.print_json(&json!({
            "items": items.into_iter().map(item).collect::<Vec<_>>(),
            "retired": retired.map(|(retired, is_held)| json!({
                "names": retired.names(), "held": is_held, "detail": RetiredDetail(retired).to_string(),
            })),
        }))?);
    }
    print(context, &items, &retired);
    Ok(())
}

/// What Meta says of the token. Where it says nothing, that is told, and the list is worth showing all the same.
async fn look(context: &Context, args: &PageTokenOptions, token: Secret) -> Result<Option<Looked>> {
    let version = args.graph_version.unwrap_or_default();
    let meta = client::meta(context, version, Some(token), client::app(context)?)?;
    let refusal = match meta::look(&meta, version, &context.ui).await {
        Ok(mut looked) => match looked.take_refusal() {
            None => return Ok(Some(looked)),
            Some(error) => error.into(),
        },
        Err(error) => error,
    };
    context.ui.warn(&format!("{refusal:#}"));
    Ok(None)
}

fn item((item, is_done): (Item, Option<bool>)) -> Value {
    json!({
        "id": item.id(),
        "done": is_done,
        "title": ItemTitle(item).to_string(),
        "detail": ItemDetail(item).to_string(),
    })
}

fn print(context: &Context, items: &[(Item, Option<bool>)], retired: &[(Retired, Option<bool>)]) {
    let ui = &context.ui;
    ui.line("For App Review ([x] done, [!] open, [ ] not known from here):");
    for (item, is_done) in items {
        let mark = match is_done {
            Some(true) => "[x]",
            Some(false) => "[!]",
            None => "[ ]",
        };
        ui.line(&format!("{mark} {}", ItemTitle(*item)));
        detail(ui, &ItemDetail(*item).to_string());
    }
    ui.line("");
    ui.line("Retired, although old guides ask for it:");
    for (retired, is_held) in retired {
        let held = if *is_held == Some(true) { "; the token still has it" } else { "" };
        ui.line(&format!("  {}{held}", retired.names().join(", ")));
        detail(ui, &RetiredDetail(*retired).to_string());
    }
}

/// Below what it is about, as wide as the terminal.
fn detail(ui: &Ui, detail: &str) {
    for line in text::wrapped(&format!("      {detail}"), ui.width()).lines() {
        ui.line(line);
    }
}
