//! 10darts, and Meta beside it: the program against servers that are written here from the contracts alone.
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod darts;
mod disconnect;
mod list;
