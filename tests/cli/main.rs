//! The real program, a file per command.

#[path = "../support/mod.rs"]
mod support;

#[cfg(unix)]
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../support/terminal.rs"]
mod tty;

mod account;
#[cfg(unix)]
mod asked;
mod authorize;
mod callback;
mod channels;
mod completions;
mod connect;
mod files;
mod generations;
mod global;
mod help;
mod man;
mod pages;
mod person;
mod reconnect;
mod sandbox;
mod shapes;
#[cfg(unix)]
mod shells;
mod tips;
mod topics;
mod usage;
