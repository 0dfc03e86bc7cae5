//! The list that comes page by page, and without secrets.

use serde_json::{Value, json};

use super::refusal::{Refusal, only};
use super::world::{Account, Slug, World};
use crate::sandbox::http::{Answer, Request};

const BATCH: usize = 20;
const MAX_BATCH: usize = 100;

/// `GET /channel-accounts`: page by page, without secrets.
pub fn list(world: &World, request: &Request) -> Result<Answer, Refusal> {
    only(request, &["accountType", "status", "page", "limit"])?;
    let mut wrong = Vec::new();
    let mut number = |name: &str, default: usize, most: usize| match request.param(name).map(str::parse) {
        None => default,
        Some(Ok(number @ 1..)) if number <= most => number,
        Some(_) => {
            wrong.push(format!("{name} must be an integer from 1 to {most}"));
            default
        }
    };
    let (page, limit) = (number("page", 1, 1_000_000), number("limit", BATCH, MAX_BATCH));
    let mut one_of = |name: &str, known: &[&'static str]| {
        let given = request.param(name)?;
        let found = known.iter().find(|known| **known == given).copied();
        if found.is_none() {
            wrong.push(format!("{name} must be one of the following values: {}", known.join(", ")));
        }
        found
    };
    let kind = one_of("accountType", &["whatsapp", "messenger", "instagram", "email", "sms", "telegram"]);
    let status = one_of("status", &["CONNECTED", "REAUTH_REQUIRED", "ERROR", "DISCONNECTED"]);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let wanted = world.accounts().filter(|account| {
        kind.is_none_or(|kind| kind == account.kind.as_str())
            && status.is_none_or(|status| status == status_of(account))
    });
    let (mut total, mut batch) = (0, Vec::new());
    for account in wanted {
        if total >= (page - 1) * limit && batch.len() < limit {
            batch.push(listed(account));
        }
        total += 1;
    }
    let pages = total.div_ceil(limit);
    let body =
        json!({ "accounts": batch, "total": total, "page": page, "limit": limit, "totalPages": pages });
    Ok(Answer::json(200, &body))
}

fn listed(account: &Account) -> Value {
    json!({
        "accountId": account.id.to_string(),
        "accountType": account.kind.as_str(),
        "channelKey": Slug::from(account.kind).as_str(),
        "iconKey": account.kind.as_str(),
        "displayName": account.name,
        "secondaryText": account.external,
        "status": status_of(account),
        "config": { "autoAssign": true },
    })
}

fn status_of(account: &Account) -> &'static str {
    if account.is_active { "CONNECTED" } else { "REAUTH_REQUIRED" }
}
