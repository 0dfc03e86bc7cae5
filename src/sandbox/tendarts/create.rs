//! `POST /api/v1/applications/` and `DELETE /api/v1/applications/{id}/`.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::world::{Platform, World};
use crate::sandbox::graph::{self, Owner};
use crate::sandbox::http::{Answer, Request};
use crate::sandbox::site::{Site, Turn};

/// Of a name.
const LONGEST: usize = 255;

/// Makes one. It answers 200, as documented, with the record; 400 with what is wrong with every field.
pub fn create(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Result<Answer, Refusal> {
    let fields = object(request)?;
    let mut wrong = Vec::new();
    let mut take = |name: &'static str| match text(&fields, name) {
        Ok(text) => Some(text),
        Err(why) => {
            wrong.push((name, why));
            None
        }
    };
    let (name, platform) = (take("name"), take("platform"));
    let known = platform.and_then(Platform::named);
    let needed: Vec<_> =
        known.map_or(&[][..], Platform::needs).iter().map(|name| (*name, take(name))).collect();
    if let Some(name) = name
        && let Some(why) = wrong_name(turn.world(), name)
    {
        wrong.push(("name", why));
    }
    if let (Some(given), None) = (platform, known) {
        wrong.push(("platform", format!("\"{given}\" is not a valid choice.")));
    }
    for (name, given) in needed {
        if let ("page_access_token", Some(token)) = (name, given)
            && !is_of_a_page(&turn.world().graph, token)
        {
            wrong.push((name, "Facebook does not accept this token for a Page.".to_owned()));
        }
    }
    if site.options.limit.is_some_and(|limit| turn.world().count() >= limit) {
        wrong.push(("non_field_errors", "You have as many applications as your plan allows.".to_owned()));
    }
    match (name, known) {
        (Some(name), Some(platform)) if wrong.is_empty() => {
            let made = turn.change().make(name.to_owned(), platform);
            Ok(Answer::json(200, &made.shown()))
        }
        _ => Err(Refusal::fields(wrong)),
    }
}

/// Deletes one: 204, or 404.
pub fn delete(turn: &mut Turn<World>, id: u64) -> Result<Answer, Refusal> {
    if turn.world().application(id).is_none() {
        return Err(Refusal::not_found());
    }
    turn.change().delete(id);
    Ok(Answer::empty(204))
}

fn object(request: &Request) -> Result<Map<String, Value>, Refusal> {
    if !request.is_json() {
        return Err(Refusal::media_type(request.content_type.as_deref().unwrap_or_default()));
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::fields(vec![(
            "non_field_errors",
            "Invalid data. Expected a dictionary.".to_owned(),
        )])),
        Err(error) => Err(Refusal::parse(&error)),
    }
}

/// A compulsory text.
fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    match fields.get(name) {
        None => Err("This field is required.".to_owned()),
        Some(Value::Null) => Err("This field may not be null.".to_owned()),
        Some(Value::String(text)) if text.trim().is_empty() => Err("This field may not be blank.".to_owned()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err("Not a valid string.".to_owned()),
    }
}

fn wrong_name(world: &World, name: &str) -> Option<String> {
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)) {
        let text = "Enter a valid name consisting of letters, numbers, underscores, hyphens or periods.";
        return Some(text.to_owned());
    }
    if name.len() > LONGEST {
        return Some(format!("Ensure this field has no more than {LONGEST} characters."));
    }
    world.has_name(name).then(|| "application with this name already exists.".to_owned())
}

/// Facebook is asked: what is expired, or a person's, is none.
fn is_of_a_page(world: &graph::World, token: &str) -> bool {
    graph::Token::working(world, token).is_ok_and(|token| matches!(token.owner, Owner::Page(_)))
}
