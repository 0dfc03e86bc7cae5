//! Who goes to the page, what is said before, and how it is waited for.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::Page;
use crate::platform::{ApiError, Known};
use crate::types::{ChannelDbId, ChannelKind, Invocation};
use crate::ui::browser;

/// So often it is looked what has become of it, and so soon for the first time: the platform asks for no more.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const FIRST_LOOK: Duration = Duration::from_secs(5);

/// What a person does on the page.
#[derive(Clone, Debug)]
pub enum Act {
    /// By what the platform calls that kind.
    Connect(&'static str),
    Reconnect(ChannelDbId),
    Disconnect(ChannelDbId),
}

/// Does it in a person's place, and says whether it could be done. It may block.
pub type Person = Arc<dyn Fn(Act) -> Result<bool> + Send + Sync>;

/// Who goes to the page.
#[derive(Clone)]
pub enum Visitor {
    /// Whoever sits before the system's browser.
    Browser,
    /// Whoever reads the address.
    Somebody,
    /// The sandbox.
    Sandbox(Person),
}

impl Page<'_> {
    /// Says where it is done and who may, and opens it; or has the sandbox do it.
    pub(super) async fn visit(&self, acts: Vec<Act>, connected: Option<&ChannelKind>) -> Result<()> {
        if let Visitor::Sandbox(person) = &self.visitor {
            self.ui.say("The sandbox does it on its page by itself.");
            let person = person.clone();
            let each = move || acts.into_iter().map(|act| person(act)).collect::<Result<Vec<bool>>>();
            if tokio::task::spawn_blocking(each).await??.contains(&false) {
                let reset = Invocation::new("--platform qontak sandbox reset");
                self.ui.warn(&format!("the sandbox has nothing left to do that with; {reset} begins anew"));
            }
            return Ok(());
        }
        let url = self.account.api.web_page();
        self.ui.say("Do it on Qontak's page:");
        self.ui.link(url.as_str());
        if let Some(kind) = connected {
            self.tell_steps(kind);
        }
        self.ui.say(
            "Only an admin of the Qontak account can integrate, say the guide and the help centre. Another help page, on \
             what supervisors may do, lets them add Facebook accounts: where the page refuses you, ask an admin.",
        );
        if matches!(self.visitor, Visitor::Browser) {
            // It holds no secret, and is the vendor's own.
            match browser::open(url.as_str()).await {
                Ok(()) => self.ui.note("Your browser opens now. If it doesn't, open the address yourself."),
                Err(error) => self.ui.warn(&format!("{error}. Open the address yourself")),
            }
        }
        Ok(())
    }

    fn tell_steps(&self, kind: &ChannelKind) {
        let steps: &[&str] = match kind {
            ChannelKind::Messenger => &[
                "Choose Facebook Messenger, then \"Connect with Facebook\" (newer: add an account).",
                "Sign in to Facebook as an admin of the Page, and allow the pop-up.",
            ],
            ChannelKind::Instagram => &[
                "Choose Instagram, then connect (newer: add an account).",
                "Sign in to Facebook as an admin of the Page that the Instagram account is linked to; allow the pop-up.",
            ],
            ChannelKind::Telegram => &[
                "In Telegram, open a chat with @BotFather.",
                "New bot: send /newbot. Existing bot: send /mybots, then API Token.",
                "Copy the token. It looks like 7012345678:AAH…",
                "On Qontak's page choose Telegram, and paste the token there: nobody needs it here.",
            ],
            ChannelKind::WhatsappOfficial | ChannelKind::WhatsappUnofficial => &[
                "Choose WhatsApp, and follow the page. Qontak connects numbers of the WhatsApp Business Platform alone.",
            ],
            _ => &["Choose web chat, and follow the page."],
        };
        for (place, step) in steps.iter().enumerate() {
            self.ui.say(&format!("  {}. {step}", place + 1));
        }
    }

    /// Looks again and again until there is something to see; none when the time is over. A look that fails is no end, unless
    /// the credentials are refused.
    pub(super) async fn wait<T>(
        &self,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        if matches!(self.visitor, Visitor::Sandbox(_)) {
            // It is done by now, and nobody's server is asked.
            return look().await;
        }
        let progress = self.ui.spinner("Waiting for the page");
        let mut last = Instant::now();
        let end = last + self.time_limit;
        let mut next = last + FIRST_LOOK;
        loop {
            // Where no other look fits in before the end, the last one is then.
            if next + FIRST_LOOK > end {
                next = end;
            }
            while Instant::now() < next {
                let left = end.saturating_duration_since(Instant::now()).as_secs();
                progress.set_text(&format!("Waiting for the page · {}:{:02} left", left / 60, left % 60));
                sleep(next.saturating_duration_since(Instant::now()).min(Duration::from_secs(1))).await;
            }
            if next < last + FIRST_LOOK {
                return Ok(None);
            }
            match look().await {
                Ok(Some(seen)) => return Ok(Some(seen)),
                Ok(None) => {}
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => self.ui.warn(&format!("{error:#}. Looking again")),
            }
            last = Instant::now();
            if last >= end {
                return Ok(None);
            }
            next = last + LOOK_EVERY;
        }
    }
}

/// Whether looking again would show the same.
fn is_final(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<ApiError>() {
        Some(error) => matches!(error.known(), Some(Known::BadCredentials | Known::ClockOff { .. })),
        None => true,
    }
}
