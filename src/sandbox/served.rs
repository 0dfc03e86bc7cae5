//! The platform that one sandbox serves. The only file that names all of them.

use std::path::Path;

use super::api::Api;
use super::error::SandboxError;
use super::hosted::{Folder, Hosted};
use super::http::{Answer, Request};
use super::options::Options;
use super::refusal::Refusal;
use super::state::{self, Seed};
use super::{graph, qontak, routes, tendarts, unifiedbeez};
use crate::types::PlatformName;

const UNIFIEDBEEZ: Folder<unifiedbeez::World> =
    Folder { begin: unifiedbeez::World::new, answer: unifiedbeez::answer, error: unifiedbeez::error };
const QONTAK: Folder<qontak::World> =
    Folder { begin: qontak::World::new, answer: qontak::answer, error: qontak::error };

const TENDARTS: Folder<tendarts::World> =
    Folder { begin: tendarts::World::new, answer: tendarts::answer, error: tendarts::error };

/// A platform with its state.
pub enum Served {
    Socialchat(Api),
    UnifiedBeez(Hosted<unifiedbeez::World>),
    Qontak(Hosted<qontak::World>),
    Tendarts(Hosted<tendarts::World>),
}

impl Served {
    /// Opens the state of the platform that the options name, or begins it.
    pub fn open(options: Options, origin: String) -> Result<Served, SandboxError> {
        Ok(match options.platform {
            PlatformName::Socialchat => Served::Socialchat(Api::open(options, origin)?),
            PlatformName::UnifiedBeez => Served::UnifiedBeez(Hosted::open(options, origin, &UNIFIEDBEEZ)?),
            PlatformName::Qontak => Served::Qontak(Hosted::open(options, origin, &QONTAK)?),
            PlatformName::Tendarts => Served::Tendarts(Hosted::open(options, origin, &TENDARTS)?),
        })
    }

    /// How it runs.
    pub fn options(&self) -> &Options {
        match self {
            Served::Socialchat(api) => &api.options,
            Served::UnifiedBeez(hosted) => &hosted.options,
            Served::Qontak(hosted) => &hosted.options,
            Served::Tendarts(hosted) => &hosted.options,
        }
    }

    /// Where it is served: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        match self {
            Served::Socialchat(api) => &api.origin,
            Served::UnifiedBeez(hosted) => &hosted.origin,
            Served::Qontak(hosted) => &hosted.origin,
            Served::Tendarts(hosted) => &hosted.origin,
        }
    }

    /// Answers one request. Never fails: trouble is an answer as well.
    pub fn answer(&self, request: &Request) -> Answer {
        match self {
            Served::Socialchat(api) => routes::answer(api, request),
            Served::UnifiedBeez(hosted) => hosted.answer(request),
            Served::Qontak(hosted) => hosted.answer(request),
            Served::Tendarts(hosted) => hosted.answer(request),
        }
    }

    /// An error in the platform's own shape: 10darts has two, by the path.
    pub fn error(&self, path: &str, status: u16, message: Option<&str>) -> Answer {
        match self {
            Served::Socialchat(_) => Refusal::said(status, message).answer(),
            Served::UnifiedBeez(hosted) => hosted.error(status, message),
            Served::Qontak(hosted) => hosted.error(status, message),
            Served::Tendarts(_) if graph::has(path) => graph::error(status, message),
            Served::Tendarts(hosted) => hosted.error(status, message),
        }
    }
}

/// Begins a platform's state anew. A corrupt file is replaced too.
pub fn reset(platform: PlatformName, path: &Path, seed: &Seed) -> Result<(), SandboxError> {
    match platform {
        PlatformName::Socialchat => state::reset(path, seed),
        PlatformName::UnifiedBeez => Hosted::reset(platform, path, seed, &UNIFIEDBEEZ),
        PlatformName::Qontak => Hosted::reset(platform, path, seed, &QONTAK),
        PlatformName::Tendarts => Hosted::reset(platform, path, seed, &TENDARTS),
    }
}
