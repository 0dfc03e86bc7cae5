//! api: one raw call with the profile's credentials.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::borrowed::refuse_while_borrowed;
use crate::cli::Api;
use crate::context::Context;
use crate::failure::{Cancelled, Doing, Failure, Piped, Question, Usage};
use crate::flow;
use crate::platform::Ability;
use crate::types::secret_fields::drop_secrets;
use crate::types::{Method, SignInKind};

/// No body of this API is larger.
const LARGEST_BODY: u64 = 16 << 20;

/// Sends it and prints what the API answers, without its secrets.
pub async fn api(context: &Context, args: Api) -> Result<()> {
    let Api { method, path, paginate, dry_run, include_secrets } = args;
    if paginate && method != Method::Get {
        return Err(Failure::Usage(Usage::PaginateWrite).into());
    }
    let body = if method.has_body() { body().await? } else { None };
    let ui = &context.ui;
    let mut left_out = false;
    if dry_run {
        let body = body.map(|body| without_secrets(body, &mut left_out));
        let call =
            json!({ "dryRun": true, "method": method.as_str(), "path": path.with_query(), "body": body });
        return Ok(ui.print_json(&call)?);
    }
    agree(context, method, path.is_settings()).await?;
    let account = super::partner(context, Ability::RawCalls).await?;
    let mut clean =
        |answer: Value| if include_secrets { answer } else { without_secrets(answer, &mut left_out) };
    if paginate {
        let mut list = None;
        let other = flow::raw_pages(&account.api, path, |entries| {
            let list = match &mut list {
                Some(list) => list,
                none => none.insert(ui.json_list(&Map::new(), "docs")?),
            };
            entries.into_iter().try_for_each(|entry| Ok(list.item(&clean(entry))?))
        })
        .await?;
        match list {
            Some(list) => list.end(&Map::new())?,
            None => ui.print_json(&clean(other.unwrap_or_default()))?,
        }
    } else {
        // Two runs of this machine that change the settings would write each other's reading back.
        let _lock = match (method, path.is_settings()) {
            (Method::Get, _) | (_, false) => None,
            (_, true) => {
                let lock = flow::settings::lock(&account, |why| ui.say(&format!("Waiting: {why}."))).await?;
                let sets = |kind: SignInKind| {
                    body.as_ref().is_some_and(|body| body.get(kind.callback_field()).is_some())
                };
                // Under the lock: nobody replaces a callback URL after this was looked at.
                refuse_while_borrowed(context, &account, sets)?;
                Some(lock)
            }
        };
        match account.api.raw(method, &path, body).await? {
            Some(answer) => ui.print_json(&clean(answer))?,
            None if ui.json() => ui.print_json(&Value::Null)?,
            None => ui.note("The answer is empty."),
        }
    }
    if left_out {
        ui.note("Secret fields are left out; --include-secrets prints them.");
    }
    Ok(())
}

/// Asks before something is deleted, or what every operator of the account shares is changed.
async fn agree(context: &Context, method: Method, is_settings: bool) -> Result<()> {
    let question = match (method, is_settings) {
        (Method::Delete, _) => "Send the DELETE? What it deletes can't be restored.",
        (Method::Get, _) | (_, false) => return Ok(()),
        (_, true) => "Send it? It changes the settings of the whole account.",
    };
    match flow::answered(context.ui.confirm(question, false).await, Question::Send(method))? {
        true => Ok(()),
        false => Err(Failure::Cancelled(Cancelled::NothingSent).into()),
    }
}

/// The body from stdin, where something other than a person is there; none where it is empty.
async fn body() -> Result<Option<Value>> {
    if std::io::stdin().is_terminal() {
        return Ok(None);
    }
    // On a thread that the runtime waits for no longer than the program: a read can't be called off.
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        std::io::stdin().lock().take(LARGEST_BODY + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = read.await?.context(Doing::ReadingStdin(Piped::Body))?;
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    // serde's own words would quote what may be a secret.
    match serde_json::from_slice(&bytes) {
        Ok(body) if bytes.len() as u64 <= LARGEST_BODY => Ok(Some(body)),
        _ => Err(Failure::Usage(Usage::NotPiped(Piped::Body)).into()),
    }
}

fn without_secrets(answer: Value, left_out: &mut bool) -> Value {
    let mut fields = Map::from_iter([("answer".to_owned(), answer.clone())]);
    drop_secrets(&mut fields);
    let cleaned = fields.shift_remove("answer").unwrap_or_default();
    *left_out |= cleaned != answer;
    cleaned
}
