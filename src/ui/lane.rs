//! The threads that write. A terminal that was stopped (Ctrl-S), a full pipe and a reader that has stalled hold up whoever
//! writes to them, and that must never be the thread on which the sign-in's listener answers, its time runs out, and the
//! callback is put back. So everybody else only queues.
//!
//! There are two lanes: the screen's (standard error), and the result's (standard output). Where both end at the same
//! place, or the result goes to a terminal, all goes by the screen's lane, in the order in which it was said.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// So much is handed over in one go, so that it can be seen whether somebody reads.
const PIECE: usize = 16 << 10;
/// What is said while this much waits unread is left out: it can be minutes' worth of anything, and nobody reads it.
const MOST_SAID: usize = 1 << 20;
/// What is drawn again soon is left out earlier.
const MOST_DRAWN: usize = 64 << 10;
const LEFT_OUT: &[u8] = b"\n(Some messages were left out here because they were not read.)\n";

/// Standard error.
pub(super) static SCREEN: Lane = Lane::new();
/// Standard output, where it goes elsewhere.
pub(super) static RESULT: Lane = Lane::new();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

/// How long to wait for a reader.
#[derive(Clone, Copy)]
pub(super) enum Patience {
    Endless,
    /// As long as something is read now and then.
    Stalled(Duration),
    Until(Instant),
}

/// What became of standard output.
#[derive(Debug)]
pub(super) enum Fate {
    Open,
    /// Whoever read it has gone.
    Closed,
    Failed(io::Error),
}

/// A queue and the thread that writes it out, which begins with the first thing to write.
pub(super) struct Lane {
    state: Mutex<State>,
    changed: Condvar,
    /// The same for those who may not block.
    written: Notify,
}

struct State {
    queue: VecDeque<(Stream, Vec<u8>)>,
    /// Bytes that are queued or being written.
    waiting_out: usize,
    waiting_err: usize,
    /// Counts the writes.
    progress: u64,
    running: bool,
    left_out: bool,
    fate: Fate,
}

impl State {
    fn waiting(&mut self, stream: Stream) -> &mut usize {
        match stream {
            Stream::Out => &mut self.waiting_out,
            Stream::Err => &mut self.waiting_err,
        }
    }

    fn push(&mut self, stream: Stream, bytes: Vec<u8>) {
        *self.waiting(stream) += bytes.len();
        self.queue.push_back((stream, bytes));
    }
}

impl Lane {
    const fn new() -> Lane {
        let state = State {
            queue: VecDeque::new(),
            waiting_out: 0,
            waiting_err: 0,
            progress: 0,
            running: false,
            left_out: false,
            fate: Fate::Open,
        };
        Lane { state: Mutex::new(state), changed: Condvar::new(), written: Notify::const_new() }
    }

    /// Queues a part of the result. None of it is ever left out: whoever has much more waits for [`Lane::below`].
    pub fn result(&'static self, bytes: Vec<u8>) {
        let mut state = self.lock();
        if matches!(state.fate, Fate::Open) {
            state.push(Stream::Out, bytes);
            self.run(state);
        }
    }

    /// Queues something for standard error, unless nobody has read for long.
    pub fn say(&'static self, text: &str) {
        let mut state = self.lock();
        if state.waiting_err > MOST_SAID {
            state.left_out = true;
            return;
        }
        if std::mem::take(&mut state.left_out) {
            state.push(Stream::Err, LEFT_OUT.to_vec());
        }
        state.push(Stream::Err, text.as_bytes().to_vec());
        self.run(state);
    }

    /// Queues something for standard error that is drawn again soon; false where it was left out.
    pub fn draw(&'static self, text: &str) -> bool {
        let mut state = self.lock();
        if state.waiting_err > MOST_DRAWN {
            return false;
        }
        state.push(Stream::Err, text.as_bytes().to_vec());
        self.run(state);
        true
    }

    /// Waits until no more than that much of the result is unwritten.
    pub async fn below(&self, bytes: usize) {
        loop {
            let mut changed = std::pin::pin!(self.written.notified());
            changed.as_mut().enable();
            if self.lock().waiting_out <= bytes {
                return;
            }
            changed.await;
        }
    }

