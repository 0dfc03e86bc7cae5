//! Keys on Windows: the console can only be read by blocking, so one thread does it, a key at a time and
//! only on demand. A key that came after its reader had gone is kept for the next one.

use std::io;
use std::sync::{Mutex, OnceLock, PoisonError, mpsc};

use tokio::sync::oneshot;

use super::{Event, Key};
use crate::ui::screen::{MarkedPastes, Screen};

type Answer = oneshot::Sender<io::Result<console::Key>>;

/// Where the reading thread takes requests from, once there is one.
static REQUESTS: OnceLock<Mutex<mpsc::Sender<Answer>>> = OnceLock::new();

/// Reads keys from the console, which resets its mode after each key by itself.
pub(in crate::ui) struct Input {
    pending: Option<oneshot::Receiver<io::Result<console::Key>>>,
    interrupted: tokio::signal::windows::CtrlC,
    _pastes: MarkedPastes,
}

impl Input {
    pub fn open(screen: &Screen) -> io::Result<Input> {
        Ok(Input {
            pending: None,
            interrupted: tokio::signal::windows::ctrl_c()?,
            _pastes: MarkedPastes::begin(screen),
        })
    }

    /// The next event. `Interrupted` after Ctrl-C.
    pub async fn next(&mut self) -> io::Result<Event> {
        loop {
            let pending = self.pending.get_or_insert_with(request);
            let answer = tokio::select! {
                answer = pending => answer,
                _ = self.interrupted.recv() => return Err(io::ErrorKind::Interrupted.into()),
            };
            self.pending = None;
            let key = answer.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into()))?;
            if key == console::Key::CtrlC {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if let Some(key) = known(&key) {
                return Ok(Event::Key(key));
            }
        }
    }
}

fn request() -> oneshot::Receiver<io::Result<console::Key>> {
    let (answer, receiver) = oneshot::channel();
    let requests = REQUESTS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || read_keys(&receiver));
        Mutex::new(sender)
    });
    // Without the thread the answer is dropped, which the receiver sees.
    let _ = requests.lock().unwrap_or_else(PoisonError::into_inner).send(answer);
    receiver
}

fn read_keys(requests: &mpsc::Receiver<Answer>) {
    let terminal = console::Term::stderr();
    let mut kept = None;
    for answer in requests {
        if answer.is_closed() {
            continue;
        }
        let key = kept.take().unwrap_or_else(|| terminal.read_key_raw());
        kept = answer.send(key).err();
    }
}

fn known(key: &console::Key) -> Option<Key> {
    Some(match key {
        console::Key::ArrowUp => Key::Up,
        console::Key::ArrowDown => Key::Down,
        console::Key::PageUp => Key::PageUp,
        console::Key::PageDown => Key::PageDown,
        console::Key::Home => Key::Home,
        console::Key::End => Key::End,
        console::Key::Enter => Key::Enter,
        console::Key::Escape => Key::Escape,
        console::Key::Backspace => Key::Backspace,
        console::Key::Tab | console::Key::Char('\t') => Key::Tab,
        console::Key::Char(c @ '\u{1}'..='\u{1a}') => Key::Ctrl(char::from(b'a' - 1 + *c as u8)),
        console::Key::Char(c) => Key::Char(*c),
        _ => return None,
    })
}
