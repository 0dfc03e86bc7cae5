//! The API as a whole: options, state, and the sign-ins that are under way.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::SandboxError;
use super::options::{Generation, Options};
use super::refusal::Stop;
use super::state::{Seed, Store, Turn};
use crate::types::SignInKind;

/// Sign-ins that are remembered at a time. Who begins more has forgotten the others.
const MAX_SIGN_INS: usize = 1000;

/// What all endpoints stand on.
pub struct Api {
    pub options: Options,
    /// Where it is served: `http://127.0.0.1:PORT`.
    pub origin: String,
    sign_ins: Mutex<HashMap<String, SignInKind>>,
    store: Mutex<Store>,
}

impl Api {
    /// Opens the state, or begins it.
    pub fn open(options: Options, origin: String) -> Result<Api, SandboxError> {
        let seed = Seed { pages: options.pages, ..Seed::default() };
        let mut store = Store::open(&options.state, &seed)?;
        if let Some(count) = options.pages {
            store.set_pages(count)?;
        }
        Ok(Api { options, origin, sign_ins: Mutex::default(), store: Mutex::new(store) })
    }

    /// One piece of work on the state. It waits for other requests, and for other processes.
    pub fn turn<R>(&self, work: impl FnOnce(&mut Turn<'_>) -> Result<R, Stop>) -> Result<R, Stop> {
        self.store().turn(work)
    }

    /// The state, for work that refuses nothing.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the 2026 generation is spoken.
    pub fn is_2026(&self) -> bool {
        self.options.generation == Generation::V2026
    }

    /// Remembers a sign-in by its nonce, for as long as the sandbox runs.
    pub fn begin_sign_in(&self, nonce: String, kind: SignInKind) {
        let mut sign_ins = self.sign_ins();
        if sign_ins.len() >= MAX_SIGN_INS {
            sign_ins.clear();
        }
        sign_ins.insert(nonce, kind);
    }

    /// Whether that sign-in was begun here.
    pub fn knows_sign_in(&self, nonce: &str, kind: SignInKind) -> bool {
        self.sign_ins().get(nonce) == Some(&kind)
    }

    fn sign_ins(&self) -> MutexGuard<'_, HashMap<String, SignInKind>> {
        self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
