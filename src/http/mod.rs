//! HTTP as every platform speaks it: sent, repeated, slowed down, bounded, and without secrets in what it says of itself.
//! Knows no platform: which proof is shown, and what a refusal means, is told by whoever has one.

mod answer;
mod client;
mod error;
mod pace;
mod redact;
mod retry;

pub use client::{Authorization, Call, Event, Http, Limits};
#[cfg(test)]
pub use error::refusal;
pub use error::{ApiError, Reason, Refusals, Setup, Transport, Unread};
