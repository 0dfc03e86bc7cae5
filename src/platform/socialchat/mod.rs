//! The Socialchat Partner API as its documentation describes it: one method for each endpoint.
//! Prints nothing, asks nothing, reads no configuration.

mod accounts;
mod answer;
mod bearer;
mod channels;
mod client;
mod create;
mod partner;
mod raw;
mod refusals;

pub use accounts::Batch;
pub use client::Socialchat;
pub use partner::{Reading, Settings};
