//! tiny_http behind the gate, and the threads that work on its requests.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::exchange::{Exchange, LogLine};
use super::fault::Faults;
use super::gate::Gate;
use super::routes::Api;
use super::{Options, SandboxError};

/// So many requests are worked on at a time. Most of that time is ordered latency.
const MAX_WORKERS: usize = 64;

type Log = Box<dyn Fn(&LogLine) + Send + Sync>;

/// The threads of a sandbox.
pub struct Running {
    origin: String,
    shared: Arc<Shared>,
}

/// What all workers share.
struct Shared {
    http: tiny_http::Server,
    gate: Gate,
    api: Api,
    faults: Faults,
    latency: Duration,
    log: Log,
    workers: Mutex<Vec<JoinHandle<()>>>,
    idle: AtomicUsize,
    ending: Ending,
}

impl Running {
    /// Binds, opens the state, and starts the first worker.
    pub fn start(options: Options, log: Log) -> Result<Running, SandboxError> {
        let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(SandboxError::Start)?;
        let address = inner.local_addr().map_err(SandboxError::Start)?;
        let http = tiny_http::Server::from_listener(inner, None)
            .map_err(|error| SandboxError::Start(io::Error::other(error.to_string())))?;
        let port = options.port.unwrap_or(0);
        let gate = Gate::open(port, address).map_err(|source| SandboxError::Listen { port, source })?;
        let origin = format!("http://127.0.0.1:{}", gate.port());
        let shared = Arc::new(Shared {
            http,
            gate,
            faults: Faults::new(options.faults.clone()),
            latency: options.latency,
            api: Api::open(options, origin.clone())?,
            log,
            workers: Mutex::default(),
            idle: AtomicUsize::new(0),
            ending: Ending::default(),
        });
        shared.add_worker().map_err(SandboxError::Start)?;
        Ok(Running { origin, shared })
    }

    /// `http://127.0.0.1:PORT`
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.ending.begin();
        self.shared.gate.close();
        let workers = std::mem::take(&mut *self.shared.workers());
        workers.iter().for_each(|_| self.shared.http.unblock());
        for worker in workers {
            let _ = worker.join();
        }
    }
}

impl Shared {
    fn workers(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Workers are added as they are needed: an embedded sandbox mostly needs two.
    fn add_worker(self: &Arc<Shared>) -> io::Result<()> {
        let mut workers = self.workers();
        if workers.len() >= MAX_WORKERS || self.ending.has_begun() {
            return Ok(());
        }
        let shared = Arc::clone(self);
        let thread = thread::Builder::new().name("sandbox-worker".to_owned()).stack_size(512 * 1024);
        workers.push(thread.spawn(move || shared.work())?);
        Ok(())
    }

    fn work(self: &Arc<Shared>) {
        while !self.ending.has_begun() {
            self.idle.fetch_add(1, Ordering::SeqCst);
            let received = self.http.recv();
            let idle = self.idle.fetch_sub(1, Ordering::SeqCst) - 1;
            let Ok(request) = received else { continue };
            if idle == 0 {
                // Without one more, requests wait a little longer: no reason to fail.
                let _ = self.add_worker();
            }
            let exchange = Exchange {
                gate: &self.gate,
                api: &self.api,
                faults: &self.faults,
                latency: self.latency,
                ending: &self.ending,
            };
            if let Some(line) = exchange.serve(request) {
                (self.log)(&line);
            }
        }
    }
}

/// The end of the sandbox, which wakes whoever sleeps.
#[derive(Default)]
pub struct Ending {
    begun: Mutex<bool>,
    changed: Condvar,
}

impl Ending {
    fn begun(&self) -> MutexGuard<'_, bool> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        *self.begun() = true;
        self.changed.notify_all();
    }

    fn has_begun(&self) -> bool {
        *self.begun()
    }

    /// Sleeps so long; false if the end came first.
    pub fn sleep(&self, duration: Duration) -> bool {
        let until = Instant::now() + duration;
        let mut begun = self.begun();
        while !*begun {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            let woken = self.changed.wait_timeout(begun, left);
            begun = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }
}
