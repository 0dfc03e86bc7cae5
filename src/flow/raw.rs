//! A call that somebody writes by hand, from page to page.

use std::collections::HashSet;

use anyhow::Result;
use serde_json::{Map, Value};

use crate::failure::{Endless, Failure};
use crate::platform::socialchat::Socialchat;
use crate::types::{ApiPath, Method, as_text, as_yes_or_no};

/// More pages than any list has.
const MOST_PAGES: usize = 20_000;
/// So many empty ones in a row that announce more are enough.
const MOST_EMPTY: u32 = 3;

/// Reads a list to its end, by number (`page`, `totalPages`) or by offset (`nextOffset`, `nextToken`). `each` gets its entries, page by
/// page. An answer that is no list is given back.
pub async fn raw_pages(
    api: &Socialchat,
    mut path: ApiPath,
    mut each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<Option<Value>> {
    let (mut places, mut empty) = (HashSet::new(), 0);
    for number in 0..MOST_PAGES {
        let mut answer = api.raw(Method::Get, &path, None).await?;
        let entries = match &mut answer {
            Some(Value::Object(fields)) if fields.get("docs").is_some_and(Value::is_array) => {
                fields.insert("docs".to_owned(), Value::Null)
            }
            _ => None,
        };
        let (Some(Value::Array(entries)), Some(Value::Object(fields))) = (entries, &answer) else {
            // The first may be no list at all; what follows a page is one, or half the list would pass for the whole.
            return match number {
                0 => Ok(answer),
                _ => Err(Failure::EndlessPages { cause: Endless::NoList }.into()),
            };
        };
        empty = if entries.is_empty() { empty + 1 } else { 0 };
        let next = next(fields, &path)?;
        if empty == MOST_EMPTY && next.is_some() {
            break;
        }
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
    let place = |name: &'static str| {
        let value = fields.get(name).and_then(as_text).filter(|value| !value.is_empty())?;
        Some((name, value))
    };
    match (place("nextOffset").or_else(|| place("nextToken")), page) {
        (Some(place), _) => Ok(Some(place)),
        (None, Some(page)) => Ok(Some(("page", page.saturating_add(1).to_string()))),
        (None, None) => Err(Failure::EndlessPages { cause: Endless::NoOffset }.into()),
    }
}
