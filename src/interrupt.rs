//! Ctrl-C, SIGTERM and SIGHUP: what was borrowed is put back first.
//!
//! At the first signal the running command's future is dropped, at once; unless it is amid many things of which it will
//! show the results so far ([`Interrupt::let_finish`]). Whatever must still be done,
//! such as putting back a callback URL, is a task of its own that begins when its guard is dropped and
//! keeps a [`Hold`]: the process ends when there are no holds left. The second signal waits for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
}

impl Signal {
    /// 128 and the signal's number, as shells count.
    pub fn exit_code(self) -> u8 {
        match self {
            Signal::HangUp => 129,
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }
}

/// Tells whether the person, or the system, asked the program to end.
#[derive(Clone)]
pub struct Interrupt {
    signal: watch::Receiver<Option<Signal>>,
    holds: Arc<watch::Sender<usize>>,
    finishing: Arc<AtomicUsize>,
    borrowed: Borrowed,
}

/// While one is alive, a signal doesn't drop the command: it stops by itself, soon, and has results to show.
pub struct Finishing(Arc<AtomicUsize>);

impl Drop for Finishing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// While one is alive, the process doesn't end by itself.
pub struct Hold(Arc<watch::Sender<usize>>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Interrupt {
    /// Starts to listen. `on_second` is called in the place of waiting, at the second signal.
    pub fn listen(on_second: impl Fn(Signal) + Send + 'static) -> std::io::Result<Self> {
        let (send, signal) = watch::channel(None);
        let seen = AtomicUsize::new(0);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            loop {
                let signal = signals.next().await;
                if seen.fetch_add(1, Ordering::Relaxed) > 0 {
                    on_second(signal);
                }
                if send.send(Some(signal)).is_err() {
                    return;
                }
            }
        });
        Ok(Interrupt {
            signal,
            holds: Arc::new(watch::channel(0).0),
            finishing: Arc::default(),
            borrowed: Borrowed::default(),
        })
    }

    /// What is borrowed at the moment.
    pub fn borrowed(&self) -> &Borrowed {
        &self.borrowed
    }

    /// Waits for the first signal.
    pub async fn requested(&self) -> Signal {
        let mut signal = self.signal.clone();
        let came = signal.wait_for(Option::is_some).await.map(|signal| *signal);
        match came {
            Ok(signal) => signal.unwrap_or(Signal::Interrupt),
            // The listening task lives as long as the runtime.
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits until nobody holds the process any more.
    pub async fn settled(&self) {
        let mut holds = self.holds.subscribe();
        // The sender lives in `self`: this can't fail.
        let _ = holds.wait_for(|count| *count == 0).await;
    }

    /// From now on a signal lets the command come to its end by itself, until the guard is dropped.
    pub fn let_finish(&self) -> Finishing {
        self.finishing.fetch_add(1, Ordering::Relaxed);
        Finishing(self.finishing.clone())
    }

    /// Whether the command comes to its end by itself.
    pub fn is_finishing(&self) -> bool {
        self.finishing.load(Ordering::Relaxed) > 0
    }

    /// From now on the process waits, until the hold is dropped.
    pub fn hold(&self) -> Hold {
        self.holds.send_modify(|count| *count += 1);
        Hold(self.holds.clone())
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hang_up.recv() => Signal::HangUp,
        }
    }
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

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::HangUp,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
