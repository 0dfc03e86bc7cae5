//! The nouns that every other module uses: values with their own parsing. Nothing else of ours.

mod channel;
mod credential;
mod ids;
mod json;
mod kind;
mod known;
mod page;
mod secret;
pub mod secret_fields;
mod shard;
pub mod typed;
mod url;

pub use channel::Channel;
pub use credential::Credential;
pub use ids::ChannelDbId;
pub use json::{as_text, as_yes_or_no};
pub use kind::{ChannelKind, SignInKind};
pub use known::Known;
pub use page::{IfConnected, Page};
pub use secret::Secret;
pub use shard::Shard;
pub use url::is_loopback;
