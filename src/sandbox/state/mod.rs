//! What the sandbox remembers, and the file in which it does.

mod channel;
mod file;
mod seed;
mod world;

pub use channel::{Channel, Details};
pub use file::{Store, Turn, reset};
pub use seed::{Account, Seed};
pub use world::{Change, Grant, Settings, Ticked, World};
