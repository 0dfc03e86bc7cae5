//! The real program, a file per command.

#[path = "../support/mod.rs"]
mod support;

mod connect;
