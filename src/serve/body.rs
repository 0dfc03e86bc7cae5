//! The body of a request, which nobody reads unasked.

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use super::phase::{Phase, Step};

/// A body that has not been read. A connection whose request was answered without it is closed.
pub struct Body {
    incoming: Incoming,
    limit: usize,
    phase: Phase,
}

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than [`super::Limits::body`], or says so.
    TooLarge,
    /// The peer has gone, or doesn't keep to HTTP.
    Broken,
}

impl Body {
    pub(super) fn new(incoming: Incoming, limit: usize, phase: Phase) -> Body {
        Body { incoming, limit, phase }
    }

    /// All of it. Where that takes more than [`super::Limits::body_time`], the connection is closed.
    pub async fn read(self) -> Result<Vec<u8>, BodyError> {
        let Body { incoming, limit, phase } = self;
        if incoming.size_hint().lower() > limit as u64 {
            return Err(BodyError::TooLarge);
        }
        phase.set(Step::Body);
        let read = collect(incoming, limit).await;
        phase.set(Step::Work);
        read
    }
}

/// Copied as it comes: what comes in pieces of one byte would take 32 times its size if the pieces were kept.
async fn collect(mut incoming: Incoming, limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
