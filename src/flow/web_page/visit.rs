//! Who goes to the page, what is said before, and how it is waited for.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::Page;
use super::steps::Visit;
use crate::failure::{Cancelled, Failure};
use crate::flow::sign_in::keys::pressed;
use crate::platform::{ApiError, Known};
use crate::types::{ChannelDbId, ChannelKind, Invocation};
use crate::ui::{Pressed, browser};

/// So often it is looked what has become of it, and so soon for the first time: the platform asks for no more.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// For the answer to the last look, which is asked for when the time is over.
const GRACE: Duration = Duration::from_secs(3);

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
    /// Says where it is done, how and by whom, and opens it; or has the sandbox do it.
    pub(super) async fn visit(&self, visit: Visit<'_>) -> Result<()> {
        if let Visitor::Sandbox(person) = &self.visitor {
            self.ui.say("The sandbox does it on its page by itself.");
            let (person, acts) = (person.clone(), visit.acts());
            let each = move || acts.into_iter().map(|act| person(act)).collect::<Result<Vec<bool>>>();
            if tokio::task::spawn_blocking(each).await??.contains(&false) {
                let reset = Invocation::new("--platform qontak sandbox reset");
                self.ui.warn(&format!(
                    "the sandbox has nothing left to do that with; {reset} restores its initial data"
                ));
            }
            return Ok(());
        }
        self.ui.say("Do it on Qontak's page:");
        self.ui.link(self.account.api.web_page().as_str());
        for (place, step) in visit.steps().iter().enumerate() {
            self.ui.say(&format!("  {}. {step}", place + 1));
        }
        // Of these alone the sources say it.
        if let Visit::Connect(ChannelKind::Messenger | ChannelKind::Instagram) = visit {
            self.ui.say(
                "Only an admin of the Qontak account can integrate, say the guide and the help centre. Another help \
                 page, on what supervisors may do, lets them add Facebook accounts: where the page refuses you, ask an \
                 admin.",
            );
        }
        if matches!(self.visitor, Visitor::Browser) {
            self.open().await;
        }
        Ok(())
    }

    /// The address holds no secret, and is the vendor's own.
    async fn open(&self) {
        match browser::open(self.account.api.web_page().as_str()).await {
            Ok(()) => self.ui.note("Your browser opens now. If it doesn't, open the address yourself."),
            Err(error) => self.ui.warn(&format!("{error}. Open the address yourself")),
        }
    }

    /// Looks again and again until there is something to see; none when the time is over, whatever a look is waiting for. A
    /// look that fails is no end, unless the credentials are refused. Esc is one.
    pub(super) async fn wait<T>(
        &self,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        if matches!(self.visitor, Visitor::Sandbox(_)) {
            // It is done by now, and nobody's server is asked.
            return look().await;
        }
        let end = Instant::now() + self.time_limit;
        let progress = self.ui.spinner(&self.line(self.time_limit));
        let countdown = async {
            loop {
                progress.set_text(&self.line(end.saturating_duration_since(Instant::now())));
                sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::select! {
            seen = self.looks(end, look) => seen,
            cancelled = self.cancelled() => Err(cancelled),
            never = countdown => never,
        }
    }

    async fn looks<T>(
        &self,
        end: Instant,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let mut last = Instant::now();
        let mut next = last + FIRST_LOOK;
        loop {
            // Where no other look fits in before the end, the last one is then.
            if next + FIRST_LOOK > end {
                next = end;
            }
            sleep_until(next).await;
            if next < last + FIRST_LOOK {
                return Ok(None);
            }
            match timeout_at(end + GRACE, look()).await {
                Err(_) => return Ok(None),
                Ok(Ok(Some(seen))) => return Ok(Some(seen)),
                Ok(Ok(None)) => {}
                Ok(Err(error)) if is_final(&error) => return Err(error),
                Ok(Err(error)) => self.ui.warn(&format!("{error:#}. Looking again")),
            }
            last = Instant::now();
            if last >= end {
                return Ok(None);
            }
            next = last + LOOK_EVERY;
        }
    }

    /// Reads keys, so that none of them stands on the terminal: Enter opens the page once more, Esc gives why it ends.
    async fn cancelled(&self) -> anyhow::Error {
        if !self.ui.interactive() {
            return std::future::pending().await;
        }
        let mut lines = self.ui.paste_lines();
        loop {
            match pressed(&mut lines).await {
                Ok(Pressed::Escape) => return Failure::Cancelled(Cancelled::Page).into(),
                Ok(Pressed::Enter | Pressed::Line(_)) if matches!(self.visitor, Visitor::Browser) => {
                    self.open().await;
                }
                Ok(Pressed::Enter | Pressed::Line(_) | Pressed::Letter) => {}
                // The terminal's end of input: somebody can still do it on the page.
                Ok(Pressed::End) => std::future::pending().await,
                Err(error) => return error,
            }
        }
    }

    /// What is shown meanwhile.
    fn line(&self, left: Duration) -> String {
        let line = format!("Waiting for the page · {}:{:02} left", left.as_secs() / 60, left.as_secs() % 60);
        match &self.visitor {
            _ if !self.ui.interactive() => line,
            Visitor::Browser => line + " · Enter open again · Esc cancel",
            _ => line + " · Esc cancel",
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
