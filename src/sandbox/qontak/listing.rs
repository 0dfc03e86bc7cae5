//! `GET …/integrations` and `GET …/integrations/{id}`.

use serde_json::{Value, json};

use super::super::http::{Answer, Request};
use super::asked::{Asked, By, Direction, Side};
use super::cursor::{Place, opened, sealed};
use super::integration::{DOCUMENTED, Integration};
use super::refusal::Refusal;
use super::world::World;

/// How many there are on a page unless the request says so. Assumed.
const LIMIT: usize = 20;

/// One page of the integrations: the newest first unless it is asked otherwise. `offset` counts pages, `cursor` goes on
/// from an integration, `all` gives everything on one page.
pub fn list(world: &World, request: &Request, is_newer: bool) -> Result<Answer, Refusal> {
    let asked = Asked::of(request)?;
    check_channel(world, asked.target_channel.as_deref())?;
    let by = asked.order_by.unwrap_or(By::Created);
    let is_descending = asked.order_direction != Some(Direction::Ascending);
    let place = |own: &Integration| -> Place {
        match by {
            // Numbers are given in the order in which they were made.
            By::Created => (0, own.seq),
            By::Updated => (own.updated_at, own.seq),
        }
    };
    let mut found: Vec<&Integration> = world.integrations().iter().filter(|own| asked.wants(own)).collect();
    if by == By::Updated {
        found.sort_by_key(|own| place(own));
    }
    if is_descending {
        found.reverse();
    }

    let total = found.len();
    let limit = asked.limit.unwrap_or(LIMIT);
    let offset = asked.offset.unwrap_or(1);
    let (first, end) = match &asked.cursor {
        _ if asked.all == Some(true) => (0, total),
        None => {
            let first = (offset - 1).saturating_mul(limit).min(total);
            (first, first.saturating_add(limit).min(total))
        }
        Some(cursor) => {
            let (at, is_for) = opened(cursor).ok_or_else(|| Refusal::invalid("cursor"))?;
            if is_for != by {
                return Err(Refusal::invalid("cursor"));
            }
            let is_before = |own: &Integration| if is_descending { place(own) > at } else { place(own) < at };
            match asked.cursor_direction.unwrap_or(Side::After) {
                Side::Before => {
                    let end = found.partition_point(|own| is_before(own));
                    (end.saturating_sub(limit), end)
                }
                Side::After => {
                    let first = found.partition_point(|own| is_before(own) || place(own) == at);
                    (first, first.saturating_add(limit).min(total))
                }
            }
        }
    };
    let shown = &found[first..end];
    let cursor = |own: Option<&&Integration>, is_more: bool| match own {
        Some(own) if is_more => json!(sealed(place(own), by)),
        _ => Value::Null,
    };
    let docs: Vec<Value> = shown.iter().map(|own| own.to_json(is_newer)).collect();
    Ok(Answer::json(
        200,
        &json!({
            "status": "success",
            "data": docs,
            "meta": { "pagination": {
                "cursor": { "next": cursor(shown.last(), end < total), "prev": cursor(shown.first(), first > 0) },
                "offset": asked.cursor.is_none().then_some(offset),
                "limit": limit,
                "total": total,
            } },
        }),
    ))
}

/// One integration.
pub fn show(world: &World, id: &str, is_newer: bool) -> Result<Answer, Refusal> {
    let own = world.find(id).ok_or_else(|| Refusal::application(404, "Integration not found"))?;
    Ok(Answer::json(200, &json!({ "status": "success", "data": own.to_json(is_newer) })))
}

