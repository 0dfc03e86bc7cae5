//! The door before tiny_http: it accepts the connections and passes their bytes on.
//!
//! tiny_http gives no hold on a connection: a server built on it can neither close one without an answer,
//! nor reset one, nor end the idle ones when it stops; an endless header fills its memory, and it panics
//! when descriptors run out. All of that is a matter of sockets, so it is settled here, before a byte
//! is parsed: the gate counts connections and unanswered bytes, and cuts on order.

mod line;

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use self::line::{LINGER, Line};

/// Each takes four descriptors; macOS allows a process 256 of them.
const MAX_LINES: usize = if cfg!(target_os = "macos") { 48 } else { 160 };

/// How a connection ends on order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Orderly, as a server does that goes away.
    Close,
    /// With a TCP reset.
    Reset,
    /// Never, as far as we are concerned: it stays open and silent until the client has enough.
    Hang,
}

/// The listening socket and all its connections. Dropping it closes them.
pub struct Gate {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    inner: SocketAddr,
    lines: Mutex<HashMap<u16, Arc<Line>>>,
    stop: AtomicBool,
}

impl Gate {
    /// Listens on the loopback interface (`port` 0: a free one) for the server at `inner`.
    pub fn open(port: u16, inner: SocketAddr) -> io::Result<Gate> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { inner, lines: Mutex::default(), stop: AtomicBool::new(false) });
        let accepting = Arc::clone(&shared);
        let thread = spawn("sandbox-accept", move || accept(&listener, &accepting))?;
        Ok(Gate { shared, address, thread: Mutex::new(Some(thread)) })
    }

    /// Frees the port and ends every connection.
    pub fn close(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // Wakes the accepting thread, which then closes the listener.
            let _ = TcpStream::connect(self.address);
            let _ = thread.join();
        }
        for line in self.shared.lines().drain().map(|(_, line)| line) {
            line.hang_up();
        }
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Says that the server has begun on this connection.
    pub fn known(&self, line: u16) {
        if let Some(line) = self.shared.lines().get(&line) {
            line.known.store(true, Ordering::Relaxed);
        }
    }

    /// Says that the request of this connection has come in completely. False where the connection did
    /// not come through the gate.
    pub fn working(&self, line: u16) -> bool {
        let line = self.shared.lines().get(&line).cloned();
        line.map(|line| line.working.store(true, Ordering::Relaxed)).is_some()
    }

    /// Sends the bytes, past the server, and ends the connection. What the server still says is lost.
    pub fn cut(&self, line: u16, bytes: &[u8], how: Cut) {
        let Some(line) = self.shared.lines().get(&line).cloned() else { return };
        line.hung.store(how == Cut::Hang, Ordering::Relaxed);
        line.deaf.store(true, Ordering::Relaxed);
        let _ = (&line.outer).write_all(bytes);
        match how {
            Cut::Hang => {}
            Cut::Close => {
                // The client may still be sending. Its bytes are read to their end, for a short while: a
                // socket closed over unread bytes answers with a reset, which can overtake our answer.
                let _ = line.outer.set_read_timeout(Some(LINGER));
                let _ = line.outer.shutdown(Shutdown::Write);
                let _ = line.inner.shutdown(Shutdown::Both);
            }
            Cut::Reset => {
                // Gives the bytes time to be read: a reset empties the client's buffer on some systems.
                thread::sleep(Duration::from_millis(20));
                let _ = socket2::SockRef::from(&line.outer).set_linger(Some(Duration::ZERO));
                // Wakes both threads without a FIN; the last of them to let go closes, which resets.
                let _ = line.outer.shutdown(Shutdown::Read);
                let _ = line.inner.shutdown(Shutdown::Both);
            }
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn lines(&self) -> MutexGuard<'_, HashMap<u16, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for one more connection; an idle one makes room.
    fn make_room(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            let mut lines = self.lines();
            if lines.len() < MAX_LINES {
                return;
            }
            let idle = lines.iter().filter(|(_, line)| line.is_idle());
            let oldest = idle.min_by_key(|(_, line)| line.last_used()).map(|(port, _)| *port);
            match oldest.and_then(|port| lines.remove(&port)) {
                Some(line) => return line.hang_up(),
                None => drop(lines),
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    loop {
        shared.make_room();
        let accepted = listener.accept();
        if shared.stop.load(Ordering::Relaxed) {
            return;
        }
        match accepted {
            Ok((outer, _)) => {
                // A connection that can't be served is closed by being dropped.
                let _ = connect(outer, shared);
            }
            // Out of descriptors, most likely: some will come back.
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn connect(outer: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let inner = TcpStream::connect(shared.inner)?;
    let port = inner.local_addr()?.port();
    let line = Arc::new(Line::new(outer, inner)?);
    shared.lines().insert(port, Arc::clone(&line));
    let (up, down, table) = (Arc::clone(&line), Arc::clone(&line), Arc::clone(shared));
    let server = shared.inner;
    let started = spawn("sandbox-up", move || up.pass_requests(server)).and_then(|_| {
        spawn("sandbox-down", move || {
            down.pass_answers();
            table.lines().remove(&port);
        })
    });
    if started.is_err() {
        shared.lines().remove(&port);
        line.hang_up();
    }
    started.map(drop)
}

/// A thread with a small stack: there are two for each connection.
fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).stack_size(128 * 1024).spawn(work)
}
