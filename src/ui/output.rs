//! Standard output, where the result goes and nothing else.

use std::future::poll_fn;
use std::io::{self, Write as _};
use std::pin::pin;
use std::sync::{MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use super::lane::Lane;
use super::{Ui, text};

/// So much is collected before it is handed over.
const COLLECTED: usize = 32 << 10;
/// More than this is not queued for a reader that is slow: [`Ui::at_readers_pace`].
const AHEAD: usize = 1 << 20;
/// What is written has come to its reader by then, if there is one who reads.
const MOMENT: Duration = Duration::from_millis(100);

/// Buffered, and silent about readers that have gone: `| head` is no error.
pub(super) struct Sink {
    lane: &'static Lane,
    collected: Vec<u8>,
}

impl Sink {
    pub fn new(lane: &'static Lane) -> Sink {
        Sink { lane, collected: Vec::new() }
    }

    fn write(&mut self, text: &str, flush: bool) {
        self.collected.extend_from_slice(text.as_bytes());
        if !self.collected.is_empty() && (flush || self.collected.len() >= COLLECTED) {
            self.lane.result(std::mem::take(&mut self.collected));
        }
    }
}

/// Prints a text before anything else has begun, by ourselves: a thread would take longer than all the rest.
pub fn print_at_once(text: &str) {
    let mut out = io::stdout().lock();
    // A reader that has gone is no error.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
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
    pub async fn reader_is_gone(&self) -> bool {
        let lane = self.sink().lane;
        let _ = tokio::time::timeout(MOMENT, lane.below(0)).await;
        lane.is_closed()
    }

    /// Goes on with a command only while its reader keeps up, so that a result of any length waits in little memory.
    /// The runtime has its thread meanwhile.
    pub async fn at_readers_pace<T>(&self, command: impl Future<Output = T>) -> T {
        let (mut command, lane) = (pin!(command), self.sink().lane);
        loop {
            lane.below(AHEAD).await;
            if let Poll::Ready(output) = poll_fn(|context| Poll::Ready(command.as_mut().poll(context))).await
            {
                return output;
            }
            // Until the command wakes us; then it is looked first how much is unwritten.
            let mut asleep = true;
            poll_fn(|_| if std::mem::take(&mut asleep) { Poll::Pending } else { Poll::Ready(()) }).await;
        }
    }

    /// Waits until all of the result is written. An error says that it could not be (a full disk, say); a reader that
    /// has gone is none. Call it once, at the end.
    pub async fn finish(&self) -> io::Result<()> {
        self.write_result("", true);
        let lane = self.sink().lane;
        lane.below(0).await;
        lane.failure()
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
