//! The sign-in: listener, borrowed callback, authorize URL, browser, token.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};
use url::Url;

use super::Account;
use super::authorize_url::checked;
use super::lease::{Lease, Returned};
use crate::borrowed::NotRestored;
use crate::failure::{Doing, Failure, Question};
use crate::interrupt::Signal;
use crate::loopback::{self, Listener, Notice, Outcome};
use crate::platform::socialchat::Reading;
use crate::types::{Invocation, Secret, SignInKind};
use crate::ui::browser::{self, Surroundings};
use crate::ui::{PasteLines, Ui};

/// A sign-in as it was asked for.
pub struct SignIn {
    /// Which platform's.
    pub kind: SignInKind,
    /// By which way the token comes.
    pub how: How,
    /// How long a person may take.
    pub patience: Duration,
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

/// A finished sign-in.
pub struct SignedIn {
    /// Covers every Page or account that was ticked.
    pub token: Secret,
    returning: Option<JoinHandle<Result<Returned, NotRestored>>>,
    returned: Result<(), NotRestored>,
}

impl SignedIn {
    fn with(token: Secret) -> Self {
        SignedIn { token, returning: None, returned: Ok(()) }
    }

    /// Waits until the callback URL is back. To be called before anything is asked of the person.
    pub async fn callback_is_back(&mut self) {
        if let Some(returning) = self.returning.take()
            && let Ok(returned) = returning.await
        {
            self.returned = returned.map(drop);
        }
    }

