//! What the sandbox remembers, and the files in which it does: `file` for Socialchat's, change by change, `whole` for the
//! other platforms.

mod channel;
mod file;
mod lock;
mod seed;
mod whole;
mod world;

pub use channel::{Channel, Details};
pub use file::{Store, Turn, reset};
pub use seed::{Account, SEEDED_AT, Seed};
pub use whole::Whole;
pub use world::{Change, Grant, Settings, Ticked, World};
