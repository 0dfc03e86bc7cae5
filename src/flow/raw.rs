//! A call that somebody writes by hand, from page to page.

use std::collections::HashSet;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::failure::{Endless, Failure};
use crate::platform::socialchat::Socialchat;
use crate::types::{ApiPath, Method, as_text, as_yes_or_no};

/// More pages than any list has.
const MOST_PAGES: usize = 20_000;

/// Reads a list to its end, by number (`page`, `totalPages`) or by offset (`nextOffset`). `each` gets its entries, page by
/// page. An answer that is no list is given back.
pub async fn raw_pages(
    api: &Socialchat,
    mut path: ApiPath,
    mut each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<Option<Value>> {
    let mut places = HashSet::new();
    for _ in 0..MOST_PAGES {
        let mut answer = api.raw(Method::Get, &path, None).await?;
        let Some(Value::Object(fields)) = &mut answer else { return Ok(answer) };
        let Some(Value::Array(entries)) = fields.get_mut("docs").map(Value::take) else { return Ok(answer) };
        let next = if entries.is_empty() { None } else { next(fields, &path)? };
        each(entries)?;
        let Some((name, value)) = next else { return Ok(None) };
        if !places.insert(value.clone()) {
            return Err(Failure::EndlessPages { cause: Endless::SamePage }.into());
        }
        path.set(name, value);
    }
    Err(Failure::EndlessPages { cause: Endless::AlwaysMore }.into())
}

/// The parameter that asks for what follows; none at the end.
fn next(fields: &Map<String, Value>, path: &ApiPath) -> Result<Option<(&'static str, String)>> {
    let number = |name: &str| fields.get(name).and_then(as_text).and_then(|text| text.parse::<u64>().ok());
    let asked =
        || path.query().iter().find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok());
    let page: Option<u64> = number("page").or_else(asked);
    let has_more = fields.get("hasNextPage").and_then(as_yes_or_no);
    let has_more = has_more.or_else(|| Some(page? < number("totalPages")?)).unwrap_or(false);
    if !has_more {
        return Ok(None);
    }
    let offset = fields.get("nextOffset").and_then(as_text).filter(|offset| !offset.is_empty());
    match (offset, page) {
        (Some(offset), _) => Ok(Some(("nextOffset", offset))),
        (None, Some(page)) => Ok(Some(("page", page.saturating_add(1).to_string()))),
        (None, None) => Err(Failure::EndlessPages { cause: Endless::NoOffset }.into()),
    }
}
