//! meta check: each fact about a Page token, with a verdict.

use anyhow::Result;
use serde_json::{Value, json};

use super::client;
use crate::cli::PageTokenOptions;
use crate::context::Context;
use crate::failure::{Failure, MetaTrouble};
use crate::flow::meta::{
    self, Covered, Cure, Evidence, Fact, Looked, Owner, Title, TokenInfo, Verdict, facts,
};
use crate::types::time;
use crate::ui::{Cell, Style, Ui, text};

/// Evidence is not broken into narrower lines.
const NARROWEST: usize = 24;

/// Shows what Meta says. Fails where a fact is bad; with the answer itself where Meta refuses the token.
pub async fn check(context: &Context, args: &PageTokenOptions) -> Result<()> {
    let token = client::page_token(context, args.page_token_stdin).await?;
    let version = args.graph_version.unwrap_or_default();
    let meta = client::meta(context, version, Some(token), client::app(context)?)?;
    let mut looked = meta::look(&meta, version, &context.ui).await?;
    // Beside what was asked for.
    let covered = meta::covered(&meta, &looked).await.unwrap_or_else(|error| {
        context.ui.warn(&format!("{error:#}"));
        None
    });
    let count = {
        let facts = facts(&looked);
        print(context, &looked, &facts, covered.as_ref())?;
        facts.iter().filter(|fact| fact.verdict() == Verdict::Fail).count()
    };
    match (looked.take_refusal(), count) {
        (Some(error), _) => Err(error.into()),
        (None, 0) => Ok(()),
        (None, count) => Err(Failure::Meta(match looked.info.answer().filter(|info| !info.is_valid) {
            // As where Meta refuses the token in other words.
            Some(info) => MetaTrouble::Invalid { why: info.error },
            None => MetaTrouble::Bad { count },
        })
        .into()),
    }
}

fn print(context: &Context, looked: &Looked, facts: &[Fact<'_>], covered: Option<&Covered>) -> Result<()> {
    let ui = &context.ui;
    if ui.json() {
        let of = |verdict| facts.iter().filter(|fact| fact.verdict() == verdict).count();
        let summary = [Verdict::Ok, Verdict::Warn, Verdict::Fail, Verdict::Unknown]
            .map(|verdict| (verdict.as_str().to_owned(), json!(of(verdict))));
        return Ok(ui.print_json(&json!({
            "page": page(looked),
            "token": looked.info.answer().map(token),
            "checks": facts.iter().map(document).collect::<Vec<_>>(),
            "summary": serde_json::Map::from_iter(summary),
            "covers": covered.map(|covered| json!({
                "pages": covered.pages.iter().map(|page| json!({
                    "id": page.id, "name": page.name, "tasks": page.tasks,
                })).collect::<Vec<_>>(),
                "unlisted": covered.unlisted,
            })),
        }))?);
    }
    // In full: what Meta says of a bad one is long, and is what counts.
    let titles: Vec<String> = facts.iter().map(|fact| Title(fact).to_string()).collect();
    let wide = titles.iter().map(|title| text::width(title)).max().unwrap_or_default() + "  ".len();
    let mut fields: Vec<(&str, Cell)> = Vec::new();
    for (fact, title) in facts.iter().zip(&titles) {
        let (style, mark) = match fact.verdict() {
            Verdict::Ok => (Style::Plain, "ok"),
            Verdict::Warn => (Style::Warn, "warn"),
            Verdict::Fail => (Style::Bad, "fail"),
            Verdict::Unknown => (Style::Dim, "?"),
        };
        let evidence = text::clean(&evidence(ui, fact));
        let evidence = match ui.table_limit() {
            Some(width) => {
                text::wrapped(&format!("      {evidence}"), width.saturating_sub(wide).max(NARROWEST))
            }
            None => format!("      {evidence}"),
        };
        for (index, line) in evidence.lines().enumerate() {
            let (title, mark) = if index == 0 { (title.as_str(), mark) } else { ("", "") };
            fields.push((title, Cell::styled(style, &format!("{mark:<4}  {}", line.trim_start()))));
        }
    }
    ui.fields(&fields);
    let mut said = Vec::new();
    for fact in facts.iter().filter(|fact| fact.verdict() != Verdict::Ok) {
        let cure = Cure(fact).to_string();
        // What helps against several is said once.
        if !cure.is_empty() && !said.contains(&cure) {
            ui.say(&format!("{}: {cure}", Title(fact)));
            said.push(cure);
        }
    }
    if let Some(covered) = covered {
        tell_covered(context, covered);
    }
    Ok(())
}

/// What was found, with times as a person reads them.
fn evidence(ui: &Ui, fact: &Fact<'_>) -> String {
    let evidence = Evidence(fact).to_string();
    match fact {
        Fact::Expiry { at: Some(at), .. } | Fact::DataAccess { at: Some(at), .. } => {
            let at = time::of_seconds(*at);
            evidence.replace(&at, &ui.moment(&at))
        }
        _ => evidence,
    }
}

/// The Pages whose own tokens could be made with a person's.
fn tell_covered(context: &Context, covered: &Covered) {
    let ui = &context.ui;
    match covered.pages.len() {
        0 => ui.say("This person's token covers no Page."),
        _ => ui.say("This person's token covers these Pages; make the token of one of them:"),
    }
    for page in &covered.pages {
        let lacks = if page.may_message() { "" } else { " (without the task MESSAGING on it)" };
        ui.say(&format!("  {}  {}{lacks}", page.id, page.name));
    }
    if !covered.unlisted.is_empty() {
        let ids = covered.unlisted.join(", ");
        ui.say(&format!("A business portfolio holds more of them, which takes business_management: {ids}"));
    }
}

fn page(looked: &Looked) -> Option<Value> {
    match looked.owner.answer()? {
        Owner::Page(page) => Some(json!({ "id": page.id, "name": page.name, "category": page.category })),
        Owner::Person { .. } => None,
    }
}

fn token(info: &TokenInfo) -> Value {
    let at = |at: Option<i64>| at.filter(|at| *at != 0).map(time::of_seconds);
    json!({
        "isValid": info.is_valid,
        "type": info.kind,
        "appId": info.app_id,
        "application": info.application,
        "expiresAt": at(info.expires_at),
        "dataAccessExpiresAt": at(info.data_access_expires_at),
        "permissions": info.scopes,
        "granted": info.granular.iter().map(|granted| json!({
            "permission": granted.scope, "ids": granted.targets,
        })).collect::<Vec<_>>(),
    })
}

fn document(fact: &Fact<'_>) -> Value {
    let cure = Some(Cure(fact).to_string()).filter(|cure| !cure.is_empty());
    json!({
        "id": fact.id(),
        "state": fact.verdict().as_str(),
        "title": Title(fact).to_string(),
        "evidence": Evidence(fact).to_string(),
        "hint": cure.filter(|_| fact.verdict() != Verdict::Ok),
    })
}
