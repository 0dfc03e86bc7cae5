//! The sign-in: our own request of the connect address, the browser on what it leads to, and the way back.

use anyhow::{Context as _, Result};
use tokio::task::spawn_blocking;
use url::Url;

use super::proof::Compared;
use super::wait::{Came, Waiting};
use super::{Consent, Consenting};
use crate::failure::{Failure, Redirect};
use crate::flow::AtUnifiedBeez;
use crate::flow::settle::look_until;
use crate::flow::sign_in::keys::Keys;
use crate::flow::sign_in::url::checked;
use crate::flow::sign_in::{open, tell_from_elsewhere};
use crate::loopback::{ReturnListener, ReturnNotice, Returned};
use crate::platform::ApiError;
use crate::platform::unifiedbeez::{Begun, Wanted};
use crate::types::{Channel, SignInKind, text};
use crate::ui::browser::{self, Surroundings};
use crate::ui::{Ui, text as names};

/// How much is said of why a sign-in was refused.
const LONGEST: usize = 300;
/// How many cookies are named.
const NAMED: usize = 3;

/// A sign-in that has ended.
pub struct Ended {
    pub how: How,
    /// The list after it.
    pub after: Vec<Channel>,
}

/// How it ended, as far as the way back tells.
pub enum How {
    /// It says that it is connected.
    Connected,
    /// Nobody came back, and the list shows it.
    Listed,
    /// With a no, or with another kind: what the list says of it counts all the same.
    Failed(Failure),
}

/// Where the browser is sent.
struct Address {
    url: Url,
    /// What takes its place where the return is refused, since it may be bound to a browser that the back end knows.
    instead: Option<Url>,
}

/// Signs in, and lists what there is then. `before` is the list before it.
pub async fn sign_in(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: &Consent,
    before: &[Channel],
) -> Result<Ended> {
    let mut listener = ReturnListener::bind(consent.kind, consent.port).await.context(Failure::Listener)?;
    let ended = through(account, ui, consent, before, &mut listener).await;
    listener.close(|notice| tell(ui, notice)).await;
    ended
}

async fn through(
    account: &AtUnifiedBeez,
    ui: &Ui,
    consent: &Consent,
    before: &[Channel],
    listener: &mut ReturnListener,
) -> Result<Ended> {
    let kind = consent.kind;
    let path = listener.path();
    let own = Some(listener.origin().clone()).filter(|_| !consent.paste);
    let origin = consent.origin.clone().or(own);
    let wanted = Wanted { kind, redirect_path: &path, origin: origin.as_ref() };
    let mut address = begin(account, ui, &wanted).await?;
    if let Consenting::Sandbox(allow) = &consent.by {
        // Nobody has to go there.
        ui.say(&format!("Signing in to {}: the sandbox consents by itself.", kind.title()));
        let (allow, dialog) = (allow.clone(), address.url);
        let end = spawn_blocking(move || allow(&dialog)).await??;
        let returned = listener.pasting().read(end.as_str()).context(Failure::Pasted)?;
        return ended(account, kind, before, returned).await;
    }
    let mut waiting = Waiting::new(account, consent, before);
    loop {
        show(ui, &address.url, kind);
        listener.set_destination(&address.url);
        let is_desktop = browser::surroundings() == Surroundings::Desktop;
        let opens = matches!(consent.by, Consenting::Browser);
        let short = (opens && is_desktop).then(|| listener.short_address());
        let keys = Keys { address: &address.url, short };
        send_somebody(ui, consent, listener).await;
        let returned = match waiting.next(ui, listener, &keys).await? {
            Came::Back(returned) => returned,
            Came::Listed(after) => return Ok(Ended { how: How::Listed, after }),
        };
        match returned {
            Returned::Refused { error } if address.instead.is_some() => {
                ui.warn(&format!(
                    "the return is refused ({}), perhaps since it is bound to a cookie: sign in to UnifiedBeez in your \
                     browser, and open this address there instead",
                    names::name(&account.api.told(&error))
                ));
                address = Address { url: address.instead.unwrap_or(address.url), instead: None };
            }
            returned => return ended(account, kind, before, returned).await,
        }
    }
}

