//! A platform other than Socialchat, as it is served: its folder, and the state that its folder works on.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::SandboxError;
use super::http::{Answer, Request};
use super::options::Options;
use super::site::{Site, Turn};
use super::state::{Seed, Whole};
use crate::types::PlatformName;

/// What a platform's folder has: see [`super::site`].
pub struct Folder<W> {
    pub begin: fn(&Seed) -> W,
    pub answer: fn(&mut Turn<W>, &Request, &Site<'_>) -> Answer,
    pub error: fn(u16, Option<&str>) -> Answer,
}

/// A platform that is served.
pub struct Hosted<W: 'static> {
    pub options: Options,
    pub origin: String,
    folder: &'static Folder<W>,
    state: Mutex<Whole<W>>,
}

impl<W: Serialize + DeserializeOwned> Hosted<W> {
    /// Opens the state, or begins it.
    pub fn open(
        options: Options,
        origin: String,
        folder: &'static Folder<W>,
    ) -> Result<Hosted<W>, SandboxError> {
        let seed = Seed { pages: options.pages, ..Seed::default() };
        let begin = move || (folder.begin)(&seed);
        let state = Mutex::new(Whole::open(&options.state, options.platform.as_str(), begin)?);
        Ok(Hosted { options, origin, folder, state })
    }

    /// Begins its state anew, whatever the file holds.
    pub fn reset(
        platform: PlatformName,
        path: &Path,
        seed: &Seed,
        folder: &'static Folder<W>,
    ) -> Result<(), SandboxError> {
        let seed = seed.clone();
        Whole::reset(path, platform.as_str(), move || (folder.begin)(&seed))
    }

    /// Where and how it is served.
    pub fn site(&self) -> Site<'_> {
        Site { origin: &self.origin, options: &self.options }
    }

    /// Answers one request. Trouble with the state is a 500 that says what it is, for whoever runs the sandbox.
    pub fn answer(&self, request: &Request) -> Answer {
        let site = self.site();
        self.turn(|turn| (self.folder.answer)(turn, request, &site))
            .unwrap_or_else(|error| self.error(500, Some(&format!("sandbox: {error}"))))
    }

    /// An error in the platform's own shape.
    pub fn error(&self, status: u16, message: Option<&str>) -> Answer {
        (self.folder.error)(status, message)
    }

    /// One piece of work on the state. It waits for other requests, and for other processes.
    pub fn turn<R>(&self, work: impl FnOnce(&mut Turn<W>) -> R) -> Result<R, SandboxError> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).turn(work)
    }
}
