//! Blocking calls that can't be called off: they get a thread of their own, which nobody waits for when
//! the program ends. (The runtime would wait for those of `spawn_blocking`.)

use std::io;

use tokio::sync::oneshot;

/// Runs the call on its own thread. Dropping the future leaves the thread to itself.
pub(super) async fn detached<T: Send + 'static>(
    call: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = oneshot::channel();
    std::thread::Builder::new().spawn(move || {
        let _ = sender.send(call());
    })?;
    receiver.await.unwrap_or_else(|_| Err(io::Error::other("a thread broke down")))
}
