//! Single keys from the terminal, without a thread that reads ahead and without blocking the runtime.

#[cfg_attr(windows, allow(dead_code, reason = "Windows hands over keys, not bytes to decode"))]
mod keys;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(super) use keys::Key;
#[cfg(unix)]
pub(super) use unix::{Input, Kept};
#[cfg(windows)]
pub(super) use windows::{Input, Kept};

/// What the terminal tells.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    Key(Key),
    /// The size may be another one: draw again. (Windows doesn't tell; there the next key brings it.)
    #[cfg_attr(windows, allow(dead_code))]
    Resized,
}

/// Puts the terminal back as it was before a question, picker or hidden line was opened: echo, line mode,
/// cursor. Does nothing if none is open. For the way out that runs no destructors.
pub fn restore_terminal() {
    #[cfg(unix)]
    unix::restore();
    super::screen::restore();
}
