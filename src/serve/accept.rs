//! The accept loop: how many connections there are at once, and which go when there are too many.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::phase::Phase;
use super::{Limits, Service, connection};

/// When all places are taken, the connection that has waited longest for its peer goes as soon as it has waited this
/// long. A browser on this machine needs a few milliseconds; 500 idle connections are gone through in 0.8 s.
const LEAST_TIME: Duration = Duration::from_millis(50);
/// Connections that the system keeps until they are accepted. With the usual 128, those of a crowd that come too many are
/// tried again by their system after a second.
const QUEUE: u32 = 1024;
/// After a failed accept. Out of descriptors it would fail again at once, and go on failing.
const BACKOFF: Duration = Duration::from_millis(50);
/// What an answer under way gets when the server closes.
const CLOSE_TIME: Duration = Duration::from_millis(300);

/// Listens on the loopback interface (`port` 0: a free one). To be called inside a tokio runtime.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    listen_at(Ipv4Addr::LOCALHOST.into(), port)
}

/// Likewise on the loopback address of IPv6.
pub fn listen_v6(port: u16) -> io::Result<TcpListener> {
    listen_at(Ipv6Addr::LOCALHOST.into(), port)
}

fn listen_at(ip: IpAddr, port: u16) -> io::Result<TcpListener> {
    let socket = if ip.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As the standard library does: a port that was just given up can be taken again. Windows means another thing by it.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind((ip, port).into())?;
    socket.listen(QUEUE)
}

/// Serves until `closing` turns true, or until it is dropped, which ends everything at once. The listening socket goes
/// first, then every connection.
pub async fn run<S: Service>(
    socket: TcpListener,
    service: Arc<S>,
    limits: &'static Limits,
    closing: watch::Receiver<bool>,
) {
    let open = accept(&socket, service, limits, closing).await;
    drop(socket);
    open.end().await;
}

/// Likewise, on a socket that outlives it: who comes afterwards waits in the system's queue.
pub async fn run_on<S: Service>(
    socket: &TcpListener,
    service: Arc<S>,
    limits: &'static Limits,
    closing: watch::Receiver<bool>,
) {
    accept(socket, service, limits, closing).await.end().await;
}

/// Gives what is still open at the end.
async fn accept<S: Service>(
    socket: &TcpListener,
    service: Arc<S>,
    limits: &'static Limits,
    closing: watch::Receiver<bool>,
) -> Connections {
    let mut open = Connections::default();
    let mut closed = closing.clone();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = closed.wait_for(|closing| *closing) => return open,
            accepted = async { open.make_room(limits.connections).await; socket.accept().await } => accepted,
        };
        match accepted {
            Ok((stream, _)) => open.serve(stream, service.clone(), limits, closing.clone()),
            Err(_) => {
                // The descriptor that is missing may be one of ours.
                open.evict(Duration::ZERO);
                sleep(BACKOFF).await;
            }
        }
    }
}

/// The connections being served.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<()>,
    open: Vec<(Phase, AbortHandle)>,
}

impl Connections {
    fn serve<S: Service>(
        &mut self,
        stream: TcpStream,
        service: Arc<S>,
        limits: &'static Limits,
        closing: watch::Receiver<bool>,
    ) {
        let phase = Phase::new();
        let own = phase.clone();
        let task =
            self.tasks.spawn(async move { connection::serve(stream, &*service, limits, own, closing).await });
        self.open.push((phase, task));
    }

    /// Returns when there is a place: after [`LEAST_TIME`] at most, unless all of them are being worked for.
    async fn make_room(&mut self, most: usize) {
        loop {
            while self.tasks.try_join_next().is_some() {}
            self.open.retain(|(_, task)| !task.is_finished());
            if self.tasks.len() < most {
                return;
            }
            let since = self.longest_waiting().map_or_else(Instant::now, |(_, since)| since);
            tokio::select! {
                _ = self.tasks.join_next() => {}
                () = sleep_until(since + LEAST_TIME) => if self.evict(LEAST_TIME) {
                    self.tasks.join_next().await;
                }
            }
        }
    }

    fn longest_waiting(&self) -> Option<(usize, Instant)> {
        let waiting = self.open.iter().enumerate();
        let waiting = waiting.filter_map(|(place, (phase, _))| Some((place, phase.waiting_since()?)));
        waiting.min_by_key(|(_, since)| *since)
    }

    /// Ends the connection that has waited longest for its peer, if that is so long; false where none has.
    fn evict(&mut self, least: Duration) -> bool {
        let Some((place, _)) = self.longest_waiting().filter(|(_, since)| since.elapsed() >= least) else {
            return false;
        };
        self.open.swap_remove(place).1.abort();
        true
    }

    async fn end(mut self) {
        let _ = timeout(CLOSE_TIME, async { while self.tasks.join_next().await.is_some() {} }).await;
        self.tasks.shutdown().await;
    }
}
