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
//!   seed         what there is at the beginning
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
mod seed;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Seed;

    #[test]
    fn in_a_persons_place_each_act_gives_the_integration_that_it_was_about() {
        let mut turn = Turn::new(World::new(&Seed { pages: Some(2), channels: 1, ..Seed::default() }));
        let remove = Disconnecting::Remove;
        let id = act(&mut turn, Act::Connect("fb"), remove).unwrap();
        assert_eq!(turn.world().integrations().last().map(|own| own.id.as_str()), Some(id.as_str()));
        assert_eq!(act(&mut turn, Act::Connect("fb"), remove), None, "there are two Pages");
        assert_eq!(act(&mut turn, Act::Disconnect(&id), Disconnecting::Deactivate).as_ref(), Some(&id));
        let is_active = |turn: &Turn<World>| turn.world().find(&id).and_then(|own| own.is_active);
        assert_eq!(is_active(&turn), Some(false));
        assert_eq!(act(&mut turn, Act::Reconnect(&id), remove).as_ref(), Some(&id));
        assert_eq!(is_active(&turn), Some(true));
        assert_eq!(act(&mut turn, Act::Disconnect(&id), remove).as_ref(), Some(&id));
        assert_eq!(turn.world().integrations().len(), 1);
        assert!(act(&mut turn, Act::Connect("ig"), remove).is_some());
    }

    #[test]
    fn what_comes_to_nothing_changes_nothing() {
        let mut turn = Turn::new(World::new(&Seed::default()));
        for nothing in [Act::Connect("hologram_chat"), Act::Reconnect("x"), Act::Disconnect("x")] {
            assert_eq!(act(&mut turn, nothing, Disconnecting::Remove), None, "{nothing:?}");
        }
        assert!(!turn.is_changed(), "nothing is written");
    }
}
