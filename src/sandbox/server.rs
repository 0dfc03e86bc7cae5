//! The thread on which a sandbox is served.

use std::io;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::watch;

use super::error::SandboxError;
use super::exchange::{Exchange, Log};
use super::fault::Faults;
use super::options::Options;
use super::served::Served;
use super::throttle::Throttle;
use crate::serve::{self, Limits};

static LIMITS: Limits = Limits {
    // A client that works on many Pages at once opens some dozens. macOS allows a process 256 descriptors.
    connections: 160,
    // A token in a query may have 8,192 characters, each escaped as up to 12.
    head: 128 * 1024,
    head_time: Duration::from_secs(30),
    // The longest that is documented, a token with its Page's id, has some kilobytes.
    body: 1024 * 1024,
    body_time: Duration::from_secs(30),
    write_time: Duration::from_secs(30),
    // Clients keep a connection for 90 s at most (reqwest), and it is better that they end it: what one sends
    // while we close is lost.
    idle_time: Some(Duration::from_secs(300)),
};

/// A sandbox that is being served.
pub struct Running {
    pub served: Arc<Served>,
    closing: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Binds, opens the state, and begins to serve it.
    pub fn start(options: Options, log: Log) -> Result<Running, SandboxError> {
        let (closing, closed) = watch::channel(false);
        let (opened, served) = mpsc::channel();
        let thread = thread::Builder::new().name("sandbox".to_owned());
        let thread =
            thread.spawn(move || begin(options, log, closed, &opened)).map_err(SandboxError::Start)?;
        let served = served.recv().map_err(|error| SandboxError::Start(io::Error::other(error)))??;
        Ok(Running { served, closing, thread: Some(thread) })
    }
}

impl Drop for Running {
    /// Ends every connection. A request that works on the state is waited for.
    fn drop(&mut self) {
        self.closing.send_replace(true);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// The thread's own work, from the runtime on: one can't be dropped where another runs.
fn begin(
    options: Options,
    log: Log,
    closed: watch::Receiver<bool>,
    opened: &mpsc::Sender<Result<Arc<Served>, SandboxError>>,
) {
    // One request at a time works on the state anyway.
    let runtime = runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    let result = runtime.map_err(SandboxError::Start).and_then(|runtime| {
        runtime.block_on(async {
            let (socket, exchange) = open(options, log)?;
            let _ = opened.send(Ok(Arc::clone(&exchange.served)));
            run(socket, exchange, closed).await;
            Ok(())
        })
    });
    if let Err(error) = result {
        let _ = opened.send(Err(error));
    }
}

fn open(options: Options, log: Log) -> Result<(TcpListener, Exchange), SandboxError> {
    let port = options.port.unwrap_or(0);
    let socket = serve::listen(port).map_err(|source| SandboxError::Listen { port, source })?;
    let address = socket.local_addr().map_err(SandboxError::Start)?;
    let faults = Faults::new(options.faults.clone());
    let throttle = Throttle::new(options.rules());
    let served = Arc::new(Served::open(options, format!("http://{address}"))?);
    Ok((socket, Exchange { served, faults, throttle, log }))
}

/// Nobody waits for the answers that are under way when it ends.
async fn run(socket: TcpListener, exchange: Exchange, mut closed: watch::Receiver<bool>) {
    let closing = closed.clone();
    tokio::select! {
        biased;
        _ = closed.changed() => {}
        () = serve::run(socket, Arc::new(exchange), &LIMITS, closing) => {}
    }
}