/// Asks where it begins.
async fn begin(account: &AtUnifiedBeez, ui: &Ui, wanted: &Wanted<'_>) -> Result<Address> {
    let kind = wanted.kind;
    let begun = match account.api.begin(wanted).await {
        Err(error) if matches!(error.status(), Some(403 | 404)) && !error.is_web_page() => {
            return Err(not_allowed(account, kind, error).await);
        }
        begun => begun?,
    };
    match begun {
        Begun::Dialog { url, own, cookies } => {
            let url = checked(&url).map_err(Failure::UnsafeAuthorizeUrl)?;
            if !cookies.is_empty() {
                let named: Vec<String> = cookies.iter().take(NAMED).map(|name| names::name(name)).collect();
                ui.warn(&format!(
                    "UnifiedBeez sets a cookie of its own with this sign-in ({}): the return may be bound to it",
                    named.join(", ")
                ));
            }
            Ok(Address { url, instead: Some(own).filter(|_| !cookies.is_empty()) })
        }
        Begun::InBrowser { url } => {
            ui.warn(
                "UnifiedBeez begins this sign-in only in a browser that is signed in there: sign in to UnifiedBeez in \
                 your browser, and open the address there",
            );
            Ok(Address { url, instead: None })
        }
        Begun::Elsewhere { host } => Err(Failure::Redirect(Redirect::Elsewhere { kind, host }).into()),
        Begun::NotHttps { host } => Err(Failure::Redirect(Redirect::NotHttps { kind, host }).into()),
        Begun::HoldsSession => Err(Failure::Redirect(Redirect::HoldsSession { kind }).into()),
    }
}

/// What the plan says, where it says something.
async fn not_allowed(account: &AtUnifiedBeez, kind: SignInKind, error: ApiError) -> anyhow::Error {
    match account.api.why_not_allowed(kind).await {
        Ok(Some(reason)) => {
            let reason = text::one_line(&reason).into_owned();
            anyhow::Error::new(error).context(Failure::Redirect(Redirect::NotAllowed { kind, reason }))
        }
        // What it was refused for is said by its own answer.
        Ok(None) | Err(_) => error.into(),
    }
}

/// Looks for what a return has said: at once, and where that doesn't show yet, again.
async fn ended(
    account: &AtUnifiedBeez,
    kind: SignInKind,
    before: &[Channel],
    returned: Returned,
) -> Result<Ended> {
    let how = match returned {
        Returned::Connected => How::Connected,
        Returned::Refused { error } => {
            // Shortened afterwards: half a session can't be found.
            let error = account.api.told(&error).chars().take(LONGEST).collect();
            How::Failed(Failure::Refused(error))
        }
        Returned::OtherType { said } => {
            How::Failed(Failure::Redirect(Redirect::OtherType { kind, said: account.api.told(&said) }))
        }
        Returned::Nothing => How::Listed,
    };
    let is_enough = |listed: &Result<Vec<Channel>, ApiError>| match (&how, listed) {
        (How::Connected, Ok(after)) => {
            let compared = Compared::of(kind, before, after);
            compared.is_proof() || !compared.fresh.is_empty()
        }
        (How::Connected, Err(_)) => false,
        _ => true,
    };
    let after = look_until(|| listed(account), is_enough).await?;
    Ok(Ended { how, after })
}

/// The list as it is now.
pub async fn listed(account: &AtUnifiedBeez) -> Result<Vec<Channel>, ApiError> {
    Ok(account.api.channels().await?.channels)
}

fn show(ui: &Ui, url: &Url, kind: SignInKind) {
    ui.say(&format!("Sign in to {} here:", kind.title()));
    ui.link(url.as_str());
    ui.say("Tick all Pages and Instagram accounts there. Those you leave unticked lose their access.");
}

/// Opens the browser on our short address, or says how to get there.
async fn send_somebody(ui: &Ui, consent: &Consent, listener: &ReturnListener) {
    match (&consent.by, browser::surroundings()) {
        (Consenting::Browser, Surroundings::Desktop) => {
            open(ui, listener.short_address().url().as_str()).await;
        }
        (Consenting::Browser, elsewhere) if !consent.paste => {
            tell_from_elsewhere(ui, elsewhere, listener.port());
        }
        (Consenting::Nobody, _) if ui.interactive() && !consent.paste => {
            ui.note("Open it in a browser on this computer, or on any device and paste the final URL here.");
        }
        _ => {}
    }
    if consent.paste {
        ui.say("After the last page loads, paste its URL here. Input is hidden.");
    }
}

pub fn tell(ui: &Ui, notice: ReturnNotice) {
    ui.warn(match notice {
        ReturnNotice::OpenedAgain => {
            "the sign-in's short address was opened a second time. If that was you, open the long address above \
             instead. If it wasn't, another user of this computer may be signing in in your place: press Ctrl-C and \
             start again"
        }
        ReturnNotice::TlsHello => {
            "something speaks https to this computer's port, but the address begins with http://. Open it as printed"
        }
        ReturnNotice::OtherNonce => "a browser came back from another sign-in than this one; it is not taken",
        ReturnNotice::Again => "the browser came back a second time; only the first counts",
    });
}