/// Known are the documented ones, and whatever is connected.
fn check_channel(world: &World, asked: Option<&str>) -> Result<(), Refusal> {
    let Some(asked) = asked else { return Ok(()) };
    let is_known = DOCUMENTED.iter().any(|(name, _)| *name == asked)
        || world.integrations().iter().any(|own| own.target_channel == asked);
    if is_known { Ok(()) } else { Err(Refusal::invalid("target_channel")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Seed;
    use hyper::header::HeaderMap;
    use proptest::prelude::*;

    fn world(channels: usize) -> World {
        World::new(&Seed { pages: Some(channels), channels, ..Seed::default() })
    }

    /// What the API says to this query, if it says nothing of an error.
    fn page(world: &World, query: &str) -> Result<Value, String> {
        let target = format!("/integrations?{query}");
        let request = Request::new("GET", &target, &HeaderMap::new(), Vec::new()).unwrap();
        let answer = list(world, &request, true).unwrap_or_else(|refusal| refusal.answer());
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        match answer.status {
            200 => Ok(body),
            422 => Err(body["error"]["messages"][0].as_str().unwrap().to_owned()),
            other => panic!("{other}: {body}"),
        }
    }

    /// The numbers of the Pages in a listing.
    fn names(page: &Value) -> Vec<String> {
        let data = page["data"].as_array().unwrap();
        data.iter().map(|own| own["id"].as_str().unwrap().to_owned()).collect()
    }

    fn ids(world: &World) -> Vec<String> {
        world.integrations().iter().rev().map(|own| own.id.clone()).collect()
    }

    #[test]
    fn offset_counts_pages_from_one() {
        let world = world(45);
        let mut all = Vec::new();
        for (offset, length) in [(1, 20), (2, 20), (3, 5), (4, 0)] {
            let page = page(&world, &format!("limit=20&offset={offset}")).unwrap();
            let pagination = &page["meta"]["pagination"];
            assert_eq!((&pagination["offset"], &pagination["total"]), (&json!(offset), &json!(45)));
            assert_eq!(names(&page).len(), length);
            all.extend(names(&page));
        }
        assert_eq!(all, ids(&world), "the newest first, each once");
        assert_eq!(names(&page(&world, "").unwrap()).len(), 20);
        assert_eq!(names(&page(&world, "all=true&limit=3").unwrap()), ids(&world));
    }

    #[test]
    fn a_cursor_goes_on_and_back_in_either_order() {
        let world = world(45);
        for order in ["order_by=created_at", "order_by=updated_at&order_direction=asc", "order_direction=asc"]
        {
            let expected = names(&page(&world, &format!("{order}&all=true")).unwrap());
            let mut all = Vec::new();
            let mut query = format!("{order}&limit=10");
            let last = loop {
                let found = page(&world, &query).unwrap();
                all.extend(names(&found));
                let cursor = &found["meta"]["pagination"]["cursor"];
                let Some(next) = cursor["next"].as_str() else { break cursor.clone() };
                assert!(next.contains('+') && next.ends_with("=="), "awkward: {next}");
                let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
                query = format!("{order}&limit=10&cursor={next}");
            };
            assert_eq!(all, expected, "{order}");
            let back: String =
                url::form_urlencoded::byte_serialize(last["prev"].as_str().unwrap().as_bytes()).collect();
            let query = format!("{order}&limit=10&cursor={back}&cursor_direction=before");
            let before = page(&world, &query).unwrap();
            assert_eq!(names(&before), expected[30..40]);
            assert!(before["meta"]["pagination"]["offset"].is_null());
        }
        assert!(page(&world, "limit=50").unwrap()["meta"]["pagination"]["cursor"]["next"].is_null());
    }

    #[test]
    fn what_is_not_documented_is_named() {
        let world = World::new(&Seed::default());
        for (query, name) in [
            ("limit=0", "limit"),
            ("limit=x", "limit"),
            ("offset=0", "offset"),
            ("offset=-1", "offset"),
            ("all=1", "all"),
            ("order_by=name", "order_by"),
            ("order_direction=up", "order_direction"),
            ("cursor_direction=up", "cursor_direction"),
            ("cursor=x", "cursor"),
            ("cursor=", "cursor"),
            ("target_channel=", "target_channel"),
            ("target_channel=messenger", "target_channel"),
            ("target_channel=fb&target_channel=ig", "target_channel"),
            ("targetChannel=fb", "targetChannel"),
        ] {
            assert_eq!(page(&world, query), Err(format!("{name} is invalid")), "{query}");
        }
        // Of another order, and not encoded.
        let next = page(&world, "limit=1").unwrap()["meta"]["pagination"]["cursor"]["next"].clone();
        let next = next.as_str().unwrap();
        assert_eq!(page(&world, &format!("cursor={next}")), Err("cursor is invalid".to_owned()));
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let query = format!("cursor={next}&order_by=updated_at");
        assert_eq!(page(&world, &query), Err("cursor is invalid".to_owned()));
    }

    #[test]
    fn kinds_and_names_are_found() {
        let world = World::new(&Seed::default());
        let total = |query: &str| page(&world, query).unwrap()["meta"]["pagination"]["total"].clone();
        assert_eq!(total("target_channel=fb"), 4);
        assert_eq!(total("target_channel=hologram_chat"), 1);
        assert_eq!(total("query=%20hologram"), 1);
        assert_eq!(total("target_channel=fb&query=hologram"), 0);
        assert!(total("query=").as_u64() > Some(20));
    }

    proptest! {
        #[test]
        fn no_query_panics(query in "\\PC{0,40}") {
            let _ = page(&World::new(&Seed::default()), &query);
        }
    }
}
