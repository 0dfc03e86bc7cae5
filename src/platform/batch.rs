//! A piece of a list of channels.

use crate::types::Channel;

/// Some of the channels, in the platform's order.
#[derive(Debug, Default)]
pub struct Batch {
    pub channels: Vec<Channel>,
    /// How many there are in all, where the platform says it.
    pub total: Option<u64>,
    /// Where the list goes on; none at its end.
    pub next: Option<Cursor>,
}

/// A place in a list, as the platform that gave it understands it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);
