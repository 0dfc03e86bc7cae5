//! Standard output, where the result goes and nothing else.

use std::io::{self, BufWriter, Write};
use std::sync::{MutexGuard, PoisonError};

use super::{Ui, text};

/// Buffered, and silent about readers that have gone: `| head` is no error.
pub(super) struct Sink {
    out: BufWriter<Box<dyn Write + Send>>,
    state: State,
}

enum State {
    Open,
    Closed,
    Failed(io::Error),
}

impl Sink {
    pub fn new(out: Box<dyn Write + Send>) -> Sink {
        Sink { out: BufWriter::new(out), state: State::Open }
    }

    fn write(&mut self, text: &str, flush: bool) {
        if !matches!(self.state, State::Open) {
            return;
        }
        let mut written = self.out.write_all(text.as_bytes());
        if flush && written.is_ok() {
            written = self.out.flush();
        }
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.state = State::Closed,
            Err(error) => self.state = State::Failed(error),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write("", true);
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Failed(error) => Err(error),
            State::Open | State::Closed => Ok(()),
        }
    }
}

impl Ui {
    /// Prints a line of the result, clean.
    pub fn line(&self, text: &str) {
        self.write_result(&(text::clean(text) + "\n"), true);
    }

    /// Prints a value that is meant for a program: byte for byte into a pipe or file. On a terminal it is
    /// shown whole, but without what a terminal would act on.
    pub fn value(&self, value: &str) {
        let shown = if self.stdout_is_terminal() { text::clean_whole(value) } else { value.to_owned() };
        self.write_result(&(shown + "\n"), true);
    }

    /// Prints a document of our own making, such as a completion script, as it is.
    pub fn document(&self, document: &[u8]) {
        self.write_result(&String::from_utf8_lossy(document), true);
    }

    /// Whether whoever read the result has gone, so that no more of it is needed.
    pub fn reader_is_gone(&self) -> bool {
        matches!(self.sink().state, State::Closed)
    }

    /// Writes out what is left. An error says that the result could not be written (a full disk, say);
    /// a reader that has gone is none. Call it once, at the end.
    pub fn finish(&self) -> io::Result<()> {
        self.sink().finish()
    }

    /// Writes text that is clean already.
    pub(super) fn write_result(&self, text: &str, flush: bool) {
        if self.stdout_is_terminal() {
            self.screen().around(|| self.sink().write(text, true));
        } else {
            self.sink().write(text, flush);
        }
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.stdout().lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Refusing(io::ErrorKind);

    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written_to(kind: io::ErrorKind) -> Sink {
        let mut sink = Sink::new(Box::new(Refusing(kind)));
        sink.write("line\n", true);
        sink.write("line\n", true);
        sink
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        let mut sink = written_to(io::ErrorKind::BrokenPipe);
        assert!(matches!(sink.state, State::Closed));
        assert!(sink.finish().is_ok());
    }

    #[test]
    fn a_full_disk_is_one() {
        let mut sink = written_to(io::ErrorKind::StorageFull);
        assert_eq!(sink.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
