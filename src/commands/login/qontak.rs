//! login at Qontak: a client that signs, an access token of the older API, or a password that gives one.

use anyhow::Result;

use super::{checked_app_id, given};
use crate::cli::Login;
use crate::context::Context;
use crate::failure::{Piped, Question};
use crate::flow;
use crate::types::Credential;

/// By the options; asks for what they leave out.
pub async fn credential(context: &Context, args: &Login) -> Result<Credential> {
    let Some(client_id) = &args.client_id else {
        if args.access_token_stdin {
            return access_token(context, true).await;
        }
        return ask(context).await;
    };
    let client_id = checked_app_id(client_id)?;
    let Some(username) = &args.username else {
        let client_secret =
            given(context, args.client_secret_stdin, Piped::ClientSecret, "Client secret").await?;
        return Ok(Credential::SigningClient { client_id, client_secret });
    };
    let password = given(context, args.password_stdin, Piped::Password, "Password").await?;
    let client_secret =
        given(context, args.client_secret_stdin, Piped::ClientSecret, "Client secret").await?;
    let nobody = flow::ungranted(username, client_id, client_secret);
    flow::sign_in_with(&context.account(&nobody)?, &nobody, &password).await
}

/// Asks a person for either of those that are copied.
pub async fn ask(context: &Context) -> Result<Credential> {
    if context.ui.interactive() {
        context.ui.note(
            "The client ID and its secret are in Mekari's Developer Center. An access token of the older API is at \
             https://chat.qontak.com/settings/token/omnichannel",
        );
    }
    let label = "Client ID (Enter alone: access token of the older generation)";
    let client_id =
        flow::answered(context.ui.ask_or_nothing(label).await, Question::Secret(Piped::ClientSecret))?;
    if client_id.is_empty() {
        return access_token(context, false).await;
    }
    let client_id = checked_app_id(&client_id)?;
    let client_secret = given(context, false, Piped::ClientSecret, "Client secret").await?;
    Ok(Credential::SigningClient { client_id, client_secret })
}

async fn access_token(context: &Context, is_piped: bool) -> Result<Credential> {
    Ok(Credential::AccessToken(given(context, is_piped, Piped::AccessToken, "Access token").await?))
}
