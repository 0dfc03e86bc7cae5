//! A terminal for progress that may go away, or stop, while it is drawn on.

use std::fmt::Write as _;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use console::Term;
use indicatif::TermLike;

use super::lane::SCREEN;
use super::screen;

/// Standard error, where nothing fails and nothing waits: indicatif panics when the lines it suspends can't be cleared,
/// and on a terminal that was closed they can't; and on one that was stopped it would hold everybody up who prints.
#[derive(Debug, Default)]
pub(super) struct Lenient(Mutex<Frame>);

/// What was drawn and not shown yet.
#[derive(Debug, Default)]
struct Frame {
    out: String,
    /// Whether it is more than an erasing.
    shows: bool,
}

impl Lenient {
    fn frame(&self) -> MutexGuard<'_, Frame> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self, text: &str, end: &str) -> io::Result<()> {
        let mut frame = self.frame();
        frame.shows |= !text.is_empty();
        frame.out.push_str(text);
        frame.out.push_str(end);
        Ok(())
    }

    fn step(&self, n: usize, direction: char) -> io::Result<()> {
        if n > 0 {
            let _ = write!(self.frame().out, "\x1b[{n}{direction}");
        }
        Ok(())
    }
}

impl TermLike for Lenient {
    fn width(&self) -> u16 {
        Term::stderr().size().1
    }

    fn height(&self) -> u16 {
        Term::stderr().size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.step(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.step(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.step(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.step(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.text(text, "\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.text(text, "")
    }

    fn clear_line(&self) -> io::Result<()> {
        self.text("", "\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *self.frame());
        if screen::is_others() {
            return Ok(());
        }
        if frame.shows {
            SCREEN.draw(&frame.out);
        } else if !frame.out.is_empty() {
            // What was drawn before must go, also where nobody has read that yet.
            SCREEN.say(&frame.out);
        }
        Ok(())
    }
}
