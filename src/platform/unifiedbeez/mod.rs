//! The web back end of the integration guides (UnifiedBeez), both of its generations: one method for each endpoint.
//! Prints nothing, asks nothing, reads no configuration.

mod channels;
mod client;
mod connect;
mod disconnect;
mod log_in;
mod refusals;

pub use client::UnifiedBeez;
pub use connect::{Begun, Wanted};
pub use disconnect::WholeChannel;
pub use log_in::{Code, LoggedIn};
