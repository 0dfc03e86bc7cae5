//! Graph's answers, as far as they are documented. Only what is named here is taken out of them: tokens stay behind.

use serde_json::{Map, Value};
use url::Url;

use crate::http::Unread;
use crate::types::secret_fields::without_secret_parameters;
use crate::types::{MetaCode, Secret, as_text, as_yes_or_no};

type Fields = Map<String, Value>;

/// Whose a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Page(MetaPage),
    /// A person, or a system user.
    Person {
        id: String,
        name: Option<String>,
    },
}

/// A Page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaPage {
    /// Digits, too many for a number.
    pub id: String,
    pub name: String,
    pub category: Option<String>,
    /// What the person may do on it.
    pub tasks: Vec<String>,
}

impl MetaPage {
    /// Whether the person may read and answer its messages, as far as Meta tells.
    pub fn may_message(&self) -> bool {
        self.tasks.is_empty() || self.tasks.iter().any(|task| task == "MESSAGING")
    }
}

/// What a token is and may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    pub is_valid: bool,
    /// Why it isn't.
    pub error: Option<MetaCode>,
    pub app_id: Option<String>,
    /// The app's name.
    pub application: Option<String>,
    /// `PAGE`, `USER` …
    pub kind: Option<String>,
    /// The Page, of a Page token.
    pub profile_id: Option<String>,
    /// In Unix seconds; 0 is never.
    pub expires_at: Option<i64>,
    pub data_access_expires_at: Option<i64>,
    pub scopes: Vec<String>,
    pub granular: Vec<Granted>,
}

impl TokenInfo {
    /// Whether nothing is said against its being that Page's.
    pub fn is_of_page(&self, page_id: &str) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind == "PAGE")
            && self.profile_id.as_deref().is_none_or(|id| id == page_id)
    }
}

/// A permission, and what it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    pub scope: String,
    /// None: for all.
    pub targets: Option<Vec<String>>,
}

/// Some entries of a list, and the cursor behind which more are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub entries: Vec<T>,
    pub after: Option<String>,
}

/// The app's half of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppWebhook {
    /// As people may see it: without what is secret in its query.
    pub callback_url: Option<String>,
    /// As it is, to be compared.
    pub exact_url: Option<Secret>,
    pub is_active: bool,
    pub fields: Vec<String>,
}

/// The Page's half: an app that the Page has installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageWebhook {
    pub app_id: String,
    pub app_name: Option<String>,
    pub fields: Vec<String>,
}

pub(super) fn owner(fields: Fields) -> Result<Owner, Unread> {
    let page = page(&fields)?;
    Ok(match page.category {
        Some(_) => Owner::Page(page),
        None => Owner::Person { id: page.id, name: text(&fields, "name") },
    })
}

fn page(fields: &Fields) -> Result<MetaPage, Unread> {
    let id = required(fields, "id")?;
    // It stands in paths.
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unread::Undocumented);
    }
    Ok(MetaPage {
        name: text(fields, "name").unwrap_or_else(|| id.clone()),
        category: text(fields, "category"),
        tasks: texts(fields.get("tasks")),
        id,
    })
}

pub(super) fn pages(fields: Fields) -> Result<Listed<MetaPage>, Unread> {
    listed(&fields, page)
}

fn listed<T>(fields: &Fields, read: impl Fn(&Fields) -> Result<T, Unread>) -> Result<Listed<T>, Unread> {
    let entries = data(fields)?.iter().map(|entry| read(object(entry)?)).collect::<Result<_, _>>()?;
    Ok(Listed { entries, after: after(fields)? })
}

/// Where a list goes on; none at its end, which is the absence of `next`. That holds the token: its `after` is all that is
/// taken of it, where the cursors have none.
fn after(fields: &Fields) -> Result<Option<String>, Unread> {
    let Some(paging) = fields.get("paging").and_then(Value::as_object) else { return Ok(None) };
    let Some(next) = paging.get("next").filter(|next| !next.is_null()) else { return Ok(None) };
    let cursor = paging.get("cursors").and_then(|cursors| cursors.get("after")).and_then(as_text);
    let in_next = || {
        let url = Url::parse(next.as_str()?).ok()?;
        let pair = url.query_pairs().find(|(name, _)| name == "after")?;
        Some(pair.1.into_owned())
    };
    let cursor = cursor.or_else(in_next).filter(|cursor| !cursor.is_empty());
    cursor.map(Some).ok_or(Unread::Missing { field: "paging.cursors.after".to_owned() })
}

