//! Keys on Unix: the terminal in a mode without lines and echo, read when the runtime says that there is
//! something. Nothing is left behind when the reader is dropped, at whatever point.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::getpgrp;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::Event;
use super::keys::Decoder;
use crate::ui::screen::{self, MarkedPastes, Screen};

/// How long the rest of a sequence may take before what came counts as the Escape key.
const ESCAPE_WAIT: Duration = Duration::from_millis(50);
/// What disables a special character.
const DISABLED: u8 = if cfg!(any(target_os = "linux", target_os = "android")) { 0 } else { 0xff };

/// How often it is looked whether the terminal is ours again. Not every shell tells a job that runs already.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What keys are read by, while they are.
static KEYS: Mutex<Option<Keys>> = Mutex::new(None);
/// Tells that the program goes on, or that the terminal is ours again.
static CONTINUED: LazyLock<watch::Sender<()>> = LazyLock::new(|| watch::Sender::new(()));

/// The mode of stdin's terminal. It is only ever set in the foreground: in the background that would stop the whole
/// process, with the listener, the time limit and the way back of a sign-in.
#[derive(Default)]
struct Keys {
    /// What it was before, and ours; none as long as we have been in the background.
    modes: Option<(Termios, Termios)>,
    /// It is ours now.
    is_set: bool,
}

impl Keys {
    /// Sets our mode, if the terminal is ours. Where that fails, reading says why.
    fn set(&mut self) {
        let stdin = rustix::stdio::stdin();
        self.is_set = !screen::is_paused() && !is_behind(stdin);
        if self.is_set {
            if self.modes.is_none() {
                self.modes = tcgetattr(stdin).ok().map(|mode| (mode.clone(), key_by_key(mode)));
            }
            if let Some((_, ours)) = &self.modes {
                let _ = tcsetattr(stdin, OptionalActions::Now, ours);
            }
        }
    }

    /// Sets the mode that was there before.
    fn unset(&mut self) {
        let stdin = rustix::stdio::stdin();
        if std::mem::take(&mut self.is_set)
            && !is_behind(stdin)
            && let Some((original, _)) = &self.modes
        {
            let _ = tcsetattr(stdin, OptionalActions::Now, original);
        }
    }
}

fn key_by_key(mut mode: Termios) -> Termios {
    mode.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHONL | LocalModes::IEXTEN;
    mode.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::ISTRIP;
    // Not 0, with which a read would never block: a shell whose terminal is left so, because SIGSTOP came, reads an
    // end of input and goes. Nor O_NONBLOCK, which the shell would inherit as well.
    mode.special_codes[SpecialCodeIndex::VMIN] = 1;
    mode.special_codes[SpecialCodeIndex::VTIME] = 0;
    mode.special_codes[SpecialCodeIndex::VQUIT] = DISABLED;
    mode
}

fn keys() -> MutexGuard<'static, Option<Keys>> {
    KEYS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the mode that was there before, if it is not there now.
pub(super) fn restore() {
    if let Some(mut keys) = keys().take() {
        keys.unset();
    }
}

/// Switches the terminal's own flow control off and on, which lets go what Ctrl-S has stopped. Not from the
/// background, where a change of mode would stop us.
pub(super) fn unfreeze() -> bool {
    let terminal = rustix::stdio::stderr();
    let Ok(mode) = tcgetattr(terminal) else { return false };
    if is_behind(terminal) {
        return false;
    }
    let mut without = mode.clone();
    without.input_modes -= InputModes::IXON;
    let set = |mode| tcsetattr(terminal, OptionalActions::Now, mode).is_ok();
    set(&without) && set(&mode)
}

/// Whether we are in the background of this terminal, where others have it. Never where it isn't the one that our
/// jobs are controlled by, or is gone.
pub(in crate::ui) fn is_behind(terminal: BorrowedFd<'_>) -> bool {
    tcgetpgrp(terminal).is_ok_and(|group| group != getpgrp())
}

/// Whether to write to it would stop us: in the background, after `stty tostop`.
pub(in crate::ui) fn refuses_writing(terminal: BorrowedFd<'_>) -> bool {
    is_behind(terminal) && tcgetattr(terminal).is_ok_and(|mode| mode.local_modes.contains(LocalModes::TOSTOP))
}

