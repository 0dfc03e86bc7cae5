//! From the sign-in options to a sign-in.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::stdin::from_stdin;
use crate::cli;
use crate::context::Context;
use crate::environment;
use crate::failure::{Failure, Piped, Question, Usage};
use crate::flow::{How, Next, Opener, SignIn};
use crate::types::{Secret, SignInKind};
use crate::ui::browser::{self, Surroundings};

/// Option, then environment, then the browser. Refuses at once where nobody could ever sign in.
pub async fn sign_in(context: &Context, kind: SignInKind, args: &cli::SignIn, next: Next) -> Result<SignIn> {
    let time_limit = Duration::from_secs(args.timeout);
    Ok(SignIn { kind, how: how(context, kind, args).await?, time_limit, next })
}

/// A further sign-in after the token of the first has died: a token that was given would be the dead one.
pub fn sign_in_again(context: &Context, kind: SignInKind, args: &cli::SignIn, next: Next) -> Result<SignIn> {
    Ok(SignIn { kind, how: by_person(context, args)?, time_limit: Duration::from_secs(args.timeout), next })
}

/// With the token that is there already, if there is one: a dry run signs nobody in.
pub async fn without_person(
    context: &Context,
    kind: SignInKind,
    args: &cli::SignIn,
) -> Result<Option<SignIn>> {
    let time_limit = Duration::from_secs(args.timeout);
    Ok(token(context, args).await?.map(|token| SignIn {
        kind,
        how: How::Token(token),
        time_limit,
        next: Next::Connect,
    }))
}

async fn token(context: &Context, args: &cli::SignIn) -> Result<Option<Secret>> {
    if args.token_stdin {
        return from_stdin(&context.ui, Piped::Token).await.map(Some);
    }
    // Those options ask for a sign-in; --no-browser only says how one would be made.
    let asks_for_person = args.paste || args.port.is_some();
    Ok(environment::variable("SOCIALCHAT_TOKEN").filter(|_| !asks_for_person))
}

async fn how(context: &Context, kind: SignInKind, args: &cli::SignIn) -> Result<How> {
    if let Some(token) = token(context, args).await? {
        return Ok(How::Token(token));
    }
    by_somebody(context, kind, args)
}

/// Likewise without a token that is there already: it is of one kind only.
pub fn sign_in_of_each(
    context: &Context,
    kind: SignInKind,
    args: &cli::SignIn,
    next: Next,
) -> Result<SignIn> {
    let time_limit = Duration::from_secs(args.timeout);
    Ok(SignIn { kind, how: by_somebody(context, kind, args)?, time_limit, next })
}

/// Refuses where nobody could ever sign in.
fn by_somebody(context: &Context, kind: SignInKind, args: &cli::SignIn) -> Result<How> {
    let asks_for_person = args.paste || args.port.is_some();
    let how = by_person(context, args)?;
    let by_sandbox = matches!(how, How::Listen { opener: Opener::Sandbox(_), .. });
    let somebody_waits = context.ui.interactive() || by_sandbox || asks_for_person || args.no_browser;
    if !somebody_waits && browser::surroundings() != Surroundings::Desktop {
        let question = Question::SignIn { kind, sandbox: context.is_sandbox() };
        return Err(Failure::NoInput(question).into());
    }
    Ok(how)
}

/// By the browser or by pasting; for the sandbox with `--yes`, by the sandbox itself.
fn by_person(context: &Context, args: &cli::SignIn) -> Result<How> {
    let opener = match args.no_browser {
        true => Opener::Nobody,
        false if context.is_sandbox() && context.yes && !args.paste => {
            let consent = context.sandbox()?.consent();
            Opener::Sandbox(Arc::new(move |kind| Ok(consent(kind)?)))
        }
        false => Opener::Browser,
    };
    if args.paste {
        return Ok(How::Paste { opener });
    }
    if args.callback_url.is_some() && args.port.is_none() {
        return Err(Failure::Usage(Usage::NoPort).into());
    }
    let public = match &args.callback_url {
        // A path is added to it.
        Some(url) => Some(url.without_query().context(Failure::Usage(Usage::CallbackUrl))?.as_url().clone()),
        None => None,
    };
    Ok(How::Listen { opener, port: args.port, public })
}
