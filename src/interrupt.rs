//! Ctrl-C, SIGTERM, SIGHUP and SIGQUIT: what was borrowed is put back first.
//!
//! At the first signal the running command's future is dropped, at once; unless it is amid many things of which it will
//! show the results so far ([`Interrupt::let_finish`]). Whatever must still be done,
//! such as putting back a callback URL, is a task of its own that begins when its guard is dropped and
//! keeps a [`Hold`]: the process ends when there are no holds left. The second signal waits for nobody, and the first
//! one not for a command that is held up by a file or a lock.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

#[cfg(unix)]
use rustix::process::{getpgrp, getpid, getsid, kill_process};
use tokio::sync::watch;

use crate::borrowed::Borrowed;

/// Which signal came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// The terminal has closed.
    HangUp,
    /// Ctrl-\.
    #[cfg_attr(windows, allow(dead_code))]
    Quit,
}

impl Signal {
    /// 128 and the signal's number, as shells count.
    pub fn exit_code(self) -> u8 {
        match self {
            Signal::HangUp => 129,
            Signal::Interrupt => 130,
            Signal::Quit => 131,
            Signal::Terminate => 143,
        }
    }
}

/// Tells whether the person, or the system, asked the program to end.
#[derive(Clone)]
pub struct Interrupt {
    signal: watch::Receiver<Option<Signal>>,
    state: Arc<State>,
    borrowed: Borrowed,
}

#[derive(Default)]
struct State {
    holds: watch::Sender<usize>,
    finishing: AtomicUsize,
    /// The command's thread knows of the signal.
    noticed: AtomicBool,
}

/// While one is alive, a signal doesn't drop the command: it stops by itself, soon, and has results to show.
pub struct Finishing(Arc<State>);

impl Drop for Finishing {
    fn drop(&mut self) {
        self.0.finishing.fetch_sub(1, Ordering::Relaxed);
    }
}

/// While one is alive, the process doesn't end by itself.
pub struct Hold(Arc<State>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.holds.send_modify(|count| *count -= 1);
    }
}

/// What shells with job control do with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(windows, allow(dead_code))]
pub enum Pause {
    /// Ctrl-Z: it stops next, and the shell has the terminal.
    Begins,
    /// `fg`, or `bg`.
    Ends,
}

/// Why the process ends without the command's own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// The command took no notice of the signal: its thread waits for a file, or for a lock on one. Nothing is borrowed.
    Unnoticed,
    /// A second signal has come, and waits for nobody.
    Second,
}

