//! One request from its head to its answer, or to the fault that was ordered for it.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use hyper::body::Bytes;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::fault::{Action, Fault, Faults};
use super::http::{Answer, Request};
use super::served::Served;
use super::throttle::Throttle;
use crate::serve::{self, Body, BodyError, Cut, Service};
use crate::types::time::{self, Millis};

/// One request, as it is logged. Holds no query, since tokens stand there.
#[derive(Clone, Debug)]
pub struct LogLine {
    pub time: Millis,
    pub method: String,
    pub path: String,
    /// `None` when no answer was given.
    pub status: Option<u16>,
    pub millis: u64,
    /// The fault that was met, as ordered.
    pub fault: Option<String>,
}

impl fmt::Display for LogLine {
    /// `08:30:00 POST /partner/channel/messenger 402 1 ms (fault POST ...)`, in UTC, with control characters
    /// escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = time::clock(self.time);
        write!(f, "{time} {} {} ", self.method.escape_debug(), self.path.escape_debug())?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("---")?,
        }
        write!(f, " {} ms", self.millis)?;
        self.fault.as_ref().map_or(Ok(()), |fault| write!(f, " (fault {})", fault.escape_debug()))
    }
}

/// Who is told of each request.
pub type Log = Box<dyn Fn(&LogLine) + Send + Sync>;

/// What is needed to deal with requests.
pub struct Exchange {
    pub served: Arc<Served>,
    pub faults: Faults,
    pub throttle: Throttle,
    pub log: Log,
}

impl Service for Exchange {
    async fn answer(&self, request: hyper::Request<Body>) -> Result<serve::Answer, Cut> {
        let (now, started) = (time::now(), Instant::now());
        let (head, body) = request.into_parts();
        let (method, target) = (head.method.to_string(), head.uri.to_string());
        let path = target.split('?').next().unwrap_or_default().to_owned();

        let mut met = None;
        let answer = match body.read().await {
            // Nobody is there to be answered.
            Err(BodyError::Broken) => return Err(Cut::Close),
            Err(BodyError::TooLarge) => Ok(self.served.error(&path, 413, Some("request entity too large"))),
            Ok(body) => match Request::new(&method, &target, &head.headers, body) {
                None => Ok(self.served.error(&path, 404, Some(&format!("Cannot {method} {target}")))),
                Some(request) => {
                    met = self.faults.meet(&method, &path);
                    match self.too_many(&path, started) {
                        Some(refused) if met.is_none() => Ok(refused),
                        _ => self.deal(request, met).await,
                    }
                }
            },
        };
        (self.log)(&LogLine {
            time: now,
            method,
            path,
            status: answer.as_ref().ok().map(|answer| answer.status),
            millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            fault: met.map(|(fault, _)| fault.to_string()),
        });
        answer.map(Answer::into_response)
    }
}

impl Exchange {
    /// The refusal of a request that is one too many. Pages for people have no limit.
    fn too_many(&self, path: &str, now: Instant) -> Option<Answer> {
        if !path.starts_with(self.served.options().api_path()) {
            return None;
        }
        let wait = self.throttle.take(now).err()?;
        let seconds = wait.as_millis().div_ceil(1000);
        Some(self.served.error(path, 429, None).with("Retry-After", seconds.to_string()))
    }

    /// Answers, or doesn't, as ordered.
    async fn deal(&self, request: Request, met: Option<(&Fault, &Action)>) -> Result<Answer, Cut> {
        let latency = self.served.options().latency;
        let delay = match met {
            Some((_, Action::Slow(delay))) => latency + *delay,
            _ => latency,
        };
        // The timer's shortest delay is a millisecond.
        if !delay.is_zero() {
            sleep(delay).await;
        }
        match met {
            Some((_, Action::Hang)) => Err(Cut::Hang),
            Some((fault, Action::Status(status))) => Ok(self.ordered(&request.path, fault, *status)),
            Some((_, Action::Lost)) => self.work(request).await.and(Err(Cut::Close)),
            Some((_, Action::Reset)) => {
                let mut bytes = self.work(request).await?.to_bytes();
                bytes.truncate(bytes.len() / 2);
                Err(Cut::Reset(Bytes::from(bytes)))
            }
            Some((_, Action::Slow(_))) | None => self.work(request).await,
        }
    }

    /// Where waiting for the state, which other processes may hold, keeps nobody else waiting.
    async fn work(&self, request: Request) -> Result<Answer, Cut> {
        let served = Arc::clone(&self.served);
        spawn_blocking(move || served.answer(&request)).await.map_err(|_| Cut::Close)
    }

    /// The answer of a status on order.
    fn ordered(&self, path: &str, fault: &Fault, status: u16) -> Answer {
        let answer = match (&fault.message, status) {
            (None, 200..=399) => Answer::empty(status),
            (message, _) => self.served.error(path, status, message.as_deref()),
        };
        match fault.retry_after {
            Some(seconds) => answer.with("Retry-After", seconds.to_string()),
            None => answer,
        }
    }
}
