//! The nouns that every other module uses: values with their own parsing. Nothing else of ours.

mod candidate;
mod channel;
mod credential;
mod ids;
mod invocation;
mod json;
mod kind;
mod known;
mod page;
mod platform;
mod request;
mod secret;
pub mod secret_fields;
mod shard;
pub mod text;
pub mod time;
pub mod typed;
mod url;
mod value;
mod web_url;

pub use candidate::{Candidate, Candidates};
pub use channel::{Channel, ChannelFilter};
pub use credential::Credential;
pub use ids::{ChannelDbId, NotAnId};
pub use invocation::Invocation;
pub use json::{as_text, as_yes_or_no};
pub use kind::{ChannelKind, SignInKind};
pub use known::Known;
pub use page::{IfConnected, Page};
pub use platform::PlatformName;
pub use request::{Entry, Request};
pub use secret::Secret;
pub use shard::Shard;
pub use url::is_loopback;
pub use value::ValueError;
pub use web_url::{ApiUrl, PublicUrl, SettingUrl, UrlError, website};
