//! authorize: the token, for whoever goes on by other means.

use anyhow::Result;
use serde_json::json;

use super::sign_in::sign_in;
use crate::cli::Authorize;
use crate::context::Context;
use crate::failure::{Failure, Usage};
use crate::flow::{self, Next};
use crate::platform::Ability;

/// Signs in and prints the token.
pub async fn authorize(context: &Context, args: Authorize) -> Result<()> {
    if context.ui.result_would_be_lost() {
        return Err(Failure::ResultLost.into());
    }
    if args.sign_in.token_stdin {
        return Err(Failure::Usage(Usage::TokenGiven).into());
    }
    let sign_in = sign_in(context, args.kind, &args.sign_in, Next::Token).await?;
    let account = super::partner(context, Ability::Authorize).await?;
    let token =
        flow::with_token(&account, &context.ui, sign_in, async |signed_in| Ok(signed_in.token.clone()))
            .await?;
    if context.ui.json() {
        context.ui.print_json(&json!({ "kind": args.kind, "token": token.expose() }))?;
    } else {
        context.ui.value(token.expose());
    }
    Ok(())
}
