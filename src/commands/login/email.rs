//! UnifiedBeez: a session for an e-mail address, its password and its second factor.

use anyhow::Result;

use super::given;
use crate::cli::Login;
use crate::context::Context;
use crate::failure::{Failure, Piped, Question, Redirect};
use crate::flow::{self, LoggedIn, SecondFactor};
use crate::types::{Credential, Secret};

/// What is typed to have a code sent.
const SEND: &str = "email";
/// A code that is mistyped is asked for again; the platform counts as well.
const TRIES: u32 = 3;

/// Signs in, and gives the session.
pub async fn by_email(context: &Context, args: &Login, email: &str) -> Result<Credential> {
    let password = given(context, args.password_stdin, Piped::Password, "Password").await?;
    // The client of nobody: these calls show no session.
    let nobody = Credential::Session { session: Secret::new("none"), cookie: None, is_own: true };
    let account = context.account(&nobody)?;
    match flow::log_in(&account, email.trim(), &password).await? {
        LoggedIn::Session(session) => Ok(session),
        LoggedIn::SecondFactor(factor) => second_factor(context, &factor).await,
    }
}

async fn second_factor(context: &Context, factor: &SecondFactor) -> Result<Credential> {
    let ui = &context.ui;
    if !ui.interactive() {
        return Err(Failure::Redirect(Redirect::CodeUnasked).into());
    }
    ui.note("This account wants a second factor: the code of your app, or one of your backup codes.");
    let (mut is_sent, mut tries) = (false, 0);
    loop {
        let label = match is_sent {
            false => "Code, or `email` to have one sent (input hidden)",
            true => "Code from the e-mail (input hidden)",
        };
        let typed = flow::answered(ui.ask_secret(label).await, Question::Secret(Piped::SecondFactor))?;
        if typed.expose().trim().eq_ignore_ascii_case(SEND) {
            factor.send_code().await?;
            ui.note("A code is on its way to you by e-mail.");
            is_sent = true;
            continue;
        }
        tries += 1;
        match factor.verify(&typed, is_sent).await {
            // 401 is that this sign-in has expired: no other code helps.
            Err(error) if tries < TRIES && flow::is_wrong_code(&error) => ui.warn(&format!("{error:#}")),
            verified => return verified,
        }
    }
}
