//! Keys on Unix: the terminal in a mode without lines and echo, read when the runtime says that there is
//! something. Nothing is left behind when the reader is dropped, at whatever point.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{LazyLock, Mutex, PoisonError};
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

/// The terminal's mode before we changed it, while we have.
static ORIGINAL: Mutex<Option<Termios>> = Mutex::new(None);

/// The mode that keys are read in, while they are.
static OURS: Mutex<Option<Termios>> = Mutex::new(None);
/// Tells that the program was stopped and goes on.
static CONTINUED: LazyLock<watch::Sender<()>> = LazyLock::new(|| watch::Sender::new(()));

/// Sets the mode that was there before, if it is not there now.
pub(super) fn restore() {
    OURS.lock().unwrap_or_else(PoisonError::into_inner).take();
    let original = ORIGINAL.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(original) = original {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &original);
    }
}

/// Switches the terminal's own flow control off and on, which lets go what Ctrl-S has stopped. Not from the
/// background, where a change of mode would stop us.
pub(super) fn unfreeze() -> bool {
    let terminal = rustix::stdio::stderr();
    let Ok(mode) = tcgetattr(terminal) else { return false };
    if !is_in_front() {
        return false;
    }
    let mut without = mode.clone();
    without.input_modes -= InputModes::IXON;
    let set = |mode| tcsetattr(terminal, OptionalActions::Now, mode).is_ok();
    set(&without) && set(&mode)
}

/// Whether the terminal is ours now, and not the shell's.
fn is_in_front() -> bool {
    tcgetpgrp(rustix::stdio::stderr()).is_ok_and(|group| group == getpgrp())
}

/// Sets the mode that was there before until somebody sets ours again.
pub(super) fn lend() {
    if let Some(original) = &*ORIGINAL.lock().unwrap_or_else(PoisonError::into_inner) {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, original);
    }
}

/// Sets our mode again, and has all drawn anew that the terminal showed.
pub(super) fn take_back() {
    // A copy, since this may stop us for long.
    let ours = OURS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(ours) = ours {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &ours);
    }
    if is_in_front() {
        screen::take_back();
    }
    CONTINUED.send_replace(());
}

/// Remembers the terminal's mode, and sets it again when dropped.
struct Kept;

impl Kept {
    /// Fails where stdin is no terminal.
    fn new() -> io::Result<Kept> {
        let mode = tcgetattr(rustix::stdio::stdin())?;
        ORIGINAL.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(mode);
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
        let mut mode = tcgetattr(stdin)?;
        mode.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHONL | LocalModes::IEXTEN;
        mode.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::ISTRIP;
        // Not 0, with which a read would never block: a shell whose terminal is left so, because SIGSTOP came, reads an
        // end of input and goes. Nor O_NONBLOCK, which the shell would inherit as well.
        mode.special_codes[SpecialCodeIndex::VMIN] = 1;
        mode.special_codes[SpecialCodeIndex::VTIME] = 0;
        mode.special_codes[SpecialCodeIndex::VQUIT] = DISABLED;
        let input = Input {
            fd: registered(stdin)?,
            decoder: Decoder::default(),
            resized: signal(SignalKind::window_change())?,
            continued: CONTINUED.subscribe(),
            _kept: kept,
            _pastes: MarkedPastes::begin(screen),
        };
        tcsetattr(stdin, OptionalActions::Now, &mode)?;
        OURS.lock().unwrap_or_else(PoisonError::into_inner).replace(mode);
        Ok(input)
    }

    /// The next event. `UnexpectedEof` when the terminal is gone. Dropping the future loses nothing.
    pub async fn next(&mut self) -> io::Result<Event> {
        loop {
            if let Some(key) = self.decoder.next() {
                return Ok(Event::Key(key));
            }
            tokio::select! {
                biased;
                ready = self.fd.readable() => {
                    let mut ready = ready?;
                    let gone = ready.ready().is_read_closed();
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
                Ok(()) = self.continued.changed() => return Ok(Event::Continued),
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
