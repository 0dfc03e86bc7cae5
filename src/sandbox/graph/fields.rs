//! The objects that Graph shows, and which of their fields a call asks for.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::refusal::Refusal;
use super::token::{Owner, Token};
use super::world::PERSON;
use crate::sandbox::state::Account;

/// What every sandbox Page is.
const CATEGORY: (&str, &str) = ("2200", "Local business");
const TASKS: [&str; 5] = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE"];

/// A Page. Its token is shown to a person, never to the Page itself.
pub fn page(call: &Call, caller: &Token, page: &Account) -> Result<Value, Refusal> {
    let mut all = json!({
        "id": page.id,
        "name": page.name,
        "category": CATEGORY.1,
        "category_list": [{ "id": CATEGORY.0, "name": CATEGORY.1 }],
        "tasks": TASKS,
    });
    if caller.owner == Owner::Person {
        all["access_token"] = json!(Token::of_page(&page.id));
    }
    chosen(call, all, "Page", &["access_token"])
}

/// The person, who has no category: by that a client knows.
pub fn person(call: &Call) -> Result<Value, Refusal> {
    chosen(call, json!({ "id": PERSON.0, "name": PERSON.1 }), "User", &[])
}

/// Those that are asked for; id and name where none is. 100 for one that doesn't exist.
fn chosen(call: &Call, mut all: Value, node: &str, may_lack: &[&str]) -> Result<Value, Refusal> {
    let mut asked = call.list("fields");
    if asked.is_empty() {
        asked = vec!["name".to_owned()];
    }
    // The id comes with everything.
    asked.push("id".to_owned());
    let mut shown = Map::new();
    for name in asked {
        match all.get_mut(&name).map(Value::take) {
            // Asked for twice.
            Some(Value::Null) => {}
            Some(value) => drop(shown.insert(name, value)),
            None if may_lack.contains(&name.as_str()) => {}
            None => {
                let message = format!("Tried accessing nonexisting field ({name}) on node type ({node})");
                return Err(Refusal::parameter(&message));
            }
        }
    }
    Ok(Value::Object(shown))
}
