//! The Socialchat Partner API as its documentation describes it: one method for each endpoint.
//! Prints nothing, asks nothing, reads no configuration.

mod accounts;
mod answer;
mod channels;
mod client;
mod error;
mod others;
mod pace;
mod partner;
mod redact;
mod retry;

pub use accounts::Batch;
pub use channels::ChannelFilter;
pub use client::{Api, Event};
pub use error::{ApiError, Known, Reason};
pub use partner::{Reading, Settings};
