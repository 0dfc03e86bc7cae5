//! `GET /partner/channel` and `GET /partner/channel/{_id}`.

use serde_json::{Value, json};

use super::api::Api;
use super::http::{Answer, Request};
use super::refusal::{Refusal, Stop};
use crate::types::{ChannelKind, time};

/// One page of the channels, the oldest first. `page` and `limit` are required in 2026; 2024 takes the first
/// page of 20 without them.
pub fn list(api: &Api, request: &Request) -> Result<Answer, Stop> {
    let defaults = if api.is_2026() { (None, None) } else { (Some(1), Some(20)) };
    let page = number(request, "page", defaults.0)?;
    let limit = number(request, "limit", defaults.1)?;
    let search = request.param("search").unwrap_or_default().trim().to_lowercase();
    let kinds = kinds(api, request)?;
    let now = time::now();
    api.turn(|turn| {
        let wanted = turn.world().channels().filter(|channel| {
            (kinds.is_empty() || kinds.contains(&channel.kind))
                && (search.is_empty() || channel.contains(&search))
        });
        let skipped = (page - 1).saturating_mul(limit);
        let (mut total, mut docs) = (0, Vec::new());
        for channel in wanted {
            if total >= skipped && docs.len() < limit {
                docs.push(channel.to_json(now, &api.origin));
            }
            total += 1;
        }
        Ok(Answer::json(200, &paged(docs, total, limit, page)))
    })
}

/// One channel. An id that nothing has is no error: 200 with an empty body.
pub fn show(api: &Api, id: &str) -> Result<Answer, Stop> {
    let now = time::now();
    let channel = api.turn(|turn| {
        let channel = turn.world().channel(id);
        Ok(channel.map(|channel| channel.to_json(now, &api.origin)))
    })?;
    Ok(channel.map_or(Answer::empty(200), |channel| Answer::json(200, &channel)))
}

fn paged(docs: Vec<Value>, total: usize, limit: usize, page: usize) -> Value {
    let pages = total.div_ceil(limit).max(1);
    let (before, after) = (page > 1, page < pages);
    json!({
        "docs": docs,
        "totalDocs": total,
        "limit": limit,
        "totalPages": pages,
        "page": page,
        "pagingCounter": (page - 1).saturating_mul(limit).saturating_add(1),
        "hasPrevPage": before,
        "hasNextPage": after,
        "prevPage": before.then(|| page - 1),
        "nextPage": after.then(|| page + 1),
    })
}

fn number(request: &Request, name: &str, default: Option<usize>) -> Result<usize, Refusal> {
    match (request.param(name), default) {
        (None, Some(default)) => Ok(default),
        (None, None) => Err(Refusal::invalid(name, "is required", "wajib diisi")),
        (Some(text), _) => match text.parse() {
            Ok(number @ 1..=1_000_000_000) => Ok(number),
            _ => Err(Refusal::invalid(
                name,
                "must be a positive integer",
                "harus berupa bilangan bulat positif",
            )),
        },
    }
}

/// The kinds asked for: `channelTypes=a&channelTypes=b`, `channelTypes=a,b`, `channelTypes[]=a` or
/// `channelTypes[0]=a` in 2026, `type=a` in 2024. None asked for means all.
fn kinds(api: &Api, request: &Request) -> Result<Vec<ChannelKind>, Refusal> {
    let name = if api.is_2026() { "channelTypes" } else { "type" };
    let values = request.query.iter().filter(|(key, _)| key.split('[').next() == Some(name));
    let names = values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|kind| {
            let unknown =
                || Refusal::invalid(name, "must be known channel types", "harus berupa jenis channel");
            ChannelKind::documented(kind).ok_or_else(unknown)
        })
        .collect()
}