pub(super) fn token_info(fields: Fields) -> Result<TokenInfo, Unread> {
    let data = fields.get("data").and_then(Value::as_object);
    let data = data.ok_or(Unread::Missing { field: "data".to_owned() })?;
    let is_valid = data.get("is_valid").and_then(as_yes_or_no);
    let error = data.get("error").and_then(Value::as_object).map(|error| MetaCode {
        code: error.get("code").and_then(Value::as_i64).unwrap_or_default(),
        subcode: error.get("subcode").and_then(Value::as_i64),
        ..MetaCode::default()
    });
    let granular = data.get("granular_scopes").and_then(Value::as_array);
    let granted = |entry: &Value| {
        let targets = entry.get("target_ids").filter(|targets| targets.is_array());
        Some(Granted { scope: as_text(entry.get("scope")?)?, targets: targets.map(|ids| texts(Some(ids))) })
    };
    Ok(TokenInfo {
        is_valid: is_valid.ok_or(Unread::Missing { field: "data.is_valid".to_owned() })?,
        error,
        app_id: text(data, "app_id"),
        application: text(data, "application"),
        kind: text(data, "type"),
        profile_id: text(data, "profile_id"),
        expires_at: data.get("expires_at").and_then(Value::as_i64),
        data_access_expires_at: data.get("data_access_expires_at").and_then(Value::as_i64),
        scopes: texts(data.get("scopes")),
        granular: granular.into_iter().flatten().filter_map(granted).collect(),
    })
}

/// What the app is sent of its Pages; none where nothing is set.
pub(super) fn app_webhook(fields: Fields) -> Result<Option<AppWebhook>, Unread> {
    let entries = data(&fields)?.iter().map(object).collect::<Result<Vec<_>, _>>()?;
    let of_pages =
        entries.into_iter().find(|entry| entry.get("object").is_some_and(|object| object == "page"));
    Ok(of_pages.map(|entry| AppWebhook {
        callback_url: text(entry, "callback_url").map(|url| without_secret_parameters(&url).unwrap_or(url)),
        exact_url: text(entry, "callback_url").map(Secret::new),
        // Where it isn't said, what is set is active.
        is_active: entry.get("active").and_then(as_yes_or_no).unwrap_or(true),
        fields: texts(entry.get("fields")),
    }))
}

pub(super) fn page_webhooks(fields: Fields) -> Result<Listed<PageWebhook>, Unread> {
    listed(&fields, |entry| {
        Ok(PageWebhook {
            app_id: required(entry, "id")?,
            app_name: text(entry, "name"),
            fields: texts(entry.get("subscribed_fields")),
        })
    })
}

fn data(fields: &Fields) -> Result<&Vec<Value>, Unread> {
    fields.get("data").and_then(Value::as_array).ok_or(Unread::Missing { field: "data".to_owned() })
}

fn object(value: &Value) -> Result<&Fields, Unread> {
    value.as_object().ok_or(Unread::Undocumented)
}

fn required(fields: &Fields, name: &str) -> Result<String, Unread> {
    text(fields, name).ok_or(Unread::Missing { field: name.to_owned() })
}

fn text(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).and_then(as_text).filter(|text| !text.is_empty())
}

/// Texts, also where each is an object with a name.
fn texts(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| as_text(value).or_else(|| as_text(value.get("name")?));
    value.and_then(Value::as_array).into_iter().flatten().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Fields {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_the_cursor_is_taken_of_what_comes_next() {
        for (paging, is) in [
            (json!({ "cursors": { "after": "a" } }), None),
            (json!({ "cursors": { "after": "a" }, "next": null }), None),
            (json!({ "cursors": { "after": "a" }, "next": "x" }), Some("a")),
            (json!({ "next": "https://graph.facebook.com/x?access_token=T&after=b" }), Some("b")),
        ] {
            let found = after(&fields(json!({ "data": [], "paging": paging }))).unwrap();
            assert_eq!(found.as_deref(), is, "{paging}");
        }
        assert_eq!(after(&fields(json!({ "data": [] }))), Ok(None));
        assert!(after(&fields(json!({ "paging": { "next": "https://host/?limit=1" } }))).is_err());
    }

    #[test]
    fn what_is_no_documented_answer_is_none() {
        for odd in [json!({}), json!({ "id": null }), json!({ "name": "x" }), json!({ "id": "" })] {
            assert!(owner(fields(odd.clone())).is_err(), "{odd}");
        }
        for odd in [json!({}), json!({ "data": {} }), json!({ "data": [1] }), json!({ "data": [{}] })] {
            assert!(page_webhooks(fields(odd.clone())).is_err(), "{odd}");
            assert!(token_info(fields(odd.clone())).is_err(), "{odd}");
        }
        assert_eq!(app_webhook(fields(json!({ "data": [{ "object": "user" }] }))), Ok(None));
    }

    #[test]
    fn fields_come_as_text_and_with_versions() {
        let data = json!({ "data": [
            { "object": "user", "fields": ["email"] },
            { "object": "page", "callback_url": "https://h/", "active": true,
              "fields": [{ "name": "messages", "version": "v26.0" }, "feed"] },
        ] });
        let webhook = app_webhook(fields(data)).unwrap().unwrap();
        assert_eq!(webhook.fields, ["messages", "feed"]);
    }
}