/// Sets the mode that was there before until somebody sets ours again.
pub(super) fn lend() {
    if let Some(keys) = &mut *keys() {
        keys.unset();
    }
}

/// Sets our mode again, and has all drawn anew that the terminal showed. In the background it only has whoever waits for
/// keys look again, now and then.
pub(super) fn take_back() {
    if let Some(keys) = &mut *keys() {
        keys.set();
    }
    if !is_behind(rustix::stdio::stderr()) {
        screen::take_back();
    }
    CONTINUED.send_replace(());
}

/// Has our mode set, now or as soon as we are in the foreground, and the one before when dropped.
struct Kept;

impl Kept {
    /// Fails where stdin is no terminal.
    fn new() -> io::Result<Kept> {
        tcgetattr(rustix::stdio::stdin())?;
        keys().get_or_insert_default();
        Ok(Kept)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        restore();
    }
}

/// Reads keys from stdin's terminal. Ctrl-C and Ctrl-Z stay signals, so that whoever waits for one gets it; Ctrl-\ is
/// off meanwhile, because it would leave the terminal without echo.
pub(in crate::ui) struct Input {
    fd: AsyncFd<BorrowedFd<'static>>,
    decoder: Decoder,
    resized: Signal,
    continued: watch::Receiver<()>,
    _kept: Kept,
    _pastes: MarkedPastes,
}

impl Input {
    /// Fails where stdin is no terminal.
    pub fn open(screen: &Screen) -> io::Result<Input> {
        let stdin = rustix::stdio::stdin();
        let kept = Kept::new()?;
        let input = Input {
            fd: registered(stdin)?,
            decoder: Decoder::default(),
            resized: signal(SignalKind::window_change())?,
            continued: CONTINUED.subscribe(),
            _kept: kept,
            _pastes: MarkedPastes::begin(screen),
        };
        if let Some(keys) = &mut *keys() {
            keys.set();
        }
        Ok(input)
    }

    /// The next event. `UnexpectedEof` when the terminal is gone. In the background none comes. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> io::Result<Event> {
        loop {
            if let Some(key) = self.decoder.next() {
                return Ok(Event::Key(key));
            }
            if screen::is_paused() || is_behind(rustix::stdio::stdin()) {
                if let Some(keys) = &mut *keys() {
                    keys.is_set = false;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
                continue;
            }
            if keys().as_ref().is_some_and(|keys| !keys.is_set) {
                take_back();
            }
            tokio::select! {
                biased;
                ready = self.fd.readable() => {
                    let mut ready = ready?;
                    let gone = ready.ready().is_read_closed();
                    // It is others who type there then, and to read would stop us.
                    if is_behind(rustix::stdio::stdin()) {
                        continue;
                    }
                    // To read where there is nothing would block.
                    match rustix::io::ioctl_fionread(self.fd.get_ref()) {
                        Ok(0) if gone => return Err(io::ErrorKind::UnexpectedEof.into()),
                        Ok(0) => {
                            ready.clear_ready();
                            continue;
                        }
                        Ok(_) => {}
                        Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    }
                    let mut bytes = Zeroizing::new([0; 4096]);
                    match rustix::io::read(self.fd.get_ref(), &mut bytes[..]) {
                        Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                        Ok(count) => self.decoder.push(&bytes[..count]),
                        Err(rustix::io::Errno::INTR) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                _ = self.resized.recv() => return Ok(Event::Resized),
                Ok(()) = self.continued.changed() => if keys().as_ref().is_some_and(|keys| keys.is_set) {
                    return Ok(Event::Continued);
                },
                () = tokio::time::sleep(ESCAPE_WAIT), if self.decoder.is_waiting() => {
                    if let Some(key) = self.decoder.give_up() {
                        return Ok(Event::Key(key));
                    }
                }
            }
        }
    }
}

/// Tells the runtime to watch stdin.
#[expect(
    deprecated,
    reason = "its successor is unsafe for the promise that the descriptor stays open, which a borrowed \
              stdin keeps by its type; so the program does without unsafe code"
)]
fn registered(stdin: BorrowedFd<'static>) -> io::Result<AsyncFd<BorrowedFd<'static>>> {
    AsyncFd::with_interest(stdin, Interest::READABLE)
}