    /// Blocks until all that was queued for the stream is written; false when it was waited for in vain.
    pub fn drain(&self, stream: Stream, time_limit: Patience) -> bool {
        let mut state = self.lock();
        let (mut progress, mut since) = (state.progress, Instant::now());
        while *state.waiting(stream) > 0 {
            if state.progress != progress {
                (progress, since) = (state.progress, Instant::now());
            }
            let end = match time_limit {
                Patience::Endless => Instant::now() + Duration::from_secs(60),
                Patience::Stalled(most) => since + most,
                Patience::Until(end) => end,
            };
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Whether whoever read the result has gone.
    pub fn is_closed(&self) -> bool {
        matches!(self.lock().fate, Fate::Closed)
    }

    /// The error that kept the result from being written, once.
    pub fn failure(&self) -> io::Result<()> {
        let mut state = self.lock();
        if !matches!(state.fate, Fate::Failed(_)) {
            return Ok(());
        }
        match std::mem::replace(&mut state.fate, Fate::Closed) {
            Fate::Failed(error) => Err(error),
            Fate::Open | Fate::Closed => Ok(()),
        }
    }

    /// Has somebody write what was queued: the thread, or us where no thread can be had.
    fn run(&'static self, mut state: MutexGuard<'_, State>) {
        if std::mem::replace(&mut state.running, true) {
            self.changed.notify_all();
            return;
        }
        drop(state);
        let thread = std::thread::Builder::new().name("writer".to_owned());
        if thread.spawn(|| self.write(true)).is_err() {
            self.write(false);
            self.lock().running = false;
        }
    }

    /// Writes out what is queued, and for ever what comes.
    fn write(&self, stay: bool) {
        let mut state = self.lock();
        loop {
            let Some((stream, bytes)) = state.queue.pop_front() else {
                if !stay {
                    return;
                }
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let mut left = &bytes[..];
            while !left.is_empty() {
                let useless = stream == Stream::Out && !matches!(state.fate, Fate::Open);
                let piece = &left[..left.len().min(PIECE)];
                drop(state);
                let written = if useless { Ok(left.len()) } else { system::write(stream, piece) };
                state = self.lock();
                let count = match written {
                    Ok(count) => count,
                    Err(error) => {
                        // A terminal that is gone is nobody's error.
                        if stream == Stream::Out {
                            state.fate = match error.kind() {
                                io::ErrorKind::BrokenPipe => Fate::Closed,
                                _ => Fate::Failed(error),
                            };
                        }
                        left.len()
                    }
                };
                left = &left[count..];
                *state.waiting(stream) -= count;
                state.progress += 1;
                self.changed.notify_all();
                self.written.notify_waiters();
            }
        }
    }

    /// Nothing that holds it can leave it half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;

    use std::time::Duration;

    use super::Stream;
    use crate::ui::input::refuses_writing;

    /// How often it is looked whether a terminal that refuses is ours again.
    const LOOK_AGAIN: Duration = Duration::from_millis(50);

    /// Not by the standard library's streams, which take a closed one for written.
    pub fn write(stream: Stream, bytes: &[u8]) -> io::Result<usize> {
        let fd = match stream {
            Stream::Out => rustix::stdio::stdout(),
            Stream::Err => rustix::stdio::stderr(),
        };
        loop {
            // To write nevertheless would stop the whole process, and not only this thread.
            while refuses_writing(fd) {
                std::thread::sleep(LOOK_AGAIN);
            }
            match rustix::io::write(fd, bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => return Ok(count),
                Err(Errno::INTR) => {}
                // Whoever shares the pipe with us has set it so.
                Err(Errno::AGAIN) => {
                    let _ = poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::OUT)], None);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(windows)]
mod system {
    use std::io::{self, Write as _};

    use super::Stream;

    pub fn write(stream: Stream, bytes: &[u8]) -> io::Result<usize> {
        match stream {
            Stream::Out => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
            Stream::Err => io::stderr().write_all(bytes),
        }
        .map(|()| bytes.len())
    }
}
