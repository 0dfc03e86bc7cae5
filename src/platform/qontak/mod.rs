//! Mekari Qontak's omnichannel API in both its generations, as its documents and its official client describe it: reading
//! alone. Channels are connected and disconnected on its web page; no call that the official client lacks is made.

mod channels;
mod client;
mod integration;
mod place;
mod refusals;
mod signature;
mod token;

pub use client::Qontak;
pub use integration::targets;
