//! UnifiedBeez.

use serde::{Deserialize, Serialize};

use super::http::{Answer, Request};
use super::site::{Site, Turn};
use super::state::Seed;

/// The session that it accepts.
pub const SESSION: &str = "sandbox-session";

#[derive(Serialize, Deserialize)]
pub struct World;

impl World {
    pub fn new(_seed: &Seed) -> World {
        World
    }
}

pub fn answer(_turn: &mut Turn<World>, _request: &Request, _site: &Site<'_>) -> Answer {
    error(404, None)
}

pub fn error(status: u16, _message: Option<&str>) -> Answer {
    Answer::empty(status)
}
