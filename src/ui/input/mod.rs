//! Single keys from the terminal, without a thread that reads ahead and without blocking the runtime.

#[cfg_attr(windows, allow(dead_code, reason = "Windows hands over keys, not bytes to decode"))]
mod keys;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(super) use keys::Key;
#[cfg(unix)]
pub(super) use unix::{Input, is_behind, refuses_writing};
#[cfg(windows)]
pub(super) use windows::Input;

/// What the terminal tells.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    Key(Key),
    /// The size may be another one: draw again. (Windows doesn't tell; there the next key brings it.)
    #[cfg_attr(windows, allow(dead_code))]
    Resized,
    /// The program was stopped, and goes on: what it had drawn stands somewhere above, and is drawn anew below.
    #[cfg_attr(windows, allow(dead_code))]
    Continued,
}

/// Lends the terminal to the shell, as it was found, for as long as the program is stopped.
pub fn lend_terminal() {
    #[cfg(unix)]
    {
        super::screen::lend();
        unix::lend();
    }
    super::finish_writing(super::Leave::Now);
}

/// Takes it back when the program goes on in the foreground.
pub fn take_terminal_back() {
    #[cfg(unix)]
    {
        super::screen::go_on();
        unix::take_back();
    }
}

/// Lets a terminal that was stopped (Ctrl-S) show again what it is sent; false where there is none to let.
pub(super) fn unfreeze_terminal() -> bool {
    #[cfg(unix)]
    return unix::unfreeze();
    #[cfg(windows)]
    false
}

/// Puts the terminal back as it was before a question, picker or hidden line was opened: echo, line mode,
/// cursor. Does nothing if none is open. For the way out that runs no destructors.
pub fn restore_terminal() {
    #[cfg(unix)]
    unix::restore();
    super::screen::restore();
}
