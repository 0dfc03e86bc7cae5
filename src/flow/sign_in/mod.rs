//! The sign-in: a token that is there already, that a person pastes, or that the browser brings to our listener.

pub(super) mod keys;
mod listen;
mod paste;
pub(super) mod url;

pub(super) use listen::tell_from_elsewhere;

use std::sync::Arc;
use std::time::Duration;

use ::url::Url;
use anyhow::Result;
use tokio::task::JoinHandle;

use super::Partner;
use super::lease::Returned;
use crate::borrowed::NotRestored;
use crate::failure::Failure;
use crate::loopback::{Expired, Next, Notice, Outcome};
use crate::types::{Secret, SignInKind};
use crate::ui::{Ui, browser};

/// A sign-in as it was asked for.
pub struct SignIn {
    /// Which platform's.
    pub kind: SignInKind,
    /// By which way the token comes.
    pub how: How,
    /// How long a person may take.
    pub time_limit: Duration,
    /// What comes after it, for the page that ends it.
    pub next: Next,
}

/// By which way the token comes.
pub enum How {
    /// It is there already.
    Token(Secret),
    /// A person pastes the address that the browser ends on.
    Paste { opener: Opener },
    /// The browser brings it to our listener.
    Listen { opener: Opener, port: Option<u16>, public: Option<Url> },
}

/// Who opens the authorize URL.
#[derive(Clone)]
pub enum Opener {
    /// The system's browser.
    Browser,
    /// Whoever reads the URL.
    Nobody,
    /// Whoever consents in a person's place: the sandbox.
    Sandbox(Consent),
}

/// Consents, and gives the address at which a person's browser would end. It may block.
pub type Consent = Arc<dyn Fn(SignInKind) -> Result<Url> + Send + Sync>;

/// A token. Where a callback URL was borrowed for it, that is being put back meanwhile.
pub struct SignedIn {
    /// Covers every Page or account that was ticked.
    pub token: Secret,
    returning: Option<JoinHandle<Result<Returned, NotRestored>>>,
    /// Tells the browser that it is over, as long as the token is worked with.
    expired: Option<Expired>,
}

impl SignedIn {
    fn without_browser(token: Secret) -> SignedIn {
        SignedIn { token, returning: None, expired: None }
    }

    async fn close_port(&mut self) {
        if let Some(expired) = self.expired.take() {
            expired.close().await;
        }
    }

    /// Waits until the callback URL is back, or can't be put back. To be called before anything is asked of the person.
    pub async fn callback_is_back(&mut self) {
        if let Some(returning) = self.returning.take() {
            // That it can't be put back is noted where `main` looks for it.
            let _ = returning.await;
        }
    }
}

/// Signs in and works with the token. When it returns, the callback URL is back, or it is noted for the end of the
/// program that it can't be put back ([`Interrupt::borrowed`](crate::interrupt::Interrupt::borrowed)).
pub async fn with_token<T>(
    account: &Partner,
    ui: &Ui,
    sign_in: SignIn,
    work: impl AsyncFnOnce(&mut SignedIn) -> Result<T>,
) -> Result<T> {
    let SignIn { kind, how, time_limit, next } = sign_in;
    let mut signed_in = match how {
        How::Token(token) => SignedIn::without_browser(token),
        How::Paste { opener } => {
            SignedIn::without_browser(paste::paste(account, ui, kind, &opener, time_limit).await?)
        }
        How::Listen { opener, port, public } => {
            let listener = listen::bind(kind, port, public.as_ref(), next).await?;
            listen::listen(account, ui, kind, listener, &opener, time_limit).await?
        }
    };
    if next == Next::Token {
        // Nothing comes after it that a browser could be told to wait for.
        signed_in.close_port().await;
    }
    let outcome = work(&mut signed_in).await;
    signed_in.callback_is_back().await;
    // A further sign-in of this run may need the same port.
    signed_in.close_port().await;
    outcome
}

fn show(ui: &Ui, url: &Url, kind: SignInKind, opener: &Opener) {
    if matches!(opener, Opener::Sandbox(_)) {
        // Nobody has to go there.
        return ui.say(&format!("Signing in to {}: the sandbox consents by itself.", kind.title()));
    }
    ui.say(&format!("Sign in to {} here:", kind.title()));
    ui.link(url.as_str());
    ui.say("Tick all Pages and Instagram accounts there. Those you leave unticked lose their access.");
}

pub(super) async fn open(ui: &Ui, url: &str) {
    match browser::open(url).await {
        Ok(()) if ui.interactive() => ui.note(
            "Your browser opens now. If it doesn't, open the address yourself, or paste the final URL here.",
        ),
        Ok(()) => ui.note("Your browser opens now. If it doesn't, open the address yourself."),
        Err(error) => ui.warn(&format!("{error}. Open the address yourself")),
    }
}

fn tell(ui: &Ui, notice: Notice) {
    ui.warn(match notice {
        Notice::OpenedAgain => {
            "the sign-in's short address was opened a second time. If that was you, open the long address above \
             instead. If it wasn't, another user of this computer may be signing in in your place: press Ctrl-C and \
             start again"
        }
        Notice::TlsHello => {
            "something speaks https to this computer's port, but the address begins with http://. Open it as printed"
        }
        Notice::CallbackWithoutToken => "the browser came back without a token; still waiting",
        Notice::BadToken(_) => "the browser came back with an invalid token; still waiting",
    });
}

fn token_of(outcome: Outcome) -> Result<Secret> {
    match outcome {
        Outcome::Token(token) => Ok(token),
        Outcome::Refused { error, description } => {
            let why = match description {
                Some(description) if error.is_empty() => description,
                Some(description) => format!("{description} ({error})"),
                None => error,
            };
            Err(Failure::Refused(why).into())
        }
    }
}