impl Interrupt {
    /// Starts to listen, on a thread of its own: a signal must not wait for whatever the command waits for. `end` is
    /// called on it, to end the process at once; and `pause` when the process is stopped and continued.
    ///
    /// A signal that was ignored when the program began stays ignored, as `nohup` and shells without job control want
    /// it. (What was ignored is known on Linux only.)
    pub fn listen(
        borrowed: Borrowed,
        end: impl Fn(Signal, Urgency) + Send + 'static,
        pause: impl Fn(Pause) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (send, signal) = watch::channel(None);
        let state = Arc::new(State::default());
        let (listening, state_there) = (mpsc::channel(), state.clone());
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let begun =
                tokio::runtime::Builder::new_current_thread().enable_all().build().and_then(|runtime| {
                    let entered = runtime.enter();
                    let signals = Signals::new()?;
                    drop(entered);
                    Ok((runtime, signals))
                });
            match begun {
                Ok((runtime, signals)) => {
                    let _ = listening.0.send(Ok(()));
                    runtime.block_on(watch_signals(signals, &send, &state_there, end, pause));
                }
                Err(error) => drop(listening.0.send(Err(error))),
            }
        })?;
        listening.1.recv().map_err(std::io::Error::other)??;
        Ok(Interrupt { signal, state, borrowed })
    }

    /// What is borrowed at the moment.
    pub fn borrowed(&self) -> &Borrowed {
        &self.borrowed
    }

    /// Whether a signal has come.
    pub fn is_requested(&self) -> bool {
        self.signal.borrow().is_some()
    }

    /// Waits for the first signal.
    pub async fn requested(&self) -> Signal {
        let mut signal = self.signal.clone();
        let came = signal.wait_for(Option::is_some).await.map(|signal| *signal);
        self.state.noticed.store(true, Ordering::Relaxed);
        match came {
            Ok(signal) => signal.unwrap_or(Signal::Interrupt),
            // The listening thread lives as long as the process.
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits until nobody holds the process any more.
    pub async fn settled(&self) {
        let mut holds = self.state.holds.subscribe();
        // The sender lives in `self`: this can't fail.
        let _ = holds.wait_for(|count| *count == 0).await;
    }

    /// From now on a signal lets the command come to its end by itself, until the guard is dropped.
    pub fn let_finish(&self) -> Finishing {
        self.state.finishing.fetch_add(1, Ordering::Relaxed);
        Finishing(self.state.clone())
    }

    /// Whether the command comes to its end by itself.
    pub fn is_finishing(&self) -> bool {
        self.state.finishing.load(Ordering::Relaxed) > 0
    }

    /// From now on the process waits, until the hold is dropped.
    pub fn hold(&self) -> Hold {
        self.state.holds.send_modify(|count| *count += 1);
        Hold(self.state.clone())
    }
}

/// So long the command's thread may take to notice a signal.
const NOTICE_WITHIN: Duration = Duration::from_millis(500);

async fn watch_signals(
    mut signals: Signals,
    send: &watch::Sender<Option<Signal>>,
    state: &State,
    end: impl Fn(Signal, Urgency),
    pause: impl Fn(Pause),
) {
    let first = signals.next(&pause).await;
    send.send_replace(Some(first));
    let unnoticed = async {
        loop {
            tokio::time::sleep(NOTICE_WITHIN).await;
            if state.noticed.load(Ordering::Relaxed) {
                return std::future::pending().await;
            }
            if *state.holds.borrow() == 0 && state.finishing.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    };
    tokio::select! {
        second = signals.next(&pause) => end(second, Urgency::Second),
        () = unnoticed => end(first, Urgency::Unnoticed),
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    hang_up: Option<tokio::signal::unix::Signal>,
    quit: Option<tokio::signal::unix::Signal>,
    stop: Option<tokio::signal::unix::Signal>,
    go_on: Option<tokio::signal::unix::Signal>,
    /// SIGTTOU and SIGTTIN, which would stop us and the way back with us. We neither read nor change a terminal in the
    /// background; this is for when it becomes the background at that very moment. Caught and not ignored, since
    /// whoever we start would ignore them too.
    _not_stopping: [Option<tokio::signal::unix::Signal>; 2],
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored();
        let caught = |kind: SignalKind| match ignored & (1 << (kind.as_raw_value() - 1)) {
            0 => signal(kind).map(Some),
            _ => Ok(None),
        };
        Ok(Signals {
            interrupt: caught(SignalKind::interrupt())?,
            terminate: caught(SignalKind::terminate())?,
            hang_up: caught(SignalKind::hangup())?,
            quit: caught(SignalKind::quit())?,
            stop: caught(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
            // It continues us also where it is ignored.
            go_on: Some(signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?),
            _not_stopping: [
                caught(SignalKind::from_raw(rustix::process::Signal::TTOU.as_raw()))?,
                caught(SignalKind::from_raw(rustix::process::Signal::TTIN.as_raw()))?,
            ],
        })
    }

    /// The next one that ends the program. Ctrl-Z stops it meanwhile.
    async fn next(&mut self, pause: impl Fn(Pause)) -> Signal {
        loop {
            tokio::select! {
                () = came(&mut self.interrupt) => return Signal::Interrupt,
                () = came(&mut self.terminate) => return Signal::Terminate,
                () = came(&mut self.hang_up) => return Signal::HangUp,
                () = came(&mut self.quit) => return Signal::Quit,
                () = came(&mut self.stop) => if somebody_continues_us() {
                    pause(Pause::Begins);
                    // Not SIGTSTP, which is caught.
                    let _ = kill_process(getpid(), rustix::process::Signal::STOP);
                },
                () = came(&mut self.go_on) => pause(Pause::Ends),
            }
        }
    }
}

/// Whether a shell with job control has started us: only that puts us into another process group than the session's
/// first. Else SIGTSTP is to be ignored, as the system itself does it.
#[cfg(unix)]
fn somebody_continues_us() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

#[cfg(unix)]
async fn came(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// The signals that whoever started us has us ignore, a bit for each from SIGHUP on: proc(5), `SigIgn`. None where there
/// is no /proc.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Signals { interrupt: ctrl_c()?, close: ctrl_close()?, shutdown: ctrl_shutdown()? })
    }

    async fn next(&mut self, _: impl Fn(Pause)) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::HangUp,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
