//! What a platform's sandbox is given for each request.
//!
//! A platform is a folder beside this file. Its `mod.rs` has
//!
//! ```text
//! pub struct World                                 all it knows; serialised whole into its state file
//! World::new(seed: &Seed) -> World                 what there is at the beginning
//! answer(turn: &mut Turn<World>, request: &Request, site: &Site<'_>) -> Answer
//! error(status: u16, message: Option<&str>) -> Answer      an error in its own shape: for faults on order
//! ```
//!
//! and `served.rs` names it.

use super::options::Options;

/// Where and how it is served.
pub struct Site<'a> {
    /// `http://127.0.0.1:PORT`.
    pub origin: &'a str,
    pub options: &'a Options,
}

/// The state while one request works on it; what was changed is written when it ends.
pub struct Turn<W> {
    world: W,
    is_changed: bool,
}

impl<W> Turn<W> {
    /// A turn in which nothing was changed yet.
    pub fn new(world: W) -> Turn<W> {
        Turn { world, is_changed: false }
    }

    /// The state as it is, own changes included.
    pub fn world(&self) -> &W {
        &self.world
    }

    /// The state, to change it.
    pub fn change(&mut self) -> &mut W {
        self.is_changed = true;
        &mut self.world
    }

    /// Whether somebody asked to change it.
    pub fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// The state when the turn is over.
    pub fn end(self) -> W {
        self.world
    }
}
