//! Mekari Qontak: the part of its API that clients may use, in both generations, and the page on which a person connects
//! and disconnects.
//!
//! ```text
//! routes         which endpoint a request is for
//!   door         whether it may pass: the credentials of its generation, and how many a minute
//!     signature  rate
//!   listing      the integrations, and one of them
//!     asked  cursor
//!   token        the older generation's access tokens
//!   page         Integrations, as a person sees them
//! world          what is remembered
//!   integration  one record, as it is kept and as the API shows it
//! refusal        the errors of the application, and those of the gateway before it
//! ```

mod asked;
mod cursor;
mod door;
mod integration;
mod listing;
mod page;
mod rate;
mod refusal;
mod routes;
mod signature;
mod token;
mod world;

pub use routes::answer;
pub use token::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET};
pub use world::World;

use super::http::Answer;
use super::options::Disconnecting;
use super::site::Turn;
use crate::types::time;

/// An error in the application's shape: for faults on order.
pub fn error(status: u16, message: Option<&str>) -> Answer {
    refusal::Refusal::ordered(status, message).answer()
}

/// What a person does on the page.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    /// Connects one more account of this `target_channel`: the first Page that isn't connected, for Messenger.
    Connect(&'a str),
    /// Makes the inactive integration with this id active again.
    Reconnect(&'a str),
    Disconnect(&'a str),
}

/// Does it in their place. Gives the integration's id; `None` where there is no such one, or no Page left.
pub fn act(turn: &mut Turn<World>, act: Act<'_>, how: Disconnecting) -> Option<String> {
    let now = time::now();
    if let Act::Connect(target_channel) = act {
        let account = turn.world().next_account(target_channel)?;
        return Some(turn.change().connect(target_channel, account, now));
    }
    let (Act::Connect(id) | Act::Reconnect(id) | Act::Disconnect(id)) = act;
    turn.world().find(id)?;
    match act {
        Act::Disconnect(id) => turn.change().disconnect(id, how, now),
        _ => turn.change().activate(id, now),
    };
    Some(id.to_owned())
}
