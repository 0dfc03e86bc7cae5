//! The platforms that channels are connected at. Each knows HTTP and the types, and no other.

pub mod socialchat;

pub use crate::http::{ApiError, Distrust, Event, Proxy, Reason};
pub use crate::types::Known;
