//! Secrets that are piped in.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context as _, Result};

use crate::failure::{Doing, Failure, Piped, Usage};
use crate::types::Secret;
use crate::ui::Ui;

/// No secret is longer.
const LONGEST: u64 = 64 << 10;

/// A secret from stdin, to its end, without the line's end. Ctrl-C ends the waiting.
///
/// A terminal in its place shows nothing of what is typed, a line.
pub async fn from_stdin(ui: &Ui, what: Piped) -> Result<Secret> {
    if std::io::stdin().is_terminal() {
        ui.note("Type or paste it, then press Enter (input hidden).");
        let typed = ui.paste_lines().next().await.context(Doing::ReadingStdin(what))?;
        return checked(what, typed.as_ref().map_or("", Secret::expose));
    }
    // On a thread that the runtime waits for no longer than the program: a read can't be called off.
    let read = tokio::task::spawn_blocking(|| {
        let mut text = zeroize::Zeroizing::new(String::new());
        std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text).map(|_| text)
    });
    checked(what, &read.await?.context(Doing::ReadingStdin(what))?)
}

fn checked(what: Piped, text: &str) -> Result<Secret> {
    let value = text.trim();
    if value.is_empty() {
        return Err(Failure::Usage(Usage::NothingPiped(what)).into());
    }
    // A pasted cookie has spaces between its parts, one in a file has tabs, an API token may come with its word in front, and
    // a password may have anything but a line's end.
    let has_spaces = matches!(what, Piped::Session | Piped::Password | Piped::ApiToken);
    let is_odd = |c: char| (c.is_control() && c != '\t') || (c.is_whitespace() && !has_spaces);
    if text.len() as u64 > LONGEST || value.chars().any(is_odd) {
        return Err(Failure::Usage(Usage::NotPiped(what)).into());
    }
    Ok(Secret::new(value))
}
