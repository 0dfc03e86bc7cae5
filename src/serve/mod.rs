//! One HTTP server with a limit on everything, on hyper: who connects, for how long, and with how much.
//!
//! It knows nothing of what is served: that is a [`Service`], which is given each request, and reads its body if it
//! wants one.
//!
//! | what comes | what becomes of it | file |
//! | --- | --- | --- |
//! | more connections than [`Limits::connections`] | they wait; the one that has waited longest for its peer makes room | `accept` |
//! | an accept that fails, as without free descriptors | tried again, with one connection less | `accept` |
//! | a TLS hello | closed, and the service is told | `connection` |
//! | a head that is too large / nonsense | 431 / 400, and closed | `connection` |
//! | a peer that is too slow in what is its turn | closed | `phase` |
//! | a body that is too large | told to the service, and closed after its answer | `body` |

mod accept;
mod body;
mod connection;
mod html;
mod phase;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};

pub use accept::{listen, listen_v6, run, run_on};
pub use body::{Body, BodyError};
pub use html::escape;

/// What is sent back.
pub type Answer = Response<Full<Bytes>>;

/// What answers the requests of a server.
pub trait Service: Send + Sync + 'static {
    /// Answers a request, or says how its connection ends instead. There is no limit on the time that it takes.
    fn answer(&self, request: Request<Body>) -> impl Future<Output = Result<Answer, Cut>> + Send;

    /// Somebody speaks https to the port. The connection is closed without an answer.
    fn tls_hello(&self) {}
}

/// How a connection ends instead of being answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Cut {
    /// Orderly, as a server does that goes away.
    #[error("the connection is closed")]
    Close,
    /// With a TCP reset, after these bytes.
    #[error("the connection is reset")]
    Reset(Bytes),
    /// Never, as far as we are concerned: it stays open and silent until the peer closes it.
    #[error("the connection is left without an answer")]
    Hang,
}

/// How much a server takes, and how long it waits. A peer that is too slow is cut off.
pub struct Limits {
    /// Connections at once; further ones wait in the system's queue.
    pub connections: usize,
    /// Request line and headers together; more is 431.
    pub head: usize,
    /// From the moment the connection was accepted, or its next request began, until the head is complete.
    pub head_time: Duration,
    /// A body; more is [`BodyError::TooLarge`].
    pub body: usize,
    /// For the whole body.
    pub body_time: Duration,
    /// For the answer.
    pub write_time: Duration,
    /// From an answer to the next request; `None` where a connection serves one request.
    pub idle_time: Option<Duration>,
}
