//! The client of Meta's Graph API, made of what was piped in, stands in the environment, or a person was asked for.

use std::sync::Arc;

use anyhow::Result;

use crate::commands::stdin::from_stdin;
use crate::context::Context;
use crate::failure::{Failure, MetaTrouble, Piped, Question};
use crate::finding::Finding;
use crate::flow;
use crate::flow::meta::{App, Meta};
use crate::types::{GraphVersion, Secret, VersionLife, time};

/// A Page's token: from stdin where that was asked for, else from the environment, else a person is asked.
pub async fn page_token(context: &Context, is_piped: bool) -> Result<Secret> {
    if is_piped {
        return from_stdin(&context.ui, Piped::PageToken).await;
    }
    match context.page_token()? {
        Some(token) => Ok(token),
        None => {
            let asked = context.ui.ask_secret("Page token (input hidden)").await;
            flow::answered(asked, Question::Secret(Piped::PageToken))
        }
    }
}

/// The app whose credentials the environment has.
pub fn app(context: &Context) -> Result<Option<App>> {
    context.meta_app()?.map(|(id, secret)| checked(id, secret)).transpose()
}

/// That app; else a person is asked for it. None where nobody can be.
pub async fn app_or_ask(context: &Context) -> Result<Option<App>> {
    let found = app(context)?;
    if found.is_some() || !context.ui.interactive() {
        return Ok(found);
    }
    let question = || Question::Missing { options: vec!["META_APP_ID", "META_APP_SECRET"] };
    let id = flow::answered(context.ui.ask("App ID").await, question())?;
    let secret = flow::answered(context.ui.ask_secret("App secret (input hidden)").await, question())?;
    checked(id, secret).map(Some)
}

fn checked(id: String, secret: Secret) -> Result<App> {
    match id.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(App { id, secret }),
        false => Err(Failure::Meta(MetaTrouble::AppId).into()),
    }
}

/// The verify token of a callback, from stdin or a person.
pub async fn verify_token(context: &Context, is_piped: bool) -> Result<Secret> {
    let token = match is_piped {
        true => from_stdin(&context.ui, Piped::VerifyToken).await?,
        false => {
            let asked = context.ui.ask_secret("Verify token (input hidden)").await;
            flow::answered(asked, Question::Secret(Piped::VerifyToken))?
        }
    };
    if !token.expose().bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        context.note([Finding::OddVerifyToken]);
    }
    Ok(token)
}

/// The client. A version that is near its end is noted.
pub fn meta(
    context: &Context,
    version: GraphVersion,
    token: Option<Secret>,
    app: Option<App>,
) -> Result<Arc<Meta>> {
    match version.life(time::now()) {
        VersionLife::Lives => {}
        life => context.note([Finding::GraphVersion(version, life)]),
    }
    Ok(Meta::new(context.graph_url()?.as_url().clone(), version, token, app, context.watch()))
}
