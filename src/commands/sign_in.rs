//! From the sign-in options to a sign-in.

use std::time::Duration;

use anyhow::Result;

use super::login::from_stdin;
use crate::cli;
use crate::context::{Context, environment};
use crate::flow::{Failure, How, Opener, SignIn};
use crate::sandbox;
use crate::types::Kind;
use crate::ui::browser::{self, Surroundings};

/// Option, then environment, then the browser. Refuses at once where nobody could ever sign in.
pub async fn sign_in(context: &Context, kind: Kind, args: &cli::SignIn) -> Result<SignIn> {
    let patience = Duration::from_secs(args.timeout);
    Ok(SignIn { kind, how: how(context, kind, args).await?, patience })
}

/// A further sign-in after the token of the first has died: a token that was given would be the dead one.
pub fn sign_in_again(context: &Context, kind: Kind, args: &cli::SignIn) -> Result<SignIn> {
    let opener = opener(context, args);
    let how = match (args.paste, args.port) {
        (true, _) => How::Paste { opener },
        (false, port) => {
            How::Listen { opener, port, public: args.callback_url.as_ref().map(|url| url.as_url().clone()) }
        }
    };
    Ok(SignIn { kind, how, patience: Duration::from_secs(args.timeout) })
}

fn opener(context: &Context, args: &cli::SignIn) -> Opener {
    if context.is_sandbox() && context.yes && !args.paste && !args.no_browser {
        return Opener::Program(|url| sandbox::consent(url).map_err(|error| error.to_string()));
    }
    if args.no_browser { Opener::Nobody } else { Opener::Browser }
}

async fn how(context: &Context, kind: Kind, args: &cli::SignIn) -> Result<How> {
    if args.token_stdin {
        return Ok(How::Token(from_stdin("the token").await?));
    }
    let asks_for_browser = args.paste || args.port.is_some();
    if !asks_for_browser && let Some(token) = environment("SOCIALCHAT_TOKEN") {
        return Ok(How::Token(token));
    }
    let opener = opener(context, args);
    let by_program = matches!(opener, Opener::Program(_));
    if args.paste {
        return Ok(How::Paste { opener });
    }
    let somebody_waits = context.ui.interactive() || by_program || args.no_browser || args.port.is_some();
    if !somebody_waits && browser::surroundings() != Surroundings::Desktop {
        return Err(Failure::NoInput {
            question: format!("signing in to {} needs a person with a browser, and there is none here", kind.title()),
            options: "--token-stdin or SOCIALCHAT_TOKEN brings a token; --paste, --no-browser and --port let somebody \
                      sign in elsewhere"
                .to_owned(),
        }
        .into());
    }
    let public = args.callback_url.as_ref().map(|url| url.as_url().clone());
    Ok(How::Listen { opener, port: args.port, public })
}
