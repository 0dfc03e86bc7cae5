//! What a person can do at the keyboard while a sign-in is waited for: paste, open the browser, copy the address, cancel.

use std::io;
use std::time::Duration;

use anyhow::{Context as _, Result};
use url::Url;

use super::open;
use crate::failure::{Cancelled, Doing, Failure};
use crate::interrupt::Signal;
use crate::loopback::{self, Outcome, PasteError, ShortAddress};
use crate::ui::{PasteLines, Pressed, Ui, text};

/// What the keys are about.
pub(in crate::flow) struct Keys<'a> {
    /// The authorize URL, which stands printed as well.
    pub address: &'a Url,
    /// For the browser, where this computer has one that may be opened.
    pub short: Option<ShortAddress>,
}

impl Keys<'_> {
    /// The next thing pasted that can be used; none at the end of input. A person is told of what can't, and may try again; a
    /// script's only line is a failure.
    pub async fn pasted(&self, ui: &Ui, lines: &mut PasteLines) -> Result<Option<Outcome>> {
        self.pasted_as(ui, lines, loopback::read_pasted).await
    }

    /// Likewise, of what `read` makes of it.
    pub async fn pasted_as<T>(
        &self,
        ui: &Ui,
        lines: &mut PasteLines,
        read: impl Fn(&str) -> Result<T, PasteError>,
    ) -> Result<Option<T>> {
        loop {
            let line = match pressed(lines).await? {
                Pressed::Line(line) => line,
                Pressed::Enter => {
                    self.open(ui).await;
                    continue;
                }
                Pressed::Letter => {
                    self.copy(ui);
                    continue;
                }
                Pressed::Escape => return Err(Failure::Cancelled(Cancelled::SignIn).into()),
                Pressed::End => return Ok(None),
            };
            if ui.interactive() && line.expose().trim().is_empty() {
                continue;
            }
            match read(line.expose()) {
                Ok(outcome) => return Ok(Some(outcome)),
                Err(error) if ui.interactive() => ui.warn(&format!("can't use the pasted text: {error}")),
                Err(error) => return Err(error).context(Failure::Pasted),
            }
        }
    }

    async fn open(&self, ui: &Ui) {
        match &self.short {
            Some(short) if short.is_used() => {
                ui.note(
                    "Your browser has opened it already. To open it elsewhere, press c to copy the address.",
                );
            }
            Some(short) => open(ui, short.url().as_str()).await,
            None => {}
        }
    }

    fn copy(&self, ui: &Ui) {
        match ui.copy(self.address.as_str()) {
            true => ui.note("Address copied, if your terminal allows that."),
            false => ui.note("This terminal can't copy. Select the address above."),
        }
    }

    /// The line that is shown meanwhile, as long as the terminal has room for.
    pub fn line(&self, ui: &Ui, left: Duration) -> String {
        let left = format!("{}:{:02}", left.as_secs() / 60, left.as_secs() % 60);
        if !ui.interactive() {
            return format!("Waiting for the browser · {left} left");
        }
        let open = if self.short.is_some() { " · Enter open" } else { "" };
        let keys = format!("{open} · c copy link · Esc cancel");
        // Beside it stands the spinner.
        let room = ui.width().saturating_sub(3);
        let longest = [
            format!("Waiting for the browser · {left} left{keys} · or paste the final URL here"),
            format!("Waiting for the browser · {left} left{keys}"),
        ];
        let fitting = longest.into_iter().find(|line| text::width(line) <= room);
        fitting.unwrap_or_else(|| format!("Waiting · {left}{keys}"))
    }
}

/// Ctrl-C reaches whoever reads the terminal as well, and may do so first.
pub(in crate::flow) async fn pressed(lines: &mut PasteLines) -> Result<Pressed> {
    match lines.pressed(Some('c')).await {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::Interrupted(Signal::Interrupt).into())
        }
        pressed => pressed.context(Doing::ReadingPasted),
    }
}
