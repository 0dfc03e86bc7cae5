//! A terminal for progress that may go away while it is drawn on.

use std::io;

use console::Term;
use indicatif::TermLike;

/// Standard error, where nothing fails: indicatif panics when the lines it suspends can't be cleared, and on a
/// terminal that was closed they can't. A panic there would keep us from putting back what was borrowed.
#[derive(Debug)]
pub(super) struct Lenient(Term);

impl Lenient {
    pub fn stderr() -> Lenient {
        Lenient(Term::buffered_stderr())
    }
}

fn whatever(_: io::Result<()>) -> io::Result<()> {
    Ok(())
}

impl TermLike for Lenient {
    fn width(&self) -> u16 {
        self.0.size().1
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        whatever(self.0.move_cursor_up(n))
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        whatever(self.0.move_cursor_down(n))
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        whatever(self.0.move_cursor_right(n))
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        whatever(self.0.move_cursor_left(n))
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        whatever(self.0.write_line(text))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        whatever(self.0.write_str(text))
    }

    fn clear_line(&self) -> io::Result<()> {
        whatever(self.0.clear_line())
    }

    fn flush(&self) -> io::Result<()> {
        whatever(self.0.flush())
    }
}