    /// Waits likewise, and fails when the callback URL could not be put back: the last thing to do.
    pub async fn finish(mut self) -> Result<()> {
        self.callback_is_back().await;
        Ok(self.returned.map_err(Failure::NotRestored)?)
    }
}

/// Comes by a token. When it returns, the callback URL is being put back already.
pub async fn authorize(account: &Account, ui: &Ui, sign_in: SignIn) -> Result<SignedIn> {
    let SignIn { kind, how, patience } = sign_in;
    match how {
        How::Token(token) => Ok(SignedIn::with(token)),
        How::Paste { opener } => paste(account, ui, kind, &opener, patience).await.map(SignedIn::with),
        How::Listen { opener, port, public } => {
            let listener = Listener::bind(kind, port, public.as_ref()).await.context(Failure::Listener)?;
            listen(account, ui, kind, listener, &opener, patience).await
        }
    }
}

async fn paste(
    account: &Account,
    ui: &Ui,
    kind: SignInKind,
    opener: &Opener,
    patience: Duration,
) -> Result<Secret> {
    let (url, settings) = tokio::join!(account.api.authorize_url(kind), account.api.settings());
    let url = checked(&url?)?;
    if let Ok(Reading::Known(settings)) = settings
        && settings.callback(kind).is_none()
    {
        ui.warn(&format!(
            "the {kind} callback URL is not set, so the browser will have no address to end on: {} sets one, and \
             without --paste none is needed",
            Invocation::new(format!("callback set --{kind} URL"))
        ));
    }
    show(ui, &url, kind, opener);
    // Only for its short address, which redirects: the callback is left alone.
    let mut redirect = None;
    if matches!(opener, Opener::Browser) && browser::surroundings() == Surroundings::Desktop {
        let listener = Listener::bind(kind, None, None).await.context(Failure::Listener)?;
        listener.set_destination(url);
        open(ui, listener.go_url().as_str()).await;
        redirect = Some(listener);
    }
    let watched = async {
        if let Some(listener) = &mut redirect {
            // The API was never told of it, so nobody comes back here.
            let _ = listener.wait(|notice| tell(ui, notice)).await;
        }
        std::future::pending().await
    };
    ui.say("When the browser has come to its end, paste the address it shows (or the token) here; it stays hidden:");
    let mut lines = ui.paste_lines();
    let answer = async {
        tokio::select! {
            outcome = usable(ui, &mut lines) => outcome,
            never = watched => never,
        }
    };
    let outcome = timeout(patience, answer).await;
    match outcome.map_err(|_| Failure::TimedOut(patience.as_secs()))?? {
        Some(outcome) => token_of(outcome),
        None => Err(Failure::NoInput(Question::Pasted).into()),
    }
}

async fn listen(
    account: &Account,
    ui: &Ui,
    kind: SignInKind,
    mut listener: Listener,
    opener: &Opener,
    patience: Duration,
) -> Result<SignedIn> {
    let mut lease = Lease::borrow(account, ui, kind, listener.callback_url()).await?;
    let authorize_url = async { Ok(account.api.authorize_url(kind).await?) };
    let ((), url) = tokio::try_join!(lease.seen(), authorize_url)?;
    let url = checked(&url)?;
    listener.set_destination(url.clone());
    show(ui, &url, kind, opener);
    send_somebody(ui, opener, &listener).await;
    let answer = async {
        match opener {
            Opener::Sandbox(consent) => consented(consent.clone(), kind).await,
            Opener::Browser | Opener::Nobody => answer(ui, &mut listener, patience).await,
        }
    };
    let outcome = timeout(patience, answer).await;
    // Whatever came: from here on nobody needs the callback any more.
    let returning = lease.give_back();
    let token = match outcome {
        Ok(outcome) => outcome.and_then(token_of),
        Err(_) => Err(Failure::TimedOut(patience.as_secs()).into()),
    };
    listener.close().await;
    match token {
        Ok(token) => Ok(SignedIn { token, returning, returned: Ok(()) }),
        Err(error) => {
            if let Some(returning) = returning {
                // What ended the sign-in is reported; beside it, if it is so, that the callback URL isn't back.
                let _ = returning.await;
            }
            Err(error)
        }
    }
}

fn show(ui: &Ui, url: &Url, kind: SignInKind, opener: &Opener) {
    if matches!(opener, Opener::Sandbox(_)) {
        // Nobody has to go there.
        return ui.say(&format!("Signing in to {}: the sandbox consents by itself.", kind.title()));
    }
    ui.say(&format!("Sign in to {} here:", kind.title()));
    ui.link(url.as_str());
    ui.say("Tick all Pages and Instagram accounts there: those left unticked lose access.");
}

/// Opens the browser on our short address, or says how to get there.
async fn send_somebody(ui: &Ui, opener: &Opener, listener: &Listener) {
    match opener {
        Opener::Nobody | Opener::Sandbox(_) => {}
        Opener::Browser => match browser::surroundings() {
            Surroundings::Desktop => open(ui, listener.go_url().as_str()).await,
            elsewhere => tell_from_elsewhere(ui, elsewhere, listener.port()),
        },
    }
}

async fn open(ui: &Ui, url: &str) {
    match browser::open(url).await {
        Ok(()) => ui.note("The browser should be open now; if it isn't, open the address yourself."),
        Err(error) => ui.warn(&format!("{error}: open the address yourself")),
    }
}

/// Where we run there is no browser of the person's: says how the one they have can reach us.
fn tell_from_elsewhere(ui: &Ui, surroundings: Surroundings, port: u16) {
    let forward = format!("ssh -L {port}:127.0.0.1:{port} HOST");
    ui.note(&match surroundings {
        Surroundings::Ssh => format!(
            "This is an SSH session. On your own computer, first run `{forward}`, then open the address there. Or \
             open it anywhere and paste here the address that it ends on."
        ),
        Surroundings::Wsl => "This is WSL: open the address in the Windows browser. If that can't reach this \
                              address at the end, paste here the address that it ends on."
            .to_owned(),
        Surroundings::Container => format!(
            "This is a container: a browser outside reaches port {port} only if the container shares the host's \
             network (--port fixes the port). Or open the address anywhere and paste here the address that it \
             ends on."
        ),
        _ => "There is no display here: open the address on any computer and paste here the address that it ends \
              on."
            .to_owned(),
    });
}

/// Waits for the browser or for a pasted address, whichever comes first.
async fn answer(ui: &Ui, listener: &mut Listener, patience: Duration) -> Result<Outcome> {
    let progress = ui.spinner("Waiting for the browser");
    let until = Instant::now() + patience;
    let countdown = async {
        loop {
            let left = until.saturating_duration_since(Instant::now()).as_secs();
            let pasting = if ui.interactive() { " · or paste the address here" } else { "" };
            progress.set_text(&format!(
                "Waiting for the browser · {}:{:02} left{pasting}",
                left / 60,
                left % 60
            ));
            sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        outcome = listener.wait(|notice| tell(ui, notice)) => Ok(outcome),
        outcome = pasted(ui) => outcome,
        never = countdown => never,
    }
}

/// The address that the sandbox gives is read as one that a person pastes.
async fn consented(consent: Consent, kind: SignInKind) -> Result<Outcome> {
    let address = spawn_blocking(move || consent(kind)).await??;
    loopback::read_pasted(address.as_str()).context(Failure::Pasted)
}

/// What a person pastes, until it can be used. Without a terminal nobody does.
async fn pasted(ui: &Ui) -> Result<Outcome> {
    if !ui.interactive() {
        return std::future::pending().await;
    }
    match usable(ui, &mut ui.paste_lines()).await? {
        Some(outcome) => Ok(outcome),
        // The terminal's end of input: the browser can still bring the answer.
        None => std::future::pending().await,
    }
}

/// The next line that can be used; none at the end of input. A person is told of those that can't, and may try again; a
/// script's only one is a failure.
async fn usable(ui: &Ui, lines: &mut PasteLines) -> Result<Option<Outcome>> {
    while let Some(line) = line(lines).await? {
        if ui.interactive() && line.expose().trim().is_empty() {
            continue;
        }
        match loopback::read_pasted(line.expose()) {
            Ok(outcome) => return Ok(Some(outcome)),
            Err(error) if ui.interactive() => ui.warn(&format!("what was pasted can't be used: {error}")),
            Err(error) => return Err(error).context(Failure::Pasted),
        }
    }
    Ok(None)
}

/// Ctrl-C reaches whoever reads the terminal as well, and may do so first.
async fn line(lines: &mut PasteLines) -> Result<Option<Secret>> {
    match lines.next().await {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::Interrupted(Signal::Interrupt).into())
        }
        line => line.context(Doing::ReadingPasted),
    }
}

fn tell(ui: &Ui, notice: Notice) {
    ui.warn(match notice {
        Notice::OpenedAgain => {
            "the sign-in's short address was opened a second time. If that was you, open the long address above \
             instead. If it was not, somebody else on this computer may be signing in in your place: press Ctrl-C \
             and start again"
        }
        Notice::TlsHello => {
            "something speaks https to our port, but the address begins with http://: open it as it was printed"
        }
        Notice::CallbackWithoutToken => "the browser came back without a token: still waiting",
        Notice::BadToken(_) => "the browser came back with a token that can't be one: still waiting",
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
