//! HTTP as every platform speaks it: sent, repeated, slowed down, bounded, and without secrets in what it says of itself.
//! Knows no platform: which proof is shown, and what a refusal means, is told by whoever has one.

mod answer;
mod attempt;
mod call;
mod client;
mod error;
mod pace;
mod redact;
mod retry;
mod trouble;

pub use answer::Redirect;
pub use call::{Call, Limits};
pub use client::{Authorization, Event, Http, Unsigned};
#[cfg(test)]
pub use error::refusal;
pub use error::{
    ApiError, Distrust, Explained, Headers, Proxy, Reason, Refusal, Refusals, Setup, Transport, Unread,
};
pub use redact::without_tokens;
