//! The accept loop: how many connections there are at once, and which go when there are too many.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connection;
use super::door::Door;

/// Connections at once; further ones wait in the system's queue.
const MOST: usize = 32;
/// When all places are taken, the oldest connection goes as soon as it has had this long. A browser on
/// this machine needs a few milliseconds; 500 idle connections are gone through in 0.8 s.
const LEAST_TIME: Duration = Duration::from_millis(50);
/// After a failed accept. Out of descriptors it would fail again at once, and go on failing.
const BACKOFF: Duration = Duration::from_millis(50);
/// What an answer under way gets when the listener closes.
const CLOSE_TIME: Duration = Duration::from_millis(300);

/// Accepts until `closing` turns true (or the task is stopped). The listening socket goes first, then
/// every connection.
pub(super) async fn run(socket: TcpListener, door: Arc<Door>, closing: watch::Receiver<bool>) {
    let mut open = Connections::default();
    let mut closed = closing.clone();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = closed.wait_for(|closing| *closing) => break,
            accepted = async { open.make_room().await; socket.accept().await } => accepted,
        };
        match accepted {
            Ok((stream, _)) => open.serve(stream, door.clone(), closing.clone()),
            Err(_) => {
                // The descriptor that is missing may be one of ours.
                open.evict_oldest();
                sleep(BACKOFF).await;
            }
        }
    }
    drop(socket);
    open.end().await;
}

/// The connections being served, the oldest first.
#[derive(Default)]
struct Connections {
    tasks: JoinSet<()>,
    by_age: VecDeque<(Instant, AbortHandle)>,
}

impl Connections {
    fn serve(&mut self, stream: TcpStream, door: Arc<Door>, closing: watch::Receiver<bool>) {
        let task = self.tasks.spawn(async move { connection::serve(stream, &door, closing).await });
        self.by_age.push_back((Instant::now(), task));
    }

    /// Returns when there is a place, which takes [`LEAST_TIME`] at most.
    async fn make_room(&mut self) {
        loop {
            while self.tasks.try_join_next().is_some() {}
            self.by_age.retain(|(_, task)| !task.is_finished());
            let Some((since, _)) = self.by_age.front().filter(|_| self.tasks.len() >= MOST) else { return };
            let enough = *since + LEAST_TIME;
            tokio::select! {
                _ = self.tasks.join_next() => {}
                () = sleep_until(enough) => {
                    self.evict_oldest();
                    self.tasks.join_next().await;
                }
            }
        }
    }

    fn evict_oldest(&mut self) {
        if let Some((_, task)) = self.by_age.pop_front() {
            task.abort();
        }
    }

    async fn end(mut self) {
        let _ = timeout(CLOSE_TIME, async { while self.tasks.join_next().await.is_some() {} }).await;
        self.tasks.shutdown().await;
    }
}
