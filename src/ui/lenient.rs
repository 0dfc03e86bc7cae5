//! A terminal for progress that may go away, or stop, while it is drawn on.

use std::fmt::Write as _;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use console::Term;
use indicatif::TermLike;

use super::lane::SCREEN;

/// Standard error, where nothing fails and nothing waits: indicatif panics when the lines it suspends can't be cleared,
/// and on a terminal that was closed they can't; and on one that was stopped it would hold everybody up who prints.
#[derive(Debug, Default)]
pub(super) struct Lenient(Mutex<String>);

impl Lenient {
    fn drawn(&self) -> MutexGuard<'_, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, text: std::fmt::Arguments<'_>) -> io::Result<()> {
        let _ = self.drawn().write_fmt(text);
        Ok(())
    }

    fn step(&self, n: usize, direction: char) -> io::Result<()> {
        if n > 0 { self.put(format_args!("\x1b[{n}{direction}")) } else { Ok(()) }
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
        self.put(format_args!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.put(format_args!("{text}"))
    }

    fn clear_line(&self) -> io::Result<()> {
        self.put(format_args!("\r\x1b[2K"))
    }

    fn flush(&self) -> io::Result<()> {
        let drawn = std::mem::take(&mut *self.drawn());
        if !drawn.is_empty() {
            SCREEN.draw(&drawn);
        }
        Ok(())
    }
}
